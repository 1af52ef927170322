"""Cohorts with members, as the tables hold them after months of running."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta

from cohorts.criteria.actions import tick
from cohorts.months.actions import retake_months
from cohorts.readings.actions import keep_program_reading, keep_reading
from program.database import execute, fetch_value, new_id, transaction
from tests.cast import NOON, a_person

Spell = tuple[str, date, date | None]


async def a_cohort(
    program: UUID, by: UUID, *, start: date | None, name: str = "Pilot", position: int = 0
) -> UUID:
    """A cohort of the phase in that position; running since `start`, or still preparing."""
    cohort = new_id()
    await execute(
        "INSERT INTO cohort (id, program, phase, name, state, zone, tracking_start_on, made_at, made_by)"
        " SELECT $1, $2, id, $3, $4, 'Europe/Berlin', $5, $6, $7 FROM phase WHERE program = $2 AND position = $8",
        cohort,
        program,
        name,
        "running" if start else "preparing",
        start,
        NOON,
        by,
        position,
    )
    return cohort


async def a_member(cohort: UUID, spells: Sequence[Spell], person: UUID | None = None) -> UUID:
    """An enrolment of that person, or of somebody new, with its spells (state, from, until)."""
    person, enrolment = person or await a_person("Mia Member"), new_id()
    await execute(
        "INSERT INTO enrolment (id, cohort, person, made_at, made_by) VALUES ($1, $2, $3, $4, $3)",
        enrolment,
        cohort,
        person,
        NOON,
    )
    for state, from_on, until_on in spells:
        await execute(
            "INSERT INTO spell (id, cohort, enrolment, state, from_on, until_on, since_at, by)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            new_id(),
            cohort,
            enrolment,
            state,
            from_on,
            until_on,
            NOON,
            person,
        )
    return enrolment


async def an_activity(cohort: UUID, enrolment: UUID, on: date, *, month: int, kind: str = "talk") -> None:
    """An activity as `log_activity` keeps it, but for the readings."""
    await execute(
        "INSERT INTO activity (id, cohort, enrolment, kind, network, done_on, month, logged_at)"
        " VALUES ($1, $2, $3, $4, 'in_person', $5, $6, $7)",
        new_id(),
        cohort,
        enrolment,
        kind,
        on,
        month,
        NOON,
    )
    reaction = kind == "reaction"
    await execute(
        "INSERT INTO member_month (id, cohort, enrolment, month, activities, conversations, reactions)"
        " VALUES ($1, $2, $3, $4, $5, 0, $6) ON CONFLICT (cohort, enrolment, month) DO UPDATE"
        " SET activities = member_month.activities + excluded.activities,"
        "  reactions = member_month.reactions + excluded.reactions",
        new_id(),
        cohort,
        enrolment,
        month,
        int(not reaction),
        int(reaction),
    )


async def the_gate(program: UUID, position: int = 0) -> UUID:
    """The gate at the end of the phase in that position."""
    gate: UUID = await fetch_value(
        "SELECT g.id FROM gate g JOIN phase f ON f.id = g.phase WHERE g.program = $1 AND f.position = $2",
        program,
        position,
    )
    return gate


async def a_ready_pilot(program: UUID, by: UUID, *, today: date) -> UUID:
    """The gate of a pilot that has done all that is asked of it by `today`: six months, twelve learnings, every topic."""
    start = today - relativedelta(months=6)
    cohort = await a_cohort(program, by, start=start)
    for _ in range(6):
        enrolment = await a_member(cohort, [("active", start, None)])
        for month in range(6):
            await an_activity(cohort, enrolment, start + relativedelta(months=month), month=month)
    gate = await the_gate(program)
    async with transaction():
        await retake_months(cohort, from_on=start, today=today, now=NOON)
        await keep_reading(
            cohort,
            "learnings_accepted",
            span="day",
            from_on=today,
            until_on=today + timedelta(days=1),
            numerator=12,
            denominator=1,
            people=6,
            now=NOON,
        )
        await keep_program_reading(
            program, "topics_covered", on=today, numerator=5, denominator=5, people=0, now=NOON
        )
    await tick(await the_item(gate), program=program, by=by, now=NOON)
    return gate


async def the_item(gate: UUID) -> UUID:
    """The checklist item of a gate."""
    item: UUID = await fetch_value("SELECT id FROM criterion WHERE gate = $1 AND kind = 'checklist'", gate)
    return item


async def an_opened_gate(program: UUID, position: int = 0) -> None:
    """The gate at the end of that phase, as its decision leaves it."""
    await execute(
        "INSERT INTO decision (id, gate, outcome, evidence, evidence_hash, decided_at)"
        " VALUES ($1, $2, 'opened', '{}', '', $3)",
        new_id(),
        await the_gate(program, position),
        NOON,
    )


async def state_of(enrolment: UUID) -> str:
    """The state that an enrolment is in now."""
    state: str = await fetch_value(
        "SELECT state FROM spell WHERE enrolment = $1 AND until_on IS NULL", enrolment
    )
    return state
