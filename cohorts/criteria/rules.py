"""Answers where each thing that a gate asks for stands, and what is missing where it is not met."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from cohorts.measures.rules import Over, Reading, may_show, measure_named, value_of
from cohorts.months.rules import Month, PhaseMonths

LEARNINGS_ACCEPTED = 12
SPONSOR_BRIEFED = "The sponsor is briefed"


class Topic(StrEnum):
    """What the playbook has to help with before a program widens."""

    DISCLOSURE = "disclosure"
    PRIVACY_AND_SECURITY = "privacy_and_security"
    ANGRY_CRITICS = "angry_critics"
    ADVOCATES = "advocates"
    JOURNALISTS = "journalists"


class CriterionKind(StrEnum):
    MONTHS = "months"
    MEASURE = "measure"
    CHECKLIST = "checklist"


class Comparison(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"

    def holds(self, value: Fraction, target: Fraction) -> bool:
        return value >= target if self is Comparison.AT_LEAST else value <= target


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing that a gate asks for.

    `over_months` asks it of each of that many last whole months; without it, of the newest reading. `item` says what
    a checklist asks for. How many months are needed stands with the phase.
    """

    id: UUID
    kind: CriterionKind
    required: bool
    measure: str = ""
    comparison: Comparison = Comparison.AT_LEAST
    target: Decimal | Fraction = Fraction(1)
    over_months: int | None = None
    item: str = ""
    owner: UUID | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a gate's criteria are judged by.

    `readings` are by measure and may reach back as far as one likes; `ticked` has the day on which a checklist item
    was done; `lacking` names what keeps a measure from its target, such as the topics without an entry.
    """

    months: PhaseMonths
    readings: Mapping[str, tuple[Reading, ...]] = field(default_factory=dict)
    ticked: Mapping[UUID, date] = field(default_factory=dict)
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def readings_kept(self, measure: str) -> tuple[Reading, ...]:
        """The readings of a measure, oldest first, without those of cohorts left out."""
        kept = {None, *(cohort.cohort for cohort in self.months.kept)}
        found = (reading for reading in self.readings.get(measure, ()) if reading.cohort in kept)
        return tuple(sorted(found, key=lambda reading: reading.until_on))


@dataclass(frozen=True, slots=True)
class NoCohort:
    """The phase has no cohort, or every one is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsStillNeeded:
    """`cohort` is named where the phase has several."""

    cohort: str | None
    still_needed: int
    in_a_row: bool
    ended_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFewWholeMonths:
    measure: str
    whole: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMeasured:
    """Nothing is known yet; `month` begins the month concerned, if it is one of several."""

    measure: str
    month: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FellShort:
    """`month` begins the month concerned, if it is one of several."""

    measure: str
    value: Fraction
    comparison: Comparison
    target: Fraction
    month: date | None
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTicked:
    item: str
    owner: UUID | None
    due_on: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Withheld:
    """It fell short, and too few people stand behind the figures to show them."""

    measure: str


CriterionReason = (
    NoCohort | MonthsStillNeeded | TooFewWholeMonths | NotMeasured | FellShort | NotTicked | Withheld
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a criterion stands. `value` is the one judged: of several months, the furthest from the target.

    `values` are those of the months asked, oldest first; None stands for *not measured*. `towards` is how much of the
    way to the target is done, from 0 to 1. `people` is how many the value stands on, None where it tells of nobody.
    """

    criterion: Criterion
    value: Fraction | None
    target: Fraction
    values: tuple[Fraction | None, ...]
    towards: Fraction
    people: int | None
    reasons: tuple[CriterionReason, ...]

    @property
    def met(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class _Slot:
    """Readings of cohorts side by side, judged together; `month` begins the month they are of, if of one."""

    month: date | None
    readings: frozenset[Reading]


def standings(criteria: Iterable[Criterion], facts: Facts, today: date) -> tuple[Standing, ...]:
    """Where each criterion stands, in the order asked."""
    return tuple(standing(criterion, facts, today) for criterion in criteria)


def standing(criterion: Criterion, facts: Facts, today: date) -> Standing:
    """Where one criterion stands, and what is missing."""
    if criterion.kind is CriterionKind.MONTHS:
        return _standing_of_months(criterion, facts.months)
    if criterion.kind is CriterionKind.MEASURE:
        return _standing_of_measure(criterion, facts, today)
    return _standing_of_item(criterion, facts, today)


def withheld(standing: Standing) -> Standing:
    """The standing as readers see it who may not see named figures: without any where it stands on too few people."""
    if standing.value is None or standing.people is None or may_show(standing.people):
        return standing
    return replace(
        standing,
        value=None,
        values=(),
        towards=Fraction(standing.met),
        reasons=(Withheld(standing.criterion.measure),) if standing.reasons else (),
    )


def months_looked_at(criterion: Criterion) -> int:
    """How many of the last whole months tell; none where the newest reading does."""
    return criterion.over_months or int(measure_named(criterion.measure).over is Over.MONTH)


def default_criteria(new_id: Callable[[], UUID]) -> tuple[Criterion, ...]:
    """What a new gate asks for until the program says otherwise."""
    share, learnings = Fraction(3, 5), Fraction(LEARNINGS_ACCEPTED)
    at_least, at_most = Comparison.AT_LEAST, Comparison.AT_MOST
    return (
        Criterion(id=new_id(), kind=CriterionKind.MONTHS, required=True),
        _measured(new_id(), "took_part_share", at_least, share, over_months=3),
        _measured(new_id(), "learnings_accepted", at_least, learnings),
        _measured(new_id(), "topics_covered", at_least, Fraction(1)),
        _measured(new_id(), "grave_incidents_open", at_most, Fraction(0)),
        _measured(new_id(), "originality", at_least, Fraction(1, 2), required=False),
        _measured(new_id(), "freshness", at_least, Fraction(4, 5), required=False),
        Criterion(id=new_id(), kind=CriterionKind.CHECKLIST, required=True, item=SPONSOR_BRIEFED),
    )


def _measured(
    id: UUID,
    measure: str,
    comparison: Comparison,
    target: Fraction,
    *,
    over_months: int | None = None,
    required: bool = True,
) -> Criterion:
    return Criterion(
        id=id,
        kind=CriterionKind.MEASURE,
        required=required,
        measure=measure,
        comparison=comparison,
        target=target,
        over_months=over_months,
    )


def _standing_of_months(criterion: Criterion, months: PhaseMonths) -> Standing:
    decisive, needed = months.decisive, Fraction(months.asked.needed)
    counted = None if decisive is None else Fraction(needed - decisive.tracked.still_needed)
    reasons = [
        MonthsStillNeeded(
            cohort=behind.name if len(months.kept) > 1 else None,
            still_needed=behind.tracked.still_needed,
            in_a_row=behind.tracked.in_a_row,
            ended_on=behind.tracked.ended_on,
        )
        for behind in months.waited_for
    ]
    return Standing(
        criterion=criterion,
        value=counted,
        target=needed,
        values=(counted,),
        towards=_towards(counted, Comparison.AT_LEAST, needed),
        people=None,
        reasons=(NoCohort(),) if decisive is None else tuple(reasons),
    )


def _standing_of_measure(criterion: Criterion, facts: Facts, today: date) -> Standing:
    measure, target = measure_named(criterion.measure), Fraction(criterion.target)
    slots = _slots(criterion, facts, today)
    values = tuple(value_of(measure, slot.readings) for slot in slots)
    known = [value for value in values if value is not None]
    furthest = min if criterion.comparison is Comparison.AT_LEAST else max
    asked = max(months_looked_at(criterion), 1)
    towards = sum((_towards(value, criterion.comparison, target) for value in values), Fraction())
    people = [sum(reading.people for reading in slot.readings) for slot in slots]
    return Standing(
        criterion=criterion,
        value=furthest(known, default=None),
        target=target,
        values=values,
        towards=towards / asked,
        people=min(people, default=0) if measure.of_people else None,
        reasons=(
            *_too_few(measure.name, len(slots), asked),
            *_what_is_short(criterion, slots, values, facts.lacking.get(measure.name, ())),
        ),
    )


def _slots(criterion: Criterion, facts: Facts, today: date) -> tuple[_Slot, ...]:
    """The readings to judge: of each of the last whole months, of as many as there are; or the newest."""
    readings, months_asked = facts.readings_kept(criterion.measure), months_looked_at(criterion)
    if months_asked == 0:
        newest = {each.cohort: each for each in readings if each.from_on <= today}
        return (_Slot(None, frozenset(newest.values())),)
    whole = [
        (cohort.cohort, [month for month in cohort.tracked.months if month.whole])
        for cohort in facts.months.kept
    ]
    longest = max((len(months) for _, months in whole), default=0)
    return tuple(
        _slot([(cohort, months[-back]) for cohort, months in whole if len(months) >= back], readings)
        for back in range(min(months_asked, longest), 0, -1)
    )


def _slot(months: Sequence[tuple[UUID, Month]], readings: Iterable[Reading]) -> _Slot:
    """What was read by the end of a month of each cohort's, and not yet at its beginning."""
    found = set()
    for cohort, month in months:
        in_month = [
            reading
            for reading in readings
            if reading.cohort in (cohort, None) and month.from_on < reading.until_on <= month.until_on
        ]
        found.update(in_month[-1:])
    return _Slot(min(month.from_on for _, month in months), frozenset(found))


def _too_few(measure: str, whole: int, asked: int) -> Iterator[CriterionReason]:
    if whole < asked:
        yield TooFewWholeMonths(measure=measure, whole=whole, asked=asked)


def _what_is_short(
    criterion: Criterion,
    slots: Iterable[_Slot],
    values: Iterable[Fraction | None],
    lacking: tuple[str, ...],
) -> Iterator[CriterionReason]:
    target = Fraction(criterion.target)
    for slot, value in zip(slots, values, strict=True):
        if value is None:
            yield NotMeasured(measure=criterion.measure, month=slot.month)
        elif not criterion.comparison.holds(value, target):
            yield FellShort(
                measure=criterion.measure,
                value=value,
                comparison=criterion.comparison,
                target=target,
                month=slot.month,
                lacking=lacking,
            )


def _standing_of_item(criterion: Criterion, facts: Facts, today: date) -> Standing:
    done = Fraction(criterion.id in facts.ticked)
    overdue = criterion.due_on is not None and criterion.due_on < today
    missing = NotTicked(item=criterion.item, owner=criterion.owner, due_on=criterion.due_on, overdue=overdue)
    return Standing(
        criterion=criterion,
        value=done,
        target=Fraction(1),
        values=(done,),
        towards=done,
        people=None,
        reasons=() if done else (missing,),
    )


def _towards(value: Fraction | None, comparison: Comparison, target: Fraction) -> Fraction:
    if value is None:
        return Fraction()
    if comparison.holds(value, target):
        return Fraction(1)
    if comparison is Comparison.AT_MOST:
        return max(Fraction(), target / value) if value > 0 else Fraction()
    return max(Fraction(), value / target) if target > 0 else Fraction()
