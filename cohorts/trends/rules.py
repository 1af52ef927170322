"""Answers how a criterion came to stand where it stands: its course so far, and since when it is met."""

from datetime import date
from itertools import takewhile

from cohorts.criteria.rules import CriterionKind, Facts, Standing, months_looked_at
from cohorts.forecasts.rules import Point, points_of
from cohorts.measures.rules import may_show, measure_named
from cohorts.readings.rules import NEWEST

MOST_POINTS = 40


def course_of(standing: Standing, facts: Facts, today: date, *, named: bool) -> tuple[Point, ...]:
    """What a measure came to over time, oldest first; not where a reader without `named` would learn of few people."""
    criterion = standing.criterion
    if criterion.kind is not CriterionKind.MEASURE:
        return ()
    points = _points(standing, facts, today)[-MOST_POINTS:]
    of_people = measure_named(criterion.measure).of_people
    shown = named or not of_people or all(may_show(point.people) for point in points)
    return points if shown else ()


def met_since(standing: Standing, facts: Facts, today: date) -> date | None:
    """The day since which it has been met all along; None where it is not, or nobody can tell."""
    criterion = standing.criterion
    if not standing.met:
        return None
    if criterion.kind is CriterionKind.CHECKLIST:
        return facts.ticked.get(criterion.id)
    if criterion.kind is CriterionKind.MONTHS:
        decisive = facts.months.decisive
        return decisive.tracked.completes_on if decisive else None
    points = _points(standing, facts, today)
    if [point.on for point in points] == [today]:
        return None
    run = list(
        takewhile(lambda point: criterion.comparison.holds(point.value, standing.target), reversed(points))
    )
    if len(run) == len(points) >= NEWEST:
        return None  # it was met before the oldest reading that is looked back at
    asked = max(months_looked_at(criterion), 1)
    return run[-asked].on if len(run) >= asked else None


def _points(standing: Standing, facts: Facts, today: date) -> tuple[Point, ...]:
    return tuple(point for point in points_of(standing.criterion, facts) if point.on <= today)
