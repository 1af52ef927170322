"""From the bytes of an uploaded file to the people in it: what kind of file it is, its encoding, its lines."""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from itertools import islice

from program.encodings import encoding_of
from program.people.columns import Columns, Line, columns_among, what_the_header_lacks
from program.people.rows import read_rows
from program.people.rules import (
    MAX_PEOPLE_IN_A_FILE,
    EmptyFile,
    FileProblem,
    Kind,
    NobodyBelowTheHeader,
    NotText,
    OtherKindOfFile,
    PasswordProtected,
    ReadRow,
    TooManyPeople,
)
from program.people.workbooks import sheets_of

_DELIMITERS = (";", ",", "\t")
_MOST_LINES_OF_A_RECORD = 20
_LOOKED_AT_FOR_KIND_BYTES = 1 << 16

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel up to 2003, and encrypted workbooks
_BEGINNINGS = {
    b"%PDF": Kind.PDF,
    b"\x89PNG": Kind.PICTURE,
    b"\xff\xd8\xff": Kind.PICTURE,
    b"GIF8": Kind.PICTURE,
    b"RIFF": Kind.PICTURE,
    b"II*\x00": Kind.PICTURE,
    b"MM\x00*": Kind.PICTURE,
    b"\x1f\x8b": Kind.ARCHIVE,
    b"7z\xbc\xaf\x27\x1c": Kind.ARCHIVE,
    b"Rar!\x1a\x07": Kind.ARCHIVE,
    b"{\\rtf": Kind.TEXT_DOCUMENT,
}
_WEB_PAGE = re.compile(r"\s*<(?:!doctype|!--|\?xml|html|head|meta|table|body|style)\b", re.IGNORECASE)
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")
_NO_TEXT_AT_MOST = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFile:
    """A file that can be read as a list of people. Its rows are read anew, one by one, each time they are asked for.

    A workbook has no encoding and no delimiter.
    """

    columns: Columns
    lines_below: Callable[[], Iterable[Line]]
    encoding: str | None = None
    delimiter: str | None = None

    def rows(self) -> Iterator[ReadRow]:
        return read_rows(self.columns, self.lines_below())


def read_people_file(content: bytes) -> PeopleFile | FileProblem:
    """Answer the people file that these bytes are, or why they are none; recognised by content, whatever its name.

    Takes seconds for a large file, and for an XLSX a process of its own: not for the event loop.
    """
    if content.startswith(_ZIP):
        return _workbook(content)
    if other := _other_kind_of(content):
        return other
    encoding = encoding_of(BytesIO(content))
    if encoding is None:
        return NotText()
    sample = content[:_LOOKED_AT_FOR_KIND_BYTES].decode(encoding, errors="replace")
    if _WEB_PAGE.match(sample):
        return OtherKindOfFile(Kind.WEB_PAGE)
    strange = _NO_TEXT.findall(sample)
    if "\x00" in strange or len(strange) > _NO_TEXT_AT_MOST * len(sample):
        return NotText()
    return _text(content, encoding)


def _other_kind_of(content: bytes) -> OtherKindOfFile | PasswordProtected | None:
    if content.startswith(_COMPOUND_FILE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        return PasswordProtected() if encrypted else OtherKindOfFile(Kind.OLD_EXCEL)
    kinds = (kind for beginning, kind in _BEGINNINGS.items() if content.startswith(beginning))
    kind = next(kinds, None)
    return OtherKindOfFile(kind) if kind else None


def _workbook(content: bytes) -> PeopleFile | FileProblem:
    """Read the first sheet that has a list of people; what stands beside the list is no part of it."""
    sheets = sheets_of(content)
    if not isinstance(sheets, list):
        return sheets
    tables = [(columns, lines) for lines in sheets if (columns := columns_among(lines()))]
    if not tables:
        return EmptyFile()
    columns, lines = max(tables, key=lambda table: table[0].likeness[:2])
    width = len(columns.headings)

    def lines_below() -> Iterator[Line]:
        for line in lines():
            if line.number > columns.line.number and any(cells := line.cells[:width]):
                yield Line(number=line.number, ends_on=line.number, cells=cells)

    return _checked(PeopleFile(columns=columns, lines_below=lines_below))


def _text(content: bytes, encoding: str) -> PeopleFile | FileProblem:
    guesses = [
        (columns, delimiter)
        for delimiter in _DELIMITERS
        if (columns := columns_among(_records(_numbered_lines(content, encoding), delimiter, None)))
    ]
    if len(guesses) < len(_DELIMITERS):
        return EmptyFile()
    columns, delimiter = max(guesses, key=lambda guess: guess[0].likeness)

    def lines_below() -> Iterator[Line]:
        below = islice(_numbered_lines(content, encoding), columns.line.ends_on, None)
        return _records(below, delimiter, len(columns.headings))

    file = PeopleFile(columns=columns, lines_below=lines_below, encoding=encoding, delimiter=delimiter)
    return _checked(file)


def _checked(file: PeopleFile) -> PeopleFile | FileProblem:
    if problem := what_the_header_lacks(file.columns):
        return problem
    if next(iter(file.lines_below()), None) is None:
        return NobodyBelowTheHeader(file.columns.line.number)
    if next(islice(file.lines_below(), MAX_PEOPLE_IN_A_FILE, None), None) is not None:
        return TooManyPeople(MAX_PEOPLE_IN_A_FILE)
    return file


def _numbered_lines(content: bytes, encoding: str) -> Iterator[tuple[int, str]]:
    return enumerate(TextIOWrapper(BytesIO(content), encoding, errors="replace", newline=""), start=1)


def _records(lines: Iterable[tuple[int, str]], delimiter: str, width: int | None) -> Iterator[Line]:
    """Answer the filled records. One whose quotation marks do not match ends with its line and takes no other along."""
    coming = iter(lines)
    waiting: deque[tuple[int, str]] = deque()
    while first := (waiting.popleft() if waiting else next(coming, None)):
        number, text = first
        ends_on = number
        cells = _cells(text, delimiter)
        if cells is None:
            waiting.extend(islice(coming, _MOST_LINES_OF_A_RECORD - 1 - len(waiting)))
            cells, taken = _cells_of_several_lines(text, waiting, delimiter, width)
            for _ in range(taken):
                ends_on, _ = waiting.popleft()
        if cells is None:
            yield Line(number=number, ends_on=number, cells=(text,), readable=False)
        elif any(cell and not cell.isspace() for cell in cells):
            yield Line(number=number, ends_on=ends_on, cells=cells)


def _cells(text: str, delimiter: str) -> list[str] | None:
    """Answer the cells of a whole record, or None if its quotation marks do not match."""
    if '"' not in text:
        return text.rstrip("\r\n").split(delimiter)
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None


def _cells_of_several_lines(
    text: str, following: Iterable[tuple[int, str]], delimiter: str, width: int | None
) -> tuple[list[str] | None, int]:
    """Answer the cells of a record that goes on in the lines following, and how many of those it takes.

    A stray quotation mark would swallow other people up to the next one: then the cell holds a delimiter and an address.
    """
    if text.count('"') % 2 == 0:
        return None, 0
    for taken, (_, more) in enumerate(following, start=1):
        text += more
        if more.count('"') % 2 == 1:
            cells = _cells(text, delimiter)
            if cells is None or (width is not None and len(cells) < width):
                break
            if any("\n" in cell and delimiter in cell and "@" in cell for cell in cells):
                break
            return cells, taken
    return None, 0
