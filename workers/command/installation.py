"""An installation as a command finds it: its database open for it, whether Pilotage runs or not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from typing import TypeVar

import asyncpg

from program.database import close_pool, connection_held, fetch_value, open_pool
from program.settings import Settings
from workers.command.embedded import EmbeddedPostgres
from workers.command.hindrances import CONNECTS_WITHIN_SECONDS, what_hinders
from workers.command.home import HomeTrouble, held_home

_Answer = TypeVar("_Answer")


class NoInstallation(Exception):  # noqa: N818 -- its words are shown as they are
    """There is no database to work on, or it cannot be used; the words say why."""


def in_installation(settings: Settings, work: Callable[[Settings], Awaitable[_Answer]]) -> _Answer:
    """What `work` answers, done with a pool to the installation's database, on one connection.

    Where the embedded PostgreSQL does not run, it does until the work is done.
    """

    async def within(found: Settings) -> _Answer:
        async with open_database(found):
            return await work(found)

    with database_up(settings) as found:
        return asyncio.run(within(found))


@contextmanager
def database_up(settings: Settings) -> Iterator[Settings]:
    """The settings with the address of a database that runs: their own, the running embedded one, or one run for us."""
    if settings.database_url:
        yield settings
        return
    if not (settings.home / EmbeddedPostgres.name).is_dir():
        raise NoInstallation(
            f"There is no installation in {settings.home} yet. “make run” makes one; PILOTAGE_HOME names another folder."
        )
    with ExitStack() as ours:
        try:
            ours.enter_context(held_home(settings.home))
        except HomeTrouble:
            if not (settings.home / "sockets").is_symlink():
                raise
            server = EmbeddedPostgres(settings.home)
        else:
            server = ours.enter_context(EmbeddedPostgres(settings.home))
        yield replace(settings, database_url=server.url())


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[None]:
    """A pool to a database that can be reached and holds an installation; everything inside is on one connection."""
    try:
        connection = await asyncpg.connect(settings.database_url, timeout=CONNECTS_WITHIN_SECONDS)
        await connection.close()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise NoInstallation(f"The database cannot be used: {what_hinders(error)}") from None
    await open_pool(settings.database_url, most=2)
    try:
        if not await fetch_value("SELECT to_regclass('public.installation') IS NOT NULL"):
            raise NoInstallation("This database holds no installation. “pilotage migrate” makes one in it.")
        async with connection_held():
            yield
    finally:
        await close_pool()
