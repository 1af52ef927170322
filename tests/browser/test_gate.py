"""The gate: a lead asks for something else and says why, holds it, and with the sponsor opens one with conditions."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from program.installation.queries import machine_now
from tests.browser.conftest import Installation, Walker
from tests.browser.inhabited import brought_about
from tests.browser.pilots import Pilots, pilots
from web.visit import SESSION_COOKIE

TODAY = machine_now().date()
A_DAY_AHEAD = (TODAY + timedelta(days=100)).isoformat()
MOST_TABS = 80


@pytest.fixture(scope="module")
def there(inhabited: Installation) -> Pilots:
    return brought_about(inhabited, pilots)


@pytest.fixture
def walkers(inhabited: Installation, chromium: Browser) -> Iterator["Walkers"]:
    found = Walkers(inhabited, chromium)
    yield found
    found.leave()


class Walkers:
    """People in browsers of their own, signed in."""

    def __init__(self, installation: Installation, chromium: Browser) -> None:
        self.installation, self.chromium = installation, chromium
        self.all: list[Walker] = []

    def somebody(self, session: str, *, javascript: bool = True, phone: bool = False) -> Walker:
        walker = Walker(self.chromium, self.installation.address, javascript=javascript, phone=phone)
        address = self.installation.address
        walker.context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": address}])
        self.all.append(walker)
        return walker

    def leave(self) -> None:
        for walker in self.all:
            walker.leave()


def reads(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_a_lead_sees_why_the_gate_is_shut_and_what_would_help(there: Pilots, walkers: Walkers) -> None:
    walker = walkers.somebody(there.lead)
    page = walker.page
    page.goto(there.gate)
    expect(page.get_by_text("things hold this gate shut:")).to_be_visible()
    expect(page.get_by_text("not counted, as the cohort was paused for 14 days").first).to_be_visible()
    expect(page.get_by_text("Ask Cora Haas, their coach.")).to_be_visible()
    walker.look("gate-1-shut")
    page.get_by_role("link", name="Six months of tracked performance").click()
    reads(page, "Six months of tracked performance")
    expect(page.get_by_role("cell", name="not counted, as the cohort was paused for 14 days")).to_be_visible()
    walker.look("gate-2-evidence-months")
    page.go_back()
    page.get_by_role("link", name="Twelve learnings accepted into the playbook").click()
    expect(page.get_by_role("link", name="Answer the person first.").first).to_be_visible()
    walker.look("gate-3-evidence-learnings")


def test_a_lead_changes_what_the_gate_asks_and_says_why(there: Pilots, walkers: Walkers) -> None:
    walker = walkers.somebody(there.lead)
    page = walker.page
    page.goto(there.gate)
    page.get_by_role("link", name=re.compile("^Change it")).click()
    reads(page, "What the gate asks")
    walker.look("gate-4-what-it-asks")
    page.get_by_role("link", name=re.compile("^Change.*Twelve learnings")).click()
    page.get_by_label("Number").fill("ten")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("2 places need mending")).to_be_visible()
    expect(page.get_by_label("Number")).to_have_value("ten")
    walker.look("gate-5-change-with-problems")
    page.get_by_label("Number").fill("7")
    page.get_by_label("Why?", exact=True).fill("The pilot is smaller than we planned.")
    page.get_by_role("button", name="Save").click()
    reads(page, "What the gate asks")
    page.get_by_role("link", name="Add to the checklist").click()
    page.get_by_label("What is to be done?").fill("The works council has agreed")
    page.get_by_label("Who sees to it?").select_option(label="Ines Moreau")
    page.get_by_label("By which day?").fill(A_DAY_AHEAD)
    page.get_by_label("Why?", exact=True).fill("They asked to be heard first.")
    page.get_by_role("button", name="Add it").click()
    reads(page, "What the gate asks")
    page.goto(there.gate)
    expect(page.get_by_text("“The pilot is smaller than we planned.”")).to_be_visible()
    expect(page.get_by_text("Ines Moreau sees to “The works council has agreed” by")).to_be_visible()
    member = walkers.somebody(there.member, phone=True)
    member.page.goto(there.gate)
    expect(member.page.get_by_text("“They asked to be heard first.”")).to_be_visible()
    expect(member.page.get_by_role("button", name="Tick off")).to_have_count(0)
    member.look("gate-6-as-a-member")


def test_a_gate_is_held_and_lifted_without_javascript(there: Pilots, walkers: Walkers) -> None:
    page = walkers.somebody(there.lead, javascript=False).page
    page.goto(there.gate)
    page.get_by_text("Hold it until a day").click()
    page.get_by_label("Until which day?").fill(A_DAY_AHEAD)
    page.get_by_role("button", name="Hold it").click()
    expect(page.get_by_text("This could not be kept yet.")).to_be_visible()
    page.get_by_label("Why?", exact=True).first.fill("A merger.")
    page.get_by_role("button", name="Hold it").click()
    expect(page.get_by_text("A merger.")).to_be_visible()
    page.get_by_role("button", name="Lift the hold").click()
    expect(page.get_by_text("A merger.")).to_have_count(0)


def press_tab_to(page: Page, label: str) -> None:
    """Tab forward until what has this name has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "(() => { const e = document.activeElement; const label = e.labels && e.labels[0];"
            " return (label ? label.innerText : e.innerText || e.getAttribute('aria-label') || '').trim() })()"
        )
        if name.startswith(label):
            return
    raise AssertionError(f"The keyboard alone does not reach “{label}”.")


def votes_by_keyboard(walker: Walker, gate: str) -> None:
    """Vote to open with a condition, touching nothing but the keyboard."""
    page = walker.page
    page.goto(gate)
    press_tab_to(page, "Open it")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Open it, with conditions")).to_be_checked()
    press_tab_to(page, "Your reason")
    page.keyboard.type("Six good months, and the team is keen.")
    press_tab_to(page, "Conditions")
    page.keyboard.press("Enter")
    press_tab_to(page, "What is to be done?")
    page.keyboard.type("Name a second coach")
    press_tab_to(page, "Who sees to it?")
    page.keyboard.press("ArrowDown")
    press_tab_to(page, "By which day?")
    page.keyboard.type(f"0101{TODAY.year + 1}")
    press_tab_to(page, "Vote")
    page.keyboard.press("Enter")


def test_lead_and_sponsor_open_a_ready_gate_with_the_keyboard_alone(there: Pilots, walkers: Walkers) -> None:
    lead, sponsor = walkers.somebody(there.lead), walkers.somebody(there.sponsor)
    votes_by_keyboard(lead, there.ready_gate)
    expect(lead.page.get_by_text("Still to vote: a sponsor.")).to_be_visible()
    lead.look("gate-7-one-vote")
    votes_by_keyboard(sponsor, there.ready_gate)
    expect(sponsor.page.get_by_text("opened with conditions").first).to_be_visible()
    sponsor.look("gate-8-opened")
    sponsor.page.get_by_role("link", name="The decision with all that it rested on").click()
    reads(sponsor.page, "Gate to “First circle”: opened with conditions")
    expect(sponsor.page.get_by_text("“Six good months, and the team is keen.”").first).to_be_visible()
    expect(sponsor.page.get_by_role("cell", name="6 of 6", exact=True)).to_be_visible()
    sponsor.look("gate-9-decision")
    lead.page.goto(there.ready_gate)
    press_tab_to(lead.page, "It is met")
    lead.page.keyboard.press("Enter")
    expect(lead.page.get_by_text("met on").first).to_be_visible()
