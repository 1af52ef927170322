from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.measures.rules import (
    AT_LEAST_PEOPLE,
    MEASURES,
    Direction,
    Foreseen,
    Over,
    Reading,
    Unit,
    may_show,
    measure_named,
    parts_to_show,
    value_of,
)
from cohorts.measures.words import measure_formula, measure_name, value_text


def reading(numerator: int | Decimal, denominator: int = 1, *, cohort: int = 1, people: int = 12) -> Reading:
    return Reading(
        cohort=UUID(int=cohort),
        from_on=date(2026, 10, 1),
        until_on=date(2026, 11, 1),
        numerator=numerator,
        denominator=denominator,
        people=people,
    )


def test_every_measure_of_the_domain_is_defined_once() -> None:
    assert list(MEASURES) == [
        "tracked_months",
        "took_part_share",
        "activities_per_member",
        "conversation_share",
        "originality",
        "robot_effect",
        "self_initiated_share",
        "reach",
        "learnings_accepted",
        "learnings_per_member",
        "topics_covered",
        "freshness",
        "certified_share",
        "incident_rate",
        "grave_incidents_open",
        "response_time",
        "literacy",
        "buy_in",
    ]


@pytest.mark.parametrize("name", ["robot_effect", "incident_rate", "grave_incidents_open", "response_time"])
def test_of_these_less_is_better(name: str) -> None:
    assert MEASURES[name].direction is Direction.DOWN


@pytest.mark.parametrize("name", ["originality", "robot_effect", "incident_rate", "response_time"])
def test_these_look_back_ninety_days(name: str) -> None:
    assert MEASURES[name].over is Over.TRAILING


def test_what_has_to_be_written_or_closed_is_not_foreseen_by_a_line() -> None:
    assert MEASURES["topics_covered"].foreseen is Foreseen.WHEN_WRITTEN
    assert MEASURES["grave_incidents_open"].foreseen is Foreseen.WHEN_CLOSED
    assert MEASURES["learnings_accepted"].foreseen is Foreseen.BY_LINE


def test_any_other_measure_is_a_number_under_a_name_of_its_own() -> None:
    assert measure_named("newsletter_readers").unit is Unit.NUMBER
    assert value_of(measure_named("newsletter_readers"), [reading(Decimal("17.5"))]) == Fraction(35, 2)


def test_shares_pool_over_cohorts_and_are_not_averaged() -> None:
    together = value_of(MEASURES["took_part_share"], [reading(9, 10), reading(1, 30, cohort=2)])
    assert together == Fraction(10, 40)


def test_sums_add_up_and_keep_how_many_were_measured_out_of_it() -> None:
    assert value_of(MEASURES["reach"], [reading(5000, 7), reading(300, 2, cohort=2)]) == 5300


def test_medians_do_not_pool_the_worst_one_stands_for_all() -> None:
    two = [reading(81, 100), reading(40, 100, cohort=2)]
    assert value_of(MEASURES["originality"], two) == Fraction(2, 5)
    assert value_of(MEASURES["response_time"], two) == Fraction(81, 100)


def test_incidents_are_told_per_hundred_activities() -> None:
    assert value_of(MEASURES["incident_rate"], [reading(1, 50)]) == 2


@pytest.mark.parametrize("name", ["took_part_share", "reach", "originality"])
def test_what_was_not_measured_is_never_zero(name: str) -> None:
    assert value_of(MEASURES[name], []) is None
    assert value_of(MEASURES[name], [reading(0, 0)]) is None
    assert value_of(MEASURES[name], [reading(0, 3)]) == 0


# --- small groups


def test_no_figure_is_shown_whose_denominator_is_under_five_people() -> None:
    assert not may_show(4)
    assert may_show(5)
    assert may_show(3, at_least=3)


def test_no_figure_is_shown_that_differs_by_under_five_people_from_another_shown_group() -> None:
    assert not may_show(12, differences=[2])
    assert may_show(12, differences=[5, 0])


def test_a_small_part_is_hidden_and_the_smallest_other_with_it_when_few_would_be_left() -> None:
    assert parts_to_show(30, {"Berlin": 14, "Lyon": 9, "Austin": 7}) == {"Berlin", "Lyon", "Austin"}
    assert parts_to_show(26, {"Berlin": 14, "Lyon": 9, "Austin": 3}) == {"Berlin"}
    assert parts_to_show(29, {"Berlin": 14, "Lyon": 9, "Austin": 3, "Turin": 3}) == {"Berlin", "Lyon"}
    assert parts_to_show(3, {"Austin": 3}) == frozenset()


@given(parts=st.dictionaries(st.text(max_size=3), st.integers(0, 20), max_size=6))
def test_nothing_shown_beside_the_whole_leaves_a_small_group_to_work_out(parts: Mapping[str, int]) -> None:
    whole = sum(parts.values())
    shown = parts_to_show(whole, parts)
    left = whole - sum(parts[each] for each in shown)
    assert left == 0 or left >= AT_LEAST_PEOPLE or not shown
    assert all(parts[each] >= AT_LEAST_PEOPLE for each in shown)


# --- words


def test_every_measure_has_a_name_and_a_formula_of_its_own() -> None:
    assert len({measure_name(name) for name in MEASURES}) == len(MEASURES)
    assert len({measure_formula(name) for name in MEASURES}) == len(MEASURES)
    assert all(
        measure_name(name) not in MEASURES or name in ("originality", "reach", "freshness", "literacy")
        for name in MEASURES
    )


def test_a_measure_of_the_programs_own_bears_its_own_name() -> None:
    assert measure_name("newsletter readers") == "newsletter readers"
    assert "name of its own" in measure_formula("newsletter readers")


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("took_part_share", Fraction(2, 3), "67\N{NARROW NO-BREAK SPACE}%"),
        ("originality", Fraction(81, 100), "0.81"),
        ("reach", Fraction(12345), "12,345"),
        ("response_time", Fraction(7, 2), "3.5 h"),
        ("incident_rate", Fraction(1, 2), "0.5 per 100 activities"),
        ("tracked_months", Fraction(1), "1 month"),
        ("tracked_months", Fraction(4), "4 months"),
        ("reach", None, "not measured"),
    ],
)
def test_a_value_reads_with_its_unit(name: str, value: Fraction | None, text: str) -> None:
    assert value_text(name, value) == text
