"""Who is signed in, and what time it is for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from program.database import fetch, fetch_row, fetch_value
from program.installation.queries import NOT_MIGRATED, Clock
from program.sign_in.rules import digest_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The person behind a session, whatever program they look at; or behind an access token, whose id is then `session`."""

    session: UUID
    person: UUID
    name: str
    email: str
    owner: bool
    locale: str
    theme: str


WHO_COMES = (
    " i.mark, i.clock_offset_seconds, s.id AS session, p.id AS person, p.name, p.email, p.locale, p.theme,"
    "  EXISTS (SELECT FROM owner o WHERE o.person = p.id) AS owner"
)
FROM_SESSION = (
    " FROM installation i"
    " LEFT JOIN session s ON s.digest = $1 AND s.ended_at IS NULL AND s.expires_at > $2"
    "  AND NOT EXISTS (SELECT FROM departure d WHERE d.person = s.person AND d.returned_at IS NULL)"
    " LEFT JOIN person p ON p.id = s.person"
)
"""Columns and tables that tell who comes with the token whose digest is $1, at $2; for `who_comes`."""


async def signed_in(token: str | None, at: datetime) -> tuple[Clock, SignedIn | None]:
    """The clock, and the person whose session has this token, if it still lasts at `at` (the machine's time).

    One query. Nobody who left the company is signed in.
    """
    return who_comes(await fetch_row(f"SELECT {WHO_COMES} {FROM_SESSION}", digest_of(token or ""), at))


def who_comes(row: asyncpg.Record | None) -> tuple[Clock, SignedIn | None]:
    if row is None:
        raise LookupError(NOT_MIGRATED)
    held = Clock(mark=row["mark"], offset=timedelta(seconds=row["clock_offset_seconds"]))
    if row["person"] is None:
        return held, None
    return held, SignedIn(
        session=row["session"],
        person=row["person"],
        name=row["name"],
        email=row["email"],
        owner=row["owner"],
        locale=row["locale"],
        theme=row["theme"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerLine:
    """An owner of the installation; `left` is whoever left the company, and signs in no more."""

    person: UUID
    name: str
    email: str
    left: bool


async def owners() -> list[OwnerLine]:
    """The owners of the installation, the first one first. For the command, which has no reader."""
    rows = await fetch(
        "SELECT p.id AS person, p.name, p.email,"
        " EXISTS (SELECT FROM departure d WHERE d.person = p.id AND d.returned_at IS NULL) AS left"
        " FROM owner o JOIN person p ON p.id = o.person ORDER BY o.since_at, o.id"
    )
    return [OwnerLine(**row) for row in rows]


async def open_sessions(person: UUID, at: datetime) -> int:
    """In how many browsers somebody is signed in at `at` (the machine's time)."""
    count: int = await fetch_value(
        "SELECT count(*) FROM session WHERE person = $1 AND ended_at IS NULL AND expires_at > $2", person, at
    )
    return count


async def link_owner(nonce: bytes, at: datetime) -> str | None:
    """The name of the person whom an unused link would sign in at `at`, or None."""
    row = await fetch_row(
        "SELECT p.name FROM sign_in_link l JOIN person p ON p.id = l.person"
        " WHERE l.nonce = $1 AND l.used_at IS NULL AND l.expires_at > $2"
        "  AND NOT EXISTS (SELECT FROM departure d WHERE d.person = l.person AND d.returned_at IS NULL)",
        nonce,
        at,
    )
    return None if row is None else str(row["name"])
