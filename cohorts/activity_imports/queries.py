"""A member's own files of activities: what each says before it is taken in, and what came of it. Nobody else reads them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from cohorts.activities.rules import Kind, Network
from cohorts.activity_files.rules import Format
from cohorts.activity_imports.rules import Fate, State
from program.database import fetch, fetch_row, fetch_value
from program.refusals import NotFound

A_PAGE = 40
MOST_FILES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """A file among others; `came` counts what came of it, once it was taken in."""

    id: UUID
    file_name: str
    format: Format | None
    state: State
    made_at: datetime
    new: int
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """So many lines that are left out or not understood for one reason."""

    fate: Fate
    why: str
    network: Network | None
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column of an own file; `unknown` where nobody said yet what it means."""

    header: str
    meaning: str | None
    unknown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinOf:
    """The post that a line seems to be another id of: a known one, or one of the same file."""

    link: str
    text: str
    done_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a file. Of one that is not understood, `text` is its beginning."""

    line: int
    part: str
    why: str
    kind: Kind | None
    network: Network | None
    link: str
    text: str
    done_on: date | None
    impressions: int | None
    twin: TwinOf | None
    apart: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePage:
    """`left_out`, `headings` and `lines` are there before the file is taken in, `came` after it."""

    id: UUID
    file_name: str
    size: int
    format: Format | None
    state: State
    trouble: str
    part: str
    rows_read: int
    made_at: datetime
    ended_at: datetime | None
    counts: dict[Fate, int]
    left_out: Sequence[LeftOut]
    reactions: int
    headings: Sequence[Heading]
    handle: str
    own_handles: Sequence[str]
    asks_whose: bool
    came: dict[str, int]
    fate: Fate
    lines: Sequence[Line]
    more: bool

    @property
    def to_keep(self) -> int:
        return self.counts[Fate.NEW] + self.counts[Fate.KNOWN] + self.counts[Fate.TWIN]


async def files_of(person: UUID, *, program: UUID) -> list[FileLine]:
    """A member's newest files, the newest first; those that were given up are gone. One query."""
    rows = await fetch(
        "SELECT id, file_name, format, state, made_at, summary -> 'came' AS came FROM activity_import"
        " WHERE person = $1 AND program = $2 AND state <> 'given_up' ORDER BY made_at DESC LIMIT $3",
        person,
        program,
        MOST_FILES,
    )
    return [_file_line(row) for row in rows]


async def file_page(
    activity_import: UUID, *, person: UUID, program: UUID, fate: Fate | None = None, after: int = 0
) -> FilePage:
    """A member's own file, and the lines of it that meet one fate, those after that line. Two queries."""
    row = await fetch_row(
        "SELECT * FROM activity_import WHERE id = $1 AND person = $2 AND program = $3 AND state <> 'given_up'",
        activity_import,
        person,
        program,
    )
    if row is None:
        raise NotFound
    summary = json.loads(row["summary"])
    counts = {each: summary.get("counts", {}).get(each.value, 0) for each in Fate}
    shown = fate or next((each for each in Fate if counts[each]), Fate.NEW)
    lines = await _lines(activity_import, shown, after) if counts[shown] else []
    return FilePage(
        id=row["id"],
        file_name=row["file_name"],
        size=row["size"],
        format=Format(row["format"]) if row["format"] else None,
        state=State(row["state"]),
        trouble=row["trouble"] or "",
        part=summary.get("part", ""),
        rows_read=row["rows_read"],
        made_at=row["made_at"],
        ended_at=row["ended_at"],
        counts=counts,
        left_out=[_left_out(*each) for each in summary.get("left_out", ())],
        reactions=summary.get("reactions", 0),
        headings=[
            Heading(header=header, meaning=meaning, unknown=unknown)
            for header, meaning, unknown in summary.get("columns", ())
        ],
        handle=row["handle"] or "",
        own_handles=summary.get("own_handles", ()),
        asks_whose=summary.get("asks_whose", False),
        came=summary.get("came", {}),
        fate=shown,
        lines=lines[:A_PAGE],
        more=len(lines) > A_PAGE,
    )


async def _lines(activity_import: UUID, fate: Fate, after: int) -> list[Line]:
    rows = await fetch(
        "SELECT r.*, COALESCE(a.link, t.link) AS twin_link, COALESCE(a.text, t.text) AS twin_text,"
        " COALESCE(a.done_on, t.done_on) AS twin_on FROM activity_import_row r"
        " LEFT JOIN activity a ON a.cohort = r.cohort AND a.id = r.twin"
        " LEFT JOIN activity_import_row t ON r.twin IS NOT NULL AND t.activity_import = r.activity_import AND t.id = r.twin"
        " WHERE r.activity_import = $1 AND r.fate = $2 AND r.line > $3 ORDER BY r.line LIMIT $4",
        activity_import,
        fate.value,
        after,
        A_PAGE + 1,
    )
    return [_line(row) for row in rows]


def _line(row: asyncpg.Record) -> Line:
    twin = None
    if row["twin_on"] is not None:
        twin = TwinOf(link=row["twin_link"] or "", text=row["twin_text"] or "", done_on=row["twin_on"])
    return Line(
        line=row["line"],
        part=row["part"] or "",
        why=row["why"] or "",
        kind=Kind(row["kind"]) if row["kind"] else None,
        network=Network(row["network"]) if row["network"] else None,
        link=row["link"] or "",
        text=row["text"] or "",
        done_on=row["done_on"],
        impressions=row["impressions"],
        twin=twin,
        apart=row["apart"],
    )


def _left_out(fate: str, why: str, network: str | None, lines: int) -> LeftOut:
    return LeftOut(fate=Fate(fate), why=why, network=Network(network) if network else None, lines=lines)


def _file_line(row: Any) -> FileLine:
    came = json.loads(row["came"] or "{}")
    return FileLine(
        id=row["id"],
        file_name=row["file_name"],
        format=Format(row["format"]) if row["format"] else None,
        state=State(row["state"]),
        made_at=row["made_at"],
        new=came.get("new", 0) + came.get("reactions", 0),
        known=came.get("known", 0),
    )


async def files_waiting() -> int:
    """How many files, of everybody, wait for a worker to read them or to take them in."""
    count: int = await fetch_value(
        "SELECT count(*) FROM activity_import WHERE state IN ('sent', 'confirmed')"
    )
    return count
