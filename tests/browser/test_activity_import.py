"""A pilot member on a phone: what I did, by its link and by the file that LinkedIn gave me."""

import random
import re
import string

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Installation, Walker
from tests.browser.inhabited import brought_about
from tests.cohorts.files import Comment, Reaction, Share, linkedin_archive, post_link
from tests.world import World, make_world
from web.visit import SESSION_COOKIE

LINK = "https://www.linkedin.com/posts/paula_on-trains-activity-7000000000000000001-abcd"
REPLY = "https://www.linkedin.com/feed/update/urn:li:activity:7?commentUrn=urn%3Ali%3Acomment%3A%28activity%3A7%2C8%29"
AT = "2027-02-10 10:00:00"


def the_archive() -> bytes:
    """Two new posts, one of which stands there under two ids; a reply, a reaction, a post from before tracking."""
    return linkedin_archive(
        shares=[
            Share(AT, post_link(101), "What a customer taught me:\n\n“Say what you do not know.”"),
            Share("2027-02-11 08:30:00", post_link(102), "Trains, and why I take them"),
            Share("2027-02-11 08:30:20", post_link(103, "ugcPost"), "Trains, and why I take them."),
            Share("2026-03-01 08:30:00", post_link(104), "Long ago"),
            Share("2027-02-12 08:30:00", "nowhere", "Without a link"),
        ],
        comments=[Comment("2027-02-12 09:00:00", post_link(9, "activity"), "Well said")],
        reactions=[Reaction("2027-02-12 09:05:00", post_link(10, "activity"))],
    )


def a_long_archive() -> bytes:
    """More than is read at once."""
    signs = random.Random(7)
    text = ["".join(signs.choices(string.ascii_letters, k=1_500)) for _ in range(900)]
    return linkedin_archive(
        shares=[Share(AT, post_link(5_000 + number), words) for number, words in enumerate(text)]
    )


@pytest.fixture(scope="module")
def world(inhabited: Installation) -> World:
    return brought_about(inhabited, make_world)


def a_pilot(chromium: Browser, inhabited: Installation, world: World, *, javascript: bool = True) -> Walker:
    walker = Walker(chromium, inhabited.address, javascript=javascript, phone=True)
    walker.context.add_cookies(
        [{"name": SESSION_COOKIE, "value": world.sessions["pilot"], "url": inhabited.address}]
    )
    return walker


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def choose(page: Page, name: str, content: bytes) -> None:
    page.get_by_label("The file").set_input_files(
        {"name": name, "mimeType": "application/zip", "buffer": content}
    )
    page.get_by_role("button", name="Look at it").click()


def test_a_member_logs_changes_deletes_and_takes_back(
    inhabited: Installation, world: World, chromium: Browser
) -> None:
    walker = a_pilot(chromium, inhabited, world)
    page = walker.page
    page.goto(f"/programs/{world.slug}/activities/new")
    page.get_by_label("Its link").fill(REPLY)
    expect(page.get_by_text("Recognised: Reply on LinkedIn.")).to_be_visible()
    expect(page.get_by_role("radio", name="Reply")).to_be_checked()
    page.get_by_label("Its link").fill(LINK)
    expect(page.get_by_text("Recognised: Post on LinkedIn.")).to_be_visible()
    expect(page.get_by_role("button", name="Log it")).to_be_in_viewport()
    walker.look("activity-recognised")
    page.get_by_role("button", name="Log it").click()
    heading(page, "My activity")
    walker.look("activity-index")

    page.get_by_role("link", name="Post on LinkedIn").first.click()
    heading(page, "Post on LinkedIn")
    walker.look("activity-edit")
    page.get_by_label("Your own words").fill("Why I take the train")
    page.get_by_role("button", name="Save").click()
    heading(page, "My activity")
    changed = page.get_by_role("listitem").filter(has_text="Why I take the train")
    changed.get_by_role("button", name=re.compile("^Delete")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Deleted, and no longer counted.")).to_be_visible()
    expect(page.get_by_text("Why I take the train")).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    walker.look("activity-deleted")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Why I take the train")).to_be_visible()
    walker.leave()


def test_a_member_brings_in_an_archive(inhabited: Installation, world: World, chromium: Browser) -> None:
    walker = a_pilot(chromium, inhabited, world)
    page = walker.page
    page.goto(f"/programs/{world.slug}/activities")
    page.get_by_role("link", name="Bring in a file").click()
    heading(page, "Bring in a file")
    walker.look("activity-imports")
    choose(page, "Basic_LinkedInDataExport.zip", the_archive())
    heading(page, "LinkedIn archive")
    expect(page.get_by_text("4 new activities. Nothing is kept before you say so.")).to_be_visible()
    walker.look("activity-import-preview")
    page.get_by_role("link", name=re.compile("left out")).click()
    expect(page.get_by_text("Long ago")).to_be_visible()
    page.get_by_role("link", name=re.compile("not understood")).click()
    expect(page.get_by_text("leads nowhere on the web").first).to_be_visible()
    walker.look("activity-import-not-understood")
    page.get_by_role("link", name=re.compile("perhaps known")).click()
    page.get_by_role("button", name="They are two").click()
    expect(page.get_by_text("counts apart")).to_be_visible()
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_text("will be merged")).to_be_visible()
    walker.look("activity-import-twins")
    page.get_by_role("checkbox", name="Leave out 1 reaction").check()
    page.get_by_role("button", name="Take it in").click()
    heading(page, "Taken in")
    expect(page.get_by_text("3 new activities, 1 merged", exact=False)).to_be_visible()
    walker.look("activity-import-done")
    page.get_by_role("link", name="See my activity").click()
    expect(page.get_by_role("listitem").filter(has_text="Well said")).to_be_visible()
    walker.leave()


def test_a_long_file_is_read_by_the_worker_while_its_member_waits_or_leaves(
    inhabited: Installation, world: World, chromium: Browser
) -> None:
    walker = a_pilot(chromium, inhabited, world)
    page = walker.page
    page.goto(f"/programs/{world.slug}/activities/imports")
    choose(page, "Complete_LinkedInDataExport.zip", a_long_archive())
    expect(page.get_by_text("Your file is being read.").or_(page.get_by_text("900 new"))).to_be_visible()
    heading(page, "LinkedIn archive")
    expect(page.get_by_text("900 new activities. Nothing is kept before you say so.")).to_be_visible()
    page.get_by_role("button", name="Give this file up").click()
    expect(page.get_by_text("Nothing of it was kept.")).to_be_visible()
    choose(page, "half.zip", the_archive()[:-60])
    heading(page, "This file could not be read")
    walker.look("activity-import-unreadable")
    walker.leave()


def test_it_works_without_javascript(inhabited: Installation, world: World, chromium: Browser) -> None:
    walker = a_pilot(chromium, inhabited, world, javascript=False)
    page = walker.page
    page.goto(f"/programs/{world.slug}/activities/imports")
    choose(page, "archive.zip", the_archive())
    heading(page, "LinkedIn archive")
    page.get_by_role("button", name="Take it in").click()
    heading(page, "Taken in")
    page.goto(f"/programs/{world.slug}/activities/new")
    page.get_by_label("Its link").fill(REPLY)
    page.get_by_role("button", name="Log it").click()
    heading(page, "My activity")
    expect(page.get_by_role("link", name="Reply on LinkedIn").first).to_be_visible()
    walker.leave()
