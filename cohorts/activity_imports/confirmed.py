"""Imports that their members confirmed are kept, each once, the one that waited longest first."""

import asyncio
import json
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from cohorts.activity_files.rules import Format
from cohorts.activity_imports.rules import BROKE, MOST_TRIES, source_of
from cohorts.activity_imports.taking_in import keep_rows
from program.database import execute, fetch_row, fetch_value, transaction
from program.events.actions import record
from program.outages import outage_of

_NEXT_CONFIRMED = (
    "SELECT id, COALESCE((summary->>'tries')::int, 0) AS tries FROM activity_import WHERE state = 'confirmed'"
    " ORDER BY tries, made_at LIMIT 1 FOR UPDATE SKIP LOCKED"
)
_STILL_CONFIRMED = (
    "SELECT true FROM activity_import WHERE id = $1 AND state = 'confirmed' FOR UPDATE SKIP LOCKED"
)
_COUNT_TRY = (
    "UPDATE activity_import"
    " SET summary = summary || jsonb_build_object('tries', COALESCE((summary->>'tries')::int, 0) + $2::int)"
    " WHERE id = $1 AND state = 'confirmed'"
)


async def take_in_next(now: datetime) -> bool:
    """Keep what the confirmed import brings that has waited longest. False where none waits.

    One whose taking in fails, or ends who takes it in, lets others overtake it, and after a few tries is unreadable; the
    failure is raised.
    """
    row = await _begun(now)
    if row is None:
        return False
    try:
        async with transaction():
            if await fetch_value(_STILL_CONFIRMED, row["id"]):
                await take_in(row["id"], now)
    except asyncio.CancelledError:
        await execute(_COUNT_TRY, row["id"], -1)
        raise
    except Exception as failure:
        if outage_of(failure) is not None:
            await execute(_COUNT_TRY, row["id"], -1)
        elif row["tries"] + 1 >= MOST_TRIES:
            await _note_broken(row["id"], now)
        raise
    return True


async def take_in(activity_import: UUID, now: datetime) -> None:
    """Within a transaction that has locked it: a confirmed import is kept, and recorded as done."""
    row = await fetch_row(
        "SELECT i.program, i.person, i.format, i.summary, p.zone FROM activity_import i JOIN program p"
        " ON p.id = i.program WHERE i.id = $1",
        activity_import,
    )
    assert row is not None  # noqa: S101 -- whoever calls this has locked it
    format, summary = Format(row["format"]), json.loads(row["summary"])
    came = await keep_rows(
        activity_import,
        person=row["person"],
        program=row["program"],
        source=source_of(format),
        reactions=summary["reactions_kept"],
        today=now.astimezone(ZoneInfo(row["zone"])).date(),
        now=now,
    )
    await execute("DELETE FROM activity_import_row WHERE activity_import = $1", activity_import)
    await execute(
        "UPDATE activity_import SET state = 'done', ended_at = $2, summary = $3 WHERE id = $1",
        activity_import,
        now,
        json.dumps({"came": came}),
    )
    facts = {"format": format.value, **came} | ({"at_terminal": True} if summary.get("at_terminal") else {})
    await record(
        "activities_imported",
        program=row["program"],
        by=row["person"],
        at=now,
        subject=activity_import,
        facts=facts,
    )


async def _begun(now: datetime) -> asyncpg.Record | None:
    """The import to take in, with a try counted before it is begun: what kills who takes it in has no time to count it."""
    while True:
        async with transaction():
            row: asyncpg.Record | None = await fetch_row(_NEXT_CONFIRMED)
            if row is None:
                return None
            if row["tries"] < MOST_TRIES:
                await execute(_COUNT_TRY, row["id"], 1)
                return row
        await _note_broken(row["id"], now)


async def _note_broken(activity_import: UUID, now: datetime) -> None:
    async with transaction():
        broken = await execute(
            "UPDATE activity_import SET state = 'unreadable', trouble = $2, summary = '{}', read_at = $3"
            " WHERE id = $1 AND state = 'confirmed'",
            activity_import,
            BROKE,
            now,
        )
        if broken:
            await execute("DELETE FROM activity_import_row WHERE activity_import = $1", activity_import)
