"""Learnings, as their authors, cohorts, coaches and leads see them, with what became of each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from playbooks.entries.rules import EntryTopic
from playbooks.learnings.rules import (
    Channel,
    Faced,
    LearningFacts,
    LearningKind,
    LearningState,
    LearningText,
    may_name,
    may_read,
    shared_cohorts,
)
from program.database import fetch, fetch_row, fetch_value
from program.refusals import NotFound
from program.roles.rules import Reader, Role

MOST_LISTED = 200
FEWEST_SHOWN = 5
MOST_NEWS = 3
NEWS_LASTS = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What a lead last made of a learning."""

    outcome: str
    note: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindEntry:
    """The entry that a learning stands behind, and the numbers of the editions that carried it there."""

    entry: UUID
    title: str
    editions: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """A track that teaches an entry as an edition carried it. `passed` is None where so few passed that it would tell who."""

    edition: int
    track_name: str
    passed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningView:
    """A learning that the reader may read. `author_name` is None where the author did not agree to be named."""

    id: UUID
    state: LearningState
    text: LearningText
    own: bool
    author_name: str | None
    pilot: bool
    cohort_name: str
    made_at: datetime
    submitted_at: datetime | None
    reviewed: Reviewed | None
    entry: BehindEntry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits at the desk, in the order asked for, at most `MOST_LISTED`; `count` is all of it."""

    learnings: tuple[LearningView, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """How many learnings stand behind an entry, and those that the reader may read; `pilot`: all from pilot members."""

    count: int
    pilot: bool
    readable: tuple[LearningView, ...]


_LEARNINGS = (
    "SELECT l.*, a.name AS author_name, c.name AS cohort_name, f.position = 0 AS pilot,"
    " r.outcome AS review_outcome, r.note, r.reviewed_at, reviewer.name AS reviewer_name,"
    " e.id AS entry, e.title AS entry_title,"
    " ARRAY(SELECT d.number FROM edition_entry p JOIN edition d ON d.id = p.edition"
    "   WHERE p.entry = e.id AND d.published_at >= k.linked_at ORDER BY d.number) AS editions"
    " FROM learning l JOIN person a ON a.id = l.author JOIN cohort c ON c.id = l.cohort JOIN phase f ON f.id = c.phase"
    " LEFT JOIN LATERAL (SELECT * FROM review WHERE learning = l.id ORDER BY reviewed_at DESC, id DESC LIMIT 1) r"
    "   ON true"
    " LEFT JOIN person reviewer ON reviewer.id = r.reviewed_by"
    " LEFT JOIN entry_learning k ON k.learning = l.id LEFT JOIN entry e ON e.id = k.entry"
    " WHERE l.program = $1"
)
_TAUGHT = (
    "SELECT n.entry, d.number, t.name AS track_name, count(DISTINCT c.person) AS passed"
    " FROM edition_entry n JOIN edition d ON d.id = n.edition JOIN module_entry e ON e.edition_entry = n.id"
    " JOIN module m ON m.id = e.module JOIN track t ON t.id = m.track"
    " LEFT JOIN certificate c ON c.track = t.id AND c.edition = m.edition"
    " WHERE n.entry = ANY($1) GROUP BY n.entry, d.number, t.id, t.name ORDER BY d.number,"
    " (SELECT min(f.position) FROM track_phase p JOIN phase f ON f.id = p.phase WHERE p.track = t.id), t.name"
)
_AS_ACCEPTED = "ORDER BY k.linked_at, k.id"


async def notebook(seen_by: Reader) -> tuple[LearningView, ...]:
    """The reader's own learnings in the program: what came back to them, then drafts, then the rest, each newest first."""
    rows = await fetch(
        f"{_LEARNINGS} AND l.author = $2 ORDER BY CASE l.state WHEN 'returned' THEN 0 WHEN 'draft' THEN 1 ELSE 2 END,"
        f" l.made_at DESC, l.id DESC LIMIT {MOST_LISTED}",
        seen_by.program,
        seen_by.person,
    )
    return _readable(rows, seen_by)


async def lately_decided(seen_by: Reader, *, now: datetime) -> tuple[LearningView, ...]:
    """What a lead accepted or declined of the reader's own in the last `NEWS_LASTS`, newest first, a few at most."""
    rows = await fetch(
        f"{_LEARNINGS} AND l.author = $2 AND l.state IN ('accepted', 'declined') AND r.reviewed_at > $3"
        f" ORDER BY r.reviewed_at DESC, l.id DESC LIMIT {MOST_NEWS}",
        seen_by.program,
        seen_by.person,
        now - NEWS_LASTS,
    )
    return _readable(rows, seen_by)


async def cohort_learnings(seen_by: Reader) -> tuple[LearningView, ...]:
    """What the reader's own and coached cohorts sent to the desk, newest first, without what was declined."""
    rows = await fetch(
        f"{_LEARNINGS} AND l.cohort = ANY($2) AND l.state IN ('submitted', 'accepted')"
        f" ORDER BY l.submitted_at DESC, l.id DESC LIMIT {MOST_LISTED}",
        seen_by.program,
        list(shared_cohorts(seen_by)),
    )
    return _readable(rows, seen_by)


async def readable_learnings(
    seen_by: Reader, *, states: Sequence[LearningState], only_own: bool, after: UUID | None, most: int
) -> tuple[LearningView, ...]:
    """All that the reader may read in the program, in one of the states or in any where none is named: newest first, at most
    `most`; those after `after` in that order.
    """
    rows = await fetch(
        f"{_LEARNINGS} AND (l.author = $2 OR NOT $4 AND (l.state IN ('submitted', 'accepted') AND l.cohort = ANY($5)"
        "   OR $6 AND l.state IN ('submitted', 'accepted', 'declined')))"
        " AND ($3::text[] = '{}' OR l.state = ANY($3)) AND ($7::uuid IS NULL OR l.id < $7) ORDER BY l.id DESC LIMIT $8",
        seen_by.program,
        seen_by.person,
        [state.value for state in states],
        only_own,
        list(shared_cohorts(seen_by)),
        Role.LEAD in seen_by.granted,
        after,
        most,
    )
    return _readable(rows, seen_by)


async def learning_view(learning: UUID, seen_by: Reader) -> LearningView:
    """One learning. `NotFound` where the reader may not read it."""
    row = await fetch_row(f"{_LEARNINGS} AND l.id = $2", seen_by.program, learning)
    if row is None or not may_read(_facts(row), seen_by):
        raise NotFound
    return _view(row, seen_by)


async def taught(learnings: Sequence[LearningView]) -> Mapping[UUID, tuple[Taught, ...]]:
    """By entry, the tracks that teach it since one of these learnings stands behind it. One query, none for no entry."""
    editions = {each.entry.entry: each.entry.editions for each in learnings if each.entry}
    if not editions:
        return {}
    rows = await fetch(_TAUGHT, list(editions))
    found: dict[UUID, list[Taught]] = defaultdict(list)
    for row in rows:
        if row["number"] in editions[row["entry"]]:
            passed = row["passed"] if row["passed"] >= FEWEST_SHOWN else None
            found[row["entry"]].append(
                Taught(edition=row["number"], track_name=row["track_name"], passed=passed)
            )
    return {entry: tuple(tracks) for entry, tracks in found.items()}


async def waiting_learnings(seen_by: Reader, *, newest_first: bool = False) -> Waiting:
    """What waits at the desk, oldest or newest first. For leads."""
    if Role.LEAD not in seen_by.granted:
        raise NotFound
    order = "l.submitted_at DESC, l.id DESC" if newest_first else "l.submitted_at, l.id"
    rows = await fetch(
        f"{_LEARNINGS} AND l.state = 'submitted' ORDER BY {order} LIMIT {MOST_LISTED}",
        seen_by.program,
    )
    count = len(rows) if len(rows) < MOST_LISTED else await _count_waiting(seen_by.program)
    return Waiting(learnings=_readable(rows, seen_by), count=count)


async def learnings_at_the_desk(learnings: Sequence[UUID], seen_by: Reader) -> tuple[LearningView, ...]:
    """These, in this order, as a lead reviews them: sent once, whatever became of them since."""
    rows = await fetch(
        f"{_LEARNINGS} AND l.id = ANY($2) AND l.state <> 'draft' ORDER BY array_position($2, l.id)",
        seen_by.program,
        list(learnings),
    )
    found = tuple(_view(row, seen_by) for row in rows)
    if Role.LEAD not in seen_by.granted or len(found) != len(set(learnings)):
        raise NotFound
    return found


async def accepted_learnings(cohorts: Sequence[UUID], seen_by: Reader) -> tuple[LearningView, ...]:
    """What was accepted from these cohorts, newest first, as far as the reader may read it."""
    rows = await fetch(
        f"{_LEARNINGS} AND l.cohort = ANY($2) AND l.state = 'accepted'"
        f" ORDER BY r.reviewed_at DESC, l.id DESC LIMIT {MOST_LISTED}",
        seen_by.program,
        list(cohorts),
    )
    return _readable(rows, seen_by)


async def learnings_behind(entries: Sequence[UUID], seen_by: Reader) -> Mapping[UUID, Behind]:
    """By entry of the draft, the learnings that stand behind it, oldest first. Entries with none are missing."""
    rows = await fetch(f"{_LEARNINGS} AND k.entry = ANY($2) {_AS_ACCEPTED}", seen_by.program, list(entries))
    by_entry: dict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_entry[row["entry"]].append(row)
    return {entry: _behind(found, seen_by) for entry, found in by_entry.items()}


async def learnings_published_in(entry: UUID, seen_by: Reader) -> Behind:
    """The learnings that stand behind an entry and went with it into an edition, oldest first."""
    found = await learnings_published(seen_by, entries=[entry])
    return found.get(entry) or _behind((), seen_by)


async def learnings_published(seen_by: Reader, *, entries: Sequence[UUID]) -> Mapping[UUID, Behind]:
    """The same for several entries at once; those with none are missing. One query."""
    rows = await fetch(f"{_LEARNINGS} AND k.entry = ANY($2) {_AS_ACCEPTED}", seen_by.program, list(entries))
    by_entry: dict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["editions"]:
            by_entry[row["entry"]].append(row)
    return {entry: _behind(found, seen_by) for entry, found in by_entry.items()}


def _behind(rows: Sequence[Mapping[str, Any]], seen_by: Reader) -> Behind:
    return Behind(count=len(rows), pilot=all(row["pilot"] for row in rows), readable=_readable(rows, seen_by))


async def _count_waiting(program: UUID) -> int:
    count: int = await fetch_value(
        "SELECT count(*) FROM learning WHERE program = $1 AND state = 'submitted'", program
    )
    return count


def _readable(rows: Sequence[Mapping[str, Any]], seen_by: Reader) -> tuple[LearningView, ...]:
    return tuple(_view(row, seen_by) for row in rows if may_read(_facts(row), seen_by))


def _facts(row: Mapping[str, Any]) -> LearningFacts:
    return LearningFacts(
        author=row["author"], cohort=row["cohort"], state=LearningState(row["state"]), named=row["named"]
    )


def _view(row: Mapping[str, Any], seen_by: Reader) -> LearningView:
    return LearningView(
        id=row["id"],
        state=LearningState(row["state"]),
        text=_text(row),
        own=row["author"] == seen_by.person,
        author_name=row["author_name"] if may_name(_facts(row), seen_by) else None,
        pilot=row["pilot"],
        cohort_name=row["cohort_name"],
        made_at=row["made_at"],
        submitted_at=row["submitted_at"],
        reviewed=_reviewed(row),
        entry=_entry(row),
    )


def _text(row: Mapping[str, Any]) -> LearningText:
    return LearningText(
        kind=LearningKind(row["kind"]),
        topic=EntryTopic(row["topic"]),
        lesson=row["lesson"],
        situation=row["situation"] or "",
        conversation=row["conversation"] or "",
        what_i_did=row["what_i_did"] or "",
        resources=row["resources"] or "",
        outcome=row["outcome"] or "",
        channel=Channel(row["channel"]) if row["channel"] else None,
        faced=tuple(Faced(faced) for faced in row["faced"]),
        named=row["named"],
    )


def _reviewed(row: Mapping[str, Any]) -> Reviewed | None:
    if row["review_outcome"] is None:
        return None
    return Reviewed(
        outcome=row["review_outcome"],
        note=row["note"] or "",
        by_name=row["reviewer_name"],
        at=row["reviewed_at"],
    )


def _entry(row: Mapping[str, Any]) -> BehindEntry | None:
    if row["entry"] is None:
        return None
    return BehindEntry(entry=row["entry"], title=row["entry_title"], editions=tuple(row["editions"]))
