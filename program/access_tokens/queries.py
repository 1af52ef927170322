"""The access tokens of a person, as they see them themselves."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from program.access_tokens.rules import Scope
from program.database import fetch

FROM_CALLER = (
    " FROM installation i"
    " LEFT JOIN access_token s ON s.digest = $1 AND s.revoked_at IS NULL AND s.expires_at > $2"
    "  AND NOT EXISTS (SELECT FROM departure d WHERE d.person = s.person AND d.returned_at IS NULL)"
    " LEFT JOIN person p ON p.id = s.person"
)
"""What `FROM_SESSION` of sign_in is to a session’s token, this is to an access token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLine:
    """A token in the list; `used_at` is when it was last used, as far as that is remembered."""

    id: UUID
    name: str
    scopes: tuple[Scope, ...]
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None
    valid: bool


async def access_tokens_of(person: UUID, *, at: datetime) -> list[TokenLine]:
    """One's own tokens, those first that are valid `at` (the machine's time), the newest of them first."""
    rows = await fetch(
        "SELECT t.id, t.name, t.scopes, t.made_at, t.expires_at, t.revoked_at, u.used_at,"
        " t.revoked_at IS NULL AND t.expires_at > $2 AS valid"
        " FROM access_token t LEFT JOIN access_token_use u ON u.token = t.id WHERE t.person = $1"
        " ORDER BY valid DESC, t.made_at DESC, t.id DESC LIMIT 200",
        person,
        at,
    )
    return [
        TokenLine(
            id=row["id"],
            name=row["name"],
            scopes=tuple(Scope(scope) for scope in row["scopes"]),
            made_at=row["made_at"],
            expires_at=row["expires_at"],
            revoked_at=row["revoked_at"],
            used_at=row["used_at"],
            valid=row["valid"],
        )
        for row in rows
    ]
