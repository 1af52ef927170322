"""A person's own data in a program, as a page shows it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from cohorts.activities.rules import Kind, Network
from cohorts.decisions.rules import Choice
from cohorts.enrolments.rules import EnrolmentState
from cohorts.incidents.rules import Gravity
from playbooks.learnings.rules import LearningState
from program.database import fetch, fetch_row
from program.network_activity.rules import NetworkActivity, SaidBy
from program.people.queries import SAID_BY
from program.roles.rules import Reader, Role

SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecord:
    """What is known of the person, whoever said it."""

    name: str
    email: str
    external_id: str | None
    job_title: str | None
    job_function: str | None
    department: str | None
    level: int | None
    region: str | None
    manager_name: str | None
    activity: NetworkActivity
    listed_at: datetime | None
    roles: tuple[tuple[Role, datetime], ...]
    coaches: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMembership:
    cohort: UUID
    enrolment: UUID
    cohort_name: str
    phase: str
    state: EnrolmentState
    since_on: date
    took_part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnActivity:
    """An activity with the newest of each figure that a source told; None where none did."""

    id: UUID
    kind: Kind
    network: Network
    link: str
    text: str
    done_on: date
    impressions: int | None
    reactions: int | None
    comments: int | None
    shares: int | None
    clicks: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLearning:
    id: UUID
    state: LearningState
    lesson: str
    made_at: datetime
    named: bool
    entry: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAttempt:
    track: str
    number: int
    begun_at: datetime
    passed: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBeginning:
    track: UUID
    name: str
    begun_at: datetime
    steps_done: int
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnVote:
    gate: UUID
    phase: str
    choice: Choice
    comment: str | None
    cast_at: datetime
    replaced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnIncident:
    id: UUID
    gravity: Gravity
    what_happened: str
    reported_at: datetime
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnData:
    """What a page shows: of activities and learnings the newest, with how many there are.

    `older` is the last activity shown, where there are more.
    """

    record: OwnRecord
    memberships: tuple[OwnMembership, ...]
    activities: tuple[OwnActivity, ...]
    activities_in_all: int
    older: UUID | None
    learnings: tuple[OwnLearning, ...]
    learnings_in_all: int
    drafts: int
    tracks: tuple[OwnBeginning, ...]
    attempts: tuple[OwnAttempt, ...]
    votes: tuple[OwnVote, ...]
    incidents: tuple[OwnIncident, ...]
    editions_read: tuple[tuple[int, datetime], ...]


async def own_data(seen_by: Reader, *, before: UUID | None = None) -> OwnData:
    """The reader's own data in the program; of activities those after `before`. Eight queries, however much there is."""
    whose = (seen_by.person, seen_by.program)
    activities = await fetch(_ACTIVITIES, *whose, SHOWN + 1, before)
    learnings = await fetch(_LEARNINGS, *whose, SHOWN)
    counts = learnings[0] if learnings else {"in_all": 0, "drafts": 0}
    rest: Any = await fetch_row(_REST, *whose)
    return OwnData(
        record=await _record(*whose),
        memberships=tuple(_membership(row) for row in await fetch(_MEMBERSHIPS, *whose)),
        activities=tuple(_activity(row) for row in activities[:SHOWN]),
        activities_in_all=rest["activities"],
        older=activities[SHOWN - 1]["id"] if len(activities) > SHOWN else None,
        learnings=tuple(_learning(row) for row in learnings),
        learnings_in_all=counts["in_all"],
        drafts=counts["drafts"],
        tracks=tuple(OwnBeginning(**dict(row)) for row in await fetch(_TRACKS, *whose)),
        attempts=tuple(OwnAttempt(**dict(row)) for row in await fetch(_ATTEMPTS, *whose, SHOWN)),
        votes=tuple(_vote(row) for row in await fetch(_VOTES, *whose, SHOWN)),
        incidents=tuple(
            OwnIncident(
                id=id, gravity=Gravity(gravity), what_happened=what, reported_at=reported_at, closed=closed
            )
            for id, gravity, what, reported_at, closed in rest["incidents"]
        ),
        editions_read=tuple((number, seen_at) for number, seen_at in rest["editions"]),
    )


_ACTIVITIES = """
SELECT a.id, a.kind, a.network, coalesce(a.link, '') AS link, coalesce(a.text, '') AS text, a.done_on,
  o.impressions, o.reactions, o.comments, o.shares, o.clicks
 FROM enrolment e JOIN cohort c ON c.id = e.cohort JOIN activity a ON a.cohort = e.cohort AND a.enrolment = e.id
 LEFT JOIN LATERAL (SELECT
   (array_agg(b.impressions ORDER BY b.observed_at DESC, b.id DESC) FILTER (WHERE b.impressions IS NOT NULL))[1] AS impressions,
   (array_agg(b.reactions ORDER BY b.observed_at DESC, b.id DESC) FILTER (WHERE b.reactions IS NOT NULL))[1] AS reactions,
   (array_agg(b.comments ORDER BY b.observed_at DESC, b.id DESC) FILTER (WHERE b.comments IS NOT NULL))[1] AS comments,
   (array_agg(b.shares ORDER BY b.observed_at DESC, b.id DESC) FILTER (WHERE b.shares IS NOT NULL))[1] AS shares,
   (array_agg(b.clicks ORDER BY b.observed_at DESC, b.id DESC) FILTER (WHERE b.clicks IS NOT NULL))[1] AS clicks
   FROM observation b WHERE b.cohort = a.cohort AND b.activity = a.id) o ON true
 WHERE e.person = $1 AND c.program = $2 AND ($4::uuid IS NULL OR (a.done_on, a.id) <
   (SELECT b.done_on, b.id FROM activity b JOIN enrolment o ON o.cohort = b.cohort AND o.id = b.enrolment
     WHERE b.id = $4 AND o.person = $1))
 ORDER BY a.done_on DESC, a.id DESC LIMIT $3
"""
_LEARNINGS = """
SELECT l.id, l.state, l.lesson, l.made_at, l.named, e.title AS entry, count(*) OVER () AS in_all,
  count(*) FILTER (WHERE l.state = 'draft') OVER () AS drafts
 FROM learning l LEFT JOIN entry_learning k ON k.learning = l.id LEFT JOIN entry e ON e.id = k.entry
 WHERE l.author = $1 AND l.program = $2 ORDER BY l.state = 'draft' DESC, l.made_at DESC, l.id DESC LIMIT $3
"""
_MEMBERSHIPS = """
SELECT e.cohort, e.id AS enrolment, c.name AS cohort_name, f.name AS phase, s.state, s.from_on,
  (SELECT count(*) FROM member_month m WHERE m.cohort = e.cohort AND m.enrolment = e.id AND m.activities > 0) AS took_part
 FROM enrolment e JOIN cohort c ON c.id = e.cohort JOIN phase f ON f.id = c.phase
 JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL
 WHERE e.person = $1 AND c.program = $2 ORDER BY f.position, e.made_at
"""
_TRACKS = """
SELECT t.id AS track, t.name, b.begun_at, count(m.id) AS steps, count(d.id) AS steps_done
 FROM beginning b JOIN track t ON t.id = b.track
 LEFT JOIN module m ON m.track = t.id AND m.edition = b.edition AND m.kind <> 'assessment'
 LEFT JOIN completion d ON d.module = m.id AND d.person = b.person
 WHERE b.person = $1 AND t.program = $2 GROUP BY t.id, b.id ORDER BY b.begun_at
"""
_ATTEMPTS = """
SELECT t.name AS track, a.number, a.begun_at, a.passed
 FROM attempt a JOIN module m ON m.id = a.module JOIN track t ON t.id = m.track
 WHERE a.person = $1 AND t.program = $2 ORDER BY a.begun_at DESC, a.id DESC LIMIT $3
"""
_VOTES = """
SELECT g.id AS gate, f.name AS phase, v.choice, v.comment, v.cast_at, v.replaced_at IS NOT NULL AS replaced
 FROM vote v JOIN gate g ON g.id = v.gate JOIN phase f ON f.id = g.phase
 WHERE v.person = $1 AND g.program = $2 ORDER BY v.cast_at DESC, v.id DESC LIMIT $3
"""
_REST = f"""
SELECT ARRAY(SELECT (i.id, i.gravity, i.what_happened, i.reported_at, i.closed_at IS NOT NULL) FROM incident i
   WHERE i.reported_by = $1 AND i.program = $2 ORDER BY i.reported_at DESC, i.id DESC LIMIT {SHOWN}) AS incidents,
  ARRAY(SELECT (n.number, s.seen_at) FROM edition_seen s JOIN edition n ON n.id = s.edition
   WHERE s.person = $1 AND n.program = $2 ORDER BY n.number DESC LIMIT {SHOWN}) AS editions,
  (SELECT count(*) FROM enrolment e JOIN cohort c ON c.id = e.cohort
   JOIN activity a ON a.cohort = e.cohort AND a.enrolment = e.id WHERE e.person = $1 AND c.program = $2) AS activities
"""


async def _record(person: UUID, program: UUID) -> OwnRecord:
    row: Any = await fetch_row(
        "SELECT p.name, p.email, p.external_id, p.job_title, p.job_function, p.department, p.level, p.region,"
        f" m.name AS manager_name, p.networks, p.how_often, {SAID_BY} AS said_by,"
        " (SELECT l.listed_at FROM listing l WHERE l.person = p.id AND l.program = $2) AS listed_at,"
        " ARRAY(SELECT (g.role, g.granted_at) FROM role_grant g WHERE g.person = p.id AND g.program = $2"
        "   AND g.revoked_at IS NULL ORDER BY g.granted_at) AS roles,"
        " ARRAY(SELECT c.name FROM coaching k JOIN cohort c ON c.id = k.cohort WHERE k.person = p.id"
        "   AND c.program = $2 AND k.ended_at IS NULL ORDER BY c.name) AS coaches"
        " FROM person p LEFT JOIN person m ON m.id = p.manager WHERE p.id = $1",
        person,
        program,
    )
    known = dict(row)
    networks, how_often, said_by = (known.pop(name) for name in ("networks", "how_often", "said_by"))
    known["activity"] = NetworkActivity(
        networks=None if networks is None else tuple(networks),
        how_often=how_often,
        said_by=SaidBy(said_by) if said_by else None,
    )
    known["roles"] = tuple((Role(role), granted_at) for role, granted_at in row["roles"])
    known["coaches"] = tuple(row["coaches"])
    return OwnRecord(**known)


def _membership(row: asyncpg.Record) -> OwnMembership:
    return OwnMembership(
        cohort=row["cohort"],
        enrolment=row["enrolment"],
        cohort_name=row["cohort_name"],
        phase=row["phase"],
        state=EnrolmentState(row["state"]),
        since_on=row["from_on"],
        took_part=row["took_part"],
    )


def _activity(row: asyncpg.Record) -> OwnActivity:
    known = dict(row)
    known |= {"kind": Kind(row["kind"]), "network": Network(row["network"])}
    return OwnActivity(**known)


def _learning(row: asyncpg.Record) -> OwnLearning:
    known = dict(row)
    del known["in_all"], known["drafts"]
    known["state"] = LearningState(row["state"])
    return OwnLearning(**known)


def _vote(row: asyncpg.Record) -> OwnVote:
    return OwnVote(**{**dict(row), "choice": Choice(row["choice"])})
