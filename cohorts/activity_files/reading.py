"""From an uploaded file to the activities in it. A file is recognised by what is in it, never by its name."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import StringIO
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from cohorts.activity_files import linkedin, mastodon, workbooks, x, x_analytics
from cohorts.activity_files.lines import Record, cells_of, lines_in, records_in, text_in
from cohorts.activity_files.own import LINES_SEARCHED_FOR_A_HEADER, OwnTable, header_among, own_rows
from cohorts.activity_files.parts import Part, damage_told, part_at, parts_of_zip
from cohorts.activity_files.rules import OUR_COLUMNS, Format, Opened, Row, Trouble, Unreadable
from cohorts.activity_files.tar import part_of_tar

LARGEST_FILE_BYTES = 200_000_000
NO_MEANINGS: Mapping[str, str | None] = MappingProxyType({})

_LOOKED_AT = 1 << 16
_DELIMITERS = (";", ",", "\t")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP = b"\x1f\x8b"
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel up to 2003, and workbooks with a password
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")
_NO_TEXT_AT_MOST = 0.01
_WEB_PAGE = re.compile(r"\s*<(?:!doctype|!--|\?xml|html|head|meta|table|body)\b", re.IGNORECASE)
_X_OVERVIEW = frozenset({"date", "impressions", "create post"})
_LINKEDIN_PARTS = frozenset(
    {"connections", "profile", "messages", "positions", "email addresses", "rich_media"}
)
_EXAMPLE = (
    "robin@example.org", "2026-10-14 09:30", "LinkedIn", "post",
    "https://www.linkedin.com/feed/update/urn:li:share:7345821826846990338",
    "What I learned from an angry customer", "", "1200", "34", "5", "2", "",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Source:
    """What a file is, and how its rows are read."""

    opened: Opened
    rows: Callable[[], Iterator[Row]]


def opened(path: Path, *, meanings: Mapping[str, str | None] = NO_MEANINGS) -> Opened:
    """What the file is; raises Unreadable. `meanings` tells what a person said of columns, by header in small letters."""
    with damage_told(), _source(path, meanings) as source:
        return source.opened


def rows(path: Path, *, meanings: Mapping[str, str | None] = NO_MEANINGS) -> Iterator[Row]:
    """What each line tells, one by one, in memory that does not grow with the file; raises Unreadable."""
    with damage_told(), _source(path, meanings) as source:
        yield from source.rows()


def template_csv() -> bytes:
    """An own file to begin with: our columns, and one line as an example. Marked, so that Excel reads it as UTF-8."""
    text = StringIO()
    csv.writer(text).writerows([OUR_COLUMNS, _EXAMPLE])
    return text.getvalue().encode("utf-8-sig")


@contextmanager
def _source(path: Path, meanings: Mapping[str, str | None]) -> Iterator[_Source]:
    with path.open("rb") as file:
        beginning = file.read(_LOOKED_AT)
    if not beginning.strip(b"\x00\t\n\r \xef\xbb\xbf"):
        raise Unreadable(Trouble.EMPTY)
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise Unreadable(Trouble.TOO_LARGE)
    if beginning.startswith(_COMPOUND_FILE):
        raise Unreadable(_trouble_of_compound_file(path))
    if beginning.startswith(_ZIP):
        with parts_of_zip(path) as parts, _source_in_zip(path, parts, meanings) as source:
            yield source
    elif beginning.startswith(_GZIP):
        with part_of_tar(path, mastodon.OUTBOX) as outbox:
            if outbox is None:
                raise Unreadable(Trouble.NOT_RECOGNISED)
            yield _mastodon(outbox)
    else:
        yield _source_in_text(part_at(path), meanings)


@contextmanager
def _source_in_zip(
    path: Path, parts: Sequence[Part], meanings: Mapping[str, str | None]
) -> Iterator[_Source]:
    if any(part.name == workbooks.WORKBOOK for part in parts):
        with workbooks.workbook_at(path) as workbook:
            yield _source_in_workbook(workbook, meanings)
    elif posts := _named(parts, x.POSTS):
        yield _x(posts, _named(parts, x.NOTES), _named(parts, x.ACCOUNT))
    elif outboxes := _named(parts, mastodon.OUTBOX):
        yield _mastodon(outboxes[0])
    elif tables := _linkedin_tables(parts):
        yield _linkedin(tables)
    elif len(parts) == 1:
        yield _source_in_text(parts[0], meanings)
    else:
        raise Unreadable(_what_is_missing(parts))


def _source_in_text(part: Part, meanings: Mapping[str, str | None]) -> _Source:
    with text_in(part) as text:
        sample = text.read(_LOOKED_AT)
    if _WEB_PAGE.match(sample) or len(_NO_TEXT.findall(sample)) > _NO_TEXT_AT_MOST * len(sample):
        raise Unreadable(Trouble.NOT_RECOGNISED, part.name)
    if x.BEGINNING.match(sample):
        return _x([part], [], [])
    if sample.lstrip().startswith(("{", "[", "window.")):
        if not mastodon.ITEMS.search(sample):
            raise Unreadable(
                Trouble.X_WITHOUT_POSTS if "window.YTD." in sample else Trouble.NOT_RECOGNISED, part.name
            )
        return _mastodon(part)
    headings = cells_of(sample.partition("\n")[0], ",") or []
    table = linkedin.table_headed(headings)
    if table and table is not linkedin.Table.REPOSTS:
        return _linkedin([(part, table)])
    if format := x_analytics.analytics_headed(headings):
        whose = x_analytics.whose_analytics(part, format)
        return _Source(Opened(format, whose), partial(x_analytics.analytics_rows, part, format))
    if {heading.strip().lower() for heading in headings} >= _X_OVERVIEW:
        raise Unreadable(Trouble.X_OVERVIEW, part.name)
    return _own_text(part, sample, meanings)


def _own_text(part: Part, sample: str, meanings: Mapping[str, str | None]) -> _Source:
    lines = sample.splitlines(keepends=True)
    whole_lines = lines[:-1] if len(sample) == _LOOKED_AT else lines
    headers = [
        (header, delimiter)
        for delimiter in _DELIMITERS
        if (header := header_among(records_in(whole_lines, delimiter), meanings))
    ]
    if not headers:
        raise Unreadable(Trouble.NOT_RECOGNISED, part.name)
    header, delimiter = max(headers, key=lambda each: each[0].likeness)

    def below() -> Iterator[Record]:
        with text_in(part) as text:
            lines = islice(lines_in(text), header.ends_on, None)
            yield from records_in(lines, delimiter, len(header.columns), first=header.ends_on + 1)

    return _own(OwnTable(header.columns, below))


def _source_in_workbook(workbook: workbooks.Workbook, meanings: Mapping[str, str | None]) -> _Source:
    if places := workbooks.top_posts_in(workbook):
        read = partial(workbooks.linkedin_analytics_rows, workbook, places)
        return _Source(Opened(Format.LINKEDIN_ANALYTICS), read)
    headers = [
        (header, beginning[0].sheet)
        for beginning in workbook.beginnings(LINES_SEARCHED_FOR_A_HEADER)
        if (header := header_among([_record(row) for row in beginning], meanings))
    ]
    if not headers:
        raise Unreadable(Trouble.NOT_RECOGNISED)
    header, sheet = max(headers, key=lambda each: each[0].likeness)

    def below() -> Iterator[Record]:
        for row in workbook.rows(sheet):
            if row.number > header.number:
                yield _record(row, len(header.columns))

    return _own(OwnTable(header.columns, below))


def _record(row: workbooks.SheetRow, width: int | None = None) -> Record:
    """A row of a sheet; what stands beside the list is no part of it."""
    cells = row.cells[:width]
    return Record(row.number, "\t".join(cells) + "\n", cells)


def _own(table: OwnTable) -> _Source:
    return _Source(Opened(Format.OWN_FILE, columns=table.columns), partial(own_rows, table))


def _x(posts: Sequence[Part], notes: Sequence[Part], accounts: Sequence[Part]) -> _Source:
    for part in posts:
        x.first_post(part)
    handle = next((handle for part in accounts if (handle := x.handle_in(part))), None)
    return _Source(Opened(Format.X_ARCHIVE, handle), partial(x.x_rows, posts, notes, handle))


def _mastodon(outbox: Part) -> _Source:
    whose = mastodon.whose_outbox(outbox)
    return _Source(Opened(Format.MASTODON_OUTBOX, whose), partial(mastodon.mastodon_rows, outbox))


def _linkedin(tables: Sequence[tuple[Part, linkedin.Table]]) -> _Source:
    return _Source(Opened(Format.LINKEDIN_ARCHIVE), partial(linkedin.linkedin_rows, tables))


def _named(parts: Sequence[Part], pattern: re.Pattern[str]) -> list[Part]:
    return sorted(
        (part for part in parts if pattern.search(part.name)), key=lambda part: (len(part.name), part.name)
    )


def _linkedin_tables(parts: Sequence[Part]) -> list[tuple[Part, linkedin.Table]]:
    """The tables in the order in which they matter."""
    found = [(part, table) for part in parts if (table := _linkedin_table(part))]
    order = list(linkedin.Table)
    return sorted(found, key=lambda each: order.index(each[1]))


def _linkedin_table(part: Part) -> linkedin.Table | None:
    if not part.name.lower().endswith(".csv"):
        return None
    with part.open() as file:
        heading = file.read(_LOOKED_AT).decode("utf-8-sig", errors="replace").partition("\n")[0]
    table = linkedin.table_headed(cells_of(heading.rstrip("\r"), ",") or ())
    return None if table is linkedin.Table.REPOSTS and "repost" not in part.name.lower() else table


def _what_is_missing(parts: Sequence[Part]) -> Trouble:
    if _named(parts, x.ACCOUNT):
        return Trouble.X_WITHOUT_POSTS
    stems = {re.split(r"[/\\]", part.name)[-1].lower().rpartition(".")[0] for part in parts}
    return Trouble.LINKEDIN_WITHOUT_POSTS if stems & _LINKEDIN_PARTS else Trouble.NOT_RECOGNISED


def _trouble_of_compound_file(path: Path) -> Trouble:
    mark = "EncryptedPackage".encode("utf-16-le")
    tail = b""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            if mark in tail + block:
                return Trouble.ENCRYPTED
            tail = block[-len(mark) :]
    return Trouble.OLD_EXCEL
