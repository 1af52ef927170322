"""What is said of invitations."""

from collections.abc import Callable, Mapping
from typing import Any

from cohorts.invitations.rules import InvitationState
from program.letters.texts import Words
from program.words import gettext as _
from program.words import ngettext


def invitation_words(program_name: str, token: str) -> Words:
    """The letter that invites somebody into a program; its link is made of the token."""
    return Words(
        _("Will you speak for us? %(program)s") % {"program": program_name},
        _(
            "You are invited to “%(program)s”: to speak about your work in your own voice, from your own accounts."
            " Nobody writes your words for you, and you can leave at any time.\n\n"
            "Here you can read what it means, and say yes or no:"
        )
        % {"program": program_name},
        f"/invitations/{token}",
    )


def over_sentence(state: InvitationState) -> str:
    """Why an invitation can no longer be answered, to the person who holds it."""
    return {
        InvitationState.ACCEPTED: _("You said yes to this invitation. Sign in to go on from where you are."),
        InvitationState.DECLINED: _(
            "You said no to this invitation. Should you change your mind, ask for a new one."
        ),
        InvitationState.WITHDRAWN: _(
            "This invitation was withdrawn or replaced by a newer one. Look for a newer letter, or ask."
        ),
        InvitationState.EXPIRED: _(
            "This invitation was open for thirty days, and they are over. Ask for a new one."
        ),
    }[state]


def _people_invited(facts: Mapping[str, Any]) -> str:
    return ngettext(
        "invited %(count)d person into a cohort", "invited %(count)d people into a cohort", facts["count"]
    ) % {"count": facts["count"]}


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "people_invited": _people_invited,
    "invitation_withdrawn": lambda _facts: _("withdrew an invitation"),
    "invitation_accepted": lambda _facts: _("accepted the invitation"),
    "invitation_declined": lambda _facts: _("declined the invitation"),
}
