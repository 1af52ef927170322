"""People as a lead chooses among them for a cohort."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cohorts.choosing.rules import (
    SENIOR_FROM_LEVEL,
    MixProblem,
    Somebody,
    Suggestion,
    suggestions,
    what_is_wrong_with_the_mix,
)
from program.database import fetch, fetch_row
from program.people.queries import FITS, SAID_BY, Filter, WhatThereIs, activity_in, what_there_is
from program.refusals import NotFound
from program.roles.rules import Reader, Role

ON_A_PAGE = 50
MOST_WEIGHED = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One of the program's people who may be invited; `elsewhere` names the cohorts they are in already."""

    somebody: Somebody
    chosen: bool
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatesPage:
    """One page of those who match and have no place in the cohort yet."""

    people: tuple[Candidate, ...]
    found: int
    number: int
    pages: int
    there_is: WhatThereIs


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenPerson:
    somebody: Somebody
    email: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Who is chosen for a cohort, what speaks against the mix with those in it, and who would complete it.

    `free` is how many places of the phase are free, None where there is room for everybody.
    """

    cohort: UUID
    cohort_name: str
    phase: str
    pilot: bool
    capacity: int | None
    free: int | None
    members: int
    chosen: tuple[ChosenPerson, ...]
    problems: tuple[MixProblem, ...]
    suggestions: tuple[Suggestion, ...]


_PARTICULARS = (
    "p.id, p.name, p.job_title, p.job_function, p.department, p.level, p.region, p.networks, p.how_often,"
    f" {SAID_BY} AS said_by"
)
_PLACE_HERE = (
    "EXISTS (SELECT FROM enrolment e JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
    " WHERE e.cohort = {cohort} AND e.person = p.id AND s.state NOT IN ('declined', 'withdrawn'))"
)
_GONE = "EXISTS (SELECT FROM departure d WHERE d.person = p.id AND d.returned_at IS NULL)"
_RUNS_IT = (
    "EXISTS (SELECT FROM role_grant g WHERE g.program = $1 AND g.person = p.id AND g.revoked_at IS NULL"
    " AND g.role IN ('lead', 'sponsor'))"
)


async def candidates(cohort: UUID, filter: Filter, *, seen_by: Reader, number: int = 1) -> CandidatesPage:
    """The `number`-th page of the program's people who pass the filter and may be invited, by name. For leads.

    Two queries.
    """
    _require_lead(seen_by)
    there_is = await what_there_is(seen_by.program)
    rows = await fetch(
        "WITH found AS MATERIALIZED (SELECT p.id, p.name FROM listing l JOIN person p ON p.id = l.person"
        f"   WHERE l.program = $1 AND {FITS} AND NOT {_GONE} AND NOT {_PLACE_HERE.format(cohort='$10')}),"
        "  counted AS (SELECT count(*) AS found, least(greatest($11, 1), greatest(ceil(count(*) / $12::float8), 1))::int"
        "   AS number FROM found),"
        "  shown AS (SELECT id FROM found ORDER BY name, id LIMIT $12 OFFSET (SELECT (number - 1) * $12 FROM counted))"
        f" SELECT counted.found, counted.number, {_PARTICULARS},"
        "  EXISTS (SELECT FROM choice k WHERE k.cohort = $10 AND k.person = p.id) AS chosen,"
        "  ARRAY(SELECT c.name FROM enrolment e JOIN cohort c ON c.id = e.cohort"
        "   JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
        "   WHERE e.person = p.id AND c.program = $1 AND c.id <> $10"
        "    AND s.state IN ('invited', 'preparing', 'active', 'paused') ORDER BY c.name) AS elsewhere"
        " FROM counted LEFT JOIN shown ON true LEFT JOIN person p ON p.id = shown.id ORDER BY p.name, p.id",
        seen_by.program,
        *filter.values,
        cohort,
        number,
        ON_A_PAGE,
    )
    return CandidatesPage(
        people=tuple(
            Candidate(somebody=_somebody(row), chosen=row["chosen"], elsewhere=tuple(row["elsewhere"]))
            for row in rows
            if row["id"]
        ),
        found=rows[0]["found"],
        number=rows[0]["number"],
        pages=max(1, -(-rows[0]["found"] // ON_A_PAGE)),
        there_is=there_is,
    )


async def mix_of(cohort: UUID, *, seen_by: Reader) -> Mix:
    """Who is chosen for a cohort, and who would complete it. For leads. Four queries. Raises `NotFound`."""
    _require_lead(seen_by)
    about = await _about(cohort, seen_by.program)
    members = await fetch(
        f"SELECT {_PARTICULARS} FROM enrolment e JOIN person p ON p.id = e.person"
        " JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
        " WHERE e.cohort = $1 AND s.state NOT IN ('declined', 'withdrawn') ORDER BY p.name, p.id",
        cohort,
    )
    chosen = await fetch(
        f"SELECT {_PARTICULARS}, p.email, p.locale FROM choice k JOIN person p ON p.id = k.person"
        f" WHERE k.cohort = $1 AND NOT {_GONE} AND NOT {_PLACE_HERE.format(cohort='$1')} ORDER BY p.name, p.id",
        cohort,
    )
    mix = [_somebody(row) for row in (*members, *chosen)]
    free = None if about["capacity"] is None else max(0, about["capacity"] - about["taken"])
    return Mix(
        cohort=cohort,
        cohort_name=about["name"],
        phase=about["phase"],
        pilot=about["pilot"],
        capacity=about["capacity"],
        free=free,
        members=len(members),
        chosen=tuple(
            ChosenPerson(somebody=_somebody(row), email=row["email"], locale=row["locale"]) for row in chosen
        ),
        problems=what_is_wrong_with_the_mix(
            mix, chosen=len(chosen), free=free, least=about["at_least_eligible"], pilot=about["pilot"]
        ),
        suggestions=suggestions(
            await _worth_weighing(cohort, seen_by.program),
            mix,
            places=None if free is None else max(0, free - len(chosen)),
        ),
    )


async def _about(cohort: UUID, program: UUID) -> Any:
    row = await fetch_row(
        "SELECT c.name, f.name AS phase, f.position = 0 AS pilot, f.capacity, f.at_least_eligible,"
        " (SELECT count(*) FROM cohort o JOIN spell s ON s.cohort = o.id AND s.until_on IS NULL"
        "   WHERE o.phase = f.id AND s.state NOT IN ('declined', 'withdrawn')) AS taken"
        " FROM cohort c JOIN phase f ON f.id = c.phase WHERE c.id = $1 AND c.program = $2",
        cohort,
        program,
    )
    if row is None:
        raise NotFound
    return row


async def _worth_weighing(cohort: UUID, program: UUID) -> list[Somebody]:
    """Who is active somewhere, or may be and is senior; of very many, those who are active most often."""
    rows = await fetch(
        f"SELECT {_PARTICULARS} FROM listing l JOIN person p ON p.id = l.person WHERE l.program = $1"
        "  AND p.how_often IS DISTINCT FROM 'never'"
        "  AND (p.how_often IS NOT NULL OR p.networks <> '{}' OR p.level >= $4)"
        f" AND NOT {_GONE} AND NOT {_RUNS_IT} AND NOT EXISTS (SELECT FROM choice k WHERE k.cohort = $2 AND k.person = p.id)"
        "  AND NOT EXISTS (SELECT FROM enrolment e JOIN cohort c ON c.id = e.cohort AND c.program = $1"
        "   JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL WHERE e.person = p.id)"
        " ORDER BY array_position(ARRAY['daily', 'weekly', 'monthly'], p.how_often), p.networks IS NULL,"
        "  p.level DESC NULLS LAST, p.name, p.id LIMIT $3",
        program,
        cohort,
        MOST_WEIGHED,
        SENIOR_FROM_LEVEL,
    )
    return [_somebody(row) for row in rows]


def _require_lead(reader: Reader) -> None:
    if not reader.is_any(Role.LEAD):
        raise NotFound


def _somebody(row: Any) -> Somebody:
    return Somebody(
        person=row["id"],
        name=row["name"],
        job_title=row["job_title"],
        job_function=row["job_function"],
        department=row["department"],
        level=row["level"],
        region=row["region"],
        activity=activity_in(row),
    )
