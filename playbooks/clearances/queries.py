"""What a person may do in a program, and why it is not more."""

from datetime import date
from uuid import UUID

from cohorts.enrolments.rules import EnrolmentState
from playbooks.certificates.rules import CertificateFacts, Revoked
from playbooks.clearances.rules import Clearance, Proof, Standing, clearance_on
from program.database import fetch_row


async def standing_of(person: UUID, program: UUID, today: date) -> Standing:
    """The clearance of a person on a day, from certificates and enrolments alone. One query."""
    row = await fetch_row(
        "SELECT ARRAY(SELECT (t.name, t.grants, x.issued_on, x.valid_until_on, (r.revoked_at AT TIME ZONE p.zone)::date,"
        "   r.reason) FROM certificate x JOIN track t ON t.id = x.track JOIN program p ON p.id = x.program"
        "   LEFT JOIN revocation r ON r.certificate = x.id WHERE x.person = $1 AND x.program = $2) AS proofs,"
        " ARRAY(SELECT s.state FROM enrolment e JOIN cohort c ON c.id = e.cohort"
        "   JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
        "   WHERE e.person = $1 AND c.program = $2) AS states",
        person,
        program,
    )
    proofs, states = (row["proofs"], row["states"]) if row else ((), ())
    return clearance_on(
        today,
        proofs=tuple(
            Proof(
                track=track,
                gives=Clearance(grants),
                certificate=CertificateFacts(
                    issued_on=issued_on,
                    valid_until_on=until_on,
                    revoked=Revoked(on=revoked_on, reason=reason) if revoked_on else None,
                ),
            )
            for track, grants, issued_on, until_on, revoked_on, reason in proofs
        ),
        enrolments=tuple(EnrolmentState(state) for state in states),
    )
