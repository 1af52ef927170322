"""Laying out tracks, building their modules, and going through them."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from playbooks.assessments.rules import PASS_MARK, QUESTIONS_ASKED, AssessmentRules
from playbooks.certificates.rules import VALID_MONTHS
from playbooks.clearances.rules import Clearance
from playbooks.starting_set.queries import starter_track
from playbooks.tracks.rules import ModuleKind
from program.database import execute, fetch, new_id
from program.words import gettext as _


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
            name=_("Ready to speak: %(phase)s") % {"phase": phase["name"]} if core else starter.name,
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

    A reading for each chapter, then the assessment. Whoever began a track goes on with the modules of the edition
    they began with, which stay.
    """
    tracks = await fetch(
        "UPDATE track SET edition = $2 WHERE program = $1 AND (opens_with IS NULL) = ($3 = 0) RETURNING id",
        program,
        edition,
        number,
    )
    entries = await fetch(
        "SELECT id, chapter, min(position) OVER (PARTITION BY chapter) AS chapter_position FROM edition_entry"
        " WHERE edition = $1 ORDER BY chapter_position, position",
        edition,
    )
    chapters = [
        (chapter, [entry["id"] for entry in found])
        for chapter, found in groupby(entries, key=lambda entry: str(entry["chapter"]))
    ]
    for track in tracks:
        await _build(track["id"], edition, chapters)


async def _build(track: UUID, edition: UUID, chapters: Sequence[tuple[str, list[UUID]]]) -> None:
    readings = [(new_id(), ModuleKind.READING, title) for title, _entries in chapters]
    modules = [*readings, (new_id(), ModuleKind.ASSESSMENT, _("Show what you would do"))]
    await execute(
        "INSERT INTO module (id, track, edition, position, kind, title)"
        " SELECT m.id, $1, $2, m.position, m.kind, m.title"
        " FROM unnest($3::uuid[], $4::int[], $5::text[], $6::text[]) AS m (id, position, kind, title)",
        track,
        edition,
        [id for id, _kind, _title in modules],
        list(range(len(modules))),
        [kind.value for _id, kind, _title in modules],
        [title for _id, _kind, title in modules],
    )
    shown = [
        (module, entry, position)
        for (module, *_rest), (_title, entries) in zip(readings, chapters, strict=True)
        for position, entry in enumerate(entries)
    ]
    await execute(
        "INSERT INTO module_entry (id, module, edition_entry, position)"
        " SELECT unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::uuid[]), unnest($4::int[])",
        [new_id() for _each in shown],
        [module for module, _entry, _position in shown],
        [entry for _module, entry, _position in shown],
        [position for _module, _entry, position in shown],
    )
