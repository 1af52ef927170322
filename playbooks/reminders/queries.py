"""What people of a program may have to be reminded of."""

from datetime import date, timedelta
from uuid import UUID

from playbooks.certificates.rules import DUE_DAYS
from playbooks.reminders.rules import SOON_DAYS, Promise, Proof, ReminderKind, Unread
from program.database import fetch

_HERE = (
    "EXISTS (SELECT FROM listing l WHERE l.program = $1 AND l.person = q.id)"
    " AND NOT EXISTS (SELECT FROM departure d WHERE d.person = q.id AND d.returned_at IS NULL)"
)

# A certificate counts until a longer one of the same track replaces it; a lapsed one until its holder was told.
_PROOFS = (
    "SELECT x.id AS certificate, q.id AS person, t.id AS track, t.name AS track_name, x.issued_on, x.valid_until_on"
    " FROM certificate x JOIN person q ON q.id = x.person JOIN track t ON t.id = x.track"
    f" WHERE x.program = $1 AND x.valid_until_on <= $2 AND {_HERE}"
    " AND NOT EXISTS (SELECT FROM revocation r WHERE r.certificate = x.id)"
    " AND NOT EXISTS (SELECT FROM certificate y WHERE y.person = x.person AND y.track = x.track"
    "  AND y.valid_until_on > x.valid_until_on AND NOT EXISTS (SELECT FROM revocation r WHERE r.certificate = y.id))"
    " AND NOT EXISTS (SELECT FROM reminder m WHERE m.kind = 'certificate_lapsed' AND m.subject = x.id"
    "  AND m.person = x.person AND m.due_on = x.valid_until_on)"
    " AND (SELECT bool_or(s.state IN ('preparing', 'active', 'paused', 'finished')) AND NOT bool_or(s.state = 'suspended')"
    "  FROM enrolment e JOIN cohort c ON c.id = e.cohort AND c.program = $1"
    "  JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL WHERE e.person = x.person)"
    " ORDER BY x.valid_until_on, x.id"
)

_PROMISES = (
    "SELECT k.id, 'condition_due' AS kind, q.id AS person, g.id AS gate, k.what, k.due_on AS promised_for"
    " FROM condition k JOIN decision o ON o.id = k.decision JOIN gate g ON g.id = o.gate"
    " JOIN person q ON q.id = k.owner"
    f" WHERE g.program = $1 AND k.met_at IS NULL AND k.due_on <= $2 AND {_HERE}"
    " UNION ALL"
    " SELECT k.id, 'checklist_due', q.id, g.id, k.item, k.due_on"
    " FROM criterion k JOIN gate g ON g.id = k.gate JOIN person q ON q.id = k.owner"
    " WHERE g.program = $1 AND k.kind = 'checklist' AND k.removed_at IS NULL AND k.due_on <= $2"
    "  AND NOT EXISTS (SELECT FROM tick t WHERE t.criterion = k.id AND t.taken_back_at IS NULL)"
    f"  AND NOT EXISTS (SELECT FROM decision o WHERE o.gate = g.id) AND {_HERE}"
    " ORDER BY promised_for, id"
)

# An entry whose verifier can look after it no more is for the leads, as one is that nobody looks after.
_UNREAD = (
    "WITH keeper AS (SELECT q.id AS person, bool_or(k.lead) AS lead FROM person q JOIN ("
    "  SELECT person, role = 'lead' AS lead FROM role_grant"
    "   WHERE program = $1 AND role IN ('lead', 'reviewer') AND revoked_at IS NULL"
    "  UNION ALL SELECT o.person, false FROM coaching o JOIN cohort c ON c.id = o.cohort"
    "   WHERE c.program = $1 AND o.ended_at IS NULL) k ON k.person = q.id"
    f" WHERE {_HERE} GROUP BY q.id),"
    " due AS (SELECT e.verifier FROM entry e"
    "  WHERE e.program = $1 AND e.withdrawn_at IS NULL AND e.verified_on + e.verify_every_days <= $2)"
    " SELECT k.person, count(*) AS count, (SELECT max(m.due_on) FROM reminder m"
    "   WHERE m.person = k.person AND m.kind = 'entries_due' AND m.subject = $1) AS told_on"
    " FROM keeper k JOIN due d ON d.verifier = k.person"
    "  OR (k.lead AND NOT EXISTS (SELECT FROM keeper o WHERE o.person = d.verifier))"
    " GROUP BY k.person ORDER BY k.person"
)


async def due_soon(program: UUID, *, today: date) -> list[Proof | Promise | Unread]:
    """All that is due by today or within days, of people who are still here and have not done it. Three queries."""
    proofs = await fetch(_PROOFS, program, today + timedelta(days=DUE_DAYS))
    promises = await fetch(_PROMISES, program, today + timedelta(days=SOON_DAYS))
    unread = await fetch(_UNREAD, program, today)
    return [
        *(Proof(**dict(row)) for row in proofs),
        *(Promise(**{**dict(row), "kind": ReminderKind(row["kind"])}) for row in promises),
        *(Unread(program=program, **dict(row)) for row in unread),
    ]
