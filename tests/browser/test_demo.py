"""The demo as `make demo` starts it: for each kind of person the first screen names a next action, and doing it changes it."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Installation, Walker
from workers.demo.ways_in import WAYS_IN

LOOKED_AT = ("Ines Carvalho", "Dr. Katharina Brandt", "Ruth Adeyemi")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    running = Installation(tmp_path_factory.mktemp("demo") / "home", command="demo", links=len(WAYS_IN))
    yield running
    running.stop()
    assert not [line for line in running.said if "Traceback" in line], "".join(running.said)


def _answer_a_learning(page: Page) -> None:
    page.get_by_role("link", name="Open the desk", exact=True).first.click()
    page.get_by_text("Decline it with a reason").click()
    page.get_by_label("Why does it not go into the playbook?").fill("We say this elsewhere, in fewer words.")
    page.get_by_role("button", name="Decline it").click()
    expect(page.get_by_text("Declined.")).to_be_visible()


def _keep_the_promise(page: Page) -> None:
    page.get_by_role("link", name="Next: see to the condition you took on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Next: see to the condition you took on")
    page.get_by_role("link", name="To what you promised").click()
    page.get_by_role("button", name="It is met").first.click()
    expect(page.get_by_text("The condition is met.")).to_be_visible()


def _read_an_entry_again(page: Page) -> None:
    page.get_by_role("link", name="To what is due").click()
    page.get_by_role("button", name="Still right").first.click()
    expect(page.get_by_role("heading", name="All fresh")).to_be_visible()


def _choose_and_read_an_entry_again(page: Page) -> None:
    page.get_by_role("link", name="Next: read one entry again").click()
    _read_an_entry_again(page)


def _answer_the_note(page: Page) -> None:
    page.get_by_role("link", name="Open the notebook").first.click()
    page.get_by_role("link", name="Answer, and send it again").first.click()
    page.get_by_role("button", name="Send to the desk").click()
    expect(page.get_by_text("Your learning is at the desk.")).to_be_visible()


def _begin_a_track(page: Page) -> None:
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.get_by_role("button", name="I have read this")).to_be_visible()


def _read_on(page: Page) -> None:
    page.get_by_role("link", name="Read it", exact=True).click()
    page.get_by_role("button", name="I have read this").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("When somebody wants to work here")


def _begin_to_renew(page: Page) -> None:
    page.get_by_role("link", name="To the assessment").click()
    page.get_by_role("button", name="Begin the assessment").first.click()
    expect(page.get_by_role("button", name="Hand in")).to_be_visible()


DOINGS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "Ines Carvalho": ("Next: read 4 learnings", _answer_a_learning),
    "Tom Whitaker": ("Next: read 3 learnings", _answer_a_learning),
    "Dr. Katharina Brandt": ("Programs", _keep_the_promise),
    "Miguel Santos": ("Programs", _choose_and_read_an_entry_again),
    "Anneke Voss": ("Next: read one entry again", _read_an_entry_again),
    "Callum Reid": ("Next: answer a note on one learning", _answer_the_note),
    "Beatriz Lopes": ("Next: begin “Angry critics and kind advocates”", _begin_a_track),
    "Jonas Petersen": ("Next: read “When somebody wants to work here”", _read_on),
    "Ruth Adeyemi": ("Next: renew your certificate", _begin_to_renew),
}


@pytest.mark.parametrize("number", range(len(WAYS_IN)), ids=[way.name for way in WAYS_IN])
def test_the_first_screen_names_a_next_action_and_doing_it_changes_that_screen(
    demo: Installation, chromium: Browser, number: int
) -> None:
    name = WAYS_IN[number].name
    heading, do = DOINGS[name]
    walker = Walker(chromium, demo.address)
    page = walker.page
    page.goto(demo.links[number])
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Welcome, {name}")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.get_by_text("Next: ").first).to_be_visible()
    before = page.get_by_role("main").inner_text()
    if name in LOOKED_AT:
        walker.look(f"demo-{re.sub('[^a-z]+', '-', name.lower())}")
    do(page)
    page.goto("/")
    expect(page.get_by_role("main")).to_be_visible()
    assert page.get_by_role("main").inner_text() != before
    walker.leave()
