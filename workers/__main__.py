"""The worker process: the relay of deliveries, and arq's jobs beside it. Redis gone means later, not lost."""

import asyncio
import os
import signal
from contextlib import suppress

import structlog
from redis.exceptions import ConnectionError as RedisGone

from program.database import close_pool, open_pool
from program.settings import Settings, settings_from
from workers.jobs import worker
from workers.relay import deliver_next

SECONDS_BETWEEN_LOOKS = 1.0
_log = structlog.get_logger(__name__)


async def main(settings: Settings) -> None:
    """Work until the process is told to stop."""
    await open_pool(settings.database_url, most=4)
    stop = asyncio.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    tasks = [asyncio.create_task(_relay(settings)), asyncio.create_task(_jobs(settings))]
    stopping = asyncio.create_task(stop.wait())
    done, _pending = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    for task in (*tasks, stopping):
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task
    await close_pool()
    for task in done:
        task.result()


async def _relay(settings: Settings) -> None:
    while True:
        if not await deliver_next(settings):
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def _jobs(settings: Settings) -> None:
    while True:
        running = worker(settings.redis_url)
        try:
            await running.async_run()
        except (RedisGone, OSError) as error:
            _log.warning("the job queue is out of reach", trouble=type(error).__name__)
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        finally:
            with suppress(RedisGone, OSError):
                await running.close()


if __name__ == "__main__":
    asyncio.run(main(settings_from(os.environ)))
