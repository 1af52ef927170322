"""The one clock: it moves forward only, for owners only, in a marked database only."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from program.database import execute, fetch_value
from program.events.queries import broken_chains
from program.installation.actions import ClockIsReal, ClockRunsForward, move_clock
from program.installation.queries import clock, machine_now
from program.refusals import NotAllowed
from tests.cast import a_person, an_owner

DAY = timedelta(days=1)


async def test_the_clock_is_the_machines_until_it_is_moved(database: str) -> None:
    before, now, after = machine_now(), (await clock()).now(), machine_now()
    assert before <= now <= after
    assert now.tzinfo is UTC


async def test_an_owner_moves_the_clock_forward_and_it_runs_on_from_there(database: str) -> None:
    to = machine_now() + 40 * DAY
    await move_clock(to, by=await an_owner())
    found = (await clock()).now()
    assert to <= found < to + timedelta(minutes=1)
    assert await fetch_value("SELECT at FROM event WHERE name = 'clock_moved'") == to
    assert await broken_chains() == []


async def test_the_clock_never_runs_back(database: str) -> None:
    owner = await an_owner()
    to = machine_now() + 40 * DAY
    await move_clock(to, by=owner)
    for earlier in (to, to - DAY, machine_now(), datetime(1970, 1, 1, tzinfo=UTC)):
        with pytest.raises(ClockRunsForward) as refused:
            await move_clock(earlier, by=owner)
        assert refused.value.sentence() == "The clock moves forward only: choose a later day."
    assert (await clock()).now() >= to


async def test_the_clock_stays_within_what_calendars_know(database: str) -> None:
    with pytest.raises(ClockRunsForward):
        await move_clock(datetime(9001, 1, 1, tzinfo=UTC), by=await an_owner())


async def test_nobody_but_an_owner_moves_the_clock(database: str) -> None:
    with pytest.raises(NotAllowed):
        await move_clock(machine_now() + DAY, by=await a_person())
    assert (await clock()).offset == timedelta()


async def test_a_database_that_is_not_marked_keeps_the_real_time(database: str) -> None:
    owner = await an_owner()
    await execute("UPDATE installation SET mark = NULL")
    with pytest.raises(ClockIsReal) as refused:
        await move_clock(machine_now() + DAY, by=owner)
    assert "cannot be moved" in refused.value.sentence()
    with pytest.raises(asyncpg.CheckViolationError):
        await execute("UPDATE installation SET clock_offset_seconds = 1")


async def test_a_database_that_was_not_migrated_has_no_clock(database: str) -> None:
    await execute("DELETE FROM installation")
    with pytest.raises(LookupError, match="not migrated"):
        await clock()
