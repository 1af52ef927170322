"""Readings as they are kept, for whoever judges by them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg

from cohorts.measures.rules import Reading, may_show, measure_named
from cohorts.months.queries import ELIGIBLE
from cohorts.readings.rules import NEWEST
from program.database import fetch
from program.roles.rules import JOINED, Reader, Role


@dataclass(frozen=True, slots=True)
class Kept:
    """Readings by measure, newest first; `lacking` has what the newest of the whole program lacks, by measure."""

    readings: dict[str, tuple[Reading, ...]]
    lacking: dict[str, tuple[str, ...]]


async def newest_readings(program: UUID, cohorts: Sequence[UUID], measures: Sequence[str]) -> Kept:
    """The newest readings of each measure, of each cohort and of the whole program. One query.

    Its cost does not grow with how much was ever read.
    """
    rows = await fetch(
        "SELECT r.* FROM unnest($2::uuid[]) AS c CROSS JOIN unnest($3::text[]) AS m CROSS JOIN LATERAL"
        "  (SELECT cohort, measure, from_on, until_on, numerator, denominator, people, NULL::text[] FROM reading"
        "   WHERE cohort = c AND measure = m ORDER BY span, from_on DESC LIMIT $4) r"
        " UNION ALL SELECT r.* FROM unnest($3::text[]) AS m CROSS JOIN LATERAL"
        "  (SELECT NULL::uuid, measure, read_on, read_on + 1, numerator, denominator, people, lacking FROM program_reading"
        "   WHERE program = $1 AND measure = m ORDER BY read_on DESC LIMIT $4) r",
        program,
        list(cohorts),
        list(measures),
        NEWEST,
    )
    found: dict[str, list[Reading]] = {}
    lacks: dict[str, tuple[str, ...]] = {}
    for cohort, measure, from_on, until_on, numerator, denominator, people, lacking in rows:
        if lacking is not None:
            lacks.setdefault(measure, tuple(lacking))
        found.setdefault(measure, []).append(
            Reading(
                cohort=cohort,
                from_on=from_on,
                until_on=until_on,
                numerator=numerator,
                denominator=denominator,
                people=people,
            )
        )
    return Kept({measure: tuple(readings) for measure, readings in found.items()}, lacks)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingLine:
    """A reading in a list. What stands on too few people for the reader is None: the figures, or how many people."""

    id: UUID
    measure: str
    cohort: UUID | None
    from_on: date
    until_on: date
    reading: Reading | None
    people: int | None
    lacking: tuple[str, ...]
    taken_at: datetime


async def readings_seen(
    measure: str,
    *,
    seen_by: Reader,
    cohort: UUID | None,
    since: date | None,
    after: tuple[date, UUID] | None,
    most: int,
) -> list[ReadingLine]:
    """The readings of a measure, the newest first, after the one that began on a day and has an id. One query.

    Leads, sponsors and reviewers read those of every cohort, others those of their own and of those that they coach;
    all of them those of the whole program. `cohort` asks for those of one alone.
    """
    whole = seen_by.is_any(Role.LEAD, Role.SPONSOR, Role.REVIEWER)
    own = [each.cohort for each in seen_by.memberships if each.state in JOINED]
    begun, id = after or (None, None)
    rows = await fetch(
        "SELECT * FROM (SELECT r.id, r.cohort, r.from_on, r.until_on, r.numerator, r.denominator, r.people, r.taken_at,"
        "   '{}'::text[] AS lacking"
        "  FROM cohort c CROSS JOIN LATERAL (SELECT * FROM reading WHERE cohort = c.id AND measure = $2"
        "    AND ($5::date IS NULL OR from_on >= $5) AND ($6::date IS NULL OR (from_on, id) < ($6, $7::uuid))"
        "    ORDER BY from_on DESC, id DESC LIMIT $8) r"
        "  WHERE c.program = $1 AND ($3 OR c.id = ANY($4::uuid[])) AND ($9::uuid IS NULL OR c.id = $9)"
        " UNION ALL SELECT id, NULL, read_on, read_on + 1, numerator, denominator, people, taken_at, lacking"
        "  FROM program_reading WHERE program = $1 AND measure = $2 AND $9::uuid IS NULL"
        "   AND ($5::date IS NULL OR read_on >= $5) AND ($6::date IS NULL OR (read_on, id) < ($6, $7::uuid))) AS found"
        " ORDER BY from_on DESC, id DESC LIMIT $8",
        seen_by.program,
        measure,
        whole,
        [*own, *seen_by.coached],
        since,
        begun,
        id,
        most,
        cohort,
    )
    return [_line(measure, row, seen_by) for row in rows]


def _line(measure: str, row: asyncpg.Record, seen_by: Reader) -> ReadingLine:
    named = Role.LEAD in seen_by.roles or row["cohort"] in seen_by.coached
    many = may_show(row["people"], differences=_differences(measure, row))
    shown = named or many or not measure_named(measure).of_people
    told = Reading(
        cohort=row["cohort"],
        from_on=row["from_on"],
        until_on=row["until_on"],
        numerator=row["numerator"],
        denominator=row["denominator"],
        people=row["people"],
    )
    return ReadingLine(
        id=row["id"],
        measure=measure,
        cohort=row["cohort"],
        from_on=row["from_on"],
        until_on=row["until_on"],
        reading=told if shown else None,
        people=row["people"] if named or many else None,
        lacking=tuple(row["lacking"]),
        taken_at=row["taken_at"],
    )


def _differences(measure: str, row: asyncpg.Record) -> list[int]:
    """Those who were enrolled and not eligible stand beside those who were."""
    return [int(row["denominator"] - row["numerator"])] if measure == ELIGIBLE else []
