"""The playbook: leads write, meet over one entry, arrange and publish; readers search it and see what is new."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from program.database import transaction
from program.installation.queries import machine_now
from program.roles.actions import grant_role
from program.roles.rules import Role
from program.sign_in.actions import begin_session
from tests.browser.conftest import Installation, Walker
from tests.browser.inhabited import brought_about
from tests.cast import a_listed_person, a_program, an_owner
from web.visit import SESSION_COOKIE

HOME = "/programs/employee-voices"
ENTRY = "Write it the way you would say it"
SEARCH = "Search the playbook"


@dataclass(frozen=True, slots=True)
class People:
    """Their sessions."""

    lena: str
    leo: str
    rita: str


async def two_leads_and_a_reader(_secret: str) -> People:
    lena, now = await an_owner("Lena Lead"), machine_now()
    program = await a_program(lena, now=now)
    leo = await a_listed_person(program, lena, "Leo Lead")
    rita = await a_listed_person(program, lena, "Rita Reader")
    await grant_role(Role.LEAD, program=program, to=leo, by=lena, now=now)
    async with transaction():
        return People(*[await begin_session(person, now) for person in (lena, leo, rita)])


class Walk:
    """The three of them, each in a browser of their own."""

    def __init__(self, installation: Installation, chromium: Browser, *, javascript: bool) -> None:
        people = brought_about(installation, two_leads_and_a_reader)
        self.javascript = javascript
        self.walkers: list[Walker] = []

        def signed_in(session: str, *, phone: bool = False) -> Walker:
            walker = Walker(chromium, installation.address, javascript=javascript, phone=phone)
            walker.context.add_cookies(
                [{"name": SESSION_COOKIE, "value": session, "url": installation.address}]
            )
            self.walkers.append(walker)
            return walker

        self.lena, self.leo = signed_in(people.lena), signed_in(people.leo)
        self.rita = signed_in(people.rita, phone=True)

    def look(self, walker: Walker, name: str) -> None:
        if self.javascript:
            walker.look(f"playbook-{name}")

    def end(self) -> None:
        for walker in self.walkers:
            walker.leave()


def reads(page: Page, heading: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_playbook_is_written_published_and_read(
    installation: Installation, chromium: Browser, javascript: bool
) -> None:
    walk = Walk(installation, chromium, javascript=javascript)
    reader_opens_the_first_edition(walk)
    lead_writes_with_a_preview(walk)
    two_leads_meet_over_one_entry(walk)
    lead_looks_at_the_revisions(walk)
    lead_arranges_the_chapters(walk)
    lead_says_who_looks_after_an_entry(walk)
    lead_publishes(walk)
    reader_sees_what_is_new(walk)
    reader_searches(walk)
    reader_compares_editions(walk)
    walk.end()


def reader_opens_the_first_edition(walk: Walk) -> None:
    page = walk.rita.page
    page.goto(f"{HOME}/playbook")
    reads(page, "The playbook, edition 0")
    walk.look(walk.rita, "01-first-edition")


def lead_writes_with_a_preview(walk: Walk) -> None:
    page = walk.lena.page
    page.goto(f"{HOME}/playbook/draft")
    page.get_by_role("link", name="Write an entry", exact=True).click()
    reads(page, "Write an entry")
    page.get_by_label("Title").fill("Feed no quokkas")
    page.get_by_label("What it helps with").select_option("Your own voice")
    page.get_by_label("Chapter").fill("Speak in your own voice")
    text = page.get_by_label("Text", exact=True)
    text.fill("Never **pose** with one.\n\n- not once\n- not twice")
    shown = page.get_by_role("region", name="As it will read")
    if not walk.javascript:
        page.get_by_role("button", name="Preview").click()
        expect(page.get_by_label("Title")).to_have_value("Feed no quokkas")
    expect(shown.get_by_role("listitem")).to_have_count(2)
    expect(shown.get_by_text("pose", exact=True)).to_be_visible()
    walk.look(walk.lena, "02-writing")
    page.get_by_role("button", name="Put it into the draft").click()
    reads(page, "The playbook’s draft")
    expect(page.get_by_text("Not published yet")).to_be_visible()
    walk.look(walk.lena, "03-draft")


def two_leads_meet_over_one_entry(walk: Walk) -> None:
    lena, leo = walk.lena.page, walk.leo.page
    for page in (lena, leo):
        page.goto(f"{HOME}/playbook/draft")
        page.get_by_role("link", name=ENTRY).click()
        reads(page, ENTRY)
    lenas, leos = (page.get_by_label("Text", exact=True) for page in (lena, leo))
    standing = lenas.input_value()
    lenas.fill(standing.replace("a neighbour", "a neighbour or your aunt"))
    lena.get_by_role("button", name="Save").click()
    reads(lena, "The playbook’s draft")
    leos.fill(f"{standing}\n\nBe brief.")
    leo.get_by_role("button", name="Save").click()
    expect(leo.get_by_text("Lena Lead changed this entry")).to_be_visible()
    expect(leos).to_have_value(re.compile(r"Be brief\.$"))
    meeting = leo.get_by_role("region", name="Your words and those of Lena Lead")
    expect(meeting.locator("del")).to_contain_text("or your aunt")
    expect(meeting.locator("ins")).to_contain_text("Be brief.")
    walk.look(walk.leo, "04-meeting")
    leo.get_by_role("button", name="Put both texts together").click()
    expect(leos).to_have_value(re.compile(r"or your aunt[\s\S]*Be brief\.$"))
    leo.get_by_role("button", name="Save").click()
    reads(leo, "The playbook’s draft")
    expect(leo.get_by_text("or your aunt")).to_be_visible()


def lead_looks_at_the_revisions(walk: Walk) -> None:
    page = walk.leo.page
    page.get_by_role("article").filter(has_text="or your aunt").get_by_role(
        "link", name="3 revisions"
    ).click()
    reads(page, f"How “{ENTRY}” came about")
    expect(page.locator("ins")).to_contain_text("Be brief.")
    page.get_by_label("Compare").select_option("Revision 1")
    page.get_by_role("button", name="Compare them").click()
    expect(page.get_by_role("heading", name="From revision 1 to revision 3")).to_be_visible()
    expect(page.locator("ins")).to_have_count(2)
    walk.look(walk.leo, "05-revisions")
    page.get_by_role("button", name="Bring it back revision 2").click()
    expect(page.get_by_role("link", name="Revision 4")).to_be_visible()


def lead_arranges_the_chapters(walk: Walk) -> None:
    """By keyboard: the focus stays on the button, so that one can go on."""
    page = walk.lena.page
    page.goto(f"{HOME}/playbook/chapters")
    up = page.get_by_role("button", name="Move “Feed no quokkas” up")
    chapter = page.get_by_role("region", name="Speak in your own voice")
    entries = chapter.get_by_role("listitem")
    last = entries.count() - 1
    expect(entries.nth(last)).to_contain_text("Feed no quokkas")
    up.focus()
    page.keyboard.press("Enter")
    expect(entries.nth(last - 1)).to_contain_text("Feed no quokkas")
    if walk.javascript:
        expect(up).to_be_focused()
    page.get_by_role("button", name="Move the chapter “Speak in your own voice” up").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Speak in your own voice")
    rename = chapter.get_by_text("Rename it")
    rename.focus()
    page.keyboard.press("Enter")
    chapter.get_by_label("New name").fill("In your own voice")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2).first).to_have_text("In your own voice")
    walk.look(walk.lena, "06-chapters")


def lead_says_who_looks_after_an_entry(walk: Walk) -> None:
    page = walk.lena.page
    page.get_by_role("link", name="Feed no quokkas").click()
    reads(page, "Feed no quokkas")
    page.get_by_label("Who looks after it").select_option("Leo Lead")
    page.get_by_label("Read it again after how many days?").fill("30")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_label("Who looks after it").locator("option[selected]")).to_have_text("Leo Lead")
    page.get_by_role("button", name="Still right").click()
    expect(page.get_by_text("it still holds, as of today")).to_be_visible()
    page.goto(f"{HOME}/playbook/due")
    reads(page, "What to read again")
    expect(page.get_by_role("heading", name="All fresh")).to_be_visible()


def lead_publishes(walk: Walk) -> None:
    page = walk.lena.page
    page.goto(f"{HOME}/playbook/draft")
    page.get_by_role("link", name="Publish the next edition").click()
    reads(page, "Publish edition 1")
    page.get_by_text("Every word that changed").first.click()
    walk.look(walk.lena, "07-publish")
    page.get_by_label("What changed, and why?").fill("Quokkas bite. And a chapter has a better name.")
    page.get_by_role("button", name="Publish edition 1").click()
    reads(page, "The playbook, edition 1")
    walk.look(walk.lena, "08-edition")


def reader_sees_what_is_new(walk: Walk) -> None:
    page = walk.rita.page
    page.goto(f"{HOME}/playbook")
    news = page.get_by_role("region", name="New since you last read")
    expect(news.get_by_text("You read edition 0 on")).to_be_visible()
    expect(news.get_by_role("link", name="Feed no quokkas")).to_be_visible()
    news.get_by_role("listitem").filter(has_text=ENTRY).get_by_text("Every word that changed").click()
    expect(news.locator("ins").filter(has_text="or your aunt")).to_be_visible()
    walk.look(walk.rita, "09-news")
    news.get_by_role("button", name="I have read what is new").click()
    expect(page.get_by_role("heading", name="What is new in this edition")).to_be_visible()
    expect(news).to_have_count(0)


def reader_searches(walk: Walk) -> None:
    """By keyboard; with JavaScript what is found comes as one types."""
    page = walk.rita.page
    field = page.get_by_role("searchbox", name=SEARCH)
    field.focus()
    page.keyboard.type("posing quok")
    if not walk.javascript:
        page.keyboard.press("Enter")
    hit = page.get_by_role("link", name="Feed no quokkas").first
    expect(hit).to_be_visible()
    expect(page.locator("mark").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"/playbook/search\?q=posing\+?(%20)?quok"))
    if walk.javascript:
        expect(field).to_be_focused()
        expect(page.get_by_role("status").filter(has_text="One entry")).to_have_count(1)
    page.goto(f"{HOME}/playbook/search?q=critics")
    walk.look(walk.rita, "10-search")
    page.goto(f"{HOME}/playbook/search?q=zeppelin")
    expect(page.get_by_role("heading", name="The playbook does not say yet")).to_be_visible()
    expect(page.get_by_role("link", name="Lena Lead")).to_be_visible()
    walk.look(walk.rita, "11-search-nothing")


def reader_compares_editions(walk: Walk) -> None:
    page = walk.rita.page
    page.goto(f"{HOME}/playbook")
    page.get_by_role("link", name="Compare two editions").click()
    reads(page, "Edition 0 and edition 1")
    expect(page.locator("ins").filter(has_text="or your aunt")).to_be_visible()
    walk.look(walk.rita, "12-comparison")
    page.get_by_label("From").select_option("1")
    if not walk.javascript:
        page.get_by_role("button", name="Compare").click()
    reads(page, "Edition 1 and edition 1")
    expect(page.get_by_text("They say the same")).to_be_visible()
