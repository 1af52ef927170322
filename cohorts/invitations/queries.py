"""Invitations as those see them who hold the link, and people as a lead chooses among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cohorts.invitations.rules import InvitationFacts, InvitationState, invitation_state
from program.database import fetch, fetch_row
from program.refusals import NotFound


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One of the program's people whom a lead may invite; `elsewhere` names the cohorts they are in already."""

    person: UUID
    name: str
    job_title: str | None
    department: str | None
    elsewhere: tuple[str, ...]


KNOWN = (
    "(EXISTS (SELECT FROM session t WHERE t.person = p.id) OR EXISTS (SELECT FROM owner o WHERE o.person = p.id)"
    " OR EXISTS (SELECT FROM password w WHERE w.person = p.id)"
    " OR EXISTS (SELECT FROM listing l WHERE l.person = p.id AND l.program <> c.program))"
)


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


async def candidates(
    cohort: UUID, *, program: UUID, search: str, chosen: Sequence[UUID], most: int
) -> list[Candidate]:
    """The program's people who have no place in the cohort and whose name, title or department matches; by name.

    Those chosen already come first, whether they match or not. For leads, who see all the program's people.
    """
    rows = await fetch(
        "SELECT p.id, p.name, p.job_title, p.department,"
        " ARRAY(SELECT c.name FROM enrolment e JOIN cohort c ON c.id = e.cohort"
        "   JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
        "   WHERE e.person = p.id AND c.program = $1 AND c.id <> $2"
        "    AND s.state IN ('invited', 'preparing', 'active', 'paused') ORDER BY c.name) AS elsewhere"
        " FROM listing l JOIN person p ON p.id = l.person"
        " WHERE l.program = $1"
        "  AND NOT EXISTS (SELECT FROM departure d WHERE d.person = p.id AND d.returned_at IS NULL)"
        "  AND NOT EXISTS (SELECT FROM enrolment e"
        "   JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
        "   WHERE e.cohort = $2 AND e.person = p.id AND s.state NOT IN ('declined', 'withdrawn'))"
        "  AND (p.id = ANY($4::uuid[]) OR $3 = '' OR position(lower($3) IN lower(p.name)) > 0"
        "   OR position(lower($3) IN lower(COALESCE(p.department, ''))) > 0"
        "   OR position(lower($3) IN lower(COALESCE(p.job_title, ''))) > 0)"
        " ORDER BY p.id <> ALL($4::uuid[]), lower(p.name), p.id LIMIT $5",
        program,
        cohort,
        search,
        list(chosen),
        most,
    )
    return [
        Candidate(
            person=row["id"],
            name=row["name"],
            job_title=row["job_title"],
            department=row["department"],
            elsewhere=tuple(row["elsewhere"]),
        )
        for row in rows
    ]
