"""Changing what a gate asks, and leaving a cohort out when it is judged."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from cohorts.criteria.rules import Criterion, CriterionKind
from cohorts.gate_changes.queries import gate_asked
from cohorts.gate_changes.rules import (
    TO_ADD,
    ChangeBar,
    CriterionAsked,
    GateAsked,
    MonthSettings,
    Told,
    criterion_after,
    document_of,
    same,
    what_bars_change,
    what_bars_leaving_out,
    what_bars_settings,
)
from cohorts.gate_changes.words import change_bar_sentence, field_of
from cohorts.gates.actions import lock_gate
from program.database import execute, fetch_value, new_id, transaction
from program.events.actions import record
from program.form_keys.actions import Sent, first_result
from program.refusals import NotFound, Refusal
from program.roles.actions import require_lead


class GateKeepsAsking(Refusal):
    """What the gate asks may not be changed so; the first bar tells why, and where it can be mended."""

    def __init__(self, bars: Sequence[ChangeBar], today: date) -> None:
        super().__init__(*bars)
        self.field = field_of(bars[0])
        self._sentences = [change_bar_sentence(bar, today) for bar in bars]

    def sentence(self) -> str:
        return self._sentences[0]

    def reason_sentences(self) -> list[str]:
        return self._sentences[1:]


async def change_criterion(
    gate: UUID,
    criterion: UUID,
    asked: CriterionAsked,
    *,
    program: UUID,
    reason: str,
    by: UUID,
    now: datetime,
    today: date,
) -> None:
    """A lead changes what a criterion asks. Refused with what bars it; after tracking began it takes a reason."""
    async with transaction():
        stands = await _locked(gate, program, by)
        before = _found(stands, criterion)
        after = criterion_after(before, asked)
        _refuse(what_bars_change(stands, before, after, reason=reason, today=today), today)
        if same(before, after):
            return
        if after.owner != before.owner:
            await _require_listed(after.owner, program)
        await execute(
            "UPDATE criterion SET required = $2, comparison = $3, target = $4, over_months = $5, item = $6, owner = $7,"
            " due_on = $8 WHERE id = $1",
            *_columns(after),
        )
        await _keep(gate, criterion, before, after, reason, by=by, now=now)
        await record(
            "gate_asks_changed", program=program, by=by, at=now, subject=gate, facts={"change": "changed"}
        )


async def change_month_settings(
    gate: UUID,
    settings: MonthSettings,
    *,
    program: UUID,
    reason: str,
    by: UUID,
    now: datetime,
    today: date,
) -> None:
    """A lead changes how the gate's phase counts its months. After tracking began it takes a reason."""
    async with transaction():
        stands = await _locked(gate, program, by)
        _refuse(what_bars_settings(stands, settings, reason=reason), today)
        if settings == stands.settings:
            return
        await execute(
            "UPDATE phase SET months_needed = $2, months_in_a_row = $3, at_least_eligible = $4, took_part_percent = $5,"
            " pause_days_allowed = $6, of_cohorts = $7 WHERE id = (SELECT phase FROM gate WHERE id = $1)",
            gate,
            settings.needed,
            settings.in_a_row,
            settings.at_least_eligible,
            settings.took_part_percent,
            settings.pause_days,
            settings.of_cohorts.value,
        )
        await _keep(gate, None, stands.settings, settings, reason, by=by, now=now)
        await record(
            "gate_asks_changed", program=program, by=by, at=now, subject=gate, facts={"change": "months"}
        )


async def add_measure(
    gate: UUID,
    measure: str,
    asked: CriterionAsked,
    *,
    program: UUID,
    reason: str,
    by: UUID,
    now: datetime,
    today: date,
    sent: Sent,
) -> UUID:
    """A lead lets the gate ask for a known measure. Answers the criterion's id."""
    if measure not in TO_ADD:
        raise NotFound
    empty = Criterion(id=new_id(), kind=CriterionKind.MEASURE, required=True, measure=measure)
    return await _add(
        gate, empty, asked, program=program, reason=reason, by=by, now=now, today=today, sent=sent
    )


async def add_checklist_item(
    gate: UUID,
    asked: CriterionAsked,
    *,
    program: UUID,
    reason: str,
    by: UUID,
    now: datetime,
    today: date,
    sent: Sent,
) -> UUID:
    """A lead puts something on the gate's checklist. Answers the criterion's id."""
    empty = Criterion(id=new_id(), kind=CriterionKind.CHECKLIST, required=True)
    return await _add(
        gate, empty, asked, program=program, reason=reason, by=by, now=now, today=today, sent=sent
    )


async def remove_criterion(
    gate: UUID, criterion: UUID, *, program: UUID, reason: str, by: UUID, now: datetime, today: date
) -> None:
    """A lead lets the gate ask for this no more. Something required has to be left."""
    async with transaction():
        stands = await _locked(gate, program, by)
        before = _found(stands, criterion)
        _refuse(what_bars_change(stands, before, None, reason=reason, today=today), today)
        await execute("UPDATE criterion SET removed_at = $2 WHERE id = $1", criterion, now)
        await _keep(gate, criterion, before, None, reason, by=by, now=now)
        await record(
            "gate_asks_changed", program=program, by=by, at=now, subject=gate, facts={"change": "removed"}
        )


async def leave_out(
    gate: UUID, cohort: UUID, *, program: UUID, reason: str, by: UUID, now: datetime, today: date
) -> None:
    """A lead lets the gate be judged without a cohort of its phase. Where it is left out already, nothing changes."""
    async with transaction():
        stands = await _locked(gate, program, by)
        await _require_of_phase(cohort, gate)
        _refuse(what_bars_leaving_out(stands, reason=reason), today)
        if await execute(
            "INSERT INTO cohort_left_out (id, cohort, reason, left_out_at, left_out_by) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (cohort) WHERE taken_back_at IS NULL DO NOTHING",
            new_id(),
            cohort,
            reason.strip(),
            now,
            by,
        ):
            await record("cohort_left_out", program=program, by=by, at=now, subject=cohort)


async def take_in_again(
    gate: UUID, cohort: UUID, *, program: UUID, by: UUID, now: datetime, today: date
) -> None:
    """A lead lets a cohort that was left out be judged again."""
    async with transaction():
        stands = await _locked(gate, program, by)
        await _require_of_phase(cohort, gate)
        _refuse(what_bars_leaving_out(stands, reason="-"), today)
        if await execute(
            "UPDATE cohort_left_out SET taken_back_at = $2 WHERE cohort = $1 AND taken_back_at IS NULL",
            cohort,
            now,
        ):
            await record("cohort_taken_in_again", program=program, by=by, at=now, subject=cohort)


async def _add(
    gate: UUID,
    empty: Criterion,
    asked: CriterionAsked,
    *,
    program: UUID,
    reason: str,
    by: UUID,
    now: datetime,
    today: date,
    sent: Sent,
) -> UUID:
    async with transaction():
        stands = await _locked(gate, program, by)
        earlier = await first_result(sent, by=by, at=now, result=empty.id)
        if earlier is not None:
            return earlier
        after = criterion_after(empty, asked)
        _refuse(what_bars_change(stands, None, after, reason=reason, today=today), today)
        await _require_listed(after.owner, program)
        await execute(
            "INSERT INTO criterion (id, required, comparison, target, over_months, item, owner, due_on, gate, kind,"
            "  measure, position)"
            " SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, max(position) + 1 FROM criterion WHERE gate = $9",
            *_columns(after),
            gate,
            after.kind.value,
            after.measure or None,
        )
        await _keep(gate, after.id, None, after, reason, by=by, now=now)
        await record(
            "gate_asks_changed", program=program, by=by, at=now, subject=gate, facts={"change": "added"}
        )
        return after.id


async def _locked(gate: UUID, program: UUID, by: UUID) -> GateAsked:
    await lock_gate(gate, program)
    await require_lead(program, by)
    return await gate_asked(gate, program=program)


def _found(stands: GateAsked, criterion: UUID) -> Criterion:
    found = next((each for each in stands.criteria if each.id == criterion), None)
    if found is None:
        raise NotFound
    return found


def _refuse(bars: Sequence[ChangeBar], today: date) -> None:
    if bars:
        raise GateKeepsAsking(bars, today)


async def _require_listed(owner: UUID | None, program: UUID) -> None:
    """Within a transaction: raises `NotFound` for an owner who is not among the program's people."""
    if owner is not None and not await fetch_value(
        "SELECT true FROM listing WHERE program = $1 AND person = $2", program, owner
    ):
        raise NotFound


async def _require_of_phase(cohort: UUID, gate: UUID) -> None:
    if not await fetch_value(
        "SELECT true FROM cohort c JOIN gate g ON g.phase = c.phase WHERE c.id = $1 AND g.id = $2",
        cohort,
        gate,
    ):
        raise NotFound


def _columns(criterion: Criterion) -> tuple[object, ...]:
    """A criterion's id and what a lead may say of it, as the table keeps it."""
    measured = criterion.kind is CriterionKind.MEASURE
    target = Fraction(criterion.target)
    return (
        criterion.id,
        criterion.required,
        criterion.comparison.value if measured else None,
        Decimal(target.numerator) / Decimal(target.denominator) if measured else None,
        criterion.over_months,
        criterion.item or None,
        criterion.owner,
        criterion.due_on,
    )


async def _keep(
    gate: UUID,
    criterion: UUID | None,
    before: Told | None,
    after: Told | None,
    reason: str,
    *,
    by: UUID,
    now: datetime,
) -> None:
    await execute(
        "INSERT INTO gate_change (id, gate, criterion, before, after, reason, changed_at, changed_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        new_id(),
        gate,
        criterion,
        None if before is None else json.dumps(document_of(before)),
        None if after is None else json.dumps(document_of(after)),
        reason.strip() or None,
        now,
        by,
    )
