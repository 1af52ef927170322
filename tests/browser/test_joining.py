"""A pilot member joins on a phone: from the link in the letter to the first training, left and taken up again."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from cohorts.cohorts.actions import form_cohort
from cohorts.invitations.actions import invite
from cohorts.invitations.rules import INVITATION
from program.database import fetch_value
from program.installation.queries import machine_now
from program.sign_in.rules import sealed
from tests.browser.conftest import Installation, Walker
from tests.browser.inhabited import brought_about
from tests.cast import a_form, a_listed_person, a_program, an_owner

HOME = "/programs/employee-voices"


async def an_invitation(secret: str) -> str:
    """Mia is invited to the pilot; answers the address in her letter."""
    lead, now = await an_owner("Lena Lead"), machine_now()
    program = await a_program(lead, now=now)
    mia = await a_listed_person(program, lead, "Mia Member")
    phase: UUID = await fetch_value("SELECT id FROM phase WHERE program = $1 AND position = 0", program)
    cohort = await form_cohort("Pilot", phase=phase, program=program, by=lead, now=now, sent=a_form())
    await invite([mia], cohort=cohort, program=program, by=lead, now=now, today=now.date(), sent=a_form())
    nonce = await fetch_value("SELECT nonce FROM invitation")
    return f"/invitations/{sealed(nonce, purpose=INVITATION, secret=secret)}"


def reads(page: Page, heading: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def look(walker: Walker, name: str) -> None:
    if walker.javascript:
        walker.look(name)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_pilot_member_joins_on_a_phone(
    installation: Installation, chromium: Browser, javascript: bool
) -> None:
    link = brought_about(installation, an_invitation)
    walker = Walker(chromium, installation.address, javascript=javascript, phone=True)
    page = walker.page
    page.goto(link)
    reads(page, "Will you speak for us, Mia Member?")
    look(walker, "joining-1-invitation")
    page.get_by_role("button", name="Yes, I am in").click()
    says_where_she_is_active(walker)
    page.goto(HOME)
    reads(page, "Next: say where you speak")
    look(walker, "joining-4-today")
    page.get_by_role("link", name="Register an account").click()
    registers_two_accounts(walker)
    decides_on_each(walker)
    reads(page, re.compile("."))
    expect(page.get_by_role("button", name="Begin")).to_be_visible()
    look(walker, "joining-9-next")
    page.get_by_role("button", name="Begin").click()
    expect(page).to_have_url(re.compile("/training/"))
    says_no_and_takes_it_back(walker)
    walker.leave()


def says_where_she_is_active(walker: Walker) -> None:
    page = walker.page
    reads(page, "Where are you active?")
    expect(page.get_by_text("Joining · 1 of 4")).to_be_visible()
    look(walker, "joining-2-networks")
    page.get_by_role("checkbox", name="Mastodon").check()
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page.get_by_text("How often is it, about?")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Mastodon")).to_be_checked()
    look(walker, "joining-3-networks-refused")
    page.get_by_role("radio", name="about once a week").check()
    page.get_by_role("button", name="Go on", exact=True).click()
    reads(page, "Where do you speak from?")


def registers_two_accounts(walker: Walker) -> None:
    page = walker.page
    reads(page, "Where do you speak from?")
    expect(page.get_by_label("Where is it?")).to_have_value("mastodon")
    expect(page.get_by_label("How does it say where you work?")).to_have_value("I work at …")
    look(walker, "joining-5-account")
    for network, handle, stance in (
        (None, "@mia@example.social", "as a private person"),
        ("LinkedIn", "mia-member", "as somebody of my profession"),
    ):
        if network:
            page.get_by_text("Add another account").click()
            page.get_by_label("Where is it?").select_option(label=network)
        page.get_by_label("Your name there").fill(handle)
        page.get_by_role("radio", name=re.compile(stance)).check()
        page.get_by_label("How does it say where you work?").fill("I work at Example; my views are mine.")
        page.get_by_role("button", name="Add the account").click()
        expect(page.get_by_text(f"· {handle.removeprefix('@')}")).to_be_visible()
    look(walker, "joining-6-accounts")
    page.get_by_role("link", name="Go on").click()


def decides_on_each(walker: Walker) -> None:
    """Yes to the first from a day of her choosing, after one that cannot be; the second is not for now."""
    page = walker.page
    reads(page, "May we track Mastodon?")
    look(walker, "joining-7-consent")
    page.get_by_role("radio", name="from a day that I choose").check()
    page.get_by_label("The day that I choose").fill("2020-01-01")
    page.get_by_role("button", name="Yes, track it").click()
    expect(page.get_by_text("Your cohort is not tracked yet, so say yes from its first day")).to_be_visible()
    look(walker, "joining-8-consent-refused")
    page.get_by_role("radio", name="from the first day").check()
    page.get_by_role("button", name="Yes, track it").click()
    reads(page, "May we track LinkedIn?")
    page.get_by_role("link", name="Not now").click()


def says_no_and_takes_it_back(walker: Walker) -> None:
    page = walker.page
    page.goto(f"{HOME}/accounts")
    expect(page.get_by_text("tracked from the first day")).to_be_visible()
    page.get_by_role("button", name="Say no again").click()
    expect(page.get_by_text("is tracked from this moment on")).to_be_visible()
    expect(page.get_by_text("not tracked", exact=True)).to_have_count(2)
    look(walker, "joining-10-withdrawn")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("tracked from the first day")).to_be_visible()
