"""LinkedIn's archive: what a member shared, said below posts, reposted and liked."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import islice

from cohorts.activities.rules import Kind, Network
from cohorts.activity_files.cells import moment_of_iso
from cohorts.activity_files.lines import LONGEST_RECORD, cells_of, lines_in, text_in, undecodable
from cohorts.activity_files.links import post_of
from cohorts.activity_files.parts import Part
from cohorts.activity_files.rules import Found, Row, Why, clean, not_understood

_BEGINS = re.compile(r'"?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?: UTC)?"?,')
_STAND_IN = (
    "\ue000"  # for an escaped quotation mark while the others are matched; of private use, so in no text
)
_WRAPPED_BREAK = '"\n"'
_BARE_BREAK = re.compile('(?<!")\n|\n(?!")')
_MOST_BEGINNINGS_IN_A_TEXT = 5
_PLAIN_CELL = (
    r'(?:"[^"\n]*"|[^",(\n]*(?:\([^()"\n]*\)[^",(\n]*)*)'  # a comma may stand within the parentheses of a URN
)
_SINGLY_WRAPPED = re.compile('[^"\n]"\n')


class Table(Enum):
    """The parts of the archive that tell of activities, by the headings they begin with."""

    SHARES = ("date", "sharelink", "sharecommentary")
    COMMENTS = ("date", "link", "message")
    REACTIONS = ("date", "type", "link")
    REPOSTS = ("date", "link")


@dataclass(frozen=True, slots=True)
class _Entry:
    """The cells of an entry in the order of the headings, or why they cannot be told apart."""

    text: str
    cells: list[str]
    why: Why | None = None


def table_headed(headings: Iterable[str]) -> Table | None:
    """The table with these headings. Those of reposts say little: outside of an archive they may head anything."""
    names = tuple(name.strip().lower() for name in headings)
    return next((table for table in Table if names[: len(table.value)] == table.value), None)


def linkedin_rows(parts: Iterable[tuple[Part, Table]]) -> Iterator[Row]:
    line = 0
    for part, table in parts:
        wrapped = table is Table.SHARES and _wraps_line_breaks(part)
        for entry in _entries(part):
            line += 1
            yield _row(line, part.name, table, entry, wrapped)


def as_written(text: str, *, wrapped: bool) -> str:
    """A commentary without the quotation marks that the export adds around line breaks, and at times at the end."""
    if "\n" in text and (wrapped or _surely_wrapped(text)):
        text = text.replace(_WRAPPED_BREAK, "\n")
        if text.endswith('"') and text.count('"') % 2:
            text = text[:-1]
    return text if text.strip('" \n') else ""


def _surely_wrapped(text: str) -> bool:
    return not _BARE_BREAK.search(text) and text.partition("\n")[0].count('"') % 2 == 1


def _wraps_line_breaks(part: Part) -> bool:
    """Whether every line break of the file's texts stands within quotation marks: one that does not shows that none do."""
    place = Table.SHARES.value.index("sharecommentary")
    return not any(
        _BARE_BREAK.search(entry.cells[place])
        for entry in _entries(part, only_of_several_lines=True)
        if entry.why is None
    )


def _row(line: int, part: str, table: Table, entry: _Entry, wrapped: bool) -> Row:
    if entry.why:
        return not_understood(line, part, entry.why, entry.text)
    cells = dict(zip(table.value, entry.cells, strict=False))
    done_at = moment_of_iso(cells["date"])
    if done_at is None:
        return not_understood(line, part, Why.NO_DATE, entry.text)
    link = clean(cells.get("link") or cells.get("sharelink") or "").strip()
    post = post_of(link) if link else None
    if link and post is None:
        return not_understood(line, part, Why.NO_SUCH_LINK, entry.text)
    text = as_written(cells.get("sharecommentary") or cells.get("message") or "", wrapped=wrapped)
    if not link and not text:
        return not_understood(line, part, Why.NO_LINK, entry.text)
    kind, post_id = _kind_and_id(table, post.id if post else "", text, done_at)
    return Found(
        line=line,
        part=part,
        kind=kind,
        network=Network.LINKEDIN,
        post_id=post_id,
        link=link or None,
        text=clean(text),
        done_at=done_at,
        done_on=None,
    )


def _kind_and_id(table: Table, post: str, text: str, done_at: datetime) -> tuple[Kind, str]:
    """What has no id of its own is known by the post it is about and its second."""
    second = int(done_at.timestamp())
    match table:
        case Table.SHARES:
            return Kind.POST if text else Kind.SHARE, post or f"share@{second}"
        case Table.COMMENTS:
            return Kind.REPLY, post if post.startswith("comment:") else f"comment-on:{post}@{second}"
        case Table.REACTIONS:
            return Kind.REACTION, f"reaction-to:{post}@{second}"
        case Table.REPOSTS:
            return Kind.SHARE, f"repost-of:{post}@{second}"


def _entries(part: Part, *, only_of_several_lines: bool = False) -> Iterator[_Entry]:
    """The entries below the header. Each begins with a moment on a new line, whatever became of its quotation marks."""
    with text_in(part) as text:
        lines = lines_in(text)
        width = len(next(lines).split(","))
        pieces = _pieces(lines)
        ahead: deque[str] = deque()
        while (piece := ahead.popleft() if ahead else next(pieces, None)) is not None:
            if only_of_several_lines and piece.find("\n") in (-1, len(piece) - 1):
                continue
            cells = _cells(piece, width)
            if cells is None and '"' in piece:
                cells, taken = _with_beginnings_in_its_text(piece, ahead, pieces, width)
                piece += "".join(ahead.popleft() for _ in range(taken))
            if cells is None:
                cells = _told_apart_by_place(piece, width)
            yield _entry(piece, cells, is_last=not ahead and not piece.endswith("\n"))


def _entry(piece: str, cells: list[str] | None, *, is_last: bool) -> _Entry:
    if undecodable(piece):
        return _Entry(piece, [], Why.BROKEN_CHARACTERS)
    if cells is not None:
        return _Entry(piece, cells)
    if len(piece) >= LONGEST_RECORD:
        return _Entry(piece, [], Why.TOO_LONG)
    return _Entry(piece, [], Why.CUT_OFF if is_last or '"' not in piece else Why.QUOTES_DO_NOT_MATCH)


def _pieces(lines: Iterable[str]) -> Iterator[str]:
    """The lines in groups, each from one that begins an entry to the next."""
    group: list[str] = []
    length = 0
    for line in lines:
        if group and _BEGINS.match(line):
            yield "".join(group)
            group, length = [], 0
        if length < LONGEST_RECORD and (group or not line.isspace()):
            group.append(line)
            length += len(line)
    if group:
        yield "".join(group)


def _cells(text: str, width: int) -> list[str] | None:
    """The cells, however quotation marks within them are written: doubled, or after a backslash."""
    if '\\"' in text:
        cells = cells_of(text.replace('\\"', _STAND_IN), ",")
        if cells is not None and len(cells) == width:
            return [cell.replace(_STAND_IN, '"') for cell in cells]
    cells = cells_of(text.rstrip("\n"), ",")
    return cells if cells is not None and len(cells) == width else None


def _with_beginnings_in_its_text(
    piece: str, ahead: deque[str], pieces: Iterator[str], width: int
) -> tuple[list[str] | None, int]:
    """The cells of an entry whose own text has lines that look like beginnings, and how many more pieces it takes."""
    ahead.extend(islice(pieces, _MOST_BEGINNINGS_IN_A_TEXT - len(ahead)))
    text = piece
    for taken, more in enumerate(ahead, start=1):
        text += more
        if len(text) > LONGEST_RECORD:
            break
        if (cells := _cells(text, width)) is not None:
            return cells, taken
    return None, 0


def _told_apart_by_place(text: str, width: int) -> list[str] | None:
    """The cells of an entry whose quotation marks do not match: plain ones before its text, and plain ones behind it."""
    behind = rf",({_PLAIN_CELL})" * (width - 3)
    found = re.fullmatch(rf"({_PLAIN_CELL}),({_PLAIN_CELL}),(.*?){behind}\n*", text, re.DOTALL)
    if found is None or width < len(Table.SHARES.value):
        return None
    first, second, own, *others = found.groups()
    if own.startswith('"'):
        if not own.endswith('"') or own == '"':
            return None
        own = own[1:-1]
    own = own.replace('\\"', '"')
    lines = own.split(_WRAPPED_BREAK) if _SINGLY_WRAPPED.search(own) else [own]
    own = _WRAPPED_BREAK.join(line.replace('""', '"') for line in lines)
    return [first.strip('"'), second.strip('"'), own, *(other.strip('"') for other in others)]
