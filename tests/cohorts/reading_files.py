"""Reads bytes as if they had been uploaded."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from cohorts.activity_files import reading
from cohorts.activity_files.rules import Found, Measured, NotUnderstood, Opened, Row, Unreadable, Why


def opened(content: bytes | str, meanings: Mapping[str, str | None] = reading.NO_MEANINGS) -> Opened:
    with TemporaryDirectory() as folder:
        return reading.opened(_kept(folder, content), meanings=meanings)


def rows_of(content: bytes | str, meanings: Mapping[str, str | None] = reading.NO_MEANINGS) -> list[Row]:
    with TemporaryDirectory() as folder:
        return list(reading.rows(_kept(folder, content), meanings=meanings))


def found_in(content: bytes | str, meanings: Mapping[str, str | None] = reading.NO_MEANINGS) -> list[Found]:
    """The activities of a file in which every line is understood."""
    rows = rows_of(content, meanings)
    assert all(isinstance(row, Found) for row in rows), rows
    return [row for row in rows if isinstance(row, Found)]


def the_one_in(content: bytes | str) -> Found:
    (found,) = found_in(content)
    return found


def texts_in(content: bytes | str) -> list[str]:
    return [found.text for found in found_in(content)]


def whys_in(content: bytes | str) -> list[Why | None]:
    """Why each line is not understood; None for one that is."""
    return [row.why if isinstance(row, NotUnderstood) else None for row in rows_of(content)]


def trouble_with(content: bytes | str) -> tuple[str, str]:
    """Why the file cannot be read, and which part of it, be it at once or further down."""
    try:
        opened(content)
        rows_of(content)
    except Unreadable as unreadable:
        return unreadable.why.value, unreadable.part
    raise AssertionError("It can be read")


def measures_of(found: Found) -> dict[str, int]:
    """What was measured, by name."""
    names = Measured.__slots__
    return {name: value for name in names if (value := getattr(found.measured, name)) is not None}


def _kept(folder: str, content: bytes | str) -> Path:
    path = Path(folder) / "upload"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
