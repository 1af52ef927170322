"""The draft of the playbook, as those who may read it see it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from playbooks.assessments.rules import Question, question_document, question_of
from playbooks.entries.rules import Chapter, EntryCopy, EntryKind, EntryText, EntryTopic, chapters_of
from playbooks.scenarios.rules import Scenario, scenario_document, scenario_of
from program.database import fetch, fetch_row
from program.refusals import NotFound
from program.roles.rules import Reader, Role

MAY_READ_THE_DRAFT = (Role.LEAD, Role.COACH, Role.PILOT_MEMBER)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftEntry:
    """An entry as the draft has it. `newest_edition` is the newest that carries it, None where none does."""

    copy: EntryCopy
    withdrawn: bool
    learnings: int
    newest_edition: int | None
    verified_on: date
    verify_every_days: int
    verifier: UUID | None
    verifier_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    chapters: tuple[Chapter[DraftEntry], ...]
    withdrawn: tuple[DraftEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestChange:
    """Whose an entry's newest revision is, and when it was made."""

    by_name: str
    at: datetime


def text_of(row: Mapping[str, Any]) -> EntryText:
    """What a row of `entry`, `revision` or `edition_entry` says."""
    return EntryText(
        chapter=row["chapter"],
        kind=EntryKind(row["kind"]),
        topic=EntryTopic(row["topic"]),
        title=row["title"],
        body=row["body"],
        question=question_of(json.loads(row["question"])) if row["question"] else None,
        scenario=scenario_of(json.loads(row["scenario"])) if row["scenario"] else None,
    )


def question_json(question: Question | None) -> str | None:
    """A question as a column keeps it."""
    return None if question is None else json.dumps(question_document(question))


def scenario_json(scenario: Scenario | None) -> str | None:
    """A scenario as a column keeps it."""
    return None if scenario is None else json.dumps(scenario_document(scenario))


def copy_of(row: Mapping[str, Any]) -> EntryCopy:
    """The copy in a row that names its `entry`."""
    return EntryCopy(
        entry=row["entry"], position=row["position"], revision=row["revision"], text=text_of(row)
    )


_DRAFT_ENTRIES = (
    "SELECT e.id AS entry, e.position, e.revision, e.chapter, e.kind, e.topic, e.title, e.body, e.question, e.scenario,"
    " e.withdrawn_at IS NOT NULL AS withdrawn,"
    " (SELECT count(*) FROM entry_learning l WHERE l.entry = e.id) AS learnings,"
    " (SELECT max(d.number) FROM edition_entry c JOIN edition d ON d.id = c.edition WHERE c.entry = e.id)"
    "   AS newest_edition,"
    " e.verified_on, e.verify_every_days, e.verifier, v.name AS verifier_name"
    " FROM entry e LEFT JOIN person v ON v.id = e.verifier WHERE e.program = $1"
)


async def draft(seen_by: Reader) -> Draft:
    """The whole draft. For leads, coaches and pilot members."""
    if not seen_by.is_any(*MAY_READ_THE_DRAFT):
        raise NotFound
    rows = await fetch(_DRAFT_ENTRIES, seen_by.program)
    entries = [_draft_entry(row) for row in rows]
    return Draft(
        chapters=chapters_of(entry for entry in entries if not entry.withdrawn),
        withdrawn=tuple(entry for entry in entries if entry.withdrawn),
    )


async def draft_entry(entry: UUID, seen_by: Reader) -> DraftEntry:
    """One entry of the draft, also a withdrawn one. For leads."""
    row = await fetch_row(f"{_DRAFT_ENTRIES} AND e.id = $2", seen_by.program, entry)
    if row is None or not seen_by.is_any(Role.LEAD):
        raise NotFound
    return _draft_entry(row)


async def draft_copies(program: UUID) -> tuple[EntryCopy, ...]:
    """The entries of the draft in the order in which they are read, without those withdrawn."""
    rows = await fetch(
        "SELECT id AS entry, chapter, kind, topic, title, body, question, scenario, revision, position,"
        " min(position) OVER (PARTITION BY chapter) AS chapter_position"
        " FROM entry WHERE program = $1 AND withdrawn_at IS NULL ORDER BY chapter_position, position",
        program,
    )
    return tuple(copy_of(row) for row in rows)


async def latest_change(entry: UUID) -> LatestChange:
    """Within an action, or for a reader who may see the entry."""
    row = await fetch_row(
        "SELECT p.name, r.made_at FROM revision r JOIN person p ON p.id = r.made_by"
        " WHERE r.entry = $1 ORDER BY r.number DESC LIMIT 1",
        entry,
    )
    if row is None:
        raise LookupError("an entry has revisions from its beginning")
    return LatestChange(by_name=row["name"], at=row["made_at"])


def _draft_entry(row: Mapping[str, Any]) -> DraftEntry:
    return DraftEntry(
        copy=copy_of(row),
        withdrawn=row["withdrawn"],
        learnings=row["learnings"],
        newest_edition=row["newest_edition"],
        verified_on=row["verified_on"],
        verify_every_days=row["verify_every_days"],
        verifier=row["verifier"],
        verifier_name=row["verifier_name"],
    )
