"""Brings the database to what this version of Pilotage expects, and makes it where there is none."""

import io
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, redirect_stdout, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
from piccolo.apps.migrations.commands.forwards import run_forwards

from program.database import close_pool, open_pool
from program.settings import Settings
from workers.command.hindrances import what_hinders

ONE_AT_A_TIME = 7_452_846_921


class MigrationTrouble(Exception):  # noqa: N818 -- its words are shown as they are
    """The database cannot be reached, made or migrated; the words say why."""


FLOORS = ("program", "cohorts", "playbooks")
ROOT = Path(__file__).resolve().parents[2]


async def migrate(settings: Settings) -> tuple[str, ...]:
    """Run the migrations that are missing; answers which ran. Of several that try at once one does, and the others wait.

    The mark is written with the first of them and never again: a database is for tests from its first moment, or never.
    """
    async with connected(settings.database_url) as connection:
        await connection.execute("SELECT pg_advisory_lock($1)", ONE_AT_A_TIME)
        before = await migrations_run(connection)
        await _run_missing(settings.database_url)
        await connection.execute(
            "INSERT INTO installation (id, mark, clock_offset_seconds) VALUES (1, $1, 0) ON CONFLICT DO NOTHING",
            settings.mark or None,
        )
        return tuple(sorted(await migrations_run(connection) - before))


def migrations_known() -> frozenset[str]:
    """The migrations that this version brings along, each as “floor name”."""
    files = ((floor, file) for floor in FLOORS for file in (ROOT / floor / "migrations").glob("*.py"))
    named = ((floor, re.search(r'^ID = "(.+)"', file.read_text(), re.MULTILINE)) for floor, file in files)
    return frozenset(f"{floor} {found[1]}" for floor, found in named if found)


async def migrations_run(connection: asyncpg.Connection) -> frozenset[str]:
    """The migrations that this database has seen, each as “floor name”; none where it was never migrated."""
    if not await connection.fetchval("SELECT to_regclass('public.migration') IS NOT NULL"):
        return frozenset()
    rows = await connection.fetch("SELECT app_name, name FROM public.migration")
    return frozenset(f"{row['app_name']} {row['name']}" for row in rows)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the database at this address, which is made where it is missing. Raises `MigrationTrouble`."""
    try:
        await make_database(url)
        connection = await asyncpg.connect(url)
    except (OSError, asyncpg.PostgresError) as error:
        raise MigrationTrouble(f"The database cannot be used: {what_hinders(error)}") from None
    try:
        yield connection
    finally:
        await connection.close()


async def make_database(url: str) -> None:
    """Where we may look, and may make one; a server of your own can keep us from both, and have it already."""
    name = unquote(urlsplit(url).path.removeprefix("/"))
    with suppress(asyncpg.PostgresError):
        maintenance = await asyncpg.connect(url, database="postgres")
        try:
            if not await maintenance.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
                await maintenance.execute('CREATE DATABASE "{}"'.format(name.replace('"', '""')))
        finally:
            await maintenance.close()


async def _run_missing(url: str) -> None:
    """Piccolo tells its progress on standard output; it is worth reading only where something went wrong."""
    os.environ["PICCOLO_CONF"] = "program.piccolo_conf"
    await open_pool(url, most=2)
    told = io.StringIO()
    try:
        with redirect_stdout(told):
            result = await run_forwards("all")
        if not result.success:
            raise MigrationTrouble(f"{told.getvalue()}\n{result.message}")
    except asyncpg.PostgresError as error:
        raise MigrationTrouble(f"{told.getvalue()}\nThe database refused a migration: {error}") from error
    finally:
        await close_pool()
