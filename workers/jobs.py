"""What time brings about. Each job asks what is due, calls actions, and may run twice."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, cast

from arq import cron
from arq.connections import RedisSettings
from arq.typing import WorkerCoroutine
from arq.worker import Worker

from cohorts.activities.actions import forget_deleted_activities
from cohorts.activity_imports.actions import give_up_abandoned
from cohorts.gates.actions import tell_ready_gates
from cohorts.months.actions import retake_running_months
from playbooks.certificates.actions import retake_certified_shares
from playbooks.editions.actions import retake_freshness
from playbooks.reminders.actions import remind
from program.form_keys.actions import forget_old_forms
from program.installation.actions import sweeping
from program.installation.queries import machine_now, sweep_is_due
from program.outages import outage_of
from program.people_imports.actions import forget_abandoned_previews
from program.sign_in.forgetting import forget_old_sign_ins

SECONDS_FOR_A_SWEEP = 300
STEPS: tuple[Callable[[datetime], Awaitable[object]], ...] = (
    retake_running_months,
    retake_freshness,
    retake_certified_shares,
    tell_ready_gates,
    remind,
    give_up_abandoned,
    forget_deleted_activities,
    forget_abandoned_previews,
    forget_old_forms,
)


async def sweep(steps: tuple[Callable[[datetime], Awaitable[object]], ...] = STEPS) -> bool:
    """Readings that a new day changes are taken, people are told what became ready or due, and what waited in vain
    is forgotten. Whatever keeps one step from its end, the others are taken, but in an outage none is. False while
    another worker sweeps.
    """
    async with sweeping() as held:
        if held is None:
            return False
        now, troubles = held.now(), []
        for step in steps:
            try:
                await step(now)
            except Exception as trouble:
                if outage_of(trouble) is not None:
                    raise
                troubles.append(trouble)
        await forget_old_sign_ins(machine_now())
        if troubles:
            raise ExceptionGroup("not every step of the sweep ended well", troubles)
    return True


async def sweep_if_due() -> bool:
    """Follow a clock that was moved, and make up for what the hourly job missed. True where it swept."""
    return await sweep_is_due() and await sweep()


async def _hourly_sweep(_context: dict[Any, Any]) -> None:
    await sweep()


def worker(redis_url: str) -> Worker:
    """The arq worker of this process: the sweep once an hour, and once when it starts."""
    return Worker(
        cron_jobs=[
            cron(
                cast("WorkerCoroutine", _hourly_sweep),
                minute=7,
                run_at_startup=True,
                timeout=SECONDS_FOR_A_SWEEP,
                keep_result=0,
            )
        ],
        redis_settings=RedisSettings.from_dsn(redis_url),
        handle_signals=False,
        timezone=UTC,
        keep_result=0,
    )
