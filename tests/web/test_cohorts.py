from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from cohorts.cohorts.actions import pause_cohort
from cohorts.months.rules import month_window
from program.database import fetch_value
from program.installation.queries import machine_now
from program.roles.rules import Role
from tests.cast import (
    Browser,
    a_listed_person,
    a_person,
    a_person_with,
    a_program,
    an_owner,
    counted_queries,
    words_of,
)
from tests.cohorts.scene import a_cohort, a_member, an_activity, state_of

HOME = "/programs/employee-voices"
pytestmark = pytest.mark.usefixtures("database")


async def begun(browser: Browser) -> tuple[UUID, UUID]:
    """A lead who is signed in, and their program."""
    lead = await an_owner()
    program = await a_program(lead)
    await browser.sign_in(lead)
    return lead, program


async def formed(browser: Browser, name: str = "Pilot", position: int = 0) -> str:
    """The address of a cohort formed by whoever is signed in."""
    phase = await fetch_value("SELECT id FROM phase WHERE position = $1", position)
    answer = await browser.post(
        f"{HOME}/cohorts", {"name": name, "phase": str(phase)}, on=f"{HOME}/cohorts/new"
    )
    assert answer.status_code == 303, words_of(answer.text)
    return str(answer.headers["location"])


async def takes(browser: Browser, here: str, step: str, **values: str) -> str:
    """What the page says after a step."""
    answer = await browser.post(f"{here}/steps", {"step": step, **values}, on=here)
    if answer.status_code == 303:
        answer = await browser.get(here)
    return words_of(answer.text)


async def test_a_cohort_needs_a_name_and_a_phase(browser: Browser) -> None:
    await begun(browser)
    answer = await browser.post(f"{HOME}/cohorts", {"name": "", "phase": "x"}, on=f"{HOME}/cohorts/new")
    assert answer.status_code == 422
    assert 'id="name-problem"' in answer.text
    assert 'id="phase-problem"' in answer.text


async def test_a_name_that_is_taken_is_told_at_its_field(browser: Browser) -> None:
    await begun(browser)
    await formed(browser)
    phase = await fetch_value("SELECT id FROM phase WHERE position = 1")
    answer = await browser.post(
        f"{HOME}/cohorts", {"name": "Pilot", "phase": str(phase)}, on=f"{HOME}/cohorts/new"
    )
    assert answer.status_code == 422
    assert 'id="name-problem"' in answer.text
    assert 'value="Pilot"' in answer.text


async def test_an_empty_cohort_says_what_belongs_there(browser: Browser) -> None:
    await begun(browser)
    told = words_of((await browser.get(await formed(browser))).text)
    assert "Nobody is here yet" in told
    assert "It begins to prepare with its first invitation." in told


async def test_a_cohort_goes_through_its_steps(browser: Browser) -> None:
    await begun(browser)
    here = await formed(browser)
    assert "is preparing" in await takes(browser, here, "prepare")
    assert "Nobody is active yet" in words_of((await browser.get(here)).text)
    await a_member(UUID(here.rpartition("/")[2]), [("active", date(2026, 1, 1), None)])
    assert "its months are tracked" in await takes(browser, here, "start")
    assert "Tracked months 0 of 6" in words_of((await browser.get(here)).text)
    refused = await browser.post(f"{here}/steps", {"step": "pause", "reason": ""}, on=here)
    assert refused.status_code == 422
    assert "Please fill this in." in words_of(refused.text)
    assert "This cohort is paused" in await takes(browser, here, "pause", reason="Summer")
    assert "Summer" in words_of((await browser.get(here)).text)
    assert "its months are tracked" in await takes(browser, here, "resume")
    assert "This cohort is finished" in await takes(browser, here, "finish")


async def test_a_step_that_is_barred_or_unknown_changes_nothing(browser: Browser) -> None:
    await begun(browser)
    here = await formed(browser, "First circle", position=1)
    assert "The gate at the end of “Pilot” is still shut" in await takes(browser, here, "prepare")
    answer = await browser.post(f"{here}/steps", {"step": "fly"}, on=here)
    assert answer.status_code == 422
    assert await fetch_value("SELECT state FROM cohort") == "forming"


async def test_a_cohort_is_stopped_with_a_reason(browser: Browser) -> None:
    await begun(browser)
    assert "was stopped" in await takes(browser, await formed(browser), "stop", reason="No longer needed.")


async def test_a_lead_appoints_a_coach_and_ends_it(browser: Browser) -> None:
    lead, program = await begun(browser)
    cora = await a_listed_person(program, lead, "Cora Coach")
    here = await formed(browser)
    found = await browser.get(f"{here}/coaches/new?search=cora")
    assert "Cora Coach" in found.text
    assert "Olga Owner" not in words_of(found.text).split("Who coaches this cohort?")[1]
    refused = await browser.post(f"{here}/coaches", {}, on=f"{here}/coaches/new?search=cora")
    assert refused.status_code == 422
    answer = await browser.post(
        f"{here}/coaches", {"person": str(cora)}, on=f"{here}/coaches/new?search=cora"
    )
    assert answer.status_code == 303
    assert "Cora Coach" in (await browser.get(here)).text
    again = await browser.post(f"{here}/coaches", {"person": str(cora)})
    assert again.status_code == 422
    assert "They coach this cohort already." in words_of(again.text)
    await browser.post(f"{here}/coaches/{cora}/end", on=here)
    assert "Cora Coach" not in (await browser.get(here)).text


async def a_running_cohort(program: UUID, lead: UUID, people: int, *, today: date) -> UUID:
    """Running since the first of last month; every second member took part this month."""
    start = today.replace(day=1)
    cohort = await a_cohort(program, lead, start=start)
    month = 0
    while month_window(start, month).until_on <= today:
        month += 1
    for number in range(people):
        person = await a_person(f"Member {number:02}")
        member = await a_member(cohort, [("active", start, None)], person)
        if number % 2 == 0:
            await an_activity(cohort, member, today, month=month)
    return cohort


@pytest.mark.parametrize("people", [1, 3, 50])
async def test_the_page_of_a_cohort_costs_the_same_however_many_members_it_has(
    browser: Browser, people: int
) -> None:
    lead, program = await begun(browser)
    cohort = await a_running_cohort(program, lead, people, today=date.today())  # noqa: DTZ011
    await browser.get(f"{HOME}/cohorts/{cohort}")
    await a_cohort(program, lead, start=None, name="Another")
    await browser.sign_in(lead)
    with counted_queries() as seen:
        page = await browser.get(f"{HOME}/cohorts/{cohort}")
    assert page.status_code == 200
    assert page.text.count("Member ") >= people
    assert len(seen) == 5


async def test_a_page_is_looked_up_anew_once_something_happened(browser: Browser) -> None:
    lead, program = await begun(browser)
    cohort = await a_running_cohort(program, lead, 3, today=date.today())  # noqa: DTZ011
    first = await browser.get(f"{HOME}/cohorts/{cohort}")
    with counted_queries() as seen:
        again = await browser.get(f"{HOME}/cohorts/{cohort}")
    assert words_of(again.text) == words_of(first.text)
    assert len(seen) == 1
    by: dict[str, Any] = {"by": lead, "now": machine_now(), "today": date.today()}  # noqa: DTZ011
    await pause_cohort(cohort, program=program, reason="A reorganisation.", **by)
    assert "A reorganisation." in (await browser.get(f"{HOME}/cohorts/{cohort}")).text


async def test_a_coach_sees_by_name_who_took_part_and_no_invitation(browser: Browser) -> None:
    lead, program = await begun(browser)
    cohort = await a_running_cohort(program, lead, 2, today=date.today())  # noqa: DTZ011
    coach = await a_listed_person(program, lead, "Cora Coach")
    await browser.post(f"{HOME}/cohorts/{cohort}/coaches", {"person": str(coach)})
    await browser.sign_in(coach)
    page = await browser.get(f"{HOME}/cohorts/{cohort}")
    told = words_of(page.text)
    assert "Member 00" in told
    assert "yes" in told
    assert "not yet" in told
    assert "/invitations/" not in page.text
    assert "Start tracking" not in told
    other = await a_cohort(program, lead, start=None, name="Another")
    assert (await browser.get(f"{HOME}/cohorts/{other}")).status_code == 404


async def test_a_member_sees_names_and_no_figures_of_others(browser: Browser) -> None:
    lead, program = await begun(browser)
    cohort = await a_running_cohort(program, lead, 3, today=date.today())  # noqa: DTZ011
    mia = await a_listed_person(program, lead, "Mia Member")
    await a_member(cohort, [("active", date(2026, 1, 1), None)], mia)
    noa = await a_person("Noa Novice")
    await a_member(cohort, [("suspended", date(2026, 1, 1), None)], noa)
    await browser.sign_in(mia)
    page = await browser.get(f"{HOME}/cohorts/{cohort}")
    told = words_of(page.text)
    assert "Member 01" in told
    assert "Noa Novice" not in told
    assert "suspended" not in told
    assert "Took part this month" not in told
    assert "Places of the phase" not in told


async def test_a_sponsor_sees_totals_and_nobodys_name(browser: Browser) -> None:
    lead, program = await begun(browser)
    cohort = await a_running_cohort(program, lead, 6, today=date.today())  # noqa: DTZ011
    await browser.sign_in(await a_person_with(Role.SPONSOR, program, lead, "Sam Sponsor"))
    told = words_of((await browser.get(f"{HOME}/cohorts/{cohort}")).text)
    assert "6 active" in told
    assert "3 of 6" in told
    assert "Member 00" not in told


async def test_people_beyond_the_first_fifty_stand_on_the_next_page(browser: Browser) -> None:
    lead, program = await begun(browser)
    cohort = await a_cohort(program, lead, start=None)
    for number in range(51):
        await a_member(cohort, [("preparing", date(2026, 1, 1), None)], await a_person(f"Member {number:02}"))
    page = await browser.get(f"{HOME}/cohorts/{cohort}")
    assert "Member 49" in page.text
    assert "Member 50" not in page.text
    last = await fetch_value(
        "SELECT e.id FROM enrolment e JOIN person p ON p.id = e.person WHERE p.name = 'Member 49'"
    )
    assert f"?after={last}" in page.text
    page = await browser.get(f"{HOME}/cohorts/{cohort}?after={last}")
    assert "Member 50" in page.text
    assert "Member 49" not in page.text
    assert (await browser.get(f"{HOME}/cohorts/{cohort}?after=nonsense")).status_code == 200


async def test_who_has_no_part_in_a_cohort_does_not_see_it(browser: Browser) -> None:
    lead, program = await begun(browser)
    here = await formed(browser)
    await browser.sign_in(await a_listed_person(program, lead, "Lou Listed"))
    assert (await browser.get(here)).status_code == 403
    assert (await browser.get(f"{HOME}/cohorts/new")).status_code == 403
    assert (await browser.post(f"{here}/steps", {"step": "prepare"})).status_code == 403
    await browser.sign_in(await a_person("Otto Outsider"))
    assert (await browser.get(here)).status_code == 404
    browser.sign_out()
    assert (await browser.get(here)).status_code == 303


async def test_a_cohort_of_another_program_is_not_found(browser: Browser) -> None:
    lead, _ = await begun(browser)
    other = await a_program(lead, "Another")
    cohort = await a_cohort(other, lead, start=None)
    assert (await browser.get(f"{HOME}/cohorts/{cohort}")).status_code == 404
    assert (await browser.post(f"{HOME}/cohorts/{cohort}/steps", {"step": "prepare"})).status_code == 404
    assert (await browser.get(f"{HOME}/cohorts/{uuid4()}/coaches/new")).status_code == 404


async def test_a_lead_moves_a_member_and_the_member_reads_why(browser: Browser) -> None:
    lead, program = await begun(browser)
    cohort = await a_cohort(program, lead, start=None)
    mia = await a_listed_person(program, lead, "Mia Member")
    member = await a_member(cohort, [("active", date(2026, 1, 1), None)], mia)
    here = f"{HOME}/cohorts/{cohort}/members/{member}"
    refused = await browser.post(f"{here}/steps", {"step": "pause", "reason": ""}, on=here)
    assert refused.status_code == 422
    refused = await browser.post(f"{here}/steps", {"step": "resume", "reason": "x"}, on=here)
    assert refused.status_code == 422
    assert "cannot be done any more" in words_of(refused.text)
    answer = await browser.post(f"{here}/steps", {"step": "pause", "reason": "Parental leave"}, on=here)
    assert (answer.status_code, await state_of(member)) == (303, "paused")
    await browser.sign_in(mia)
    told = words_of((await browser.get(here)).text)
    assert "You are marked as “pausing”" in told
    assert "Parental leave" in told
    assert "Bring back" not in told


async def test_a_member_leaves_from_their_own_page(browser: Browser) -> None:
    lead, program = await begun(browser)
    cohort = await a_cohort(program, lead, start=None)
    mia = await a_listed_person(program, lead, "Mia Member")
    member = await a_member(cohort, [("active", date(2026, 1, 1), None)], mia)
    here = f"{HOME}/cohorts/{cohort}/members/{member}"
    assert (await browser.post(f"{here}/leave", {"reason": ""})).status_code == 404
    await browser.sign_in(mia)
    too_long = await browser.post(f"{here}/leave", {"reason": "x" * 6000}, on=here)
    assert too_long.status_code == 422
    answer = await browser.post(f"{here}/leave", {"reason": ""}, on=here)
    assert (answer.status_code, answer.headers["location"]) == (303, HOME)
    assert await state_of(member) == "withdrawn"
    page = await browser.get(here)
    assert "Leave the cohort" not in words_of(page.text)


async def test_the_membership_of_somebody_else_is_not_found(browser: Browser) -> None:
    lead, program = await begun(browser)
    cohort = await a_cohort(program, lead, start=None)
    member = await a_member(cohort, [("active", date(2026, 1, 1), None)])
    here = f"{HOME}/cohorts/{cohort}/members/{member}"
    noa = await a_listed_person(program, lead, "Noa Novice")
    await browser.sign_in(noa)
    assert (await browser.get(here)).status_code == 404
    assert (await browser.post(f"{here}/steps", {"step": "pause", "reason": "x"})).status_code == 403
    assert (await browser.get(f"{HOME}/cohorts/{cohort}/members/{uuid4()}")).status_code == 404
