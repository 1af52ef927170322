"""The entries of the newest edition of the playbook."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from playbooks.editions.queries import edition_page, entry_page
from playbooks.entries.rules import EntryCopy, EntryKind, EntryTopic
from playbooks.learnings.queries import Behind, learnings_published
from playbooks.verifications.queries import Verified, care_by_entry
from program.access_tokens.rules import Scope
from program.roles.rules import Role
from web.api.paging import Page, Paging
from web.visit import EVERYBODY_LISTED, LEARNERS, Visit, may_call

READERS = (*EVERYBODY_LISTED, *LEARNERS, Role.OWNER)


class Freshness(Struct, frozen=True, kw_only=True):
    """When somebody last found that an entry holds, and when it is to be read again; `due` once that day has come."""

    verified_on: date
    due_on: date
    due: bool


class LearningsBehind(Struct, frozen=True, kw_only=True):
    """How many learnings went with an entry into an edition, and the ids of those that one may read."""

    count: int
    from_the_pilot: bool
    readable: list[UUID]


class Entry(Struct, frozen=True, kw_only=True):
    """An entry as an edition carries it; `body` is Markdown. `freshness` is told to leads, coaches, and whoever looks after
    the entry.
    """

    id: UUID
    chapter: str
    kind: EntryKind
    topic: EntryTopic
    title: str
    body: str
    revision: int
    learnings: LearningsBehind
    freshness: Freshness | None


class CarriedEntry(Entry, frozen=True, kw_only=True):
    """An entry, with the numbers of all editions that carry it; `gone_since` is the first that no longer does."""

    editions: list[int]
    gone_since: int | None


@get(
    "/programs/{program:str}/entries",
    opt=may_call(Scope.PROGRAM_READ, *READERS),
    operation_id="listEntries",
    tags=["Playbook"],
)
async def entries(
    visit: NamedDependency[Visit],
    paging: NamedDependency[Paging],
    topic: Annotated[
        tuple[EntryTopic, ...], QueryParameter(description="Only those on one of these topics.")
    ] = (),
    kind: Annotated[
        tuple[EntryKind, ...], QueryParameter(description="Only those of one of these kinds.")
    ] = (),
) -> Response[Page[Entry]]:
    """The entries of the newest edition, in the order in which they are read. None before the first edition."""
    found = await edition_page(None, visit.reader)
    copies = [entry.copy for chapter in found.chapters for entry in chapter.entries] if found else []
    copies = [
        copy
        for copy in copies
        if copy.text.topic in (topic or EntryTopic) and copy.text.kind in (kind or EntryKind)
    ]
    behind = await learnings_published(visit.reader, entries=[copy.entry for copy in copies])
    care = await care_by_entry(visit.reader)
    return paging.page_of_all(
        copies,
        key=lambda copy: str(copy.entry),
        told=lambda copy: Entry(
            **entry_told(copy), **_around(behind.get(copy.entry), care.get(copy.entry), visit.today)
        ),
    )


@get(
    "/programs/{program:str}/entries/{entry:uuid}",
    opt=may_call(Scope.PROGRAM_READ, *READERS),
    operation_id="getEntry",
    tags=["Playbook"],
)
async def entry(visit: NamedDependency[Visit], entry: FromPath[UUID]) -> CarriedEntry:
    """An entry as the newest edition that carries it has it."""
    found = await entry_page(entry, visit.reader)
    care = await care_by_entry(visit.reader)
    return CarriedEntry(
        **entry_told(found.copy),
        **_around(found.behind, care.get(entry), visit.today),
        editions=[edition.number for edition in found.editions],
        gone_since=found.gone_since,
    )


def entry_told(copy: EntryCopy) -> dict[str, Any]:
    """What an edition says of an entry."""
    text = copy.text
    return {
        "id": copy.entry,
        "chapter": text.chapter,
        "kind": text.kind,
        "topic": text.topic,
        "title": text.title,
        "body": text.body,
        "revision": copy.revision,
    }


def _around(behind: Behind | None, care: Verified | None, today: date) -> dict[str, Any]:
    return {
        "learnings": LearningsBehind(
            count=behind.count if behind else 0,
            from_the_pilot=behind is not None and behind.count > 0 and behind.pilot,
            readable=[each.id for each in behind.readable] if behind else [],
        ),
        "freshness": care
        and Freshness(verified_on=care.verified_on, due_on=care.due_on, due=care.due_on <= today),
    }


HANDLERS = (entries, entry)
