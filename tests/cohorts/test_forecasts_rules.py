from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.criteria.rules import Comparison, Criterion, CriterionKind, Facts, Standing, Topic, standing
from cohorts.forecasts.rules import (
    AlreadyMet,
    Basis,
    Expected,
    Forecast,
    NotAtThisPace,
    Overdue,
    Point,
    Sureness,
    TooFewReadings,
    Trend,
    WhenClosed,
    WhenDone,
    WhenItRuns,
    WhenWritten,
    forecast,
    gate_forecast,
    line_forecast,
    months_forecast,
    trend,
)
from cohorts.forecasts.words import forecast_text, months_sentence, sureness_text, trend_text
from cohorts.gates.rules import Condition, what_holds_it_shut
from cohorts.measures.rules import Reading
from cohorts.months.rules import (
    CohortMonths,
    Course,
    MonthFigures,
    MonthsAsked,
    OfCohorts,
    PhaseMonths,
    month_window,
    tracked_months,
)

START = date(2026, 6, 14)
TODAY = date(2026, 11, 20)
JANUARY, FEBRUARY = date(2027, 1, 14), date(2027, 2, 14)
IDENTITY = UUID(int=9)
AT_LEAST, AT_MOST = Comparison.AT_LEAST, Comparison.AT_MOST
A_WEEK = timedelta(weeks=1)


def cohort(
    name: str = "Berlin",
    *,
    start: date | None = START,
    missed: tuple[int, ...] = (),
    asked: MonthsAsked | None = None,
    recycled_on: date | None = None,
    ended_on: date | None = None,
    today: date = TODAY,
) -> CohortMonths:
    told = [
        MonthFigures(number=number, took_part=0 if number in missed else 10, eligible=12, enrolled=12)
        for number in range(12)
    ]
    course = Course(start=start, recycled_on=recycled_on, ended_on=ended_on)
    tracked = tracked_months(course, told, today=today, asked=asked or MonthsAsked())
    return CohortMonths(cohort=UUID(int=sum(map(ord, name))), name=name, tracked=tracked)


def phase(*cohorts: CohortMonths, of: OfCohorts = OfCohorts.EVERY) -> PhaseMonths:
    return PhaseMonths(cohorts=cohorts, asked=MonthsAsked(of_cohorts=of))


def calendar(on: date) -> Expected:
    return Expected(on, Basis.CALENDAR)


def asks(
    measure: str = "",
    comparison: Comparison = AT_LEAST,
    target: Fraction | int = 1,
    *,
    kind: CriterionKind = CriterionKind.MEASURE,
    over_months: int | None = None,
    due_on: date | None = None,
) -> Criterion:
    return Criterion(
        id=IDENTITY,
        kind=kind,
        required=True,
        measure=measure,
        comparison=comparison,
        target=Fraction(target),
        over_months=over_months,
        due_on=due_on,
    )


MONTHS = asks(kind=CriterionKind.MONTHS)
ACCEPTED = asks("learnings_accepted", AT_LEAST, 12)
TOOK_PART = asks("took_part_share", AT_LEAST, Fraction(3, 5), over_months=3)


def weekly(
    values: Sequence[int], *, of: CohortMonths | None = None, until: date = TODAY
) -> tuple[Reading, ...]:
    days = [until - A_WEEK * back for back in range(len(values))][::-1]
    return tuple(
        Reading(
            cohort=of.cohort if of else None,
            from_on=START,
            until_on=day + timedelta(days=1),
            numerator=value,
            denominator=1,
            people=0,
        )
        for day, value in zip(days, values, strict=True)
    )


def foreseen(criterion: Criterion, facts: Facts, today: date = TODAY) -> Forecast:
    return forecast(standing(criterion, facts, today), facts, today)


def accepted(*values: int) -> Facts:
    return Facts(months=phase(cohort()), readings={"learnings_accepted": weekly(values)})


# --- months


def test_months_are_complete_by_the_calendar_if_those_to_come_count() -> None:
    assert months_forecast(phase(cohort(missed=(2,)))) == calendar(JANUARY)
    assert foreseen(MONTHS, Facts(months=phase(cohort(missed=(2,))))) == calendar(JANUARY)


def test_in_a_row_the_months_after_the_last_missed_one_are_complete_later() -> None:
    in_a_row = cohort(missed=(2,), asked=MonthsAsked(in_a_row=True))
    assert months_forecast(phase(in_a_row)) == calendar(date(2027, 3, 14))


def test_after_a_recycle_the_months_are_complete_later() -> None:
    assert months_forecast(phase(cohort(recycled_on=date(2026, 9, 1)))) == calendar(date(2027, 3, 14))


def test_of_several_cohorts_the_latest_tells_or_the_earliest_where_any_will_do() -> None:
    both = (cohort(missed=(2,)), cohort("Lyon", missed=(1, 2)))
    assert months_forecast(phase(*both)) == calendar(FEBRUARY)
    assert months_forecast(phase(*both, of=OfCohorts.ANY)) == calendar(JANUARY)


def test_months_that_are_complete_need_no_forecast() -> None:
    assert months_forecast(phase(cohort(today=date(2026, 12, 14)))) == AlreadyMet()


def test_a_cohort_that_does_not_run_yet_has_no_date_but_a_name() -> None:
    assert months_forecast(phase(cohort(), cohort("Lyon", start=None))) == WhenItRuns(("Lyon",))
    assert months_forecast(phase()) == WhenItRuns(())


def test_a_cohort_that_ended_too_early_never_completes_its_months() -> None:
    ended, waiting = cohort(ended_on=date(2026, 9, 1)), cohort("Lyon", start=None)
    assert months_forecast(phase(ended)) == NotAtThisPace()
    assert months_forecast(phase(ended, waiting)) == NotAtThisPace()
    assert months_forecast(phase(ended, waiting, of=OfCohorts.ANY)) == WhenItRuns(("Lyon",))
    assert months_forecast(phase(ended, cohort("Lyon"), of=OfCohorts.ANY)) == calendar(date(2026, 12, 14))


# --- checklist


def test_a_checklist_item_is_expected_on_its_due_date() -> None:
    facts = Facts(months=phase())
    item = asks(kind=CriterionKind.CHECKLIST, due_on=TODAY)
    assert foreseen(item, facts) == Expected(TODAY, Basis.DAY_SET)
    assert foreseen(item, facts, TODAY + timedelta(days=1)) == Overdue(TODAY)
    assert foreseen(asks(kind=CriterionKind.CHECKLIST), facts) == WhenDone()
    assert foreseen(item, Facts(months=phase(), ticked={IDENTITY: TODAY})) == AlreadyMet()


# --- the line


def test_a_measure_is_expected_where_the_line_of_the_last_weeks_meets_the_target() -> None:
    assert foreseen(ACCEPTED, accepted(2, 4, 6, 8)) == Expected(TODAY + 2 * A_WEEK, Basis.LINE, Sureness.SURE)


def test_going_down_towards_a_target_is_a_pace_too() -> None:
    slow = asks("incident_rate", AT_MOST, 200)
    facts = Facts(months=phase(cohort()), readings={"incident_rate": weekly([5, 4, 3])})
    assert foreseen(slow, facts) == Expected(TODAY + A_WEEK, Basis.LINE, Sureness.SURE)


def test_readings_older_than_eight_weeks_are_not_looked_at() -> None:
    old = weekly([0, 100, 0, 100], until=TODAY - 8 * A_WEEK)
    facts = Facts(months=phase(cohort()), readings={"learnings_accepted": (*old, *weekly([2, 4, 6, 8]))})
    assert foreseen(ACCEPTED, facts) == foreseen(ACCEPTED, accepted(2, 4, 6, 8))


@pytest.mark.parametrize(
    "values", [(8, 8, 8, 8), (11, 10, 9, 8)], ids=["standing still", "going the other way"]
)
def test_not_at_this_pace_is_an_answer(values: tuple[int, ...]) -> None:
    assert foreseen(ACCEPTED, accepted(*values)) == NotAtThisPace()


def test_a_target_years_away_is_not_met_at_this_pace() -> None:
    far = asks("learnings_accepted", AT_LEAST, 10_000)
    assert foreseen(far, accepted(2, 4, 6, 8)) == NotAtThisPace()


def test_fewer_than_three_readings_make_no_line() -> None:
    assert foreseen(ACCEPTED, accepted(2, 4)) == TooFewReadings()
    assert foreseen(ACCEPTED, accepted()) == TooFewReadings()


@pytest.mark.parametrize(
    ("values", "sureness"),
    [
        ((1, 2, 3, 4, 5), Sureness.SURE),
        ((1, 3, 2, 4, 4), Sureness.LIKELY),
        ((1, 9, 0, 9, 4), Sureness.UNSURE),
    ],
)
def test_the_better_the_line_fits_the_surer_it_is(values: tuple[int, ...], sureness: Sureness) -> None:
    answer = foreseen(ACCEPTED, accepted(*values))
    assert isinstance(answer, Expected)
    assert answer.sureness is sureness


def test_a_line_that_has_passed_the_target_says_tomorrow_and_never_a_day_gone_by() -> None:
    answer = foreseen(ACCEPTED, accepted(2, 30, 50, 11))
    assert isinstance(answer, Expected)
    assert answer.on == TODAY + timedelta(days=1)


def test_what_was_not_measured_is_left_out_of_the_line() -> None:
    unmeasured = Reading(cohort=None, from_on=START, until_on=TODAY, numerator=0, denominator=0, people=0)
    facts = Facts(months=phase(cohort()), readings={"learnings_accepted": (unmeasured, *weekly([2, 4]))})
    assert foreseen(ACCEPTED, facts) == foreseen(ACCEPTED, accepted(2, 4))
    first = Reading(
        cohort=None, from_on=START, until_on=TODAY - 9 * A_WEEK, numerator=0, denominator=0, people=0
    )
    facts = Facts(months=phase(cohort()), readings={"learnings_accepted": (first, *weekly([2, 4, 6, 8]))})
    assert foreseen(ACCEPTED, facts) == foreseen(ACCEPTED, accepted(2, 4, 6, 8))


def test_cohorts_side_by_side_make_one_line() -> None:
    berlin, lyon = cohort(), cohort("Lyon")
    readings = (*weekly([1, 2, 3, 4], of=berlin), *weekly([1, 2, 3, 4], of=lyon))
    facts = Facts(months=phase(berlin, lyon), readings={"learnings_accepted": readings})
    assert foreseen(ACCEPTED, facts) == foreseen(ACCEPTED, accepted(2, 4, 6, 8))


@pytest.mark.parametrize(
    ("values", "way"),
    [((2, 4, 6), Trend.RISING), ((6, 4, 2), Trend.FALLING), ((100, 100, 101), Trend.STEADY), ((1, 2), None)],
)
def test_a_trend_is_where_the_line_goes(values: tuple[int, ...], way: Trend | None) -> None:
    facts = accepted(*values)
    assert trend(standing(ACCEPTED, facts, TODAY), facts, TODAY) is way


amounts = st.integers(-20, 20).map(Fraction)
lines = st.lists(st.tuples(st.integers(0, 55), amounts), min_size=0, max_size=9)


def later_or_same(one: Forecast, other: Forecast) -> bool:
    if not isinstance(other, Expected):
        return True
    return isinstance(one, Expected) and one.on <= other.on


@given(told=lines, near=amounts, further=st.integers(0, 20), comparison=st.sampled_from(Comparison))
def test_a_target_further_away_is_never_met_earlier(
    told: list[tuple[int, Fraction]], near: Fraction, further: int, comparison: Comparison
) -> None:
    points = [Point(TODAY - timedelta(days=back), value) for back, value in told]
    far = near + further if comparison is AT_LEAST else near - further
    one = line_forecast(points, comparison, near, today=TODAY)
    other = line_forecast(points, comparison, far, today=TODAY)
    assert later_or_same(one, other)


@given(told=lines, target=amounts, comparison=st.sampled_from(Comparison))
def test_a_forecast_always_lies_ahead(
    told: list[tuple[int, Fraction]], target: Fraction, comparison: Comparison
) -> None:
    points = [Point(TODAY - timedelta(days=back), value) for back, value in told]
    answer = line_forecast(points, comparison, target, today=TODAY)
    assert not isinstance(answer, Expected) or answer.on > TODAY


# --- a share in each of the last months


def by_months(*percents: int, today: date = TODAY, missed: tuple[int, ...] = ()) -> Facts:
    berlin = cohort(today=today, missed=missed)
    readings = tuple(
        Reading(
            cohort=berlin.cohort,
            from_on=month_window(START, number).from_on,
            until_on=month_window(START, number).until_on,
            numerator=percent,
            denominator=100,
            people=100,
        )
        for number, percent in enumerate(percents)
    )
    return Facts(months=phase(berlin), readings={"took_part_share": readings})


def test_a_share_that_was_met_in_the_last_months_needs_only_those_still_missing() -> None:
    assert foreseen(TOOK_PART, by_months(70, 70, 70, 50, 70)) == calendar(JANUARY)
    assert foreseen(TOOK_PART, by_months(70, 70, 50, 70, 70)) == calendar(date(2026, 12, 14))


def test_before_the_first_month_is_over_a_share_may_be_met_by_the_calendar() -> None:
    assert foreseen(TOOK_PART, by_months(today=date(2026, 6, 20)), date(2026, 6, 20)) == calendar(
        date(2026, 9, 14)
    )


def test_a_share_that_fell_short_last_month_follows_the_line_and_then_the_calendar() -> None:
    assert foreseen(TOOK_PART, by_months(70, 70, 70, 70, 50)) == TooFewReadings()
    facts = by_months(0, 0, 0, 0, 40)
    rising = tuple(
        Reading(
            cohort=facts.months.cohorts[0].cohort,
            from_on=START,
            until_on=date(2026, 10, 2) + A_WEEK * week,
            numerator=10 * week,
            denominator=100,
            people=100,
        )
        for week in range(6)
    )
    known = Facts(
        months=facts.months, readings={"took_part_share": (*facts.readings["took_part_share"][:3], *rising)}
    )
    answer = foreseen(TOOK_PART, known)
    assert isinstance(answer, Expected)
    assert (answer.on, answer.basis) == (FEBRUARY, Basis.LINE)


def test_a_share_of_a_phase_without_months_waits_for_its_cohorts() -> None:
    waiting = Facts(months=phase(cohort("Lyon", start=None)))
    assert foreseen(TOOK_PART, waiting) == WhenItRuns(("Lyon",))
    assert foreseen(TOOK_PART, Facts(months=phase())) == WhenItRuns(())
    assert foreseen(TOOK_PART, Facts(months=phase(cohort(ended_on=START)))) == NotAtThisPace()


# --- what has no date


def test_what_someone_has_yet_to_write_has_no_date() -> None:
    readings = {
        "topics_covered": (
            Reading(cohort=None, from_on=TODAY, until_on=TODAY, numerator=4, denominator=5, people=0),
        )
    }
    facts = Facts(months=phase(cohort()), readings=readings, lacking={"topics_covered": (Topic.JOURNALISTS,)})
    assert foreseen(asks("topics_covered"), facts) == WhenWritten(("journalists",))


def test_an_open_grave_incident_is_closed_when_it_is_understood() -> None:
    assert foreseen(asks("grave_incidents_open", AT_MOST, 0), Facts(months=phase(cohort()))) == WhenClosed()


# --- the gate


def stands(*criteria: Criterion, facts: Facts) -> list[Standing]:
    return [standing(each, facts, TODAY) for each in criteria]


def test_a_gate_is_expected_on_the_latest_day_of_all_that_holds_it_shut() -> None:
    facts = accepted(2, 4, 6, 8)
    holding = what_holds_it_shut(stands(MONTHS, ACCEPTED, facts=facts), [], date(2026, 11, 27), today=TODAY)
    answer = gate_forecast(holding, facts, TODAY)
    assert answer.expected == calendar(date(2026, 12, 14))
    assert answer.waits_for == ()


def test_a_hold_and_the_conditions_of_earlier_gates_have_their_days() -> None:
    facts = accepted(12)
    owed = Condition(id=IDENTITY, gate=IDENTITY, what="Brief IT", owner=IDENTITY, due_on=date(2027, 3, 1))
    hold = what_holds_it_shut([], [owed], date(2027, 2, 1), today=TODAY)
    assert gate_forecast(hold, facts, TODAY).expected == Expected(date(2027, 3, 1), Basis.DAY_SET)
    assert gate_forecast(hold[1:], facts, TODAY).expected == Expected(date(2027, 2, 1), Basis.DAY_SET)


def test_a_gate_names_what_it_waits_for_that_has_no_date() -> None:
    facts = accepted(8, 8, 8)
    holding = what_holds_it_shut(stands(MONTHS, ACCEPTED, facts=facts), [], None, today=TODAY)
    answer = gate_forecast(holding, facts, TODAY)
    assert answer.expected == calendar(date(2026, 12, 14))
    assert answer.waits_for == ((holding[1], NotAtThisPace()),)


def test_before_a_cohort_runs_no_day_of_a_condition_dates_the_gate() -> None:
    facts = Facts(months=phase())
    owed = Condition(id=IDENTITY, gate=IDENTITY, what="Brief IT", owner=IDENTITY, due_on=date(2027, 3, 1))
    holding = what_holds_it_shut(stands(MONTHS, facts=facts), [owed], None, today=TODAY)
    answer = gate_forecast(holding, facts, TODAY)
    assert answer.expected is None
    assert answer.waits_for == ((holding[0], WhenItRuns(())),)


def test_a_ready_gate_waits_for_nothing() -> None:
    answer = gate_forecast((), accepted(12), TODAY)
    assert (answer.expected, answer.waits_for) == (None, ())


# --- words


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (Expected(JANUARY, Basis.CALENDAR), "14 January 2027"),
        (Expected(date(2026, 12, 4), Basis.LINE, Sureness.LIKELY), "4 December, likely"),
        (Expected(date(2026, 12, 4), Basis.DAY_SET), "due on 4 December"),
        (AlreadyMet(), "met"),
        (NotAtThisPace(), "not at this pace"),
        (TooFewReadings(), "too little is known yet"),
        (WhenItRuns(()), "when a cohort runs"),
        (WhenItRuns(("Lyon",)), "when “Lyon” runs"),
        (
            WhenWritten(("journalists", "angry_critics")),
            "when an entry about journalists or angry critics is written",
        ),
        (WhenWritten(()), "when someone writes it"),
        (WhenClosed(), "when the incident is closed"),
        (WhenDone(), "no day set"),
        (Overdue(date(2026, 11, 1)), "was due on 1 November"),
    ],
)
def test_a_forecast_in_a_few_words(answer: Forecast, text: str) -> None:
    assert forecast_text(answer, TODAY) == text


def test_the_pace_of_the_months_is_a_sentence_where_it_has_a_date() -> None:
    assert (
        months_sentence(calendar(JANUARY), date(2027, 1, 2))
        == "At this pace the months are complete on 14 January."
    )
    assert months_sentence(NotAtThisPace(), TODAY) == ""


def test_how_sure_and_which_way_have_words() -> None:
    assert [sureness_text(each) for each in Sureness] == ["quite sure", "likely", "a rough guess"]
    assert [trend_text(each) for each in Trend] == ["rising", "steady", "falling"]
