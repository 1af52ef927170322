"""Answers what each measure is, what a reading of it comes to, and to whom a figure may be shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import TypeVar
from uuid import UUID

AT_LEAST_PEOPLE = 5

Group = TypeVar("Group")


class Unit(StrEnum):
    MONTHS = "months"
    SHARE = "share"
    COUNT = "count"
    NUMBER = "number"
    PER_HUNDRED = "per_hundred"
    HOURS = "hours"


class Direction(StrEnum):
    """Which way is better; `UP` is more."""

    UP = "up"
    DOWN = "down"


class Over(StrEnum):
    """What stretch of time a reading tells of."""

    MONTH = "month"
    TRAILING = "trailing"
    SO_FAR = "so_far"
    THAT_DAY = "that_day"


class Figure(StrEnum):
    """How a value comes out of a reading's numerator and denominator.

    A quotient divides them, and those of several cohorts pool. A sum is its numerator; its denominator only says
    how many were measured (1 for a count that needs no measuring). A median is a quotient that does not pool.
    """

    QUOTIENT = "quotient"
    SUM = "sum"
    MEDIAN = "median"


class Foreseen(StrEnum):
    """How one may tell when a target will be met."""

    BY_CALENDAR = "by_calendar"
    BY_LINE = "by_line"
    WHEN_WRITTEN = "when_written"
    WHEN_CLOSED = "when_closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A measure as it is defined, once; `of_people` where its figures rest on people and may give few away."""

    name: str
    unit: Unit
    direction: Direction
    over: Over
    figure: Figure = Figure.QUOTIENT
    foreseen: Foreseen = Foreseen.BY_LINE
    per: int = 1
    of_people: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a measure came to over the days [from_on, until_on); without a cohort, in the whole program."""

    cohort: UUID | None
    from_on: date
    until_on: date
    numerator: int | Decimal | Fraction
    denominator: int | Decimal | Fraction
    people: int


_UP, _DOWN = Direction.UP, Direction.DOWN

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        measure.name: measure
        for measure in (
            Measure(
                name="tracked_months",
                unit=Unit.MONTHS,
                direction=_UP,
                over=Over.SO_FAR,
                figure=Figure.SUM,
                foreseen=Foreseen.BY_CALENDAR,
                of_people=False,
            ),
            Measure(name="took_part_share", unit=Unit.SHARE, direction=_UP, over=Over.MONTH),
            Measure(name="activities_per_member", unit=Unit.NUMBER, direction=_UP, over=Over.MONTH),
            Measure(name="conversation_share", unit=Unit.SHARE, direction=_UP, over=Over.MONTH),
            Measure(
                name="originality", unit=Unit.NUMBER, direction=_UP, over=Over.TRAILING, figure=Figure.MEDIAN
            ),
            Measure(name="robot_effect", unit=Unit.SHARE, direction=_DOWN, over=Over.TRAILING),
            Measure(name="self_initiated_share", unit=Unit.SHARE, direction=_UP, over=Over.MONTH),
            Measure(name="reach", unit=Unit.COUNT, direction=_UP, over=Over.MONTH, figure=Figure.SUM),
            Measure(
                name="learnings_accepted",
                unit=Unit.COUNT,
                direction=_UP,
                over=Over.SO_FAR,
                figure=Figure.SUM,
                of_people=False,
            ),
            Measure(name="learnings_per_member", unit=Unit.NUMBER, direction=_UP, over=Over.SO_FAR),
            Measure(
                name="topics_covered",
                unit=Unit.SHARE,
                direction=_UP,
                over=Over.THAT_DAY,
                foreseen=Foreseen.WHEN_WRITTEN,
                of_people=False,
            ),
            Measure(name="freshness", unit=Unit.SHARE, direction=_UP, over=Over.THAT_DAY, of_people=False),
            Measure(name="certified_share", unit=Unit.SHARE, direction=_UP, over=Over.THAT_DAY),
            Measure(
                name="incident_rate",
                unit=Unit.PER_HUNDRED,
                direction=_DOWN,
                over=Over.TRAILING,
                per=100,
                of_people=False,
            ),
            Measure(
                name="grave_incidents_open",
                unit=Unit.COUNT,
                direction=_DOWN,
                over=Over.THAT_DAY,
                figure=Figure.SUM,
                foreseen=Foreseen.WHEN_CLOSED,
                of_people=False,
            ),
            Measure(
                name="response_time",
                unit=Unit.HOURS,
                direction=_DOWN,
                over=Over.TRAILING,
                figure=Figure.MEDIAN,
                of_people=False,
            ),
            Measure(name="literacy", unit=Unit.SHARE, direction=_UP, over=Over.THAT_DAY),
            Measure(name="buy_in", unit=Unit.NUMBER, direction=_UP, over=Over.THAT_DAY),
        )
    }
)


def measure_named(name: str) -> Measure:
    """The measure of that name; any other is a number that the program gives us, the newest of them valid."""
    return MEASURES.get(name) or Measure(
        name=name, unit=Unit.NUMBER, direction=Direction.UP, over=Over.THAT_DAY
    )


def value_of(measure: Measure, readings: Iterable[Reading]) -> Fraction | None:
    """What readings of cohorts side by side come to together; None, never 0, when nothing was measured.

    Medians do not pool: the one that is worst stands for all.
    """
    measured = [reading for reading in readings if reading.denominator > 0]
    if not measured:
        return None
    if measure.figure is Figure.SUM:
        return sum((Fraction(reading.numerator) for reading in measured), Fraction())
    if measure.figure is Figure.MEDIAN:
        worst = min if measure.direction is Direction.UP else max
        return worst(Fraction(reading.numerator) / Fraction(reading.denominator) for reading in measured)
    numerator = sum((Fraction(reading.numerator) for reading in measured), Fraction())
    return measure.per * numerator / sum((Fraction(reading.denominator) for reading in measured), Fraction())


def may_show(people: int, *, differences: Iterable[int] = (), at_least: int = AT_LEAST_PEOPLE) -> bool:
    """Whether a figure standing on so many people may be seen by those who may not see named ones.

    `differences` are the numbers of people by which the group differs from others shown beside it.
    """
    return people >= at_least and all(each == 0 or each >= at_least for each in differences)


def parts_to_show(
    whole: int, parts: Mapping[Group, int], *, at_least: int = AT_LEAST_PEOPLE
) -> frozenset[Group]:
    """Which parts, none overlapping, may be shown beside their whole without what is left giving few away."""
    shown = {group: people for group, people in parts.items() if may_show(people, at_least=at_least)}
    rest = whole - sum(shown.values())
    if shown and 0 < rest < at_least:
        shown.pop(min(shown, key=lambda group: (shown[group], str(group))))
    return frozenset(shown)
