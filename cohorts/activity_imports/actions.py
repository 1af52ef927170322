"""Taking in a file of activities: sent, read, looked at, confirmed; and every way out of it before that."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from cohorts.activities.actions import NotYetTracked
from cohorts.activity_files.rules import OUR_COLUMNS, Format
from cohorts.activity_imports.confirmed import take_in
from cohorts.activity_imports.rules import (
    LARGEST_FILE_BYTES,
    MOST_BYTES_WAITING,
    TAKEN_IN_AT_ONCE_ROWS,
    WAITS_FOR_ITS_MEMBER,
    State,
)
from cohorts.places.queries import own_tracking
from program.database import execute, fetch_row, fetch_value, new_id, transaction
from program.form_keys.actions import Sent, first_result
from program.logs import log_of
from program.outages import outage_of
from program.refusals import NotFound, Refusal
from program.words import gettext as _

_log = log_of(__name__)


class FileTooLarge(Refusal):
    field = "file"

    def sentence(self) -> str:
        return _(
            "This file is larger than 200 MB. An archive without its pictures and videos is smaller:"
            " ask the network for your posts only."
        )


class FileEmpty(Refusal):
    field = "file"

    def sentence(self) -> str:
        return _("This file is empty. Please choose another one.")


class TooMuchWaiting(Refusal):
    field = "file"

    def sentence(self) -> str:
        return _(
            "Your files that wait to be taken in are very large already. Please take them in or give them up first."
        )


class NotSaidToBeMine(Refusal):
    field = "mine"

    def sentence(self) -> str:
        return _("The file names another account. Please tick that it is yours, or give this file up.")


class NoLongerWaiting(Refusal):
    def sentence(self) -> str:
        return _("This file was taken in or given up already. Nothing was changed now.")


async def send_file(
    pieces: AsyncIterator[bytes], *, file_name: str, program: UUID, by: UUID, now: datetime, sent: Sent
) -> UUID:
    """Keep an uploaded file, piece by piece, until it is read; answers the import's id."""
    async with transaction():
        id = new_id()
        earlier = await first_result(sent, by=by, at=now, result=id)
        if earlier is not None:
            return earlier
        if await own_tracking(by, program=program) is None:
            raise NotYetTracked
        if await _bytes_waiting(by) >= MOST_BYTES_WAITING:
            raise TooMuchWaiting
        await execute(
            "INSERT INTO activity_import (id, program, person, state, file_name, size, rows_read, summary, made_at)"
            " VALUES ($1, $2, $3, 'sent', $4, 0, 0, '{}', $5)",
            id,
            program,
            by,
            file_name,
            now,
        )
        size = await _keep_pieces(id, pieces)
        if not size:
            raise FileEmpty
        await execute("UPDATE activity_import SET size = $2 WHERE id = $1", id, size)
        return id


async def say_columns(
    activity_import: UUID,
    meanings: Mapping[str, str | None],
    *,
    program: UUID,
    by: UUID,
    now: datetime,
) -> None:
    """A member says what the columns of their own file mean, by header; it is remembered, and the file read anew."""
    async with transaction():
        row = await _locked(activity_import, program=program, by=by, states=(State.READ,))
        if row["format"] != Format.OWN_FILE:
            raise NotFound
        for header, meaning in meanings.items():
            await execute(
                "INSERT INTO column_meaning (id, person, header, meaning, said_at) VALUES ($1, $2, $3, $4, $5)"
                " ON CONFLICT (person, header) DO UPDATE SET meaning = excluded.meaning, said_at = excluded.said_at",
                new_id(),
                by,
                header.strip().lower(),
                meaning if meaning in OUR_COLUMNS else None,
                now,
            )
        await execute("DELETE FROM activity_import_row WHERE activity_import = $1", activity_import)
        await execute(
            "UPDATE activity_import SET state = 'sent', rows_read = 0, summary = '{}', read_at = NULL WHERE id = $1",
            activity_import,
        )


async def part_twins(
    activity_import: UUID, line: int | None, *, apart: bool, program: UUID, by: UUID
) -> None:
    """A member says that two ids are two posts after all, or one: of one line, or of all."""
    async with transaction():
        await _locked(activity_import, program=program, by=by, states=(State.READ,))
        await execute(
            "UPDATE activity_import_row SET apart = $3 WHERE activity_import = $1 AND fate = 'twin'"
            " AND ($2::int IS NULL OR line = $2)",
            activity_import,
            line,
            apart,
        )


async def confirm(
    activity_import: UUID,
    *,
    mine: bool,
    reactions: bool,
    program: UUID,
    by: UUID,
    now: datetime,
    at_terminal: bool = False,
) -> None:
    """A member says yes to what they were shown. What is small is kept at once, the rest as soon as a worker can.

    The event says so where the command did it for them.
    """
    async with transaction() as connection:
        row = await _locked(
            activity_import,
            program=program,
            by=by,
            states=(State.READ, State.CONFIRMED, State.DONE),
        )
        if row["state"] != State.READ:
            return
        summary = json.loads(row["summary"])
        if summary["asks_whose"] and not mine:
            raise NotSaidToBeMine
        summary |= {"reactions_kept": reactions, "at_terminal": at_terminal}
        await execute(
            "UPDATE activity_import SET state = 'confirmed', confirmed_at = $2, summary = $3 WHERE id = $1",
            activity_import,
            now,
            json.dumps(summary),
        )
        await _drop_pieces(activity_import)
        if row["rows_read"] <= TAKEN_IN_AT_ONCE_ROWS:
            await _take_in_at_once(activity_import, connection, now)


async def give_up(activity_import: UUID, *, program: UUID, by: UUID, now: datetime) -> None:
    """Forget a file and all that it says. Refused once it was confirmed."""
    async with transaction():
        row = await _locked(
            activity_import,
            program=program,
            by=by,
            states=(State.SENT, State.READ, State.UNREADABLE, State.GIVEN_UP),
        )
        await _forget(row["id"], now)


async def give_up_abandoned(now: datetime) -> None:
    """Files that nobody confirmed within a day are forgotten. May run as often as one likes."""
    while await _give_up_one_abandoned(now):
        pass


async def _give_up_one_abandoned(now: datetime) -> bool:
    async with transaction():
        row = await fetch_row(
            "SELECT id FROM activity_import WHERE state IN ('sent', 'read', 'unreadable') AND made_at < $1"
            " ORDER BY made_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED",
            now - WAITS_FOR_ITS_MEMBER,
        )
        if row is None:
            return False
        await _forget(row["id"], now)
        return True


async def _take_in_at_once(activity_import: UUID, connection: Any, now: datetime) -> None:
    """What fails here is undone, and left to the worker; the member sees that their file waits."""
    try:
        async with connection.transaction():
            await take_in(activity_import, now)
    except Exception as failure:
        if outage_of(failure) is not None:
            raise
        _log.error("a file could not be taken in as yet", failure=type(failure).__name__, exc_info=failure)


async def _bytes_waiting(person: UUID) -> int:
    """How large the files are that a member has sent and not yet taken in or given up."""
    return int(
        await fetch_value(
            "SELECT COALESCE(sum(size), 0) FROM activity_import WHERE person = $1 AND state = ANY($2::text[])",
            person,
            [State.SENT, State.READ, State.CONFIRMED],
        )
    )


async def _keep_pieces(id: UUID, pieces: AsyncIterator[bytes]) -> int:
    size = number = 0
    async for piece in pieces:
        size += len(piece)
        if size > LARGEST_FILE_BYTES:
            raise FileTooLarge
        await execute(
            "INSERT INTO activity_import_piece (id, activity_import, number, octets) VALUES ($1, $2, $3, $4)",
            new_id(),
            id,
            number,
            piece,
        )
        number += 1
    return size


async def _locked(activity_import: UUID, *, program: UUID, by: UUID, states: tuple[State, ...]) -> Any:
    row = await fetch_row(
        "SELECT id, state, format, summary, rows_read FROM activity_import WHERE id = $1 AND program = $2 AND person = $3"
        " FOR NO KEY UPDATE",
        activity_import,
        program,
        by,
    )
    if row is None:
        raise NotFound
    if row["state"] not in states:
        raise NoLongerWaiting
    return row


async def _forget(activity_import: UUID, now: datetime) -> None:
    """A reader that is at work finds that it was given up, and drops what it read."""
    await _drop_pieces(activity_import)
    await execute("DELETE FROM activity_import_row WHERE activity_import = $1", activity_import)
    await execute(
        "UPDATE activity_import SET state = 'given_up', ended_at = $2, summary = '{}' WHERE id = $1",
        activity_import,
        now,
    )


async def _drop_pieces(activity_import: UUID) -> None:
    await execute(
        "DELETE FROM activity_import_piece WHERE id IN (SELECT id FROM activity_import_piece"
        "  WHERE activity_import = $1 FOR UPDATE SKIP LOCKED)",
        activity_import,
    )
