"""Editions of the playbook and their entries, as everyone in the program reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from playbooks.editions.rules import Change, EntryChange, changes_between
from playbooks.entries.queries import copy_of, draft_copies
from playbooks.entries.rules import Chapter, EntryCopy, chapters_of
from playbooks.learnings.queries import Behind, learnings_published_in
from program.database import fetch, fetch_row
from program.refusals import NotFound
from program.roles.rules import Reader, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionLine:
    """An edition in a list."""

    number: int
    what_changed: str
    published_at: datetime
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEntry:
    """An entry of an edition; `change` is None where it stands as in the edition before."""

    copy: EntryCopy
    change: Change | None
    learnings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionPage:
    """`changes` are those against the edition before, none in the first; `editions` are all, newest first."""

    edition: EditionLine
    newest: bool
    chapters: tuple[Chapter[PublishedEntry], ...]
    changes: tuple[EntryChange, ...]
    editions: tuple[EditionLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """An entry as the newest edition that carries it has it; `gone_since` is the edition that no longer did."""

    copy: EntryCopy
    editions: tuple[EditionLine, ...]
    gone_since: int | None
    behind: Behind


@dataclass(frozen=True, slots=True, kw_only=True)
class NextEdition:
    """What publishing the draft would change."""

    number: int
    newest: EditionLine
    changes: tuple[EntryChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    number: int
    copies: tuple[EntryCopy, ...]


_EDITIONS = (
    "SELECT d.number, d.what_changed, d.published_at, p.name AS by_name FROM edition d"
    " JOIN person p ON p.id = d.published_by WHERE d.program = $1"
)
_ENTRIES = (
    "SELECT d.number, c.entry, c.position, c.revision, c.chapter, c.kind, c.topic, c.title, c.body, c.question,"
    " (SELECT count(*) FROM entry_learning k WHERE k.entry = c.entry AND k.linked_at <= d.published_at) AS learnings"
    " FROM edition_entry c JOIN edition d ON d.id = c.edition WHERE d.program = $1"
)


async def newest_edition(program: UUID) -> Newest:
    """Within an action: the newest edition as it was published; number -1 where there is none yet."""
    rows = await fetch(
        f"{_ENTRIES} AND d.number = (SELECT max(number) FROM edition WHERE program = $1) ORDER BY c.position",
        program,
    )
    return Newest(number=rows[0]["number"] if rows else -1, copies=tuple(copy_of(row) for row in rows))


async def edition_page(number: int | None, seen_by: Reader) -> EditionPage:
    """An edition, or the newest one. For everyone in the program."""
    editions = tuple(
        _line(row) for row in await fetch(f"{_EDITIONS} ORDER BY d.number DESC", seen_by.program)
    )
    wanted = next((each for each in editions if number is None or each.number == number), None)
    if wanted is None:
        raise NotFound
    rows = await fetch(
        f"{_ENTRIES} AND d.number BETWEEN $2 AND $3 ORDER BY d.number, c.position",
        seen_by.program,
        wanted.number - 1,
        wanted.number,
    )
    changes = _changes(rows, wanted.number)
    by_entry = {change.entry: change.change for change in changes}
    return EditionPage(
        edition=wanted,
        newest=wanted is editions[0],
        chapters=chapters_of(
            PublishedEntry(copy=copy_of(row), change=by_entry.get(row["entry"]), learnings=row["learnings"])
            for row in rows
            if row["number"] == wanted.number
        ),
        changes=changes,
        editions=editions,
    )


async def entry_page(entry: UUID, seen_by: Reader) -> EntryPage:
    """An entry that an edition carries or carried, with the thread that leads to it. For everyone in the program."""
    row = await fetch_row(
        f"{_ENTRIES} AND c.entry = $2 ORDER BY d.number DESC LIMIT 1", seen_by.program, entry
    )
    if row is None:
        raise NotFound
    editions = [_line(each) for each in await fetch(f"{_EDITIONS} ORDER BY d.number DESC", seen_by.program)]
    carried = {
        each["number"]
        for each in await fetch(
            "SELECT d.number FROM edition_entry c JOIN edition d ON d.id = c.edition WHERE c.entry = $1",
            entry,
        )
    }
    return EntryPage(
        copy=copy_of(row),
        editions=tuple(each for each in editions if each.number in carried),
        gone_since=row["number"] + 1 if row["number"] < editions[0].number else None,
        behind=await learnings_published_in(entry, seen_by),
    )


async def next_edition(seen_by: Reader) -> NextEdition:
    """What the draft changes against the newest edition. For leads."""
    if Role.LEAD not in seen_by.granted:
        raise NotFound
    newest = await newest_edition(seen_by.program)
    row = await fetch_row(f"{_EDITIONS} AND d.number = $2", seen_by.program, newest.number)
    if row is None:
        raise NotFound
    return NextEdition(
        number=newest.number + 1,
        newest=_line(row),
        changes=changes_between(newest.copies, await draft_copies(seen_by.program)),
    )


def _changes(rows: list[Any], number: int) -> tuple[EntryChange, ...]:
    if number == 0:
        return ()
    before = [copy_of(row) for row in rows if row["number"] < number]
    return changes_between(before, [copy_of(row) for row in rows if row["number"] == number])


def _line(row: Mapping[str, Any]) -> EditionLine:
    return EditionLine(
        number=row["number"],
        what_changed=row["what_changed"],
        published_at=row["published_at"],
        by_name=row["by_name"],
    )
