"""A member reads what is kept about them, takes it along, changes what they get, and leaves."""

import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from playbooks.own_data.rules import Noun
from playbooks.own_data.words import noun_text
from tests.browser.conftest import Installation, Walker
from tests.browser.inhabited import brought_about
from tests.world import World, make_world
from web.visit import SESSION_COOKIE


def somebody(chromium: Browser, running: Installation, world: World, visitor: str, *, phone: bool) -> Walker:
    walker = Walker(chromium, running.address, phone=phone)
    cookie = {"name": SESSION_COOKIE, "value": world.sessions[visitor], "url": running.address}
    walker.context.add_cookies([cookie])  # type: ignore[list-item]
    return walker


def reads(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


@pytest.mark.parametrize("phone", [True, False], ids=["on a phone", "at a desk"])
def test_a_member_sees_takes_changes_and_leaves(
    installation: Installation, chromium: Browser, phone: bool, tmp_path: Path
) -> None:
    world = brought_about(installation, make_world)
    home = f"/programs/{world.slug}"
    walker = somebody(chromium, installation, world, "pilot", phone=phone)
    page = walker.page
    page.goto(home)
    page.get_by_text("Paula Pilot", exact=True).first.click() if not phone else page.goto("/me")
    if not phone:
        page.get_by_role("link", name="Me and my data").click()
    reads(page, "Me and my data")
    walker.look(f"me-{'phone' if phone else 'desk'}")
    chooses_dates_and_letters(page)
    page.get_by_role("link", name="See it Employee voices").click()
    reads(page, "What we see about you")
    for noun in Noun:
        section = page.get_by_role("region", name=noun_text(noun), exact=True)
        expect(section.get_by_text("Who sees it")).to_be_visible()
    walker.look(f"my-data-{'phone' if phone else 'desk'}")
    takes_it_along(page, tmp_path)
    deletes_and_takes_back(page)
    leaves(walker, phone=phone)
    walker.leave()
    listed = somebody(chromium, installation, world, "listed", phone=phone)
    listed.page.goto(f"{home}/me")
    reads(listed.page, "What we see about you")
    listed.look(f"my-data-empty-{'phone' if phone else 'desk'}")
    listed.leave()


def chooses_dates_and_letters(page: Page) -> None:
    page.get_by_role("radio", name="English (United States)").check()
    page.get_by_role("button", name="Use this language").click()
    expect(page.locator("html")).to_have_attribute("lang", "en-US")
    page.get_by_role("radio", name="English (United Kingdom)").check()
    page.get_by_role("button", name="Use this language").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role(
        "checkbox", name="Gates that are ready or were opened, and what I took on for them"
    ).uncheck()
    page.get_by_role("button", name="Keep this choice").click()
    expect(page.get_by_text("From now on you get these letters.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="What became of my learnings")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Gates that are ready")).not_to_be_checked()


def takes_it_along(page: Page, folder: Path) -> None:
    with page.expect_download() as told:
        page.get_by_role("link", name="Take it as JSON").click()
    told.value.save_as(folder / "told.json")
    assert told.value.suggested_filename == "pilotage-employee-voices-2027-02-15.json"
    assert json.loads((folder / "told.json").read_text())["person"][0]["name"] == "Paula Pilot"
    with page.expect_download() as told:
        page.get_by_role("link", name="Take it as CSV").click()
    told.value.save_as(folder / "told.zip")
    with zipfile.ZipFile(folder / "told.zip") as archive:
        assert b"Paula Pilot" in archive.read("person.csv")


def deletes_and_takes_back(page: Page) -> None:
    section = page.get_by_role("region", name=noun_text(Noun.ACTIVITY), exact=True)
    expect(section.get_by_text("8 activities are kept.")).to_be_visible()
    section.get_by_role("button", name="Delete").first.click()
    expect(section.get_by_text("Deleted, and no longer counted.")).to_be_visible()
    expect(section.get_by_text("7 activities are kept.")).to_be_visible()
    section.get_by_role("button", name="Undo").click()
    expect(section.get_by_text("8 activities are kept.")).to_be_visible()


def leaves(walker: Walker, *, phone: bool) -> None:
    page = walker.page
    page.get_by_role("link", name="Leave the program").click()
    reads(page, "Leave the program")
    walker.look(f"leaving-{'phone' if phone else 'desk'}")
    page.get_by_label("Would you like to say why?").fill("A new job.")
    page.get_by_role("button", name="Leave the program").click()
    reads(page, "What we see about you")
    expect(page.get_by_text("left, since 15 February 2027")).to_be_visible()
    expect(page.get_by_text("tracked from")).to_have_count(0)
    expect(page.get_by_role("link", name="Leave the program")).to_have_count(0)
