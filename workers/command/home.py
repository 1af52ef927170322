"""The folder in which an installation keeps its data, its secret and the word that it is running."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from program.settings import Settings
from workers.command.embedded import EmbeddedPostgres, EmbeddedValkey

LEAST_FREE_MEGABYTES = 500
SECRET_BYTES = 48


class HomeTrouble(Exception):  # noqa: N818 -- its words are shown as they are
    """The folder cannot be used; the words say why, and what would help."""


@contextmanager
def held_home(home: Path) -> Iterator[None]:
    """The folder, made and checked, and ours alone until the end: two supervisors would stop each other's servers."""
    _make(home)
    with (home / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise HomeTrouble(
                f"Pilotage already runs from {home} (process {lock.read().strip()}). "
                "Stop that one, or choose another folder: PILOTAGE_HOME=…"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _make(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
        with (home / "lock").open("a"):
            pass
    except OSError as error:
        raise HomeTrouble(
            f"Pilotage cannot write into {home} ({error.strerror}). "
            "Make the folder yours, or choose another: PILOTAGE_HOME=…"
        ) from None
    free = shutil.disk_usage(home).free // 1_000_000
    if free < LEAST_FREE_MEGABYTES:
        raise HomeTrouble(
            f"Only {free} MB are free where Pilotage keeps its data ({home}), and it needs {LEAST_FREE_MEGABYTES}. "
            "Make room there, or choose another folder: PILOTAGE_HOME=…"
        )


def settled(settings: Settings) -> Settings:
    """The settings with what was left open filled in from the folder: the running embedded servers, the kept secret."""
    return replace(
        settings,
        database_url=settings.database_url or EmbeddedPostgres(settings.home).url(),
        redis_url=settings.redis_url or EmbeddedValkey(settings.home).url(),
        secret=settings.secret or kept_secret(settings.home),
    )


def kept_secret(home: Path) -> str:
    """The secret that was made at the first start; nobody but its owner can read it."""
    file = home / "secret"
    try:
        if not file.exists():
            aside = file.with_suffix(".being-made")
            aside.touch(mode=0o600)
            aside.write_text(secrets.token_urlsafe(SECRET_BYTES))
            aside.rename(file)
        return file.read_text()
    except OSError as error:
        raise HomeTrouble(
            f"The secret in {file} cannot be read ({error.strerror}). Give it back to its owner."
        ) from None
