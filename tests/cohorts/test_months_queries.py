from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohorts.months.actions import retake_months
from cohorts.months.queries import cohort_months, readings_that_differ
from cohorts.months.rules import MemberDays, MonthFigures, Stretch, figures, month_windows
from cohorts.recomputations.rules import Figures
from program.database import execute, fetch, transaction
from tests.cast import NOON, a_program, an_owner
from tests.cohorts.scene import Spell, a_cohort, a_member, an_activity

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2026, 6, 1)
STATES = ("preparing", "active", "paused", "withdrawn", "finished")


@dataclass(frozen=True)
class World:
    """A cohort that began so many days ago, each member's spells, and the days on which they did something."""

    start: date
    members: tuple[tuple[tuple[Spell, ...], tuple[tuple[date, bool], ...]], ...]

    @property
    def windows(self):
        return month_windows(self.start, TODAY)

    @property
    def as_the_rules_see_it(self) -> tuple[MonthFigures, ...]:
        days = [
            MemberDays(
                active=tuple(Stretch(a, b) for state, a, b in spells if state == "active"),
                paused=tuple(Stretch(a, b) for state, a, b in spells if state == "paused"),
                acted_on=tuple(day for day, reaction in acted if not reaction),
            )
            for spells, acted in self.members
        ]
        return tuple(figures(window, days, today=TODAY) for window in self.windows)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    age = draw(st.integers(0, 200))
    start = TODAY - timedelta(days=age)
    members = []
    for _ in range(draw(st.integers(0, 5))):
        offsets = draw(st.lists(st.integers(-20, age), min_size=1, max_size=5).map(sorted))
        days = [start + timedelta(days=offset) for offset in offsets]
        states = draw(st.lists(st.sampled_from(STATES), min_size=len(days), max_size=len(days)))
        spells = tuple(zip(states, days, [*days[1:], None], strict=True))
        acted = draw(st.lists(st.tuples(st.integers(0, age), st.booleans()), max_size=4))
        members.append((spells, tuple((start + timedelta(days=offset), light) for offset, light in acted)))
    return World(start, tuple(members))


def some_worlds(many: int) -> list[World]:
    found: list[World] = []

    @settings(max_examples=many, database=None)
    @given(worlds())
    def collect(world: World) -> None:
        found.append(world)

    collect()
    return found


async def laid_down(world: World, program: UUID, owner: UUID, number: int) -> UUID:
    cohort = await a_cohort(program, owner, start=world.start, name=f"Cohort {number}")
    for spells, acted in world.members:
        enrolment = await a_member(cohort, spells)
        for day, light in acted:
            month = next(w.number for w in world.windows if w.from_on <= day < w.until_on)
            await an_activity(cohort, enrolment, day, month=month, kind="reaction" if light else "talk")
    return cohort


async def test_the_database_counts_months_as_the_rules_do() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    laid = {await laid_down(world, program, owner, n): world for n, world in enumerate(some_worlds(50))}
    found = await cohort_months(list(laid), today=TODAY)
    for cohort, world in laid.items():
        months = [month for month in found if month.cohort == cohort]
        assert tuple(month.figures for month in months) == world.as_the_rules_see_it
        assert [(m.from_on, m.until_on) for m in months] == [(w.from_on, w.until_on) for w in world.windows]
    for cohort, world in laid.items():
        async with transaction():
            await retake_months(cohort, from_on=world.start, today=TODAY, now=NOON)
    assert await cohort_months(list(laid), today=TODAY) == found
    assert await readings_that_differ(today=TODAY) == []


async def test_a_reading_that_was_tampered_with_is_named() -> None:
    owner = await an_owner()
    cohort = await a_cohort(await a_program(owner), owner, start=date(2026, 5, 1), name="North")
    await a_member(cohort, [("active", date(2026, 5, 1), None)])
    async with transaction():
        await retake_months(cohort, from_on=date(2026, 5, 1), today=TODAY, now=NOON)
    await execute(
        "UPDATE reading SET numerator = 1 WHERE measure = 'took_part_share' AND from_on = $1",
        date(2026, 5, 1),
    )
    (differing,) = await readings_that_differ(today=TODAY)
    assert (differing.cohort, differing.measure, differing.from_on) == (
        "North",
        "took_part_share",
        date(2026, 5, 1),
    )
    assert differing.kept == Figures(numerator=1, denominator=1, people=1)
    assert differing.found == Figures(numerator=0, denominator=1, people=1)


async def test_only_the_months_from_a_day_on_are_taken_again() -> None:
    owner = await an_owner()
    cohort = await a_cohort(await a_program(owner), owner, start=date(2026, 1, 31))
    async with transaction():
        await retake_months(cohort, from_on=date(2026, 3, 30), today=date(2026, 5, 1), now=NOON)
    kept = await fetch(
        "SELECT from_on, until_on FROM reading WHERE measure = 'eligible_share' ORDER BY from_on"
    )
    assert [tuple(row) for row in kept] == [
        (date(2026, 2, 28), date(2026, 3, 31)),
        (date(2026, 3, 31), date(2026, 4, 30)),
        (date(2026, 4, 30), date(2026, 5, 31)),
    ]


async def test_a_cohort_without_a_tracking_start_has_no_months() -> None:
    owner = await an_owner()
    cohort = await a_cohort(await a_program(owner), owner, start=None)
    async with transaction():
        await retake_months(cohort, from_on=TODAY, today=TODAY, now=NOON)
    assert await cohort_months([cohort], today=TODAY) == []
    assert await fetch("SELECT FROM reading") == []
