"""Certificates, as their owners, those who run the program, and the public see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from playbooks.certificates.rules import CertificateFacts, CertificateState, Revoked, due_from_on, state_on
from playbooks.clearances.rules import Clearance
from program.database import fetch, fetch_row
from program.refusals import NotFound
from program.roles.rules import Reader, Role

# A certificate beside what it names, and the day on which it was revoked, if it was.
CERTIFICATES = (
    "SELECT x.id, x.token, x.public, x.person, x.cohort, x.issued_on, x.valid_until_on, x.issued_at, q.name AS person_name,"
    " t.id AS track, t.name AS track_name, t.grants, n.number AS edition_number, c.name AS cohort_name,"
    " p.name AS program_name, p.zone, r.reason, (r.revoked_at AT TIME ZONE p.zone)::date AS revoked_on,"
    " (SELECT w.name FROM person w WHERE w.id = r.revoked_by) AS revoked_by"
    " FROM certificate x JOIN person q ON q.id = x.person JOIN track t ON t.id = x.track"
    " JOIN edition n ON n.id = x.edition JOIN cohort c ON c.id = x.cohort JOIN program p ON p.id = x.program"
    " LEFT JOIN revocation r ON r.certificate = x.id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate as it stands on a day. `due_from_on` is the day from which it may be renewed."""

    id: UUID
    person: UUID
    person_name: str
    track: UUID
    track_name: str
    program_name: str
    cohort_name: str
    grants: Clearance
    edition_number: int
    issued_on: date
    valid_until_on: date
    due_from_on: date
    state: CertificateState
    revoked: Revoked | None
    revoked_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCertificate:
    """One's own certificate; `token` is the address of its public page, shown while `public`."""

    certificate: Certificate
    token: str
    public: bool
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCertificate:
    """What anybody may know who was given the address."""

    person_name: str
    track_name: str
    program_name: str
    edition_number: int
    issued_on: date
    valid_until_on: date
    state: CertificateState


async def my_certificates(seen_by: Reader, *, today: date) -> list[OwnCertificate]:
    """The reader's own, newest first."""
    rows = await fetch(
        f"{CERTIFICATES} WHERE x.person = $1 AND x.program = $2 ORDER BY x.issued_at DESC, x.id DESC",
        seen_by.person,
        seen_by.program,
    )
    return [_own(row, today) for row in rows]


async def readable_certificates(
    seen_by: Reader, *, only_own: bool, today: date, after: UUID | None, most: int
) -> list[Certificate | OwnCertificate]:
    """Those that `certificate_page` would show, newest first, at most `most`; those after `after` in that order."""
    rows = await fetch(
        f"{CERTIFICATES} WHERE x.program = $1 AND (x.person = $2 OR NOT $3 AND ($4 OR x.cohort = ANY($5)))"
        " AND ($6::uuid IS NULL OR x.id < $6) ORDER BY x.id DESC LIMIT $7",
        seen_by.program,
        seen_by.person,
        only_own,
        seen_by.is_any(Role.LEAD, Role.REVIEWER),
        list(seen_by.coached),
        after,
        most,
    )
    return [_own(row, today) if row["person"] == seen_by.person else _certificate(row, today) for row in rows]


async def certificate_page(
    certificate: UUID, *, seen_by: Reader, today: date
) -> Certificate | OwnCertificate:
    """For the person themself, with its address; for leads, reviewers and the coach of its cohort, without. Else `NotFound`."""
    row = await fetch_row(f"{CERTIFICATES} WHERE x.id = $1 AND x.program = $2", certificate, seen_by.program)
    if row is None:
        raise NotFound
    if row["person"] == seen_by.person:
        return _own(row, today)
    if seen_by.is_any(Role.LEAD, Role.REVIEWER) or row["cohort"] in seen_by.coached:
        return _certificate(row, today)
    raise NotFound


async def public_certificate(token: str, *, now: datetime) -> PublicCertificate:
    """For anybody with the address, while its owner allows it; else `NotFound`."""
    row = await fetch_row(f"{CERTIFICATES} WHERE x.token = $1 AND x.public", token)
    if row is None:
        raise NotFound
    found = _certificate(row, now.astimezone(ZoneInfo(row["zone"])).date())
    return PublicCertificate(
        person_name=found.person_name,
        track_name=found.track_name,
        program_name=found.program_name,
        edition_number=found.edition_number,
        issued_on=found.issued_on,
        valid_until_on=found.valid_until_on,
        state=found.state,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedShare:
    """Of the active and preparing enrolments of a cohort, those with valid certificates of all their phase requires."""

    cohort: UUID
    certified: int
    enrolled: int


async def certified_shares(cohorts: Sequence[UUID], *, today: date) -> list[CertifiedShare]:
    rows = await fetch(
        "SELECT c.id, count(*) AS enrolled, count(*) FILTER (WHERE NOT EXISTS (SELECT FROM track_phase a"
        f"  WHERE a.phase = c.phase AND a.required AND NOT {VALID_OF_TRACK})) AS certified"
        " FROM cohort c JOIN enrolment e ON e.cohort = c.id"
        " JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
        "  AND s.state IN ('active', 'preparing')"
        " WHERE c.id = ANY($1) GROUP BY c.id",
        list(cohorts),
        today,
    )
    return [
        CertifiedShare(cohort=row["id"], certified=row["certified"], enrolled=row["enrolled"]) for row in rows
    ]


# Whether the person of enrolment e holds a certificate of track a.track that is valid on $2.
VALID_OF_TRACK = (
    "EXISTS (SELECT FROM certificate x WHERE x.person = e.person AND x.track = a.track AND x.valid_until_on > $2"
    " AND NOT EXISTS (SELECT FROM revocation r WHERE r.certificate = x.id))"
)


def _own(row: asyncpg.Record, today: date) -> OwnCertificate:
    return OwnCertificate(
        certificate=_certificate(row, today),
        token=row["token"],
        public=row["public"],
        issued_at=row["issued_at"],
    )


def _certificate(row: asyncpg.Record, today: date) -> Certificate:
    revoked = Revoked(on=row["revoked_on"], reason=row["reason"]) if row["revoked_on"] else None
    facts = CertificateFacts(
        issued_on=row["issued_on"], valid_until_on=row["valid_until_on"], revoked=revoked
    )
    return Certificate(
        id=row["id"],
        person=row["person"],
        person_name=row["person_name"],
        track=row["track"],
        track_name=row["track_name"],
        program_name=row["program_name"],
        cohort_name=row["cohort_name"],
        grants=Clearance(row["grants"]),
        edition_number=row["edition_number"],
        issued_on=facts.issued_on,
        valid_until_on=facts.valid_until_on,
        due_from_on=due_from_on(facts),
        state=state_on(facts, today),
        revoked=revoked,
        revoked_by=row["revoked_by"],
    )
