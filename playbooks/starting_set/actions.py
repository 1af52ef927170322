"""Making a program, with all that it starts with."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from cohorts.phases.actions import add_default_rollout
from playbooks.entries.actions import write_entry
from playbooks.entries.rules import EntryKind, EntryText, EntryTopic
from playbooks.starting_set.queries import starting_set
from playbooks.tracks.actions import add_default_tracks
from program.database import fetch_value, new_id, transaction
from program.events.actions import record
from program.form_keys.actions import Sent, first_result
from program.programs.actions import add_program
from program.refusals import NotAllowed


async def make_program(name: str, *, purpose: str, zone: str, by: UUID, now: datetime, sent: Sent) -> str:
    """A program with its default rollout, gates, criteria and tracks, and the starting set as the playbook's draft.

    Owners only. Answers its slug.
    """
    async with transaction():
        if not await fetch_value("SELECT true FROM owner WHERE person = $1", by):
            raise NotAllowed
        program = new_id()
        earlier = await first_result(sent, by=by, at=now, result=program)
        if earlier is not None:
            return str(await fetch_value("SELECT slug FROM program WHERE id = $1", earlier))
        slug = await add_program(name, purpose=purpose, zone=zone, by=by, now=now, id=program)
        await add_default_rollout(program)
        await add_default_tracks(program, now)
        await _draft_starting_set(program, by=by, now=now, today=now.astimezone(ZoneInfo(zone)).date())
        await record("program_made", program=program, by=by, at=now, subject=program)
        return slug


async def _draft_starting_set(program: UUID, *, by: UUID, now: datetime, today: date) -> None:
    for entry in starting_set():
        text = EntryText(
            chapter=entry.chapter,
            kind=EntryKind(entry.kind),
            topic=EntryTopic(entry.topic),
            title=entry.title,
            body=entry.body,
            question=entry.question,
            scenario=entry.scenario,
        )
        await write_entry(program, text, id=new_id(), by=by, now=now, today=today)
