"""Publishing editions of the playbook."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from cohorts.criteria.rules import Topic
from cohorts.readings.actions import keep_program_reading
from cohorts.readings.rules import days_to_read
from playbooks.editions.queries import newest_edition
from playbooks.editions.rules import (
    Change,
    EntryChange,
    changes_between,
    is_due,
    is_rearranged,
    topics_lacking,
)
from playbooks.entries.actions import lock_playbook
from playbooks.entries.queries import draft_copies, question_json, scenario_json
from playbooks.entries.rules import EntryCopy
from playbooks.tracks.actions import build_tracks
from program.database import execute, fetch, fetch_value, new_id, transaction
from program.events.actions import record
from program.form_keys.actions import Sent, first_result
from program.refusals import Refusal
from program.words import gettext as _


class NothingToPublish(Refusal):
    def sentence(self) -> str:
        return _(
            "The draft says what the newest edition says already. Accept a learning or change an entry first."
        )


class NoEntryLeft(Refusal):
    def sentence(self) -> str:
        return _("The draft has no entry, and an edition needs one.")


class PublishedMeanwhile(Refusal):
    """Somebody else published `number` since the page was opened."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    def sentence(self) -> str:
        return _(
            "Edition %(number)d was published a moment ago, while you were writing. What has changed since stands below."
        ) % {"number": self.number}


async def publish(
    program: UUID,
    what_changed: str,
    *,
    by: UUID,
    now: datetime,
    today: date,
    sent: Sent,
    after: int | None = None,
    material: Mapping[UUID, bool] | None = None,
) -> UUID:
    """A lead publishes the draft as the next edition, the first as number 0; tracks are built from it. Answers its id.

    `after` is the newest edition that they saw: a newer one refuses with `PublishedMeanwhile`. `material` is their word
    on which changed entries ask something new of people; of the others the rule decides.
    """
    async with transaction():
        await lock_playbook(program, by)
        edition = new_id()
        earlier = await first_result(sent, by=by, at=now, result=edition)
        if earlier is not None:
            return earlier
        newest = await newest_edition(program)
        if after is not None and after != newest.number:
            raise PublishedMeanwhile(newest.number)
        copies = await draft_copies(program)
        changes = changes_between(newest.copies, copies)
        if not copies:
            raise NoEntryLeft
        if not changes and not is_rearranged(newest.copies, copies):
            raise NothingToPublish
        number = newest.number + 1
        await _keep_edition(edition, program, number, what_changed, by=by, now=now)
        await _keep_entries(edition, copies, _material(changes, material or {}))
        await take_playbook_readings(program, now=now, today=today)
        await build_tracks(program, edition, number)
        await record(
            "edition_published",
            program=program,
            by=by,
            at=now,
            subject=edition,
            facts={"number": number, **{change.value: _count(changes, change) for change in Change}},
        )
        return edition


async def note_reading(edition: UUID, *, by: UUID, now: datetime) -> None:
    """From now on, what is new is new against this edition to this reader. Saying so again changes nothing."""
    await execute(
        "INSERT INTO edition_seen (id, edition, person, seen_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (edition, person) DO NOTHING",
        new_id(),
        edition,
        by,
        now,
    )


async def retake_freshness(now: datetime) -> None:
    """How fresh each program’s newest edition is, up to today in its zone: on each day that nobody has read yet, for
    whatever changes a playbook reads it. May run as often as one likes.
    """
    for program, zone in await fetch("SELECT id, zone FROM program ORDER BY id"):
        async with transaction():
            await execute("SELECT FROM program WHERE id = $1 FOR NO KEY UPDATE", program)
            newest = await fetch_value(
                "SELECT max(read_on) FROM program_reading WHERE program = $1 AND measure = 'freshness'",
                program,
            )
            for day in days_to_read(newest, now.astimezone(ZoneInfo(zone)).date()):
                await take_playbook_readings(program, now=now, today=day)


async def take_playbook_readings(program: UUID, *, now: datetime, today: date) -> None:
    """Within a transaction: which required topics the newest edition covers, and how fresh its entries are today."""
    rows = await fetch(
        "SELECT c.topic, e.verified_on, e.verify_every_days FROM edition_entry c JOIN entry e ON e.id = c.entry"
        " WHERE c.edition = (SELECT id FROM edition WHERE program = $1 ORDER BY number DESC LIMIT 1)",
        program,
    )
    lacking = topics_lacking(row["topic"] for row in rows)
    await keep_program_reading(
        program,
        "topics_covered",
        on=today,
        numerator=len(Topic) - len(lacking),
        denominator=len(Topic),
        people=0,
        now=now,
        lacking=[topic.value for topic in lacking],
    )
    due = sum(is_due(row["verified_on"], row["verify_every_days"], today) for row in rows)
    await keep_program_reading(
        program,
        "freshness",
        on=today,
        numerator=len(rows) - due,
        denominator=len(rows),
        people=0,
        now=now,
    )


def _material(changes: Sequence[EntryChange], said: Mapping[UUID, bool]) -> set[UUID]:
    return {
        change.entry
        for change in changes
        if change.change is Change.NEW or said.get(change.entry, change.asks_something_new)
    }


def _count(changes: Sequence[EntryChange], change: Change) -> int:
    return sum(each.change is change for each in changes)


async def _keep_edition(
    edition: UUID, program: UUID, number: int, what_changed: str, *, by: UUID, now: datetime
) -> None:
    await execute(
        "INSERT INTO edition (id, program, number, what_changed, published_at, published_by)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        edition,
        program,
        number,
        what_changed,
        now,
        by,
    )


async def _keep_entries(edition: UUID, copies: Sequence[EntryCopy], material: set[UUID]) -> None:
    """The entries as they stand, numbered in the order in which they are read."""
    texts = [copy.text for copy in copies]
    await execute(
        "INSERT INTO edition_entry (id, edition, entry, position, chapter, kind, topic, title, body, question,"
        "  scenario, revision, material)"
        " SELECT c.id, $1, c.entry, c.position, c.chapter, c.kind, c.topic, c.title, c.body, c.question,"
        "  c.scenario, c.revision, c.material"
        " FROM unnest($2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],"
        "  $10::jsonb[], $11::jsonb[], $12::int[], $13::bool[])"
        "  AS c (id, entry, position, chapter, kind, topic, title, body, question, scenario, revision, material)",
        edition,
        [new_id() for _copy in copies],
        [copy.entry for copy in copies],
        list(range(len(copies))),
        [text.chapter for text in texts],
        [text.kind.value for text in texts],
        [text.topic.value for text in texts],
        [text.title for text in texts],
        [text.body for text in texts],
        [question_json(text.question) for text in texts],
        [scenario_json(text.scenario) for text in texts],
        [copy.revision for copy in copies],
        [copy.entry in material for copy in copies],
    )
