"""Editions of the playbook and their entries, as everyone in the program reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from playbooks.editions.rules import Change, EntryChange, changes_between, is_rearranged
from playbooks.entries.queries import copy_of, draft_copies
from playbooks.entries.rules import Chapter, EntryCopy, chapters_of
from playbooks.learnings.queries import Behind, learnings_published_in
from program.database import fetch, fetch_row
from program.refusals import NotFound
from program.roles.rules import Reader, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionLine:
    """An edition in a list; `read_at` is when the reader said that they read it, or opened it as their first."""

    id: UUID
    number: int
    what_changed: str
    published_at: datetime
    by_name: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEntry:
    """An entry of an edition; `change` is None where it stands as in the edition before."""

    copy: EntryCopy
    change: Change | None
    learnings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SinceRead:
    """What is different in the newest edition from the one that the reader read last."""

    edition: EditionLine
    changes: tuple[EntryChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionPage:
    """`changes` are those against the edition before, none in the first; `editions` are all, newest first.

    `since` is there in the newest edition for who read an earlier one and not this one yet.
    """

    edition: EditionLine
    newest: bool
    chapters: tuple[Chapter[PublishedEntry], ...]
    changes: tuple[EntryChange, ...]
    editions: tuple[EditionLine, ...]
    since: SinceRead | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two editions of the playbook, and what became of its entries from the first to the second."""

    before: EditionLine
    after: EditionLine
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
    """What publishing the draft would change; `newest` is None before the first edition."""

    number: int
    newest: EditionLine | None
    changes: tuple[EntryChange, ...]
    rearranged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    number: int
    copies: tuple[EntryCopy, ...]


_EDITIONS = (
    "SELECT d.id, d.number, d.what_changed, d.published_at, p.name AS by_name, s.seen_at AS read_at FROM edition d"
    " JOIN person p ON p.id = d.published_by LEFT JOIN edition_seen s ON s.edition = d.id AND s.person = $2"
    " WHERE d.program = $1"
)
_ENTRIES = (
    "SELECT d.number, c.entry, c.position, c.revision, c.chapter, c.kind, c.topic, c.title, c.body, c.question, c.scenario,"
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


async def edition_page(number: int | None, seen_by: Reader) -> EditionPage | None:
    """An edition, or the newest one, which is None where nothing is published yet. For everyone in the program."""
    editions = await edition_lines(seen_by)
    if number is None and not editions:
        return None
    wanted = editions[0] if number is None else _numbered(number, editions)
    read = _read_before(wanted, editions) if number is None else None
    copies = await _copies(
        seen_by.program, {wanted.number, wanted.number - 1, wanted.number if read is None else read.number}
    )
    rows = copies.get(wanted.number, [])
    changes = _changes(copies, wanted.number - 1, wanted.number) if wanted.number else ()
    by_entry = {change.entry: change.change for change in changes}
    return EditionPage(
        edition=wanted,
        newest=wanted is editions[0],
        chapters=chapters_of(
            PublishedEntry(copy=copy_of(row), change=by_entry.get(row["entry"]), learnings=row["learnings"])
            for row in rows
        ),
        changes=changes,
        editions=editions,
        since=SinceRead(edition=read, changes=_changes(copies, read.number, wanted.number)) if read else None,
    )


async def comparison(before: int, after: int, seen_by: Reader) -> Comparison:
    """What became of the entries from one edition to another, whichever of them is older. For everyone in the program."""
    editions = await edition_lines(seen_by)
    copies = await _copies(seen_by.program, {before, after})
    return Comparison(
        before=_numbered(before, editions),
        after=_numbered(after, editions),
        changes=_changes(copies, before, after),
        editions=editions,
    )


async def entry_page(entry: UUID, seen_by: Reader) -> EntryPage:
    """An entry that an edition carries or carried, with the thread that leads to it. For everyone in the program."""
    row = await fetch_row(
        f"{_ENTRIES} AND c.entry = $2 ORDER BY d.number DESC LIMIT 1", seen_by.program, entry
    )
    if row is None:
        raise NotFound
    editions = await edition_lines(seen_by)
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
    row = await fetch_row(f"{_EDITIONS} AND d.number = $3", seen_by.program, seen_by.person, newest.number)
    copies = await draft_copies(seen_by.program)
    return NextEdition(
        number=newest.number + 1,
        newest=_line(row) if row else None,
        changes=changes_between(newest.copies, copies),
        rearranged=is_rearranged(newest.copies, copies),
    )


async def draft_changes(program: UUID, copies: Iterable[EntryCopy]) -> dict[UUID, EntryChange] | None:
    """What the draft changes against the newest edition, by entry; None where nothing is published yet. For those who may
    read the draft.
    """
    newest = await newest_edition(program)
    if newest.number < 0:
        return None
    return {change.entry: change for change in changes_between(newest.copies, copies)}


async def edition_lines(seen_by: Reader) -> tuple[EditionLine, ...]:
    """All editions, newest first. For everyone in the program. One query."""
    rows = await fetch(f"{_EDITIONS} ORDER BY d.number DESC", seen_by.program, seen_by.person)
    return tuple(_line(row) for row in rows)


def _read_before(newest: EditionLine, editions: Iterable[EditionLine]) -> EditionLine | None:
    """The edition that the reader read last, unless it is the newest."""
    read = next((each for each in editions if each.read_at), None)
    return None if read is newest else read


def _numbered(number: int, editions: Iterable[EditionLine]) -> EditionLine:
    found = next((each for each in editions if each.number == number), None)
    if found is None:
        raise NotFound
    return found


async def _copies(program: UUID, numbers: Iterable[int]) -> dict[int, list[Any]]:
    """The rows of the entries of these editions, by the edition’s number, in the order in which they are read."""
    found: dict[int, list[Any]] = {}
    rows = await fetch(f"{_ENTRIES} AND d.number = ANY($2) ORDER BY c.position", program, list(numbers))
    for row in rows:
        found.setdefault(row["number"], []).append(row)
    return found


def _changes(copies: Mapping[int, list[Any]], before: int, after: int) -> tuple[EntryChange, ...]:
    old, new = ([copy_of(row) for row in copies.get(number, [])] for number in (before, after))
    return changes_between(old, new)


def _line(row: Mapping[str, Any]) -> EditionLine:
    return EditionLine(
        id=row["id"],
        number=row["number"],
        what_changed=row["what_changed"],
        published_at=row["published_at"],
        by_name=row["by_name"],
        read_at=row["read_at"],
    )
