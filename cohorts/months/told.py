"""The months of a cohort as other programs are told them: whether each counted, and why not."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cohorts.measures.rules import may_show
from cohorts.months.rules import CohortMonths, Month, MonthFigures, MonthState
from cohorts.months.words import month_note, month_reason
from program.refusals import code_of
from program.told import Reason, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedMonth:
    """A month of a cohort, over the days from `from_on` up to, not including, `until_on`; 0 is the first.

    `took_part` and `enrolled` are null where nothing is known yet, or too few people stand behind them for the reader.
    """

    number: int
    from_on: date
    until_on: date
    state: MonthState
    took_part: Share | None
    enrolled: int | None
    reasons: list[Reason]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthStrip:
    """A cohort’s months: those begun, and as many ahead as are needed if all of them count.

    `completes_on` is the day on which enough have counted, past or foreseen. `left_out` says why the gate does not ask
    for this cohort’s months, where a lead left it out.
    """

    cohort_id: UUID
    tracking_start_on: date | None
    needed: int
    counted: int
    in_a_row: bool
    completes_on: date | None
    ended_on: date | None
    left_out: str | None
    months: list[TrackedMonth]


def strip_told(
    found: CohortMonths | None, *, cohort: UUID, started: date | None, today: date, named: bool
) -> MonthStrip:
    tracked = found.tracked if found else None
    return MonthStrip(
        cohort_id=cohort,
        tracking_start_on=started,
        needed=tracked.needed if tracked else 0,
        counted=tracked.counted if tracked else 0,
        in_a_row=tracked.in_a_row if tracked else False,
        completes_on=tracked.completes_on if tracked else None,
        ended_on=tracked.ended_on if tracked else None,
        left_out=found.left_out if found else None,
        months=[_month(each, today, named=named) for each in (tracked.months if tracked else ())],
    )


def _month(month: Month, today: date, *, named: bool) -> TrackedMonth:
    figures = month.figures
    shown = figures is not None and (named or may_show(figures.eligible))
    beside = figures is not None and (
        named or may_show(figures.enrolled, differences=[figures.enrolled - figures.eligible])
    )
    return TrackedMonth(
        number=month.number,
        from_on=month.from_on,
        until_on=month.until_on,
        state=month.state,
        took_part=_took_part(figures) if figures and shown else None,
        enrolled=figures.enrolled if figures and beside else None,
        reasons=[
            Reason(code=code_of(reason), text=month_reason(reason, today, shown)) for reason in month.reasons
        ],
        note=month_note(month, today, shown=shown),
    )


def _took_part(figures: MonthFigures) -> Share:
    return Share(
        value=figures.took_part / figures.eligible if figures.eligible else None,
        numerator=figures.took_part,
        denominator=figures.eligible,
        people=figures.eligible,
    )
