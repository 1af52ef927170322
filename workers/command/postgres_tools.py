"""PostgreSQL's own programs, from the wheel that the embedded server comes from."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from program.words import gettext as _
from workers.command.embedded import EmbeddedPostgres
from workers.command.terminal import Steps

LAST_WORDS_CHARACTERS = 2_000


class ToolTrouble(Exception):  # noqa: N818 -- its words are shown as they are
    """One of PostgreSQL's programs failed; the words are what it said."""


@dataclass(frozen=True, slots=True)
class Address:
    """A database for PostgreSQL's programs: `url` may stand on a command line, the password only in `environment`."""

    url: str
    password: str

    @classmethod
    def of(cls, url: str) -> "Address":
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        password = asked.pop("password", "") or unquote(parts.password or "")
        host = parts.netloc.rpartition("@")[2]
        user = parts.netloc.rpartition("@")[0].partition(":")[0]
        bare = parts._replace(
            scheme="postgresql", netloc=f"{user}@{host}" if user else host, query=urlencode(asked)
        )
        return cls(urlunsplit(bare), password)

    @property
    def environment(self) -> dict[str, str]:
        given = {"PGPASSWORD": self.password} if self.password else {}
        return os.environ | {"PGAPPNAME": "pilotage", "LC_MESSAGES": "C"} | given


def tool(name: str) -> str:
    """Where one of PostgreSQL's programs lies."""
    return str(EmbeddedPostgres(Path()).binaries / name)


def run(command: Sequence[str], address: Address, tell: Callable[[str], None]) -> None:
    """Run a program to its end; `tell` hears every line that it says on standard error. Raises `ToolTrouble`."""
    with started(command, address) as process:
        listen(process, tell)
    if process.returncode:
        raise ToolTrouble(process.last_words)


class Process(subprocess.Popen[bytes]):
    """A running program, and the last that it complained of."""

    last_words = ""


@contextmanager
def started(
    command: Sequence[str], address: Address, *, stdin: int | None = None, stdout: int | None = None
) -> Iterator[Process]:
    """A running program, which has ended when the body has; killed where the body fails."""
    piped = subprocess.PIPE
    with Process(command, env=address.environment, stdin=stdin, stdout=stdout, stderr=piped) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def telling(table: re.Pattern[str], rows: Mapping[str, int], progress: Steps) -> Callable[[str], None]:
    """Turns what a program says into progress, by the rows of the tables that it has come to; after them come the indexes."""
    of, done = sum(rows.values()), 0

    def tell(line: str) -> None:
        nonlocal done
        if found := table.search(line):
            progress.say(found[1], done, of)
            done += rows.get(found[1], 0)
        elif done >= of:
            progress.say(_("indexes"), of, of)

    return tell


def listen(process: Process, tell: Callable[[str], None]) -> None:
    """Hand on what a program says on standard error, line by line, until it is silent."""
    for octets in process.stderr or ():
        line = octets.decode(errors="replace").rstrip()
        tell(line)
        if "error" in line or "FATAL" in line or "ERROR" in line or process.last_words:
            process.last_words = f"{process.last_words}\n{line}".strip()[-LAST_WORDS_CHARACTERS:]
