"""Answers what somebody is reminded of today, and by which day it is remembered that they were."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from playbooks.certificates.rules import CertificateFacts, due_from_on

SOON_DAYS = 7
DAYS_BETWEEN_COUNTS = 7
ONE_DAY = timedelta(days=1)


class ReminderKind(StrEnum):
    CERTIFICATE_DUE = "certificate_due"
    CERTIFICATE_LAPSED = "certificate_lapsed"
    CONDITION_DUE = "condition_due"
    CHECKLIST_DUE = "checklist_due"
    ENTRIES_DUE = "entries_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A certificate that stands and that no longer one has replaced."""

    certificate: UUID
    person: UUID
    track: UUID
    track_name: str
    issued_on: date
    valid_until_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What somebody took on for a gate and has not done: a condition, or an item of its checklist."""

    kind: ReminderKind
    id: UUID
    person: UUID
    gate: UUID
    what: str
    promised_for: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """How many entries of a program’s playbook wait for a person to verify them, who last heard so on `told_on`."""

    program: UUID
    person: UUID
    count: int
    told_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A reminder: of this kind, about this subject, this person gets one for the day `due_on`, and never another."""

    kind: ReminderKind
    subject: UUID
    person: UUID
    due_on: date
    about: Proof | Promise | Unread


def what_is_due(about: Proof | Promise | Unread, today: date) -> Due | None:
    """What its person is reminded of today, if anything. Of several occasions that have passed, the last one."""
    if isinstance(about, Proof):
        return _of_proof(about, today)
    if isinstance(about, Promise):
        return _of_promise(about, today)
    return _of_unread(about, today)


def _of_proof(proof: Proof, today: date) -> Due | None:
    """When it may be renewed, again a week before it ends, and when it has ended."""
    facts = CertificateFacts(issued_on=proof.issued_on, valid_until_on=proof.valid_until_on)
    last_week = max(proof.issued_on, proof.valid_until_on - timedelta(days=SOON_DAYS))
    for kind, day in (
        (ReminderKind.CERTIFICATE_LAPSED, proof.valid_until_on),
        (ReminderKind.CERTIFICATE_DUE, last_week),
        (ReminderKind.CERTIFICATE_DUE, due_from_on(facts)),
    ):
        if day <= today:
            return Due(kind=kind, subject=proof.certificate, person=proof.person, due_on=day, about=proof)
    return None


def _of_promise(promise: Promise, today: date) -> Due | None:
    """A week before its day, and once more when that has passed."""
    overdue_on = promise.promised_for + ONE_DAY
    if promise.promised_for - timedelta(days=SOON_DAYS) > today:
        return None
    return Due(
        kind=promise.kind,
        subject=promise.id,
        person=promise.person,
        due_on=overdue_on if overdue_on <= today else promise.promised_for,
        about=promise,
    )


def _of_unread(unread: Unread, today: date) -> Due | None:
    """At most one letter a week, which counts them."""
    if not unread.count:
        return None
    if unread.told_on is not None and (today - unread.told_on).days < DAYS_BETWEEN_COUNTS:
        return None
    return Due(
        kind=ReminderKind.ENTRIES_DUE,
        subject=unread.program,
        person=unread.person,
        due_on=today,
        about=unread,
    )
