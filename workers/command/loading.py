"""Loading a dump into an empty database, also of a server that is older than the programs that made it."""

import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO

from workers.command.manifest import BackupTrouble, Contents
from workers.command.postgres_tools import Address, listen, started, telling, tool
from workers.command.terminal import Steps

UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"
_LOADED = re.compile(r'processing data for table "public\.(\w+)"')


def load(url: str, dump: Path, contents: Contents, progress: Steps) -> None:
    """All of a dump in one transaction, or nothing. Raises `BackupTrouble`."""
    address = Address.of(url)
    script = [tool("pg_restore"), "--no-owner", "--no-privileges", "--verbose", "--file=-", str(dump)]
    loader = [tool("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    with (
        started(script, address, stdout=subprocess.PIPE) as restoring,
        started(
            [*loader, f"--dbname={address.url}"],
            address,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        ) as loading,
    ):
        hearing = [
            Thread(target=listen, args=(restoring, telling(_LOADED, contents.rows, progress))),
            Thread(target=listen, args=(loading, lambda _line: None)),
        ]
        for each in hearing:
            each.start()
        assert restoring.stdout is not None  # noqa: S101 -- both are pipes
        assert loading.stdin is not None  # noqa: S101
        with suppress(BrokenPipeError):
            _hand_on(restoring.stdout, loading.stdin)
        with suppress(BrokenPipeError):
            loading.stdin.close()
        restoring.stdout.close()
        for each in hearing:
            each.join()
        loading.wait()
        restoring.wait()
    if loading.returncode:
        raise BackupTrouble(_why(loading.last_words))
    if restoring.returncode:
        raise BackupTrouble(_why(restoring.last_words))


def _hand_on(script: IO[bytes], loader: IO[bytes]) -> None:
    """The script as it is, but for the one setting at its beginning that PostgreSQL 15 and 16 do not know."""
    for line in script:
        if line != UNKNOWN_BEFORE_17:
            loader.write(line)
        if line.startswith(b"CREATE "):
            break
    shutil.copyfileobj(script, loader, 1_000_000)


def _why(said: str) -> str:
    if "No space left" in said:
        return "The disk is full. Nothing of the backup was kept."
    return f"The backup could not be loaded; nothing of it was kept:\n{said}"
