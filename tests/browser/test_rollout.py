"""The rollout in a minute: how far it has come, when what comes next, and what is asked of whoever looks."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Installation, Walker
from tests.browser.inhabited import brought_about
from tests.browser.pilots import Pilots, pilots
from web.visit import SESSION_COOKIE

ROLLOUT = "/programs/employee-voices/rollout"


@pytest.fixture(scope="module")
def there(inhabited: Installation) -> Pilots:
    return brought_about(inhabited, pilots)


def somebody(inhabited: Installation, chromium: Browser, session: str, *, phone: bool = False) -> Walker:
    walker = Walker(chromium, inhabited.address, phone=phone)
    walker.context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": inhabited.address}])
    return walker


def test_a_lead_sees_the_map_the_months_and_the_timeline(
    inhabited: Installation, there: Pilots, chromium: Browser
) -> None:
    walker = somebody(inhabited, chromium, there.lead)
    page = walker.page
    page.goto(ROLLOUT)
    expect(page.get_by_role("heading", level=1)).to_have_text("“Pilot” is in its sixth month")
    expect(page.get_by_text("Eight people, 84 posts and conversations, seven learnings")).to_be_visible()
    expect(page.get_by_role("heading", name="Waiting for you")).to_be_visible()
    expect(page.get_by_role("list", name="Tracked months: 4 of 6")).to_be_visible()
    expect(page.get_by_role("heading", name="When")).to_be_visible()
    expect(page.locator("figure.timeline svg")).to_be_visible()
    expect(page.get_by_text("Tracked since")).to_be_visible()
    expect(page.get_by_text("From ").first).to_be_visible()
    walker.look("rollout-1-lead")
    page.get_by_role("link", name="Gate to “First circle”").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gate to “First circle”")
    walker.leave()


def test_a_sponsor_learns_on_a_phone_whether_it_works_and_what_is_asked_of_them(
    inhabited: Installation, there: Pilots, chromium: Browser
) -> None:
    walker = somebody(inhabited, chromium, there.sponsor, phone=True)
    page = walker.page
    page.goto(ROLLOUT)
    expect(page.get_by_role("heading", name="In short")).to_be_visible()
    expect(page.get_by_role("link", name="No grave incident open")).to_be_visible()
    expect(page.get_by_text("things hold this gate shut:")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    expect(page.locator("figure.timeline svg")).to_be_hidden()
    expect(page.get_by_text("Tracked since")).to_be_visible()
    walker.look("rollout-2-sponsor")
    page.goto("/programs/ready-voices/rollout")
    page.get_by_role("link", name=re.compile("^To the gate")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gate to “First circle”")
    expect(page.get_by_role("button", name="Vote")).to_be_visible()
    walker.leave()
