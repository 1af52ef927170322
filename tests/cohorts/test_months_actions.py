from datetime import UTC, date, datetime, timedelta

import pytest

from cohorts.months.actions import retake_running_months
from cohorts.months.queries import readings_that_differ
from program.database import execute, fetch
from tests.cast import a_program, an_owner
from tests.cohorts.scene import a_cohort, a_member

pytestmark = pytest.mark.usefixtures("database")
START = date(2026, 1, 15)


async def kept() -> list[tuple[date, int]]:
    rows = await fetch(
        "SELECT from_on, numerator FROM reading WHERE measure = 'eligible_share' ORDER BY from_on"
    )
    return [(row["from_on"], row["numerator"]) for row in rows]


async def test_every_night_the_newest_months_of_running_cohorts_are_kept() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    cohort = await a_cohort(program, owner, start=START)
    await a_member(cohort, [("active", START, None)])
    await a_cohort(program, owner, start=None, name="Waiting")
    finished = await a_cohort(program, owner, start=START, name="Finished")
    await execute("UPDATE cohort SET state = 'finished' WHERE id = $1", finished)
    for _ in range(2):
        await retake_running_months(datetime(2026, 4, 20, 12, tzinfo=UTC))
    assert await kept() == [(date(2026, 3, 15), 1), (date(2026, 4, 15), 1)]
    assert await readings_that_differ(today=date(2026, 4, 20)) == []


async def test_the_day_is_that_of_the_cohorts_zone() -> None:
    owner = await an_owner()
    cohort = await a_cohort(await a_program(owner), owner, start=START)
    late_on_the_14th_in_utc = datetime(2026, 2, 14, 23, 30, tzinfo=UTC)
    await retake_running_months(late_on_the_14th_in_utc)
    assert [day for day, _ in await kept()] == [START, START + timedelta(days=31)]
    await execute("DELETE FROM reading")
    await execute("UPDATE cohort SET zone = 'America/New_York' WHERE id = $1", cohort)
    await retake_running_months(late_on_the_14th_in_utc)
    assert [day for day, _ in await kept()] == [START]
