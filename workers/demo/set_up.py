"""Setting a program up, as its lead does it."""

from collections.abc import Sequence
from datetime import datetime

from cohorts.phases.actions import FirstGateAsks, PhaseTold, lay_out_rollout
from playbooks.editions.actions import publish
from playbooks.set_up.actions import go_through
from playbooks.set_up.rules import Step
from workers.demo.stage import Stage, a_form


async def publish_draft(stage: Stage, what_is_new: str, now: datetime) -> None:
    """Publish the draft as it stands, as the next edition."""
    by = stage.by_today(stage.lead, now)
    await publish(by.pop("program"), what_is_new, sent=a_form(), **by)


async def lay_out(stage: Stage, phases: Sequence[PhaseTold], now: datetime) -> None:
    asks = FirstGateAsks(months=6, took_part=60, learnings=12)
    await lay_out_rollout(stage.program, phases, asks, by=stage.lead, now=now)


async def go_past(stage: Stage, step: Step, now: datetime) -> None:
    """A step of the guided set-up is done."""
    await go_through(step, **stage.by(stage.lead, now))
