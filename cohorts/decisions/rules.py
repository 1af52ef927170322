"""Answers whether a vote on a gate may be cast, and what the votes decide."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import permutations
from uuid import UUID

from cohorts.gates.rules import (
    Bar,
    GateState,
    Holding,
    NotAGatekeeper,
    Outcome,
    closed,
    not_ahead,
    unreasoned,
)
from program.roles.rules import Role

ASKED_ROLES = frozenset({Role.LEAD, Role.SPONSOR})


class Choice(StrEnum):
    """What a gatekeeper wants. To override is to open a gate that is not ready."""

    OPEN = "open"
    OPEN_WITH_CONDITIONS = "open_with_conditions"
    OVERRIDE = "override"
    STOP = "stop"
    KEEP_SHUT = "keep_shut"


OPENING = frozenset({Choice.OPEN, Choice.OPEN_WITH_CONDITIONS, Choice.OVERRIDE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionAsked:
    """What a vote to open with conditions asks for; still without an owner or a day while the form is filled in."""

    what: str
    owner: UUID | None
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A gatekeeper's current vote. `roles` are those they hold now, not when they voted."""

    by: UUID
    roles: frozenset[Role]
    choice: Choice
    comment: str = ""
    conditions: tuple[ConditionAsked, ...] = ()


@dataclass(frozen=True, slots=True)
class StaysShut:
    """A gate that is not ready cannot be voted open, unless it is overridden."""

    holding: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class ConditionsMissing:
    """To open with conditions needs at least one."""


@dataclass(frozen=True, slots=True)
class ConditionIncomplete:
    """The condition of that number, from 0, lacks its text, its owner or its day."""

    number: int


VoteBar = Bar | StaysShut | ConditionsMissing | ConditionIncomplete


@dataclass(frozen=True, slots=True)
class RoleMissing:
    """Nobody with this role has voted."""

    role: Role


@dataclass(frozen=True, slots=True)
class AnotherPersonMissing:
    """The roles asked for are all there, but not held by different people."""

    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class KeptShut:
    """Some want the gate to stay shut."""

    by: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class OpenOrStop:
    """Some want to open the gate, others to stop the program."""


@dataclass(frozen=True, slots=True)
class OverrideNotShared:
    """Some want to override; these voted to open a gate that was ready, and would have to override it too."""

    by: tuple[UUID, ...]


Lack = RoleMissing | AnotherPersonMissing | KeptShut | OpenOrStop | OverrideNotShared | StaysShut


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What the votes of `by` decide. `overridden` has what held the gate shut all the same."""

    outcome: Outcome
    by: tuple[UUID, ...]
    conditions: tuple[ConditionAsked, ...] = ()
    overridden: tuple[Holding, ...] = ()


@dataclass(frozen=True, slots=True)
class Undecided:
    """What the votes still lack; never nothing."""

    lacks: tuple[Lack, ...]


def may_vote(roles: frozenset[Role], *, asked_roles: frozenset[Role] = ASKED_ROLES) -> bool:
    """Whether somebody with these roles is a gatekeeper: has a role asked for, or is a sponsor."""
    return not roles.isdisjoint(asked_roles | {Role.SPONSOR})


def what_bars_vote(
    vote: Vote,
    *,
    state: GateState,
    holding: tuple[Holding, ...],
    asked_roles: frozenset[Role] = ASKED_ROLES,
    today: date,
) -> tuple[VoteBar, ...]:
    """Why this vote may not be cast; nothing when it may. Ask it again while the gate is locked."""
    bars: list[VoteBar] = [*closed(state)]
    if not may_vote(vote.roles, asked_roles=asked_roles):
        bars.append(NotAGatekeeper(asked_roles | {Role.SPONSOR}))
    if holding and vote.choice in (Choice.OPEN, Choice.OPEN_WITH_CONDITIONS):
        bars.append(StaysShut(holding))
    if vote.choice is Choice.OVERRIDE:
        bars += unreasoned(vote.comment)
    if vote.choice is Choice.OPEN_WITH_CONDITIONS:
        bars += _what_bars_conditions(vote.conditions, today)
    return tuple(bars)


def decision_of(
    votes: Iterable[Vote], *, holding: tuple[Holding, ...], asked_roles: frozenset[Role] = ASKED_ROLES
) -> Decided | Undecided:
    """What the current votes, one a person, decide as things stand now.

    To open, as to stop, needs every role asked for, each by another person, and all current votes of those roles
    agreeing. Opening a gate that something holds shut needs all of them to override it, a sponsor among them.
    """
    votes = tuple(votes)
    overriding = bool(holding) and any(vote.choice is Choice.OVERRIDE for vote in votes)
    roles = asked_roles | {Role.SPONSOR} if overriding else asked_roles
    counted = tuple(vote for vote in votes if not vote.roles.isdisjoint(roles))
    lacks = (*_who_is_missing(counted, roles), *_what_differs(counted, holding))
    if lacks:
        return Undecided(lacks)
    conditions = tuple(dict.fromkeys(condition for vote in counted for condition in vote.conditions))
    stopping = counted[0].choice is Choice.STOP
    return Decided(
        outcome=_outcome(stopping=stopping, overriding=overriding, with_conditions=bool(conditions)),
        by=tuple(vote.by for vote in counted),
        conditions=conditions,
        overridden=holding if overriding else (),
    )


def _what_bars_conditions(conditions: Sequence[ConditionAsked], today: date) -> Iterator[VoteBar]:
    if not conditions:
        yield ConditionsMissing()
    for number, condition in enumerate(conditions):
        if not condition.what.strip() or condition.owner is None or condition.due_on is None:
            yield ConditionIncomplete(number)
        if condition.due_on is not None:
            yield from not_ahead(condition.due_on, today)


def _who_is_missing(votes: Sequence[Vote], roles: frozenset[Role]) -> Iterator[Lack]:
    missing = [role for role in sorted(roles) if not any(role in vote.roles for vote in votes)]
    yield from map(RoleMissing, missing)
    if not missing and not _different_people(votes, sorted(roles)):
        yield AnotherPersonMissing(roles)


def _different_people(votes: Sequence[Vote], roles: Sequence[Role]) -> bool:
    return any(
        all(role in vote.roles for role, vote in zip(roles, chosen, strict=True))
        for chosen in permutations(votes, len(roles))
    )


def _what_differs(votes: Sequence[Vote], holding: tuple[Holding, ...]) -> Iterator[Lack]:
    by_choice = {choice: tuple(vote.by for vote in votes if vote.choice is choice) for choice in Choice}
    opening = [vote for vote in votes if vote.choice in OPENING]
    if by_choice[Choice.KEEP_SHUT]:
        yield KeptShut(by_choice[Choice.KEEP_SHUT])
    if opening and by_choice[Choice.STOP]:
        yield OpenOrStop()
    unshared = tuple(vote.by for vote in opening if vote.choice is not Choice.OVERRIDE)
    if holding and unshared:
        yield OverrideNotShared(unshared) if by_choice[Choice.OVERRIDE] else StaysShut(holding)


def _outcome(*, stopping: bool, overriding: bool, with_conditions: bool) -> Outcome:
    if stopping:
        return Outcome.STOPPED
    if overriding:
        return Outcome.OVERRIDDEN
    return Outcome.OPENED_WITH_CONDITIONS if with_conditions else Outcome.OPENED
