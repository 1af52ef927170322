"""The playbook of the demo's second program: what its editions bring beyond the starting set, and the tracks that teach it.

The texts stand in `handbook/`: a file for each entry, in the form of the starting set, whose front matter tells besides
who looks after it (`keeper`), after how many days it is read again (`verify`), and which entry it `revises`; what is new
in each edition; and a file for each track.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from playbooks.clearances.rules import Clearance
from playbooks.editions.actions import publish
from playbooks.entries.actions import add_entry, change_entry
from playbooks.entries.queries import copy_of
from playbooks.entries.rules import VERIFY_EVERY_DAYS, EntryCopy, EntryKind, EntryText, EntryTopic
from playbooks.reviews.actions import accept_learnings
from playbooks.starting_set.rules import chapter_entries, front_matter
from playbooks.track_plans.actions import lay_out_track
from playbooks.track_plans.rules import TrackPlan
from playbooks.verifications.actions import look_after, verify_entry
from program.database import fetch, fetch_row, fetch_value
from workers.demo.stage import a_form

EDITIONS = (1, 2, 3)
LEFT_DUE = "when-the-price-goes-up"
TRACKS = ("core", "critics", "leadership", "crisis")
DUE_SOON_DAYS = 30

_HERE = Path(__file__).resolve().parent / "handbook"
_NOTHING: Mapping[str, Sequence[UUID]] = MappingProxyType({})
_NOBODY: Mapping[str, UUID] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class HandbookEntry:
    """An entry that an edition brings; `revises` is the title of the one that it takes the place of, if it does.

    `material` tells whether it asks something new of people.
    """

    slug: str
    text: EntryText
    revises: str | None
    material: bool
    keeper: str
    verify_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackText:
    """A track as its file tells it; `needs` are the names of the files of the tracks to be passed before."""

    name: str
    purpose: str
    chapters: tuple[str, ...]
    required: bool
    grants: Clearance
    needs: tuple[str, ...]
    level_from: int | None
    questions_asked: int


@cache
def entries_of(edition: int) -> tuple[HandbookEntry, ...]:
    """What an edition brings, in the order in which it is read."""
    files = sorted((_HERE / f"edition-{edition}").glob("[0-9]*.md"))
    return tuple(_entry(file.stem.split("-", 1)[1], file.read_text(encoding="utf-8")) for file in files)


@cache
def what_is_new(edition: int) -> str:
    """What the lead writes above an edition."""
    return (_HERE / f"edition-{edition}" / "what-is-new.md").read_text(encoding="utf-8").strip()


@cache
def track_text(track: str) -> TrackText:
    head, _rest = front_matter((_HERE / "tracks" / f"{track}.md").read_text(encoding="utf-8"))
    return TrackText(
        name=head["name"],
        purpose=head["purpose"],
        chapters=tuple(head["chapters"].split(" · ")),
        required=head["required"] == "yes",
        grants=Clearance(head["grants"]),
        needs=tuple(head["needs"].split(" · ")) if "needs" in head else (),
        level_from=int(head["level from"]) if "level from" in head else None,
        questions_asked=int(head["questions asked"]),
    )


def slugs(edition: int) -> tuple[str, ...]:
    """The names of the entries that an edition brings."""
    return tuple(entry.slug for entry in entries_of(edition))


def entry_called(slug: str) -> HandbookEntry:
    """The entry of that name, whichever edition brings it."""
    return next(entry for edition in EDITIONS for entry in entries_of(edition) if entry.slug == slug)


def _entry(slug: str, text: str) -> HandbookEntry:
    head, _rest = front_matter(text)
    (entry,) = chapter_entries(text)
    return HandbookEntry(
        slug=slug,
        text=EntryText(
            chapter=entry.chapter,
            kind=EntryKind(entry.kind),
            topic=EntryTopic(entry.topic),
            title=entry.title,
            body=entry.body,
            question=entry.question,
            scenario=entry.scenario,
        ),
        revises=head.get("revises"),
        material=head.get("material", "yes") == "yes",
        keeper=head["keeper"],
        verify_days=int(head.get("verify", VERIFY_EVERY_DAYS)),
    )


async def bring_in(
    program: UUID,
    edition: int,
    *,
    by: UUID,
    now: datetime,
    learnings: Mapping[str, Sequence[UUID]] = _NOTHING,
    keepers: Mapping[str, UUID] = _NOBODY,
) -> dict[str, UUID]:
    """A lead writes what an edition brings into the draft. Answers the entries by their names.

    `learnings` are those sent in that an entry is made of, by its name; `keepers` the people who look after entries.
    """
    return {
        slug: await bring_in_one(
            program, slug, edition, by=by, now=now, learnings=learnings.get(slug, ()), keepers=keepers
        )
        for slug in slugs(edition)
    }


async def bring_in_one(
    program: UUID,
    slug: str,
    edition: int,
    *,
    by: UUID,
    now: datetime,
    learnings: Sequence[UUID] = (),
    keepers: Mapping[str, UUID] = _NOBODY,
) -> UUID:
    """A lead writes one entry, or its revision, into the draft; what it says there already stays."""
    entry = next(each for each in entries_of(edition) if each.slug == slug)
    today = await _today(program, now)
    text = entry.text
    standing = await _standing(program, entry.revises or text.title)
    if standing is not None:
        text = replace(
            text,
            question=text.question or standing.text.question,
            scenario=text.scenario or standing.text.scenario,
        )
    if learnings:
        id = await accept_learnings(
            program,
            learnings,
            text,
            into=standing.entry if standing else None,
            revision=standing.revision if standing else 0,
            by=by,
            now=now,
            today=today,
            sent=a_form(),
        )
        standing = await _standing(program, text.title)
    elif standing is None:
        id = await add_entry(program, text, by=by, now=now, today=today, sent=a_form())
    else:
        id = standing.entry
    if standing is not None:
        await change_entry(
            program, id, text, revision=standing.revision, by=by, now=now, today=today, sent=a_form()
        )
    await look_after(
        program,
        id,
        verifier=keepers.get(entry.keeper),
        every_days=entry.verify_days,
        by=by,
        now=now,
        today=today,
    )
    return id


async def publish_edition(program: UUID, edition: int, *, by: UUID, now: datetime) -> UUID:
    """A lead publishes the draft, with what is new in it and which revisions ask something new."""
    found = {entry.text.title: entry.material for entry in entries_of(edition)}
    material = {
        row["id"]: found[row["title"]]
        for row in await fetch(
            "SELECT id, title FROM entry WHERE program = $1 AND title = ANY($2)", program, list(found)
        )
    }
    return await publish(
        program,
        what_is_new(edition),
        by=by,
        now=now,
        today=await _today(program, now),
        sent=a_form(),
        after=edition - 1,
        material=material,
    )


async def make_tracks(program: UUID, *, by: UUID, now: datetime) -> dict[str, UUID]:
    """A lead lays out the four tracks for everybody who comes after the pilot. Answers them by the names of their files."""
    phases = await fetch(
        "SELECT id FROM phase WHERE program = $1 AND position > 0 ORDER BY position", program
    )
    made: dict[str, UUID] = {}
    for track in TRACKS:
        told = track_text(track)
        plan = TrackPlan(
            name=told.name,
            purpose=told.purpose,
            chapters=told.chapters,
            phases=tuple(phase["id"] for phase in phases),
            required=told.required,
            grants=told.grants,
            needs=tuple(made[needed] for needed in told.needs),
            level_from=told.level_from,
            questions_asked=told.questions_asked,
        )
        made[track] = await lay_out_track(program, plan, by=by, now=now, sent=a_form())
    return made


async def keep_fresh(program: UUID, *, by: UUID, now: datetime) -> int:
    """A lead reads the entries again that are due soon, but for the one that is left due. Answers how many they were."""
    today = await _today(program, now)
    left = entry_called(LEFT_DUE)
    due = await fetch(
        "SELECT id, revision FROM entry WHERE program = $1 AND withdrawn_at IS NULL AND title <> $2"
        " AND verified_on + verify_every_days <= $3::date + $4::int ORDER BY position",
        program,
        left.text.title,
        today,
        DUE_SOON_DAYS,
    )
    for entry in due:
        await verify_entry(program, entry["id"], revision=entry["revision"], by=by, now=now, today=today)
    return len(due)


async def _standing(program: UUID, title: str) -> EntryCopy | None:
    row = await fetch_row(
        "SELECT id AS entry, position, revision, chapter, kind, topic, title, body, question, scenario"
        " FROM entry WHERE program = $1 AND title = $2",
        program,
        title,
    )
    return copy_of(row) if row else None


async def _today(program: UUID, now: datetime) -> date:
    zone: str = await fetch_value("SELECT zone FROM program WHERE id = $1", program)
    return now.astimezone(ZoneInfo(zone)).date()
