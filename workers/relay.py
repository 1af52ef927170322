"""Sends what must follow from events, once each as far as the outside allows."""

from contextlib import suppress
from datetime import datetime, timedelta
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr
from uuid import UUID

import aiosmtplib

from playbooks.letters.queries import OF_DELIVERIES, POSTED, posted_in
from playbooks.letters.rules import Posted
from program.database import execute, fetch_row, transaction
from program.installation.queries import clock
from program.logs import log_of
from program.settings import MailServer, Settings
from workers.letters import composed

MOST_TRIES = 12
LONGEST_WAIT = timedelta(hours=6)
SECONDS_FOR_AN_ANSWER = 30
NO_MAIL_SERVER = "no mail server is set"
WHO_LEFT = "they left the company"
_log = log_of(__name__)


async def deliver_next(settings: Settings) -> bool:
    """Deal with the delivery that is due longest: sent, put off, or given up. False where nothing is due.

    Without a mail server a demo or test counts it as sent: there the owner reads all letters on a page.

    The row stays locked while its letter is handed over, so any number of relays work side by side. A second copy goes
    out only if this process dies between the mail server's yes and our commit; it has the same Message-ID.
    """
    async with transaction():
        held = await clock()
        now = held.now()
        row = await fetch_row(
            f"SELECT {POSTED}, d.tries,"
            " EXISTS (SELECT FROM departure w WHERE w.person = p.id AND w.returned_at IS NULL) AS departed"
            f" {OF_DELIVERIES}"
            " WHERE d.due_at <= $1 AND d.done_at IS NULL AND d.given_up_at IS NULL"
            " ORDER BY d.due_at, d.id LIMIT 1 FOR UPDATE OF d SKIP LOCKED",
            now,
        )
        if row is None:
            return False
        if row["departed"]:
            await _give_up(row["id"], now, WHO_LEFT)
            return True
        if settings.mail_server is None:
            if held.mark is None:
                await _give_up(row["id"], now, NO_MAIL_SERVER)
            else:
                await _done(row["id"], now)
            return True
        trouble = await _trouble_handing_over(posted_in(row), settings, settings.mail_server)
        if trouble is None:
            await _done(row["id"], now)
        elif row["tries"] + 1 >= MOST_TRIES:
            await _give_up(row["id"], now, trouble)
        else:
            await _put_off(row["id"], now + wait_after(row["tries"]), trouble)
        return True


def wait_after(tries: int) -> timedelta:
    """How long a letter that was not taken waits, after that many earlier tries."""
    return min(timedelta(minutes=2**tries), LONGEST_WAIT)


async def _trouble_handing_over(posted: Posted, settings: Settings, server: MailServer) -> str | None:
    """None when the mail server took the letter; otherwise what kind of trouble there was, without addresses.

    A letter that cannot be written is trouble too, so that it does not keep the others from being sent.
    """
    try:
        await _hand_over(composed(posted, settings), posted.email, settings, server)
    except (aiosmtplib.SMTPException, OSError, MessageError, LookupError, ValueError) as error:
        _log.warning("a letter was not taken", delivery=str(posted.id), trouble=type(error).__name__)
        return type(error).__name__
    return None


async def _hand_over(message: EmailMessage, to: str, settings: Settings, server: MailServer) -> None:
    """Whatever interrupts it, the connection is closed at once."""
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user or None,
        password=server.password or None,
        use_tls=server.tls,
        timeout=SECONDS_FOR_AN_ANSWER,
    )
    try:
        await client.connect()
        await client.send_message(message, sender=parseaddr(settings.mail_from)[1], recipients=[to])
        with suppress(aiosmtplib.SMTPException):
            await client.quit()
    finally:
        client.close()


async def _done(delivery: UUID, now: datetime) -> None:
    await execute("UPDATE delivery SET done_at = $2, trouble = NULL WHERE id = $1", delivery, now)


async def _put_off(delivery: UUID, until: datetime, trouble: str) -> None:
    await execute(
        "UPDATE delivery SET tries = tries + 1, due_at = $2, trouble = $3 WHERE id = $1",
        delivery,
        until,
        trouble,
    )


async def _give_up(delivery: UUID, now: datetime, trouble: str) -> None:
    await execute(
        "UPDATE delivery SET tries = tries + 1, given_up_at = $2, trouble = $3 WHERE id = $1",
        delivery,
        now,
        trouble,
    )
