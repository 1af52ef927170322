"""The rows of an XLSX; unpacked with care, since a small file can hold a very large one."""

import csv
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import SEEK_END, BytesIO, TextIOWrapper
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from program.people import workbook_reader
from program.people.columns import Line
from program.people.rules import (
    BrokenWorkbook,
    FileProblem,
    Kind,
    OtherKindOfFile,
    PasswordProtected,
    TooMuchInside,
)

MOST_UNPACKED_BYTES = 300_000_000
MOST_TIMES_UNPACKED = 200  # a list of people shrinks to a tenth
_SMALL_UNPACKED_BYTES = 10_000_000

_WORKBOOK_PART = "xl/workbook.xml"
_PARTS_OF_OTHER_KINDS = {
    "xl/workbook.bin": Kind.BINARY_EXCEL,
    "content.xml": Kind.OPEN_DOCUMENT,
    "word/document.xml": Kind.TEXT_DOCUMENT,
}
_PROBLEMS: dict[int, FileProblem] = {
    workbook_reader.PASSWORD_NEEDED: PasswordProtected(),
    workbook_reader.TOO_MUCH_INSIDE: TooMuchInside(),
    -signal.SIGABRT: TooMuchInside(),
    -signal.SIGKILL: TooMuchInside(),
    -signal.SIGXCPU: TooMuchInside(),
}


def sheets_of(content: bytes) -> FileProblem | list[Callable[[], Iterator[Line]]]:
    """Answer for each sheet with something in it how to read its filled lines, or why the workbook cannot be read."""
    with TemporaryFile() as workbook, TemporaryFile() as copied:
        workbook.write(content)
        if problem := copy_rows(workbook, copied):
            return problem
        copied.seek(0)
        rows = copied.read()
    return [_lines_of(rows, sheet) for sheet, _ in groupby(_read(rows), key=lambda row: row[0])]


def copy_rows(workbook: BinaryIO, rows: BinaryIO) -> FileProblem | None:
    """Copy the filled rows of an XLSX, both being files of the system, as `workbook_reader` writes them; or answer why not."""
    workbook.seek(0, SEEK_END)
    packed_bytes = workbook.tell()
    try:
        with ZipFile(workbook) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        return BrokenWorkbook()
    if problem := _problem_with(parts, packed_bytes):
        return problem
    workbook.seek(0)
    reader = subprocess.run(  # noqa: S603 (our own program, and nothing of the file among its arguments)
        [sys.executable, "-I", str(Path(workbook_reader.__file__))],
        stdin=workbook,
        stdout=rows,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return _PROBLEMS.get(reader.returncode, BrokenWorkbook()) if reader.returncode else None


def _problem_with(parts: list[ZipInfo], packed_bytes: int) -> FileProblem | None:
    names = {part.filename for part in parts}
    if _WORKBOOK_PART not in names:
        kinds = (kind for part, kind in _PARTS_OF_OTHER_KINDS.items() if part in names)
        return OtherKindOfFile(next(kinds, Kind.ARCHIVE))
    most_unpacked_bytes = min(
        MOST_UNPACKED_BYTES, max(_SMALL_UNPACKED_BYTES, MOST_TIMES_UNPACKED * packed_bytes)
    )
    return TooMuchInside() if sum(part.file_size for part in parts) > most_unpacked_bytes else None


def _lines_of(rows: bytes, sheet: str) -> Callable[[], Iterator[Line]]:
    def lines() -> Iterator[Line]:
        for place, number, *cells in _read(rows):
            if place == sheet:
                yield Line(number=int(number), ends_on=int(number), cells=cells)

    return lines


def _read(rows: bytes) -> Iterator[list[str]]:
    return csv.reader(TextIOWrapper(BytesIO(rows), "utf-8", newline=""))
