"""Ticking off what a gate's checklist asks for."""

from datetime import datetime
from uuid import UUID

from cohorts.gates.actions import lock_gate, roles_at_the_gate
from program.database import execute, fetch_row, fetch_value, new_id, transaction
from program.events.actions import record
from program.refusals import NotAllowed, NotFound, Refusal
from program.roles.rules import Role
from program.words import gettext as _


class GateIsDecided(Refusal):
    def sentence(self) -> str:
        return _("This gate has been decided; what it rested on stays as it was.")


async def tick(criterion: UUID, *, program: UUID, by: UUID, now: datetime) -> None:
    """A lead or the item's owner says that a checklist item is done. Saying it again changes nothing."""
    async with transaction():
        await _lock_for(criterion, program, by)
        if await execute(
            "INSERT INTO tick (id, criterion, done_at, done_by) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (criterion) WHERE taken_back_at IS NULL DO NOTHING",
            new_id(),
            criterion,
            now,
            by,
        ):
            await record("checklist_item_done", program=program, by=by, at=now, subject=criterion)


async def untick(criterion: UUID, *, program: UUID, by: UUID, now: datetime) -> None:
    """A lead or the item's owner takes back that a checklist item is done."""
    async with transaction():
        await _lock_for(criterion, program, by)
        if await execute(
            "UPDATE tick SET taken_back_at = $2 WHERE criterion = $1 AND taken_back_at IS NULL",
            criterion,
            now,
        ):
            await record("checklist_item_taken_back", program=program, by=by, at=now, subject=criterion)


async def _lock_for(criterion: UUID, program: UUID, by: UUID) -> None:
    row = await fetch_row(
        "SELECT k.gate, k.owner FROM criterion k JOIN gate g ON g.id = k.gate"
        " WHERE k.id = $1 AND g.program = $2 AND k.kind = 'checklist' AND k.removed_at IS NULL",
        criterion,
        program,
    )
    if row is None:
        raise NotFound
    await lock_gate(row["gate"], program)
    roles = (await roles_at_the_gate(program)).get(by, frozenset())
    if row["owner"] != by and Role.LEAD not in roles:
        raise NotAllowed
    if await fetch_value("SELECT true FROM decision WHERE gate = $1", row["gate"]):
        raise GateIsDecided
