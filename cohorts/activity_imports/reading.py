"""Reading a file that was sent: its pieces become a file on disk, its lines rows, and the pieces go."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import Context
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from cohorts.activity_files.reading import opened
from cohorts.activity_files.rules import Format, Opened, Unreadable
from cohorts.activity_imports.rules import (
    BROKE,
    MOST_TRIES,
    READ_AT_ONCE_BYTES,
    Fate,
    State,
    network_of,
    seems_anothers,
)
from cohorts.activity_imports.staging import ReaderBroke, Stager, recognise, stage
from cohorts.places.queries import own_tracking
from program.database import execute, fetch, fetch_row, fetch_value, transaction
from program.logs import log_of
from program.outages import outage_of

SECONDS_BETWEEN_REPORTS = 0.5
_log = log_of(__name__)

_NEXT = (
    "SELECT i.id, i.program, i.person, i.size, p.zone, lower(w.email) AS email,"
    " COALESCE((i.summary->>'tries')::int, 0) AS tries"
    " FROM activity_import_piece f JOIN activity_import i ON i.id = f.activity_import"
    " JOIN program p ON p.id = i.program JOIN person w ON w.id = i.person"
    " WHERE f.number = 0 AND i.state = 'sent' AND ($1::uuid IS NULL OR i.id = $1)"
    " ORDER BY tries, i.made_at LIMIT 1 FOR UPDATE OF f SKIP LOCKED"
)
_COUNT_TRY = (
    "UPDATE activity_import SET summary = jsonb_build_object('tries', COALESCE((summary->>'tries')::int, 0) + $2::int)"
    " WHERE id = $1 AND state = 'sent'"
)


class _NoLongerWanted(Exception):  # noqa: N818 -- a statement, as refusals are
    """The member gave the file up while it was read."""


async def read_next(now: datetime, *, only: UUID | None = None) -> bool:
    """Read the file that has waited longest, or only this one. False where none waits, or another reads it already.

    Its first piece stays locked meanwhile, so any number of readers work side by side, and what a reader that dies has
    read is gone with it. A file whose reading fails, or ends its reader, lets others overtake it, and after a few tries is
    unreadable; the failure is raised, except to whoever waits for this one file and will see what became of it.
    """
    waiting = await _begun(only, now)
    if waiting is None:
        return False
    try:
        async with transaction() as connection:
            if await fetch_row(_NEXT, waiting["id"]) and await _still(waiting["id"], State.SENT):
                await _read(waiting, connection, now)
    except Unreadable as unreadable:
        await _note_trouble(waiting, unreadable.why.value, unreadable.part, now)
    except ReaderBroke as broke:
        _log.error("a file broke its reader", failure=type(broke.__cause__).__name__, exc_info=broke)
        await _note_trouble(waiting, BROKE, "", now)
    except _NoLongerWanted:
        await _drop_pieces(waiting)
    except asyncio.CancelledError:
        await _take_back_the_try(waiting)
        raise
    except Exception as failure:
        await _note_failure(waiting, failure, now)
        if only is None or outage_of(failure):
            raise
        _log.error("a file could not be read as yet", failure=type(failure).__name__, exc_info=failure)
    return True


async def _begun(only: UUID | None, now: datetime) -> asyncpg.Record | None:
    """The file to read, with a try counted before it is begun: what kills its reader has no time to count it."""
    while True:
        async with transaction():
            waiting = await fetch_row(_NEXT, only)
            if waiting is None or not await _still(waiting["id"], State.SENT):
                return None
            if waiting["tries"] < MOST_TRIES:
                await execute(_COUNT_TRY, waiting["id"], 1)
                return waiting
        await _note_trouble(waiting, BROKE, "", now)


async def _note_failure(waiting: asyncpg.Record, failure: Exception, now: datetime) -> None:
    if outage_of(failure):
        await _take_back_the_try(waiting)
    elif waiting["tries"] + 1 >= MOST_TRIES:
        await _note_trouble(waiting, BROKE, "", now)


async def _take_back_the_try(waiting: asyncpg.Record) -> None:
    """It was not the file that kept it from being read."""
    await execute(_COUNT_TRY, waiting["id"], -1)


async def _read(waiting: asyncpg.Record, connection: Any, now: datetime) -> None:
    id, person = waiting["id"], waiting["person"]
    tracking = await own_tracking(person, program=waiting["program"])
    assert tracking is not None  # noqa: S101 -- no file is sent without one, and memberships do not go
    meanings = {
        row["header"]: row["meaning"]
        for row in await fetch("SELECT header, meaning FROM column_meaning WHERE person = $1", person)
    }
    today = now.astimezone(ZoneInfo(waiting["zone"])).date()
    stager = Stager(id, tracking, email=waiting["email"], today=today)
    async with _on_disk(id, connection) as path, _progress(id, waiting["size"]) as count:
        file = await asyncio.to_thread(_opened, path, meanings)
        await stage(connection, path, stager, meanings=meanings, read=count.say)
    await recognise(id, tracking)
    summary = await _summary(id, file, person, meanings)
    kept = await execute(
        "UPDATE activity_import SET state = 'read', format = $2, handle = $3, rows_read = $4, read_at = $5,"
        " summary = $6 WHERE id = $1 AND state = 'sent'",
        id,
        file.format.value,
        file.handle,
        sum(summary["counts"].values()),
        now,
        json.dumps(summary),
    )
    if not kept:
        raise _NoLongerWanted
    if file.format is not Format.OWN_FILE:
        await _drop_pieces(waiting)


def _opened(path: Path, meanings: Mapping[str, str | None]) -> Opened:
    try:
        return opened(path, meanings=meanings)
    except Unreadable:
        raise
    except Exception as failure:
        raise ReaderBroke from failure


@asynccontextmanager
async def _on_disk(id: UUID, connection: Any) -> AsyncIterator[Path]:
    """The file as it was sent, as long as it is needed; only one piece of it is in memory at a time."""
    with NamedTemporaryFile(prefix="pilotage-", delete=False) as file:
        try:
            async for piece in connection.cursor(
                "SELECT octets FROM activity_import_piece WHERE activity_import = $1 ORDER BY number",
                id,
                prefetch=1,
            ):
                await asyncio.to_thread(file.write, piece["octets"])
            file.close()
            yield Path(file.name)
        finally:
            await asyncio.to_thread(os.unlink, file.name)


class _Count:
    """How many lines were read so far: said by the thread that reads, told to the member's page now and then."""

    def __init__(self) -> None:
        self.lines = 0

    def say(self, lines: int) -> None:
        self.lines = lines


@asynccontextmanager
async def _progress(id: UUID, size: int) -> AsyncIterator[_Count]:
    """What is read at once needs no reports. Others are made on a connection of their own, outside of the transaction."""
    count = _Count()
    if size <= READ_AT_ONCE_BYTES:
        yield count
        return
    reports = asyncio.get_running_loop().create_task(_report(id, count), context=Context())
    try:
        yield count
    finally:
        reports.cancel()
        await asyncio.wait([reports])


async def _report(id: UUID, count: _Count) -> None:
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_REPORTS)
        await execute(
            "UPDATE activity_import SET rows_read = $2 WHERE id = $1 AND state = 'sent'", id, count.lines
        )


async def _summary(
    id: UUID, file: Opened, person: UUID, meanings: Mapping[str, str | None]
) -> dict[str, Any]:
    rows = await fetch(
        "SELECT fate, why, network, count(*) AS lines, count(*) FILTER (WHERE kind = 'reaction') AS reactions"
        " FROM activity_import_row WHERE activity_import = $1 GROUP BY fate, why, network ORDER BY lines DESC",
        id,
    )
    network = network_of(file.format)
    handles = await fetch(
        "SELECT handle FROM social_account WHERE person = $1 AND network = $2 AND removed_at IS NULL",
        person,
        network and network.value,
    )
    own = [row["handle"] for row in handles]
    return {
        "counts": {fate.value: sum(row["lines"] for row in rows if row["fate"] == fate) for fate in Fate},
        "left_out": [(row["fate"], row["why"], row["network"], row["lines"]) for row in rows if row["why"]],
        "reactions": sum(row["reactions"] for row in rows if row["fate"] == Fate.NEW),
        "columns": [
            (
                column.header,
                column.meaning,
                column.meaning is None and column.header.strip().lower() not in meanings,
            )
            for column in file.columns
        ],
        "asks_whose": seems_anothers(file.handle, own),
        "own_handles": own,
    }


async def _still(id: UUID, state: State) -> bool:
    return bool(await fetch_value("SELECT state = $2 FROM activity_import WHERE id = $1", id, state.value))


async def _note_trouble(waiting: asyncpg.Record, why: str, part: str, now: datetime) -> None:
    async with transaction():
        await execute(
            "UPDATE activity_import SET state = 'unreadable', trouble = $2, summary = $3, read_at = $4"
            " WHERE id = $1 AND state = 'sent'",
            waiting["id"],
            why,
            json.dumps({"part": part}),
            now,
        )
        await _drop_pieces(waiting)


async def _drop_pieces(waiting: asyncpg.Record) -> None:
    await execute("DELETE FROM activity_import_piece WHERE activity_import = $1", waiting["id"])
