"""What gates ask for, and what it is judged by."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from cohorts.criteria.rules import Comparison, Criterion, CriterionKind
from cohorts.measures.rules import Reading
from cohorts.months.queries import ELIGIBLE, TOOK_PART
from cohorts.months.rules import ONE_DAY, MonthFigures, PhaseMonths

GRAVE, LEARNINGS = "grave_incidents_open", "learnings_accepted"
KNOWN_OTHERWISE = frozenset({"", TOOK_PART, ELIGIBLE, GRAVE})
"""What needs no reading to be looked up: it is counted, or comes with the months."""

OF_GATE = (
    "ARRAY(SELECT (k.id, k.kind, k.required, k.measure, k.comparison, k.target, k.over_months, k.item, k.owner,"
    "  k.due_on, (t.done_at AT TIME ZONE p.zone)::date)"
    " FROM criterion k LEFT JOIN tick t ON t.criterion = k.id AND t.taken_back_at IS NULL"
    " WHERE k.gate = g.id AND k.removed_at IS NULL ORDER BY k.position)"
)
"""An array of all that the gate `g` of the program `p` asks for, in order, for `criteria_in` and `ticked_in`."""


def criteria_in(records: list[Any]) -> tuple[Criterion, ...]:
    return tuple(_criterion(record) for record in records)


def ticked_in(records: list[Any]) -> dict[UUID, date]:
    """The day on which each checklist item was done, of those that were."""
    return {record[0]: record[-1] for record in records if record[-1] is not None}


def readings_to_judge_by(
    kept: Mapping[str, tuple[Reading, ...]], months: PhaseMonths, grave: int, today: date
) -> dict[str, tuple[Reading, ...]]:
    """All that is known to judge by: what is kept, the months, and two counts that nobody had reason to keep yet."""
    counted = {reading.cohort for reading in kept.get(LEARNINGS, ())}
    none_yet = tuple(
        _that_day(cohort.cohort, today, 0) for cohort in months.kept if cohort.cohort not in counted
    )
    return {
        **kept,
        TOOK_PART: tuple(_of_months(months, lambda month: (month.took_part, month.eligible))),
        ELIGIBLE: tuple(_of_months(months, lambda month: (month.eligible, month.enrolled))),
        LEARNINGS: (*kept.get(LEARNINGS, ()), *none_yet),
        GRAVE: (_that_day(None, today, grave),),
    }


def _of_months(months: PhaseMonths, share: Callable[[MonthFigures], tuple[int, int]]) -> Iterator[Reading]:
    for cohort in months.kept:
        for month in cohort.tracked.months:
            if month.figures is not None:
                numerator, denominator = share(month.figures)
                yield Reading(
                    cohort=cohort.cohort,
                    from_on=month.from_on,
                    until_on=month.until_on,
                    numerator=numerator,
                    denominator=denominator,
                    people=denominator,
                )


def _that_day(cohort: UUID | None, day: date, count: int) -> Reading:
    return Reading(
        cohort=cohort, from_on=day, until_on=day + ONE_DAY, numerator=count, denominator=1, people=0
    )


def _criterion(record: Any) -> Criterion:
    id, kind, required, measure, comparison, target, over_months, item, owner, due_on, _ = record
    told: dict[str, Any] = {} if measure is None else {"comparison": Comparison(comparison), "target": target}
    return Criterion(
        id=id,
        kind=CriterionKind(kind),
        required=required,
        measure=measure or "",
        over_months=over_months,
        item=item or "",
        owner=owner,
        due_on=due_on,
        **told,
    )
