"""What a person may do in a program, and why it is not more."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cohorts.enrolments.rules import EnrolmentState
from playbooks.certificates.rules import CertificateFacts, Revoked
from playbooks.clearances.rules import Clearance, Proof, Standing, clearance_on, proof_of
from playbooks.tracks.own_tracks import OwnTrack, tracks_of
from program.database import fetch_row
from program.roles.rules import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A clearance: whether one has it, the certificate that gives it, and the tracks by which one could get it."""

    clearance: Clearance
    may: bool
    proof: Proof | None
    ways: tuple[OwnTrack, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearancePage:
    standing: Standing
    rungs: tuple[Rung, ...]


async def clearance_page(seen_by: Reader, *, today: date, now: datetime) -> ClearancePage:
    """The reader's own clearance, rung by rung."""
    proofs, enrolments = await _facts(seen_by.person, seen_by.program)
    standing = clearance_on(today, proofs=proofs, enrolments=enrolments)
    tracks = await tracks_of(seen_by.person, seen_by.program, today=today, now=now)
    return ClearancePage(
        standing=standing,
        rungs=tuple(
            Rung(
                clearance=clearance,
                may=standing.allows(clearance),
                proof=proof_of(clearance, proofs, today),
                ways=tuple(
                    track
                    for track in tracks
                    if track.grants.rank >= clearance.rank > Clearance.LISTEN.rank and not track.proven
                ),
            )
            for clearance in Clearance
        ),
    )


async def standing_of(person: UUID, program: UUID, today: date) -> Standing:
    """The clearance of a person on a day, from certificates and enrolments alone. One query."""
    proofs, enrolments = await _facts(person, program)
    return clearance_on(today, proofs=proofs, enrolments=enrolments)


async def _facts(person: UUID, program: UUID) -> tuple[tuple[Proof, ...], tuple[EnrolmentState, ...]]:
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
    found, states = (row["proofs"], row["states"]) if row else ((), ())
    proofs = tuple(
        Proof(
            track=track,
            gives=Clearance(grants),
            certificate=CertificateFacts(
                issued_on=issued_on,
                valid_until_on=until_on,
                revoked=Revoked(on=revoked_on, reason=reason) if revoked_on else None,
            ),
        )
        for track, grants, issued_on, until_on, revoked_on, reason in found
    )
    return proofs, tuple(EnrolmentState(state) for state in states)
