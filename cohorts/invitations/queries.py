"""Invitations as those see them who hold the link."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cohorts.invitations.rules import InvitationFacts, InvitationState, invitation_state
from program.database import fetch_row, fetch_value
from program.refusals import NotFound
from program.roles.rules import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationPage:
    """An invitation as its link shows it. `known` says that the person has signed in before."""

    state: InvitationState
    person: UUID
    name: str
    invited_by: str
    program: str
    slug: str
    purpose: str
    phase: str
    pilot: bool
    expires_at: datetime
    known: bool


KNOWN = (
    "(EXISTS (SELECT FROM session t WHERE t.person = p.id) OR EXISTS (SELECT FROM owner o WHERE o.person = p.id)"
    " OR EXISTS (SELECT FROM password w WHERE w.person = p.id)"
    " OR EXISTS (SELECT FROM listing l WHERE l.person = p.id AND l.program <> c.program))"
)


async def own_open_invitation(seen_by: Reader) -> bytes | None:
    """What the link of the reader's own newest invitation is made from, where one waits for their answer."""
    nonce: bytes | None = await fetch_value(
        "SELECT i.nonce FROM invitation i JOIN enrolment e ON e.cohort = i.cohort AND e.id = i.enrolment"
        " JOIN cohort c ON c.id = e.cohort WHERE e.person = $1 AND c.program = $2"
        "  AND i.answered_at IS NULL AND i.withdrawn_at IS NULL ORDER BY i.invited_at DESC, i.id DESC LIMIT 1",
        seen_by.person,
        seen_by.program,
    )
    return nonce


async def invitation_page(nonce: bytes, *, now: datetime) -> InvitationPage:
    """What an invitation says, to whoever holds its link. Raises `NotFound`, also where the person left the company."""
    row = await fetch_row(
        "SELECT i.answer, i.withdrawn_at, i.expires_at, e.person, p.name, b.name AS invited_by, g.name AS program,"
        f" g.slug, g.purpose, f.name AS phase, f.position = 0 AS pilot, {KNOWN} AS known"
        " FROM invitation i JOIN enrolment e ON e.cohort = i.cohort AND e.id = i.enrolment"
        " JOIN person p ON p.id = e.person JOIN person b ON b.id = i.invited_by"
        " JOIN cohort c ON c.id = i.cohort JOIN phase f ON f.id = c.phase JOIN program g ON g.id = c.program"
        " WHERE i.nonce = $1"
        "  AND NOT EXISTS (SELECT FROM departure d WHERE d.person = p.id AND d.returned_at IS NULL)",
        nonce,
    )
    if row is None:
        raise NotFound
    facts = InvitationFacts(
        answer=row["answer"], withdrawn_at=row["withdrawn_at"], expires_at=row["expires_at"]
    )
    return InvitationPage(
        state=invitation_state(facts, now),
        person=row["person"],
        name=row["name"],
        invited_by=row["invited_by"],
        program=row["program"],
        slug=row["slug"],
        purpose=row["purpose"],
        phase=row["phase"],
        pilot=row["pilot"],
        expires_at=row["expires_at"],
        known=row["known"],
    )
