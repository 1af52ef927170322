"""Phases, cohorts, members and month strips over the API."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from dateutil.relativedelta import relativedelta

from cohorts.cohorts.actions import appoint_coach, pause_cohort
from cohorts.months.actions import retake_months
from program.access_tokens.rules import Scope
from program.database import transaction
from program.installation.queries import machine_now
from program.roles.rules import Role
from tests.cast import (
    NOON,
    Browser,
    a_listed_person,
    a_person_with,
    counted_queries,
)
from tests.cohorts.scene import a_cohort, a_member, an_activity
from tests.web.api.caller import Caller, a_token, begun

HERE = "/api/v1/programs/employee-voices"
TODAY = machine_now().date()
START = TODAY - relativedelta(months=2)


async def a_running_cohort(program: UUID, lead: UUID, *, people: int, silent: int = 0) -> UUID:
    """A cohort in its third month, in which all but `silent` of its people took part each month."""
    cohort = await a_cohort(program, lead, start=START)
    for number in range(people):
        person = await a_listed_person(program, lead, f"Mia {number}")
        enrolment = await a_member(cohort, [("active", START, None)], person)
        for month in range(2 if number >= silent else 0):
            await an_activity(cohort, enrolment, START + relativedelta(months=month), month=month)
    async with transaction():
        await retake_months(cohort, from_on=START, today=TODAY, now=NOON)
    return cohort


async def items(caller: Caller, path: str, **asked: Any) -> list[dict[str, Any]]:
    return await caller.items(f"{HERE}/{path}", **asked)


async def test_phases_come_in_their_order_with_their_gates_and_cohorts(browser: Browser) -> None:
    lead, program, caller = await begun(browser)
    cohort = await a_cohort(program, lead, start=START)
    first, second, *_ = found = await items(caller, "phases")
    assert (first["name"], first["cohort_ids"], first["months_needed"]) == ("Pilot", [str(cohort)], 6)
    assert (second["state"], second["cohort_ids"]) == ("waiting", [])
    assert [each["gate_id"] is None for each in found] == [False] * (len(found) - 1) + [True]


async def test_a_cohort_tells_its_counts_to_those_who_may_see_them(browser: Browser) -> None:
    lead, program, caller = await begun(browser)
    cohort = await a_running_cohort(program, lead, people=3)
    lisa = Caller(browser.client, await a_token(await a_listed_person(program, lead, "Lisa Listed")))
    (seen,), (hidden,) = await items(caller, "cohorts"), await items(lisa, "cohorts")
    assert (seen["counts"], seen["tracking_start_on"]) == ({"active": 3}, START.isoformat())
    assert (hidden["name"], hidden["counts"], hidden["tracking_start_on"]) == ("Pilot", None, None)
    details = (await caller.get(f"{HERE}/cohorts/{cohort}")).json()
    assert {name: details[name] for name in seen} == seen
    assert (details["places_taken"], details["waits_for"], details["paused_from_on"]) == (3, None, None)
    assert (await lisa.get(f"{HERE}/cohorts/{cohort}")).status_code == 403


async def test_nobody_but_leads_can_work_out_that_somebody_is_suspended(browser: Browser) -> None:
    lead, program, caller = await begun(browser)
    cohort = await a_running_cohort(program, lead, people=3)
    await a_member(cohort, [("suspended", START, None)], await a_listed_person(program, lead, "Sven"))
    sponsor = await a_person_with(Role.SPONSOR, program, lead, "Sara Sponsor")
    told = (await caller.get(f"{HERE}/cohorts/{cohort}")).json()
    assert (told["counts"], told["places_taken"]) == ({"active": 3, "suspended": 1}, 4)
    hidden = (await Caller(browser.client, await a_token(sponsor)).get(f"{HERE}/cohorts/{cohort}")).json()
    assert (hidden["counts"], hidden["places_taken"]) == ({"active": 3}, None)


async def test_a_paused_cohort_says_since_when(browser: Browser) -> None:
    lead, program, caller = await begun(browser)
    cohort = await a_cohort(program, lead, start=START)
    await pause_cohort(
        cohort, reason="A reorganisation.", program=program, by=lead, now=machine_now(), today=TODAY
    )
    details = (await caller.get(f"{HERE}/cohorts/{cohort}")).json()
    assert (details["paused"], details["paused_from_on"]) == (True, TODAY.isoformat())


async def test_members_are_named_with_their_state_to_leads_and_by_name_alone_to_each_other(
    browser: Browser,
) -> None:
    lead, program, caller = await begun(browser)
    cohort = await a_running_cohort(program, lead, people=2)
    mona = await a_listed_person(program, lead, "Mona Member")
    await a_member(cohort, [("active", START, None)], mona)
    path = f"cohorts/{cohort}/members"
    named = await items(caller, path)
    assert [(each["name"], each["state"], each["took_part"]) for each in named] == [
        ("Mia 0", "active", False),
        ("Mia 1", "active", False),
        ("Mona Member", "active", False),
    ]
    fellows = await items(Caller(browser.client, await a_token(mona)), path)
    assert [each["name"] for each in fellows] == ["Mia 0", "Mia 1", "Mona Member"]
    assert {each[name] for each in fellows for name in ("person_id", "state", "job_title", "took_part")} == {
        None
    }


async def test_members_come_page_by_page_whoever_reads_them(browser: Browser) -> None:
    lead, program, caller = await begun(browser)
    cohort = await a_running_cohort(program, lead, people=3)
    mona = await a_listed_person(program, lead, "Mona Member")
    await a_member(cohort, [("active", START, None)], mona)
    for reader in (caller, Caller(browser.client, await a_token(mona))):
        names: list[str] = []
        after: dict[str, str] = {}
        for _page in range(3):
            answer = (await reader.get(f"{HERE}/cohorts/{cohort}/members", limit=2, **after)).json()
            names += [each["name"] for each in answer["items"]]
            if answer["next"] is None:
                break
            after = {"after": answer["next"]}
        assert names == ["Mia 0", "Mia 1", "Mia 2", "Mona Member"]


async def test_members_take_the_scope_for_people_and_a_role_that_sees_them(browser: Browser) -> None:
    lead, program, _caller = await begun(browser)
    cohort = await a_running_cohort(program, lead, people=1)
    coach = await a_listed_person(program, lead, "Cora Coach")
    other = await a_cohort(program, lead, start=None, name="North", position=1)
    await appoint_coach(other, coach, program=program, by=lead, now=NOON)
    sponsor = await a_person_with(Role.SPONSOR, program, lead, "Sam Sponsor")
    path = f"{HERE}/cohorts/{cohort}/members"
    for person, scopes, status in (
        (lead, [Scope.PROGRAM_READ], 403),
        (sponsor, list(Scope), 403),
        (coach, list(Scope), 404),
        (lead, [Scope.PEOPLE_READ], 200),
    ):
        answer = await Caller(browser.client, await a_token(person, scopes)).get(path)
        assert answer.status_code == status


async def test_a_month_strip_says_which_months_counted_and_why_not(browser: Browser) -> None:
    lead, program, caller = await begun(browser)
    cohort = await a_running_cohort(program, lead, people=4, silent=3)
    strip = (await caller.get(f"{HERE}/cohorts/{cohort}/months")).json()
    assert (strip["needed"], strip["counted"], strip["tracking_start_on"]) == (6, 0, START.isoformat())
    first, _second, third, *_ = strip["months"]
    assert (first["state"], first["from_on"]) == ("missed", START.isoformat())
    assert first["took_part"] == {"value": 0.25, "numerator": 1, "denominator": 4, "people": 4}
    assert first["reasons"] == [{"code": "too_few_took_part", "text": "only 1 of 4 took part"}]
    assert third["state"] == "in_progress"


async def test_a_month_strip_hides_small_groups_from_those_who_see_totals(browser: Browser) -> None:
    lead, program, _caller = await begun(browser)
    small = await a_running_cohort(program, lead, people=4, silent=3)
    sponsor = await a_person_with(Role.SPONSOR, program, lead, "Sam Sponsor")
    caller = Caller(browser.client, await a_token(sponsor))
    first = (await caller.get(f"{HERE}/cohorts/{small}/months")).json()["months"][0]
    assert (first["took_part"], first["enrolled"]) == (None, None)
    assert first["reasons"] == [{"code": "too_few_took_part", "text": "too few members took part"}]


async def test_a_cohort_that_is_not_tracked_has_no_months(browser: Browser) -> None:
    lead, program, caller = await begun(browser)
    cohort = await a_cohort(program, lead, start=None)
    strip = (await caller.get(f"{HERE}/cohorts/{cohort}/months")).json()
    assert (strip["tracking_start_on"], strip["months"], strip["completes_on"]) == (None, [], None)


@pytest.mark.parametrize("path", ["phases", "cohorts"])
async def test_a_rollout_asks_the_same_however_many_cohorts_there_are(browser: Browser, path: str) -> None:
    lead, program, caller = await begun(browser)
    counts = []
    for more in (1, 2, 47):
        for number in range(more):
            await a_cohort(program, lead, start=date(2026, 9, 1), name=f"{more}-{number}")
        await items(caller, path)
        with counted_queries() as seen:
            await items(caller, path)
        counts.append(len(seen))
    assert counts == [counts[0]] * 3
    assert counts[0] <= 9


@pytest.mark.parametrize("path", ["members", "months"])
async def test_a_cohort_asks_the_same_however_many_members_it_has(browser: Browser, path: str) -> None:
    lead, program, caller = await begun(browser)
    cohort = await a_cohort(program, lead, start=START)
    counts = []
    for more in (1, 2, 47):
        for _ in range(more):
            await a_member(cohort, [("active", START, None)])
        await caller.get(f"{HERE}/cohorts/{cohort}/{path}")
        with counted_queries() as seen:
            await caller.get(f"{HERE}/cohorts/{cohort}/{path}")
        counts.append(len(seen))
    assert counts == [counts[0]] * 3
    assert counts[0] <= 6
