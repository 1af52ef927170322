"""Laying out a program's rollout."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from cohorts.criteria.rules import Criterion, CriterionKind, default_criteria
from cohorts.months.rules import MonthsAsked
from cohorts.phases.rules import PlannedPhase, default_phases
from program.database import execute, fetch, new_id, transaction
from program.events.actions import record
from program.refusals import Refusal
from program.roles.actions import require_lead
from program.words import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseTold:
    """What a lead says of a phase; `capacity` is None where there is room for everybody."""

    name: str
    capacity: int | None
    audience: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstGateAsks:
    """What the first gate is to ask: tracked months, the share who took part in percent, learnings accepted.

    None leaves what it asks as it is.
    """

    months: int
    took_part: int | None
    learnings: int | None


class SamePhaseName(Refusal):
    def __init__(self, name: str, position: int) -> None:
        super().__init__(name)
        self.name, self.field = name, f"name-{position}"

    def sentence(self) -> str:
        return _("Two circles are called “%(name)s”. Give each a name of its own.") % {"name": self.name}


class PhaseHasBegun(Refusal):
    def __init__(self, name: str, position: int) -> None:
        super().__init__(name)
        self.name, self.field = name, f"name-{position}"

    def sentence(self) -> str:
        return _("“%(name)s” has begun: how it was planned stays as it was.") % {"name": self.name}


class PlacesAreTaken(Refusal):
    def __init__(self, taken: int, position: int) -> None:
        super().__init__(taken)
        self.taken, self.field = taken, f"capacity-{position}"

    def sentence(self) -> str:
        return _("%(taken)d places are taken already.") % {"taken": self.taken}


class GateIsAsking(Refusal):
    field = "months"

    def sentence(self) -> str:
        return _(
            "The first circle is tracked already. What its gate asks is changed at the gate, with a reason that everybody reads."
        )


async def lay_out_rollout(
    program: UUID, phases: Sequence[PhaseTold], asks: FirstGateAsks, *, by: UUID, now: datetime
) -> None:
    """A lead says how the program widens, phase by phase in their order, and what its first gate asks.

    Refused where a phase that has begun would change, where a name stands twice, and below the places taken.
    """
    async with transaction():
        await require_lead(program, by)
        standing = await fetch(
            "SELECT f.id, f.position, f.name, f.capacity, f.audience,"
            " EXISTS (SELECT FROM cohort c WHERE c.phase = f.id AND c.tracking_start_on IS NOT NULL) AS begun,"
            " (SELECT count(*) FROM cohort c JOIN spell s ON s.cohort = c.id AND s.until_on IS NULL"
            "   WHERE c.phase = f.id AND s.state NOT IN ('declined', 'withdrawn')) AS taken"
            " FROM phase f WHERE f.program = $1 ORDER BY f.position FOR UPDATE OF f",
            program,
        )
        _require_sensible(standing, phases)
        changed = await _change_phases(standing, phases)
        changed |= await _ask(standing[0]["id"], asks, begun=standing[0]["begun"])
        if changed:
            await record("rollout_laid_out", program=program, by=by, at=now)


def _require_sensible(standing: Sequence[Any], phases: Sequence[PhaseTold]) -> None:
    names: set[str] = set()
    for row, told in zip(standing, phases, strict=True):
        if told.name.casefold() in names:
            raise SamePhaseName(told.name, row["position"])
        names.add(told.name.casefold())
        if row["begun"] and _differs(row, told):
            raise PhaseHasBegun(row["name"], row["position"])
        if told.capacity is not None and told.capacity < row["taken"]:
            raise PlacesAreTaken(row["taken"], row["position"])


def _differs(row: Any, told: PhaseTold) -> bool:
    return (row["name"], row["capacity"], row["audience"]) != (told.name, told.capacity, told.audience)


async def _change_phases(standing: Sequence[Any], phases: Sequence[PhaseTold]) -> bool:
    """Names may change places: so the old ones make way first."""
    changes = [(row, told) for row, told in zip(standing, phases, strict=True) if _differs(row, told)]
    for row, _told in changes:
        await execute("UPDATE phase SET name = id::text WHERE id = $1", row["id"])
    for row, told in changes:
        await execute(
            "UPDATE phase SET name = $2, capacity = $3, audience = $4 WHERE id = $1",
            row["id"],
            told.name,
            told.capacity,
            told.audience,
        )
    return bool(changes)


async def _ask(phase: UUID, asks: FirstGateAsks, *, begun: bool) -> bool:
    changed = await execute(
        "UPDATE phase SET months_needed = $2 WHERE id = $1 AND months_needed <> $2", phase, asks.months
    )
    for measure, target in (
        ("took_part_share", None if asks.took_part is None else Decimal(asks.took_part) / 100),
        ("learnings_accepted", None if asks.learnings is None else Decimal(asks.learnings)),
    ):
        changed += await execute(
            "UPDATE criterion k SET target = $3 FROM gate g WHERE g.id = k.gate AND g.phase = $1 AND k.measure = $2"
            " AND k.removed_at IS NULL AND k.target <> $3",
            phase,
            measure,
            target,
        )
    if changed and begun:
        raise GateIsAsking
    return bool(changed)


async def add_default_rollout(program: UUID) -> None:
    """Within a transaction: the phases of a new program, and after each but the last a gate with its criteria."""
    planned = default_phases()
    for position, phase in enumerate(planned):
        id = await _add_phase(program, position, phase)
        if position + 1 < len(planned):
            await _add_gate(program, id)


async def _add_phase(program: UUID, position: int, phase: PlannedPhase) -> UUID:
    id, asked = new_id(), MonthsAsked()
    await execute(
        "INSERT INTO phase (id, program, position, name, capacity, months_needed, months_in_a_row, at_least_eligible,"
        " took_part_percent, pause_days_allowed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id,
        program,
        position,
        _(phase.name),
        phase.capacity,
        asked.needed,
        asked.in_a_row,
        asked.at_least_eligible,
        int(asked.share_took_part * 100),
        asked.pause_days,
    )
    return id


async def _add_gate(program: UUID, phase: UUID) -> None:
    gate = new_id()
    await execute("INSERT INTO gate (id, program, phase) VALUES ($1, $2, $3)", gate, program, phase)
    for position, criterion in enumerate(default_criteria(new_id)):
        await _add_criterion(gate, position, criterion)


async def _add_criterion(gate: UUID, position: int, criterion: Criterion) -> None:
    measured = criterion.kind is CriterionKind.MEASURE
    target = Fraction(criterion.target)
    await execute(
        "INSERT INTO criterion (id, gate, position, kind, required, measure, comparison, target, over_months, item)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        criterion.id,
        gate,
        position,
        criterion.kind.value,
        criterion.required,
        criterion.measure if measured else None,
        criterion.comparison.value if measured else None,
        Decimal(target.numerator) / Decimal(target.denominator) if measured else None,
        criterion.over_months,
        _(criterion.item) if criterion.item else None,
    )
