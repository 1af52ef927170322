"""Keeping readings: one row for a measure and a stretch of time, replaced when it is read again."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from program.database import execute, new_id


async def keep_reading(
    cohort: UUID,
    measure: str,
    *,
    span: str,
    from_on: date,
    until_on: date,
    numerator: int,
    denominator: int,
    people: int,
    now: datetime,
) -> None:
    """Within a transaction: what a measure of a cohort came to over [from_on, until_on); `span` is day, month or trailing."""
    await execute(
        "INSERT INTO reading (id, cohort, measure, span, from_on, until_on, numerator, denominator, people, taken_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " ON CONFLICT (cohort, measure, span, from_on) DO UPDATE SET until_on = excluded.until_on,"
        "  numerator = excluded.numerator, denominator = excluded.denominator, people = excluded.people,"
        "  taken_at = excluded.taken_at",
        new_id(),
        cohort,
        measure,
        span,
        from_on,
        until_on,
        numerator,
        denominator,
        people,
        now,
    )


async def keep_program_reading(
    program: UUID,
    measure: str,
    *,
    on: date,
    numerator: int,
    denominator: int,
    people: int,
    now: datetime,
    lacking: Sequence[str] = (),
) -> None:
    """Within a transaction: what a measure of the whole program came to at the end of a day, and what it lacks."""
    await execute(
        "INSERT INTO program_reading (id, program, measure, read_on, numerator, denominator, people, lacking, taken_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        " ON CONFLICT (program, measure, read_on) DO UPDATE SET numerator = excluded.numerator,"
        "  denominator = excluded.denominator, people = excluded.people,"
        "  lacking = excluded.lacking, taken_at = excluded.taken_at",
        new_id(),
        program,
        measure,
        on,
        numerator,
        denominator,
        people,
        list(lacking),
        now,
    )
