"""One file out of a .tar.gz. The library for these reads into memory whatever a header claims; this looks at names only."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from cohorts.activity_files.parts import (
    MOST_TIMES_UNPACKED,
    MOST_UNPACKED_BYTES,
    MOST_UNPACKED_BYTES_OF_A_PART,
    SMALL_UNPACKED_BYTES,
    Part,
    part_at,
)
from cohorts.activity_files.rules import Trouble, Unreadable

_BLOCK_BYTES = 512
_COPIED_AT_ONCE_BYTES = 1 << 20
_NAME, _SIZE, _PREFIX = slice(0, 100), slice(124, 136), slice(345, 500)
_USTAR = slice(257, 262)


@contextmanager
def part_of_tar(path: Path, wanted: re.Pattern[str]) -> Iterator[Part | None]:
    """The first file whose path is wanted, unpacked to where it can be read more than once."""
    allowed = min(MOST_UNPACKED_BYTES, max(SMALL_UNPACKED_BYTES, MOST_TIMES_UNPACKED * path.stat().st_size))
    with gzip.open(path) as packed, NamedTemporaryFile() as unpacked:
        tar = _Counted(cast("BinaryIO", packed), allowed)
        for name, size in _files_in(tar):
            if wanted.search(name):
                _copy(tar, cast("BinaryIO", unpacked), size)
                unpacked.flush()
                yield part_at(Path(unpacked.name), name)
                return
            tar.skip(-(-size // _BLOCK_BYTES) * _BLOCK_BYTES)
        yield None


class _Counted:
    def __init__(self, packed: BinaryIO, allowed_bytes: int) -> None:
        self._packed = packed
        self._left = allowed_bytes

    def read(self, size: int) -> bytes:
        self._left -= size
        if self._left < 0:
            raise Unreadable(Trouble.BOMB)
        return self._packed.read(size)

    def skip(self, size: int) -> None:
        while size > 0 and (block := self.read(min(size, _COPIED_AT_ONCE_BYTES))):
            size -= len(block)


def _files_in(tar: _Counted) -> Iterator[tuple[str, int]]:
    """The path and size of each file; its bytes come next."""
    while len(header := tar.read(_BLOCK_BYTES)) == _BLOCK_BYTES:
        if not header.strip(b"\x00"):
            continue
        try:
            size = int(header[_SIZE].rstrip(b"\x00 ") or b"0", 8)
        except ValueError:
            raise Unreadable(Trouble.NOT_RECOGNISED) from None
        prefix = header[_PREFIX].rstrip(b"\x00") if header[_USTAR] == b"ustar" else b""
        name = header[_NAME].rstrip(b"\x00")
        yield "/".join(step.decode(errors="replace") for step in (prefix, name) if step), size


def _copy(tar: _Counted, unpacked: BinaryIO, size: int) -> None:
    if size > MOST_UNPACKED_BYTES_OF_A_PART:
        raise Unreadable(Trouble.BOMB)
    while size > 0:
        block = tar.read(min(size, _COPIED_AT_ONCE_BYTES))
        if not block:
            raise Unreadable(Trouble.TRUNCATED)
        unpacked.write(block)
        size -= len(block)
