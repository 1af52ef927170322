"""Moving the clock of a demo or test from the banner."""

from datetime import UTC, datetime, timedelta

import pytest

from program.database import execute
from program.installation.actions import move_clock
from program.installation.queries import clock, machine_now
from program.words import day_text
from tests.cast import Browser, a_person, an_owner, words_of

A_MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("days", [1, 7, 30])
async def test_an_owner_moves_the_clock_by_some_days_and_the_banner_says_so(
    browser: Browser, days: int
) -> None:
    await browser.sign_in(await an_owner())
    before = (await clock()).now()
    answer = await browser.post("/clock", {"days": str(days)}, on="/me")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    moved = (await clock()).now() - before
    assert timedelta(days=days) <= moved < timedelta(days=days) + A_MINUTE
    page = words_of((await browser.get("/me")).text)
    then = (await clock()).now()
    assert f"Test data. It is {then.day} " in page
    assert "The clock was moved." in page


async def test_an_owner_moves_the_clock_to_a_day(browser: Browser) -> None:
    await browser.sign_in(await an_owner())
    assert (await browser.post("/clock", {"to": "2999-12-31"})).status_code == 303
    found = (await clock()).now()
    assert datetime(2999, 12, 31, 12, tzinfo=UTC) <= found < datetime(2999, 12, 31, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "form",
    [
        {"to": "2001-01-01"},
        {"to": "yesterday"},
        {"days": "0"},
        {"days": "-1"},
        {"days": "99999"},
        {"days": "x"},
        {},
    ],
)
async def test_the_clock_is_not_moved_back_or_to_nowhere(browser: Browser, form: dict[str, str]) -> None:
    await browser.sign_in(await an_owner())
    answer = await browser.post("/clock", form)
    assert answer.status_code == 422
    (field,) = form or {"to": ""}
    assert f'id="{field}-problem"' in answer.text
    assert f'value="{form["to"]}"' in answer.text if "to" in form else True
    assert (await clock()).offset == timedelta()


async def test_only_an_owner_sees_the_buttons_and_may_use_them(browser: Browser) -> None:
    answer = await browser.post("/clock", {"days": "1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    await browser.sign_in(await a_person())
    page = (await browser.get("/me")).text
    assert "Test data." in page
    assert 'action="/clock"' not in page
    assert (await browser.post("/clock", {"days": "1"})).status_code == 403
    assert (await clock()).offset == timedelta()


async def test_a_real_installation_has_no_banner_and_no_clock_to_move(browser: Browser) -> None:
    await execute("UPDATE installation SET mark = NULL")
    await browser.sign_in(await an_owner())
    assert "It is" not in words_of((await browser.get("/me")).text)
    answer = await browser.post("/clock", {"days": "1"})
    assert answer.status_code == 409
    assert "its clock cannot be moved" in words_of(answer.text)


async def test_a_moved_clock_ends_no_session_and_stretches_none(browser: Browser) -> None:
    owner = await an_owner()
    await browser.sign_in(owner)
    await move_clock(machine_now() + timedelta(days=400), by=owner)
    assert (await browser.get("/me")).status_code == 200
    await execute("UPDATE session SET expires_at = $1 WHERE person = $2", machine_now(), owner)
    assert (await browser.get("/me")).status_code == 303


async def test_the_clocks_own_page_says_what_day_it_is_and_nothing_of_a_past_that_was_not(
    browser: Browser,
) -> None:
    await browser.sign_in(await an_owner())
    page = await browser.get("/clock")
    assert f"It is {day_text((await clock()).now().date())} here" in words_of(page.text)
    assert "clock-news" not in page.text
    assert page.text.count('action="/clock"') == 2


async def test_while_the_world_catches_up_the_banner_asks_again_and_then_says_what_came_of_it(
    browser: Browser,
) -> None:
    owner = await an_owner()
    await browser.sign_in(owner)
    assert "clock-news" not in (await browser.get("/me")).text
    await browser.post("/clock", {"days": "30"}, on="/me")
    assert 'hx-get="/clock/news"' in (await browser.get("/me")).text
    waiting = (await browser.get("/clock/news")).text
    assert "The world is catching up" in waiting
    assert 'hx-get="/clock/news"' in waiting
    assert "The world is catching up" in words_of((await browser.get("/clock")).text)
    await execute("UPDATE installation SET swept_at = now()")
    told = (await browser.get("/clock/news")).text
    assert "Nothing became due in that time." in words_of(told)
    assert "hx-get" not in told


async def test_the_clock_goes_on_with_the_page_on_which_it_was_moved_and_with_no_other_site(
    browser: Browser,
) -> None:
    await browser.sign_in(await an_owner())
    for asked, comes in (("/programs", "/programs"), ("//example.com", "/"), ("https://example.com", "/")):
        answer = await browser.post("/clock", {"days": "1", "next": asked})
        assert answer.headers["location"] == comes


@pytest.mark.parametrize("path", ["/clock", "/clock/news", "/letters"])
async def test_a_real_installation_has_no_page_of_a_clock_or_letters(browser: Browser, path: str) -> None:
    await browser.sign_in(await an_owner())
    assert (await browser.get(path)).status_code == 200
    await execute("UPDATE installation SET mark = NULL")
    assert (await browser.get(path)).status_code == 404
