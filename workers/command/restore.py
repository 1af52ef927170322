"""Bringing a backup back into a fresh installation, and proving that it is the same."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg

from program.database import fetch_value
from program.installation.actions import note_restoration
from program.installation.queries import machine_now
from program.settings import Settings
from program.words import figure_text, moment_text, ngettext
from program.words import gettext as _
from workers.command.embedded import EmbeddedPostgres
from workers.command.hindrances import what_hinders
from workers.command.home import held_home
from workers.command.installation import open_database
from workers.command.loading import load
from workers.command.manifest import DUMP, SECRET, BackupTrouble, Contents, Manifest, contents_of, read
from workers.command.migrate import make_database, migrate, migrations_known
from workers.command.readings_verify import summary, tell_differences, verified_readings
from workers.command.terminal import Steps, say
from workers.command.verify_events import broken_chain_lines

SOME_TABLES = 5


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found of a restored database. `holds` unless a chain is broken or a reading differs."""

    holds: bool
    lines: tuple[str, ...]


def restore(settings: Settings, folder: Path, *, anyway: bool, progress: Steps) -> list[str]:
    """Restore the backup in `folder`; answers the report. Raises `BackupTrouble`, and then nothing of it is left."""
    progress.say(_("checking the files"), 0, 1)
    manifest = read(folder)
    newer = set(manifest.contents.migrations) - migrations_known()
    if newer:
        raise BackupTrouble(
            f"The backup in {folder} was made by a newer version of Pilotage ({manifest.version}): "
            f"this one does not know {', '.join(sorted(newer))}. Restore it with that version."
        )
    into = _into_own_server if settings.database_url else _into_home
    with _untouched_unless_done(settings.home):
        return into(settings, manifest, folder, anyway, progress)


@contextmanager
def _untouched_unless_done(home: Path) -> Iterator[None]:
    """A folder that was made for a restore goes again where the restore fails."""
    was_there = home.exists()
    try:
        yield
    except BaseException:
        if not was_there:
            shutil.rmtree(home, ignore_errors=True)
        raise


def _into_home(
    settings: Settings, manifest: Manifest, folder: Path, anyway: bool, progress: Steps
) -> list[str]:
    """Made aside and then moved: what is called `postgres` is whole, and proved."""
    home = settings.home
    there = [name for name in (EmbeddedPostgres.name, SECRET) if (home / name).exists()]
    if there:
        raise BackupTrouble(
            f"{home} holds an installation already ({', '.join(there)}). Move it away, or restore into another "
            "folder: PILOTAGE_HOME=…"
        )
    with held_home(home):
        aside = home / "being-restored"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        os.chown(aside, home.stat().st_uid, home.stat().st_gid)
        try:
            with EmbeddedPostgres(aside) as server:
                url = server.url()
                report = asyncio.run(
                    _restored(replace(settings, database_url=url), manifest, folder, anyway, progress)
                )
            _keep_secret(folder, home)
            (aside / EmbeddedPostgres.name).rename(home / EmbeddedPostgres.name)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    start = _("Start it: PILOTAGE_HOME=%(home)s make run") % {"home": home}
    return [*report, start]


def _into_own_server(
    settings: Settings, manifest: Manifest, folder: Path, anyway: bool, progress: Steps
) -> list[str]:
    kept = settings.home / SECRET
    if kept.exists() and kept.read_text() != (folder / SECRET).read_text():
        raise BackupTrouble(
            f"{kept} is the secret of another installation. Move it away, or restore with another folder: PILOTAGE_HOME=…"
        )
    with held_home(settings.home):
        report = asyncio.run(_restored_there(settings, manifest, folder, anyway, progress))
        if not settings.secret:
            _keep_secret(folder, settings.home)
            return report
    if settings.secret != (folder / SECRET).read_text():
        report.append(
            _(
                "PILOTAGE_SECRET is another secret than the backup’s: links and invitations sent before do not work."
            )
        )
    return report


async def _restored_there(
    settings: Settings, manifest: Manifest, folder: Path, anyway: bool, progress: Steps
) -> list[str]:
    """Into an empty database of a server of one’s own; emptied again where it fails."""
    try:
        await make_database(settings.database_url)
        connection = await asyncpg.connect(settings.database_url)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise BackupTrouble(f"The database cannot be used: {what_hinders(error)}") from None
    try:
        if tables := await connection.fetch(_TABLES):
            raise BackupTrouble(
                "The database of DATABASE_URL is not empty: it holds "
                f"{', '.join(row['name'] for row in tables[:SOME_TABLES])} …. Restore into an empty one."
            )
        try:
            return await _restored(settings, manifest, folder, anyway, progress)
        except BaseException:
            with suppress(asyncpg.PostgresError, OSError):
                await connection.execute(_EMPTY_AGAIN)
            raise
    finally:
        await connection.close()


_TABLES = (
    "SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
    "  AND n.nspname NOT LIKE 'pg_toast%' AND n.nspname NOT LIKE 'pg_temp%' ORDER BY 1"
)
_EMPTY_AGAIN = """
DO $$
DECLARE each record;
BEGIN
  FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP TABLE public.%I CASCADE', each.tablename);
  END LOOP;
  FOR each IN SELECT p.oid::regprocedure AS name FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace LOOP
    EXECUTE format('DROP FUNCTION %s CASCADE', each.name);
  END LOOP;
END $$
"""


async def _restored(
    settings: Settings, manifest: Manifest, folder: Path, anyway: bool, progress: Steps
) -> list[str]:
    await make_database(settings.database_url)
    await asyncio.to_thread(load, settings.database_url, folder / DUMP, manifest.contents, progress)
    connection = await asyncpg.connect(settings.database_url)
    try:
        progress.say(_("counting"), 0, 1)
        _require_same(manifest.contents, await contents_of(connection))
        ran = await migrate(settings)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
    async with open_database(settings):
        proof = await _proof(manifest, progress)
        if not proof.holds and not anyway:
            for line in proof.lines:
                say(line)
            raise BackupTrouble(
                "What was backed up does not hold together, as said above; nothing of it was kept. With --anyway it is."
            )
        waiting = await fetch_value(
            "SELECT count(*) FROM delivery WHERE done_at IS NULL AND given_up_at IS NULL"
        )
        await note_restoration(manifest.made_at, at=machine_now())
    return _report(manifest, folder, proof, ran, waiting)


def _require_same(told: Contents, found: Contents) -> None:
    if told == found:
        return
    tables = [
        f"{table} ({found.rows.get(table, 'no')} rows instead of {told.rows.get(table, 'no')})"
        for table in sorted({*told.rows, *found.rows})
        if told.rows.get(table) != found.rows.get(table)
    ]
    what = ", ".join(tables) or "the chains of events"
    raise BackupTrouble(f"What was restored is not what was backed up: {what}. Nothing of it was kept.")


async def _proof(manifest: Manifest, progress: Steps) -> Proof:
    """Whether the events follow from each other, and the readings from the raw data."""
    progress.say(_("checking the events"), 0, 1)
    broken = await broken_chain_lines()
    readings = await verified_readings(progress)
    events = sum(int(head.partition(" ")[0]) for head in manifest.contents.chains.values())
    whole = ngettext(
        "%(events)s events in %(chains)s chain follow from each other.",
        "%(events)s events in %(chains)s chains follow from each other.",
        len(manifest.contents.chains),
    ) % {"events": figure_text(events), "chains": figure_text(len(manifest.contents.chains))}
    return Proof(
        holds=not broken and not readings.differences,
        lines=(*(broken or [whole]), *tell_differences(readings), summary(readings)),
    )


def _report(manifest: Manifest, folder: Path, proof: Proof, ran: tuple[str, ...], waiting: int) -> list[str]:
    contents = manifest.contents
    told = {
        "folder": folder,
        "moment": moment_text(manifest.made_at),
        "version": manifest.version,
        "rows": figure_text(sum(contents.rows.values())),
        "tables": figure_text(len(contents.rows)),
    }
    lines = [
        _("Restored %(folder)s, made on %(moment)s UTC by version %(version)s.") % told,
        _("%(rows)s rows in %(tables)s tables, as many as were backed up.") % told,
        *proof.lines,
    ]
    if ran:
        text = ngettext(
            "It was older than this version: %(n)s migration was run.",
            "It was older than this version: %(n)s migrations were run.",
            len(ran),
        )
        lines.append(text % {"n": figure_text(len(ran))})
    lines.append(
        _(
            "Everybody signs in anew: sessions and sign-in links ended. Passwords, invitations and access tokens are as"
            " they were then; look whether one was revoked since."
        )
    )
    if waiting:
        text = ngettext(
            "%(n)s letter was still to be sent, and goes out once Pilotage runs.",
            "%(n)s letters were still to be sent, and go out once Pilotage runs.",
            waiting,
        )
        lines.append(text % {"n": figure_text(waiting)})
    return lines


def _keep_secret(folder: Path, home: Path) -> None:
    aside = home / f"{SECRET}.being-made"
    aside.touch(mode=0o600)
    aside.write_text((folder / SECRET).read_text())
    aside.rename(home / SECRET)
