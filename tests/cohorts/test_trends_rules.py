from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

import pytest

from cohorts.criteria.rules import Comparison, Criterion, CriterionKind, Facts, standing
from cohorts.evidence.words import held_sentence
from cohorts.forecasts.rules import Point
from cohorts.measures.rules import Reading
from cohorts.months.rules import (
    CohortMonths,
    Course,
    MonthFigures,
    MonthsAsked,
    PhaseMonths,
    tracked_months,
)
from cohorts.readings.rules import NEWEST
from cohorts.trends.rules import course_of, met_since

START, TODAY = date(2026, 1, 1), date(2026, 5, 10)
MONTHS = Criterion(id=UUID(int=1), kind=CriterionKind.MONTHS, required=True)
ITEM = Criterion(id=UUID(int=2), kind=CriterionKind.CHECKLIST, required=True, item="Done")
SHARE = Criterion(
    id=UUID(int=3),
    kind=CriterionKind.MEASURE,
    required=True,
    measure="took_part_share",
    target=Fraction(3, 5),
    over_months=2,
)
FRESH = Criterion(
    id=UUID(int=4),
    kind=CriterionKind.MEASURE,
    required=False,
    measure="freshness",
    comparison=Comparison.AT_LEAST,
    target=Fraction(4, 5),
)


def months(needed: int = 3) -> PhaseMonths:
    asked = MonthsAsked(needed=needed)
    told = [MonthFigures(number=number, took_part=8, eligible=10, enrolled=10) for number in range(5)]
    tracked = tracked_months(Course(start=START), told, today=TODAY, asked=asked)
    return PhaseMonths(
        cohorts=(CohortMonths(cohort=UUID(int=9), name="Pilot", tracked=tracked),), asked=asked
    )


def facts(measure: str, *readings: Reading, needed: int = 3) -> Facts:
    return Facts(months=months(needed), readings={measure: readings}, ticked={ITEM.id: date(2026, 4, 2)})


def of_month(month: int, took_part: int, people: int = 10) -> Reading:
    return Reading(
        cohort=UUID(int=9),
        from_on=date(2026, month, 1),
        until_on=date(2026, month + 1, 1),
        numerator=took_part,
        denominator=people,
        people=people,
    )


def fresh_on(day: date, share: int) -> Reading:
    return Reading(
        cohort=None,
        from_on=day,
        until_on=day + timedelta(days=1),
        numerator=share,
        denominator=100,
        people=0,
    )


def since(criterion: Criterion, known: Facts) -> date | None:
    return met_since(standing(criterion, known, TODAY), known, TODAY)


def test_months_are_met_since_the_last_one_needed_was_over() -> None:
    assert since(MONTHS, facts("")) == date(2026, 4, 1)
    assert since(MONTHS, facts("", needed=6)) is None


def test_an_item_is_met_since_it_was_ticked() -> None:
    assert since(ITEM, facts("")) == date(2026, 4, 2)


def test_a_share_of_each_of_two_months_is_met_since_the_second_of_them_was_over() -> None:
    known = facts(
        "took_part_share", *(of_month(month, took) for month, took in ((1, 3), (2, 7), (3, 8), (4, 9)))
    )
    assert since(SHARE, known) == date(2026, 3, 31)


def test_what_stood_at_its_target_all_along_is_met_since_the_first_reading() -> None:
    known = facts("freshness", fresh_on(date(2026, 4, 1), 90), fresh_on(date(2026, 5, 1), 85))
    assert since(FRESH, known) == date(2026, 4, 1)


def test_what_is_only_known_of_today_is_not_said_to_be_met_since() -> None:
    assert since(FRESH, facts("freshness", fresh_on(TODAY, 90))) is None


def test_what_was_met_longer_than_readings_are_looked_back_at_is_not_said_to_be_met_since() -> None:
    days = [TODAY - timedelta(days=back) for back in reversed(range(NEWEST))]
    assert since(FRESH, facts("freshness", *(fresh_on(day, 90) for day in days))) is None
    assert since(FRESH, facts("freshness", *(fresh_on(day, 90) for day in days[1:]))) == days[1]
    dip = fresh_on(days[0], 70)
    assert since(FRESH, facts("freshness", dip, *(fresh_on(day, 90) for day in days[1:]))) == days[1]


def test_a_dip_begins_it_anew() -> None:
    days = ((date(2026, 4, 1), 90), (date(2026, 4, 8), 70), (date(2026, 5, 1), 85))
    assert since(FRESH, facts("freshness", *(fresh_on(*day) for day in days))) == date(2026, 5, 1)


def test_a_month_in_progress_says_nothing_of_since() -> None:
    known = facts("took_part_share", *(of_month(month, 8) for month in (1, 2, 3, 4, 5)))
    assert since(SHARE, known) == date(2026, 2, 28)


def test_without_enough_readings_nobody_can_tell_since_when() -> None:
    known = facts("took_part_share", of_month(3, 8), of_month(4, 8))
    met = standing(SHARE, known, TODAY)
    longer = replace(met, criterion=replace(SHARE, over_months=3))
    assert met_since(longer, known, TODAY) is None


def test_the_course_of_a_measure_is_told_up_to_today() -> None:
    known = facts("took_part_share", *(of_month(month, 2 * month) for month in (3, 4, 5)))
    told = course_of(standing(SHARE, known, TODAY), known, TODAY, named=True)
    assert told == (
        Point(date(2026, 3, 31), Fraction(3, 5), 10),
        Point(date(2026, 4, 30), Fraction(4, 5), 10),
    )


@pytest.mark.parametrize(("named", "points"), [(True, 2), (False, 0)])
def test_the_course_of_few_people_is_for_those_who_see_names(named: bool, points: int) -> None:
    known = facts("took_part_share", of_month(3, 8), of_month(4, 3, people=4))
    assert len(course_of(standing(SHARE, known, TODAY), known, TODAY, named=named)) == points


def test_what_stands_on_no_people_is_for_everybody_and_only_measures_have_a_course() -> None:
    known = facts("freshness", fresh_on(date(2026, 4, 1), 90))
    assert len(course_of(standing(FRESH, known, TODAY), known, TODAY, named=False)) == 1
    assert course_of(standing(MONTHS, known, TODAY), known, TODAY, named=True) == ()


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({}, ""),
        ({"CriterionNotMet": 1}, "one required criterion was not met"),
        (
            {"CriterionNotMet": 2, "ConditionUnmet": 1, "HeldUntil": 1},
            "two required criteria were not met, one condition of an earlier gate was not met and a lead held it",
        ),
        ({"ConditionUnmet": 2}, "two conditions of earlier gates were not met"),
    ],
)
def test_an_override_says_what_held_the_gate_shut(kept: dict[str, int], said: str) -> None:
    whole = f"It was opened although it was not ready: {said}." if said else ""
    assert held_sentence(kept) == whole
