"""Answers what holds a gate shut, and whether it may be held or its months counted anew."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from dateutil.relativedelta import relativedelta

from cohorts.criteria.rules import Standing
from program.roles.rules import Role

FURTHEST_AHEAD_YEARS = 5


class GateState(StrEnum):
    SHUT = "shut"
    READY = "ready"
    OPENED = "opened"
    STOPPED = "stopped"


class Outcome(StrEnum):
    OPENED = "opened"
    OPENED_WITH_CONDITIONS = "opened_with_conditions"
    OVERRIDDEN = "overridden"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something asked for when `gate`, an earlier one, was opened; unmet until `met_on`."""

    id: UUID
    gate: UUID
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


@dataclass(frozen=True, slots=True)
class GateIsClosed:
    """The gate has been decided: it was opened, or the program was stopped."""

    state: GateState


@dataclass(frozen=True, slots=True)
class NotAGatekeeper:
    """This is for people with one of the `asked` roles."""

    asked: frozenset[Role]


@dataclass(frozen=True, slots=True)
class ReasonMissing:
    """To override, to hold or to recycle needs a reason."""


@dataclass(frozen=True, slots=True)
class DayNotAhead:
    """The day has to lie after today."""

    day: date


@dataclass(frozen=True, slots=True)
class DayTooFar:
    day: date
    latest: date


Bar = GateIsClosed | NotAGatekeeper | ReasonMissing | DayNotAhead | DayTooFar


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


def what_bars_hold(
    roles: frozenset[Role], *, until_on: date, reason: str, state: GateState, today: date
) -> tuple[Bar, ...]:
    """Why a hold until that day may not be set; one lead is enough to set it."""
    return (*closed(state), *_not_a_lead(roles), *unreasoned(reason), *not_ahead(until_on, today))


def what_bars_recycle(
    roles: frozenset[Role], *, from_on: date, reason: str, state: GateState, today: date
) -> tuple[Bar, ...]:
    """Why the months may not be counted anew from that day, past or to come; one lead is enough."""
    return (*closed(state), *_not_a_lead(roles), *unreasoned(reason), *_too_far(from_on, today))


def closed(state: GateState) -> Iterator[Bar]:
    """What bars everything once the gate has been decided."""
    if state in (GateState.OPENED, GateState.STOPPED):
        yield GateIsClosed(state)


def unreasoned(reason: str) -> Iterator[Bar]:
    """What bars a thing for which a reason has to be given."""
    if not reason.strip():
        yield ReasonMissing()


def not_ahead(day: date, today: date) -> Iterator[Bar]:
    """What bars a day that is not yet to come, or is out of sight."""
    if day <= today:
        yield DayNotAhead(day)
    yield from _too_far(day, today)


def _not_a_lead(roles: frozenset[Role]) -> Iterator[Bar]:
    if Role.LEAD not in roles:
        yield NotAGatekeeper(frozenset({Role.LEAD}))


def _too_far(day: date, today: date) -> Iterator[Bar]:
    latest = today + relativedelta(years=FURTHEST_AHEAD_YEARS)
    if day > latest:
        yield DayTooFar(day, latest)
