"""Keeping the months of a cohort as readings, recomputed in the transaction that touches them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from cohorts.months.queries import ELIGIBLE, TOOK_PART, CohortMonth, months_found
from cohorts.months.rules import month_windows
from program.database import execute, fetch, fetch_value, new_id, transaction

# The day from which cohort $1 has to be read: its first month that was last read before it was over, or never; its
# tracking start where none was read.
_UNSETTLED = (
    "SELECT CASE WHEN min(r.from_on) = c.tracking_start_on THEN LEAST("
    "   min(r.from_on) FILTER (WHERE (r.taken_at AT TIME ZONE c.zone)::date < r.until_on),"
    "   min(r.until_on) FILTER (WHERE NOT EXISTS (SELECT FROM reading n WHERE n.cohort = r.cohort"
    "    AND n.measure = r.measure AND n.span = r.span AND n.from_on = r.until_on)))"
    "  ELSE c.tracking_start_on END"
    f" FROM cohort c LEFT JOIN reading r ON r.cohort = c.id AND r.measure = '{TOOK_PART}' AND r.span = 'month'"
    " WHERE c.id = $1 GROUP BY c.id"
)


async def retake_running_months(now: datetime) -> None:
    """The newest two months of every running cohort, and all before them that are over since they were read, up to
    today in its zone. May run as often as one likes.
    """
    for cohort, zone in await fetch("SELECT id, zone FROM cohort WHERE state = 'running' ORDER BY id"):
        today = now.astimezone(ZoneInfo(zone)).date()
        async with transaction():
            await execute("SELECT FROM cohort WHERE id = $1 FOR UPDATE", cohort)
            await settle_months(cohort, today=today, now=now)


async def settle_months(cohort: UUID, *, today: date, now: datetime) -> None:
    """Within a transaction: the newest two months of a cohort, and all from the first on that is over since it was read
    or was never read. Nothing to do without a tracking start.
    """
    unsettled = await fetch_value(_UNSETTLED, cohort)
    if unsettled is not None:
        from_on = min(unsettled, today - relativedelta(months=1))
        await retake_months(cohort, from_on=from_on, today=today, now=now)


async def retake_months(cohort: UUID, *, from_on: date, today: date, now: datetime) -> None:
    """Within a transaction: the readings of every month of a cohort from the one with `from_on` to the one in progress.

    Nothing to do without a tracking start. Whoever calls it has locked the cohort.
    """
    start = await fetch_value("SELECT tracking_start_on FROM cohort WHERE id = $1", cohort)
    begun = month_windows(start, today) if start else ()
    touched = [window.number for window in begun if window.until_on > from_on]
    if touched:
        await retake_month_numbers(cohort, first=touched[0], last=touched[-1], today=today, now=now)


async def retake_month_numbers(cohort: UUID, *, first: int, last: int, today: date, now: datetime) -> None:
    """Within a transaction: the readings of the months of these numbers, both included, that have begun."""
    await _keep(await months_found(cohort, first=first, last=last, today=today), now)


async def _keep(months: Sequence[CohortMonth], now: datetime) -> None:
    rows = [
        row
        for month in months
        for row in (
            (month, TOOK_PART, month.figures.took_part, month.figures.eligible, month.figures.eligible),
            (month, ELIGIBLE, month.figures.eligible, month.figures.enrolled, month.figures.enrolled),
        )
    ]
    await execute(
        "INSERT INTO reading (id, cohort, measure, span, from_on, until_on, numerator, denominator, people, taken_at)"
        " SELECT unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::text[]), 'month', unnest($4::date[]),"
        "  unnest($5::date[]), unnest($6::bigint[]), unnest($7::bigint[]), unnest($8::int[]), $9"
        " ON CONFLICT (cohort, measure, span, from_on) DO UPDATE SET numerator = excluded.numerator,"
        "  denominator = excluded.denominator, people = excluded.people, taken_at = excluded.taken_at",
        [new_id() for _ in rows],
        [month.cohort for month, *_ in rows],
        [measure for _, measure, *_ in rows],
        [month.from_on for month, *_ in rows],
        [month.until_on for month, *_ in rows],
        [numerator for _, _, numerator, _, _ in rows],
        [denominator for *_, denominator, _ in rows],
        [people for *_, people in rows],
        now,
    )
