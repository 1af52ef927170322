"""Every letter of a demo or test, as it would have gone out, for its owner to read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Template

from playbooks.letters.queries import LetterLine, all_letters
from playbooks.letters.words import written
from program.refusals import NotFound
from program.roles.rules import Role
from program.settings import Settings
from web.pages import page
from web.people import page_number
from web.visit import Visit, may


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a letter; those that are an address of ours lead to `path`."""

    words: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A letter to read; `program` is empty where it concerns none."""

    id: str
    to: str
    email: str
    subject: str
    program: str
    written_at: datetime
    went_out: bool
    given_up: bool
    pieces: tuple[Piece, ...]


@get("/letters", opt=may(Role.OWNER))
async def index(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], settings: NamedDependency[Settings]
) -> Template:
    """Of a demo or test only: they hold links that sign others in."""
    if visit.clock.mark is None:
        raise NotFound
    found = await all_letters(number=page_number(request))
    return page(
        request,
        "letters/index.html",
        letters=[_shown(letter, settings) for letter in found.letters],
        total=found.total,
        number=found.number,
        pages=found.pages,
        pages_at="/letters?page=",
    )


def _shown(line: LetterLine, settings: Settings) -> Shown:
    letter = written(line.posted, secret=settings.secret, address=settings.address)
    return Shown(
        id=str(line.posted.id),
        to=line.posted.name,
        email=line.posted.email,
        subject=letter.subject,
        program=line.posted.program_name,
        written_at=line.written_at,
        went_out=line.done_at is not None,
        given_up=line.given_up,
        pieces=tuple(_pieces(letter.text, settings.address)),
    )


def _pieces(text: str, address: str) -> Iterator[Piece]:
    """The text as it is, in pieces that are an address of this installation, and pieces that are not."""
    for number, words in enumerate(re.split(rf"({re.escape(address)}/\S*)", text)):
        yield Piece(words, words.removeprefix(address) if number % 2 else "")


HANDLERS = (index,)
