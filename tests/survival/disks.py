"""A disk so small that it can be filled, where this machine lets one be made."""

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

MEGABYTES = 300
_PIECE = b"\0" * 1_000_000


class Disk:
    """A folder; `small` says that it lies on a disk of its own, which `filled` fills."""

    def __init__(self, folder: Path, *, small: bool) -> None:
        self.folder, self.small = folder, small
        self._ballast = folder / "ballast"

    @contextmanager
    def filled(self) -> Iterator[None]:
        """Not a byte is free inside."""
        ballast = os.open(self._ballast, os.O_WRONLY | os.O_CREAT)
        try:
            for piece in (_PIECE, _PIECE[:4_096]):
                _write_until_full(ballast, piece)
            yield
        finally:
            os.close(ballast)
            self._ballast.unlink()


def _write_until_full(file: int, piece: bytes) -> None:
    try:
        while True:
            os.write(file, piece)
    except OSError as full:
        if full.errno != errno.ENOSPC:
            raise


def may_mount() -> bool:
    """Whether this machine lets us mount anything; in most containers only root of the machine may."""
    with TemporaryDirectory() as folder, a_small_disk(Path(folder) / "trial") as disk:
        return disk.small


@contextmanager
def a_small_disk(folder: Path) -> Iterator[Disk]:
    """In memory, and gone at the end; an ordinary folder where nothing may be mounted."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=0755", "tmpfs", str(folder)]
    small = (
        bool(shutil.which("mount")) and not subprocess.run(mount, check=False, capture_output=True).returncode
    )
    try:
        yield Disk(folder, small=small)
    finally:
        if small:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
