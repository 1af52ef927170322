"""What each letter says, in the language that is spoken now."""

from collections.abc import Callable, Mapping
from datetime import date

from cohorts.invitations.rules import INVITATION
from cohorts.invitations.words import invitation_words
from playbooks.letters.rules import Posted, Written
from program.letters.texts import Words, letter_text
from program.roles.rules import Role
from program.sign_in.rules import SIGN_IN_LINK, sealed
from program.words import day_text, ngettext, number_text, spoken_in
from program.words import gettext as _


def written(posted: Posted, *, secret: str, address: str) -> Written:
    """The letter in its reader's own language; `address` is that of this installation."""
    with spoken_in(posted.locale):
        words = LETTERS[posted.letter](posted, secret)
        text = letter_text(posted.letter, words, name=posted.name, address=address)
    return Written(" ".join(words.subject.split()), text)


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


def _certificate_due(posted: Posted, _secret: str) -> Words:
    told = {"track": posted.facts["track"], "day": _day(posted, "valid_until_on")}
    return Words(
        _("Your certificate of “%(track)s” ends soon") % told,
        _(
            "It is valid until %(day)s. Pass the track once more before then, and you go on without a break."
            " The way there starts here:"
        )
        % told,
        _room(posted, "training", posted.facts["track_id"]),
    )


def _certificate_lapsed(posted: Posted, _secret: str) -> Words:
    told = {"track": posted.facts["track"], "day": _day(posted, "valid_until_on")}
    return Words(
        _("Your certificate of “%(track)s” has lapsed") % told,
        _(
            "It was valid until %(day)s, and what it allowed you waits until you pass the track again."
            " Nothing else of yours has changed. The way back starts here:"
        )
        % told,
        _room(posted, "training", posted.facts["track_id"]),
    )


def _condition_due(posted: Posted, _secret: str) -> Words:
    told = {"what": posted.facts["what"], "day": _day(posted, "promised_for")}
    return Words(
        _("You took this on: “%(what)s”") % told,
        (
            _(
                "It was due on %(day)s, and is still open: while it is, the next gate stays shut."
                " Once it is done, say so on the page of the gate that was opened on this condition:"
            )
            if posted.facts["overdue"]
            else _(
                "It is due on %(day)s: until it is done, the next gate stays shut."
                " Once it is, say so on the page of the gate that was opened on this condition:"
            )
        )
        % told,
        _gate(posted),
    )


def _checklist_due(posted: Posted, _secret: str) -> Words:
    told = {"what": posted.facts["what"], "day": _day(posted, "promised_for")}
    return Words(
        _("On your list: “%(what)s”") % told,
        (
            _("It was due on %(day)s, and the gate still asks for it. Once it is done, tick it there:")
            if posted.facts["overdue"]
            else _("It is due on %(day)s: the gate asks for it. Once it is done, tick it there:")
        )
        % told,
        _gate(posted),
    )


def _entries_due(posted: Posted, _secret: str) -> Words:
    count = posted.facts["count"]
    return Words(
        ngettext("One entry to read again", "%(count)s entries to read again", count)
        % {"count": number_text(count).capitalize()},
        ngettext(
            "An entry of the playbook that you look after has not been looked at for a long time."
            " Read it, and say that it still holds, or what has changed:",
            "Some entries of the playbook that you look after have not been looked at for a long time."
            " Read them, and say that they still hold, or what has changed:",
            count,
        ),
        _room(posted, "playbook", "due"),
    )


def _day(posted: Posted, fact: str) -> str:
    return day_text(date.fromisoformat(posted.facts[fact]))


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
    "certificate_due": _certificate_due,
    "certificate_lapsed": _certificate_lapsed,
    "condition_due": _condition_due,
    "checklist_due": _checklist_due,
    "entries_due": _entries_due,
}
