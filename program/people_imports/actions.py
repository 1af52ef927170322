"""Taking people files in: first for a lead to look at, then, confirmed, into the program."""

import asyncio
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from program.database import execute, fetch, fetch_row, new_id, transaction
from program.events.actions import record
from program.form_keys.actions import Sent, first_result
from program.people.actions import hold_people_still
from program.people.files import PeopleFile, read_people_file
from program.people.rules import ChangedPerson, Field, FileProblem, NewPerson, ReadRow
from program.people.words import file_problem
from program.people_imports.queries import MOST_LEAVERS_SHOWN, company, staged_rows
from program.people_imports.rules import Fate, Weighed, told, told_of, weighed
from program.programs.actions import end_listings, list_people
from program.refusals import NotFound, Refusal
from program.roles.actions import require_lead_or_owner
from program.words import gettext as _

WAITS_FOR_A_LEAD = timedelta(days=7)
_PARTICULARS = (
    "email", "external_id", "name", "job_title", "job_function", "department", "level", "region", "locale",
)  # fmt: skip
_Row = tuple[UUID, UUID, int | None, str, UUID | None, str | None, str | None]


class NotAListOfPeople(Refusal):
    """`reasons[0]` says what is wrong with the file."""

    field = "file"

    def __init__(self, problem: FileProblem) -> None:
        super().__init__(problem)
        self.problem = problem

    def sentence(self) -> str:
        return file_problem(self.problem)


class TakenInAlready(Refusal):
    def sentence(self) -> str:
        return _("This file was taken in already.")


async def preview_import(
    content: bytes, *, file_name: str, program: UUID, by: UUID, now: datetime, sent: Sent
) -> UUID:
    """Read a file of people and keep what it says for leads to look at; nobody is added or changed yet.

    Refused where the file is no list of people. Reading runs beside the event loop.
    """
    read = await asyncio.to_thread(_read, content)
    if not isinstance(read, tuple):
        raise NotAListOfPeople(read)
    file, rows = read
    id = new_id()
    async with transaction() as connection:
        await require_lead_or_owner(program, by)
        if earlier := await first_result(sent, by=by, at=now, result=id):
            return earlier
        outcome = await asyncio.to_thread(weighed, rows, await company(program, rows))
        await execute(
            "INSERT INTO people_import (id, program, by, file_name, summary, made_at) VALUES ($1, $2, $3, $4, $5, $6)",
            id,
            program,
            by,
            file_name,
            json.dumps({"recognised": _recognised(file), "counts": asdict(outcome.counts)}),
            now,
        )
        await connection.copy_records_to_table(
            "people_import_row",
            columns=("id", "people_import", "line", "fate", "known", "said", "findings"),
            records=_staged(id, rows, outcome),
        )
    return id


async def take_in(
    people_import: UUID,
    *,
    program: UUID,
    leavers: Collection[UUID],
    taking_part: Collection[UUID],
    by: UUID,
    now: datetime,
    at_terminal: bool = False,
) -> None:
    """Add and change the people of a previewed file, as things stand now; all of them or, if anything fails, none.

    The listings of those `leavers` end who are not in the file, hold no role, and are not `taking_part` in a cohort.
    A file that was taken in before stays so. For leads and owners; the event says so where the command did it for them.
    """
    async with transaction() as connection:
        await require_lead_or_owner(program, by)
        row = await _locked(people_import, program)
        if row["confirmed_at"] is not None:
            return
        await hold_people_still()
        rows = await staged_rows(people_import)
        outcome = await asyncio.to_thread(weighed, rows, await company(program, rows))
        ids = {one.person.email: new_id() for one in outcome.new}
        managers = {**outcome.addresses, **ids}
        await _add(connection, outcome.new, ids=ids, managers=managers, now=now)
        await _change(outcome.changed, managers=managers)
        come = [*ids.values(), *(one.known.id for one in outcome.joining)]
        await list_people(program, come, by=by, now=now)
        left = await _may_leave(outcome, program=program, chosen=leavers, taking_part=taking_part)
        ended = await end_listings(program, left, by=by, now=now)
        counts = asdict(replace(outcome.counts, ended=ended))
        await execute("DELETE FROM people_import_row WHERE people_import = $1", people_import)
        await execute(
            "UPDATE people_import SET confirmed_at = $2, summary = jsonb_set(summary, '{counts}', $3) WHERE id = $1",
            people_import,
            now,
            json.dumps(counts),
        )
        facts = counts | ({"at_terminal": True} if at_terminal else {})
        await record("people_imported", program=program, by=by, at=now, subject=people_import, facts=facts)


async def cancel_import(people_import: UUID, *, program: UUID, by: UUID) -> None:
    """Forget a previewed file and all it says. For leads and owners; refused once it was taken in."""
    async with transaction():
        await require_lead_or_owner(program, by)
        row = await _locked(people_import, program)
        if row["confirmed_at"] is not None:
            raise TakenInAlready
        await execute("DELETE FROM people_import_row WHERE people_import = $1", people_import)
        await execute("DELETE FROM people_import WHERE id = $1", people_import)


async def forget_abandoned_previews(now: datetime) -> None:
    """Files that nobody confirmed within a week are forgotten, with all they say. May run as often as one likes."""
    async with transaction():
        rows = await fetch(
            "SELECT id FROM people_import WHERE confirmed_at IS NULL AND made_at < $1 FOR UPDATE SKIP LOCKED",
            now - WAITS_FOR_A_LEAD,
        )
        abandoned = [row["id"] for row in rows]
        await execute("DELETE FROM people_import_row WHERE people_import = ANY($1::uuid[])", abandoned)
        await execute("DELETE FROM people_import WHERE id = ANY($1::uuid[])", abandoned)


def _read(content: bytes) -> tuple[PeopleFile, list[ReadRow]] | FileProblem:
    file = read_people_file(content)
    return (file, list(file.rows())) if isinstance(file, PeopleFile) else file


def _recognised(file: PeopleFile) -> dict[str, Any]:
    return {
        "columns": file.columns.recognised,
        "ignored": file.columns.ignored,
        "encoding": file.encoding,
        "delimiter": file.delimiter,
    }


def _staged(id: UUID, rows: Sequence[ReadRow], outcome: Weighed) -> Iterator[_Row]:
    findings: dict[int, list[Any]] = {
        **{one.line: [told(problem) for problem in one.problems] for one in outcome.refused},
        **{
            one.line: [(change.field, change.old, change.new) for change in one.changes]
            for one in outcome.changed
        },
    }
    fates = {
        **{one.line: Fate.NEW for one in outcome.new},
        **{one.line: Fate.JOINING for one in outcome.joining},
        **{one.line: Fate.CHANGED for one in outcome.changed},
        **{one.line: Fate.REFUSED for one in outcome.refused},
    }
    for row in rows:
        fate = fates.get(row.line, Fate.UNCHANGED)
        found = findings.get(row.line)
        yield (
            new_id(),
            id,
            row.line,
            fate.value,
            None,
            json.dumps(told_of(row)),
            json.dumps(found) if found else None,
        )
    for leaver in outcome.leavers[:MOST_LEAVERS_SHOWN]:
        yield (new_id(), id, None, Fate.LEAVER.value, leaver.id, None, None)


async def _locked(people_import: UUID, program: UUID) -> Any:
    row = await fetch_row(
        "SELECT confirmed_at FROM people_import WHERE id = $1 AND program = $2 FOR UPDATE",
        people_import,
        program,
    )
    if row is None:
        raise NotFound
    return row


async def _add(
    connection: Any,
    new: Sequence[NewPerson],
    *,
    ids: Mapping[str, UUID],
    managers: Mapping[str, UUID],
    now: datetime,
) -> None:
    """A manager who is nobody of the program's is left out, and so is oneself as one's own."""
    people = (one.person for one in new)
    await connection.copy_records_to_table(
        "person",
        columns=("id", *_PARTICULARS, "manager", "made_at"),
        records=(
            (
                ids[person.email],
                person.email,
                person.external_id,
                person.name,
                person.job_title,
                person.job_function,
                person.department,
                person.level,
                person.region,
                person.locale or "en",
                managers.get(person.manager_email or "") if person.manager_email != person.email else None,
                now,
            )
            for person in people
        ),
    )


async def _change(changed: Sequence[ChangedPerson], *, managers: Mapping[str, UUID]) -> None:
    """What the file leaves out is kept. No address moves to one that is taken: `weighed` refuses those rows."""
    said = [{change.field.value: change.new for change in one.changes} for one in changed]
    types = {**dict.fromkeys(_PARTICULARS, "text"), "level": "int", "manager": "uuid"}
    columns: list[list[Any]] = [[one.get(name) for one in said] for name in _PARTICULARS]
    columns.append([managers.get(str(one.get(Field.MANAGER_EMAIL.value))) for one in said])
    arrays = ", ".join(f"${number}::{type}[]" for number, type in enumerate(types.values(), 2))
    settings = ", ".join(f"{name} = coalesce(said.{name}, p.{name})" for name in types)
    await execute(
        f"UPDATE person p SET {settings} FROM unnest($1::uuid[], {arrays}) AS said(id, {', '.join(types)})"
        " WHERE p.id = said.id",
        [one.known.id for one in changed],
        *columns,
    )


async def _may_leave(
    outcome: Weighed, *, program: UUID, chosen: Collection[UUID], taking_part: Collection[UUID]
) -> list[UUID]:
    rows = await fetch(
        "SELECT person FROM role_grant WHERE program = $1 AND revoked_at IS NULL UNION SELECT person FROM owner",
        program,
    )
    staying = {row["person"] for row in rows}.union(taking_part)
    return [person.id for person in outcome.leavers if person.id in chosen and person.id not in staying]
