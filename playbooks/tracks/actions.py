"""Laying out tracks, building their modules, and going through them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

import asyncpg

from playbooks.assessments.rules import PASS_MARK, QUESTIONS_ASKED, AssessmentRules
from playbooks.certificates.rules import VALID_MONTHS
from playbooks.clearances.rules import Clearance
from playbooks.starting_set.queries import starter_track
from playbooks.tracks.queries import track_of
from playbooks.tracks.rules import Lock, ModuleKind
from playbooks.tracks.words import lock_sentences
from program.database import execute, fetch, fetch_value, new_id, transaction
from program.events.actions import record
from program.refusals import NotFound, Refusal
from program.roles.actions import require_lead
from program.words import gettext as _


class TrackIsLocked(Refusal):
    """`lock` is what is missing, on the day `today`."""

    def __init__(self, lock: Lock, today: date) -> None:
        super().__init__(*lock)
        self.lock, self.today = lock, today

    def sentence(self) -> str:
        return " ".join(lock_sentences(self.lock, self.today))


async def add_default_tracks(program: UUID, now: datetime) -> None:
    """Within a transaction: a track for each phase of a new program's rollout, required to become active there.

    That of the first phase is the starter track; each other opens with the gate before its phase. None has modules
    until it is built from an edition.
    """
    phases = await fetch(
        "SELECT f.id, f.name, g.id AS gate FROM phase f"
        " LEFT JOIN phase before ON before.program = f.program AND before.position = f.position - 1"
        " LEFT JOIN gate g ON g.phase = before.id WHERE f.program = $1 ORDER BY f.position",
        program,
    )
    starter = starter_track()
    for phase in phases:
        core = phase["gate"] is not None
        track = await _add_track(
            program,
            name=_core_name(phase["name"]) if core else starter.name,
            purpose=_(
                "What those before you learned, from the playbook they wrote. Read it, answer a few questions about"
                " situations that will come, and you may speak."
            )
            if core
            else starter.purpose,
            opens_with=phase["gate"],
            now=now,
        )
        await execute(
            "INSERT INTO track_phase (id, track, phase, required) VALUES ($1, $2, $3, true)",
            new_id(),
            track,
            phase["id"],
        )


async def name_after_circles(program: UUID) -> None:
    """Within a transaction: the track that each circle was given bears that circle’s name as it stands."""
    for row in await fetch(
        "SELECT t.id, f.name FROM track t JOIN track_phase p ON p.track = t.id JOIN phase f ON f.id = p.phase"
        " WHERE t.program = $1 AND t.chapters IS NULL AND t.opens_with IS NOT NULL",
        program,
    ):
        await execute("UPDATE track SET name = $2 WHERE id = $1", row["id"], _core_name(row["name"]))


def _core_name(phase: str) -> str:
    return _("Ready to speak: %(phase)s") % {"phase": phase}


async def _add_track(
    program: UUID, *, name: str, purpose: str, opens_with: UUID | None, now: datetime
) -> UUID:
    track, asked = new_id(), AssessmentRules()
    await execute(
        "INSERT INTO track (id, program, name, purpose, opens_with, grants, pass_percent, attempts_allowed, wait_hours,"
        " valid_months, questions_asked, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        track,
        program,
        name,
        purpose,
        opens_with,
        Clearance.SPEAK.value,
        int(PASS_MARK * 100),
        asked.attempts,
        int(asked.wait.total_seconds()) // 3600,
        VALID_MONTHS,
        QUESTIONS_ASKED,
        now,
    )
    return track


async def build_tracks(program: UUID, edition: UUID, number: int) -> None:
    """Within a transaction: edition 0 makes the starter track's modules, every later edition those of the others.

    A track that names its chapters is built from every edition that has the first of them. Whoever began a track goes
    on with the modules of the edition they began with, which stay.
    """
    tracks = await fetch(
        "SELECT id FROM track WHERE program = $1 AND CASE WHEN chapters IS NULL THEN (opens_with IS NULL) = ($2 = 0)"
        " ELSE EXISTS (SELECT FROM edition_entry WHERE edition = $3 AND chapter = chapters[1]) END",
        program,
        number,
        edition,
    )
    for track in tracks:
        await build_track(track["id"], edition)


async def build_track(track: UUID, edition: UUID) -> None:
    """Within a transaction: the track teaches this edition from now on.

    For each of its chapters, in the order in which it names them, a reading, and a scenario for each entry that can be
    played; then the assessment.
    """
    chapters = await fetch_value(
        "UPDATE track SET edition = $2 WHERE id = $1 RETURNING chapters", track, edition
    )
    entries = await fetch(
        "SELECT id, chapter, title, scenario IS NOT NULL AS playable,"
        " coalesce(array_position($2::text[], chapter), min(position) OVER (PARTITION BY chapter)) AS place"
        " FROM edition_entry WHERE edition = $1 AND ($2::text[] IS NULL OR chapter = ANY($2)) ORDER BY place, position",
        edition,
        chapters,
    )
    plan = [
        part
        for chapter, found in groupby(entries, key=lambda entry: str(entry["chapter"]))
        for part in _parts(chapter, tuple(found))
    ]
    await _keep_modules(track, edition, plan)


@dataclass(frozen=True, slots=True)
class _Part:
    """A module to be made, with the entries of the edition that it shows or plays."""

    kind: ModuleKind
    title: str
    entries: tuple[UUID, ...] = ()


def _parts(chapter: str, entries: Sequence[asyncpg.Record]) -> Iterator[_Part]:
    """What is played is not read before: the entry of a scenario is told at its end."""
    read = tuple(entry["id"] for entry in entries if not entry["playable"])
    if read:
        yield _Part(ModuleKind.READING, chapter, read)
    for entry in entries:
        if entry["playable"]:
            yield _Part(ModuleKind.SCENARIO, entry["title"], (entry["id"],))


async def _keep_modules(track: UUID, edition: UUID, plan: Sequence[_Part]) -> None:
    parts = (*plan, _Part(ModuleKind.ASSESSMENT, _("Show what you would do")))
    modules = [(new_id(), part) for part in parts]
    await execute(
        "INSERT INTO module (id, track, edition, position, kind, title)"
        " SELECT m.id, $1, $2, m.position, m.kind, m.title"
        " FROM unnest($3::uuid[], $4::int[], $5::text[], $6::text[]) AS m (id, position, kind, title)",
        track,
        edition,
        [id for id, _part in modules],
        list(range(len(modules))),
        [part.kind.value for _id, part in modules],
        [part.title for _id, part in modules],
    )
    shown = [
        (module, entry, position) for module, part in modules for position, entry in enumerate(part.entries)
    ]
    await execute(
        "INSERT INTO module_entry (id, module, edition_entry, position)"
        " SELECT unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::uuid[]), unnest($4::int[])",
        [new_id() for _each in shown],
        [module for module, _entry, _position in shown],
        [entry for _module, entry, _position in shown],
        [position for _module, _entry, position in shown],
    )


async def begin_track(track: UUID, *, program: UUID, by: UUID, now: datetime, today: date) -> None:
    """From now on the track never locks for this person, and stays on the edition that it is built from today.

    Begun before, it stays as it is. Refused, with the reasons, while it is locked.
    """
    async with transaction():
        own = await track_of(by, program, track, today=today, now=now)
        if own.lock:
            raise TrackIsLocked(own.lock, today)
        begun = await execute(
            "INSERT INTO beginning (id, track, person, edition, begun_at) SELECT $1, t.id, $3, t.edition, $4"
            " FROM track t WHERE t.id = $2 ON CONFLICT (track, person) DO NOTHING",
            new_id(),
            track,
            by,
            now,
        )
        if begun:
            await record(
                "track_begun",
                program=program,
                by=by,
                at=now,
                about=by,
                subject=track,
                facts={"track": own.name},
            )


async def finish_reading(
    module: UUID, *, track: UUID, program: UUID, by: UUID, now: datetime, today: date
) -> None:
    """The person has read this module of a track that they began. Read before, it stays as it is."""
    async with transaction():
        own = await track_of(by, program, track, today=today, now=now)
        reading = next((each for each in own.readings if each.id == module), None)
        if own.begun_at is None or reading is None:
            raise NotFound
        if own.lock:
            raise TrackIsLocked(own.lock, today)
        if await complete_module(module, by=by, now=now):
            await record(
                "reading_finished",
                program=program,
                by=by,
                at=now,
                about=by,
                subject=module,
                facts={"track": own.name, "reading": reading.title},
            )


async def complete_module(module: UUID, *, by: UUID, now: datetime) -> bool:
    """Within a transaction: the person is done with a reading or scenario. Answers whether they were not before."""
    done = await execute(
        "INSERT INTO completion (id, module, person, done_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (module, person) DO NOTHING",
        new_id(),
        module,
        by,
        now,
    )
    return bool(done)


async def change_assessment(
    track: UUID,
    *,
    pass_percent: int,
    attempts_allowed: int,
    wait_hours: int,
    questions_asked: int,
    program: UUID,
    by: UUID,
    now: datetime,
) -> None:
    """A lead decides how a track is proven. Attempts under way keep the pass mark and questions they began with."""
    async with transaction():
        name = await fetch_value("SELECT name FROM track WHERE id = $1 AND program = $2", track, program)
        if name is None:
            raise NotFound
        await require_lead(program, by)
        await execute(
            "UPDATE track SET pass_percent = $2, attempts_allowed = $3, wait_hours = $4, questions_asked = $5"
            " WHERE id = $1",
            track,
            pass_percent,
            attempts_allowed,
            wait_hours,
            questions_asked,
        )
        await record(
            "assessment_changed",
            program=program,
            by=by,
            at=now,
            subject=track,
            facts={
                "track": name,
                "pass_percent": pass_percent,
                "attempts_allowed": attempts_allowed,
                "wait_hours": wait_hours,
                "questions_asked": questions_asked,
            },
        )
