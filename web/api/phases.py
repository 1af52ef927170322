"""The phases of a rollout, and the cohorts that go through them."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from cohorts.cohorts.queries import CohortPage, cohort_page
from cohorts.cohorts.rules import CohortState
from cohorts.enrolments.rules import EnrolmentState
from cohorts.phases.queries import CohortLine, PhaseLine, rollout
from cohorts.phases.rules import PhaseState
from program.access_tokens.rules import Scope
from program.roles.rules import Role
from web.api.paging import Page, Paging
from web.visit import EVERYBODY_LISTED, LEARNERS, Visit, may_call

INSIDERS = (Role.LEAD, Role.SPONSOR, Role.REVIEWER, Role.COACH, *LEARNERS)


class Phase(Struct, frozen=True, kw_only=True):
    """A step of the rollout, in its order. `capacity` is null where there is room for everybody; the last has no gate."""

    id: UUID
    name: str
    state: PhaseState
    capacity: int | None
    months_needed: int
    gate_id: UUID | None
    cohort_ids: list[UUID]


class Cohort(Struct, frozen=True, kw_only=True):
    """People going through a phase together. `counts` has how many are in which state, null for whoever may not see it.

    `tracking_start_on` is the day it began to run, null for them too.
    """

    id: UUID
    name: str
    phase_id: UUID
    phase: str
    state: CohortState
    paused: bool
    tracking_start_on: date | None
    counts: dict[EnrolmentState, int] | None


class CohortDetails(Cohort, frozen=True, kw_only=True):
    """A cohort and its surroundings. `waits_for` names the phase whose gate must open before it may prepare; `places_taken`,
    of its phase, is told to leads only.
    """

    paused_from_on: date | None
    capacity: int | None
    places_taken: int | None
    waits_for: str | None


@get(
    "/programs/{program:str}/phases",
    opt=may_call(Scope.PROGRAM_READ, *EVERYBODY_LISTED),
    operation_id="listPhases",
    tags=["Rollout"],
)
async def phases(visit: NamedDependency[Visit], paging: NamedDependency[Paging]) -> Response[Page[Phase]]:
    """The phases of the rollout, from the pilot on."""
    found = await rollout(seen_by=visit.reader, today=visit.today)
    return paging.page_of_all(found, key=lambda each: str(each.id), told=_phase)


@get(
    "/programs/{program:str}/cohorts",
    opt=may_call(Scope.PROGRAM_READ, *EVERYBODY_LISTED),
    operation_id="listCohorts",
    tags=["Rollout"],
)
async def cohorts(visit: NamedDependency[Visit], paging: NamedDependency[Paging]) -> Response[Page[Cohort]]:
    """The cohorts, phase by phase."""
    found = await rollout(seen_by=visit.reader, today=visit.today)
    lines = [(phase, cohort) for phase in found for cohort in phase.cohorts]
    return paging.page_of_all(lines, key=lambda each: str(each[1].id), told=lambda each: _cohort(*each))


@get(
    "/programs/{program:str}/cohorts/{cohort:uuid}",
    opt=may_call(Scope.PROGRAM_READ, *INSIDERS),
    operation_id="getCohort",
    tags=["Rollout"],
)
async def cohort(visit: NamedDependency[Visit], cohort: FromPath[UUID]) -> CohortDetails:
    """A cohort, for its members and coaches, and for leads, sponsors and reviewers."""
    found = await cohort_page(cohort, seen_by=visit.reader, today=visit.today)
    return _details(found, lead=visit.reader.is_any(Role.LEAD))


def _phase(line: PhaseLine) -> Phase:
    return Phase(
        id=line.id,
        name=line.name,
        state=line.state,
        capacity=line.capacity,
        months_needed=line.months_needed,
        gate_id=line.gate.id if line.gate else None,
        cohort_ids=[each.id for each in line.cohorts],
    )


def _cohort(phase: PhaseLine, line: CohortLine) -> Cohort:
    return Cohort(
        id=line.id,
        name=line.name,
        phase_id=phase.id,
        phase=phase.name,
        state=line.state,
        paused=line.paused,
        tracking_start_on=None if line.counts is None else line.tracking_start_on,
        counts=_counts(line.counts),
    )


def _details(page: CohortPage, *, lead: bool) -> CohortDetails:
    """Places count those who are suspended, which is for nobody else to work out."""
    return CohortDetails(
        id=page.id,
        name=page.name,
        phase_id=page.phase_id,
        phase=page.phase,
        state=page.state,
        paused=page.paused is not None,
        tracking_start_on=page.tracking_start_on,
        counts=_counts(page.counts),
        paused_from_on=page.paused.from_on if page.paused else None,
        capacity=page.capacity,
        places_taken=page.places_taken if lead else None,
        waits_for=page.opens_with,
    )


def _counts(counts: Mapping[EnrolmentState, int] | None) -> dict[EnrolmentState, int] | None:
    return None if counts is None else dict(counts)


HANDLERS = (phases, cohorts, cohort)
