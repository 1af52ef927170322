"""Laying out a program's rollout."""

from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from cohorts.criteria.rules import Criterion, CriterionKind, default_criteria
from cohorts.months.rules import MonthsAsked
from cohorts.phases.rules import PlannedPhase, default_phases
from program.database import execute, new_id
from program.words import gettext as _


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
