"""The worker process: the relay of letters, the reader of files, and arq's jobs. Redis gone means later, not lost."""

import asyncio
import os
import signal
from contextlib import suppress

import structlog
from redis.exceptions import RedisError

from program.database import close_pool, open_pool
from program.settings import Settings, settings_from
from workers.activity_imports import read_next_import
from workers.command.home import settled
from workers.jobs import worker
from workers.relay import deliver_next

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_TO_FINISH_A_LETTER = 5.0
SECONDS_AFTER_TROUBLE = 30.0
_log = structlog.get_logger(__name__)


async def main(settings: Settings) -> None:
    """Work until a signal asks for the end; a letter that is being handed over is finished first."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await open_pool(settings.database_url, most=4)
    try:
        async with asyncio.TaskGroup() as parts:
            relay = parts.create_task(_relay(settings, stop))
            files = parts.create_task(_files(stop))
            jobs = parts.create_task(_jobs(settings.redis_url))
            await stop.wait()
            jobs.cancel()
            files.cancel()
            await asyncio.wait([relay], timeout=SECONDS_TO_FINISH_A_LETTER)
            relay.cancel()
    finally:
        await close_pool()


async def _relay(settings: Settings, stop: asyncio.Event) -> None:
    while not stop.is_set():
        if not await deliver_next(settings):
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), SECONDS_BETWEEN_LOOKS)


async def _files(stop: asyncio.Event) -> None:
    """A file that is being read when the end comes is read anew at the next start; so is one that fails, after a while."""
    while not stop.is_set():
        wait = SECONDS_BETWEEN_LOOKS
        try:
            if await read_next_import():
                continue
        except Exception as trouble:  # noqa: BLE001 -- one file must not end the worker, nor the letters with it
            _log.error("a file could not be dealt with", trouble=type(trouble).__name__, exc_info=trouble)
            wait = SECONDS_AFTER_TROUBLE
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
    asyncio.run(main(settled(settings_from(os.environ))))
