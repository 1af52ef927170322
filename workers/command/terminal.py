"""How the command speaks: plainly into files and pipes, with tables and progress on a terminal."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

GOOD, TROUBLE, WRONG_USE = 0, 1, 2
WIDTH_IN_A_PIPE = 160


class WrongUse(Exception):  # noqa: N818 -- its words are shown as they are
    """What was asked for cannot be meant so; the words say what could be."""


@lru_cache(maxsize=2)
def console(*, errors: bool = False) -> Console:
    """Standard output, or standard error. No control codes where nobody looks, and no colours under NO_COLOR."""
    plain = bool(os.environ.get("NO_COLOR"))
    made = Console(stderr=errors, highlight=False, emoji=False, color_system=None if plain else "auto")
    if not made.is_terminal:
        made.width = WIDTH_IN_A_PIPE
    return made


def say(text: str = "", *, style: str = "") -> None:
    """A line of plain text: broken between words on a terminal, not at all elsewhere, and never within a word, as a link is."""
    _print(console(), text, style)


def complain(text: str) -> None:
    """The same on standard error."""
    _print(console(errors=True), text, "")


def _print(to: Console, text: str, style: str) -> None:
    whole = not to.is_terminal or any(len(word) > to.width for word in text.split())
    to.print(escape(text), style=style or None, soft_wrap=whole)


def agreed(question: str, *, yes: bool, without: str) -> bool:
    """Whether the person at the terminal says yes, or said so before. Where nobody can be asked, `without` says what to do."""
    if yes:
        return True
    if not os.isatty(0):
        raise WrongUse(without)
    return typer.confirm(question, default=False)


class Steps:
    """Progress of what takes long, on standard error and only on a terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def say(self, what: str, done: int, of: int) -> None:
        """What is being done, and how far it has come."""
        self._progress.update(self._task, description=escape(what), completed=done, total=max(of, 1))


@contextmanager
def steps() -> Iterator[Steps]:
    """Shows how far something has come, and leaves nothing of it behind."""
    shown = console(errors=True)
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(*columns, console=shown, transient=True, disable=not shown.is_terminal) as progress:
        yield Steps(progress)
