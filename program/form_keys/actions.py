"""The same form sent twice has one result."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from program.database import execute, fetch_row
from program.refusals import Refusal
from program.words import gettext as _

KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent: the key made with it, and the SHA-256 digest of what it says."""

    key: UUID
    digest: bytes

    @classmethod
    def of(cls, key: UUID, body: bytes) -> "Sent":
        return cls(key, hashlib.sha256(body).digest())


class SentBefore(Refusal):
    """The same form was sent before with other words; `reasons[0]` is the id of what came of it."""

    def sentence(self) -> str:
        return _(
            "This form was already sent once, with other words. What was sent first was kept;"
            " what stands here now was not. Open a fresh form to send it too."
        )


async def first_result(sent: Sent, *, by: UUID, at: datetime, result: UUID) -> UUID | None:
    """Claim a form's key for `result`; answers the earlier result if the same form was sent before, else None.

    Comes first in the action's transaction: of two at once, one waits here for the other. A refusal later rolls the
    claim back. Refused with `SentBefore` if the key came with other words, or from somebody else.
    """
    claimed = await execute(
        "INSERT INTO form_key (id, person, digest, result, kept_at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (id) DO NOTHING",
        sent.key,
        by,
        sent.digest,
        result,
        at,
    )
    if claimed:
        return None
    row = await fetch_row("SELECT person, digest, result FROM form_key WHERE id = $1", sent.key)
    if row is None or row["person"] != by or row["digest"] != sent.digest:
        raise SentBefore(None if row is None or row["person"] != by else row["result"])
    earlier: UUID = row["result"]
    return earlier


async def forget_old_forms(now: datetime) -> None:
    """Whoever sends a form again does so within a month. May run as often as one likes."""
    await execute("DELETE FROM form_key WHERE kept_at < $1", now - KEPT_FOR)
