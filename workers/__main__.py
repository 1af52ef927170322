"""The worker process: the relay of letters, the reader of files, the sweep that follows the clock, and arq's jobs.

Redis gone means later, not lost.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress

from redis.exceptions import RedisError

from program.database import Limits, close_pool, open_pool
from program.logs import log_of, write_logs
from program.outages import outage_of
from program.settings import Settings, settings_from
from workers.activity_imports import read_next_import
from workers.command.home import settled
from workers.jobs import sweep_if_due, worker
from workers.relay import deliver_next

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_TO_FINISH_A_LETTER = 5.0
SECONDS_AFTER_TROUBLE = 30.0
SECONDS_AFTER_AN_OUTAGE = 10.0
LIMITS = Limits(query=1_800, lock=600, idle=900)
_log = log_of(__name__)


async def main(settings: Settings) -> None:
    """Work until a signal asks for the end; a letter that is being handed over is finished first."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await open_pool(settings.database_url, most=5, limits=LIMITS)
    try:
        async with asyncio.TaskGroup() as parts:
            relay = parts.create_task(_over_and_over(lambda: deliver_next(settings), stop))
            files = parts.create_task(_over_and_over(read_next_import, stop))
            sweeps = parts.create_task(_over_and_over(sweep_if_due, stop))
            jobs = parts.create_task(_jobs(settings.redis_url))
            await stop.wait()
            jobs.cancel()
            files.cancel()
            sweeps.cancel()
            await asyncio.wait([relay], timeout=SECONDS_TO_FINISH_A_LETTER)
            relay.cancel()
    finally:
        await close_pool()


async def _over_and_over(look: Callable[[], Awaitable[bool]], stop: asyncio.Event) -> None:
    """Look what there is to do until there is no more, and again every second; after trouble, a while later, and in an
    outage each time a little later.

    What the end interrupts is done anew at the next start.
    """
    after_an_outage = SECONDS_BETWEEN_LOOKS
    while not stop.is_set():
        wait = SECONDS_BETWEEN_LOOKS
        try:
            more = await look()
            after_an_outage = SECONDS_BETWEEN_LOOKS
            if more:
                continue
        except Exception as trouble:  # noqa: BLE001 -- one file or sweep must not end the worker, nor the letters with it
            outage = outage_of(trouble)
            if outage is None:
                _log.error("some work could not be done", trouble=type(trouble).__name__, exc_info=trouble)
                wait = SECONDS_AFTER_TROUBLE
            else:
                _log.warning("an outage", kind=outage.value, trouble=type(trouble).__name__)
                wait = after_an_outage
                after_an_outage = min(after_an_outage * 2, SECONDS_AFTER_AN_OUTAGE)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), wait)


async def _jobs(redis_url: str) -> None:
    """When Redis goes away arq ends; it is begun anew until Redis is back."""
    while True:
        jobs = worker(redis_url)
        try:
            await jobs.async_run()
        except (RedisError, OSError) as trouble:
            _log.warning("the job queue is out of reach", trouble=type(trouble).__name__)
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        finally:
            with suppress(RedisError, OSError):
                await jobs.close()


if __name__ == "__main__":
    told = settled(settings_from(os.environ))
    write_logs(told.log)
    asyncio.run(main(told))
