"""The main job, from an empty installation to the first ambassador of the first circle, played by each person in turn."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from cohorts.criteria.rules import Topic
from cohorts.months.rules import month_window
from playbooks.scenarios.rules import Turn, conversation_after
from playbooks.starting_set.queries import starting_set
from tests.browser.conftest import Installation, Walker
from tests.playbooks.learners import way_to

PILOTS = ("Amara Diallo", "Ben Okafor", "Carla Weiss", "David Lindqvist")
SPONSOR, NEWCOMER = "Ines Moreau", "Noor Haddad"
TOPICS = ("Saying who you are", "Privacy and security", "Angry critics", "Journalists")
MONTHS = 6
PLAYS = {entry.title: entry.scenario for entry in starting_set() if entry.scenario}
RIGHT = {entry.question.prompt: entry.question for entry in starting_set() if entry.question}


def email_of(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@example.com"


def people_file() -> bytes:
    """What an HR system gives: an export with a bad row among the good ones."""
    lines = ["Employee ID;Last name, first name;E-mail;Job title;Department;Level"]
    for number, name in enumerate((*PILOTS, SPONSOR, NEWCOMER)):
        first, last = name.split()
        lines.append(f"{100 + number};{last}, {first};{email_of(name)};Director;Engineering;Director")
    lines.append("999;Nobody, Knows;not an address;Clerk;Sales;Specialist")
    return "\r\n".join(lines).encode("utf-8-sig")


class Story:
    """The people, each in a browser of their own, and what they do."""

    def __init__(self, installation: Installation, chromium: Browser, *, javascript: bool) -> None:
        self.installation, self.chromium, self.javascript = installation, chromium, javascript
        self.lead = self.somebody()
        self.moved = 0
        self.walkers: dict[str, Walker] = {}

    def somebody(self, *, phone: bool = False) -> Walker:
        return Walker(self.chromium, self.installation.address, javascript=self.javascript, phone=phone)

    def look(self, walker: Walker, name: str) -> None:
        """Pictures and axe, once: in the story with JavaScript."""
        if self.javascript:
            walker.look(name)

    def press(self, walker: Walker, name: str, *, heading: str | re.Pattern[str] | None = None) -> None:
        """Press a button or follow a link, and wait for the page that it leads to."""
        button = walker.page.get_by_role("button", name=name, exact=True)
        button.or_(walker.page.get_by_role("link", name=name, exact=True)).first.click()
        if heading is not None:
            self.reads(walker, heading)

    def reads(self, walker: Walker, heading: str | re.Pattern[str]) -> None:
        expect(walker.page.get_by_role("heading", level=1)).to_have_text(heading)

    def go(self, walker: Walker, path: str) -> None:
        walker.page.goto(f"/programs/employee-voices{path}")

    def owner_signs_in_and_makes_a_program(self) -> None:
        page = self.lead.page
        page.goto("/sign-in")
        self.look(self.lead, "01-sign-in")
        page.goto(self.installation.owner_link)
        self.look(self.lead, "02-owner-link")
        self.press(self.lead, "Sign in", heading="Who are you?")
        self.look(self.lead, "03-who-are-you")
        page.get_by_label("Your name").fill("Lena Vogt")
        page.get_by_label("Your work e-mail address").fill("lena.vogt@example.com")
        self.press(self.lead, "Save", heading="Make a program")
        self.press(self.lead, "Make the program")
        expect(page.get_by_text("2 places need mending")).to_be_visible()
        self.look(self.lead, "04-make-a-program-with-problems")
        page.get_by_label("What is it called?").fill("Employee voices")
        page.get_by_label("What is it for?").fill("To be heard as the people we are.")
        self.press(self.lead, "Make the program", heading="Who stands behind it?")
        self.go(self.lead, "")
        self.reads(self.lead, "Next: go on with the set-up")
        self.look(self.lead, "05-today-of-a-new-lead")
        self.go(self.lead, "/people")
        self.look(self.lead, "06-people-empty")
        self.go(self.lead, "/desk")
        self.look(self.lead, "07-desk-empty")
        self.go(self.lead, "/rollout")
        self.look(self.lead, "08-rollout-new")
        self.go(self.lead, "/set-up")

    def lead_publishes_what_is_known(self) -> None:
        """All but a chapter: what to say to journalists is for the pilot to find out."""
        page = self.lead.page
        self.press(self.lead, "I will name one later", heading="What do you already know?")
        self.look(self.lead, "09-set-up-playbook")
        for entry in starting_set():
            if entry.topic == Topic.JOURNALISTS:
                page.locator("summary", has_text=entry.title).click()
                self.press(self.lead, f"Leave it out {entry.title}")
                expect(page.get_by_role("button", name=f"Bring it back {entry.title}")).to_be_visible()
        self.press(self.lead, "Publish as edition 0", heading="In which circles will it widen?")
        self.press(self.lead, "This is how it goes", heading="Whom might you invite?")
        self.look(self.lead, "09-set-up-people")

    def lead_imports_people(self) -> None:
        page = self.lead.page
        page.get_by_label("The list").set_input_files(
            {"name": "people.csv", "mimeType": "text/csv", "buffer": people_file()}
        )
        self.press(self.lead, "Look at it", heading="people.csv")
        expect(page.get_by_role("heading", name="1 row is not taken in")).to_be_visible()
        self.look(self.lead, "10-import-preview")
        self.press(self.lead, "Take in 6 people")
        expect(page.get_by_text(re.compile("Taken in on"))).to_be_visible()
        self.go(self.lead, "/people")
        expect(page.get_by_role("link", name=NEWCOMER)).to_be_visible()
        self.look(self.lead, "11-people")
        self.go(self.lead, "/set-up")
        self.press(self.lead, "Enough to begin with", heading="Who goes first?")

    def lead_names_the_sponsor(self) -> None:
        page = self.lead.page
        self.go(self.lead, "/people/roles")
        page.get_by_label("Whose? Their e-mail address").fill(email_of(SPONSOR))
        page.get_by_role("radio", name=re.compile("sponsor", re.IGNORECASE)).check()
        self.press(self.lead, "Give the role")
        expect(page.get_by_role("link", name=SPONSOR)).to_be_visible()
        self.look(self.lead, "12-roles")
        page.get_by_role("link", name=SPONSOR).click()
        self.reads(self.lead, SPONSOR)
        self.press(self.lead, "Make a first sign-in link")
        link = page.get_by_label("First sign-in link").input_value()
        self.look(self.lead, "13-first-link")
        sponsor = self.walkers[SPONSOR] = self.somebody()
        sponsor.page.goto(link)
        self.press(sponsor, "Sign in")
        expect(sponsor.page).to_have_url(re.compile("/programs/employee-voices$"))
        self.look(sponsor, "14-today-of-a-sponsor")

    def lead_forms_the_pilot(self) -> str:
        """As the set-up leads there; answers the address of the cohort."""
        self.go(self.lead, "/set-up")
        self.press(self.lead, "Choose its people", heading="Who goes first?")
        self.lead_invites(PILOTS, "pilot")
        self.reads(self.lead, re.compile("Pilot"))
        self.lead.page.get_by_role("link", name="Pilot", exact=True).first.click()
        self.reads(self.lead, "Pilot")
        self.look(self.lead, "17-cohort-pilot-invited")
        return self.lead.page.url

    def lead_forms(self, cohort: str, phase: str, invited: tuple[str, ...]) -> str:
        page = self.lead.page
        self.go(self.lead, "/cohorts/new")
        page.get_by_label("What is it called?").fill(cohort)
        page.get_by_role("radio", name=re.compile(phase)).check()
        self.press(self.lead, "Form the cohort", heading=cohort)
        self.look(self.lead, "15-cohort-empty")
        self.press(self.lead, "Invite people", heading="Invite people")
        self.lead_invites(invited, "first-circle")
        self.reads(self.lead, cohort)
        self.look(self.lead, "17-cohort-first-circle-invited")
        return page.url

    def lead_invites(self, invited: tuple[str, ...], picture: str) -> None:
        for name in invited:
            self.lead.page.get_by_role("checkbox", name=re.compile(name)).check()
        self.look(self.lead, f"16-choose-{picture}")
        self.press(self.lead, "Go on to the letter", heading="The letter")
        for name in invited:
            expect(self.lead.page.get_by_text(email_of(name)).first).to_be_visible()
        self.look(self.lead, f"16-letter-{picture}")
        self.press(self.lead, "Send the invitations")

    def accepts(self, name: str, *, pictures: bool) -> Walker:
        link = self.lead.page.get_by_label(f"Link for {name}").input_value()
        walker = self.walkers[name] = self.somebody(phone=True)
        walker.page.goto(link)
        self.reads(walker, f"Will you speak for us, {name}?")
        if pictures:
            self.look(walker, "18-invitation")
        walker.page.get_by_label("Choose a password").fill("a password long enough")
        self.press(walker, "Yes, I am in")
        self.reads(walker, "Where are you active?")
        return walker

    def registers_an_account(self, name: str, *, pictures: bool) -> None:
        walker = self.walkers[name]
        page = walker.page
        self.go(walker, "/accounts")
        page.get_by_label("Where is it?").select_option(label="LinkedIn")
        page.get_by_label("Your name there").fill(email_of(name).partition("@")[0])
        page.get_by_role("radio").first.check()
        page.get_by_label("How does it say where you work?").fill(
            "I work at Example; what I say here is my own view."
        )
        self.press(walker, "Add the account")
        expect(page.get_by_text("not tracked", exact=True)).to_be_visible()
        if pictures:
            self.look(walker, "19-account")
        self.press(walker, "Yes, track it")
        expect(page.get_by_text(re.compile("^tracked from"))).to_be_visible()

    def passes_the_track(self, name: str, *, pictures: str = "") -> None:
        walker = self.walkers[name]
        page = walker.page
        self.go(walker, "/training")
        if pictures:
            self.look(walker, f"{pictures}-training")
        self.press(walker, "Begin")
        expect(page).to_have_url(re.compile("/modules/"))
        readings = 0
        while not page.get_by_role("button", name="Begin the assessment").count():
            if pictures and readings == 0:
                self.look(walker, f"{pictures}-reading")
            before = page.url
            if page.get_by_role("button", name="I have read this").count():
                readings += 1
                self.press(walker, "I have read this")
            else:
                self.plays(walker, page.get_by_role("heading", level=1).inner_text())
                self.press(walker, "Go on")
            expect(page).not_to_have_url(before)
        assert readings >= len({entry.chapter for entry in starting_set()}) - 1
        if pictures:
            self.look(walker, f"{pictures}-assessment")
        self.press(walker, "Begin the assessment", heading="What would you do?")
        if pictures:
            self.look(walker, f"{pictures}-questions")
            self.press(walker, "Hand in")
            expect(page.get_by_role("alert")).to_be_visible()
        for question in page.locator(".question").all():
            prompt = re.sub(r"^\d+\. ", "", question.locator("legend").inner_text().strip())
            for place in RIGHT[prompt].right:
                question.get_by_label(RIGHT[prompt].options[place], exact=True).check()
        self.press(walker, "Hand in")
        expect(page.get_by_role("link", name="See your certificate")).to_be_visible()
        if pictures:
            self.look(walker, f"{pictures}-result")

    def plays(self, walker: Walker, title: str) -> None:
        """A conversation, by the shortest way to a good end."""
        scenario = PLAYS[title]
        way = way_to(scenario, held=True)
        for at, place in enumerate(way):
            now = conversation_after(scenario, way[:at]).now
            assert isinstance(now, Turn)
            self.press(walker, now.answers[place].text)
            expect(walker.page.locator(".mine")).to_have_count(at + 1)
        expect(walker.page.get_by_text("It held")).to_be_visible()

    def starts_tracking(self, cohort_url: str) -> None:
        self.lead.page.goto(cohort_url)
        self.press(self.lead, "Start tracking today")
        expect(self.lead.page.get_by_text("its months are tracked")).to_be_visible()

    def moves_the_clock(self, days: int) -> None:
        """The owner presses the banner's buttons."""
        for words, step in (("30 days on", 30), ("A week on", 7), ("A day on", 1)):
            while days >= step:
                self.lead.page.goto("/programs")
                banner = self.lead.page.locator("#clock")
                if banner.locator("details[open]").count() == 0:
                    banner.get_by_text("Move the clock").click()
                self.press(self.lead, words)
                expect(self.lead.page.get_by_text("The clock was moved.")).to_be_visible()
                days -= step
                self.moved += step

    @property
    def today(self) -> date:
        """The program's day. The clock moves by whole days of UTC, in which Berlin's summer begins an hour earlier."""
        return (datetime.now(UTC) + timedelta(days=self.moved)).astimezone(ZoneInfo("Europe/Berlin")).date()

    def logs_an_activity(self, name: str, on: date, number: int, *, pictures: str = "") -> None:
        walker = self.walkers[name]
        page = walker.page
        self.go(walker, "/activities/new")
        if pictures:
            self.look(walker, f"{pictures}-log-activity")
        page.get_by_role("radio", name="Post", exact=True).check()
        page.get_by_label("Its link").fill(
            f"https://www.linkedin.com/feed/update/urn:li:activity:{7000000000000000000 + number}"
        )
        page.get_by_label("When?").fill(on.isoformat())
        page.get_by_label("Your own words").fill("What I learned from a customer this week.")
        self.press(walker, "Log it", heading="My activity")
        if pictures:
            self.look(walker, f"{pictures}-my-activity")

    def logs_a_learning(self, name: str, number: int, topic: str, *, pictures: bool = False) -> None:
        walker = self.walkers[name]
        page = walker.page
        self.go(walker, "/learnings/new")
        page.get_by_role("radio", name="Do", exact=True).check()
        page.get_by_label("The lesson, in a sentence").fill(f"Answer the person first, lesson {number}.")
        page.get_by_label("What happened?").fill(
            "A customer was angry; I thanked her and asked which model it was."
        )
        page.get_by_role("checkbox", name="Customer").check()
        page.get_by_text("More, if you have another minute").click()
        page.get_by_label("What does it help with?").select_option(label=topic)
        page.get_by_role("checkbox", name=re.compile("My name may stand")).check()
        if pictures:
            self.look(walker, "30-learning")
        self.press(walker, "Send to the desk")
        expect(page.get_by_text(f"lesson {number}.").first).to_be_visible()
        if pictures:
            self.look(walker, "31-notebook")

    def lead_answers_learnings(self) -> None:
        """One goes back with a note and comes again; then those of a topic go into one entry each."""
        page = self.lead.page
        self.go(self.lead, "/desk")
        self.look(self.lead, "32-desk")
        page.get_by_text("Send it back with a note").click()
        page.get_by_label("What would you like to know?").fill("What did she say then?")
        self.press(self.lead, "Send it back")
        expect(page.get_by_text("11 learnings wait for you")).to_be_visible()
        author = self.walkers[PILOTS[0]]
        self.go(author, "/learnings")
        self.look(author, "33-returned")
        author.page.get_by_role("link", name="Answer the person first, lesson 0.").click()
        expect(author.page.get_by_text("What did she say then?")).to_be_visible()
        self.press(author, "Send to the desk")
        expect(author.page.get_by_text("Your learning is at the desk.")).to_be_visible()
        for topic in TOPICS:
            self.go(self.lead, "/desk/all")
            for line in page.locator("main li").filter(has_text=topic).all():
                line.get_by_role("checkbox").check()
            self.press(self.lead, "Lay those ticked out together")
            expect(page.get_by_role("heading", name="Take these 3 into one entry")).to_be_visible()
            self.look(self.lead, "34-desk-together")
            page.get_by_label("Title").fill(f"{topic}: answer the person first")
            page.get_by_label("Chapter").fill("From the pilot")
            self.press(self.lead, "Take it into a new entry")
            expect(page.get_by_role("heading", name="Take these 3 into one entry")).to_have_count(0)
        expect(page.get_by_role("heading", name="The desk is clear")).to_be_visible()

    def lead_publishes(self) -> None:
        page = self.lead.page
        self.go(self.lead, "/playbook/draft")
        self.look(self.lead, "35-draft")
        self.go(self.lead, "/playbook/editions/new")
        self.look(self.lead, "36-publish")
        page.get_by_label("What changed, and why?").fill("Four entries from the pilot’s first half-year.")
        self.press(self.lead, "Publish edition 1")
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Publish edition 1")
        reader = self.walkers[PILOTS[1]]
        self.go(reader, "/playbook")
        expect(
            reader.page.get_by_text("Four entries from the pilot’s first half-year.").first
        ).to_be_visible()
        self.look(reader, "37-edition-1")
        reader.page.locator("a[href*='/playbook/entries/']", has_text="Journalists:").first.click()
        self.reads(reader, "Journalists: answer the person first")
        expect(reader.page.get_by_text("Answer the person first, lesson 3.").first).to_be_visible()
        self.look(reader, "38-entry")

    def gate_is_looked_at(self, name: str) -> None:
        self.go(self.lead, "")
        self.lead.page.get_by_role("link", name=re.compile("Gate to .First circle")).click()
        self.reads(self.lead, re.compile("Gate to"))
        self.look(self.lead, name)

    def gate_opens(self) -> None:
        page = self.lead.page
        self.gate_is_looked_at("40-gate-waits-for-the-checklist")
        gate = page.url
        page.get_by_role("button", name=re.compile("^Tick off")).click()
        expect(page.get_by_text("Nothing holds this gate shut")).to_be_visible()
        self.look(self.lead, "41-gate-ready")
        sponsor = self.walkers[SPONSOR]
        self.go(sponsor, "")
        self.reads(sponsor, "Next: vote on the gate")
        for walker in (self.lead, sponsor):
            walker.page.goto(gate)
            walker.page.get_by_role("radio", name=re.compile("^Open it$")).check()
            walker.page.get_by_label("Your reason").fill("The pilot has earned it.")
            self.press(walker, "Vote")
            expect(walker.page.get_by_text("Your vote is kept.")).to_be_visible()
        expect(sponsor.page.get_by_text(re.compile("^Decided on"))).to_be_visible()
        self.look(sponsor, "42-gate-opened")

    def newcomer_waits(self) -> None:
        walker = self.walkers[NEWCOMER]
        self.go(walker, "/training")
        expect(walker.page.get_by_text(re.compile("Locked until the gate to")).first).to_be_visible()
        expect(walker.page.get_by_text("A lead and a sponsor open it together.").first).to_be_visible()
        self.look(walker, "39-training-locked")
        self.go(walker, "")
        self.look(walker, "39-today-of-a-newcomer")

    def newcomer_becomes_an_ambassador(self) -> None:
        walker = self.walkers[NEWCOMER]
        page = walker.page
        self.passes_the_track(NEWCOMER, pictures="43")
        self.press(walker, "See your certificate")
        self.press(walker, "Show my public page")
        address = page.get_by_label("Link to the public page").input_value()
        self.look(walker, "44-certificate")
        outsider = self.somebody()
        outsider.page.goto(address)
        self.reads(outsider, NEWCOMER)
        self.look(outsider, "45-public-certificate")
        outsider.leave()

    def events_tell_it_all(self) -> None:
        self.go(self.lead, "/events")
        expect(self.lead.page.get_by_text(re.compile("opened", re.IGNORECASE)).first).to_be_visible()
        self.look(self.lead, "50-events")
        for path, name in (
            ("/rollout", "51-rollout"),
            ("/tracks", "52-tracks"),
            ("", "53-today-of-a-lead"),
            ("/incidents", "54-incidents"),
        ):
            self.go(self.lead, path)
            self.look(self.lead, name)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_pilots_learnings_open_a_gate_and_unlock_a_track(
    installation: Installation, chromium: Browser, javascript: bool
) -> None:
    story = Story(installation, chromium, javascript=javascript)
    story.owner_signs_in_and_makes_a_program()
    story.lead_publishes_what_is_known()
    story.lead_imports_people()
    story.lead_names_the_sponsor()
    pilot = story.lead_forms_the_pilot()
    story.lead.page.goto(pilot)
    for name in PILOTS:
        story.accepts(name, pictures=name == PILOTS[0])
        story.registers_an_account(name, pictures=name == PILOTS[0])
        story.passes_the_track(name, pictures="20" if name == PILOTS[0] else "")
    story.starts_tracking(pilot)
    start = story.today
    first_circle = story.lead_forms("First circle, Berlin", "First circle", (NEWCOMER,))
    story.accepts(NEWCOMER, pictures=False)
    story.newcomer_waits()
    for month in range(MONTHS):
        day = month_window(start, month).from_on + timedelta(days=2)
        story.moves_the_clock(31)
        for place, name in enumerate(PILOTS[:3]):
            story.logs_an_activity(name, day, month * 10 + place, pictures="29" if month + place == 0 else "")
    story.gate_is_looked_at("29-gate-shut")
    for number in range(12):
        story.logs_a_learning(PILOTS[number % 3], number, TOPICS[number % 4], pictures=number == 0)
    story.lead_answers_learnings()
    story.lead_publishes()
    story.gate_opens()
    story.newcomer_becomes_an_ambassador()
    story.registers_an_account(NEWCOMER, pictures=False)
    story.starts_tracking(first_circle)
    story.logs_an_activity(NEWCOMER, story.today, 999, pictures="46")
    story.events_tell_it_all()
    for walker in (story.lead, *story.walkers.values()):
        walker.leave()
