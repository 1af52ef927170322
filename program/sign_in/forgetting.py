"""Forgetting what signing in left behind."""

from datetime import datetime

from program.database import execute, transaction
from program.sign_in.rules import KEPT_AFTERWARDS, TRIES_COUNTED_FOR


async def forget_old_sign_ins(at: datetime) -> None:
    """Tries that count no more, and what has been of no use for a month: links, and sessions but for each person’s newest,
    which says that they have signed in before. Machine time; may run as often as one likes.
    """
    before = at - KEPT_AFTERWARDS
    async with transaction():
        await execute("DELETE FROM sign_in_try WHERE tried_at < $1", at - TRIES_COUNTED_FOR)
        await execute("DELETE FROM sign_in_link WHERE expires_at < $1", before)
        await execute(
            "DELETE FROM session s WHERE least(s.expires_at, s.ended_at) < $1"
            " AND EXISTS (SELECT FROM session n WHERE n.person = s.person AND (n.made_at, n.id) > (s.made_at, s.id))",
            before,
        )
