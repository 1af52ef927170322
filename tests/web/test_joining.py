"""Joining, screen by screen, as a browser without JavaScript sees it."""

from datetime import date
from uuid import UUID

import pytest

from cohorts.invitations.actions import invite
from program.database import execute, fetch_row, fetch_value
from program.installation.queries import machine_now
from tests.cast import Browser, a_form, a_listed_person, a_program, an_owner, counted_queries, words_of
from tests.cohorts.scene import a_cohort, a_member

HOME = "/programs/employee-voices"
HERE = f"{HOME}/joining"
FIT = {
    "network": "mastodon",
    "handle": "@mia@example.social",
    "address": "",
    "stance": "personal",
    "disclosure": "I work at Example.",
}
pytestmark = pytest.mark.usefixtures("database")


async def a_new_member(browser: Browser, *, start: date | None = None, state: str = "preparing") -> UUID:
    """Somebody who just said yes, signed in."""
    lead = await an_owner()
    program = await a_program(lead)
    mia = await a_listed_person(program, lead, "Mia Member")
    await a_member(await a_cohort(program, lead, start=start), [(state, date(2026, 1, 1), None)], mia)
    await browser.sign_in(mia)
    return mia


async def goes_to(browser: Browser, path: str = HERE) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def registered(browser: Browser, **told: str) -> UUID:
    answer = await browser.post(f"{HERE}/accounts", {**FIT, **told}, on=f"{HERE}/accounts")
    assert answer.status_code == 303, words_of(answer.text)
    account: UUID = await fetch_value("SELECT id FROM social_account ORDER BY added_at DESC, id DESC LIMIT 1")
    return account


async def test_joining_goes_from_one_screen_to_the_next_and_is_taken_up_where_it_was_left(
    browser: Browser,
) -> None:
    mia = await a_new_member(browser)
    assert await goes_to(browser) == f"{HERE}/networks"
    assert "Next: say where you are active" in words_of((await browser.get(HOME)).text)
    said = {"networks": ["mastodon", "linkedin"], "how_often": "weekly"}
    answer = await browser.post(f"{HERE}/networks", said, on=f"{HERE}/networks")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}/accounts")
    row = await fetch_row("SELECT networks, how_often, networks_said_by FROM person WHERE id = $1", mia)
    assert row is not None
    assert tuple(row) == (["mastodon", "linkedin"], "weekly", mia)
    assert await goes_to(browser) == f"{HERE}/accounts"
    assert "Next: say where you speak" in words_of((await browser.get(HOME)).text)
    assert 'value="mastodon" selected' in (await browser.get(f"{HERE}/accounts")).text
    account = await registered(browser)
    page = await browser.get(f"{HERE}/accounts")
    assert "mia@example.social" in words_of(page.text)
    assert 'value="linkedin" selected' in page.text
    assert await goes_to(browser) == f"{HERE}/consent"
    assert "Next: decide what is tracked" in words_of((await browser.get(HOME)).text)
    yes = await browser.post(f"{HERE}/consent/{account}", {"when": "first"}, on=f"{HERE}/consent")
    assert yes.headers["location"] == f"{HERE}/consent?after={account}"
    assert await goes_to(browser, yes.headers["location"]) == f"{HERE}/next"
    assert await goes_to(browser) == f"{HERE}/next"
    end = words_of((await browser.get(f"{HERE}/next")).text)
    assert "Begin" in end
    assert end.count("Done") == 4


async def test_whoever_would_rather_not_say_is_not_asked_again_and_stays_unknown(browser: Browser) -> None:
    mia = await a_new_member(browser)
    silent = {"then": "not_saying", "networks": "x"}
    answer = await browser.post(f"{HERE}/networks", silent, on=f"{HERE}/networks")
    assert answer.headers["location"] == f"{HERE}/accounts"
    assert await fetch_value("SELECT networks FROM person WHERE id = $1", mia) is None
    assert await goes_to(browser) == f"{HERE}/accounts"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "how_often"),
        ({"networks": ["x"]}, "how_often"),
        ({"how_often": "daily"}, "networks"),
        ({"networks": ["myspace"], "how_often": "daily"}, "networks"),
        ({"networks": ["x"], "how_often": "hourly"}, "how_often"),
    ],
)
async def test_what_does_not_go_together_is_told_at_its_place(
    browser: Browser, said: dict[str, object], field: str
) -> None:
    mia = await a_new_member(browser)
    answer = await browser.post(f"{HERE}/networks", said, on=f"{HERE}/networks")
    assert answer.status_code == 422
    assert f'id="{field}-problem"' in answer.text
    assert await fetch_value("SELECT networks_said_by FROM person WHERE id = $1", mia) is None
    if said.get("networks") == ["x"]:
        assert 'value="x" checked' in answer.text


async def test_an_account_that_is_not_fit_is_refused_and_what_was_typed_stays(browser: Browser) -> None:
    await a_new_member(browser)
    wrong = {**FIT, "handle": "", "address": "ftp://x", "disclosure": "I work at …"}
    answer = await browser.post(f"{HERE}/accounts", wrong, on=f"{HERE}/accounts")
    assert answer.status_code == 422
    for name in ("handle", "address", "disclosure"):
        assert f'id="{name}-problem"' in answer.text
    assert 'value="ftp://x"' in answer.text
    await registered(browser)
    twice = await browser.post(f"{HERE}/accounts", FIT, on=f"{HERE}/accounts")
    assert twice.status_code == 422
    assert "You have added this account already." in words_of(twice.text)


async def test_each_account_is_decided_on_by_itself_and_not_now_is_an_answer(browser: Browser) -> None:
    await a_new_member(browser, start=date(2026, 3, 1))
    first, second = await registered(browser), await registered(browser, network="x", handle="mia")
    page = await browser.get(f"{HERE}/consent")
    assert "May we track Mastodon?" in words_of(page.text)
    assert 'min="2026-03-01"' in page.text
    page = await browser.get(f"{HERE}/consent?after={first}")
    assert "May we track X?" in words_of(page.text)
    early = await browser.post(
        f"{HERE}/consent/{second}", {"from_on": "2026-02-28"}, on=f"{HERE}/consent?after={first}"
    )
    assert early.status_code == 422
    assert "nothing before that day is looked at" in words_of(early.text)
    assert 'value="2026-02-28"' in early.text
    yes = await browser.post(
        f"{HERE}/consent/{second}", {"from_on": "2026-03-01"}, on=f"{HERE}/consent?after={first}"
    )
    assert yes.status_code == 303
    assert await goes_to(browser, f"{HERE}/consent?after={second}") == f"{HERE}/next"
    assert "May we track Mastodon?" in words_of((await browser.get(f"{HERE}/consent?after=junk")).text)
    assert await fetch_value("SELECT account FROM consent") == second


async def test_consent_without_an_account_leads_to_the_accounts(browser: Browser) -> None:
    await a_new_member(browser)
    assert await goes_to(browser, f"{HERE}/consent") == f"{HERE}/accounts"
    page = words_of((await browser.get(f"{HERE}/next")).text)
    assert "Where you are active" in page
    assert page.count("Done") == 1


async def test_the_account_of_somebody_else_is_not_found(browser: Browser) -> None:
    mia = await a_new_member(browser)
    account = await registered(browser)
    other = await a_listed_person(
        await fetch_value("SELECT id FROM program"), await fetch_value("SELECT person FROM owner"), "Noa New"
    )
    await execute("UPDATE social_account SET person = $1 WHERE person = $2", other, mia)
    answer = await browser.post(f"{HERE}/consent/{account}", {"when": "first"})
    assert answer.status_code == 404


async def test_today_leads_whoever_is_invited_to_their_own_invitation(browser: Browser) -> None:
    lead = await an_owner()
    program = await a_program(lead)
    mia = await a_listed_person(program, lead, "Mia Member")
    cohort = await a_cohort(program, lead, start=None)
    now = machine_now()
    await invite([mia], cohort=cohort, program=program, by=lead, now=now, today=now.date(), sent=a_form())
    await browser.sign_in(mia)
    today = await browser.get(HOME)
    assert "Next: answer your invitation" in words_of(today.text)
    assert f'href="{HOME}/invitation"' in today.text
    link = await goes_to(browser, f"{HOME}/invitation")
    page = await browser.get(link)
    assert page.status_code == 200
    assert "Will you speak for us, Mia Member?" in words_of(page.text)
    accepted = await browser.post(f"{link}/accept", on=link)
    assert accepted.headers["location"] == f"{HERE}/networks"
    assert await goes_to(browser, f"{HOME}/invitation") == HOME


async def test_whoever_has_begun_the_training_is_led_on_there_first(browser: Browser) -> None:
    await a_new_member(browser)
    track = await fetch_value("SELECT id FROM track WHERE opens_with IS NULL")
    await browser.post(f"{HOME}/training/{track}/beginning", on=f"{HOME}/training/{track}")
    page = words_of((await browser.get(HOME)).text)
    assert "Next: say where you are active" not in page
    assert "Say where you are active" in page


async def test_a_member_of_a_later_circle_and_an_outsider(browser: Browser) -> None:
    await a_new_member(browser, state="active")
    assert (await browser.get(f"{HERE}/networks")).status_code == 200
    await browser.sign_in(await an_owner("Fritz Foreign"))
    assert (await browser.get(f"{HERE}/networks")).status_code == 403
    browser.sign_out()
    assert (await browser.get(f"{HERE}/networks")).headers["location"].startswith("/sign-in")


async def test_the_screens_ask_the_database_equally_often_however_many_accounts_there_are(
    browser: Browser,
) -> None:
    await a_new_member(browser)
    counts = set()
    for number in range(3):
        await registered(browser, handle=f"mia{number}")
        with counted_queries() as queries:
            await browser.get(f"{HERE}/accounts")
        counts.add(len(queries))
    assert len(counts) == 1
