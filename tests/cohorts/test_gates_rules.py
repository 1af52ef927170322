from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.criteria.rules import (
    Criterion,
    CriterionKind,
    Facts,
    Standing,
    standing,
)
from cohorts.forecasts.rules import Basis, Expected, GateForecast, WhenDone, forecast
from cohorts.gates.rules import (
    Bar,
    Condition,
    ConditionUnmet,
    CriterionNotMet,
    DayNotAhead,
    DayTooFar,
    GateIsClosed,
    GateState,
    HeldUntil,
    Holding,
    NotAGatekeeper,
    Outcome,
    ReasonMissing,
    gate_state,
    what_bars_hold,
    what_bars_recycle,
    what_holds_it_shut,
)
from cohorts.gates.words import (
    bar_sentence,
    gate_forecast_sentence,
    gate_sentence,
    holding_sentence,
    outcome_text,
)
from cohorts.measures.rules import Reading
from cohorts.months.rules import CohortMonths, Course, MonthFigures, MonthsAsked, PhaseMonths, tracked_months
from program.roles.rules import Role

TODAY = date(2026, 11, 20)
TOMORROW = TODAY + timedelta(days=1)
LEAD, SPONSOR, SECOND_LEAD, BOTH, REVIEWER = (UUID(int=number) for number in range(1, 6))
ONLY_LEAD, ONLY_SPONSOR = frozenset({Role.LEAD}), frozenset({Role.SPONSOR})
NO_MONTHS = PhaseMonths(cohorts=(), asked=MonthsAsked())
HELD: tuple[Holding, ...] = (HeldUntil(TOMORROW),)


def item(number: int, *, required: bool = True) -> Criterion:
    return Criterion(
        id=UUID(int=number), kind=CriterionKind.CHECKLIST, required=required, item=f"Item {number}"
    )


def stands(criterion: Criterion, *, met: bool) -> Standing:
    ticked = {criterion.id: TODAY} if met else {}
    return standing(criterion, Facts(months=NO_MONTHS, ticked=ticked), TODAY)


def condition(*, met_on: date | None = None, due_on: date = TODAY) -> Condition:
    return Condition(
        id=UUID(int=99),
        gate=UUID(int=98),
        what="Brief the works council",
        owner=LEAD,
        due_on=due_on,
        met_on=met_on,
    )


# --- what holds it shut


def test_a_gate_of_which_nothing_is_left_is_ready() -> None:
    holding = what_holds_it_shut([stands(item(1), met=True)], [condition(met_on=TODAY)], TODAY, today=TODAY)
    assert holding == ()
    assert gate_state(holding, None) is GateState.READY


def test_a_required_criterion_that_is_not_met_holds_it_shut() -> None:
    missing = stands(item(1), met=False)
    holding = what_holds_it_shut([missing, stands(item(2), met=True)], [], None, today=TODAY)
    assert holding == (CriterionNotMet(missing),)
    assert gate_state(holding, None) is GateState.SHUT


def test_an_advisory_criterion_never_holds_it_shut() -> None:
    assert what_holds_it_shut([stands(item(1, required=False), met=False)], [], None, today=TODAY) == ()


def test_an_unmet_condition_of_an_earlier_gate_holds_it_shut_and_says_when_it_is_overdue() -> None:
    due, overdue = condition(due_on=TODAY), condition(due_on=TODAY - timedelta(days=1))
    assert what_holds_it_shut([], [due, overdue], None, today=TODAY) == (
        ConditionUnmet(due, overdue=False),
        ConditionUnmet(overdue, overdue=True),
    )


def test_a_hold_bars_opening_until_its_day() -> None:
    assert what_holds_it_shut([], [], TOMORROW, today=TODAY) == (HeldUntil(TOMORROW),)
    assert what_holds_it_shut([], [], TOMORROW, today=TOMORROW) == ()


@pytest.mark.parametrize("outcome", [Outcome.OPENED, Outcome.OPENED_WITH_CONDITIONS, Outcome.OVERRIDDEN])
def test_an_opened_gate_stays_open_whatever_comes(outcome: Outcome) -> None:
    assert gate_state(HELD, outcome, program_stopped=True) is GateState.OPENED


def test_a_stopped_program_has_no_ready_gate() -> None:
    assert gate_state((), Outcome.STOPPED) is GateState.STOPPED
    assert gate_state((), None, program_stopped=True) is GateState.STOPPED


parts = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=6)


@given(criteria=parts, conditions=st.lists(st.booleans(), max_size=3), held=st.integers(-2, 2))
def test_a_gate_is_ready_exactly_when_the_list_is_empty_and_doing_what_it_names_makes_it_ready(
    criteria: list[tuple[bool, bool]], conditions: list[bool], held: int
) -> None:
    asked = [item(number, required=required) for number, (required, _) in enumerate(criteria)]
    standings = [stands(one, met=met) for one, (_, met) in zip(asked, criteria, strict=True)]
    earlier = [
        replace(condition(met_on=TODAY if met else None), id=UUID(int=n)) for n, met in enumerate(conditions)
    ]
    until = TODAY + timedelta(days=held)
    holding = what_holds_it_shut(standings, earlier, until, today=TODAY)
    all_hold = all(met or not required for required, met in criteria) and all(conditions) and held <= 0
    assert (gate_state(holding, None) is GateState.READY) == (holding == ()) == all_hold

    named = {each.standing.criterion.id for each in holding if isinstance(each, CriterionNotMet)}
    owed = {each.condition.id for each in holding if isinstance(each, ConditionUnmet)}
    waited = max([TODAY, *(each.until_on for each in holding if isinstance(each, HeldUntil))])
    done = what_holds_it_shut(
        [stands(each.criterion, met=each.met or each.criterion.id in named) for each in standings],
        [replace(each, met_on=TODAY) if each.id in owed else each for each in earlier],
        until,
        today=waited,
    )
    assert done == ()


# --- hold and recycle


def test_one_lead_may_hold_a_gate_until_a_day_to_come() -> None:
    assert (
        what_bars_hold(ONLY_LEAD, until_on=TOMORROW, reason="Elections.", state=GateState.READY, today=TODAY)
        == ()
    )


def test_a_hold_needs_a_lead_a_reason_a_day_ahead_and_a_gate_not_yet_decided() -> None:
    assert what_bars_hold(ONLY_SPONSOR, until_on=TODAY, reason="", state=GateState.OPENED, today=TODAY) == (
        GateIsClosed(GateState.OPENED),
        NotAGatekeeper(frozenset({Role.LEAD})),
        ReasonMissing(),
        DayNotAhead(TODAY),
    )


def test_one_lead_may_recycle_from_a_day_past_or_to_come() -> None:
    for day in (date(2026, 9, 1), TODAY, date(2027, 1, 1)):
        assert (
            what_bars_recycle(ONLY_LEAD, from_on=day, reason="New policy.", state=GateState.SHUT, today=TODAY)
            == ()
        )


def test_a_recycle_needs_a_lead_a_reason_and_a_day_within_sight() -> None:
    far = date(2032, 1, 1)
    assert what_bars_recycle(ONLY_SPONSOR, from_on=far, reason="", state=GateState.SHUT, today=TODAY) == (
        NotAGatekeeper(frozenset({Role.LEAD})),
        ReasonMissing(),
        DayTooFar(far, date(2031, 11, 20)),
    )


# --- words


def test_the_gates_page_begins_with_what_holds_it_shut_and_when_the_months_are_complete() -> None:
    today = date(2027, 1, 2)
    told = [
        MonthFigures(number=number, took_part=0 if number == 2 else 8, eligible=12, enrolled=12)
        for number in range(7)
    ]
    tracked = tracked_months(Course(start=date(2026, 7, 14)), told, today=today, asked=MonthsAsked())
    months = PhaseMonths(
        cohorts=(CohortMonths(cohort=UUID(int=7), name="Pilot", tracked=tracked),), asked=MonthsAsked()
    )
    topics = Reading(cohort=None, from_on=today, until_on=today, numerator=4, denominator=5, people=0)
    facts = Facts(
        months=months, readings={"topics_covered": (topics,)}, lacking={"topics_covered": ("journalists",)}
    )
    asked = [
        Criterion(id=UUID(int=1), kind=CriterionKind.MONTHS, required=True),
        Criterion(id=UUID(int=2), kind=CriterionKind.MEASURE, required=True, measure="topics_covered"),
    ]
    standings = [standing(each, facts, today) for each in asked]
    holding = what_holds_it_shut(standings, [], None, today=today)
    assert gate_sentence(GateState.SHUT, holding, forecast(standings[0], facts, today), today) == (
        "Two things hold this gate shut: two more months have to be tracked,"
        " and no entry yet helps with journalists. At this pace the months are complete on 14 February."
    )
    assert gate_sentence(GateState.SHUT, holding[1:], None, today) == (
        "One thing holds this gate shut: no entry yet helps with journalists."
    )


def test_a_gate_that_is_ready_opened_or_stopped_says_so() -> None:
    assert gate_sentence(GateState.READY, (), None, TODAY) == (
        "Nothing holds this gate shut: it is ready to be opened."
    )
    assert gate_sentence(GateState.OPENED, HELD, None, TODAY) == "This gate has been opened."
    assert gate_sentence(GateState.STOPPED, HELD, None, TODAY) == "The program has been stopped."


def test_conditions_and_holds_are_said_with_their_days() -> None:
    overdue = condition(due_on=date(2026, 11, 1))
    holding = what_holds_it_shut([], [condition(), overdue], date(2026, 12, 1), today=TODAY)
    assert holding_sentence(holding, TODAY) == (
        "Three things hold this gate shut:"
        " “Brief the works council”, a condition of an earlier gate, is due on 20 November and not met yet,"
        " “Brief the works council”, a condition of an earlier gate, was due on 1 November and is not met,"
        " and a lead holds it until 1 December."
    )


def test_when_a_gate_will_be_ready_in_words() -> None:
    january = Expected(date(2027, 1, 14), Basis.CALENDAR)
    waits = ((HeldUntil(TOMORROW), WhenDone()),)
    today = date(2027, 1, 2)
    assert gate_forecast_sentence(GateForecast(expected=None, waits_for=()), today) == ""
    assert gate_forecast_sentence(GateForecast(expected=None, waits_for=waits), today) == (
        "Nobody can tell yet when this gate will be ready."
    )
    assert gate_forecast_sentence(GateForecast(expected=january, waits_for=()), today) == (
        "This gate will probably be ready on 14 January."
    )
    assert gate_forecast_sentence(GateForecast(expected=january, waits_for=waits), today) == (
        "This gate will be ready on 14 January at the earliest; one thing has no date yet."
    )


@pytest.mark.parametrize(
    ("bar", "sentence"),
    [
        (GateIsClosed(GateState.OPENED), "This gate has been opened already, so there is nothing left to decide."),
        (GateIsClosed(GateState.STOPPED), "The program has been stopped, so there is nothing left to decide."),
        (NotAGatekeeper(frozenset({Role.LEAD, Role.SPONSOR})), "This is for a lead or a sponsor to do."),
        (ReasonMissing(), "Please give a reason. It is kept with the gate."),
        (DayNotAhead(TODAY), "Please choose a day after today: 20 November is not."),
        (DayTooFar(date(2040, 1, 1), date(2031, 11, 20)), "Please choose a day up to 20 November 2031."),
    ],
)  # fmt: skip
def test_a_refusal_says_what_can_be_done(bar: Bar, sentence: str) -> None:
    assert bar_sentence(bar, TODAY) == sentence


def test_outcomes_have_words() -> None:
    assert len({outcome_text(each) for each in Outcome}) == len(Outcome)
