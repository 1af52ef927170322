"""A lead at the learnings desk: by mouse in five clicks, by keyboard alone from arriving to done, and beside another lead."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from playbooks.reviews.actions import decline_learning
from program.database import execute, fetch_value, transaction
from program.installation.queries import machine_now
from program.sign_in.actions import begin_session
from tests.browser.conftest import DESK, PHONE, Installation, Walker
from tests.browser.inhabited import brought_about
from tests.cast import NOON, a_form
from tests.playbooks.writers import Scene, a_learning, a_scene
from web.visit import SESSION_COOKIE

CLICKS_ALLOWED = 5
LESSONS = (
    "Ask a reporter which paper it is for",
    "A reporter asked twice: ask back once",
    "Never answer a reporter from the train",
    "Say hello before you disagree",
)


@dataclass
class Place:
    installation: Installation
    scene: Scene


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    running = Installation(tmp_path_factory.mktemp("desk") / "home")

    async def make(_secret: str) -> Place:
        return Place(running, await a_scene())

    yield brought_about(running, make)
    running.stop()


@pytest.fixture
def lead(place: Place, chromium: Browser) -> Iterator[Walker]:
    """The lead, with four learnings at the desk, the oldest first as in `LESSONS`."""

    async def make(_secret: str) -> str:
        for table in ("entry_learning", "review", "learning"):
            await execute(f"DELETE FROM {table}")
        for number, lesson in enumerate(LESSONS):
            bare: dict[str, Any] = {"conversation": "", "what_i_did": "", "outcome": "", "resources": ""}
            sent_at = NOON + timedelta(minutes=number)
            await a_learning(place.scene, now=sent_at, lesson=lesson, situation=f"Story {number}.", **bare)
        async with transaction():
            return await begin_session(place.scene.lead, machine_now())

    walker = Walker(chromium, place.installation.address)
    session = brought_about(place.installation, make)
    walker.context.add_cookies(
        [{"name": SESSION_COOKIE, "value": session, "url": place.installation.address}]
    )
    yield walker
    walker.leave()


def became(place: Place) -> dict[str, str]:
    """What each learning became, by its lesson."""

    async def read(_secret: str) -> dict[str, str]:
        lines: list[str] = await fetch_value("SELECT array_agg(lesson || '|' || state) FROM learning")
        return dict(line.split("|", 1) for line in lines)

    return brought_about(place.installation, read)


def reads(page: Page, lesson: str) -> None:
    expect(page.get_by_role("article").get_by_role("heading", level=2)).to_have_text(lesson)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["at a desk", "on a phone"])
def test_three_learnings_become_one_entry_in_five_clicks(
    place: Place, lead: Walker, viewport: ViewportSize
) -> None:
    page = lead.page
    page.set_viewport_size(viewport)
    page.goto(f"{place.scene.home}/desk")
    reads(page, LESSONS[0])
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    lead.look("70-desk")
    clicks = 0
    for lesson in LESSONS[1:3]:
        page.get_by_role("checkbox", name=f"Take “{lesson}” along").check()
        clicks += 1
    page.get_by_role("button", name="Take those ticked along").click()
    clicks += 1
    expect(page.get_by_role("heading", name="Take these 3 into one entry")).to_be_visible()
    body = page.get_by_label("Text", exact=True)
    assert all(f"Story {number}." in body.input_value() for number in range(3))
    lead.look("71-desk-three-together")
    page.get_by_role("button", name="Take it into a new entry").click()
    clicks += 1
    assert clicks <= CLICKS_ALLOWED
    expect(page.get_by_text("Taken into the draft. The authors get letters.")).to_be_visible()
    reads(page, LESSONS[3])
    assert became(place) == {**dict.fromkeys(LESSONS[:3], "accepted"), LESSONS[3]: "submitted"}


def test_the_keyboard_alone_is_enough_from_arriving_to_done(place: Place, lead: Walker) -> None:
    page, keys = lead.page, lead.page.keyboard
    page.goto(f"{place.scene.home}")
    _tab_to(page, "link", "Open the desk")
    keys.press("Enter")
    reads(page, LESSONS[0])
    keys.press("j")
    reads(page, LESSONS[1])
    keys.press("ArrowRight")
    reads(page, LESSONS[2])
    keys.press("k")
    reads(page, LESSONS[1])
    keys.press("r")
    expect(page.get_by_label("What would you like to know?")).to_be_focused()
    keys.type("just kidding, a reporter?")
    expect(page.get_by_label("What would you like to know?")).to_have_value("just kidding, a reporter?")
    keys.press("Control+Enter")
    expect(page.get_by_text("Sent back.")).to_be_visible()
    reads(page, LESSONS[2])
    keys.press("d")
    keys.type("We know this already.")
    _tab_to(page, "button", "Decline it")
    keys.press("Enter")
    expect(page.get_by_text("Declined.")).to_be_visible()
    reads(page, LESSONS[3])
    keys.press("a")
    expect(page.get_by_label("Title")).to_be_focused()
    keys.press("Control+A")
    keys.type("Say hello first")
    keys.press("Escape")
    expect(page.get_by_label("Title")).not_to_be_focused()
    keys.press("a")
    keys.press("Enter")
    expect(page.get_by_text("Taken into the draft.")).to_be_visible()
    reads(page, LESSONS[0])
    _tab_to(page, "button", re.compile("Put it into this one"))
    keys.press("Enter")
    expect(page.get_by_text("The learning’s words follow what stands there.")).to_be_visible()
    _tab_to(page, "button", "Take it into this entry")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="The desk is clear")).to_be_visible()
    assert became(place) == {
        LESSONS[0]: "accepted",
        LESSONS[1]: "returned",
        LESSONS[2]: "declined",
        LESSONS[3]: "accepted",
    }


def test_single_keys_can_be_turned_off(place: Place, lead: Walker) -> None:
    page = lead.page
    page.goto(f"{place.scene.home}/desk")
    page.get_by_role("button", name="Single keys").click()
    page.keyboard.press("r")
    expect(page.get_by_label("What would you like to know?")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("button", name="Single keys")).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Single keys").click()
    page.keyboard.press("r")
    expect(page.get_by_label("What would you like to know?")).to_be_focused()


def test_the_newest_come_first_for_who_wants_it_and_the_list_shows_all(place: Place, lead: Walker) -> None:
    page = lead.page
    page.goto(f"{place.scene.home}/desk")
    page.get_by_role("link", name="Newest first instead").click()
    reads(page, LESSONS[3])
    page.get_by_role("link", name="Next").click()
    reads(page, LESSONS[2])
    page.get_by_role("link", name="All that waits").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("All that waits")
    lead.look("72-desk-all")
    for lesson in (LESSONS[0], LESSONS[3]):
        page.get_by_role("checkbox", name=re.compile(lesson)).check()
    page.get_by_role("button", name="Lay those ticked out together").click()
    expect(page.get_by_text("2 laid out together")).to_be_visible()


def test_another_lead_was_faster_and_what_one_typed_is_still_there(place: Place, lead: Walker) -> None:
    page = lead.page
    page.goto(f"{place.scene.home}/desk")
    page.get_by_label("Title").fill("My own title")
    page.get_by_label("Text", exact=True).fill("My own words.")

    async def second_lead_declines(_secret: str) -> None:
        learning: UUID = await fetch_value("SELECT id FROM learning WHERE lesson = $1", LESSONS[0])
        await decline_learning(
            place.scene.program, learning, "We know.", by=place.scene.second_lead, now=NOON, sent=a_form()
        )

    brought_about(place.installation, second_lead_declines)
    page.get_by_role("button", name="Take it into a new entry").click()
    expect(page.get_by_text(re.compile("was declined by Leo Lead before you"))).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("My own title")
    expect(page.get_by_label("Text", exact=True)).to_have_value("My own words.")
    expect(page.get_by_role("button", name="Take it into a new entry")).to_have_count(0)
    lead.look("73-desk-another-was-faster")
    page.get_by_role("button", name="Copy the text").click()
    assert page.evaluate("navigator.clipboard.readText()") == "My own words."


def _tab_to(page: Page, role: str, name: str | re.Pattern[str]) -> None:
    wanted = page.locator(":focus").and_(page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]
    for _press in range(80):
        page.keyboard.press("Tab")
        if wanted.count():
            return
    raise AssertionError(f"Tab does not reach {name}")
