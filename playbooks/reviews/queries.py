"""What lies beside a learning at the desk: other learnings, and entries of the draft, that speak of the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from playbooks.learnings.queries import LearningView
from playbooks.learnings.rules import LearningState
from playbooks.search.rules import HIT_BEGINS, HIT_ENDS, Piece, pieces
from program.database import fetch, fetch_value
from program.refusals import NotFound
from program.roles.rules import Reader, Role

MOST_SIMILAR = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarLearning:
    """A learning that was sent, with what became of it; `entry_title` is "" where it stands behind none."""

    id: UUID
    lesson: tuple[Piece, ...]
    plain_lesson: str
    state: LearningState
    author_name: str
    entry_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarEntry:
    entry: UUID
    title: tuple[Piece, ...]
    plain_title: str
    chapter: str
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """The nearest first, at most `MOST_SIMILAR` of each."""

    learnings: tuple[SimilarLearning, ...]
    entries: tuple[SimilarEntry, ...]


_ASKED = """
SELECT string_agg('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''', ' | ')
FROM (
  SELECT w.lexeme FROM learning l, unnest(l.searched) AS w (lexeme, positions, weights)
  WHERE l.program = $1 AND l.id = ANY($2) AND length(w.lexeme) > 2
  GROUP BY w.lexeme ORDER BY min(array_to_string(w.weights, '')), w.lexeme LIMIT 60
) AS of_the_learnings
"""
_SHARED = (
    "(SELECT count(*) FROM unnest(tsvector_to_array({table}.searched)) AS word"
    " WHERE $2::tsquery @@ array_to_tsvector(ARRAY[word])) >= 2"
)
_RANK = "ts_rank({table}.searched, $2::tsquery) * CASE WHEN {table}.topic = ANY($3) THEN 1.5 ELSE 1 END"
_LEARNINGS = f"""
SELECT l.id, l.lesson, l.state, a.name AS author_name, e.title AS entry_title,
  ts_headline('english', l.lesson, $2::tsquery, $5) AS marked
FROM (
  SELECT l.*, {_RANK.format(table="l")} AS rank FROM learning l
  WHERE l.program = $1 AND l.searched @@ $2::tsquery AND l.state IN ('submitted', 'accepted', 'declined')
    AND l.id <> ALL($4)
  ORDER BY rank DESC, l.id LIMIT 30
) AS l
JOIN person a ON a.id = l.author
LEFT JOIN entry_learning k ON k.learning = l.id LEFT JOIN entry e ON e.id = k.entry
WHERE {_SHARED.format(table="l")} ORDER BY l.rank DESC, l.id LIMIT {MOST_SIMILAR}
"""
_ENTRIES = f"""
SELECT e.id AS entry, e.title, e.chapter, ts_headline('english', e.title, $2::tsquery, $4) AS marked,
  ts_headline('english', e.body, $2::tsquery, $5) AS excerpt
FROM (
  SELECT e.*, {_RANK.format(table="e")} AS rank FROM entry e
  WHERE e.program = $1 AND e.searched @@ $2::tsquery AND e.withdrawn_at IS NULL
  ORDER BY rank DESC, e.id LIMIT 30
) AS e
WHERE {_SHARED.format(table="e")} ORDER BY e.rank DESC, e.id LIMIT {MOST_SIMILAR}
"""
_WHOLE = f"HighlightAll=true, StartSel={HIT_BEGINS}, StopSel={HIT_ENDS}"
_EXCERPT = f"MaxFragments=1, MaxWords=26, MinWords=14, StartSel={HIT_BEGINS}, StopSel={HIT_ENDS}"


async def similar_to(learnings: Sequence[LearningView], seen_by: Reader) -> Similar:
    """What shares at least two words with these learnings. For leads. Three queries."""
    if Role.LEAD not in seen_by.granted:
        raise NotFound
    ids = [learning.id for learning in learnings]
    asked = await fetch_value(_ASKED, seen_by.program, ids)
    if not asked:
        return Similar(learnings=(), entries=())
    topics = [learning.text.topic.value for learning in learnings if learning.text.topic != "other"]
    others = await fetch(_LEARNINGS, seen_by.program, asked, topics, ids, _WHOLE)
    entries = await fetch(_ENTRIES, seen_by.program, asked, topics, _WHOLE, _EXCERPT)
    return Similar(
        learnings=tuple(map(_learning, others)),
        entries=tuple(map(_entry, entries)),
    )


def _learning(row: Mapping[str, Any]) -> SimilarLearning:
    return SimilarLearning(
        id=row["id"],
        lesson=pieces(row["marked"]),
        plain_lesson=row["lesson"],
        state=LearningState(row["state"]),
        author_name=row["author_name"],
        entry_title=row["entry_title"] or "",
    )


def _entry(row: Mapping[str, Any]) -> SimilarEntry:
    return SimilarEntry(
        entry=row["entry"],
        title=pieces(row["marked"]),
        plain_title=row["title"],
        chapter=row["chapter"],
        excerpt=pieces(row["excerpt"]),
    )
