"""What came of moving the clock of a demo or test."""

import json
from datetime import datetime

from playbooks.clock.rules import Aftermath
from program.database import fetch_row
from program.events.rules import INSTALLATION

# From the moment $1 to the moment $2: months of running cohorts that ended, certificates that lapsed without a newer
# one, and what was written since.
_AFTERMATH = (
    "SELECT (SELECT swept_at IS NOT NULL FROM installation) AS swept,"
    " (SELECT count(*) FROM cohort c CROSS JOIN LATERAL generate_series(1, 12 *"
    "   (date_part('year', $2::timestamptz) - date_part('year', c.tracking_start_on) + 1)::int) AS number"
    "  WHERE c.state = 'running' AND (c.tracking_start_on + make_interval(months => number))::date"
    "   BETWEEN ($1::timestamptz AT TIME ZONE c.zone)::date + 1 AND ($2::timestamptz AT TIME ZONE c.zone)::date) AS months,"
    " (SELECT count(*) FROM certificate x JOIN program p ON p.id = x.program"
    "  WHERE x.valid_until_on BETWEEN ($1 AT TIME ZONE p.zone)::date + 1 AND ($2 AT TIME ZONE p.zone)::date"
    "   AND NOT EXISTS (SELECT FROM revocation r WHERE r.certificate = x.id)"
    "   AND NOT EXISTS (SELECT FROM certificate y WHERE y.person = x.person AND y.track = x.track"
    "    AND y.valid_until_on > x.valid_until_on)) AS certificates,"
    " (SELECT count(*) FROM delivery d JOIN event e ON e.id = d.event WHERE e.at >= $2) AS letters"
)


async def what_came_of_it() -> Aftermath | None:
    """Of the last time that somebody moved the clock; None where nobody did. Two queries."""
    moved = await fetch_row(
        "SELECT at, facts FROM event WHERE chain = $1 AND name = 'clock_moved' ORDER BY number DESC LIMIT 1",
        INSTALLATION,
    )
    if moved is None:
        return None
    began = datetime.fromisoformat(json.loads(moved["facts"])["from"])
    row = await fetch_row(_AFTERMATH, began, moved["at"])
    assert row is not None  # noqa: S101 -- a SELECT of scalars always has its row
    return Aftermath(**dict(row))
