"""The sweep: what a new day changes is taken, and taking it again changes nothing."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from program.database import execute, fetch, fetch_value
from program.settings import Settings
from tests.world import TODAY, make_world
from workers.jobs import sweep, worker

A_MONTH = timedelta(days=31)


async def readings() -> list[tuple[Any, ...]]:
    rows = await fetch(
        "SELECT cohort, measure, span, from_on, numerator, denominator, people FROM reading"
        " UNION ALL SELECT program, measure, 'program', read_on, numerator, denominator, people FROM program_reading"
        " ORDER BY 1, 2, 3, 4"
    )
    return [tuple(row) for row in rows]


async def events() -> int:
    return int(await fetch_value("SELECT sum(number) FROM chain"))


async def readings_of(measure: str, program: UUID) -> list[Any]:
    rows = await fetch(
        "SELECT read_on FROM program_reading WHERE measure = $1 AND program = $2 ORDER BY read_on",
        measure,
        program,
    )
    return [row["read_on"] for row in rows]


async def test_the_sweep_may_run_twice(settings: Settings) -> None:
    await make_world(settings.secret)
    await sweep({})
    after_one = (await readings(), await events())
    await sweep({})
    assert (await readings(), await events()) == after_one


async def test_the_sweep_begins_the_month_that_has_begun_and_reads_how_fresh_the_playbook_is(
    settings: Settings,
) -> None:
    world = await make_world(settings.secret)
    months = "SELECT count(DISTINCT from_on) FROM reading WHERE span = 'month'"
    before = await fetch_value(months)
    await execute(
        "UPDATE installation SET clock_offset_seconds = clock_offset_seconds + $1",
        int(A_MONTH.total_seconds()),
    )
    await sweep({})
    assert await fetch_value(months) == before + 1
    assert (await readings_of("freshness", world.program))[-1] == TODAY + A_MONTH


async def test_the_sweep_forgets_what_waited_in_vain(settings: Settings) -> None:
    await make_world(settings.secret)
    counts = "SELECT (SELECT count(*) FROM deleted_activity), (SELECT count(*) FROM activity_import_row)"
    await sweep({})
    assert tuple((await fetch(counts))[0]) == (1, 2)
    await execute("UPDATE installation SET clock_offset_seconds = clock_offset_seconds + 3 * 86400")
    await sweep({})
    assert tuple((await fetch(counts))[0]) == (0, 0)


async def test_with_no_program_there_is_nothing_to_sweep(database: str) -> None:
    await sweep({})
    assert await readings() == []


async def test_the_worker_sweeps_once_an_hour_and_when_it_starts() -> None:
    (job,) = worker("redis://localhost:6379").cron_jobs
    assert (job.run_at_startup, job.minute, job.hour, job.keep_result_s) == (True, 7, None, 0)
