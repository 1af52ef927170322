from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from cohorts.enrolments.actions import (
    CohortHasEnded,
    MemberStays,
    ReasonMissing,
    activate,
    begin_spell,
    begin_spells,
    finish_member,
    leave_cohort,
    note_departure,
    pause_member,
    resume_member,
    suspend_member,
)
from cohorts.enrolments.rules import EnrolmentState
from program.database import execute, fetch, fetch_row, fetch_value, transaction
from program.refusals import NotAllowed, NotFound
from program.roles.rules import Role
from tests.cast import NOON, a_listed_person, a_person_with, a_program, an_owner
from tests.cohorts.scene import a_cohort, a_member, state_of

START = date(2026, 5, 1)
TODAY = date(2026, 6, 10)
pytestmark = pytest.mark.usefixtures("database")
Step = Callable[..., Awaitable[None]]


class Stage:
    """A running cohort with one active member."""

    def __init__(self, lead: UUID, program: UUID, cohort: UUID, person: UUID, member: UUID) -> None:
        self.lead, self.program, self.cohort, self.person, self.member = lead, program, cohort, person, member

    async def takes(self, step: Step, **told: Any) -> None:
        await step(
            self.cohort,
            self.member,
            **{
                "program": self.program,
                "reason": "Because.",
                "by": self.lead,
                "now": NOON,
                "today": TODAY,
                **told,
            },
        )


@pytest.fixture
async def stage(database: str) -> Stage:
    lead = await an_owner()
    program = await a_program(lead)
    cohort = await a_cohort(program, lead, start=START)
    person = await a_listed_person(program, lead, "Mia Member")
    member = await a_member(cohort, [("preparing", START, START), ("active", START, None)], person)
    return Stage(lead, program, cohort, person, member)


async def spells(member: UUID) -> list[tuple[Any, ...]]:
    rows = await fetch(
        "SELECT state, from_on, until_on, reason FROM spell WHERE enrolment = $1 ORDER BY id", member
    )
    return [tuple(row) for row in rows]


async def test_who_was_preparing_becomes_active_today(stage: Stage) -> None:
    novice = await a_member(stage.cohort, [("preparing", START, None)])
    async with transaction():
        await activate(stage.cohort, novice, by=stage.lead, now=NOON, today=TODAY)
    assert await spells(novice) == [
        ("preparing", START, TODAY, None),
        ("active", TODAY, None, None),
    ]


@pytest.mark.parametrize("state", ["active", "paused", "suspended", "withdrawn", "invited"])
async def test_nobody_else_becomes_active_by_a_certificate(stage: Stage, state: str) -> None:
    other = await a_member(stage.cohort, [(state, START, None)])
    async with transaction():
        await activate(stage.cohort, other, by=stage.lead, now=NOON, today=TODAY)
    assert await spells(other) == [(state, START, None, None)]


async def test_a_change_retakes_the_months_it_touches(stage: Stage) -> None:
    async with transaction():
        await begin_spell(
            stage.cohort, stage.member, EnrolmentState.PAUSED, on=TODAY, by=stage.lead, now=NOON
        )
    reading = await fetch_row(
        "SELECT from_on, numerator, denominator FROM reading WHERE measure = 'eligible_share'"
    )
    assert reading is not None
    assert tuple(reading) == (date(2026, 6, 1), 0, 1)


async def test_beginning_no_spell_writes_nothing(stage: Stage) -> None:
    before = await fetch_value("SELECT count(*) FROM spell")
    async with transaction():
        await begin_spells(stage.cohort, [], EnrolmentState.PAUSED, on=TODAY, by=stage.lead, now=NOON)
    assert await fetch_value("SELECT count(*) FROM spell") == before


@pytest.mark.parametrize(
    ("step", "state", "event"),
    [
        (pause_member, "paused", "member_paused"),
        (suspend_member, "suspended", "member_suspended"),
        (finish_member, "finished", "member_finished"),
    ],
)
async def test_a_lead_moves_an_active_member_and_it_is_told(
    stage: Stage, step: Step, state: str, event: str
) -> None:
    await stage.takes(step)
    assert (await spells(stage.member))[-1] == (state, TODAY, None, "Because.")
    row = await fetch_row(
        "SELECT name, about, facts FROM event WHERE program IS NOT NULL ORDER BY number DESC"
    )
    assert row is not None
    assert (row["name"], row["about"], row["facts"]) == (event, stage.person, "{}")


@pytest.mark.parametrize("away", [pause_member, suspend_member])
async def test_a_member_comes_back_to_where_they_were(stage: Stage, away: Step) -> None:
    await stage.takes(away)
    await stage.takes(resume_member)
    assert await state_of(stage.member) == "active"


async def test_who_was_suspended_before_being_active_prepares_again(stage: Stage) -> None:
    stage.member = await a_member(stage.cohort, [("preparing", START, None)])
    await stage.takes(suspend_member)
    await stage.takes(resume_member)
    assert await state_of(stage.member) == "preparing"


@pytest.mark.parametrize("step", [pause_member, resume_member, suspend_member, finish_member])
async def test_a_step_of_a_lead_needs_a_reason_and_a_lead(stage: Stage, step: Step) -> None:
    if step is resume_member:
        await stage.takes(pause_member)
    with pytest.raises(ReasonMissing) as refused:
        await stage.takes(step, reason="")
    assert refused.value.sentence().startswith("Say why")
    coach = await a_person_with(Role.REVIEWER, stage.program, stage.lead, "Rea Reviewer")
    with pytest.raises(NotAllowed):
        await stage.takes(step, by=coach)


async def test_a_step_from_the_wrong_state_is_refused_in_words(stage: Stage) -> None:
    with pytest.raises(MemberStays) as refused:
        await stage.takes(resume_member)
    assert "“active”" in refused.value.sentence()


async def test_a_membership_of_another_program_or_cohort_is_not_found(stage: Stage) -> None:
    other = await a_program(stage.lead, "Another")
    with pytest.raises(NotFound):
        await stage.takes(pause_member, program=other)
    stage.cohort = await a_cohort(stage.program, stage.lead, start=START, name="B")
    with pytest.raises(NotFound):
        await stage.takes(pause_member)


async def test_a_member_leaves_without_saying_why(stage: Stage) -> None:
    await stage.takes(leave_cohort, by=stage.person, reason="")
    assert (await spells(stage.member))[-1] == ("withdrawn", TODAY, None, None)


async def test_nobody_else_leaves_for_a_member(stage: Stage) -> None:
    with pytest.raises(NotFound):
        await stage.takes(leave_cohort)


async def test_nothing_changes_in_a_cohort_that_has_ended(stage: Stage) -> None:
    await execute("UPDATE cohort SET state = 'finished' WHERE id = $1", stage.cohort)
    with pytest.raises(CohortHasEnded) as refused:
        await stage.takes(pause_member)
    assert refused.value.sentence().startswith("This cohort has ended")
    with pytest.raises(CohortHasEnded):
        await stage.takes(leave_cohort, by=stage.person)


async def test_leaving_and_coming_back_the_same_day_keeps_the_month(stage: Stage) -> None:
    await stage.takes(pause_member, today=TODAY)
    await stage.takes(resume_member, today=TODAY)
    async with transaction():
        later = TODAY + timedelta(days=1)
        await begin_spell(
            stage.cohort, stage.member, EnrolmentState.FINISHED, on=later, by=stage.lead, now=NOON
        )
    assert [(state, from_on, until_on) for state, from_on, until_on, _ in await spells(stage.member)][
        -3:
    ] == [
        ("paused", TODAY, TODAY),
        ("active", TODAY, TODAY + timedelta(days=1)),
        ("finished", TODAY + timedelta(days=1), None),
    ]


async def test_who_left_the_company_is_withdrawn_from_what_has_not_ended_once(stage: Stage) -> None:
    ended = await a_cohort(stage.program, stage.lead, start=START, name="Over")
    finished = await a_member(ended, [("finished", START, None)], stage.person)
    for _ in range(2):
        await note_departure(stage.person, program=stage.program, by=stage.lead, now=NOON)
    assert [state for state, *_ in await spells(stage.member)] == ["preparing", "active", "withdrawn"]
    assert [state for state, *_ in await spells(finished)] == ["finished"]
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'person_departed'") == 1
