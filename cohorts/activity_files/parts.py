"""The files within an uploaded file: itself, or what its ZIP holds, unpacked with care."""

import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from cohorts.activity_files.rules import Trouble, Unreadable

MOST_UNPACKED_BYTES = 4_000_000_000
MOST_UNPACKED_BYTES_OF_A_PART = 2_000_000_000  # the posts of an archive of 400,000
MOST_TIMES_UNPACKED = 200
SMALL_UNPACKED_BYTES = 10_000_000
MOST_PARTS = 50_000

_READ_AT_ONCE_BYTES = 1 << 18
_PART_SIGNATURE = b"PK\x01\x02"
_END_SIGNATURE = b"PK\x05\x06"
_LONGEST_END_BYTES = 22 + 65_535
_ENCRYPTED = 0x1
_NOT_THE_FILES_OWN = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store)")
_NESTED = re.compile(r"\.(?:zip|tar|tgz|gz|7z|rar)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A file to read; its name is empty where it is the upload itself."""

    name: str
    open: Callable[[], BinaryIO]


def part_at(path: Path, name: str = "") -> Part:
    return Part(name, partial(_file, path))


@contextmanager
def parts_of_zip(path: Path) -> Iterator[list[Part]]:
    """The parts of a ZIP that may be unpacked, in its order."""
    _refuse_too_many(path)
    with _archive_at(path) as archive:
        inside = archive.infolist()
        _refuse_what_harms(inside, path.stat().st_size)
        kept = [each for each in inside if not each.is_dir() and not _NOT_THE_FILES_OWN.search(each.filename)]
        if len(kept) == 1 and _NESTED.search(kept[0].filename):
            raise Unreadable(Trouble.NESTED, kept[0].filename)
        yield [Part(each.filename, partial(_member, archive, each)) for each in kept]


@contextmanager
def damage_told() -> Iterator[None]:
    """What the libraries say of damaged archives, as the file's trouble."""
    try:
        yield
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, tarfile.TarError, OSError) as problem:
        raise Unreadable(Trouble.DAMAGED) from problem


def _file(path: Path) -> BinaryIO:
    return path.open("rb")


def _archive_at(path: Path) -> ZipFile:
    try:
        return ZipFile(path)
    except ValueError as problem:  # names in no alphabet, places before the beginning
        raise Unreadable(Trouble.DAMAGED) from problem


def _member(archive: ZipFile, each: ZipInfo) -> BinaryIO:
    return cast("BinaryIO", archive.open(each))


def _refuse_too_many(path: Path) -> None:
    """Counted before the library reads the list of them, which may itself fill the memory."""
    found, tail = 0, b""
    with path.open("rb") as file:
        while block := file.read(_READ_AT_ONCE_BYTES):
            found += (tail + block).count(_PART_SIGNATURE)
            tail = block[1 - len(_PART_SIGNATURE) :]
            if found > MOST_PARTS:
                raise Unreadable(Trouble.TOO_MANY_PARTS)
        file.seek(max(0, file.tell() - _LONGEST_END_BYTES))
        if _END_SIGNATURE not in file.read():
            raise Unreadable(Trouble.TRUNCATED)


def _refuse_what_harms(inside: list[ZipInfo], packed_bytes: int) -> None:
    if any(_climbs_out(each.filename) for each in inside):
        raise Unreadable(Trouble.CLIMBS_OUT)
    if any(each.flag_bits & _ENCRYPTED for each in inside):
        raise Unreadable(Trouble.ENCRYPTED)
    too_much = sum(each.file_size for each in inside) > MOST_UNPACKED_BYTES
    overlapping = sum(each.compress_size for each in inside) > packed_bytes
    if too_much or overlapping or any(map(_swells, inside)):
        raise Unreadable(Trouble.BOMB)
    if any(each.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for each in inside):
        raise Unreadable(Trouble.DAMAGED)


def _climbs_out(name: str) -> bool:
    steps = name.replace("\\", "/").split("/")
    return ".." in steps or steps[0] == "" or ":" in steps[0]


def _swells(each: ZipInfo) -> bool:
    allowed = max(SMALL_UNPACKED_BYTES, MOST_TIMES_UNPACKED * each.compress_size)
    return each.file_size > min(allowed, MOST_UNPACKED_BYTES_OF_A_PART)
