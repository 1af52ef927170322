"""A new ambassador on a phone: from a locked track to the certificate, once by touch and once by keyboard alone."""

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from playbooks.scenarios.rules import Scenario, Turn, conversation_after
from playbooks.starting_set.queries import starting_set
from program.database import close_pool, execute, open_pool, transaction
from program.installation.queries import machine_now
from program.sign_in.actions import begin_session
from tests.browser.conftest import Installation, Walker
from tests.playbooks.learners import (
    School,
    a_school,
    open_gate,
    publish_edition_one,
    someone_in_the_first_circle,
    way_to,
)
from web.visit import SESSION_COOKIE
from workers.command.embedded import EmbeddedPostgres

HOME = "/programs/employee-voices"
TRACK = "Ready to speak: First circle"
ENTRIES = {entry.title: entry for entry in starting_set()}
RIGHT = {entry.question.prompt: entry.question for entry in starting_set() if entry.question}
PLAYS = {entry.title: entry.scenario for entry in starting_set() if entry.scenario}


@dataclass
class Place:
    """A program whose pilot is under way, and somebody who is invited to the circle after it."""

    installation: Installation
    school: School
    session: str

    def do(self, what: Callable[[], Awaitable[None]]) -> None:
        """Something that happens in the program meanwhile."""

        async def done() -> None:
            await open_pool(EmbeddedPostgres(self.installation.home).url())
            try:
                await what()
            finally:
                await close_pool()

        doer = threading.Thread(target=lambda: asyncio.run(done()))
        doer.start()
        doer.join()

    def gate_opens(self) -> None:
        async def opens() -> None:
            await publish_edition_one(self.school)
            await open_gate(self.school.program)
            await execute("UPDATE spell SET state = 'preparing' WHERE state = 'invited'")

        self.do(opens)

    def day_passes(self) -> None:
        async def passes() -> None:
            await execute(
                "UPDATE installation SET clock_offset_seconds = clock_offset_seconds + $1",
                int(timedelta(days=1, minutes=1).total_seconds()),
            )

        self.do(passes)


@pytest.fixture
def place(installation: Installation) -> Place:
    found = Place(installation, None, "")  # type: ignore[arg-type]

    async def make() -> None:
        found.school = await a_school()
        noor = await someone_in_the_first_circle(found.school, "invited")
        async with transaction():
            found.session = await begin_session(noor, machine_now())

    found.do(make)
    return found


def walker_of(place: Place, chromium: Browser) -> Walker:
    walker = Walker(chromium, place.installation.address, phone=True)
    walker.context.add_cookies(
        [{"name": SESSION_COOKIE, "value": place.session, "url": place.installation.address}]
    )
    return walker


def reads(page: Page, heading: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def fits(page: Page) -> None:
    """Nothing hangs over the side of the phone."""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


Press = Callable[[Page, str, str], None]


def touch(page: Page, role: str, name: str) -> None:
    page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]


def by_keyboard(page: Page, role: str, name: str) -> None:
    """Tab from where the focus is until it is there, and press it."""
    wanted = page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    expect(wanted).to_be_visible()
    for _step in range(120):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each === document.activeElement"):
            page.keyboard.press("Space" if role in ("checkbox", "radio") else "Enter")
            return
    raise AssertionError(f"the keyboard does not come to {role} “{name}”")


def says(
    page: Page, press: Press, scenario: Scenario, way: tuple[int, ...], before: tuple[int, ...] = ()
) -> None:
    """Give the answers of a way, one after the other."""
    for at, answer in enumerate(way):
        now = conversation_after(scenario, (*before, *way[:at])).now
        assert isinstance(now, Turn)
        press(page, "button", now.answers[answer].text)
        after = conversation_after(scenario, (*before, *way[: at + 1])).now
        expect(page.locator("#now")).to_contain_text((after.says or after.happens).split("\n")[0])


def answers(page: Page, press: Press, *, right: bool) -> None:
    for question in page.locator(".question").all():
        prompt = re.sub(r"^\d+\. ", "", question.locator("legend").inner_text().strip())
        asked = RIGHT[prompt]
        places = asked.right if right else {next(at for at in range(9) if at not in asked.right)}
        for at in sorted(places):
            role = "checkbox" if asked.takes_several else "radio"
            if press is touch:
                question.get_by_role(role, name=asked.options[at], exact=True).check()  # type: ignore[arg-type]
            else:
                choose(page, question.get_by_label(asked.options[at], exact=True))


def choose(page: Page, option: Locator) -> None:
    """By keyboard a group of radios is entered with Tab, and gone through with the arrows."""
    group = option.get_attribute("name")
    for _step in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == group:
            break
    for _step in range(9):
        if option.evaluate("each => each === document.activeElement"):
            page.keyboard.press("Space")
            return
        page.keyboard.press("Tab" if option.get_attribute("type") == "checkbox" else "ArrowDown")
    raise AssertionError("the keyboard does not come to the answer")


def goes_through_the_readings(page: Page, press: Press, walker: Walker | None) -> None:
    """Every module before the assessment, in the order in which they stand."""
    pictures = {"reading", "scenario"} if walker else set()
    while True:
        heading = page.get_by_role("heading", level=1).inner_text()
        before = page.url
        if page.get_by_role("button", name="I have read this").count():
            if walker and "reading" in pictures:
                pictures.discard("reading")
                fits(page)
            press(page, "button", "I have read this")
        elif heading in PLAYS:
            assert PLAYS[heading] is not None
            if walker and "scenario" in pictures:
                pictures.discard("scenario")
                plays_badly_first(page, walker, PLAYS[heading])
            else:
                says(page, press, PLAYS[heading], way_to(PLAYS[heading], held=True))
            expect(page.get_by_text("It held")).to_be_visible()
            press(page, "link", "Go on")
        else:
            return
        expect(page).not_to_have_url(before)


def plays_badly_first(page: Page, walker: Walker, scenario: Scenario) -> None:
    """A bad way to its end, one answer taken back, another tab, and then the good one."""
    walker.look("ambassador-1-scenario")
    says(page, touch, scenario, (1,))
    touch(page, "button", "Take back my last answer")
    expect(page.get_by_role("heading", name="What do you do?")).to_be_visible()
    bad = way_to(scenario, held=False)
    bad = (1, 2) if len(bad) < 2 else bad
    says(page, touch, scenario, bad)
    expect(page.get_by_text("It did not hold")).to_be_visible()
    fits(page)
    walker.look("ambassador-2-scenario-bad-end")
    other = walker.context.new_page()
    other.goto(page.url)
    page.get_by_role("button", name="Try another way here").first.click()
    expect(page.get_by_role("heading", name="What do you do?")).to_be_visible()
    expect(page.get_by_text("try 2")).to_be_visible()
    other.get_by_role("button", name="Take back my last answer").click()
    expect(other.get_by_text("try 2")).to_be_visible()
    says(other, touch, scenario, (0,))
    says(page, touch, scenario, (0,))
    other.close()
    way = way_to(scenario, held=True, after=(0,))
    says(page, touch, scenario, way, before=(0,))
    fits(page)


def test_from_a_locked_track_to_a_certificate(place: Place, chromium: Browser, tmp_path: Path) -> None:
    walker = walker_of(place, chromium)
    sees_what_locks_the_track(walker)
    place.gate_opens()
    page = walker.page
    page.goto(HOME)
    touch(page, "link", f"Next: begin “{TRACK}”")
    reads(page, f"Next: begin “{TRACK}”")
    touch(page, "button", "Begin")
    expect(page).to_have_url(re.compile("/modules/"))
    goes_through_the_readings(page, touch, walker)
    fails_and_waits(walker)
    place.day_passes()
    passes(walker)
    takes_the_sheet(page, tmp_path / "certificate.pdf")
    shows_it_to_a_stranger(page, Walker(chromium, place.installation.address, phone=True))
    touch(page, "link", "What I may do now, and why")
    reads(page, "What I may do")
    expect(page.get_by_text(re.compile(f"By your certificate of “{TRACK}”")).last).to_be_visible()
    fits(page)
    walker.look("ambassador-6-what-i-may-do")
    walker.leave()


def sees_what_locks_the_track(walker: Walker) -> None:
    page = walker.page
    page.goto(HOME)
    touch(page, "link", f"Next: “{TRACK}”, once it opens")
    reads(page, f"Next: “{TRACK}”, once it opens")
    expect(page.get_by_text("has not opened yet, and this track opens with it.")).to_be_visible()
    expect(page.get_by_text("A lead and a sponsor open it together.").last).to_be_visible()
    fits(page)
    walker.look("ambassador-3-locked")
    touch(page, "link", "Why, and what comes after")
    reads(page, "What I may do")


def fails_and_waits(walker: Walker) -> None:
    page = walker.page
    reads(page, "Show what you would do")
    touch(page, "button", "Begin the assessment")
    reads(page, "What would you do?")
    answers(page, touch, right=False)
    touch(page, "button", "Hand in")
    reads(page, re.compile("^Not yet: 0 of 8 right"))
    expect(page.get_by_text(re.compile("You can try again from"))).to_be_visible()
    expect(page.get_by_text("Two of three tries left")).to_be_visible()
    fits(page)
    walker.look("ambassador-4-failed")
    page.get_by_role("region", name="Worth reading again").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/modules/"))


def passes(walker: Walker) -> None:
    page = walker.page
    page.goto(f"{HOME}/training")
    touch(page, "link", "To the assessment")
    touch(page, "button", "Begin the assessment")
    reads(page, "What would you do?")
    answers(page, touch, right=True)
    touch(page, "button", "Hand in")
    reads(page, "Passed: 8 of 8 right.")
    touch(page, "link", "See your certificate")
    reads(page, TRACK)
    fits(page)
    walker.look("ambassador-5-certificate")


def takes_the_sheet(page: Page, to: Path) -> None:
    with page.expect_download() as download:
        touch(page, "link", "Download as PDF")
    assert re.fullmatch(r"certificate-\d{4}-\d\d-\d\d\.pdf", download.value.suggested_filename)
    download.value.save_as(to)
    paper = to.read_bytes()
    assert paper.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type ?/Page\b", paper)) == 1
    assert 10_000 < len(paper) < 200_000


def shows_it_to_a_stranger(page: Page, stranger: Walker) -> None:
    touch(page, "button", "Show my public page")
    address = page.get_by_label("Link to the public page").input_value()
    stranger.page.goto(address)
    expect(stranger.page.get_by_text("The certificate is valid.")).to_be_visible()
    stranger.leave()


def test_the_keyboard_alone_suffices(place: Place, chromium: Browser) -> None:
    place.gate_opens()
    walker = walker_of(place, chromium)
    page = walker.page
    page.goto(HOME)
    by_keyboard(page, "link", f"Next: begin “{TRACK}”")
    reads(page, f"Next: begin “{TRACK}”")
    by_keyboard(page, "button", "Begin")
    expect(page).to_have_url(re.compile("/modules/"))
    goes_through_the_readings(page, by_keyboard, None)
    reads(page, "Show what you would do")
    by_keyboard(page, "button", "Begin the assessment")
    reads(page, "What would you do?")
    answers(page, by_keyboard, right=True)
    by_keyboard(page, "button", "Hand in")
    reads(page, "Passed: 8 of 8 right.")
    by_keyboard(page, "link", "See your certificate")
    reads(page, TRACK)
    by_keyboard(page, "link", "What I may do now, and why")
    reads(page, "What I may do")
    walker.leave()
