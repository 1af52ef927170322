from datetime import date, timedelta

import pytest

from cohorts.measures.rules import Reading
from cohorts.readings.actions import keep_program_reading, keep_reading
from cohorts.readings.queries import newest_readings
from cohorts.readings.rules import NEWEST
from program.database import transaction
from tests.cast import NOON, a_program, an_owner
from tests.cohorts.scene import a_cohort

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2026, 6, 1)
TOMORROW = TODAY + timedelta(days=1)


async def test_a_reading_taken_again_replaces_the_one_before() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    cohort = await a_cohort(program, owner, start=TODAY)
    async with transaction():
        for numerator in (3, 5):
            await keep_reading(
                cohort,
                "learnings_accepted",
                span="day",
                from_on=TODAY,
                until_on=TOMORROW,
                numerator=numerator,
                denominator=1,
                people=2,
                now=NOON,
            )
    kept = await newest_readings(program, [cohort], ["learnings_accepted", "reach"])
    assert kept.readings == {
        "learnings_accepted": (
            Reading(cohort=cohort, from_on=TODAY, until_on=TOMORROW, numerator=5, denominator=1, people=2),
        )
    }


async def test_a_reading_of_the_program_says_what_it_lacks_by_the_newest() -> None:
    program = await a_program(await an_owner())
    async with transaction():
        for back, lacking in ((1, ("advocates",)), (0, ("journalists",)), (0, ("disclosure",))):
            await keep_program_reading(
                program,
                "own_measure",
                on=TODAY - timedelta(days=back),
                numerator=4 - back,
                denominator=5,
                people=0,
                now=NOON,
                lacking=lacking,
            )
    kept = await newest_readings(program, [], ["own_measure"])
    assert kept.lacking == {"own_measure": ("disclosure",)}
    newest, before = kept.readings["own_measure"]
    assert newest == Reading(
        cohort=None, from_on=TODAY, until_on=TOMORROW, numerator=4, denominator=5, people=0
    )
    assert before.from_on == TODAY - timedelta(days=1)


async def test_looking_back_costs_the_same_however_much_was_read() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    async with transaction():
        for back in range(NEWEST + 5):
            await keep_program_reading(
                program,
                "own_measure",
                on=TODAY - timedelta(days=back),
                numerator=1,
                denominator=1,
                people=0,
                now=NOON,
            )
    kept = await newest_readings(program, [], ["own_measure"])
    assert len(kept.readings["own_measure"]) == NEWEST
