"""Votes and decisions on a gate, as the API tells them; names come only where they may."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from cohorts.decisions.queries import ConditionLine, DecisionView, VoteLine
from cohorts.decisions.rules import Choice
from cohorts.decisions.words import lack_sentence
from cohorts.gates.queries import Panel
from cohorts.gates.rules import Outcome
from program.refusals import code_of
from program.roles.rules import Role
from program.told import Reason, moment_of


class Vote(Struct, frozen=True, kw_only=True):
    """A gatekeeper’s vote; `name` is null without the scope people:read."""

    name: str | None
    choice: Choice
    comment: str
    cast_at: datetime


class CurrentVote(Struct, frozen=True, kw_only=True):
    """Somebody who keeps the gate, in which roles, and their vote, if they have cast one."""

    roles: list[Role]
    vote: Vote | None


class Decision(Struct, frozen=True, kw_only=True):
    """What became of a gate; `evidence_hash` is the SHA-256 of what it rests on, which is `intact` while it has it."""

    outcome: Outcome
    reason: str
    decided_on: date
    evidence_hash: str
    intact: bool
    votes: list[Vote]


class Condition(Struct, frozen=True, kw_only=True):
    """Something asked for when a gate was opened; `met_on` is null while it is not met."""

    id: UUID
    what: str
    owner_name: str | None
    due_on: date
    met_on: date | None


def current_votes(panel: Panel, *, names: bool) -> list[CurrentVote]:
    return [
        CurrentVote(roles=sorted(each.roles), vote=_vote(each.vote, names=names) if each.vote else None)
        for each in panel.gatekeepers
    ]


def lacks_of(panel: Panel, today: date) -> list[Reason]:
    return [Reason(code=code_of(each), text=lack_sentence(each, today)) for each in panel.lacks]


def decision_of(decision: DecisionView, *, names: bool) -> Decision:
    return Decision(
        outcome=decision.outcome,
        reason=decision.reason,
        decided_on=decision.decided_on,
        evidence_hash=decision.evidence_hash,
        intact=decision.intact,
        votes=[_vote(each, names=names) for each in decision.votes],
    )


def conditions_of(conditions: Sequence[ConditionLine], *, names: bool) -> list[Condition]:
    return [
        Condition(
            id=each.id,
            what=each.what,
            owner_name=each.owner_name if names else None,
            due_on=each.due_on,
            met_on=each.met_on,
        )
        for each in conditions
    ]


def _vote(vote: VoteLine, *, names: bool) -> Vote:
    return Vote(
        name=vote.name if names else None,
        choice=vote.choice,
        comment=vote.comment,
        cast_at=moment_of(vote.cast_at),
    )
