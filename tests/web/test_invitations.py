import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from program.database import execute, fetch_value
from program.roles.rules import Role
from tests.cast import (
    Browser,
    a_listed_person,
    a_person,
    a_person_with,
    a_program,
    an_owner,
    words_of,
)
from tests.cohorts.scene import a_cohort
from web.visit import SESSION_COOKIE

HOME = "/programs/employee-voices"
pytestmark = pytest.mark.usefixtures("database")


async def begun(browser: Browser) -> tuple[UUID, UUID, str]:
    """A signed-in lead, their program, and the address of a pilot cohort."""
    lead = await an_owner()
    program = await a_program(lead)
    await browser.sign_in(lead)
    return lead, program, f"{HOME}/cohorts/{await a_cohort(program, lead, start=None)}"


async def invited(browser: Browser, here: str, *people: UUID) -> list[str]:
    """Invites them as the lead who is signed in; answers the links, by name, as the cohort’s page shows them."""
    chosen = {"people": [str(person) for person in people]}
    await browser.post(f"{here}/choice", chosen, on=f"{here}/invitations/new")
    answer = await browser.post(f"{here}/invitations", chosen, on=f"{here}/invitations/letter")
    assert answer.status_code == 303, words_of(answer.text)
    page = await browser.get(here)
    return [str(path) for path in re.findall(r'value="http[^"]+?(/invitations/[^"]+)"', page.text)]


async def test_a_lead_invites_and_the_letter_goes_out(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    mia = await a_listed_person(program, lead, "Mia Member", department="Finance")
    noa = await a_listed_person(program, lead, "Noa Novice")
    assert "12 of 12 places are free" in words_of((await browser.get(f"{here}/invitations/new")).text)
    assert len(await invited(browser, here, mia, noa)) == 2
    assert await fetch_value("SELECT count(*) FROM delivery WHERE letter = 'invitation'") == 2
    page = await browser.get(f"{here}/invitations/new")
    assert "10 of 12 places are free" in words_of(page.text)
    assert "Mia Member" not in page.text


async def test_inviting_nobody_or_too_many_is_refused_at_the_field(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    await execute("UPDATE phase SET capacity = 1 WHERE position = 0")
    people = [str(await a_listed_person(program, lead, name)) for name in ("Mia Member", "Noa Novice")]
    answer = await browser.post(f"{here}/invitations", {})
    assert answer.status_code == 422
    assert "Choose at least one person." in words_of(answer.text)
    await browser.post(f"{here}/choice", {"people": people})
    answer = await browser.post(f"{here}/invitations", {"people": people}, on=f"{here}/invitations/letter")
    assert answer.status_code == 422
    assert "This phase has 1 places, and 1 is free: you chose 2 people." in words_of(answer.text)
    assert "Mia Member" in answer.text


async def test_somebody_who_is_not_of_the_program_is_not_found(browser: Browser) -> None:
    _, _, here = await begun(browser)
    answer = await browser.post(f"{here}/invitations", {"people": str(await a_person())})
    assert answer.status_code == 404


async def test_an_invitation_is_withdrawn_and_its_link_is_over(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    mia = await a_listed_person(program, lead, "Mia Member")
    (link,) = await invited(browser, here, mia)
    enrolment = await fetch_value("SELECT id FROM enrolment")
    answer = await browser.post(f"{here}/invitations/{enrolment}/withdrawal", on=here)
    assert answer.status_code == 303
    again = await browser.post(f"{here}/invitations/{enrolment}/withdrawal")
    assert again.status_code == 409
    browser.sign_out()
    page = await browser.get(link)
    assert page.status_code == 410
    assert "was withdrawn" in words_of(page.text)


async def test_inviting_again_makes_a_new_link(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    mia = await a_listed_person(program, lead, "Mia Member")
    (first,) = await invited(browser, here, mia)
    await browser.post(f"{here}/invitations", {"people": str(mia)}, on=here)
    page = await browser.get(here)
    (second,) = re.findall(r'value="http[^"]+?(/invitations/[^"]+)"', page.text)
    assert first != second
    browser.sign_out()
    assert (await browser.get(first)).status_code == 410
    assert (await browser.get(second)).status_code == 200


async def test_opening_an_invitation_changes_nothing(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    mia = await a_listed_person(program, lead, "Mia Member")
    (link,) = await invited(browser, here, mia)
    browser.sign_out()
    before = await fetch_value("SELECT count(*) FROM event")
    page = await browser.get(link)
    told = words_of(page.text)
    assert page.status_code == 200
    assert "Olga Owner invites you to the pilot of “Employee voices”" in told
    assert "Nobody writes your words" in told
    assert "This invitation is open until" in told
    assert await fetch_value("SELECT count(*) FROM event") == before
    assert await fetch_value("SELECT count(*) FROM session WHERE person = $1", mia) == 0


async def test_a_yes_signs_in_once_and_leads_into_the_program(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    (link,) = await invited(browser, here, await a_listed_person(program, lead, "Mia Member"))
    browser.sign_out()
    short = await browser.post(f"{link}/accept", {"password": "short"}, on=link)
    assert short.status_code == 422
    assert "Use at least 10 characters" in words_of(short.text)
    assert 'value="short"' not in short.text
    answer = await browser.post(f"{link}/accept", {"password": "a good long one"}, on=link)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}/joining/networks")
    assert "Mia Member" in words_of((await browser.get("/me")).text)
    again = await browser.get(link)
    assert again.status_code == 200
    assert "You are in already" in words_of(again.text)
    browser.sign_out()
    late = await browser.post(f"{link}/accept", {"password": ""})
    assert late.status_code == 409
    assert SESSION_COOKIE not in late.headers.get("set-cookie", "")
    assert "Sign in" in words_of(late.text)


async def test_whoever_has_been_here_before_says_yes_and_signs_in_themselves(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    mia = await a_listed_person(program, lead, "Mia Member")
    (link,) = await invited(browser, here, mia)
    await browser.sign_in(mia)
    browser.sign_out()
    page = await browser.get(link)
    assert "Choose a password" not in words_of(page.text)
    answer = await browser.post(f"{link}/accept", {}, on=link)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}/joining/networks")
    assert SESSION_COOKIE not in answer.headers.get("set-cookie", "")


async def test_a_lead_who_opens_the_link_of_somebody_else_is_told_so(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    (link,) = await invited(browser, here, await a_listed_person(program, lead, "Mia Member"))
    page = await browser.get(link)
    assert "You are signed in as Olga Owner, and this invitation is for Mia Member" in words_of(page.text)
    assert "Yes, I am in" not in words_of(page.text)
    for answer in ("accept", "decline"):
        refused = await browser.post(f"{link}/{answer}", {})
        assert refused.status_code == 409
    assert await fetch_value("SELECT state FROM spell WHERE until_on IS NULL") == "invited"


async def test_a_no_is_taken_with_or_without_a_reason(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    (link,) = await invited(browser, here, await a_listed_person(program, lead, "Mia Member"))
    browser.sign_out()
    too_long = await browser.post(f"{link}/decline", {"reason": "x" * 6000}, on=link)
    assert too_long.status_code == 422
    answer = await browser.post(f"{link}/decline", {"reason": "No time."}, on=link)
    assert (answer.status_code, answer.headers["location"]) == (303, link)
    page = await browser.get(link)
    assert page.status_code == 200
    assert "You said no, and that is fine" in words_of(page.text)
    again = await browser.post(f"{link}/decline", {})
    assert again.status_code == 409


async def test_an_invitation_that_is_too_old_is_gone(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    (link,) = await invited(browser, here, await a_listed_person(program, lead, "Mia Member"))
    await execute(
        "UPDATE installation SET clock_offset_seconds = $1", int(timedelta(days=31).total_seconds())
    )
    assert "expired on" in words_of((await browser.get(here)).text)
    browser.sign_out()
    page = await browser.get(link)
    assert page.status_code == 410
    assert "open for thirty days" in words_of(page.text)


@pytest.mark.parametrize("token", ["nonsense", "A" * 43, "%C3%A9"])
async def test_a_link_that_nobody_made_says_so(browser: Browser, token: str) -> None:
    await an_owner()
    page = await browser.get(f"/invitations/{token}")
    assert page.status_code == 404
    assert "We do not know this invitation" in words_of(page.text)
    for answer in ("accept", "decline"):
        assert (await browser.post(f"/invitations/{token}/{answer}", {})).status_code == 404


async def test_only_leads_invite(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    await browser.sign_in(await a_person_with(Role.SPONSOR, program, lead, "Sam Sponsor"))
    assert (await browser.get(f"{here}/invitations/new")).status_code == 403
    assert (await browser.post(f"{here}/invitations", {})).status_code == 403
    assert (await browser.post(f"{here}/invitations/{uuid4()}/withdrawal")).status_code == 403
    assert "/invitations/" not in (await browser.get(here)).text
