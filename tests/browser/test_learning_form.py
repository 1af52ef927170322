"""A pilot member on a phone writes down what they learned: by touch, by keyboard alone, and across a session that ends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from playbooks.editions.actions import publish
from playbooks.reviews.actions import accept_learnings, decline_learning, return_learning
from program.database import execute, fetch_value, transaction
from program.installation.queries import machine_now
from program.sign_in.actions import begin_session, hashed_password, keep_password
from tests.browser.conftest import Installation, Walker
from tests.browser.inhabited import brought_about
from tests.cast import a_form
from tests.playbooks.writers import ENTRY, Scene, a_learning, a_scene
from web.visit import SESSION_COOKIE

PASSWORD = "a short sentence that I remember"
LESSON = "Answer the person first, the accusation second."
STORY = (
    "M. Ferrand posted that our recall notice was “a joke”. I thanked her and only then linked the notice."
)
SAVED = "saved on this phone"
TAPS_ASKED = 3


@dataclass
class Place:
    installation: Installation
    scene: Scene
    email: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A running pilot whose member has a password."""
    running = Installation(tmp_path_factory.mktemp("notebook") / "home")

    async def make(_secret: str) -> Place:
        scene = await a_scene()
        async with transaction():
            await keep_password(scene.member, await hashed_password(PASSWORD), machine_now())
        email = await fetch_value("SELECT email FROM person WHERE id = $1", scene.member)
        return Place(running, scene, email)

    yield brought_about(running, make)
    running.stop()


@pytest.fixture
def member(place: Place, chromium: Browser) -> Iterator[Walker]:
    yield from _signed_in(place, chromium, javascript=True)


@pytest.fixture
def member_without_scripts(place: Place, chromium: Browser) -> Iterator[Walker]:
    yield from _signed_in(place, chromium, javascript=False)


def _signed_in(place: Place, chromium: Browser, *, javascript: bool) -> Iterator[Walker]:
    async def begin(_secret: str) -> str:
        for table in ("entry_learning", "review", "learning"):
            await execute(f"DELETE FROM {table}")
        async with transaction():
            return await begin_session(place.scene.member, machine_now())

    session = brought_about(place.installation, begin)
    walker = Walker(chromium, place.installation.address, javascript=javascript, phone=True)
    walker.context.add_cookies(
        [{"name": SESSION_COOKIE, "value": session, "url": place.installation.address}]
    )
    yield walker
    walker.leave()


def session_ends(place: Place) -> None:
    async def end(_secret: str) -> None:
        await execute("UPDATE session SET ended_at = made_at WHERE ended_at IS NULL")

    brought_about(place.installation, end)


def kept_words(place: Place) -> list[tuple[str, str, str]]:
    async def read(_secret: str) -> list[tuple[str, str, str]]:
        found: list[tuple[str, str, str]] = [
            tuple(each.split("|"))
            for each in await fetch_value(
                "SELECT coalesce(array_agg(concat_ws('|', state, lesson, situation) ORDER BY id), '{}') FROM learning"
            )
        ]
        return found

    return brought_about(place.installation, read)


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_learning_takes_three_taps_and_two_sentences(place: Place, member: Walker) -> None:
    page = member.page
    page.goto(f"{place.scene.home}/learnings")
    page.get_by_role("link", name="What did you learn?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What did you learn?")
    member.look("60-learning-empty")
    page.get_by_label("The lesson, in a sentence").fill(LESSON)
    page.get_by_label("What happened?").fill(
        "I thanked her, asked which model, and only then linked the notice."
    )
    taps = ["Critic", "Customer", "Send to the desk"]
    assert len(taps) <= TAPS_ASKED
    page.get_by_role("checkbox", name=taps[0]).check()
    page.get_by_role("checkbox", name=taps[1]).check()
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.get_by_role("button", name=taps[2]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Notebook")
    expect(page.get_by_text("Your learning is at the desk.")).to_be_visible()
    expect(page.get_by_role("link", name=LESSON)).to_be_visible()
    page.goto(f"{place.scene.home}/learnings/new")
    expect(page.get_by_label("The lesson, in a sentence")).to_have_value("")
    expect(page.get_by_text(SAVED)).to_have_count(0)


def test_a_name_is_pointed_out_while_one_writes_and_masked_with_one_tap(place: Place, member: Walker) -> None:
    page = member.page
    page.goto(f"{place.scene.home}/learnings/new")
    page.get_by_label("The lesson, in a sentence").fill(LESSON)
    page.get_by_label("What happened?").fill(STORY)
    page.get_by_role("checkbox", name="Customer").check()
    expect(page.get_by_text("One name in your text: “M. Ferrand”. Others will read this.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Customer")).to_be_focused()
    member.look("61-learning-with-a-name")
    page.get_by_role("button", name="Mask it: “M. Ferrand”").click()
    expect(page.get_by_label("What happened?")).to_have_value(STORY.replace("M. Ferrand", "A customer"))
    expect(page.get_by_role("button", name="Mask it")).to_have_count(0)
    expect(page.get_by_role("button", name="Send to the desk")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your learning is at the desk.")).to_be_visible()
    assert kept_words(place) == [("submitted", LESSON, STORY.replace("M. Ferrand", "A customer"))]


def test_what_was_typed_survives_a_closed_tab_a_lost_connection_and_can_be_discarded(
    place: Place, member: Walker
) -> None:
    page = member.page
    page.goto(f"{place.scene.home}/learnings/new")
    page.get_by_role("radio", name="Don’t").check()
    page.get_by_label("The lesson, in a sentence").fill(LESSON)
    page.get_by_text("More, if you have another minute").click()
    page.get_by_label("What came of it?").fill("She wrote back.")
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.get_by_label("What happened?").fill("The very last words.")
    page.close()
    page = member.page = member.context.new_page()
    page.goto(f"{place.scene.home}/learnings/new")
    expect(page.get_by_text("What you typed before is here again.")).to_be_visible()
    expect(page.get_by_label("The lesson, in a sentence")).to_have_value(LESSON)
    expect(page.get_by_label("What happened?")).to_have_value("The very last words.")
    expect(page.get_by_label("What came of it?")).to_have_value("She wrote back.")
    expect(page.get_by_role("radio", name="Don’t")).to_be_checked()
    member.look("62-learning-found-again")
    member.context.set_offline(True)
    page.get_by_role("button", name="Send to the desk").click()
    expect(page.get_by_text("No connection.")).to_be_visible()
    member.context.set_offline(False)
    page.reload()
    expect(page.get_by_label("The lesson, in a sentence")).to_have_value(LESSON)
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_label("The lesson, in a sentence")).to_have_value("")
    page.reload()
    expect(page.get_by_label("The lesson, in a sentence")).to_have_value("")
    assert kept_words(place) == []


def test_signing_out_leaves_nothing_behind(place: Place, member: Walker) -> None:
    page = member.page
    page.goto(f"{place.scene.home}/learnings/new")
    page.get_by_label("The lesson, in a sentence").fill(LESSON)
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.locator("#person summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('pilotage:draft'))") == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_session_that_ends_in_the_middle_loses_nothing(
    place: Place, request: pytest.FixtureRequest, scripts: bool
) -> None:
    walker: Walker = request.getfixturevalue("member" if scripts else "member_without_scripts")
    page = walker.page
    page.goto(f"{place.scene.home}/learnings/new")
    page.get_by_label("The lesson, in a sentence").fill(LESSON)
    page.get_by_label("What happened?").fill("I thanked her.\nThen I linked the notice.")
    page.get_by_role("checkbox", name="Customer").check()
    session_ends(place)
    page.get_by_role("button", name="Send to the desk").click()
    expect(page.get_by_text("Your session has ended. What you typed is kept on this page")).to_be_visible()
    sign_in(page, place.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed in again")
    if scripts:
        walker.look("63-signed-in-again")
    page.get_by_role("button", name="Go on writing").click()
    expect(page.get_by_text("You were signed out in between.")).to_be_visible()
    expect(page.get_by_label("The lesson, in a sentence")).to_have_value(LESSON)
    expect(page.get_by_label("What happened?")).to_have_value("I thanked her.\nThen I linked the notice.")
    expect(page.get_by_role("checkbox", name="Customer")).to_be_checked()
    assert kept_words(place) == []
    page.get_by_role("button", name="Send to the desk").click()
    expect(page.get_by_text("Your learning is at the desk.")).to_be_visible()
    assert kept_words(place) == [("submitted", LESSON, "I thanked her.\nThen I linked the notice.")]


def test_after_a_session_that_ended_unnoticed_the_draft_is_there(place: Place, member: Walker) -> None:
    page = member.page
    page.goto(f"{place.scene.home}/learnings/new")
    page.get_by_label("The lesson, in a sentence").fill(LESSON)
    expect(page.get_by_text(SAVED)).to_be_visible()
    session_ends(place)
    page.goto(f"{place.scene.home}/learnings/new")
    sign_in(page, place.email)
    expect(page.get_by_label("The lesson, in a sentence")).to_have_value(LESSON)


def test_the_notebook_and_today_tell_what_became_of_each(place: Place, member: Walker) -> None:
    async def decide(_secret: str) -> None:
        scene, now = place.scene, machine_now()
        lessons = ("Which paper is it for?", "Bring cake.", "Ask first.", "Wait a night.")
        learnings = [await a_learning(scene, lesson=lesson, now=now) for lesson in lessons]
        await a_learning(scene, lesson="Not finished yet", send=False, now=now)
        lead: dict[str, Any] = {"by": scene.lead, "now": now}
        await return_learning(scene.program, learnings[0], "Which one was it?", sent=a_form(), **lead)
        await decline_learning(scene.program, learnings[1], "We know this.", sent=a_form(), **lead)
        await accept_learnings(scene.program, [learnings[2]], ENTRY, today=now.date(), sent=a_form(), **lead)
        later: dict[str, Any] = {"by": scene.lead, "now": now + timedelta(minutes=1)}
        await publish(scene.program, "Journalists.", today=now.date(), sent=a_form(), **later)

    brought_about(place.installation, decide)
    page = member.page
    page.goto(place.scene.home)
    expect(page.get_by_role("link", name="Your learning became an entry")).to_be_visible()
    member.look("64-today-with-news")
    page.goto(f"{place.scene.home}/learnings")
    trail = page.get_by_role("list", name="What became of it").get_by_role("listitem")
    expect(trail.nth(0)).to_have_text(ENTRY.title)
    expect(trail.nth(1)).to_have_text("Edition 1")
    expect(page.get_by_text("Which one was it?")).to_be_visible()
    expect(page.get_by_text("We know this.")).to_be_visible()
    member.look("65-notebook")
    page.get_by_role("link", name="Ask first.").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask first.")
    expect(page.get_by_text("Fewer than five people have passed it so far.").first).to_be_visible()
    member.look("66-learning-thread")


def test_without_scripts_a_name_is_pointed_out_on_sending(
    place: Place, member_without_scripts: Walker
) -> None:
    page = member_without_scripts.page
    page.goto(f"{place.scene.home}/learnings/new")
    page.get_by_label("The lesson, in a sentence").fill(LESSON)
    page.get_by_label("What happened?").fill(STORY)
    page.get_by_role("button", name="Send to the desk").click()
    page.get_by_role("button", name="Keep “M. Ferrand”").click()
    expect(page.get_by_label("What happened?")).to_have_value(STORY)
    page.get_by_role("button", name="Send to the desk").click()
    expect(page.get_by_text("Your learning is at the desk.")).to_be_visible()
    assert kept_words(place) == [("submitted", LESSON, STORY)]


def test_the_keyboard_alone_is_enough(place: Place, member: Walker) -> None:
    page = member.page
    page.goto(f"{place.scene.home}/learnings/new")
    _tab_to(page, "radio", "Do")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Don’t")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type(LESSON)
    page.keyboard.press("Tab")
    page.keyboard.type(STORY)
    _tab_to(page, "checkbox", "Customer")
    page.keyboard.press("Space")
    expect(page.get_by_text(re.compile("One name in your text"))).to_be_visible()
    _tab_to(page, "button", "Mask it: “M. Ferrand”")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Send to the desk")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your learning is at the desk.")).to_be_visible()
    assert kept_words(place) == [("submitted", LESSON, STORY.replace("M. Ferrand", "A customer"))]


def _tab_to(page: Page, role: str, name: str) -> None:
    """Press Tab until the focus is there; the ring that shows it has to be seen."""
    wanted = page.locator(":focus").and_(page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]
    for _press in range(40):
        page.keyboard.press("Tab")
        if wanted.count():
            return
    raise AssertionError(f"Tab does not reach {name}")
