"""How far a program’s set-up has come."""

from dataclasses import dataclass
from uuid import UUID

from playbooks.set_up.rules import Progress, SetUpFacts, Step, progress
from program.database import fetch_row

_FACTS = """
SELECT p.purpose <> '' AS purpose,
  ARRAY(SELECT s.step FROM set_up_step s WHERE s.program = p.id) AS gone_through,
  (SELECT count(*) FROM role_grant WHERE program = p.id AND role = 'sponsor' AND revoked_at IS NULL) AS sponsors,
  (SELECT count(*) FROM edition WHERE program = p.id) AS editions,
  (SELECT count(*) FROM listing WHERE program = p.id) AS listed,
  (SELECT count(*) FROM choice k JOIN cohort c ON c.id = k.cohort WHERE c.program = p.id) AS chosen,
  (SELECT count(*) FROM enrolment e JOIN cohort c ON c.id = e.cohort WHERE c.program = p.id) AS invited,
  (SELECT c.id FROM cohort c JOIN phase f ON f.id = c.phase
    WHERE c.program = p.id AND f.position = 0 AND c.state <> 'stopped' ORDER BY c.made_at, c.id LIMIT 1) AS pilot
 FROM program p WHERE p.id = $1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """`pilot` is the first cohort of the first phase, once it is formed."""

    progress: Progress
    facts: SetUpFacts
    pilot: UUID | None

    @property
    def over(self) -> bool:
        return self.progress.over


async def set_up_of(program: UUID) -> SetUp:
    """How far the set-up of a program has come. One query. For leads."""
    row = await fetch_row(_FACTS, program)
    if row is None:
        raise LookupError("a visited program is there")
    known = dict(row)
    pilot = known.pop("pilot")
    gone_through = frozenset(Step(step) for step in known.pop("gone_through"))
    facts = SetUpFacts(gone_through=gone_through, **known)
    return SetUp(progress=progress(facts), facts=facts, pilot=pilot)
