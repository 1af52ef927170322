"""XLSX files: what is in their sheets, and LinkedIn's analytics of a creator's posts among them."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, NamedTuple, cast

from cohorts.activities.rules import Network
from cohorts.activity_files.cells import NotACount, count_in, when_in, writes_day_first
from cohorts.activity_files.links import post_of
from cohorts.activity_files.rules import Found, Measured, Row, Trouble, Unreadable, Why, clean, not_understood
from program.people.rules import OtherKindOfFile, PasswordProtected, TooMuchInside
from program.people.workbooks import copy_rows

WORKBOOK = "xl/workbook.xml"
MOST_TOP_POSTS = 100_000
_URL, _DAY, _IMPRESSIONS = "post url", "post publish date", "impressions"
_LINES_SEARCHED = 10
_TROUBLES = {
    OtherKindOfFile: Trouble.NOT_RECOGNISED,
    PasswordProtected: Trouble.ENCRYPTED,
    TooMuchInside: Trouble.BOMB,
}


class SheetRow(NamedTuple):
    sheet: str
    number: int
    cells: list[str]


class Workbook:
    """The filled rows of the sheets that can be seen."""

    def __init__(self, rows: Path) -> None:
        self._rows = rows

    def rows(self, sheet: str | None = None) -> Iterator[SheetRow]:
        with self._rows.open(encoding="utf-8", newline="") as file:
            for place, number, *cells in csv.reader(file):
                if sheet in (None, place):
                    yield SheetRow(place, int(number), cells)

    def beginnings(self, most_rows: int) -> Iterator[list[SheetRow]]:
        """The first rows of each sheet."""
        for _, rows in groupby(self.rows(), key=lambda row: row.sheet):
            yield [row for place, row in enumerate(rows) if place < most_rows]


@contextmanager
def workbook_at(path: Path) -> Iterator[Workbook]:
    with path.open("rb") as packed, NamedTemporaryFile() as rows:
        problem = copy_rows(packed, cast("BinaryIO", rows))
        if problem:
            raise Unreadable(_TROUBLES.get(type(problem), Trouble.DAMAGED))
        yield Workbook(Path(rows.name))


class _Place(NamedTuple):
    """Where a table of top posts stands: the sheet, the row of its headings, its columns."""

    sheet: str
    row: int
    url: int
    day: int
    number: int
    counts_impressions: bool


def top_posts_in(workbook: Workbook) -> list[_Place]:
    """The tables of LinkedIn's TOP POSTS, side by side in one sheet; those that count impressions first."""
    rows = (row for beginning in workbook.beginnings(_LINES_SEARCHED) for row in beginning)
    return next(
        (found for row in rows if (found := sorted(_tables(row), key=lambda place: not place[-1]))), []
    )


def _tables(row: SheetRow) -> Iterator[_Place]:
    headings = [cell.strip().lower() for cell in row.cells]
    for at in range(len(headings) - 2):
        if headings[at : at + 2] == [_URL, _DAY]:
            yield _Place(row.sheet, row.number, at, at + 1, at + 2, headings[at + 2] == _IMPRESSIONS)


def linkedin_analytics_rows(workbook: Workbook, places: list[_Place]) -> Iterator[Row]:
    """Each post once, though it may stand in both tables. Engagements are no measure of ours."""
    day_first = writes_day_first(said.day for place in places for said in _said(workbook, place)) or False
    seen: set[str] = set()
    line = 0
    for place in places:
        for said in _said(workbook, place):
            line += 1
            row = _row(line, said, place.counts_impressions, day_first)
            if isinstance(row, Found) and row.post_id:
                if row.post_id in seen:
                    continue
                seen.add(row.post_id)
                if len(seen) > MOST_TOP_POSTS:
                    raise Unreadable(Trouble.TOO_LARGE)
            yield row


class _Said(NamedTuple):
    url: str
    day: str
    number: str


def _said(workbook: Workbook, place: _Place) -> Iterator[_Said]:
    for row in workbook.rows(place.sheet):
        cells = [*row.cells, *[""] * (place.number + 1 - len(row.cells))]
        if row.number > place.row and cells[place.url].strip():
            yield _Said(cells[place.url].strip(), cells[place.day], cells[place.number])


def _row(line: int, said: _Said, counts_impressions: bool, day_first: bool) -> Row:
    text = " ".join(said)
    url = clean(said.url)
    post = post_of(url)
    if post is None:
        return not_understood(line, "", Why.NO_SUCH_LINK, text)
    when = when_in(said.day, day_first=day_first)
    if when is None:
        return not_understood(line, "", Why.NO_DATE, text)
    try:
        measured = Measured(impressions=count_in(said.number) if counts_impressions else None)
    except NotACount:
        return not_understood(line, "", Why.NOT_A_NUMBER, text)
    return Found(
        line=line,
        part="",
        kind=None,
        network=Network.LINKEDIN,
        post_id=post.id,
        link=url,
        text="",
        done_at=None,
        done_on=when.date() if isinstance(when, datetime) else when,
        measured=measured,
    )
