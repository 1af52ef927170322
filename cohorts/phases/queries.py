"""The rollout: its phases with their cohorts and gates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

from cohorts.cohorts.queries import IN_STATES, counts_in, may_see, sees_named
from cohorts.cohorts.rules import CohortState
from cohorts.enrolments.rules import EnrolmentState
from cohorts.gates.queries import GateLine, gate_state_and_forecast
from cohorts.gates.rules import GateState
from cohorts.months.queries import phase_months
from cohorts.months.rules import PhaseMonths
from cohorts.phases.rules import PhaseState, phase_state
from program.database import fetch
from program.roles.rules import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortLine:
    """A cohort in the rollout; `counts` has how many are in which state, and is None for whoever may not see that."""

    id: UUID
    name: str
    state: CohortState
    paused: bool
    tracking_start_on: date | None
    counts: Mapping[EnrolmentState, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseLine:
    """A phase in the rollout; `come` is the share of its tracked months that counted, 0 where it may not be seen."""

    id: UUID
    name: str
    capacity: int | None
    state: PhaseState
    cohorts: tuple[CohortLine, ...]
    gate: GateLine | None
    come: float


async def rollout(*, seen_by: Reader, today: date) -> tuple[PhaseLine, ...]:
    """The phases of the reader's program in order. Seven queries, however many cohorts and members there are."""
    rows = await fetch(
        "SELECT f.id AS phase, f.name AS phase_name, f.capacity, c.id, c.name, c.state, c.tracking_start_on,"
        " EXISTS (SELECT FROM cohort_pause p WHERE p.cohort = c.id AND p.until_on IS NULL) AS paused,"
        f" {IN_STATES} AS counts"
        " FROM phase f LEFT JOIN cohort c ON c.phase = f.id WHERE f.program = $1"
        " ORDER BY f.position, c.made_at, c.id",
        seen_by.program,
    )
    phases: dict[UUID, list[asyncpg.Record]] = {}
    for row in rows:
        phases.setdefault(row["phase"], []).append(row)
    gates = {gate.phase: gate for gate in await gate_state_and_forecast(seen_by.program, today=today)}
    months = await phase_months(list(phases), today=today)
    reached, found = True, []
    for phase, of_phase in phases.items():
        found.append(_phase(of_phase, gates.get(phase), months[phase], seen_by, reached=reached))
        reached = phase not in gates or gates[phase].state is GateState.OPENED
    return tuple(found)


def _phase(
    rows: list[asyncpg.Record], gate: GateLine | None, months: PhaseMonths, seen_by: Reader, *, reached: bool
) -> PhaseLine:
    cohorts = tuple(_cohort(row, seen_by) for row in rows if row["id"])
    passed = gate is not None and gate.state is GateState.OPENED
    seen = any(cohort.counts is not None for cohort in cohorts)
    return PhaseLine(
        id=rows[0]["phase"],
        name=rows[0]["phase_name"],
        capacity=rows[0]["capacity"],
        state=phase_state(reached=reached, passed=passed, cohorts=[cohort.state for cohort in cohorts]),
        cohorts=cohorts,
        gate=gate,
        come=1.0 if passed else _come(months) if seen else 0.0,
    )


def _cohort(row: asyncpg.Record, seen_by: Reader) -> CohortLine:
    cohort, seen = row["id"], may_see(row["id"], seen_by)
    return CohortLine(
        id=cohort,
        name=row["name"],
        state=CohortState(row["state"]),
        paused=row["paused"],
        tracking_start_on=row["tracking_start_on"],
        counts=counts_in(row["counts"], named=sees_named(cohort, seen_by)) if seen else None,
    )


def _come(months: PhaseMonths) -> float:
    if months.decisive is None:
        return 0.0
    return min(1.0, months.decisive.tracked.counted / months.asked.needed)
