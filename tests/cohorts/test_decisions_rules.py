from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.decisions.rules import (
    AnotherPersonMissing,
    Choice,
    ConditionAsked,
    ConditionIncomplete,
    ConditionsMissing,
    Decided,
    KeptShut,
    Lack,
    OpenOrStop,
    OverrideNotShared,
    RoleMissing,
    StaysShut,
    Undecided,
    Vote,
    VoteBar,
    decision_of,
    may_vote,
    what_bars_vote,
)
from cohorts.decisions.words import choice_text, lack_sentence, vote_bar_sentence
from cohorts.gates.rules import (
    DayNotAhead,
    GateIsClosed,
    GateState,
    HeldUntil,
    Holding,
    NotAGatekeeper,
    Outcome,
    ReasonMissing,
)
from program.roles.rules import Role

TODAY = date(2026, 11, 20)
TOMORROW = TODAY + timedelta(days=1)
LEAD, SPONSOR, SECOND_LEAD, BOTH, REVIEWER = (UUID(int=number) for number in range(1, 6))
ONLY_LEAD, ONLY_SPONSOR = frozenset({Role.LEAD}), frozenset({Role.SPONSOR})
HELD: tuple[Holding, ...] = (HeldUntil(TOMORROW),)


def lead(choice: Choice, *, by: UUID = LEAD, comment: str = "") -> Vote:
    return Vote(by=by, roles=ONLY_LEAD, choice=choice, comment=comment)


def sponsor(choice: Choice, *, comment: str = "") -> Vote:
    return Vote(by=SPONSOR, roles=ONLY_SPONSOR, choice=choice, comment=comment)


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


# --- words


@pytest.mark.parametrize(
    ("bar", "sentence"),
    [
        (StaysShut(HELD), "The gate cannot be opened yet. One thing holds this gate shut: a lead holds it until 21 November."),
        (ConditionsMissing(), "Please name at least one condition, or vote to open without any."),
        (ConditionIncomplete(1), "Condition 2 needs to say what is to be done, by whom and by which day."),
        (ReasonMissing(), "Please give a reason. It is kept with the gate."),
    ],
)  # fmt: skip
def test_a_vote_that_is_refused_says_what_can_be_done(bar: VoteBar, sentence: str) -> None:
    assert vote_bar_sentence(bar, TODAY) == sentence


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


def test_choices_have_words() -> None:
    assert len({choice_text(each) for each in Choice}) == len(Choice)
