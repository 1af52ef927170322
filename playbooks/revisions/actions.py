"""Bringing back what an entry said before."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from playbooks.entries.actions import lock_playbook, rewrite_entry, standing_entry
from playbooks.revisions.queries import revision_text
from program.database import transaction
from program.events.actions import record
from program.refusals import NotFound


async def restore_revision(
    program: UUID, entry: UUID, number: int, *, by: UUID, now: datetime, today: date
) -> None:
    """A lead lets an entry say what it said at a revision, as a new revision; it stays in the chapter where it is.

    What it says already is no change.
    """
    async with transaction():
        await lock_playbook(program, by)
        current = await standing_entry(program, entry)
        text = await revision_text(entry, number)
        if text is None:
            raise NotFound
        said = replace(text, chapter=current.text.chapter)
        if await rewrite_entry(program, entry, said, revision=current.revision, by=by, now=now, today=today):
            await record(
                "entry_restored", program=program, by=by, at=now, subject=entry, facts={"revision": number}
            )
