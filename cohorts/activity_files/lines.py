"""Lines and records of a text, read block by block, so that no file is ever held whole."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from typing import TextIO

from cohorts.activity_files.parts import Part
from cohorts.activity_files.rules import Trouble, Unreadable
from program.encodings import encoding_of

LONGEST_RECORD = 200_000
MOST_LINES_OF_A_RECORD = 2_000
_READ_AT_ONCE = 1 << 16
_UNDECODABLE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Record:
    """A record that begins on line `number`; its cells are None where its quotation marks do not match."""

    number: int
    text: str
    cells: list[str] | None


def text_in(part: Part) -> TextIO:
    """The part as text, every line break a newline. What does not decode is kept as `undecodable` finds it."""
    with part.open() as file:
        encoding = encoding_of(file)
    if encoding is None:
        raise Unreadable(Trouble.ENCODING, part.name)
    errors = "replace" if encoding == "utf-16" else "surrogateescape"
    return TextIOWrapper(part.open(), encoding, errors=errors, newline=None)


def undecodable(text: str) -> bool:
    return not text.isascii() and _UNDECODABLE.search(text) is not None


def lines_in(text: TextIO) -> Iterator[str]:
    """The lines with their newlines; one that never ends comes in pieces."""
    rest = ""
    while block := text.read(_READ_AT_ONCE):
        *lines, rest = (rest + block).split("\n")
        for line in lines:
            yield line + "\n"
        if len(rest) > LONGEST_RECORD:
            yield rest
            rest = ""
    if rest:
        yield rest


def cells_of(text: str, delimiter: str) -> list[str] | None:
    """The cells of a whole record, or None if its quotation marks do not match."""
    if '"' not in text:
        return text.rstrip("\n").split(delimiter)
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return None


def records_in(
    lines: Iterable[str], delimiter: str, width: int | None = None, *, first: int = 1
) -> Iterator[Record]:
    """The filled records, lines counted from `first`. One whose quotation marks do not match ends with its line and takes no other along."""
    coming = iter(lines)
    ahead: deque[str] = deque()
    number = first
    while (line := ahead.popleft() if ahead else next(coming, None)) is not None:
        taken = 1
        if line.count('"') % 2:
            cells, text, taken = _over_several_lines(line, ahead, coming, delimiter, width)
        else:
            cells, text = cells_of(line, delimiter), line
        if cells is None or any(cell and not cell.isspace() for cell in cells):
            yield Record(number, text, cells)
        number += taken


def _over_several_lines(
    line: str, ahead: deque[str], coming: Iterator[str], delimiter: str, width: int | None
) -> tuple[list[str] | None, str, int]:
    """A stray quotation mark would swallow other records up to the next one: then the width is another."""
    whole = [line]
    length = len(line)
    for more in _looked_ahead(ahead, coming):
        whole.append(more)
        length += len(more)
        if length > LONGEST_RECORD or len(whole) > MOST_LINES_OF_A_RECORD:
            break
        if more.count('"') % 2:
            text = "".join(whole)
            cells = cells_of(text, delimiter)
            if cells is not None and width in (None, len(cells)):
                for _ in whole[1:]:
                    ahead.popleft()
                return cells, text, len(whole)
            break
    return None, line, 1


def _looked_ahead(ahead: deque[str], coming: Iterator[str]) -> Iterator[str]:
    yield from tuple(ahead)
    for line in coming:
        ahead.append(line)
        yield line
