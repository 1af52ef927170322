"""What time brings about. Each job asks what is due, calls actions, and may run twice."""

from datetime import UTC
from typing import Any, cast

from arq import cron
from arq.connections import RedisSettings
from arq.typing import WorkerCoroutine
from arq.worker import Worker

from cohorts.activities.actions import forget_deleted_activities
from cohorts.activity_imports.actions import give_up_abandoned
from cohorts.gates.actions import tell_ready_gates
from cohorts.months.actions import retake_running_months
from playbooks.editions.actions import retake_freshness
from program.database import connection_held
from program.installation.queries import clock

SECONDS_FOR_A_SWEEP = 60


async def sweep(_context: dict[Any, Any]) -> None:
    """Readings that a new day changes are taken, gates that became ready are told of, and what waited in
    vain is forgotten.
    """
    async with connection_held():
        now = (await clock()).now()
        await retake_running_months(now)
        await retake_freshness(now)
        await tell_ready_gates(now)
        await give_up_abandoned(now)
        await forget_deleted_activities(now)


def worker(redis_url: str) -> Worker:
    """The arq worker of this process: the sweep once an hour, and once when it starts."""
    return Worker(
        cron_jobs=[
            cron(
                cast("WorkerCoroutine", sweep),
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
