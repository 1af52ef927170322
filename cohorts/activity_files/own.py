"""Lists of activities that people keep themselves: a CSV or XLSX in our columns, or in others that mean the same."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice

from cohorts.activities.rules import Kind, Network
from cohorts.activity_files.cells import AmbiguousDate, NotACount, count_in, when_in, writes_day_first
from cohorts.activity_files.lines import Record, undecodable
from cohorts.activity_files.links import post_of
from cohorts.activity_files.rules import (
    OUR_COLUMNS,
    Column,
    Found,
    Measured,
    Row,
    Why,
    clean,
    not_understood,
)
from cohorts.activity_files.vocabulary import column_named, kind_named, network_named

LINES_SEARCHED_FOR_A_HEADER = 20
_LEAST_COLUMNS = 2
_LEAST_COLUMNS_OF_UNKNOWN = 3
_LONGEST_HEADING = 60
Meanings = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A table in an own file: its columns, and the records below them, read anew each time they are asked for."""

    columns: tuple[Column, ...]
    below: Callable[[], Iterable[Record]]


@dataclass(frozen=True, slots=True)
class Header:
    """A line that may head a table; the more columns are understood, the likelier it does."""

    number: int
    ends_on: int
    columns: tuple[Column, ...]

    @property
    def likeness(self) -> tuple[int, int]:
        understood = sum(column.meaning is not None for column in self.columns)
        return understood, sum(bool(column.header) for column in self.columns)


def header_among(records: Iterable[Record], meanings: Meanings) -> Header | None:
    """The likeliest header among the first lines; titles may stand above it. None where it is no table at all."""
    searched = [record for record in islice(records, LINES_SEARCHED_FOR_A_HEADER) if record.cells]
    headers = [_header(record, meanings) for record in searched]
    best = max(headers, key=lambda header: header.likeness, default=None)
    if best is None or best.likeness[1] < _LEAST_COLUMNS:
        return None
    if best.likeness[0]:
        return best
    return headers[0] if _looks_like_a_table([record.cells or [] for record in searched]) else None


def _header(record: Record, meanings: Meanings) -> Header:
    ends_on = record.number + record.text.rstrip("\n").count("\n")
    return Header(record.number, ends_on, columns_of(record.cells or (), meanings))


def _looks_like_a_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether it may be one in words we do not know, to be mapped by hand."""
    headings = rows[0]
    plain = all(heading.strip() and len(heading) <= _LONGEST_HEADING for heading in headings)
    distinct = len(set(headings)) == len(headings) >= _LEAST_COLUMNS_OF_UNKNOWN
    return plain and distinct and len(rows) > 1 and all(len(row) == len(headings) for row in rows)


def columns_of(cells: Sequence[str], meanings: Meanings) -> tuple[Column, ...]:
    """What each heading means: what a person said of it before what it seems to. No two mean the same."""
    headers = [clean(" ".join(cell.split())) for cell in cells]
    meant: dict[str, int] = {}
    for place, header in enumerate(headers):
        said = meanings.get(header.lower()) if header else None
        if said in OUR_COLUMNS:
            meant.setdefault(said, place)
    for place, header in enumerate(headers):
        if header.lower() not in meanings and (seeming := column_named(header)):
            meant.setdefault(seeming, place)
    meaning_at = {place: meaning for meaning, place in meant.items()}
    return tuple(Column(header, meaning_at.get(place)) for place, header in enumerate(headers))


def own_rows(table: OwnTable) -> Iterator[Row]:
    places = {column.meaning: place for place, column in enumerate(table.columns) if column.meaning}
    width = len(table.columns)
    day_first: bool | None = None
    asked = False
    for record in table.below():
        said = _said(record, places, width)
        if isinstance(said, Why):
            yield not_understood(record.number, "", said, record.text)
            continue
        try:
            yield _row(record, said, day_first)
        except AmbiguousDate:
            if not asked:
                day_first, asked = _writes_day_first(table, places["published_at"]), True
            yield _row_of_unsure_day(record, said, day_first)


def _writes_day_first(table: OwnTable, place: int) -> bool | None:
    rows = (record.cells for record in table.below() if record.cells)
    return writes_day_first(cells[place] for cells in rows if len(cells) > place)


def _said(record: Record, places: Mapping[str, int], width: int) -> dict[str, str] | Why:
    """What the row says by our columns; what stands in other columns is left out."""
    cells = record.cells
    if undecodable(record.text):
        return Why.BROKEN_CHARACTERS
    if cells is None:
        return Why.QUOTES_DO_NOT_MATCH if record.text.endswith("\n") else Why.CUT_OFF
    if len(cells) < width and not record.text.endswith("\n"):
        return Why.CUT_OFF
    if any(cell.strip() for cell in cells[width:]):
        return Why.TOO_MANY_CELLS
    return {meaning: cells[place] for meaning, place in places.items() if place < len(cells)}


def _row_of_unsure_day(record: Record, said: Mapping[str, str], day_first: bool | None) -> Row:
    try:
        return _row(record, said, day_first)
    except AmbiguousDate:
        return not_understood(record.number, "", Why.AMBIGUOUS_DATE, record.text)


def _row(record: Record, said: Mapping[str, str], day_first: bool | None) -> Row:
    when = when_in(said.get("published_at", ""), day_first=day_first)
    if when is None:
        return not_understood(record.number, "", Why.NO_DATE, record.text)
    link = clean(said.get("link", "")).strip()
    post = post_of(link) if link else None
    if link and post is None:
        return not_understood(record.number, "", Why.NO_SUCH_LINK, record.text)
    kind, network = _kind(said), _network(said)
    network = (post.network if post else None) or network
    if network is None or isinstance(network, Why):
        return not_understood(record.number, "", network or Why.NO_NETWORK, record.text)
    if isinstance(kind, Why):
        return not_understood(record.number, "", kind, record.text)
    try:
        measured = _measured(said)
    except NotACount:
        return not_understood(record.number, "", Why.NOT_A_NUMBER, record.text)
    email, text = clean(said.get("email", "")).strip(), clean(said.get("text", ""))
    id = post.id if post else id_of_row(email.lower(), when.isoformat(), network, kind or "", text)
    return Found(
        line=record.number,
        part="",
        kind=kind,
        network=network,
        post_id=id,
        link=link or None,
        text=text,
        done_at=when if isinstance(when, datetime) else None,
        done_on=None if isinstance(when, datetime) else when,
        measured=measured,
        email=email,
    )


def _kind(said: Mapping[str, str]) -> Kind | Why | None:
    word = said.get("kind", "").strip()
    return kind_named(word) or Why.UNKNOWN_KIND if word else None


def _network(said: Mapping[str, str]) -> Network | Why | None:
    word = said.get("network", "").strip()
    return network_named(word) or Why.UNKNOWN_NETWORK if word else None


def _measured(said: Mapping[str, str]) -> Measured:
    return Measured(
        impressions=count_in(said.get("impressions", "")),
        reactions=count_in(said.get("reactions", "")),
        comments=count_in(said.get("comments", "")),
        shares=count_in(said.get("shares", "")),
        clicks=count_in(said.get("clicks", "")),
    )


def id_of_row(*said: str) -> str:
    """An id for what has no link, the same whenever the same row is read."""
    return "row:" + sha256("\x1f".join(said).encode()).hexdigest()[:32]
