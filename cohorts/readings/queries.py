"""Readings as they are kept, for whoever judges by them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cohorts.measures.rules import Reading
from program.database import fetch

NEWEST = 120
"""How many readings of a measure are looked back at: enough for three whole months of daily ones."""


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
