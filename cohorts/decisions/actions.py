"""Voting on a gate; the vote that makes the votes agree decides it."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from cohorts.cohorts.actions import prepare_waiting_cohorts
from cohorts.decisions.queries import conditions_in
from cohorts.decisions.rules import Choice, ConditionAsked, Decided, Vote, decision_of, what_bars_vote
from cohorts.decisions.words import vote_bar_sentence
from cohorts.evidence.rules import evidence, evidence_hash
from cohorts.gates.actions import GateRefuses, lock_gate, roles_at_the_gate
from cohorts.gates.judged import JudgedGate, Judgement, the_gate
from cohorts.gates.rules import Outcome
from program.database import execute, fetch, fetch_row, fetch_value, new_id, transaction
from program.events.actions import Letter, record
from program.form_keys.actions import Sent, first_result
from program.refusals import NotAllowed, NotFound
from program.roles.rules import Role


async def vote(
    gate: UUID,
    choice: Choice,
    *,
    program: UUID,
    comment: str,
    conditions: Sequence[ConditionAsked],
    by: UUID,
    now: datetime,
    today: date,
    sent: Sent,
) -> UUID:
    """A lead or sponsor says what they want of a gate, instead of what they said before. Answers the vote's id.

    Refused with what holds the gate shut where it cannot be opened. When all current votes of the roles asked for
    agree, this vote decides: it is opened, or the program stopped, and the evidence is kept as it is now.
    """
    async with transaction():
        await lock_gate(gate, program)
        roles = await roles_at_the_gate(program)
        if by not in roles:
            raise NotAllowed
        id = new_id()
        earlier = await first_result(sent, by=by, at=now, result=id)
        if earlier is not None:
            return earlier
        stands = await the_gate(gate, program=program, today=today)
        cast = Vote(
            by=by, roles=roles[by], choice=choice, comment=comment.strip(), conditions=tuple(conditions)
        )
        bars = what_bars_vote(cast, state=stands.state, holding=stands.holding, today=today)
        if bars or stands.judged is None:
            raise GateRefuses(*bars, sentences=[vote_bar_sentence(bar, today) for bar in bars])
        await _keep(id, gate, cast, now)
        votes = await _current_votes(gate, roles)
        decided = decision_of(votes.values(), holding=stands.holding)
        if isinstance(decided, Decided):
            await _decide(stands, stands.judged, decided, votes, reason=cast.comment, now=now, today=today)
        await record(
            "gate_vote_cast", program=program, by=by, at=now, subject=gate, facts={"choice": choice.value}
        )
        if isinstance(decided, Decided):
            await _record_decision(stands, decided, roles, by=by, now=now)
        return id


async def meet_condition(condition: UUID, *, program: UUID, by: UUID, now: datetime) -> None:
    """Its owner or a lead says that a condition is met. Once said, saying it again changes nothing."""
    async with transaction():
        row = await fetch_row(
            "SELECT k.owner, k.met_at FROM condition k JOIN decision d ON d.id = k.decision"
            " JOIN gate g ON g.id = d.gate WHERE k.id = $1 AND g.program = $2 FOR UPDATE OF k",
            condition,
            program,
        )
        if row is None:
            raise NotFound
        if row["owner"] != by and Role.LEAD not in (await roles_at_the_gate(program)).get(by, frozenset()):
            raise NotAllowed
        if row["met_at"] is None:
            await execute("UPDATE condition SET met_at = $2, met_by = $3 WHERE id = $1", condition, now, by)
            await record("condition_met", program=program, by=by, at=now, subject=condition)


async def _keep(id: UUID, gate: UUID, cast: Vote, now: datetime) -> None:
    """The vote, in place of the one before; its conditions name only people of the program."""
    told = [
        {"what": each.what.strip(), "owner": str(each.owner), "due_on": str(each.due_on)}
        for each in cast.conditions
    ]
    owners = {each.owner for each in cast.conditions}
    listed = await fetch_value(
        "SELECT count(*) FROM listing l JOIN gate g ON g.program = l.program WHERE g.id = $1 AND l.person = ANY($2)",
        gate,
        list(owners),
    )
    if listed != len(owners):
        raise NotFound
    await execute(
        "UPDATE vote SET replaced_at = $3 WHERE gate = $1 AND person = $2 AND replaced_at IS NULL",
        gate,
        cast.by,
        now,
    )
    await execute(
        "INSERT INTO vote (id, gate, person, choice, comment, conditions, cast_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        id,
        gate,
        cast.by,
        cast.choice.value,
        cast.comment or None,
        json.dumps(told) if cast.choice is Choice.OPEN_WITH_CONDITIONS else None,
        now,
    )


async def _current_votes(gate: UUID, roles: dict[UUID, frozenset[Role]]) -> dict[UUID, Vote]:
    """The current votes of those who hold a role at the gate now, by the id of the vote, in the order cast."""
    rows = await fetch(
        "SELECT id, person, choice, comment, conditions FROM vote WHERE gate = $1 AND replaced_at IS NULL"
        " ORDER BY cast_at, id",
        gate,
    )
    return {
        row["id"]: Vote(
            by=row["person"],
            roles=roles[row["person"]],
            choice=Choice(row["choice"]),
            comment=row["comment"] or "",
            conditions=conditions_in(row["conditions"]),
        )
        for row in rows
        if row["person"] in roles
    }


async def _decide(
    stands: JudgedGate,
    judged: Judgement,
    decided: Decided,
    votes: dict[UUID, Vote],
    *,
    reason: str,
    now: datetime,
    today: date,
) -> None:
    counted = {id: each for id, each in votes.items() if each.by in decided.by}
    told = evidence(
        standings=judged.standings,
        months=judged.months,
        holding=judged.holding,
        votes=counted.values(),
        today=today,
    )
    decision = new_id()
    await execute(
        "INSERT INTO decision (id, gate, outcome, reason, evidence, evidence_hash, decided_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        decision,
        stands.id,
        decided.outcome.value,
        reason or next((each.comment for each in counted.values() if each.comment), None),
        json.dumps(told),
        evidence_hash(told),
        now,
    )
    await execute(
        "INSERT INTO decision_vote (id, decision, vote) SELECT unnest($1::uuid[]), $2, unnest($3::uuid[])",
        [new_id() for _ in counted],
        decision,
        list(counted),
    )
    await execute(
        "INSERT INTO condition (id, decision, what, owner, due_on)"
        " SELECT unnest($1::uuid[]), $2, unnest($3::text[]), unnest($4::uuid[]), unnest($5::date[])",
        [new_id() for _ in decided.conditions],
        decision,
        [each.what for each in decided.conditions],
        [each.owner for each in decided.conditions],
        [each.due_on for each in decided.conditions],
    )


async def _record_decision(
    stands: JudgedGate, decided: Decided, roles: dict[UUID, frozenset[Role]], *, by: UUID, now: datetime
) -> None:
    told = {"outcome": decided.outcome.value, "phase": stands.name, "opens": stands.opens_name}
    stopped = decided.outcome is Outcome.STOPPED
    if not stopped:
        await prepare_waiting_cohorts(stands.opens, by=by, now=now)
    await record(
        "program_stopped" if stopped else "gate_opened",
        program=stands.program,
        by=by,
        at=now,
        subject=stands.id,
        facts=told,
        letters=()
        if stopped
        else [
            Letter(to=person, letter="gate_opened", facts={"gate": str(stands.id), **told})
            for person in roles
        ],
    )
