"""What happened to certificates, and how they stand, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from playbooks.certificates.rules import CertificateState
from playbooks.clearances.rules import Clearance
from program.words import gettext as _

Facts = Mapping[str, Any]
EVENTS: Mapping[str, Callable[[Facts], str]] = {
    "certificate_issued": lambda facts: _("got the certificate of “%(track)s”, edition %(edition)s") % facts,
    "certificate_shown": lambda _facts: _("made a certificate public"),
    "certificate_hidden": lambda _facts: _("made a certificate private again"),
    "certificate_revoked": lambda facts: _("revoked the certificate of “%(track)s”") % facts,
    "certificates_taken_up": lambda _facts: _("is active, with a certificate from before"),
}


def allows_text(grants: Clearance) -> str:
    """What a certificate allows the person that it names."""
    return {
        Clearance.LISTEN: _("May read along, and report what they hear."),
        Clearance.SHARE: _("May share what the company has published, with a word of their own."),
        Clearance.SPEAK: _("May speak about the company, in their own words and under their own name."),
        Clearance.RESPOND_IN_A_CRISIS: _("May speak about the company, and answer when a crisis calls."),
    }[grants]


def state_text(state: CertificateState) -> str:
    return {
        CertificateState.VALID: _("valid"),
        CertificateState.DUE: _("to be renewed soon"),
        CertificateState.LAPSED: _("lapsed"),
        CertificateState.REVOKED: _("revoked"),
    }[state]
