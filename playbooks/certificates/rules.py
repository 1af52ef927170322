"""Answers until when a certificate is valid, and how it stands on a day."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

VALID_MONTHS = 12
DUE_DAYS = 30


class CertificateState(StrEnum):
    """A certificate that is due is still valid, but soon to be renewed."""

    VALID = "valid"
    DUE = "due"
    LAPSED = "lapsed"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """Days of the program's zone; `valid_until_on` is the first day on which it is valid no more."""

    issued_on: date
    valid_until_on: date
    revoked: Revoked | None = None


def valid_until_on(issued_on: date, months: int = VALID_MONTHS) -> date:
    """The same day that many months on, or the last of a month too short for it."""
    return issued_on + relativedelta(months=months)


def due_from_on(certificate: CertificateFacts) -> date:
    """The day from which it may be renewed."""
    return max(certificate.issued_on, certificate.valid_until_on - timedelta(days=DUE_DAYS))


def state_on(certificate: CertificateFacts, today: date) -> CertificateState:
    """A revocation outweighs everything, from its day on."""
    if certificate.revoked is not None and certificate.revoked.on <= today:
        return CertificateState.REVOKED
    if today >= certificate.valid_until_on:
        return CertificateState.LAPSED
    if today >= due_from_on(certificate):
        return CertificateState.DUE
    return CertificateState.VALID


def is_valid(certificate: CertificateFacts, today: date) -> bool:
    return state_on(certificate, today) in {CertificateState.VALID, CertificateState.DUE}
