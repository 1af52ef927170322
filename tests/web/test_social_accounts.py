from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from program.database import fetch_value
from tests.cast import Browser, a_listed_person, a_program, an_owner, words_of
from tests.cohorts.scene import a_cohort, a_member

HERE = "/programs/employee-voices/accounts"
FIT = {
    "network": "linkedin",
    "handle": "@ada",
    "address": "https://www.linkedin.com/in/ada",
    "stance": "personal",
    "disclosure": "I work at Example; what I say here is my own view.",
}
pytestmark = pytest.mark.usefixtures("database")


async def a_member_at(browser: Browser, start: date | None = None) -> tuple[UUID, UUID]:
    """A signed-in member, of a cohort tracked since that day; and their lead."""
    lead = await an_owner()
    program = await a_program(lead)
    mia = await a_listed_person(program, lead, "Mia Member")
    cohort = await a_cohort(program, lead, start=start)
    await a_member(cohort, [("active", date(2026, 1, 1), None)], mia)
    await browser.sign_in(mia)
    return mia, lead


async def an_account(browser: Browser) -> UUID:
    answer = await browser.post(HERE, FIT, on=HERE)
    assert answer.status_code == 303, words_of(answer.text)
    account: UUID = await fetch_value("SELECT id FROM social_account WHERE removed_at IS NULL")
    return account


async def test_an_empty_page_says_what_belongs_there(browser: Browser) -> None:
    await a_member_at(browser)
    page = await browser.get(HERE)
    assert "Add the first account from which you speak" in words_of(page.text)
    assert 'value="I work at …"' in page.text


async def test_every_field_that_is_wrong_is_told_at_once_and_nothing_typed_is_lost(browser: Browser) -> None:
    await a_member_at(browser)
    wrong = {
        "network": "myspace",
        "handle": "@",
        "address": "javascript:alert(1)",
        "disclosure": "I work at …",
    }
    answer = await browser.post(HERE, wrong, on=HERE)
    assert answer.status_code == 422
    for field in ("network", "handle", "address", "stance", "disclosure"):
        assert f'id="{field}-problem"' in answer.text
    assert 'value="javascript:alert(1)"' in answer.text


async def test_an_account_is_added_consented_to_and_taken_back(browser: Browser) -> None:
    await a_member_at(browser)
    account = await an_account(browser)
    page = await browser.get(HERE)
    assert "not tracked" in words_of(page.text)
    assert "you can say no again with one tap" in words_of(page.text)
    today = datetime.now(UTC).date() + timedelta(days=1)
    answer = await browser.post(f"{HERE}/{account}/consent", {"from_on": today.isoformat()}, on=HERE)
    assert answer.status_code == 303
    assert "tracked from" in words_of((await browser.get(HERE)).text)
    again = await browser.post(f"{HERE}/{account}/consent", {"from_on": today.isoformat()})
    assert again.status_code == 422
    assert "said yes for this account already" in words_of(again.text)
    answer = await browser.post(f"{HERE}/{account}/consent/withdrawal", on=HERE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}?withdrawn={account}")
    page = await browser.get(answer.headers["location"])
    assert "is tracked from this moment on" in words_of(page.text)
    assert f'name="from_on" value="{today.isoformat()}"' in page.text
    assert "not tracked" in words_of((await browser.get(HERE)).text)
    assert "Undo" not in words_of((await browser.get(HERE)).text)
    assert (await browser.post(f"{HERE}/{account}/consent/withdrawal")).status_code == 409


async def test_consent_reaches_back_to_the_tracking_start_and_no_further(browser: Browser) -> None:
    await a_member_at(browser, date(2026, 3, 1))
    account = await an_account(browser)
    assert 'min="2026-03-01"' in (await browser.get(HERE)).text
    refused = await browser.post(f"{HERE}/{account}/consent", {"from_on": "2026-02-28"}, on=HERE)
    assert refused.status_code == 422
    assert "tracking started on 1 March 2026" in words_of(refused.text)
    assert 'value="2026-02-28"' in refused.text
    nonsense = await browser.post(f"{HERE}/{account}/consent", {"from_on": "soon"}, on=HERE)
    assert nonsense.status_code == 422
    answer = await browser.post(f"{HERE}/{account}/consent", {"from_on": "2026-03-01"}, on=HERE)
    assert answer.status_code == 303


async def test_a_no_is_taken_back_with_one_tap_and_the_day_stays_what_it_was(browser: Browser) -> None:
    await a_member_at(browser, date(2026, 3, 1))
    account = await an_account(browser)
    await browser.post(f"{HERE}/{account}/consent", {"from_on": "2026-04-05"}, on=HERE)
    no = await browser.post(f"{HERE}/{account}/consent/withdrawal", on=HERE)
    undone = await browser.post(f"{HERE}/{account}/consent", on=no.headers["location"])
    assert undone.status_code == 303, words_of(undone.text)
    assert "tracked from 5 April 2026" in words_of((await browser.get(HERE)).text)
    assert "Undo" not in words_of((await browser.get(no.headers["location"])).text)


async def test_before_tracking_starts_consent_is_from_the_first_day_or_a_later_one(browser: Browser) -> None:
    await a_member_at(browser)
    account = await an_account(browser)
    asked = words_of((await browser.get(HERE)).text)
    assert "Its first day is the earliest that counts." in asked
    no_day = await browser.post(f"{HERE}/{account}/consent", {"when": "day", "from_on": ""}, on=HERE)
    assert no_day.status_code == 422
    assert "Please give a day" in words_of(no_day.text)
    yes = await browser.post(f"{HERE}/{account}/consent", {"when": "first", "from_on": ""}, on=HERE)
    assert yes.status_code == 303
    assert "tracked from the first day" in words_of((await browser.get(HERE)).text)


async def test_an_account_is_removed(browser: Browser) -> None:
    await a_member_at(browser)
    account = await an_account(browser)
    twice = await browser.post(HERE, FIT, on=HERE)
    assert twice.status_code == 422
    assert "You have added this account already." in words_of(twice.text)
    assert (await browser.post(f"{HERE}/{account}/removal", on=HERE)).status_code == 303
    assert (await browser.post(f"{HERE}/{account}/removal")).status_code == 404
    assert "No account yet" in words_of((await browser.get(HERE)).text)


async def test_the_account_of_somebody_else_is_not_found(browser: Browser) -> None:
    _, lead = await a_member_at(browser)
    account = await an_account(browser)
    program = await fetch_value("SELECT id FROM program")
    noa = await a_listed_person(program, lead, "Noa Novice")
    await a_member(await fetch_value("SELECT id FROM cohort"), [("active", date(2026, 1, 1), None)], noa)
    await browser.sign_in(noa)
    assert "ada" not in words_of((await browser.get(HERE)).text).split("Add an account")[0]
    for room in ("consent/withdrawal", "removal"):
        assert (await browser.post(f"{HERE}/{account}/{room}")).status_code == 404
    answer = await browser.post(f"{HERE}/{account}/consent", {"from_on": "2099-01-01"})
    assert answer.status_code == 404


async def test_accounts_are_for_members(browser: Browser) -> None:
    _, lead = await a_member_at(browser)
    await browser.sign_in(lead)
    assert (await browser.get(HERE)).status_code == 403
    assert (await browser.post(f"{HERE}/{uuid4()}/removal")).status_code == 403
    browser.sign_out()
    assert (await browser.get(HERE)).status_code == 303
