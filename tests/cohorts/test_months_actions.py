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


async def test_every_night_the_months_of_running_cohorts_are_kept() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    cohort = await a_cohort(program, owner, start=START)
    await a_member(cohort, [("active", START, None)])
    await a_cohort(program, owner, start=None, name="Waiting")
    finished = await a_cohort(program, owner, start=START, name="Finished")
    await execute("UPDATE cohort SET state = 'finished' WHERE id = $1", finished)
    begun = [(date(2026, month, 15), 1) for month in (1, 2, 3, 4)]
    for _ in range(2):
        await retake_running_months(datetime(2026, 4, 20, 12, tzinfo=UTC))
        assert await kept() == begun
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


async def test_months_that_ended_while_nobody_looked_are_read_as_they_came_out() -> None:
    owner = await an_owner()
    cohort = await a_cohort(await a_program(owner), owner, start=START)
    member = await a_member(cohort, [("active", START, None)])
    await retake_running_months(datetime(2026, 2, 20, 12, tzinfo=UTC))
    await execute("UPDATE spell SET until_on = $2 WHERE enrolment = $1", member, date(2026, 3, 1))
    await execute(
        "INSERT INTO spell (id, cohort, enrolment, state, from_on, since_at, by)"
        " SELECT gen_random_uuid(), cohort, enrolment, 'paused', until_on, since_at, by FROM spell"
    )
    await retake_running_months(datetime(2026, 8, 20, 12, tzinfo=UTC))
    assert await kept() == [(date(2026, month, 15), int(month == 1)) for month in range(1, 9)]
    assert await readings_that_differ(today=date(2026, 8, 20)) == []


@pytest.mark.parametrize("unread", [date(2026, 1, 15), date(2026, 3, 15)])
async def test_a_month_that_nobody_read_is_read_though_later_ones_were(unread: date) -> None:
    owner = await an_owner()
    cohort = await a_cohort(await a_program(owner), owner, start=START)
    await a_member(cohort, [("active", START, None)])
    await retake_running_months(datetime(2026, 8, 20, 12, tzinfo=UTC))
    await execute("DELETE FROM reading WHERE from_on = $1", unread)
    await retake_running_months(datetime(2026, 8, 21, 12, tzinfo=UTC))
    assert [day for day, _ in await kept()] == [date(2026, month, 15) for month in range(1, 9)]
