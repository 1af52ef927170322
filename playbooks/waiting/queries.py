"""What waits for a reader in a program."""

from datetime import date
from uuid import UUID

from playbooks.set_up.queries import set_up_of
from playbooks.verifications.queries import MAY_LOOK_AFTER
from playbooks.waiting.rules import (
    CohortAtWork,
    LeadFacts,
    MemberFacts,
    Task,
    Waiting,
    waiting_for_lead,
    waiting_for_member,
)
from program.database import fetch_row, fetch_value
from program.roles.rules import Reader, Role

_OPEN_PHASE = (
    "(f.position = 0 OR EXISTS (SELECT FROM gate g JOIN phase b ON b.id = g.phase JOIN decision d ON d.gate = g.id"
    " WHERE b.program = f.program AND b.position = f.position - 1 AND d.outcome <> 'stopped'))"
)
_LEAD_FACTS = f"""
SELECT
  (SELECT count(*) FROM listing WHERE program = $1) AS listed,
  (SELECT count(*) FROM role_grant WHERE program = $1 AND role = 'sponsor' AND revoked_at IS NULL) AS sponsors,
  (SELECT f.id FROM phase f WHERE f.program = $1 AND {_OPEN_PHASE}
     AND NOT EXISTS (SELECT FROM cohort c WHERE c.phase = f.id AND c.state <> 'stopped')
     ORDER BY f.position LIMIT 1) AS phase_to_fill,
  ARRAY(SELECT (c.id, c.state, count(s.enrolment) FILTER (WHERE s.state NOT IN ('declined', 'withdrawn')),
      count(s.enrolment) FILTER (WHERE s.state = 'active'))
    FROM cohort c JOIN phase f ON f.id = c.phase LEFT JOIN spell s ON s.cohort = c.id AND s.until_on IS NULL
    WHERE c.program = $1 AND c.state IN ('forming', 'preparing', 'running') AND {_OPEN_PHASE}
    GROUP BY c.id, f.position ORDER BY f.position, c.made_at) AS cohorts,
  (SELECT count(*) FROM learning WHERE program = $1 AND state = 'submitted') AS learnings,
  (SELECT count(*) FROM entry e WHERE e.program = $1 AND (e.withdrawn_at IS NULL) IS DISTINCT FROM EXISTS (
     SELECT FROM edition_entry p WHERE p.entry = e.id AND p.revision = e.revision AND p.edition =
       (SELECT id FROM edition WHERE program = $1 ORDER BY number DESC LIMIT 1))
     AND (e.withdrawn_at IS NULL OR EXISTS (SELECT FROM edition_entry p WHERE p.entry = e.id AND p.edition =
       (SELECT id FROM edition WHERE program = $1 ORDER BY number DESC LIMIT 1)))) AS entries_changed
"""
_UNTICKED = """
SELECT g.id AS gate, count(*) AS unticked FROM criterion k JOIN gate g ON g.id = k.gate JOIN phase f ON f.id = g.phase
 WHERE g.program = $1 AND k.kind = 'checklist'
   AND NOT EXISTS (SELECT FROM tick t WHERE t.criterion = k.id AND t.taken_back_at IS NULL)
   AND NOT EXISTS (SELECT FROM decision d WHERE d.gate = g.id)
   AND EXISTS (SELECT FROM cohort c WHERE c.phase = f.id AND c.state = 'running')
 GROUP BY g.id, f.position ORDER BY f.position LIMIT 1
"""
_THEIRS_TO_KEEP = """
SELECT t.gate, t.conditions, (SELECT count(*) FROM entry WHERE program = $1 AND withdrawn_at IS NULL AND $4
    AND verified_on + verify_every_days <= $3 AND (verifier = $2 OR verifier IS NULL AND $5)) AS due
 FROM (SELECT) one LEFT JOIN LATERAL (
  SELECT g.id AS gate, count(*) AS conditions FROM condition k JOIN decision d ON d.id = k.decision JOIN gate g ON g.id = d.gate
  WHERE g.program = $1 AND k.owner = $2 AND k.met_at IS NULL GROUP BY g.id ORDER BY min(k.due_on), g.id LIMIT 1) t ON true
"""
_MEMBER_FACTS = """
SELECT
  (SELECT p.networks IS NOT NULL OR p.networks_said_by IS NOT NULL FROM person p WHERE p.id = $1) AS networks_asked,
  (SELECT count(*) FROM social_account a WHERE a.person = $1 AND a.removed_at IS NULL) AS accounts,
  (SELECT count(*) FROM consent c JOIN social_account a ON a.id = c.account
    WHERE a.person = $1 AND c.program = $2 AND c.withdrawn_at IS NULL AND a.removed_at IS NULL) AS consents,
  (SELECT count(*) FROM learning WHERE author = $1 AND program = $2 AND state = 'returned') AS returned,
  (SELECT count(*) FROM learning WHERE author = $1 AND program = $2 AND state = 'draft') AS drafts,
  (SELECT max(done_on) FROM activity WHERE cohort = $3 AND enrolment = $4) AS last_activity_on,
  (SELECT max(made_at)::date FROM learning WHERE author = $1 AND program = $2) AS last_learning_on
"""


async def waiting_for(seen_by: Reader, *, today: date) -> list[Waiting]:
    """Everything that waits for the reader in all of their roles, the most needed first. At most six queries."""
    found: list[Waiting] = []
    if Role.REVIEWER in seen_by.granted:
        found += await _for_reviewer(seen_by.program)
    promised, due = await _theirs_to_keep(seen_by, today)
    found += promised
    if Role.LEAD in seen_by.granted:
        found += await _for_lead(seen_by.program)
    found += due
    found += await _for_member(seen_by, today)
    return found


async def _for_reviewer(program: UUID) -> list[Waiting]:
    count = await fetch_value(
        "SELECT count(*) FROM incident WHERE program = $1 AND closed_at IS NULL", program
    )
    return [Waiting(Task.CLOSE_INCIDENTS, count)] if count else []


async def _theirs_to_keep(seen_by: Reader, today: date) -> tuple[list[Waiting], list[Waiting]]:
    """What they promised when a gate was opened, that which is due first; and entries that are due and theirs to look
    after. Those that nobody looks after are every lead’s.
    """
    row = await fetch_row(
        _THEIRS_TO_KEEP,
        seen_by.program,
        seen_by.person,
        today,
        seen_by.is_any(*MAY_LOOK_AFTER),
        seen_by.is_any(Role.LEAD),
    )
    assert row is not None  # noqa: S101 -- a row of one stands before the rest
    promised = [Waiting(Task.MEET_CONDITION, row["conditions"], row["gate"])] if row["gate"] else []
    return promised, [Waiting(Task.READ_AGAIN, row["due"])] if row["due"] else []


async def _for_lead(program: UUID) -> tuple[Waiting, ...]:
    row = await fetch_row(_LEAD_FACTS, program)
    unticked = await fetch_row(_UNTICKED, program)
    assert row is not None  # noqa: S101 -- a SELECT of scalars always has its row
    set_up = await set_up_of(program)
    return waiting_for_lead(
        LeadFacts(
            set_up=set_up.progress.number,
            listed=row["listed"],
            sponsors=row["sponsors"],
            phase_to_fill=row["phase_to_fill"],
            cohorts=tuple(
                CohortAtWork(id=id, state=state, invited=invited, active=active)
                for id, state, invited, active in row["cohorts"]
            ),
            learnings=row["learnings"],
            entries_changed=row["entries_changed"],
            unticked=unticked["unticked"] if unticked else 0,
            unticked_gate=unticked["gate"] if unticked else None,
        )
    )


async def _for_member(seen_by: Reader, today: date) -> tuple[Waiting, ...]:
    """Of several enrolments, the one that came last speaks."""
    current = [each for each in seen_by.memberships if each.state in ("invited", "preparing", "active")]
    if not current:
        return ()
    own = current[-1]
    row = await fetch_row(_MEMBER_FACTS, seen_by.person, seen_by.program, own.cohort, own.enrolment)
    assert row is not None  # noqa: S101 -- a SELECT of scalars always has its row
    return waiting_for_member(MemberFacts(state=own.state, **dict(row)), today)
