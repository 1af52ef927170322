"""Arranging the draft of the playbook: moving entries and chapters, and renaming chapters."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from playbooks.chapters.queries import standing_order
from playbooks.chapters.rules import (
    Order,
    Way,
    chapters_in,
    with_chapter_moved,
    with_entry_in,
    with_entry_moved,
)
from playbooks.entries.actions import keep_order, lock_playbook, standing_entry
from program.database import execute, new_id, transaction
from program.events.actions import record
from program.refusals import NotFound, Refusal
from program.words import gettext as _


class ChapterExists(Refusal):
    field = "name"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def sentence(self) -> str:
        return _(
            "There is a chapter “%(name)s” already. To join the two, move the entries into it one by one."
        ) % {"name": self.name}


async def move_entry(program: UUID, entry: UUID, way: Way, *, by: UUID, now: datetime) -> None:
    """A lead moves an entry one place up or down; from the edge of its chapter it steps into the next one."""
    async with transaction():
        await lock_playbook(program, by)
        await standing_entry(program, entry)
        order = await standing_order(program)
        await _arrange(program, entry, order, with_entry_moved(order, entry, way), by=by, now=now)


async def move_entry_into(program: UUID, entry: UUID, chapter: str, *, by: UUID, now: datetime) -> None:
    """A lead puts an entry at the end of another chapter. Where it is in it already, nothing changes."""
    async with transaction():
        await lock_playbook(program, by)
        if (await standing_entry(program, entry)).text.chapter == chapter:
            return
        order = await standing_order(program)
        await _arrange(program, entry, order, with_entry_in(order, entry, chapter), by=by, now=now)


async def move_chapter(program: UUID, chapter: str, way: Way, *, by: UUID, now: datetime) -> None:
    """A lead moves a chapter one place up or down."""
    async with transaction():
        await lock_playbook(program, by)
        order = await _order_with(program, chapter)
        moved = with_chapter_moved(order, chapter, way)
        if moved == order:
            return
        await keep_order(program, moved)
        await record("chapter_moved", program=program, by=by, at=now, facts={"chapter": chapter})


async def rename_chapter(program: UUID, chapter: str, name: str, *, by: UUID, now: datetime) -> None:
    """A lead gives a chapter another name, which is a revision of each of its entries."""
    async with transaction():
        await lock_playbook(program, by)
        order = await _order_with(program, chapter)
        if name == chapter:
            return
        if any(place.chapter == name for place in order):
            raise ChapterExists(name)
        inside = [place.entry for place in order if place.chapter == chapter]
        await _put_into(name, inside, by=by, now=now)
        await execute(
            "UPDATE track SET chapters = array_replace(chapters, $2, $3) WHERE program = $1",
            program,
            chapter,
            name,
        )
        await record(
            "chapter_renamed", program=program, by=by, at=now, facts={"before": chapter, "chapter": name}
        )


async def _order_with(program: UUID, chapter: str) -> Order:
    order = await standing_order(program)
    if chapter not in chapters_in(order):
        raise NotFound
    return order


async def _arrange(
    program: UUID, entry: UUID, before: Order, after: Order, *, by: UUID, now: datetime
) -> None:
    if before == after:
        return
    was, now_in = (
        next(place.chapter for place in order if place.entry == entry) for order in (before, after)
    )
    await keep_order(program, after)
    if was != now_in:
        await _put_into(now_in, [entry], by=by, now=now)
    await record("entry_moved", program=program, by=by, at=now, subject=entry)


async def _put_into(chapter: str, entries: Sequence[UUID], *, by: UUID, now: datetime) -> None:
    """A new revision of each entry, which says the same in another chapter; it counts as verified when it was."""
    await execute(
        "UPDATE entry SET chapter = $2, revision = revision + 1 WHERE id = ANY($1)", list(entries), chapter
    )
    await execute(
        "INSERT INTO revision (id, entry, number, chapter, kind, topic, title, body, question, scenario,"
        "  made_at, made_by)"
        " SELECT n.id, e.id, e.revision, e.chapter, e.kind, e.topic, e.title, e.body, e.question, e.scenario, $3, $4"
        " FROM unnest($1::uuid[], $2::uuid[]) AS n (id, entry) JOIN entry e ON e.id = n.entry",
        [new_id() for _entry in entries],
        list(entries),
        now,
        by,
    )
