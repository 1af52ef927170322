"""Editions of the playbook."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from playbooks.editions.queries import EditionLine, PublishedEntry, edition_lines, edition_page
from playbooks.editions.rules import Change
from playbooks.entries.rules import EntryKind, EntryTopic
from program.access_tokens.rules import Scope
from program.refusals import NotFound
from program.told import moment_of
from web.api.entries import READERS, entry_told
from web.api.paging import Page, Paging
from web.visit import Visit, may_call


class Edition(Struct, frozen=True, kw_only=True):
    """A numbered, published playbook, and what changed in it; `by` published it. `read_at` is when one said that one read it,
    or opened it as one’s first.
    """

    id: UUID
    number: int
    what_changed: str
    published_at: datetime
    by: str
    read_at: datetime | None


class EditionEntry(Struct, frozen=True, kw_only=True):
    """An entry as an edition carries it; `change` is null where it stands as in the edition before, `learnings` counts those
    that stood behind it when it was published.
    """

    id: UUID
    chapter: str
    kind: EntryKind
    topic: EntryTopic
    title: str
    body: str
    revision: int
    change: Change | None
    learnings: int


class WholeEdition(Edition, frozen=True, kw_only=True):
    """An edition with its entries, in the order in which they are read."""

    newest: bool
    entries: list[EditionEntry]


@get(
    "/programs/{program:str}/editions",
    opt=may_call(Scope.PROGRAM_READ, *READERS),
    operation_id="listEditions",
    tags=["Playbook"],
)
async def editions(visit: NamedDependency[Visit], paging: NamedDependency[Paging]) -> Response[Page[Edition]]:
    """All editions, newest first."""
    found = await edition_lines(visit.reader)
    return paging.page_of_all(found, key=lambda each: str(each.id), told=lambda each: Edition(**_told(each)))


@get(
    "/programs/{program:str}/editions/{number:int}",
    opt=may_call(Scope.PROGRAM_READ, *READERS),
    operation_id="getEdition",
    tags=["Playbook"],
)
async def edition(visit: NamedDependency[Visit], number: FromPath[int]) -> WholeEdition:
    """One edition, whole."""
    found = await edition_page(number, visit.reader)
    if found is None:
        raise NotFound
    entries = [_entry(entry) for chapter in found.chapters for entry in chapter.entries]
    return WholeEdition(**_told(found.edition), newest=found.newest, entries=entries)


def _told(line: EditionLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "number": line.number,
        "what_changed": line.what_changed,
        "published_at": moment_of(line.published_at),
        "by": line.by_name,
        "read_at": moment_of(line.read_at) if line.read_at else None,
    }


def _entry(entry: PublishedEntry) -> EditionEntry:
    return EditionEntry(**entry_told(entry.copy), change=entry.change, learnings=entry.learnings)


HANDLERS = (editions, edition)
