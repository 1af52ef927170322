"""The rollout: its phases with their cohorts and gates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

from cohorts.cohorts.queries import IN_STATES, counts_in, may_see, sees_named
from cohorts.cohorts.rules import CohortState
from cohorts.enrolments.rules import EnrolmentState
from cohorts.gates.judged import judged_gates
from cohorts.gates.queries import GateLine, Inside, inside_of, line_of
from cohorts.gates.rules import GateState
from cohorts.measures.rules import may_show
from cohorts.months.queries import phase_months
from cohorts.months.rules import CohortMonths, PhaseMonths
from cohorts.phases.rules import PhaseState, phase_state
from program.database import fetch
from program.roles.rules import Reader, Role


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
    """A phase in the rollout; `come` is the share of its tracked months that counted, 0 where it may not be seen.

    `months` are those of the cohort that the phase waits for, `inside` is what its gate asks; None where that may not
    be seen. `named` where the reader sees the figures of few people.
    """

    id: UUID
    name: str
    capacity: int | None
    state: PhaseState
    cohorts: tuple[CohortLine, ...]
    gate: GateLine | None
    come: float
    months_needed: int
    months: CohortMonths | None
    inside: Inside | None
    named: bool


async def rollout(*, seen_by: Reader, today: date) -> tuple[PhaseLine, ...]:
    """The phases of the reader's program in order. Seven queries, however many cohorts and members there are."""
    rows = await fetch(
        "SELECT f.id AS phase, f.name AS phase_name, f.capacity, f.months_needed, c.id, c.name, c.state,"
        " c.tracking_start_on,"
        " EXISTS (SELECT FROM cohort_pause p WHERE p.cohort = c.id AND p.until_on IS NULL) AS paused,"
        f" {IN_STATES} AS counts"
        " FROM phase f LEFT JOIN cohort c ON c.phase = f.id WHERE f.program = $1"
        " ORDER BY f.position, c.made_at, c.id",
        seen_by.program,
    )
    phases: dict[UUID, list[asyncpg.Record]] = {}
    for row in rows:
        phases.setdefault(row["phase"], []).append(row)
    judged = {gate.phase: gate for gate in await judged_gates(seen_by.program, today=today)}
    gates = {phase: line_of(gate) for phase, gate in judged.items()}
    months = {phase: gate.judged.months for phase, gate in judged.items() if gate.judged}
    others = [phase for phase, of_phase in phases.items() if phase not in months and of_phase[0]["id"]]
    months |= await phase_months(others, today=today) if others else {}
    reached, found = True, []
    for phase, of_phase in phases.items():
        inside = inside_of(judged[phase], seen_by=seen_by, today=today) if phase in judged else None
        found.append(
            _phase(of_phase, gates.get(phase), months.get(phase), inside, seen_by=seen_by, reached=reached)
        )
        reached = phase not in gates or gates[phase].state is GateState.OPENED
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseTotals:
    """What the cohorts of a phase did so far; None for what would tell of few people, or may not be seen."""

    activities: int | None
    learnings: int


async def phase_totals(phase: UUID, *, seen_by: Reader) -> PhaseTotals | None:
    """What a phase came to so far, for its lead, sponsors and reviewers; None for others. One query."""
    if not seen_by.is_any(Role.LEAD, Role.SPONSOR, Role.REVIEWER):
        return None
    (row,) = await fetch(
        "SELECT COALESCE(sum(m.activities), 0)::bigint AS activities, count(DISTINCT m.enrolment) AS people,"
        " (SELECT COALESCE(sum(r.numerator), 0)::bigint FROM cohort c CROSS JOIN LATERAL"
        "   (SELECT numerator FROM reading WHERE cohort = c.id AND measure = 'learnings_accepted'"
        "    ORDER BY span, from_on DESC LIMIT 1) r WHERE c.phase = $1 AND c.program = $2) AS learnings"
        " FROM member_month m JOIN cohort c ON c.id = m.cohort"
        " WHERE c.phase = $1 AND c.program = $2 AND m.activities > 0",
        phase,
        seen_by.program,
    )
    shown = Role.LEAD in seen_by.roles or row["people"] == 0 or may_show(row["people"])
    return PhaseTotals(activities=row["activities"] if shown else None, learnings=row["learnings"])


def _phase(
    rows: list[asyncpg.Record],
    gate: GateLine | None,
    months: PhaseMonths | None,
    inside: Inside | None,
    *,
    seen_by: Reader,
    reached: bool,
) -> PhaseLine:
    cohorts = tuple(_cohort(row, seen_by) for row in rows if row["id"])
    passed = gate is not None and gate.state is GateState.OPENED
    seen = any(cohort.counts is not None for cohort in cohorts)
    decisive = months.decisive if months else None
    return PhaseLine(
        id=rows[0]["phase"],
        name=rows[0]["phase_name"],
        capacity=rows[0]["capacity"],
        state=phase_state(reached=reached, passed=passed, cohorts=[cohort.state for cohort in cohorts]),
        cohorts=cohorts,
        gate=gate,
        come=1.0 if passed else _come(decisive) if seen else 0.0,
        months_needed=rows[0]["months_needed"],
        months=decisive if decisive and may_see(decisive.cohort, seen_by) else None,
        inside=inside,
        named=decisive is not None and sees_named(decisive.cohort, seen_by),
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


def _come(decisive: CohortMonths | None) -> float:
    return min(1.0, decisive.tracked.counted / decisive.tracked.needed) if decisive else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOutPhase:
    """A phase as it is planned; `begun` once a cohort of it is tracked."""

    position: int
    name: str
    capacity: int | None
    audience: str | None
    begun: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The numbers of the first gate that are changed most; None for what it does not ask for. `took_part` in percent."""

    months: int
    took_part: int | None
    learnings: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """A rollout as it is planned, and its first gate."""

    phases: tuple[LaidOutPhase, ...]
    gate: UUID
    asks: Asked


async def laid_out(program: UUID) -> LaidOut:
    """How a program's rollout is laid out. Two queries. For leads."""
    phases = await fetch(
        "SELECT f.position, f.name, f.capacity, f.audience,"
        " EXISTS (SELECT FROM cohort c WHERE c.phase = f.id AND c.tracking_start_on IS NOT NULL) AS begun"
        " FROM phase f WHERE f.program = $1 ORDER BY f.position",
        program,
    )
    (first,) = await fetch(
        "SELECT g.id, f.months_needed,"
        " (SELECT (k.target * 100)::int FROM criterion k WHERE k.gate = g.id AND k.measure = 'took_part_share'"
        "   AND k.removed_at IS NULL ORDER BY k.position LIMIT 1) AS took_part,"
        " (SELECT k.target::int FROM criterion k WHERE k.gate = g.id AND k.measure = 'learnings_accepted'"
        "   AND k.removed_at IS NULL ORDER BY k.position LIMIT 1) AS learnings"
        " FROM gate g JOIN phase f ON f.id = g.phase WHERE f.program = $1 AND f.position = 0",
        program,
    )
    return LaidOut(
        phases=tuple(LaidOutPhase(**phase) for phase in phases),
        gate=first["id"],
        asks=Asked(months=first["months_needed"], took_part=first["took_part"], learnings=first["learnings"]),
    )
