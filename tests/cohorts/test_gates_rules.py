import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.criteria.rules import (
    Criterion,
    CriterionKind,
    Facts,
    NotTicked,
    Standing,
    standing,
)
from cohorts.forecasts.rules import Basis, Expected, GateForecast, WhenDone, forecast
from cohorts.gates.rules import (
    AnotherPersonMissing,
    Bar,
    Choice,
    Condition,
    ConditionAsked,
    ConditionIncomplete,
    ConditionsMissing,
    ConditionUnmet,
    CriterionNotMet,
    DayNotAhead,
    DayTooFar,
    Decided,
    GateIsClosed,
    GateState,
    HeldUntil,
    Holding,
    KeptShut,
    Lack,
    NotAGatekeeper,
    OpenOrStop,
    Outcome,
    OverrideNotShared,
    ReasonMissing,
    RoleMissing,
    StaysShut,
    Undecided,
    Vote,
    decision_of,
    evidence,
    evidence_hash,
    gate_state,
    may_vote,
    what_bars_hold,
    what_bars_recycle,
    what_bars_vote,
    what_holds_it_shut,
)
from cohorts.gates.words import (
    bar_sentence,
    choice_text,
    gate_forecast_sentence,
    gate_sentence,
    holding_sentence,
    lack_sentence,
    outcome_text,
    state_text,
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
        id=UUID(int=99), what="Brief the works council", owner=LEAD, due_on=due_on, met_on=met_on
    )


def lead(choice: Choice, *, by: UUID = LEAD, comment: str = "") -> Vote:
    return Vote(by=by, roles=ONLY_LEAD, choice=choice, comment=comment)


def sponsor(choice: Choice, *, comment: str = "") -> Vote:
    return Vote(by=SPONSOR, roles=ONLY_SPONSOR, choice=choice, comment=comment)


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


# --- who may vote, and for what


@pytest.mark.parametrize("role", [Role.LEAD, Role.SPONSOR])
def test_leads_and_sponsors_are_gatekeepers(role: Role) -> None:
    assert may_vote(frozenset({role}))


def test_a_role_that_the_gate_asks_for_makes_a_gatekeeper() -> None:
    assert not may_vote(frozenset({Role.REVIEWER}))
    assert may_vote(frozenset({Role.REVIEWER}), asked_roles=frozenset({Role.REVIEWER}))
    assert not may_vote(frozenset())


def bars(
    vote: Vote, *, state: GateState = GateState.READY, holding: tuple[Holding, ...] = ()
) -> tuple[object, ...]:
    return what_bars_vote(vote, state=state, holding=holding, today=TODAY)


def test_a_ready_gate_may_be_voted_open() -> None:
    assert bars(lead(Choice.OPEN)) == ()


@pytest.mark.parametrize("choice", [Choice.OPEN, Choice.OPEN_WITH_CONDITIONS])
def test_voting_to_open_a_shut_gate_is_refused_with_the_reasons(choice: Choice) -> None:
    vote = replace(lead(choice), conditions=(ConditionAsked(what="Brief IT", owner=LEAD, due_on=TOMORROW),))
    assert bars(vote, state=GateState.SHUT, holding=HELD) == (StaysShut(HELD),)


@pytest.mark.parametrize("choice", [Choice.STOP, Choice.KEEP_SHUT])
def test_a_shut_gate_may_be_voted_to_stop_or_to_stay_shut(choice: Choice) -> None:
    assert bars(lead(choice), state=GateState.SHUT, holding=HELD) == ()


def test_an_override_of_a_shut_gate_needs_a_reason() -> None:
    assert (
        bars(lead(Choice.OVERRIDE, comment="The fair is in May."), state=GateState.SHUT, holding=HELD) == ()
    )
    assert bars(lead(Choice.OVERRIDE, comment="  "), state=GateState.SHUT, holding=HELD) == (ReasonMissing(),)


def test_who_is_no_gatekeeper_may_not_vote() -> None:
    vote = Vote(by=REVIEWER, roles=frozenset({Role.REVIEWER}), choice=Choice.KEEP_SHUT)
    assert bars(vote) == (NotAGatekeeper(frozenset({Role.LEAD, Role.SPONSOR})),)


@pytest.mark.parametrize("state", [GateState.OPENED, GateState.STOPPED])
def test_nobody_votes_on_a_gate_that_has_been_decided(state: GateState) -> None:
    assert bars(lead(Choice.STOP), state=state) == (GateIsClosed(state),)


def test_opening_with_conditions_needs_at_least_one() -> None:
    assert bars(lead(Choice.OPEN_WITH_CONDITIONS)) == (ConditionsMissing(),)


@pytest.mark.parametrize(
    "unfinished",
    [
        ConditionAsked(what=" ", owner=LEAD, due_on=TOMORROW),
        ConditionAsked(what="Brief IT", owner=None, due_on=TOMORROW),
        ConditionAsked(what="Brief IT", owner=LEAD, due_on=None),
    ],
    ids=["what", "owner", "day"],
)
def test_each_condition_needs_its_text_an_owner_and_a_day(unfinished: ConditionAsked) -> None:
    whole = ConditionAsked(what="Brief the works council", owner=LEAD, due_on=TOMORROW)
    vote = replace(lead(Choice.OPEN_WITH_CONDITIONS), conditions=(whole, unfinished))
    assert bars(vote) == (ConditionIncomplete(1),)


def test_a_condition_is_due_on_a_day_to_come() -> None:
    due_today = ConditionAsked(what="Brief IT", owner=LEAD, due_on=TODAY)
    assert bars(replace(lead(Choice.OPEN_WITH_CONDITIONS), conditions=(due_today,))) == (DayNotAhead(TODAY),)


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


# --- what the votes decide


def test_a_lead_and_a_sponsor_open_a_ready_gate() -> None:
    assert decision_of([lead(Choice.OPEN), sponsor(Choice.OPEN)], holding=()) == Decided(
        outcome=Outcome.OPENED, by=(LEAD, SPONSOR)
    )


def test_without_a_vote_a_lead_and_a_sponsor_are_missing() -> None:
    assert decision_of([], holding=()) == Undecided((RoleMissing(Role.LEAD), RoleMissing(Role.SPONSOR)))


def test_two_leads_cannot_open_a_gate_without_a_sponsor() -> None:
    votes = [lead(Choice.OPEN), lead(Choice.OPEN, by=SECOND_LEAD)]
    assert decision_of(votes, holding=()) == Undecided((RoleMissing(Role.SPONSOR),))


def test_one_person_with_both_roles_cannot_decide_alone() -> None:
    both = Vote(by=BOTH, roles=ONLY_LEAD | ONLY_SPONSOR, choice=Choice.OPEN)
    assert decision_of([both], holding=()) == Undecided((AnotherPersonMissing(ONLY_LEAD | ONLY_SPONSOR),))


@pytest.mark.parametrize("second", [lead(Choice.OPEN), sponsor(Choice.OPEN)], ids=["lead", "sponsor"])
def test_one_person_with_both_roles_decides_with_anyone_who_has_one_of_them(second: Vote) -> None:
    both = Vote(by=BOTH, roles=ONLY_LEAD | ONLY_SPONSOR, choice=Choice.OPEN)
    assert isinstance(decision_of([both, second], holding=()), Decided)


def test_all_current_votes_of_those_roles_have_to_agree() -> None:
    votes = [lead(Choice.OPEN), sponsor(Choice.OPEN), lead(Choice.KEEP_SHUT, by=SECOND_LEAD)]
    assert decision_of(votes, holding=()) == Undecided((KeptShut((SECOND_LEAD,)),))


def test_to_open_and_to_stop_do_not_agree() -> None:
    assert decision_of([lead(Choice.OPEN), sponsor(Choice.STOP)], holding=()) == Undecided((OpenOrStop(),))


def test_a_vote_without_a_role_asked_for_neither_helps_nor_hinders() -> None:
    lost_role = Vote(by=REVIEWER, roles=frozenset(), choice=Choice.KEEP_SHUT)
    assert isinstance(decision_of([lead(Choice.OPEN), sponsor(Choice.OPEN), lost_role], holding=()), Decided)
    no_lead_any_more = replace(lead(Choice.OPEN), roles=frozenset())
    assert decision_of([no_lead_any_more, sponsor(Choice.OPEN)], holding=()) == Undecided(
        (RoleMissing(Role.LEAD),)
    )


def test_votes_cast_while_it_was_ready_do_not_open_a_gate_that_no_longer_is() -> None:
    assert decision_of([lead(Choice.OPEN), sponsor(Choice.OPEN)], holding=HELD) == Undecided(
        (StaysShut(HELD),)
    )


def test_opening_with_conditions_keeps_those_of_every_vote_once() -> None:
    it = ConditionAsked(what="Brief IT", owner=LEAD, due_on=TOMORROW)
    council = ConditionAsked(what="Brief the works council", owner=SPONSOR, due_on=TOMORROW)
    votes = [
        replace(lead(Choice.OPEN_WITH_CONDITIONS), conditions=(it,)),
        replace(sponsor(Choice.OPEN_WITH_CONDITIONS), conditions=(it, council)),
    ]
    assert decision_of(votes, holding=()) == Decided(
        outcome=Outcome.OPENED_WITH_CONDITIONS, by=(LEAD, SPONSOR), conditions=(it, council)
    )
    assert isinstance(decision_of([votes[0], sponsor(Choice.OPEN)], holding=()), Decided)


def test_stopping_needs_what_opening_needs_but_no_readiness() -> None:
    assert decision_of([lead(Choice.STOP), sponsor(Choice.STOP)], holding=HELD) == Decided(
        outcome=Outcome.STOPPED, by=(LEAD, SPONSOR)
    )
    assert decision_of([lead(Choice.STOP)], holding=HELD) == Undecided((RoleMissing(Role.SPONSOR),))


def test_an_override_opens_a_gate_that_is_not_ready_and_keeps_what_held_it_shut() -> None:
    votes = [lead(Choice.OVERRIDE, comment="The fair."), sponsor(Choice.OVERRIDE, comment="Agreed.")]
    assert decision_of(votes, holding=HELD) == Decided(
        outcome=Outcome.OVERRIDDEN, by=(LEAD, SPONSOR), overridden=HELD
    )


def test_an_override_has_a_sponsor_among_the_votes_even_where_the_gate_asks_for_none() -> None:
    votes = [lead(Choice.OVERRIDE, comment="The fair.")]
    assert decision_of(votes, holding=HELD, asked_roles=ONLY_LEAD) == Undecided((RoleMissing(Role.SPONSOR),))
    assert isinstance(decision_of([lead(Choice.OPEN)], holding=(), asked_roles=ONLY_LEAD), Decided)


def test_who_voted_to_open_a_ready_gate_has_not_agreed_to_override() -> None:
    votes = [lead(Choice.OPEN), sponsor(Choice.OVERRIDE, comment="The fair.")]
    assert decision_of(votes, holding=HELD) == Undecided((OverrideNotShared((LEAD,)),))


def test_a_gate_that_became_ready_is_simply_opened_and_not_marked_as_overridden() -> None:
    votes = [lead(Choice.OVERRIDE, comment="The fair."), sponsor(Choice.OPEN)]
    assert decision_of(votes, holding=()) == Decided(outcome=Outcome.OPENED, by=(LEAD, SPONSOR))


def test_a_gate_may_ask_for_other_roles() -> None:
    asked = frozenset({Role.LEAD, Role.SPONSOR, Role.REVIEWER})
    votes = [lead(Choice.OPEN), sponsor(Choice.OPEN)]
    assert decision_of(votes, holding=(), asked_roles=asked) == Undecided((RoleMissing(Role.REVIEWER),))
    reviewer = Vote(by=REVIEWER, roles=frozenset({Role.REVIEWER}), choice=Choice.OPEN)
    assert isinstance(decision_of([*votes, reviewer], holding=(), asked_roles=asked), Decided)


all_votes = st.lists(
    st.builds(
        Vote,
        by=st.sampled_from([UUID(int=number) for number in range(1, 7)]),
        roles=st.frozensets(st.sampled_from([Role.LEAD, Role.SPONSOR, Role.REVIEWER]), max_size=2),
        choice=st.sampled_from(Choice),
    ),
    max_size=5,
    unique_by=lambda vote: vote.by,
)


@given(votes=all_votes, shut=st.booleans(), data=st.data())
def test_the_order_of_the_votes_does_not_change_the_outcome(
    votes: list[Vote], shut: bool, data: st.DataObject
) -> None:
    holding = HELD if shut else ()
    one = decision_of(votes, holding=holding)
    other = decision_of(data.draw(st.permutations(votes)), holding=holding)
    assert isinstance(one, Decided) == isinstance(other, Decided)
    if isinstance(one, Decided) and isinstance(other, Decided):
        assert one.outcome == other.outcome


@given(votes=all_votes, shut=st.booleans())
def test_no_gate_is_opened_without_a_lead_and_another_person_as_sponsor_nor_while_shut_but_by_override(
    votes: list[Vote], shut: bool
) -> None:
    decided = decision_of(votes, holding=HELD if shut else ())
    if isinstance(decided, Decided):
        deciding = [vote for vote in votes if vote.by in decided.by]
        leads = {vote.by for vote in deciding if Role.LEAD in vote.roles}
        sponsors = {vote.by for vote in deciding if Role.SPONSOR in vote.roles}
        assert any(one != other for one in leads for other in sponsors)
        assert Choice.KEEP_SHUT not in {vote.choice for vote in deciding}
        if shut and decided.outcome is not Outcome.STOPPED:
            assert {vote.choice for vote in deciding} == {Choice.OVERRIDE}
            assert decided.outcome is Outcome.OVERRIDDEN
    else:
        assert decided.lacks


# --- evidence


def test_evidence_holds_figures_and_never_people_and_survives_json_with_its_hash() -> None:
    told = [MonthFigures(number=0, took_part=8, eligible=12, enrolled=12)]
    tracked = tracked_months(Course(start=date(2026, 10, 1)), told, today=TODAY, asked=MonthsAsked())
    months = PhaseMonths(
        cohorts=(
            CohortMonths(cohort=UUID(int=7), name="Berlin", tracked=tracked, left_out="Ann Smith left."),
        ),
        asked=MonthsAsked(),
    )
    owned = replace(item(50), owner=LEAD, item="Ann Smith briefed the sponsor")
    kept = evidence(
        standings=[stands(owned, met=True)],
        months=months,
        holding=HELD,
        votes=[lead(Choice.OVERRIDE, comment="Ann Smith says so"), sponsor(Choice.OVERRIDE)],
        today=TODAY,
    )
    text = json.dumps(kept)
    assert "Ann Smith" not in text
    assert all(str(person) not in text for person in (LEAD, SPONSOR))
    assert kept["votes"] == {"override": 2}
    assert kept["roles"] == {"lead": 1, "sponsor": 1}
    assert kept["held_shut_by"] == {"HeldUntil": 1}
    assert kept["criteria"][0]["values"] == ["1"]
    assert [month["state"] for month in kept["cohorts"][0]["months"]] == ["counted", "in_progress"]
    assert kept["cohorts"][0]["months"][0]["took_part"] == 8
    turned = dict(reversed(json.loads(text).items()))
    assert evidence_hash(turned) == evidence_hash(kept)


def test_evidence_that_was_changed_has_another_hash() -> None:
    kept = evidence(
        standings=[stands(item(1), met=False)], months=NO_MONTHS, holding=(), votes=(), today=TODAY
    )
    assert len(evidence_hash(kept)) == 32
    assert evidence_hash(kept | {"judged_on": "2026-11-21"}) != evidence_hash(kept)


def test_a_criterion_not_met_carries_what_is_missing() -> None:
    missing = stands(item(1), met=False)
    assert missing.reasons == (NotTicked(item="Item 1", owner=None, due_on=None, overdue=False),)
    assert missing.value == Fraction(0)


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
        (StaysShut(HELD), "The gate cannot be opened yet. One thing holds this gate shut: a lead holds it until 21 November."),
        (ReasonMissing(), "Please give a reason. It is kept with the gate."),
        (ConditionsMissing(), "Please name at least one condition, or vote to open without any."),
        (ConditionIncomplete(1), "Condition 2 needs to say what is to be done, by whom and by which day."),
        (DayNotAhead(TODAY), "Please choose a day after today: 20 November is not."),
        (DayTooFar(date(2040, 1, 1), date(2031, 11, 20)), "Please choose a day up to 20 November 2031."),
    ],
)  # fmt: skip
def test_a_refusal_says_what_can_be_done(bar: Bar, sentence: str) -> None:
    assert bar_sentence(bar, TODAY) == sentence


@pytest.mark.parametrize(
    ("lack", "sentence"),
    [
        (RoleMissing(Role.SPONSOR), "Still to vote: a sponsor."),
        (AnotherPersonMissing(frozenset({Role.LEAD, Role.SPONSOR})), "It takes a lead and a sponsor who are different people: one person alone cannot decide."),
        (KeptShut((LEAD,)), "One person wants the gate to stay shut."),
        (KeptShut((LEAD, SPONSOR)), "Two people want the gate to stay shut."),
        (OpenOrStop(), "Some want to open the gate, others to stop the program."),
        (OverrideNotShared((LEAD,)), "One person voted while the gate was ready, and would have to agree to override it now."),
        (StaysShut(HELD), "One thing holds this gate shut: a lead holds it until 21 November."),
    ],
)  # fmt: skip
def test_what_the_votes_still_lack_is_said(lack: Lack, sentence: str) -> None:
    assert lack_sentence(lack, TODAY) == sentence


def test_choices_outcomes_and_states_have_words() -> None:
    assert len({choice_text(each) for each in Choice}) == len(Choice)
    assert len({outcome_text(each) for each in Outcome}) == len(Outcome)
    assert [state_text(each) for each in GateState] == ["shut", "ready", "opened", "stopped"]
