"""Going through a program’s set-up, step by step."""

from datetime import datetime
from uuid import UUID

from playbooks.set_up.rules import LEAST_LISTED, Step
from playbooks.tracks.actions import name_after_circles
from program.database import execute, fetch_value, new_id, transaction
from program.events.actions import record
from program.refusals import Refusal
from program.roles.actions import require_lead
from program.words import gettext as _


class NobodyToInvite(Refusal):
    def sentence(self) -> str:
        return _("List at least one person beside yourself: somebody has to be there to be invited.")


async def go_through(step: Step, *, program: UUID, by: UUID, now: datetime) -> None:
    """A lead says that a step of the set-up is done, or that it can wait. Saying it again changes nothing."""
    async with transaction():
        await require_lead(program, by)
        if step is Step.PEOPLE and await _listed(program) < LEAST_LISTED:
            raise NobodyToInvite
        if step is Step.ROLLOUT:
            await name_after_circles(program)
        if await execute(
            "INSERT INTO set_up_step (id, program, step, done_at, done_by) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (program, step) DO NOTHING",
            new_id(),
            program,
            step.value,
            now,
            by,
        ):
            await record("set_up_step_taken", program=program, by=by, at=now, facts={"step": step.value})


async def _listed(program: UUID) -> int:
    return int(await fetch_value("SELECT count(*) FROM listing WHERE program = $1", program))
