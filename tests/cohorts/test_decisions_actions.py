import asyncio
import json
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from cohorts.decisions.actions import meet_condition, vote
from cohorts.decisions.queries import decision_view, gatekeepers
from cohorts.decisions.rules import Choice, ConditionAsked, StaysShut
from cohorts.enrolments.actions import note_departure
from cohorts.evidence.rules import evidence_hash
from cohorts.gates.actions import GateRefuses, hold
from cohorts.gates.judged import the_gate
from cohorts.gates.rules import ConditionUnmet, GateIsClosed, GateState, Outcome, ReasonMissing
from program.database import execute, fetch, fetch_row, fetch_value
from program.form_keys.actions import Sent
from program.refusals import NotAllowed, NotFound, Refusal
from program.roles.actions import revoke_role
from program.roles.rules import Role
from tests.cast import NOON, a_form, a_listed_person, a_person_with, a_program, an_owner
from tests.cohorts.scene import a_cohort, a_ready_pilot
from tests.cohorts.scene import the_gate as the_gate_of

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2026, 6, 1)
TOMORROW = TODAY + timedelta(days=1)


class Decision:
    """A ready gate with its lead and its sponsor."""

    def __init__(self, program: UUID, gate: UUID, lead: UUID, sponsor: UUID) -> None:
        self.program, self.gate, self.lead, self.sponsor = program, gate, lead, sponsor

    async def vote(
        self,
        by: UUID,
        choice: Choice = Choice.OPEN,
        *,
        comment: str = "",
        conditions: Sequence[ConditionAsked] = (),
        sent: Sent | None = None,
    ) -> UUID:
        return await vote(
            self.gate,
            choice,
            program=self.program,
            comment=comment,
            conditions=conditions,
            by=by,
            now=NOON,
            today=TODAY,
            sent=sent or a_form(),
        )

    async def outcome(self) -> str | None:
        found: str | None = await fetch_value("SELECT outcome FROM decision WHERE gate = $1", self.gate)
        return found


async def a_decision(*, ready: bool = True) -> Decision:
    lead = await an_owner()
    program = await a_program(lead)
    sponsor = await a_person_with(Role.SPONSOR, program, lead, "Sam Sponsor")
    gate = await (a_ready_pilot(program, lead, today=TODAY) if ready else the_gate_of(program))
    return Decision(program, gate, lead, sponsor)


def a_condition(owner: UUID, *, what: str = "Brief the works council") -> ConditionAsked:
    return ConditionAsked(what=what, owner=owner, due_on=TOMORROW)


async def test_a_lead_and_a_sponsor_open_a_ready_gate_and_its_evidence_is_kept() -> None:
    it = await a_decision()
    waiting = await a_cohort(it.program, it.lead, start=None, name="First", position=1)
    await execute("UPDATE cohort SET state = 'forming' WHERE id = $1", waiting)
    first = await it.vote(it.lead, comment="It went well.")
    assert await it.outcome() is None
    second = await it.vote(it.sponsor)
    row = await fetch_row("SELECT * FROM decision WHERE gate = $1", it.gate)
    assert row is not None
    assert (row["outcome"], row["reason"]) == ("opened", "It went well.")
    kept = json.loads(row["evidence"])
    assert row["evidence_hash"] == evidence_hash(kept)
    assert [one["met"] for one in kept["criteria"] if one["required"]] == [True] * 6
    rests_on = await fetch("SELECT vote FROM decision_vote WHERE decision = $1", row["id"])
    assert {each["vote"] for each in rests_on} == {first, second}
    stands = await the_gate(it.gate, program=it.program, today=TODAY)
    assert (stands.state, stands.outcome, stands.judged) == (GateState.OPENED, Outcome.OPENED, None)
    letters = await fetch("SELECT recipient FROM delivery WHERE letter = 'gate_opened'")
    assert {each["recipient"] for each in letters} == {it.lead, it.sponsor}
    assert await fetch_value("SELECT state FROM cohort WHERE id = $1", waiting) == "preparing"


async def test_the_decision_shows_what_was_known_then_whatever_comes_later() -> None:
    it = await a_decision()
    await it.vote(it.lead)
    await it.vote(it.sponsor, comment="Go.")
    before = await decision_view(it.gate)
    await execute("DELETE FROM reading")
    await execute("UPDATE tick SET taken_back_at = $1", NOON)
    assert await decision_view(it.gate) == before
    assert {each.name for each in before.votes} == {"Olga Owner", "Sam Sponsor"}
    (cohort,) = before.evidence.cohorts
    assert (cohort.tracked.counted, cohort.tracked.needed) == (6, 6)
    assert before.evidence.judged_on == TODAY
    assert [each.met for each in before.evidence.criteria if each.standing.criterion.required] == [True] * 6
    with pytest.raises(NotFound):
        await decision_view(await the_gate_of(it.program, 1))


async def test_opening_a_shut_gate_is_refused_with_what_holds_it_shut() -> None:
    it = await a_decision(ready=False)
    with pytest.raises(GateRefuses) as refused:
        await it.vote(it.lead)
    (stays,) = refused.value.reasons
    assert isinstance(stays, StaysShut)
    assert stays.holding
    assert "hold this gate shut" in refused.value.sentence()
    assert await fetch("SELECT FROM vote") == []


async def test_an_override_needs_a_reason_and_everybody_and_is_marked_for_ever() -> None:
    it = await a_decision(ready=False)
    with pytest.raises(GateRefuses) as refused:
        await it.vote(it.lead, Choice.OVERRIDE)
    assert refused.value.reasons == (ReasonMissing(),)
    await it.vote(it.lead, Choice.OVERRIDE, comment="The fair is in July.")
    await it.vote(it.sponsor, Choice.OVERRIDE, comment="So be it.")
    view = await decision_view(it.gate)
    assert (view.outcome, view.reason) == (Outcome.OVERRIDDEN, "So be it.")
    assert not all(each.met for each in view.evidence.criteria)


async def test_a_gate_opened_with_conditions_holds_the_next_one_shut_until_they_are_met() -> None:
    it = await a_decision()
    helper = await a_listed_person(it.program, it.lead, "Hal Helper")
    asked = a_condition(helper)
    await it.vote(it.lead, Choice.OPEN_WITH_CONDITIONS, conditions=[asked])
    await it.vote(it.sponsor)
    view = await decision_view(it.gate)
    assert view.outcome is Outcome.OPENED_WITH_CONDITIONS
    (condition,) = view.conditions
    assert (condition.what, condition.owner, condition.due_on) == (asked.what, helper, TOMORROW)
    next_gate = await the_gate_of(it.program, 1)
    stands = await the_gate(next_gate, program=it.program, today=TODAY)
    assert [each.condition.id for each in stands.holding if isinstance(each, ConditionUnmet)] == [
        condition.id
    ]
    with pytest.raises(NotAllowed):
        await meet_condition(condition.id, program=it.program, by=it.sponsor, now=NOON)
    await meet_condition(condition.id, program=it.program, by=helper, now=NOON)
    await meet_condition(condition.id, program=it.program, by=it.lead, now=NOON)
    stands = await the_gate(next_gate, program=it.program, today=TODAY)
    assert not any(isinstance(each, ConditionUnmet) for each in stands.holding)
    assert (await decision_view(it.gate)).conditions[0].met_on == TODAY
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'condition_met'") == 1
    with pytest.raises(NotFound):
        await meet_condition(uuid4(), program=it.program, by=it.lead, now=NOON)


async def test_a_condition_is_seen_to_by_somebody_of_the_program() -> None:
    it = await a_decision()
    with pytest.raises(NotFound):
        await it.vote(it.lead, Choice.OPEN_WITH_CONDITIONS, conditions=[a_condition(uuid4())])


async def test_both_together_stop_the_program() -> None:
    it = await a_decision(ready=False)
    await it.vote(it.lead, Choice.STOP, comment="The company was sold.")
    await it.vote(it.sponsor, Choice.STOP)
    assert await it.outcome() == "stopped"
    assert await fetch("SELECT FROM delivery WHERE letter = 'gate_opened'") == []
    elsewhere = Decision(it.program, await the_gate_of(it.program, 1), it.lead, it.sponsor)
    with pytest.raises(GateRefuses) as refused:
        await elsewhere.vote(it.lead, Choice.KEEP_SHUT)
    assert refused.value.reasons == (GateIsClosed(GateState.STOPPED),)


async def test_a_newer_vote_replaces_the_one_before() -> None:
    it = await a_decision()
    await it.vote(it.lead, Choice.KEEP_SHUT, comment="Not yet.")
    await it.vote(it.sponsor)
    assert await it.outcome() is None
    await it.vote(it.lead)
    assert await it.outcome() == "opened"
    current = await gatekeepers(it.gate, program=it.program)
    assert [each.vote and each.vote.choice for each in current] == [Choice.OPEN, Choice.OPEN]
    assert await fetch_value("SELECT count(*) FROM vote WHERE replaced_at IS NOT NULL") == 1


async def test_the_vote_of_somebody_who_lost_their_role_does_not_count() -> None:
    it = await a_decision()
    await it.vote(it.sponsor)
    await revoke_role(Role.SPONSOR, program=it.program, of=it.sponsor, by=it.lead, now=NOON)
    await it.vote(it.lead)
    assert await it.outcome() is None
    with pytest.raises(NotAllowed):
        await it.vote(it.sponsor)


async def test_the_vote_of_somebody_who_left_the_company_does_not_count() -> None:
    it = await a_decision()
    await it.vote(it.sponsor)
    await note_departure(it.sponsor, program=it.program, by=it.lead, now=NOON)
    assert it.sponsor not in [each.person for each in await gatekeepers(it.gate, program=it.program)]
    await it.vote(it.lead)
    assert await it.outcome() is None


async def test_readiness_is_judged_again_at_the_deciding_vote() -> None:
    it = await a_decision()
    await it.vote(it.lead)
    await hold(
        it.gate,
        program=it.program,
        until_on=TOMORROW,
        reason="Wait.",
        by=it.lead,
        now=NOON,
        today=TODAY,
        sent=a_form(),
    )
    with pytest.raises(GateRefuses):
        await it.vote(it.sponsor)
    assert await it.outcome() is None


async def test_the_same_form_votes_once_even_after_the_decision() -> None:
    it = await a_decision()
    await it.vote(it.lead)
    form = a_form("open")
    first = await it.vote(it.sponsor, sent=form)
    assert await it.vote(it.sponsor, sent=form) == first
    assert await fetch_value("SELECT count(*) FROM vote") == 2
    with pytest.raises(GateRefuses) as refused:
        await it.vote(it.sponsor)
    assert refused.value.reasons == (GateIsClosed(GateState.OPENED),)


async def test_the_gate_of_another_program_is_not_found() -> None:
    it = await a_decision()
    other = await a_program(it.lead, "Another")
    with pytest.raises(NotFound):
        await vote(
            it.gate,
            Choice.OPEN,
            program=other,
            comment="",
            conditions=(),
            by=it.lead,
            now=NOON,
            today=TODAY,
            sent=a_form(),
        )


async def test_of_votes_at_the_same_moment_exactly_one_decides() -> None:
    lead = await an_owner()
    for number in range(50):
        program = await a_program(lead, f"Program {number}")
        sponsor = await a_person_with(Role.SPONSOR, program, lead, "Sam Sponsor")
        it = Decision(program, await the_gate_of(program), lead, sponsor)
        answers = await asyncio.gather(
            it.vote(lead, Choice.STOP), it.vote(sponsor, Choice.STOP), return_exceptions=True
        )
        assert not [answer for answer in answers if isinstance(answer, BaseException)]
        assert await fetch_value("SELECT count(*) FROM decision WHERE gate = $1", it.gate) == 1
        assert (
            await fetch_value(
                "SELECT count(*) FROM event WHERE program = $1 AND name = 'program_stopped'", program
            )
            == 1
        )


async def test_votes_and_a_revocation_at_the_same_moment_never_lock_each_other_out() -> None:
    it = await a_decision()
    await it.vote(it.lead)
    answers = await asyncio.gather(
        it.vote(it.sponsor),
        revoke_role(Role.SPONSOR, program=it.program, of=it.sponsor, by=it.lead, now=NOON),
        return_exceptions=True,
    )
    assert all(not isinstance(answer, BaseException) or isinstance(answer, Refusal) for answer in answers)
