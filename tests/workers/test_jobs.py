"""The sweep: what a new day changes is taken, and taking it again changes nothing."""

import asyncio
from collections.abc import Sequence
from contextvars import Context
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from cohorts.gates.judged import judged_gates
from program.database import execute, fetch, fetch_value
from program.installation.actions import move_clock, sweeping
from program.installation.queries import LONGEST_WITHOUT_A_SWEEP, clock, machine_now
from program.settings import Settings
from tests.cast import an_owner
from tests.conftest import EMPTIED
from tests.world import TODAY, make_world
from workers.jobs import sweep, sweep_if_due, worker

A_DAY = timedelta(days=1)
A_MONTH = timedelta(days=31)
DAYS = 60
LAPSES_ON, DUE_ON = date(2027, 3, 9), date(2027, 3, 20)


async def readings() -> list[tuple[Any, ...]]:
    rows = await fetch(
        "SELECT cohort, measure, span, from_on, numerator, denominator, people FROM reading"
        " UNION ALL SELECT program, measure, 'program', read_on, numerator, denominator, people FROM program_reading"
        " ORDER BY 1, 2, 3, 4"
    )
    return [tuple(row) for row in rows]


async def events() -> int:
    return int(await fetch_value("SELECT sum(number) FROM chain"))


async def later(by: timedelta) -> None:
    await execute(
        "UPDATE installation SET clock_offset_seconds = clock_offset_seconds + $1", int(by.total_seconds())
    )


async def swept_at() -> datetime | None:
    found: datetime | None = await fetch_value("SELECT swept_at FROM installation")
    return found


async def readings_of(measure: str, program: UUID) -> list[Any]:
    rows = await fetch(
        "SELECT read_on FROM program_reading WHERE measure = $1 AND program = $2 ORDER BY read_on",
        measure,
        program,
    )
    return [row["read_on"] for row in rows]


async def test_the_sweep_may_run_twice(settings: Settings) -> None:
    await make_world(settings.secret)
    await sweep()
    after_one = (await readings(), await events())
    await sweep()
    assert (await readings(), await events()) == after_one


async def test_the_sweep_begins_the_month_that_has_begun_and_reads_how_fresh_the_playbook_is(
    settings: Settings,
) -> None:
    world = await make_world(settings.secret)
    months = "SELECT count(DISTINCT from_on) FROM reading WHERE span = 'month'"
    before = await fetch_value(months)
    await later(A_MONTH)
    await sweep()
    assert await fetch_value(months) == before + 1
    assert (await readings_of("freshness", world.program))[-1] == TODAY + A_MONTH


async def test_the_sweep_forgets_what_waited_in_vain(settings: Settings) -> None:
    await make_world(settings.secret)
    counts = "SELECT (SELECT count(*) FROM deleted_activity), (SELECT count(*) FROM activity_import_row)"
    await sweep()
    assert tuple((await fetch(counts))[0]) == (1, 2)
    await later(timedelta(days=3))
    await sweep()
    assert tuple((await fetch(counts))[0]) == (0, 0)


async def test_with_no_program_there_is_nothing_to_sweep(database: str) -> None:
    await sweep()
    assert await readings() == []


async def test_the_worker_sweeps_once_an_hour_and_when_it_starts() -> None:
    (job,) = worker("redis://localhost:6379").cron_jobs
    assert (job.run_at_startup, job.minute, job.hour, job.keep_result_s) == (True, 7, None, 0)


async def lived(settings: Settings, steps: Sequence[int]) -> dict[str, Any]:
    """What stands after `DAYS` days in the world, lived in steps of so many days with a sweep after each.

    In that time a certificate lapses, entries fall due, and two months of the pilot end.
    """
    assert sum(steps) == DAYS
    await execute(EMPTIED)
    world = await make_world(settings.secret)
    await execute(
        "UPDATE certificate SET valid_until_on = $1 WHERE id = $2", LAPSES_ON, UUID(world.ids["certificate"])
    )
    await execute("UPDATE entry SET verified_on = $1::date - verify_every_days WHERE kind = 'do'", DUE_ON)
    await sweep()
    for days in steps:
        await later(timedelta(days=days))
        await sweep()
    gates = await judged_gates(world.program, today=TODAY + timedelta(days=DAYS))
    return {
        "readings": await rows(
            "SELECT c.name, r.measure, r.span, r.from_on, r.until_on, r.numerator, r.denominator, r.people"
            " FROM reading r JOIN cohort c ON c.id = r.cohort ORDER BY 1, 2, 3, 4"
        ),
        "program readings": await rows(
            "SELECT p.name, r.measure, r.read_on, r.numerator, r.denominator, r.people, r.lacking"
            " FROM program_reading r JOIN program p ON p.id = r.program ORDER BY 1, 2, 3"
        ),
        "gates": [(gate.name, gate.state, len(gate.holding)) for gate in gates],
        "told ready": await rows("SELECT ended_at IS NULL FROM readiness ORDER BY found_at"),
        "reminders": await rows(
            "SELECT r.kind, p.name, r.due_on FROM reminder r JOIN person p ON p.id = r.person"
            " WHERE r.kind <> 'entries_due' ORDER BY 1, 2, 3"
        ),
    }


async def rows(sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await fetch(sql)]


@pytest.mark.parametrize("steps", [[DAYS], [30, 30], [7, 1, 50, 2]])
async def test_a_jump_leaves_what_living_through_each_day_of_it_would_have_left(
    settings: Settings, steps: list[int]
) -> None:
    day_by_day = await lived(settings, [1] * DAYS)
    jumped = await lived(settings, steps)
    assert set(jumped["reminders"]) <= set(day_by_day["reminders"])
    assert {
        ("certificate_lapsed", "Paula Pilot", LAPSES_ON),
        ("condition_due", "Lena Lead", date(2027, 4, 2)),
    } <= {*jumped["reminders"]}
    assert {**jumped, "reminders": None} == {**day_by_day, "reminders": None}
    shares = [row for row in jumped["readings"] if row[1] == "certified_share" and row[0] == "Pilot"]
    assert [row[5] for row in shares if row[3] in (LAPSES_ON - A_DAY, LAPSES_ON)] == [3, 2]
    assert (
        len([row for row in jumped["program readings"] if row[1] == "freshness" and row[2] > TODAY])
        == 2 * DAYS
    )


async def test_a_moved_clock_is_followed_and_then_there_is_nothing_more_to_do(settings: Settings) -> None:
    world = await make_world(settings.secret)
    assert await sweep_if_due() is True
    assert await sweep_if_due() is False
    await move_clock((await clock()).now() + A_MONTH, by=UUID(world.ids["owner"]))
    assert await swept_at() is None
    assert await sweep_if_due() is True
    assert await swept_at() is not None
    assert await sweep_if_due() is False


async def test_what_the_hourly_sweep_missed_is_made_up_for(database: str) -> None:
    await sweep()
    await execute(
        "UPDATE installation SET swept_at = $1", machine_now() - LONGEST_WITHOUT_A_SWEEP + A_DAY / 1440
    )
    assert await sweep_if_due() is False
    await execute("UPDATE installation SET swept_at = $1", machine_now() - LONGEST_WITHOUT_A_SWEEP)
    assert await sweep_if_due() is True


async def test_while_one_worker_sweeps_another_leaves_it_to_them(database: str) -> None:
    async with sweeping() as held:
        assert held is not None
        assert await asyncio.create_task(sweep(), context=Context()) is False
    assert await sweep() is True


async def test_a_step_that_fails_keeps_no_other_from_being_taken_and_the_sweep_is_tried_again(
    database: str,
) -> None:
    taken = []

    async def fails(_now: datetime) -> None:
        raise LookupError("what it looks for is not there")

    async def works(now: datetime) -> None:
        taken.append(now)

    with pytest.raises(ExceptionGroup) as failed:
        await sweep((fails, works))
    assert [type(trouble) for trouble in failed.value.exceptions] == [LookupError]
    assert len(taken) == 1
    assert await swept_at() is None
    assert await sweep_if_due() is True


async def test_a_clock_that_is_moved_during_a_sweep_is_followed_by_the_next(database: str) -> None:
    owner = await an_owner()

    async def moves(now: datetime) -> None:
        await move_clock(now + A_MONTH, by=owner)

    await sweep((moves,))
    assert await swept_at() is None
    assert await sweep_if_due() is True
    assert await swept_at() is not None
