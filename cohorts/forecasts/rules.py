"""Answers when something that is not yet met will probably be, and how sure that is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import groupby, takewhile
from math import ceil
from uuid import UUID

from cohorts.criteria.rules import (
    Comparison,
    Criterion,
    CriterionKind,
    Facts,
    Standing,
    months_looked_at,
)
from cohorts.gates.rules import ConditionUnmet, CriterionNotMet, Holding
from cohorts.measures.rules import Foreseen, Reading, measure_named, value_of
from cohorts.months.rules import ONE_DAY, CohortMonths, OfCohorts, PhaseMonths, month_window, month_windows

WEEKS_BACK = 8
READINGS_NEEDED = 3
YEARS_AHEAD = 2
SURE_FIT, LIKELY_FIT = Fraction(9, 10), Fraction(1, 2)
STEADY_SHARE = Fraction(1, 20)


class Sureness(StrEnum):
    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"


class Basis(StrEnum):
    """What a date rests on: that the months to come count, the line of the last weeks, or a day that was set."""

    CALENDAR = "calendar"
    LINE = "line"
    DAY_SET = "day_set"


@dataclass(frozen=True, slots=True)
class Expected:
    """Probably met on this day; how sure is known of a line only."""

    on: date
    basis: Basis
    sureness: Sureness | None = None


@dataclass(frozen=True, slots=True)
class AlreadyMet:
    pass


@dataclass(frozen=True, slots=True)
class NotAtThisPace:
    """As things go now, never, or not within years."""


@dataclass(frozen=True, slots=True)
class TooFewReadings:
    """Too little has been measured to draw a line."""


@dataclass(frozen=True, slots=True)
class WhenItRuns:
    """The cohorts of these names have no tracking start yet; without a name, the phase has no cohort."""

    cohorts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhenWritten:
    """What someone has yet to write has no date."""

    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhenClosed:
    """An open incident is closed when it is understood."""


@dataclass(frozen=True, slots=True)
class WhenDone:
    """Something to do without a day set for it."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """The day set for it has passed."""

    due_on: date


Undated = NotAtThisPace | TooFewReadings | WhenItRuns | WhenWritten | WhenClosed | WhenDone | Overdue
Forecast = Expected | AlreadyMet | Undated


@dataclass(frozen=True, slots=True, kw_only=True)
class GateForecast:
    """The latest day of all that has one, and what has none; ready when there is neither."""

    expected: Expected | None
    waits_for: tuple[tuple[Holding, Undated], ...]


@dataclass(frozen=True, slots=True)
class Point:
    """What a measure came to by the end of a day, and how many people that stands on."""

    on: date
    value: Fraction
    people: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    """A straight line through points: how much it gains a day, where it stands today, how well it fits."""

    slope: Fraction
    today: Fraction
    fit: Fraction


class Trend(StrEnum):
    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


def forecast(standing: Standing, facts: Facts, today: date) -> Forecast:
    """When a criterion will probably be met."""
    return AlreadyMet() if standing.met else _when_met(standing, facts, today)


def months_forecast(months: PhaseMonths) -> Forecast:
    """When enough months will have been tracked, by the calendar, if the months to come count."""
    complete = months.decisive is not None and not months.waited_for
    return AlreadyMet() if complete else _when_tracked(months)


def gate_forecast(holding: Iterable[Holding], facts: Facts, today: date) -> GateForecast:
    """When nothing will probably hold the gate shut any more. Before a cohort runs, no day says anything of it."""
    answers = [(each, _when_gone(each, facts, today)) for each in holding]
    dated = (answer for _, answer in answers if isinstance(answer, Expected))
    waits_to_run = any(isinstance(answer, WhenItRuns) for _, answer in answers)
    return GateForecast(
        expected=None if waits_to_run else max(dated, key=lambda each: each.on, default=None),
        waits_for=tuple((each, answer) for each, answer in answers if not isinstance(answer, Expected)),
    )


def day_set_forecast(due_on: date | None, today: date) -> Expected | Undated:
    """Something to be done by a day is expected on that day, as long as it has not passed."""
    if due_on is None:
        return WhenDone()
    return Overdue(due_on) if due_on < today else Expected(due_on, Basis.DAY_SET)


def line_forecast(
    points: Iterable[Point], comparison: Comparison, target: Fraction, *, today: date
) -> Expected | Undated:
    """Where the least-squares line through the last weeks meets the target; always after today."""
    line = _line(points, today)
    if line is None:
        return TooFewReadings()
    if line.slope <= 0 if comparison is Comparison.AT_LEAST else line.slope >= 0:
        return NotAtThisPace()
    days = max(1, ceil((target - line.today) / line.slope))
    if days > YEARS_AHEAD * 365:
        return NotAtThisPace()
    return Expected(today + timedelta(days=days), Basis.LINE, _sureness(line.fit))


def trend(standing: Standing, facts: Facts, today: date) -> Trend | None:
    """Where a measure has been going in the last weeks; None where too little is known to say."""
    line = _line(points_of(standing.criterion, facts), today)
    if line is None:
        return None
    change = line.slope * WEEKS_BACK * 7
    if abs(change) <= STEADY_SHARE * abs(line.today):
        return Trend.STEADY
    return Trend.RISING if change > 0 else Trend.FALLING


def _when_gone(holding: Holding, facts: Facts, today: date) -> Expected | Undated:
    if isinstance(holding, CriterionNotMet):
        return _when_met(holding.standing, facts, today)
    if isinstance(holding, ConditionUnmet):
        return day_set_forecast(holding.condition.due_on, today)
    return Expected(holding.until_on, Basis.DAY_SET)


def _when_met(standing: Standing, facts: Facts, today: date) -> Expected | Undated:
    criterion = standing.criterion
    if criterion.kind is CriterionKind.MONTHS:
        return _when_tracked(facts.months)
    if criterion.kind is CriterionKind.CHECKLIST:
        return day_set_forecast(criterion.due_on, today)
    foreseen = measure_named(criterion.measure).foreseen
    if foreseen is Foreseen.WHEN_WRITTEN:
        return WhenWritten(facts.lacking.get(criterion.measure, ()))
    if foreseen is Foreseen.WHEN_CLOSED:
        return WhenClosed()
    return _when_measured(standing, facts, today)


def _when_tracked(months: PhaseMonths) -> Expected | Undated:
    waited_for = months.waited_for
    dates = [each.tracked.completes_on for each in waited_for if each.tracked.completes_on is not None]
    if dates and len(dates) == len(waited_for):
        return Expected(max(dates), Basis.CALENDAR)
    not_begun = tuple(each.name for each in months.kept if _not_begun(each))
    ended = len(waited_for) - len(dates) > len(not_begun)
    if waited_for and (not not_begun or (ended and months.asked.of_cohorts is OfCohorts.EVERY)):
        return NotAtThisPace()
    return WhenItRuns(not_begun)


def _not_begun(cohort: CohortMonths) -> bool:
    return not cohort.tracked.months and cohort.tracked.ended_on is None


def _when_measured(standing: Standing, facts: Facts, today: date) -> Expected | Undated:
    criterion, asked = standing.criterion, months_looked_at(standing.criterion)
    met = [
        value is not None and criterion.comparison.holds(value, standing.target) for value in standing.values
    ]
    in_a_row = len(list(takewhile(bool, reversed(met))))
    if asked and (in_a_row or not met):
        return _last_month_complete(facts.months, today, asked - in_a_row, Expected(today, Basis.CALENDAR))
    line = line_forecast(points_of(criterion, facts), criterion.comparison, standing.target, today=today)
    if asked and isinstance(line, Expected):
        return _last_month_complete(facts.months, line.on, asked, line)
    return line


def _last_month_complete(
    months: PhaseMonths, day: date, needed: int, reached: Expected
) -> Expected | Undated:
    """When as many months as are needed are over, the first of them the one that `day` lies in."""
    begun = [each.tracked.months[0].from_on for each in months.kept if _still_runs(each)]
    if begun:
        first = {start: month_windows(start, max(start, day))[-1].number for start in begun}
        ends = (month_window(start, number + needed - 1).until_on for start, number in first.items())
        return replace(reached, on=max(ends))
    not_begun = tuple(each.name for each in months.kept if _not_begun(each))
    return WhenItRuns(not_begun) if not_begun or not months.kept else NotAtThisPace()


def _still_runs(cohort: CohortMonths) -> bool:
    return bool(cohort.tracked.months) and cohort.tracked.ended_on is None


def points_of(criterion: Criterion, facts: Facts) -> Iterator[Point]:
    """What a measure came to at the end of each day read, of all cohorts together."""
    measure, newest = measure_named(criterion.measure), dict[UUID | None, Reading]()
    for until_on, readings in groupby(facts.readings_kept(measure.name), key=lambda each: each.until_on):
        newest |= {reading.cohort: reading for reading in readings}
        value = value_of(measure, newest.values())
        if value is not None:
            people = sum(reading.people for reading in newest.values())
            yield Point(until_on - ONE_DAY, value, people)


def _line(points: Iterable[Point], today: date) -> _Line | None:
    """The least-squares line through the last weeks; fit is its R squared."""
    since = today - timedelta(weeks=WEEKS_BACK)
    recent = {point.on: point.value for point in points if since < point.on <= today}
    if len(recent) < READINGS_NEEDED:
        return None
    days = [Fraction((on - today).days) for on in recent]
    values = list(recent.values())
    middle, level = _mean(days), _mean(values)
    spread = _mean((day - middle) ** 2 for day in days)
    scatter = _mean((value - level) ** 2 for value in values)
    together = _mean((day - middle) * (value - level) for day, value in zip(days, values, strict=True))
    slope = together / spread
    return _Line(
        slope=slope,
        today=level - slope * middle,
        fit=together**2 / (spread * scatter) if scatter else Fraction(1),
    )


def _mean(values: Iterable[Fraction]) -> Fraction:
    values = tuple(values)
    return sum(values, Fraction()) / len(values)


def _sureness(fit: Fraction) -> Sureness:
    if fit >= SURE_FIT:
        return Sureness.SURE
    return Sureness.LIKELY if fit >= LIKELY_FIT else Sureness.UNSURE
