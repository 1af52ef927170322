"""Finding entries of the newest edition, and of the draft, by their words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from playbooks.entries.queries import MAY_READ_THE_DRAFT
from playbooks.search.rules import HIT_BEGINS, HIT_ENDS, Asked, Piece, pieces, what_is_asked
from program.database import fetch
from program.roles.rules import Reader, Role

SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An entry that has the words, with what of it to show."""

    entry: UUID
    kind: str
    chapter: str
    title: tuple[Piece, ...]
    words: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """`entries` are the best, `count` all that there are. `some_words`: no entry has all of them, these have some.

    `in_draft` is what the draft says differently from the newest edition, for those who may read it.
    """

    asked: str
    entries: tuple[Found, ...]
    count: int
    some_words: bool
    in_draft: tuple[Found, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAsk:
    """Somebody who can be asked instead."""

    name: str
    email: str


_ASKED = """
WITH typed AS (
  SELECT websearch_to_tsquery('english', $2) AS whole, to_tsquery('english', $3) AS stem, to_tsquery('simple', $3) AS word
), asked AS (
  SELECT CASE WHEN numnode(stem) > 0 THEN whole && (stem || word) WHEN numnode(whole) > 0 THEN whole ELSE word END AS q
  FROM typed
), query AS (SELECT CASE WHEN $4 THEN replace(q::text, ' & ', ' | ')::tsquery ELSE q END AS q FROM asked),
hits AS (
  SELECT e.*, ts_rank_cd(e.searched, query.q, 4) AS rank, count(*) OVER () AS found, query.q FROM query, {entries}
    AND numnode(query.q) > 0 AND e.searched @@ query.q
), best AS (SELECT * FROM hits ORDER BY rank DESC, position LIMIT $5)
SELECT entry, kind, chapter, found,
  ts_headline('english', title, q, $6 || ',HighlightAll=true') AS title,
  ts_headline('english', regexp_replace(body, '\\[([^\\]]*)\\]\\([^)]*\\)|[*`]+|^[>#\\s]+', '\\1', 'gn'), q,
    $6 || ',MaxFragments=2,MaxWords=28,MinWords=12,FragmentDelimiter=" … "') AS words
FROM best ORDER BY rank DESC, position
"""
_PUBLISHED = _ASKED.format(
    entries="edition_entry e WHERE e.edition = (SELECT id FROM edition WHERE program = $1 ORDER BY number DESC LIMIT 1)"
)
_DRAFTED = _ASKED.format(
    entries="(SELECT d.id AS entry, d.* FROM entry d WHERE d.program = $1 AND d.withdrawn_at IS NULL"
    " AND NOT EXISTS (SELECT FROM edition_entry p WHERE p.entry = d.id AND p.revision = d.revision"
    "  AND p.edition = (SELECT id FROM edition WHERE program = $1 ORDER BY number DESC LIMIT 1))) e WHERE true"
)
_MARKS = f"StartSel={HIT_BEGINS},StopSel={HIT_ENDS}"


async def findings(typed: str, seen_by: Reader) -> Findings:
    """What the newest edition, and for those who may read it the draft, says with these words. For everyone."""
    asked = what_is_asked(typed)
    rows = await _rows(_PUBLISHED, asked, seen_by, some_words=False)
    some_words = not rows
    if some_words:
        rows = await _rows(_PUBLISHED, asked, seen_by, some_words=True)
    drafted = []
    if seen_by.is_any(*MAY_READ_THE_DRAFT):
        drafted = await _rows(_DRAFTED, asked, seen_by, some_words=False)
    return Findings(
        asked=typed,
        entries=tuple(_found(row) for row in rows),
        count=rows[0]["found"] if rows else 0,
        some_words=some_words and bool(rows),
        in_draft=tuple(_found(row) for row in drafted),
    )


async def whom_to_ask(seen_by: Reader) -> tuple[ToAsk, ...]:
    """The leads of the program, who answer what the playbook does not say yet. For everyone."""
    rows = await fetch(
        "SELECT p.name, p.email FROM role_grant g JOIN person p ON p.id = g.person"
        " WHERE g.program = $1 AND g.role = $2 AND g.revoked_at IS NULL AND p.id <> $3 ORDER BY lower(p.name), p.id",
        seen_by.program,
        Role.LEAD.value,
        seen_by.person,
    )
    return tuple(ToAsk(name=row["name"], email=row["email"]) for row in rows)


async def _rows(sql: str, asked: Asked, seen_by: Reader, *, some_words: bool) -> list[Any]:
    beginning = "'" + asked.beginning.replace("'", "''") + "':*" if asked.beginning else ""
    return await fetch(sql, seen_by.program, asked.whole, beginning, some_words, SHOWN, _MARKS)


def _found(row: Mapping[str, Any]) -> Found:
    return Found(
        entry=row["entry"],
        kind=row["kind"],
        chapter=row["chapter"],
        title=pieces(row["title"]),
        words=pieces(row["words"]),
    )
