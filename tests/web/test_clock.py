"""Moving the clock of a demo or test from the banner."""

from datetime import UTC, datetime, timedelta

import pytest

from program.database import execute
from program.installation.actions import move_clock
from program.installation.queries import clock, machine_now
from tests.cast import Browser, a_person, an_owner, words_of

A_MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("days", [1, 7, 30])
async def test_an_owner_moves_the_clock_by_some_days_and_the_banner_says_so(
    browser: Browser, days: int
) -> None:
    await browser.sign_in(await an_owner())
    before = (await clock()).now()
    answer = await browser.post("/clock", {"days": str(days)}, on="/me")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
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
    assert answer.status_code == 409
    assert "The clock moves forward only" in words_of(answer.text)
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
