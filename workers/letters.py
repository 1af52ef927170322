"""The mail of a letter."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from playbooks.letters.rules import Posted
from playbooks.letters.words import written
from program.installation.queries import machine_now
from program.settings import Settings


def composed(posted: Posted, settings: Settings) -> EmailMessage:
    """The mail of a delivery. Its Message-ID is the delivery's own, the same for every try."""
    letter = written(posted, secret=settings.secret, address=settings.address)
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = settings.mail_from
    message["To"] = Address(" ".join(posted.name.split()), addr_spec=posted.email)
    message["Date"] = format_datetime(machine_now())
    message["Message-ID"] = f"<{posted.id}@{parseaddr(settings.mail_from)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    return message
