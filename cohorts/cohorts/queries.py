"""Cohorts, as far as each reader may see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

from cohorts.cohorts.rules import CohortBar, CohortStanding, CohortState, CohortStep, steps_ahead, what_bars
from cohorts.enrolments.rules import HOLDS_A_PLACE, EnrolmentState
from cohorts.measures.rules import may_show
from cohorts.months.queries import phase_months
from cohorts.months.rules import CohortMonths, Month, MonthState
from program.database import fetch, fetch_row
from program.refusals import NotFound
from program.roles.rules import JOINED, Reader, Role

SHUT_BEFORE = (
    "(SELECT b.name FROM phase b JOIN gate g ON g.phase = b.id WHERE b.program = f.program"
    " AND b.position = f.position - 1"
    " AND NOT EXISTS (SELECT FROM decision d WHERE d.gate = g.id AND d.outcome <> 'stopped'))"
)
IN_STATES = "ARRAY(SELECT (s.state, count(*)) FROM spell s WHERE s.cohort = c.id AND s.until_on IS NULL GROUP BY s.state)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    from_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedStep:
    """A step that a lead may take with a cohort, or what bars it."""

    step: CohortStep
    bar: CohortBar | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coach:
    person: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TookPart:
    """How many of those eligible took part in the month in progress."""

    count: int
    eligible: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortPage:
    """A cohort as one reader sees it; what they may not see is empty. `counts` has how many are in which state.

    `named` says whether figures that stand on few people may be shown to them.
    """

    id: UUID
    name: str
    phase_id: UUID
    phase: str
    opens_with: str | None
    state: CohortState
    paused: Pause | None
    tracking_start_on: date | None
    counts: Mapping[EnrolmentState, int]
    coaches: tuple[Coach, ...]
    months: CohortMonths | None
    took_part: TookPart | None
    named: bool
    month: Month | None
    own_enrolment: UUID | None
    steps: tuple[OfferedStep, ...]
    capacity: int | None
    places_taken: int


_PAGE = (
    "SELECT c.id, c.name, c.state, c.tracking_start_on, f.id AS phase, f.name AS phase_name, f.capacity,"
    f" {SHUT_BEFORE} AS shut_before, {IN_STATES} AS counts,"
    " (SELECT (p.from_on, p.reason) FROM cohort_pause p WHERE p.cohort = c.id AND p.until_on IS NULL) AS pause,"
    " ARRAY(SELECT (k.person, q.name) FROM coaching k JOIN person q ON q.id = k.person"
    "   WHERE k.cohort = c.id AND k.ended_at IS NULL ORDER BY q.name) AS coaches,"
    " (SELECT count(*) FROM cohort o JOIN spell s ON s.cohort = o.id AND s.until_on IS NULL"
    "   WHERE o.phase = f.id AND s.state NOT IN ('declined', 'withdrawn')) AS places_taken"
    " FROM cohort c JOIN phase f ON f.id = c.phase WHERE c.id = $1 AND c.program = $2"
)


async def cohort_page(cohort: UUID, *, seen_by: Reader, today: date) -> CohortPage:
    """A cohort for its members and coaches, and for leads, sponsors and reviewers. Three queries. Raises `NotFound`."""
    row = await fetch_row(_PAGE, cohort, seen_by.program)
    if row is None or not may_see(cohort, seen_by):
        raise NotFound
    months = await _months(row, today)
    now = _in_progress(months)
    named = sees_named(cohort, seen_by)
    own = seen_by.enrolment_in(cohort)
    return CohortPage(
        id=row["id"],
        name=row["name"],
        phase_id=row["phase"],
        phase=row["phase_name"],
        opens_with=row["shut_before"],
        state=CohortState(row["state"]),
        paused=Pause(from_on=row["pause"][0], reason=row["pause"][1]) if row["pause"] else None,
        tracking_start_on=row["tracking_start_on"],
        counts=counts_in(row["counts"], named=named),
        coaches=tuple(Coach(person=person, name=name) for person, name in row["coaches"]),
        months=months,
        took_part=_took_part(now, named=named),
        named=named,
        month=now,
        own_enrolment=own.enrolment if own and own.state in JOINED else None,
        steps=_offered(_standing(row)) if Role.LEAD in seen_by.roles else (),
        capacity=row["capacity"],
        places_taken=row["places_taken"],
    )


def counts_in(record: Iterable[tuple[str, int]], *, named: bool) -> dict[EnrolmentState, int]:
    """How many have a place in which state. That somebody is suspended is for those who see members by name."""
    told = HOLDS_A_PLACE if named else HOLDS_A_PLACE - {EnrolmentState.SUSPENDED}
    return {EnrolmentState(state): count for state, count in record if state in told}


def may_see(cohort: UUID, reader: Reader) -> bool:
    """Whether a reader sees more of a cohort than that it is there."""
    own = reader.enrolment_in(cohort)
    return (
        reader.is_any(Role.LEAD, Role.SPONSOR, Role.REVIEWER)
        or cohort in reader.coached
        or (own is not None and own.state in JOINED)
    )


def sees_named(cohort: UUID, reader: Reader) -> bool:
    """Whether a reader sees the members’ own figures by name."""
    return Role.LEAD in reader.roles or cohort in reader.coached


async def cohort_standing(cohort: UUID, *, program: UUID) -> CohortStanding:
    """What the rules ask of a cohort before a step. Raises `NotFound`."""
    row = await fetch_row(_PAGE, cohort, program)
    if row is None:
        raise NotFound
    return _standing(row)


def _standing(row: asyncpg.Record) -> CohortStanding:
    return CohortStanding(
        state=CohortState(row["state"]),
        paused=row["pause"] is not None,
        shut_before=row["shut_before"],
        active=dict(row["counts"]).get(EnrolmentState.ACTIVE.value, 0),
    )


def _offered(standing: CohortStanding) -> tuple[OfferedStep, ...]:
    return tuple(OfferedStep(step=step, bar=what_bars(step, standing)) for step in steps_ahead(standing))


async def _months(row: asyncpg.Record, today: date) -> CohortMonths | None:
    if row["tracking_start_on"] is None:
        return None
    of_phase = (await phase_months([row["phase"]], today=today))[row["phase"]]
    return next(each for each in of_phase.cohorts if each.cohort == row["id"])


def _in_progress(months: CohortMonths | None) -> Month | None:
    found = months.tracked.months if months else ()
    return next((month for month in found if month.state is MonthState.IN_PROGRESS), None)


def _took_part(month: Month | None, *, named: bool) -> TookPart | None:
    if month is None or month.figures is None or not (named or may_show(month.figures.eligible)):
        return None
    return TookPart(count=month.figures.took_part, eligible=month.figures.eligible)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseChoice:
    """A phase that a cohort can be formed for."""

    id: UUID
    name: str


async def phases_to_form_for(program: UUID) -> list[PhaseChoice]:
    """The phases of a program in order."""
    rows = await fetch("SELECT id, name FROM phase WHERE program = $1 ORDER BY position", program)
    return [PhaseChoice(id=row["id"], name=row["name"]) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleCoach:
    """Somebody whom a lead may appoint; namesakes are told apart by what they do."""

    person: UUID
    name: str
    job_title: str | None
    department: str | None


async def possible_coaches(cohort: UUID, *, program: UUID, search: str, most: int) -> list[PossibleCoach]:
    """The program's people whose name matches and who do not coach this cohort yet; by name. For leads."""
    rows = await fetch(
        "SELECT p.id, p.name, p.job_title, p.department FROM listing l JOIN person p ON p.id = l.person"
        " WHERE l.program = $1 AND position(lower($3) IN lower(p.name)) > 0"
        "  AND NOT EXISTS (SELECT FROM departure d WHERE d.person = p.id AND d.returned_at IS NULL)"
        "  AND NOT EXISTS (SELECT FROM coaching k WHERE k.cohort = $2 AND k.person = p.id AND k.ended_at IS NULL)"
        " ORDER BY lower(p.name), p.id LIMIT $4",
        program,
        cohort,
        search,
        most,
    )
    return [
        PossibleCoach(
            person=row["id"], name=row["name"], job_title=row["job_title"], department=row["department"]
        )
        for row in rows
    ]
