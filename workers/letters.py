"""The letters that follow from events, in the reader's own language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any
from uuid import UUID

from cohorts.invitations.rules import INVITATION
from cohorts.invitations.words import invitation_words
from program.installation.queries import machine_now
from program.letters.texts import Words, letter_text
from program.roles.rules import Role
from program.settings import Settings
from program.sign_in.actions import SIGN_IN_LINK
from program.sign_in.rules import sealed
from program.words import gettext as _
from program.words import spoken_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A delivery with what its words need; `program_name` and `program_slug` are empty where no program is concerned."""

    id: UUID
    letter: str
    facts: Mapping[str, Any]
    name: str
    email: str
    locale: str
    program_name: str
    program_slug: str


def composed(posted: Posted, settings: Settings) -> EmailMessage:
    """The mail of a delivery. Its Message-ID is the delivery's own, the same for every try."""
    with spoken_in(posted.locale):
        words = LETTERS[posted.letter](posted, settings.secret)
        text = letter_text(posted.letter, words, name=posted.name, address=settings.address)
    message = EmailMessage()
    message["Subject"] = " ".join(words.subject.split())
    message["From"] = settings.mail_from
    message["To"] = Address(" ".join(posted.name.split()), addr_spec=posted.email)
    message["Date"] = format_datetime(machine_now())
    message["Message-ID"] = f"<{posted.id}@{parseaddr(settings.mail_from)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable")
    return message


def _sign_in_link(posted: Posted, secret: str) -> Words:
    token = sealed(bytes.fromhex(posted.facts["nonce"]), purpose=SIGN_IN_LINK, secret=secret)
    return Words(
        _("Your sign-in link"),
        _(
            "This link signs you in once, within a day. If you did not ask for it, leave it alone: nothing happens."
        ),
        f"/sign-in/{token}",
    )


def _invitation(posted: Posted, secret: str) -> Words:
    token = sealed(bytes.fromhex(posted.facts["nonce"]), purpose=INVITATION, secret=secret)
    return invitation_words(posted.program_name, token)


def _role_granted(posted: Posted, _secret: str) -> Words:
    roles = {
        Role.LEAD: _(
            "You help to run “%(program)s” from now on: you see its people, its learnings and its gates."
        ),
        Role.SPONSOR: _(
            "You are a sponsor of “%(program)s” from now on: its gates open only with your vote."
        ),
        Role.REVIEWER: _("You are a reviewer of “%(program)s” from now on: incidents come to you."),
    }
    return Words(
        _("Your part in %(program)s") % {"program": posted.program_name},
        roles[Role(posted.facts["role"])] % {"program": posted.program_name},
        _room(posted),
    )


def _learning_accepted(posted: Posted, _secret: str) -> Words:
    return Words(
        _("Your learning goes into the playbook"),
        _(
            "A program lead took your learning into an entry of the playbook. Thank you: others will learn from it."
        ),
        _room(posted, "learnings", posted.facts["learning"]),
    )


def _learning_returned(posted: Posted, _secret: str) -> Words:
    return Words(
        _("A question about your learning"),
        _(
            "A program lead sent your learning back with a note. You can read it, change your words and send it again:"
        ),
        _room(posted, "learnings", posted.facts["learning"]),
    )


def _learning_declined(posted: Posted, _secret: str) -> Words:
    return Words(
        _("About your learning"),
        _("A program lead decided not to take your learning into the playbook, and says why:"),
        _room(posted, "learnings", posted.facts["learning"]),
    )


def _gate_ready(posted: Posted, _secret: str) -> Words:
    return Words(
        _("A gate is ready: %(program)s") % {"program": posted.program_name},
        _(
            "Nothing holds this gate shut any more. Whether it opens is for people to decide, with the evidence before them:"
        ),
        _gate(posted),
    )


def _gate_opened(posted: Posted, _secret: str) -> Words:
    return Words(
        _("A gate was opened: %(program)s") % {"program": posted.program_name},
        _("The decision was taken. What it rests on stands on the gate’s page:"),
        _gate(posted),
    )


def _certificate_issued(posted: Posted, _secret: str) -> Words:
    return Words(
        _("Your certificate"),
        _("You passed. Your certificate is here; only you see it, unless you choose to show it:"),
        _room(posted, "certificates", posted.facts["certificate"]),
    )


def _room(posted: Posted, *parts: str) -> str:
    return "/".join(("/programs", posted.program_slug, *parts))


def _gate(posted: Posted) -> str:
    return _room(posted, "gates", posted.facts["gate"])


LETTERS: Mapping[str, Callable[[Posted, str], Words]] = {
    "sign_in_link": _sign_in_link,
    "invitation": _invitation,
    "role_granted": _role_granted,
    "learning_accepted": _learning_accepted,
    "learning_returned": _learning_returned,
    "learning_declined": _learning_declined,
    "gate_ready": _gate_ready,
    "gate_opened": _gate_opened,
    "certificate_issued": _certificate_issued,
}
