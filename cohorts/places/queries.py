"""What a member agreed to have tracked in a program."""

from uuid import UUID

from cohorts.activities.rules import Network
from cohorts.months.rules import Stretch
from cohorts.places.rules import Membership, Tracking
from program.database import fetch

_TRACKING = (
    "SELECT c.id, e.id AS enrolment, c.zone, c.tracking_start_on,"
    " ARRAY(SELECT (s.from_on, s.until_on) FROM spell s WHERE s.cohort = c.id AND s.enrolment = e.id"
    "   AND s.state = 'active' ORDER BY s.from_on) AS active,"
    " ARRAY(SELECT (a.network, min(n.from_on)) FROM consent n JOIN social_account a ON a.id = n.account"
    "   WHERE a.person = $2 AND a.removed_at IS NULL AND n.program = $1 AND n.withdrawn_at IS NULL"
    "   GROUP BY a.network) AS consents"
    " FROM enrolment e JOIN cohort c ON c.id = e.cohort JOIN phase f ON f.id = c.phase"
    " WHERE c.program = $1 AND e.person = $2 AND c.tracking_start_on IS NOT NULL"
    " ORDER BY f.position DESC, e.made_at DESC"
)


async def own_tracking(person: UUID, *, program: UUID) -> Tracking | None:
    """None where nothing of the person is tracked: they are in no cohort that has begun. One query."""
    rows = await fetch(_TRACKING, program, person)
    if not rows:
        return None
    return Tracking(
        memberships=tuple(
            Membership(
                cohort=row["id"],
                enrolment=row["enrolment"],
                zone=row["zone"],
                start=row["tracking_start_on"],
                active=tuple(Stretch(from_on, until_on) for from_on, until_on in row["active"]),
            )
            for row in rows
        ),
        consented_from={Network(network): from_on for network, from_on in rows[0]["consents"]},
    )
