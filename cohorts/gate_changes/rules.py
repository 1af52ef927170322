"""Answers whether a lead may change what a gate asks, and what such a change was."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta

from cohorts.criteria.rules import Comparison, Criterion, CriterionKind
from cohorts.gates.rules import (
    FURTHEST_AHEAD_YEARS,
    DayTooFar,
    ReasonMissing,
)
from cohorts.measures.rules import MEASURES, Over, Unit, measure_named
from cohorts.months.rules import OfCohorts

MOST_MONTHS, MOST_MEMBERS, MOST_PAUSE_DAYS = 60, 10_000, 31
LARGEST_TARGET = 1_000_000_000
LONGEST_ITEM = 200
TO_ADD = tuple(name for name in MEASURES if name != "tracked_months")
"""The measures that a criterion can be made of; tracked months have a kind of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionAsked:
    """What a lead may say of a criterion: of a measure its comparison, target and months, of an item the rest.

    Shares are targets from 0 to 1.
    """

    required: bool
    comparison: Comparison = Comparison.AT_LEAST
    target: Decimal = Decimal(1)
    over_months: int | None = None
    item: str = ""
    owner: UUID | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSettings:
    """What a phase asks of its tracked months."""

    needed: int
    in_a_row: bool
    at_least_eligible: int
    took_part_percent: int
    pause_days: int
    of_cohorts: OfCohorts = OfCohorts.EVERY


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAsked:
    """A gate before it is changed; `tracking_began` once any cohort of its phase has a tracking start."""

    criteria: tuple[Criterion, ...]
    settings: MonthSettings
    tracking_began: bool
    decided: bool


@dataclass(frozen=True, slots=True)
class GateDecided:
    """What a decision rested on stays as it was."""


@dataclass(frozen=True, slots=True)
class NothingRequired:
    """Without anything required, the gate would be ready at once."""


@dataclass(frozen=True, slots=True)
class AskedAlready:
    measure: str


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """A number of the form, named by its field, is not from `least` to `most`."""

    field: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class ItemMissing:
    """A checklist item says nothing, or too much."""


@dataclass(frozen=True, slots=True)
class DuePassed:
    day: date


ChangeBar = (
    GateDecided
    | ReasonMissing
    | NothingRequired
    | AskedAlready
    | OutOfRange
    | ItemMissing
    | DuePassed
    | DayTooFar
)
Told = Criterion | MonthSettings


def what_bars_change(
    gate: GateAsked, before: Criterion | None, after: Criterion | None, *, reason: str, today: date
) -> tuple[ChangeBar, ...]:
    """Why a criterion may not be changed so. Without `before` it is added, without `after` it is removed."""
    bars = [*_bars_of_gate(gate, reason)]
    if not _leaves_something(gate, before, after):
        bars.append(NothingRequired())
    if after is not None and after.kind is CriterionKind.MEASURE:
        bars += _bars_of_measure(gate, before, after)
    if after is not None and after.kind is CriterionKind.CHECKLIST:
        bars += _bars_of_item(before, after, today)
    return tuple(bars)


def what_bars_settings(gate: GateAsked, after: MonthSettings, *, reason: str) -> tuple[ChangeBar, ...]:
    """Why the phase may not count its months so."""
    ranges = (
        ("needed", after.needed, 1, MOST_MONTHS),
        ("at_least_eligible", after.at_least_eligible, 1, MOST_MEMBERS),
        ("took_part_percent", after.took_part_percent, 1, 100),
        ("pause_days", after.pause_days, 0, MOST_PAUSE_DAYS),
    )
    wrong = (
        OutOfRange(name, least, most) for name, value, least, most in ranges if not least <= value <= most
    )
    return (*_bars_of_gate(gate, reason), *wrong)


def what_bars_leaving_out(gate: GateAsked, *, reason: str) -> tuple[ChangeBar, ...]:
    """Why a cohort may not be left out when the gate is judged; it always takes a reason."""
    return (*_decided(gate), *(() if reason.strip() else (ReasonMissing(),)))


def criterion_after(before: Criterion, asked: CriterionAsked) -> Criterion:
    """The criterion as it is asked for now; what its kind knows nothing of stays as it was."""
    if before.kind is CriterionKind.MEASURE:
        return replace(
            before,
            required=asked.required,
            comparison=asked.comparison,
            target=Fraction(asked.target),
            over_months=asked.over_months,
        )
    if before.kind is CriterionKind.CHECKLIST:
        return replace(
            before,
            required=asked.required,
            item=asked.item.strip(),
            owner=asked.owner,
            due_on=asked.due_on,
        )
    return replace(before, required=asked.required)


def asked_of(criterion: Criterion) -> CriterionAsked:
    """What a lead said of a criterion, as the form shows it again."""
    target = Fraction(criterion.target)
    return CriterionAsked(
        required=criterion.required,
        comparison=criterion.comparison,
        target=Decimal(target.numerator) / Decimal(target.denominator),
        over_months=criterion.over_months,
        item=criterion.item,
        owner=criterion.owner,
        due_on=criterion.due_on,
    )


def same(before: Told, after: Told) -> bool:
    """Whether nothing was changed, whatever number type a target came as."""
    return document_of(before) == document_of(after)


def document_of(told: Told) -> dict[str, Any]:
    """A criterion or the month settings, in values that JSON keeps."""
    if isinstance(told, MonthSettings):
        return {
            "needed": told.needed,
            "in_a_row": told.in_a_row,
            "at_least_eligible": told.at_least_eligible,
            "took_part_percent": told.took_part_percent,
            "pause_days": told.pause_days,
            "of_cohorts": told.of_cohorts.value,
        }
    return {
        "kind": told.kind.value,
        "required": told.required,
        "measure": told.measure,
        "comparison": told.comparison.value,
        "target": str(Fraction(told.target)),
        "over_months": told.over_months,
        "item": told.item,
        "owner": told.owner and str(told.owner),
        "due_on": told.due_on and told.due_on.isoformat(),
    }


def settings_told(document: Mapping[str, Any]) -> MonthSettings:
    """Month settings as `document_of` told them."""
    return MonthSettings(**{**document, "of_cohorts": OfCohorts(document["of_cohorts"])})


def criterion_told(document: Mapping[str, Any], id: UUID) -> Criterion:
    """A criterion as `document_of` told it."""
    return Criterion(
        id=id,
        kind=CriterionKind(document["kind"]),
        required=document["required"],
        measure=document["measure"],
        comparison=Comparison(document["comparison"]),
        target=Fraction(document["target"]),
        over_months=document["over_months"],
        item=document["item"],
        owner=document["owner"] and UUID(document["owner"]),
        due_on=document["due_on"] and date.fromisoformat(document["due_on"]),
    )


def _bars_of_gate(gate: GateAsked, reason: str) -> Iterator[ChangeBar]:
    yield from _decided(gate)
    if gate.tracking_began and not reason.strip():
        yield ReasonMissing()


def _decided(gate: GateAsked) -> Iterator[ChangeBar]:
    if gate.decided:
        yield GateDecided()


def _leaves_something(gate: GateAsked, before: Criterion | None, after: Criterion | None) -> bool:
    kept: Iterable[Criterion] = (each for each in gate.criteria if before is None or each.id != before.id)
    return any(each.required for each in kept) or (after is not None and after.required)


def _bars_of_measure(gate: GateAsked, before: Criterion | None, after: Criterion) -> Iterator[ChangeBar]:
    others = (each for each in gate.criteria if before is None or each.id != before.id)
    if any((each.measure, each.comparison) == (after.measure, after.comparison) for each in others):
        yield AskedAlready(after.measure)
    measure = measure_named(after.measure)
    most = 1 if measure.unit is Unit.SHARE else LARGEST_TARGET
    if not 0 <= after.target <= most:
        yield OutOfRange("target", 0, 100 if measure.unit is Unit.SHARE else most)
    if after.over_months is None:
        return
    if measure.over is not Over.MONTH:
        yield OutOfRange("over_months", 0, 0)
    elif not 1 <= after.over_months <= MOST_MONTHS:
        yield OutOfRange("over_months", 1, MOST_MONTHS)


def _bars_of_item(before: Criterion | None, after: Criterion, today: date) -> Iterator[ChangeBar]:
    if not 0 < len(after.item) <= LONGEST_ITEM:
        yield ItemMissing()
    if after.due_on is None or (before is not None and before.due_on == after.due_on):
        return
    if after.due_on < today:
        yield DuePassed(after.due_on)
    latest = today + relativedelta(years=FURTHEST_AHEAD_YEARS)
    if after.due_on > latest:
        yield DayTooFar(after.due_on, latest)
