"""What a clearance lets people do, and why it is not higher, in sentences."""

from datetime import date
from functools import singledispatch

from playbooks.clearances.rules import (
    CertificateLapsed,
    CertificateRevoked,
    Clearance,
    ClearanceReason,
    ClearanceSuspended,
    EnrolmentSuspended,
    EnrolmentWithdrawn,
    NoCertificate,
    NotEnrolled,
    NotYetActive,
)
from program.words import day_text
from program.words import gettext as _


def clearance_text(clearance: Clearance) -> str:
    return {
        Clearance.LISTEN: _("listen"),
        Clearance.SHARE: _("share"),
        Clearance.SPEAK: _("speak"),
        Clearance.RESPOND_IN_A_CRISIS: _("respond in a crisis"),
    }[clearance]


def clearance_sentence(clearance: Clearance) -> str:
    """What a person with this clearance may do."""
    return {
        Clearance.LISTEN: _("You may listen: read along, and report what you hear."),
        Clearance.SHARE: _("You may share what the company has published, with a word of your own."),
        Clearance.SPEAK: _("You may speak about the company, in your own words and under your own name."),
        Clearance.RESPOND_IN_A_CRISIS: _(
            "You may speak about the company, and answer when a crisis calls for you."
        ),
    }[clearance]


def clearance_name(clearance: Clearance) -> str:
    return {
        Clearance.LISTEN: _("Listen"),
        Clearance.SHARE: _("Share"),
        Clearance.SPEAK: _("Speak"),
        Clearance.RESPOND_IN_A_CRISIS: _("Respond in a crisis"),
    }[clearance]


def clearance_meaning(clearance: Clearance) -> str:
    """What a clearance allows, whoever has it."""
    return {
        Clearance.LISTEN: _("Read along, and report what you hear."),
        Clearance.SHARE: _("Share what the company has published, with a word of your own."),
        Clearance.SPEAK: _("Speak about the company, in your own words and under your own name."),
        Clearance.RESPOND_IN_A_CRISIS: _("Answer when a crisis calls for you."),
    }[clearance]


@singledispatch
def clearance_reason_sentence(reason: ClearanceReason, today: date) -> str:
    raise TypeError(reason, today)


@clearance_reason_sentence.register
def _outside(_reason: NotEnrolled, _today: date) -> str:
    return _("You are not in the program. A lead can invite you.")


@clearance_reason_sentence.register
def _coming(_reason: NotYetActive, _today: date) -> str:
    return _("You are not active yet: pass the track that your phase asks for.")


@clearance_reason_sentence.register
def _left(_reason: EnrolmentWithdrawn, _today: date) -> str:
    return _("You left the program. If you want to come back, tell a lead: they can invite you again.")


@clearance_reason_sentence.register
def _suspended(_reason: EnrolmentSuspended, _today: date) -> str:
    return _(
        "Your place in the program is suspended. A reviewer can tell you why, and decides when that ends."
    )


@clearance_reason_sentence.register
def _taken_away(reason: ClearanceSuspended, today: date) -> str:
    told = {"clearance": clearance_text(reason.clearance)}
    if reason.until_on is None:
        return _("Your clearance to %(clearance)s is suspended. A reviewer decides when that ends.") % told
    sentence = _("Your clearance to %(clearance)s is suspended until %(day)s. A reviewer can tell you why.")
    return sentence % {**told, "day": day_text(reason.until_on, today)}


@clearance_reason_sentence.register
def _lapsed(reason: CertificateLapsed, today: date) -> str:
    sentence = _(
        "Your certificate for “%(track)s” was valid until %(day)s. Pass the track again to %(clearance)s."
    )
    return sentence % {
        "track": reason.track,
        "day": day_text(reason.on, today),
        "clearance": clearance_text(reason.gives),
    }


@clearance_reason_sentence.register
def _revoked(reason: CertificateRevoked, _today: date) -> str:
    sentence = _("Your certificate for “%(track)s” was revoked: %(reason)s")
    return sentence % {"track": reason.track, "reason": reason.reason}


@clearance_reason_sentence.register
def _unproven(reason: NoCertificate, _today: date) -> str:
    sentence = _(
        "To %(clearance)s you need a certificate that gives that clearance. Your training shows which tracks do."
    )
    return sentence % {"clearance": clearance_text(reason.clearance)}
