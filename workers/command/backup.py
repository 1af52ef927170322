"""A backup of an installation as it is at one moment, while it runs."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from program.installation.queries import machine_now
from program.settings import Settings
from program.words import figure_text
from program.words import gettext as _
from workers.command.hindrances import CONNECTS_WITHIN_SECONDS, what_hinders
from workers.command.home import kept_secret
from workers.command.installation import NoInstallation
from workers.command.manifest import (
    DUMP,
    FILE,
    SECRET,
    BackupTrouble,
    Contents,
    Manifest,
    contents_of,
    digest_of,
    write,
)
from workers.command.postgres_tools import Address, ToolTrouble, run, telling, tool
from workers.command.terminal import Steps
from workers.command.version import version

_DUMPED = re.compile(r'dumping contents of table "public\.(\w+)"')


def back_up(settings: Settings, into: Path, progress: Steps) -> str:
    """Back the installation up into a new folder of `into`; answers in a sentence where it is.

    It is made under another name and renamed at the end, so that whatever bears the name of a backup is whole.
    """
    secret = _secret(settings)
    at = machine_now()
    folder = into / f"pilotage-{at:%Y-%m-%d-%H%M%S}"
    aside = into / f".{folder.name}.being-made"
    try:
        into.mkdir(parents=True, exist_ok=True)
        aside.mkdir(mode=0o700)
        try:
            manifest = asyncio.run(_made(settings, secret, aside, at, progress))
            if folder.exists():
                raise BackupTrouble(f"{folder} is there already; try again in a second.")
            aside.rename(folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        _sync(into)
    except OSError as error:
        raise BackupTrouble(f"The backup cannot be written into {into}: {error.strerror}.") from None
    size = sum(file.stat().st_size for file in folder.iterdir())
    told = {
        "folder": folder,
        "tables": len(manifest.contents.rows),
        "rows": figure_text(sum(manifest.contents.rows.values())),
        "size": figure_text(max(size / 1_000_000, 0.1)),
    }
    return (
        _(
            "%(folder)s holds %(rows)s rows of %(tables)s tables in %(size)s MB, and the secret. Keep it where only you"
            " can read it. “pilotage restore” brings it back and proves it."
        )
        % told
    )


def _secret(settings: Settings) -> str:
    """The secret as it is in use; one that was made up now would open none of the links that are under way."""
    if not settings.secret and not (settings.home / SECRET).exists():
        raise BackupTrouble(
            f"The secret of this installation is not known here: {settings.home} keeps none, and PILOTAGE_SECRET says "
            "nothing. Start the backup with the settings with which Pilotage runs."
        )
    return settings.secret or kept_secret(settings.home)


async def _made(settings: Settings, secret: str, aside: Path, at: datetime, progress: Steps) -> Manifest:
    async with _moment(settings.database_url) as (connection, snapshot):
        progress.say(_("counting"), 0, 1)
        contents = await contents_of(connection)
        server = str(await connection.fetchval("SHOW server_version"))
        await asyncio.to_thread(_dump, settings.database_url, snapshot, aside / DUMP, contents, progress)
    (aside / SECRET).touch(mode=0o600)
    (aside / SECRET).write_text(secret)
    manifest = Manifest(
        version=version(),
        made_at=at.astimezone(UTC),
        server=server,
        contents=contents,
        files={name: await asyncio.to_thread(digest_of, aside / name) for name in (DUMP, SECRET)},
    )
    write(manifest, aside)
    for name in (DUMP, SECRET, FILE):
        (aside / name).chmod(0o600)
        _sync(aside / name)
    _sync(aside)
    return manifest


@asynccontextmanager
async def _moment(url: str) -> AsyncIterator[tuple[asyncpg.Connection, str]]:
    """A connection that sees the database as it is at one moment, and the name by which others see the same."""
    try:
        connection = await asyncpg.connect(url, timeout=CONNECTS_WITHIN_SECONDS)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise NoInstallation(f"The database cannot be used: {what_hinders(error)}") from None
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            if not await connection.fetchval("SELECT to_regclass('public.installation') IS NOT NULL"):
                raise NoInstallation("This database holds no installation that could be backed up.")
            yield connection, await connection.fetchval("SELECT pg_export_snapshot()")
    finally:
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            await connection.close()


def _dump(url: str, snapshot: str, file: Path, contents: Contents, progress: Steps) -> None:
    address = Address.of(url)
    what = ("--format=custom", "--no-owner", "--no-privileges", "--verbose")
    command = [tool("pg_dump"), *what, f"--snapshot={snapshot}", f"--file={file}", f"--dbname={address.url}"]
    try:
        run(command, address, telling(_DUMPED, contents.rows, progress))
    except ToolTrouble as trouble:
        raise BackupTrouble(_why(str(trouble), file)) from None


def _why(said: str, file: Path) -> str:
    if "No space left" in said:
        return f"The disk of {file.parent.parent} is full. Nothing was left there."
    if "server version mismatch" in said:
        return (
            "The database server is newer than the PostgreSQL that Pilotage brings along, which cannot dump it:\n"
            + said
        )
    return f"The database could not be dumped:\n{said}"


def _sync(path: Path) -> None:
    """Let what was written outlive a power cut."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
