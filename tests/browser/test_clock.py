"""The owner of a demo moves its clock, and the world follows while they look."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Installation, Walker
from tests.browser.inhabited import brought_about
from tests.world import make_world
from web.visit import SESSION_COOKIE


def test_the_world_follows_the_clock_and_says_what_came_of_it_and_the_letters_can_be_read(
    inhabited: Installation, chromium: Browser
) -> None:
    world = brought_about(inhabited, make_world)
    walker = Walker(chromium, inhabited.address, phone=True)
    walker.context.add_cookies(
        [{"name": SESSION_COOKIE, "value": world.sessions["owner"], "url": inhabited.address}]
    )
    page, banner = walker.page, walker.page.get_by_role("complementary", name="Clock of this database")
    page.goto("/me")
    banner.get_by_text("Move the clock").click()
    banner.get_by_role("button", name="30 days on").click()
    expect(banner.get_by_text("It is 17 Mar 2027")).to_be_visible()
    expect(banner.get_by_text("One month was completed and")).to_be_visible()
    assert page.url.endswith("/me")
    walker.look("clock-1-moved")
    banner.get_by_role("link", name="To a day").click()
    page.get_by_label("To noon of a day").fill("2020-01-01")
    page.get_by_role("button", name="Move the clock").click()
    expect(page.get_by_text("The clock moves forward only: choose a later day.")).to_be_visible()
    expect(page.get_by_label("To noon of a day")).to_have_value("2020-01-01")
    walker.look("clock-2-not-back")
    page.get_by_label("To noon of a day").fill("2027-04-02")
    page.get_by_role("button", name="Move the clock").click()
    expect(page.get_by_role("heading", name="It is 2 April 2027 here")).to_be_visible()
    expect(page.get_by_text("letters went out.")).to_be_visible()
    page.get_by_role("link", name="Read the letters").click()
    page.get_by_text("You took this on: “Name a second coach.”").click()
    expect(page.get_by_text("It was due on 1 April 2027, and is still open")).to_be_visible()
    walker.look("clock-3-letters")
    walker.leave()
