"""Who takes part, in what state, and who therefore reads."""

from dataclasses import dataclass
from uuid import UUID

from program.database import fetch_row
from program.roles.rules import Membership, Reader, Role
from program.sign_in.queries import SignedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramVisit:
    """A program as one reader comes to it."""

    id: UUID
    slug: str
    name: str
    zone: str
    reader: Reader


async def program_visit(slug: str, person: SignedIn) -> ProgramVisit | None:
    """The program with this slug and the person's roles in it; None where there is none, or it is not theirs to see.

    One query. Whoever belongs to its people, holds a role in it, or owns the installation, belongs.
    """
    row = await fetch_row(
        "SELECT p.id, p.slug, p.name, p.zone,"
        " EXISTS (SELECT FROM listing l WHERE l.program = p.id AND l.person = $2) AS listed,"
        " ARRAY(SELECT role FROM role_grant g WHERE g.program = p.id AND g.person = $2 AND g.revoked_at IS NULL)"
        "   AS granted,"
        " ARRAY(SELECT k.cohort FROM coaching k JOIN cohort c ON c.id = k.cohort"
        "   WHERE c.program = p.id AND k.person = $2 AND k.ended_at IS NULL) AS coached,"
        " ARRAY(SELECT (e.cohort, e.id, s.state, f.position = 0) FROM enrolment e"
        "   JOIN cohort c ON c.id = e.cohort JOIN phase f ON f.id = c.phase"
        "   JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
        "   WHERE e.person = $2 AND c.program = p.id ORDER BY f.position, e.made_at) AS memberships"
        " FROM program p WHERE p.slug = $1",
        slug,
        person.person,
    )
    if row is None:
        return None
    reader = Reader(
        person=person.person,
        name=person.name,
        owner=person.owner,
        program=row["id"],
        granted=frozenset(Role(role) for role in row["granted"]),
        listed=row["listed"],
        coached=frozenset(row["coached"]),
        memberships=tuple(
            Membership(cohort=cohort, enrolment=enrolment, state=state, pilot=pilot)
            for cohort, enrolment, state, pilot in row["memberships"]
        ),
    )
    if not reader.roles:
        return None
    return ProgramVisit(id=row["id"], slug=row["slug"], name=row["name"], zone=row["zone"], reader=reader)
