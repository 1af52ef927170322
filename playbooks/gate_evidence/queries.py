"""What the playbook shows for what a gate asks of it: entries by topic, and the learnings behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cohorts.criteria.rules import Topic
from playbooks.entries.queries import MAY_READ_THE_DRAFT
from playbooks.learnings.queries import LearningView, accepted_learnings
from program.database import fetch
from program.roles.rules import Reader, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicLine:
    """A required topic with the entries of the newest edition about it, and what is on its way to become one.

    `drafted` and `waiting` (learnings at the desk) are for those who may see them; else nothing is told of either.
    """

    topic: Topic
    entries: tuple[tuple[UUID, str], ...]
    drafted: tuple[tuple[UUID, str], ...]
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """An entry of the newest edition, with how many of the learnings asked about stand behind it."""

    entry: UUID
    title: str
    learnings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningsEvidence:
    """What became of the learnings accepted from some cohorts, and those of them that the reader may read."""

    entries: tuple[EntryLine, ...]
    readable: tuple[LearningView, ...]


async def topic_lines(seen_by: Reader) -> list[TopicLine]:
    """What the playbook has about each required topic. Three queries."""
    published = await fetch(
        "SELECT c.topic, c.entry, c.title FROM edition_entry c"
        " WHERE c.edition = (SELECT id FROM edition WHERE program = $1 ORDER BY number DESC LIMIT 1)"
        " ORDER BY c.position",
        seen_by.program,
    )
    known = {row["entry"] for row in published}
    drafted = []
    if seen_by.is_any(*MAY_READ_THE_DRAFT):
        drafted = await fetch(
            "SELECT e.topic, e.id AS entry, e.title FROM entry e WHERE e.program = $1 AND e.withdrawn_at IS NULL"
            " ORDER BY e.position",
            seen_by.program,
        )
    waiting = await waiting_by_topic(seen_by)
    return [
        TopicLine(
            topic=topic,
            entries=tuple((row["entry"], row["title"]) for row in published if row["topic"] == topic),
            drafted=tuple(
                (row["entry"], row["title"])
                for row in drafted
                if row["topic"] == topic and row["entry"] not in known
            ),
            waiting=waiting.get(topic.value, 0),
        )
        for topic in Topic
    ]


async def waiting_by_topic(seen_by: Reader) -> dict[str, int]:
    """How many learnings wait at the desk, by topic. For leads; nothing for others."""
    if Role.LEAD not in seen_by.roles:
        return {}
    rows = await fetch(
        "SELECT topic, count(*) AS count FROM learning WHERE program = $1 AND state = 'submitted' GROUP BY topic",
        seen_by.program,
    )
    return {row["topic"]: row["count"] for row in rows}


async def learnings_evidence(cohorts: Sequence[UUID], seen_by: Reader) -> LearningsEvidence:
    """What the learnings accepted from these cohorts became."""
    rows = await fetch(
        "SELECT c.entry, c.title, count(*) AS learnings FROM learning l JOIN entry_learning k ON k.learning = l.id"
        " JOIN edition_entry c ON c.entry = k.entry"
        " WHERE l.program = $1 AND l.cohort = ANY($2) AND l.state = 'accepted'"
        "  AND c.edition = (SELECT id FROM edition WHERE program = $1 ORDER BY number DESC LIMIT 1)"
        " GROUP BY c.entry, c.title, c.position ORDER BY c.position",
        seen_by.program,
        list(cohorts),
    )
    return LearningsEvidence(
        entries=tuple(
            EntryLine(entry=row["entry"], title=row["title"], learnings=row["learnings"]) for row in rows
        ),
        readable=await accepted_learnings(cohorts, seen_by),
    )
