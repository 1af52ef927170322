"""Signing in and out. All times here are the machine's own: no moved clock stretches a session or a link."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from program.database import execute, fetch_row, fetch_value, new_id, transaction
from program.events.actions import Letter, record
from program.installation.queries import clock
from program.people.rules import PLACEHOLDER_EMAIL
from program.programs.actions import require_ours_alone
from program.refusals import NotAllowed, NotFound, Refusal
from program.sign_in.rules import (
    LINK_LASTS,
    LONGEST_PASSWORD,
    NONCE_BYTES,
    OWNER_LINK_LASTS,
    SESSION_LASTS,
    SHORTEST_PASSWORD,
    SIGN_IN_LINK,
    TRIES_COUNTED_FOR,
    TRIES_PER_ADDRESS,
    TRIES_PER_SOURCE,
    digest_of,
    sealed,
    subject_of,
    unsealed,
)
from program.words import gettext as _
from program.words import ngettext

_HASHER = PasswordHasher()


class NotSignedIn(Refusal):
    """Says the same whether the address is unknown, has no password, or the password is wrong."""

    field = "password"

    def sentence(self) -> str:
        return _(
            "This e-mail address and password do not go together. You can ask for a sign-in link instead."
        )


class TooManyTries(Refusal):
    field = "email"

    def sentence(self) -> str:
        minutes = int(TRIES_COUNTED_FOR.total_seconds() // 60)
        return ngettext(
            "There were too many tries. Wait %(minutes)d minute and try again.",
            "There were too many tries. Wait %(minutes)d minutes and try again.",
            minutes,
        ) % {"minutes": minutes}


class LinkIsSpent(Refusal):
    def sentence(self) -> str:
        return _("This link was used already or is too old. Ask for a new one.")


class PasswordTooShort(Refusal):
    field = "password"

    def sentence(self) -> str:
        return _("Use at least %(count)d characters: a short sentence is easy to remember.") % {
            "count": SHORTEST_PASSWORD
        }


class PasswordTooLong(Refusal):
    field = "password"

    def sentence(self) -> str:
        return _("Use at most %(count)d characters.") % {"count": LONGEST_PASSWORD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """Where a try to sign in comes from, and the secret that hides it in the database."""

    source: str
    secret: str


async def sign_in(email: str, password: str, *, tried: Try, at: datetime) -> str:
    """Answers the token of a new session. Refused after too many tries, and where the two do not go together."""
    await _count_try(email, tried, at)
    row = await fetch_row(
        "SELECT p.id, w.hashed FROM person p JOIN password w ON w.person = p.id"
        " WHERE p.email = lower($1)"
        "  AND NOT EXISTS (SELECT FROM departure d WHERE d.person = p.id AND d.returned_at IS NULL)",
        email.strip(),
    )
    fits = await asyncio.to_thread(_fits, None if row is None else row["hashed"], password)
    if row is None or not fits:
        raise NotSignedIn
    async with transaction():
        return await begin_session(row["id"], at)


async def ask_for_link(email: str, *, tried: Try, at: datetime) -> None:
    """Send a one-time link if somebody has this address; says nothing either way. Refused after too many tries."""
    await _count_try(email, tried, at)
    async with transaction():
        person = await fetch_value(
            "SELECT id FROM person p WHERE email = lower($1)"
            " AND NOT EXISTS (SELECT FROM departure d WHERE d.person = p.id AND d.returned_at IS NULL)",
            email.strip(),
        )
        if person is None:
            return
        nonce = await _new_link(person, at, LINK_LASTS)
        await record(
            "sign_in_link_asked",
            program=None,
            by=person,
            at=at,
            letters=[Letter(to=person, letter="sign_in_link", facts={"nonce": nonce.hex()})],
        )


async def use_link(token: str, *, secret: str, at: datetime) -> str:
    """Answers the token of a new session; the link is used up. Refused where it is spent or was not made here."""
    nonce = unsealed(token, purpose=SIGN_IN_LINK, secret=secret)
    if nonce is None:
        raise LinkIsSpent
    async with transaction():
        person = await fetch_value(
            "UPDATE sign_in_link l SET used_at = $2 WHERE nonce = $1 AND used_at IS NULL AND expires_at > $2"
            " AND NOT EXISTS (SELECT FROM departure d WHERE d.person = l.person AND d.returned_at IS NULL)"
            " RETURNING person",
            nonce,
            at,
        )
        if person is None:
            raise LinkIsSpent
        return await begin_session(person, at)


async def begin_session(person: UUID, at: datetime) -> str:
    """Within a transaction: a new session with a new token, which only its owner's cookie will hold."""
    token = secrets.token_urlsafe(32)
    await execute(
        "INSERT INTO session (id, person, digest, made_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        new_id(),
        person,
        digest_of(token),
        at,
        at + SESSION_LASTS,
    )
    await record("signed_in", program=None, by=person, at=at)
    return token


async def sign_out(session: UUID, *, by: UUID, at: datetime) -> None:
    async with transaction():
        await execute(
            "UPDATE session SET ended_at = $3 WHERE id = $1 AND person = $2 AND ended_at IS NULL",
            session,
            by,
            at,
        )
        await record("signed_out", program=None, by=by, at=at)


async def sign_out_everywhere(person: UUID, *, at: datetime) -> None:
    """End every session of a person, this one too."""
    async with transaction():
        await execute("UPDATE session SET ended_at = $2 WHERE person = $1 AND ended_at IS NULL", person, at)
        await record("signed_out_everywhere", program=None, by=person, at=at)


async def set_password(person: UUID, password: str, *, keep_session: UUID, at: datetime) -> None:
    """Set one's own password and end one's other sessions. Refused where it is too short or too long."""
    hashed = await hashed_password(password)
    async with transaction():
        await keep_password(person, hashed, at)
        await execute(
            "UPDATE session SET ended_at = $3 WHERE person = $1 AND id <> $2 AND ended_at IS NULL",
            person,
            keep_session,
            at,
        )
        await record("password_set", program=None, by=person, at=at)


async def hashed_password(password: str) -> str:
    """The argon2id hash of a password of a fit length; hashing runs beside the event loop."""
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort
    if len(password) > LONGEST_PASSWORD:
        raise PasswordTooLong
    return await asyncio.to_thread(_HASHER.hash, password)


async def keep_password(person: UUID, hashed: str, at: datetime) -> None:
    """Within a transaction: the hash replaces the one before."""
    await execute(
        "INSERT INTO password (id, person, hashed, set_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (person) DO UPDATE SET hashed = excluded.hashed, set_at = excluded.set_at",
        new_id(),
        person,
        hashed,
        at,
    )


async def owner_link(*, secret: str, at: datetime, to: UUID | None = None) -> str:
    """The token of a one-time link for an owner: the installation's first, who is made if there is none yet, unless `to`
    names another.
    """
    async with transaction():
        await execute("SELECT pg_advisory_xact_lock(hashtext('pilotage owner'))")
        person = await fetch_value(
            "SELECT person FROM owner WHERE $1::uuid IS NULL OR person = $1 ORDER BY since_at, id LIMIT 1", to
        )
        if person is None and to is not None:
            raise NotFound
        if person is None:
            person = new_id()
            await execute(
                "INSERT INTO person (id, email, name, made_at) VALUES ($1, $2, $3, $4)",
                person,
                PLACEHOLDER_EMAIL,
                "Owner",
                at,
            )
            await execute(
                "INSERT INTO owner (id, person, since_at) VALUES ($1, $2, $3)", new_id(), person, at
            )
        nonce = await _new_link(person, at, OWNER_LINK_LASTS)
        await record("owner_link_made", program=None, by=None, about=person, at=at)
    return sealed(nonce, purpose=SIGN_IN_LINK, secret=secret)


async def hand_over_link(person: UUID, *, program: UUID, by: UUID, secret: str, at: datetime) -> str:
    """The token of a first sign-in link, for a lead to hand to one of the program's people who never signed in.

    For leads of the program and owners. Refused as soon as the person has signed in once: from then on only they
    themselves can ask for one.
    """
    async with transaction():
        if not await fetch_value(
            "SELECT true FROM listing WHERE program = $1 AND person = $2", program, person
        ):
            raise NotFound
        if not await fetch_value(
            "SELECT EXISTS (SELECT FROM role_grant WHERE program = $1 AND person = $2 AND role = 'lead'"
            "  AND revoked_at IS NULL) OR EXISTS (SELECT FROM owner WHERE person = $2)",
            program,
            by,
        ):
            raise NotAllowed
        if await fetch_value(
            "SELECT EXISTS (SELECT FROM session WHERE person = $1) OR EXISTS (SELECT FROM owner WHERE person = $1)",
            person,
        ):
            raise SignedInBefore
        await require_ours_alone(person, program=program, by=by)
        nonce = await _new_link(person, at, LINK_LASTS)
        await record("first_link_made", program=program, by=by, about=person, at=at)
    return sealed(nonce, purpose=SIGN_IN_LINK, secret=secret)


class SignedInBefore(Refusal):
    def sentence(self) -> str:
        return _("They have signed in before, so only they can ask for a new link, on the sign-in page.")


async def demo_link(person: UUID, *, secret: str, at: datetime) -> str:
    """The token of a one-time link for anybody in a demo, where nobody is real. Refused everywhere else."""
    async with transaction():
        held = await clock()
        if held.mark != "demo":
            raise NotAllowed
        nonce = await _new_link(person, at, LINK_LASTS)
        await record("demo_link_made", program=None, by=None, about=person, at=held.now())
    return sealed(nonce, purpose=SIGN_IN_LINK, secret=secret)


async def _new_link(person: UUID, at: datetime, lasts: timedelta) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    await execute(
        "INSERT INTO sign_in_link (id, person, nonce, made_at, expires_at) VALUES ($1, $2, $3, $4, $4::timestamptz + $5::interval)",
        new_id(),
        person,
        nonce,
        at,
        lasts,
    )
    return nonce


async def _count_try(email: str, tried: Try, at: datetime) -> None:
    """Counted before the try is judged, in a transaction of its own, so that a refusal keeps its count."""
    limits = (
        (subject_of("address", email, secret=tried.secret), TRIES_PER_ADDRESS),
        (subject_of("source", tried.source, secret=tried.secret), TRIES_PER_SOURCE),
    )
    for subject, most in limits:
        count = await fetch_value(
            "WITH this AS (INSERT INTO sign_in_try (id, subject, tried_at) VALUES ($1, $2, $3))"
            " SELECT count(*) FROM sign_in_try WHERE subject = $2 AND tried_at > $3 - $4::interval",
            new_id(),
            subject,
            at,
            TRIES_COUNTED_FOR,
        )
        if count >= most:
            raise TooManyTries


@cache
def _nobodys() -> str:
    """What a password is held against where there is none, so that it takes as long."""
    return _HASHER.hash("nobody has this password")


def _fits(hashed: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(hashed or _nobodys(), password)
    except VerifyMismatchError:
        return False
