"""A person's own accounts, as only they see them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from program.database import fetch
from program.roles.rules import Reader
from program.social_accounts.rules import Network, Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """An account; `consented_from` is the first day of the consent that holds in this program, if one does.

    `consented_before` is that of the consent that was withdrawn last, where none holds.
    """

    id: UUID
    network: Network
    handle: str
    address: str | None
    stance: Stance
    disclosure: str
    consented_from: date | None
    consented_before: date | None


async def own_accounts(*, seen_by: Reader) -> list[AccountLine]:
    """The reader's own accounts, oldest first, with their consents to the reader's program."""
    rows = await fetch(
        "SELECT a.id, a.network, a.handle, a.address, a.stance, a.disclosure, c.from_on,"
        " (SELECT b.from_on FROM consent b WHERE b.account = a.id AND b.program = $2 AND c.id IS NULL"
        "  ORDER BY b.withdrawn_at DESC, b.id DESC LIMIT 1) AS before_on"
        " FROM social_account a"
        " LEFT JOIN consent c ON c.account = a.id AND c.program = $2 AND c.withdrawn_at IS NULL"
        " WHERE a.person = $1 AND a.removed_at IS NULL ORDER BY a.added_at, a.id",
        seen_by.person,
        seen_by.program,
    )
    return [
        AccountLine(
            id=row["id"],
            network=Network(row["network"]),
            handle=row["handle"],
            address=row["address"],
            stance=Stance(row["stance"]),
            disclosure=row["disclosure"],
            consented_from=row["from_on"],
            consented_before=row["before_on"],
        )
        for row in rows
    ]
