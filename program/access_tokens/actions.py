"""Making access tokens, counting their use, and ending them. All times here are the machine's own, as with sessions."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from program.access_tokens.rules import (
    ALPHABET,
    COUNTED_FOR,
    LASTS_DAYS,
    LONGEST_NAME,
    MOST_TOKENS,
    SECRET_CHARACTERS,
    Allowance,
    Scope,
    allowance,
    token_of,
)
from program.database import execute, fetch, fetch_value, new_id, transaction
from program.events.actions import record
from program.form_keys.actions import Sent, first_result
from program.refusals import NotFound, Refusal
from program.sign_in.rules import digest_of
from program.words import gettext as _
from program.words import ngettext


class NameMissing(Refusal):
    field = "name"

    def sentence(self) -> str:
        return _("Say what the token is for, in up to %(most)d characters.") % {"most": LONGEST_NAME}


class ScopeMissing(Refusal):
    field = "scopes"

    def sentence(self) -> str:
        return _("Choose at least one thing that the token may do.")


class LastsTooLong(Refusal):
    field = "days"

    def sentence(self) -> str:
        return _("Choose how long the token lasts.")


class TooManyTokens(Refusal):
    def sentence(self) -> str:
        return ngettext(
            "You have %(most)d token that is valid, which is as many as one may have. Revoke it first.",
            "You have %(most)d tokens that are valid, which is as many as one may have. Revoke one first.",
            MOST_TOKENS,
        ) % {"most": MOST_TOKENS}


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token, in words that are told this once; None where the same form had made it before."""

    id: UUID
    token: str | None


async def make_access_token(
    name: str, scopes: Collection[Scope], *, lasts_days: int, by: UUID, at: datetime, sent: Sent
) -> MadeToken:
    """Make a token of one's own. Its words are answered once and kept nowhere; the same form again answers none."""
    async with transaction():
        await execute("SELECT FROM person WHERE id = $1 FOR NO KEY UPDATE", by)
        id = new_id()
        earlier = await first_result(sent, by=by, at=at, result=id)
        if earlier is not None:
            return MadeToken(earlier, None)
        _refuse_what_is_wrong(name, scopes, lasts_days)
        if await _valid_tokens(by, at) >= MOST_TOKENS:
            raise TooManyTokens
        token = token_of("".join(secrets.choice(ALPHABET) for _place in range(SECRET_CHARACTERS)))
        told = sorted(scope.value for scope in scopes)
        await execute(
            "INSERT INTO access_token (id, person, name, digest, scopes, made_at, expires_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            id,
            by,
            name.strip(),
            digest_of(token),
            told,
            at,
            at + timedelta(days=lasts_days),
        )
        facts = {"scopes": told, "days": lasts_days}
        await record("access_token_made", program=None, by=by, subject=id, at=at, facts=facts)
    return MadeToken(id, token)


async def revoke_access_token(token: UUID, *, by: UUID, at: datetime) -> None:
    """End a token of one's own at once; one that ended already stays as it is. Raises `NotFound`."""
    async with transaction():
        if not await fetch_value("SELECT true FROM access_token WHERE id = $1 AND person = $2", token, by):
            raise NotFound
        if await execute(
            "UPDATE access_token SET revoked_at = $3, revoked_by = $2 WHERE id = $1 AND revoked_at IS NULL"
            " AND expires_at > $3",
            token,
            by,
            at,
        ):
            await record("access_token_revoked", program=None, by=by, subject=token, at=at)


async def end_access_tokens(person: UUID, *, by: UUID, at: datetime) -> None:
    """Within a transaction: nothing acts as this person any more, also not if they come back."""
    await execute(
        "UPDATE access_token SET revoked_at = $3, revoked_by = $2 WHERE person = $1 AND revoked_at IS NULL",
        person,
        by,
        at,
    )


async def count_call(token: UUID, *, cost: int, at: datetime) -> Allowance:
    """Count a call with a token; answers what it may still use. One statement, which keeps whatever becomes of the call."""
    (row,) = await fetch(
        "INSERT INTO access_token_use AS u (id, token, counted_from, calls, used_at) VALUES ($1, $2, $3, $4, $3)"
        " ON CONFLICT (token) DO UPDATE SET used_at = $3,"
        "  counted_from = CASE WHEN u.counted_from + $5 <= $3 THEN $3 ELSE u.counted_from END,"
        "  calls = CASE WHEN u.counted_from + $5 <= $3 THEN $4 ELSE u.calls + $4 END"
        " RETURNING counted_from, calls",
        new_id(),
        token,
        at,
        cost,
        COUNTED_FOR,
    )
    return allowance(row["calls"], row["counted_from"], at)


def _refuse_what_is_wrong(name: str, scopes: Collection[Scope], lasts_days: int) -> None:
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise NameMissing
    if not scopes:
        raise ScopeMissing
    if lasts_days not in LASTS_DAYS:
        raise LastsTooLong


async def _valid_tokens(person: UUID, at: datetime) -> int:
    return int(
        await fetch_value(
            "SELECT count(*) FROM access_token WHERE person = $1 AND revoked_at IS NULL AND expires_at > $2",
            person,
            at,
        )
    )
