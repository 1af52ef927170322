"""Letters as their readers get them, for whoever sends them and, in a demo, for whoever looks."""

import json
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from playbooks.letters.rules import Posted
from program.database import fetch, fetch_value

ON_A_PAGE = 20

POSTED = (
    "d.id, d.letter, d.facts, p.name, p.email, p.locale,"
    " coalesce(g.name, '') AS program_name, coalesce(g.slug, '') AS program_slug"
)
OF_DELIVERIES = (
    "FROM delivery d JOIN person p ON p.id = d.recipient JOIN event e ON e.id = d.event"
    " LEFT JOIN program g ON g.id = e.program"
)
"""What of the deliveries `d` is asked for, and from where, for `posted_in`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLine:
    """A letter that went out at `done_at`, or did not yet; `given_up` where it never will."""

    posted: Posted
    written_at: datetime
    done_at: datetime | None
    given_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPage:
    """A page of letters; `number` is one that there is."""

    letters: tuple[LetterLine, ...]
    number: int
    pages: int
    total: int


async def all_letters(*, number: int) -> LetterPage:
    """Every letter there is, the newest first. Two queries. For a demo or test only: it holds what opens doors."""
    total = int(await fetch_value("SELECT count(*) FROM delivery"))
    pages = max(1, -(-total // ON_A_PAGE))
    number = min(max(number, 1), pages)
    rows = await fetch(
        f"SELECT {POSTED}, e.at AS written_at, d.done_at, d.given_up_at {OF_DELIVERIES}"
        " ORDER BY e.at DESC, d.id DESC LIMIT $1 OFFSET $2",
        ON_A_PAGE,
        (number - 1) * ON_A_PAGE,
    )
    return LetterPage(
        letters=tuple(
            LetterLine(
                posted=posted_in(row),
                written_at=row["written_at"],
                done_at=row["done_at"],
                given_up=row["given_up_at"] is not None,
            )
            for row in rows
        ),
        number=number,
        pages=pages,
        total=total,
    )


def posted_in(row: asyncpg.Record) -> Posted:
    return Posted(
        id=row["id"],
        letter=row["letter"],
        facts=json.loads(row["facts"]),
        name=row["name"],
        email=row["email"],
        locale=row["locale"],
        program_name=row["program_name"],
        program_slug=row["program_slug"],
    )
