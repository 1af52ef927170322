"""Answers what holds a gate shut, whether a vote may be cast, and what the votes decide."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from itertools import permutations
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta

from cohorts.criteria.rules import Standing
from cohorts.months.rules import CohortMonths, MonthReason, PhaseMonths
from program.roles.rules import Role

FURTHEST_AHEAD_YEARS = 5
ASKED_ROLES = frozenset({Role.LEAD, Role.SPONSOR})


class GateState(StrEnum):
    SHUT = "shut"
    READY = "ready"
    OPENED = "opened"
    STOPPED = "stopped"


class Choice(StrEnum):
    """What a gatekeeper wants. To override is to open a gate that is not ready."""

    OPEN = "open"
    OPEN_WITH_CONDITIONS = "open_with_conditions"
    OVERRIDE = "override"
    STOP = "stop"
    KEEP_SHUT = "keep_shut"


OPENING = frozenset({Choice.OPEN, Choice.OPEN_WITH_CONDITIONS, Choice.OVERRIDE})


class Outcome(StrEnum):
    OPENED = "opened"
    OPENED_WITH_CONDITIONS = "opened_with_conditions"
    OVERRIDDEN = "overridden"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something asked for when an earlier gate was opened, unmet until `met_on`."""

    id: UUID
    what: str
    owner: UUID
    due_on: date
    met_on: date | None = None


@dataclass(frozen=True, slots=True)
class CriterionNotMet:
    standing: Standing


@dataclass(frozen=True, slots=True)
class ConditionUnmet:
    condition: Condition
    overdue: bool


@dataclass(frozen=True, slots=True)
class HeldUntil:
    until_on: date


Holding = CriterionNotMet | ConditionUnmet | HeldUntil


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
class GateIsClosed:
    """The gate has been decided: it was opened, or the program was stopped."""

    state: GateState


@dataclass(frozen=True, slots=True)
class NotAGatekeeper:
    """This is for people with one of the `asked` roles."""

    asked: frozenset[Role]


@dataclass(frozen=True, slots=True)
class StaysShut:
    """A gate that is not ready cannot be voted open, unless it is overridden."""

    holding: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class ReasonMissing:
    """To override, to hold or to recycle needs a reason."""


@dataclass(frozen=True, slots=True)
class ConditionsMissing:
    """To open with conditions needs at least one."""


@dataclass(frozen=True, slots=True)
class ConditionIncomplete:
    """The condition of that number, from 0, lacks its text, its owner or its day."""

    number: int


@dataclass(frozen=True, slots=True)
class DayNotAhead:
    """The day has to lie after today."""

    day: date


@dataclass(frozen=True, slots=True)
class DayTooFar:
    day: date
    latest: date


Bar = (
    GateIsClosed
    | NotAGatekeeper
    | StaysShut
    | ReasonMissing
    | ConditionsMissing
    | ConditionIncomplete
    | DayNotAhead
    | DayTooFar
)


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


def what_holds_it_shut(
    standings: Iterable[Standing], conditions: Iterable[Condition], held_until: date | None, *, today: date
) -> tuple[Holding, ...]:
    """Everything that has to be done or waited for; a gate is ready when this is empty.

    `conditions` are those of earlier gates; `held_until` is the day on which a hold ends.
    """
    holding: list[Holding] = [
        CriterionNotMet(standing)
        for standing in standings
        if standing.criterion.required and not standing.met
    ]
    holding += [
        ConditionUnmet(condition, overdue=condition.due_on < today)
        for condition in conditions
        if condition.met_on is None
    ]
    if held_until is not None and today < held_until:
        holding.append(HeldUntil(held_until))
    return tuple(holding)


def gate_state(
    holding: Sequence[Holding], outcome: Outcome | None, *, program_stopped: bool = False
) -> GateState:
    """What state a gate is in; once decided, it stays so whatever holds."""
    if outcome is not None and outcome is not Outcome.STOPPED:
        return GateState.OPENED
    if outcome is Outcome.STOPPED or program_stopped:
        return GateState.STOPPED
    return GateState.SHUT if holding else GateState.READY


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
) -> tuple[Bar, ...]:
    """Why this vote may not be cast; nothing when it may. Ask it again while the gate is locked."""
    bars: list[Bar] = [*_closed(state)]
    if not may_vote(vote.roles, asked_roles=asked_roles):
        bars.append(NotAGatekeeper(asked_roles | {Role.SPONSOR}))
    if holding and vote.choice in (Choice.OPEN, Choice.OPEN_WITH_CONDITIONS):
        bars.append(StaysShut(holding))
    if vote.choice is Choice.OVERRIDE:
        bars += _unreasoned(vote.comment)
    if vote.choice is Choice.OPEN_WITH_CONDITIONS:
        bars += _what_bars_conditions(vote.conditions, today)
    return tuple(bars)


def what_bars_hold(
    roles: frozenset[Role], *, until_on: date, reason: str, state: GateState, today: date
) -> tuple[Bar, ...]:
    """Why a hold until that day may not be set; one lead is enough to set it."""
    return (*_closed(state), *_not_a_lead(roles), *_unreasoned(reason), *_not_ahead(until_on, today))


def what_bars_recycle(
    roles: frozenset[Role], *, from_on: date, reason: str, state: GateState, today: date
) -> tuple[Bar, ...]:
    """Why the months may not be counted anew from that day, past or to come; one lead is enough."""
    return (*_closed(state), *_not_a_lead(roles), *_unreasoned(reason), *_too_far(from_on, today))


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


def _closed(state: GateState) -> Iterator[Bar]:
    if state in (GateState.OPENED, GateState.STOPPED):
        yield GateIsClosed(state)


def _not_a_lead(roles: frozenset[Role]) -> Iterator[Bar]:
    if Role.LEAD not in roles:
        yield NotAGatekeeper(frozenset({Role.LEAD}))


def _unreasoned(reason: str) -> Iterator[Bar]:
    if not reason.strip():
        yield ReasonMissing()


def _not_ahead(day: date, today: date) -> Iterator[Bar]:
    if day <= today:
        yield DayNotAhead(day)
    yield from _too_far(day, today)


def _too_far(day: date, today: date) -> Iterator[Bar]:
    latest = today + relativedelta(years=FURTHEST_AHEAD_YEARS)
    if day > latest:
        yield DayTooFar(day, latest)


def _what_bars_conditions(conditions: Sequence[ConditionAsked], today: date) -> Iterator[Bar]:
    if not conditions:
        yield ConditionsMissing()
    for number, condition in enumerate(conditions):
        if not condition.what.strip() or condition.owner is None or condition.due_on is None:
            yield ConditionIncomplete(number)
        if condition.due_on is not None:
            yield from _not_ahead(condition.due_on, today)


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


def evidence(
    *,
    standings: Iterable[Standing],
    months: PhaseMonths,
    holding: Iterable[Holding],
    votes: Iterable[Vote],
    today: date,
) -> dict[str, Any]:
    """What a decision rested on, in values that JSON keeps as they are: figures and ids of things, never people."""
    votes = tuple(votes)
    return {
        "judged_on": today.isoformat(),
        "criteria": [_criterion_evidence(standing) for standing in standings],
        "cohorts": [_cohort_evidence(cohort) for cohort in months.cohorts],
        "held_shut_by": dict(Counter(type(each).__name__ for each in holding)),
        "votes": dict(Counter(vote.choice.value for vote in votes)),
        "roles": dict(Counter(role.value for vote in votes for role in vote.roles)),
    }


def evidence_hash(evidence: Mapping[str, Any]) -> bytes:
    """SHA-256 over the evidence as canonical JSON: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(evidence, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).digest()


def _criterion_evidence(standing: Standing) -> dict[str, Any]:
    criterion = standing.criterion
    return {
        "criterion": str(criterion.id),
        "kind": criterion.kind.value,
        "required": criterion.required,
        "measure": criterion.measure,
        "comparison": criterion.comparison.value,
        "target": str(standing.target),
        "over_months": criterion.over_months,
        "values": [None if value is None else str(value) for value in standing.values],
        "people": standing.people,
        "met": standing.met,
    }


def _cohort_evidence(cohort: CohortMonths) -> dict[str, Any]:
    return {
        "cohort": str(cohort.cohort),
        "left_out": cohort.left_out is not None,
        "in_a_row": cohort.tracked.in_a_row,
        "counted": cohort.tracked.counted,
        "needed": cohort.tracked.needed,
        "months": [
            {
                "from_on": month.from_on.isoformat(),
                "until_on": month.until_on.isoformat(),
                "state": month.state.value,
                "took_part": month.figures.took_part,
                "eligible": month.figures.eligible,
                "enrolled": month.figures.enrolled,
                "reasons": [_reason_evidence(reason) for reason in month.reasons],
            }
            for month in cohort.tracked.months
            if month.figures is not None
        ],
    }


def _reason_evidence(reason: MonthReason) -> dict[str, str]:
    told = {each.name: str(getattr(reason, each.name)) for each in fields(reason)}
    return {"reason": type(reason).__name__, **told}
