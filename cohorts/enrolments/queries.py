"""Who takes part, in what state, and who therefore reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg

from cohorts.enrolments.rules import LEADS_STEPS, EnrolmentState, EnrolmentStep, what_bars
from program.access_tokens.queries import FROM_CALLER
from program.access_tokens.rules import Scope
from program.database import fetch, fetch_row, fetch_value
from program.installation.queries import Clock
from program.refusals import NotFound
from program.roles.rules import JOINED, TAKING_PART, Membership, Reader, Role
from program.sign_in.queries import FROM_SESSION, WHO_COMES, SignedIn, who_comes
from program.sign_in.rules import digest_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramVisit:
    """A program as one reader comes to it; `begun` once somebody was invited to it."""

    id: UUID
    slug: str
    name: str
    zone: str
    begun: bool
    reader: Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Who comes, to which program, at what time. `happened` stands for every event of the installation, by the heads of
    its chains: where it is the same, nothing has changed that an event tells of.
    """

    clock: Clock
    person: SignedIn | None
    in_program: ProgramVisit | None
    happened: str
    scopes: frozenset[Scope] = frozenset()


_ARRIVAL = (
    f" {WHO_COMES}, (SELECT md5(string_agg(hash, '' ORDER BY id)) FROM chain) AS happened,"
    " r.id AS program, r.slug, r.name AS program_name, r.zone,"
    " EXISTS (SELECT FROM cohort c JOIN enrolment e ON e.cohort = c.id WHERE c.program = r.id) AS begun,"
    " EXISTS (SELECT FROM listing l WHERE l.program = r.id AND l.person = p.id) AS listed,"
    " ARRAY(SELECT role FROM role_grant g WHERE g.program = r.id AND g.person = p.id AND g.revoked_at IS NULL)"
    "   AS granted,"
    " ARRAY(SELECT k.cohort FROM coaching k JOIN cohort c ON c.id = k.cohort"
    "   WHERE c.program = r.id AND k.person = p.id AND k.ended_at IS NULL) AS coached,"
    " ARRAY(SELECT (e.cohort, e.id, b.state, f.position = 0) FROM enrolment e"
    "   JOIN cohort c ON c.id = e.cohort JOIN phase f ON f.id = c.phase"
    "   JOIN spell b ON b.cohort = e.cohort AND b.enrolment = e.id AND b.until_on IS NULL"
    "   WHERE e.person = p.id AND c.program = r.id ORDER BY f.position, e.made_at) AS memberships"
)
_PROGRAM = "LEFT JOIN program r ON r.slug = $3"


async def arrival(token: str | None, at: datetime, slug: str | None) -> Arrival:
    """Who comes with this session's token at `at` (the machine's time), and to which program, if the slug is one's.

    One query. Whoever belongs to a program's people, holds a role in it, or owns the installation, belongs; to others
    it is not there.
    """
    return _arrival(
        await fetch_row(f"SELECT {_ARRIVAL} {FROM_SESSION} {_PROGRAM}", digest_of(token or ""), at, slug)
    )


async def arrival_of_call(token: str | None, at: datetime, slug: str | None) -> Arrival:
    """As `arrival`, for who comes with an access token; with what it may be used for. One query."""
    return _arrival(
        await fetch_row(
            f"SELECT s.scopes, {_ARRIVAL} {FROM_CALLER} {_PROGRAM}", digest_of(token or ""), at, slug
        )
    )


def _arrival(row: asyncpg.Record | None) -> Arrival:
    clock, person = who_comes(row)
    return Arrival(
        clock=clock,
        person=person,
        in_program=_program_visit(row, person) if row and person and row["program"] else None,
        happened=row["happened"] if row else "",
        scopes=frozenset(Scope(scope) for scope in (row and row.get("scopes")) or ()),
    )


def _program_visit(row: asyncpg.Record, person: SignedIn) -> ProgramVisit | None:
    reader = Reader(
        person=person.person,
        name=person.name,
        owner=person.owner,
        program=row["program"],
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
    return ProgramVisit(
        id=row["program"],
        slug=row["slug"],
        name=row["program_name"],
        zone=row["zone"],
        begun=row["begun"],
        reader=reader,
    )


async def taking_part(people: Sequence[UUID], *, program: UUID) -> frozenset[UUID]:
    """Those of these people who take part in a cohort of the program, or coach one."""
    rows = await fetch(
        "SELECT e.person FROM enrolment e JOIN cohort c ON c.id = e.cohort"
        " JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
        " WHERE c.program = $1 AND e.person = ANY($2::uuid[]) AND s.state NOT IN ('declined', 'withdrawn')"
        " UNION SELECT k.person FROM coaching k JOIN cohort c ON c.id = k.cohort"
        " WHERE c.program = $1 AND k.person = ANY($2::uuid[]) AND k.ended_at IS NULL",
        program,
        list(people),
    )
    return frozenset(row["person"] for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInvitation:
    """What the link of an invitation that waits for an answer is made from."""

    nonce: bytes
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """A member in the list of a cohort; `took_part` is None where no month is in progress, or they are not active."""

    enrolment: UUID
    person: UUID
    name: str
    job_title: str | None
    state: EnrolmentState
    since_on: date
    took_part: bool | None
    invitation: OpenInvitation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastState:
    """A stretch of a membership, with who began it and why, where somebody said so."""

    state: EnrolmentState
    from_on: date
    by_name: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPage:
    """A membership as the member and the leads see it; the newest state stands first in `past`."""

    enrolment: UUID
    cohort: UUID
    cohort_name: str
    phase: str
    name: str
    state: EnrolmentState
    past: tuple[PastState, ...]
    own: bool
    may_leave: bool
    steps: tuple[EnrolmentStep, ...]


async def member_lines(
    cohort: UUID, *, seen_by: Reader, month: int | None, after: UUID | None, most: int
) -> tuple[MemberLine, ...]:
    """The members of a cohort by name, who left last; from the one after `after` on. One query.

    For leads, with the invitations that wait, and for its coaches; others get none. `month` is the number of the
    month in progress.
    """
    lead = Role.LEAD in seen_by.roles
    if not lead and cohort not in seen_by.coached:
        return ()
    rows = await fetch(
        "WITH member AS ("
        " SELECT e.id, e.person, p.name, p.job_title, s.state, s.from_on, k.activities, i.nonce, i.expires_at,"
        "  (s.state IN ('declined', 'withdrawn'), lower(p.name), e.id) AS place"
        " FROM enrolment e JOIN person p ON p.id = e.person"
        " JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
        " LEFT JOIN member_month k ON k.cohort = e.cohort AND k.enrolment = e.id AND k.month = $2"
        " LEFT JOIN invitation i ON i.cohort = e.cohort AND i.enrolment = e.id"
        "  AND i.answered_at IS NULL AND i.withdrawn_at IS NULL AND $3"
        " WHERE e.cohort = $1)"
        " SELECT * FROM member WHERE $4::uuid IS NULL OR place > (SELECT place FROM member WHERE id = $4)"
        " ORDER BY place LIMIT $5",
        cohort,
        month,
        lead,
        after,
        most,
    )
    return tuple(_member_line(row, month) for row in rows)


def _member_line(row: asyncpg.Record, month: int | None) -> MemberLine:
    state = EnrolmentState(row["state"])
    told = month is not None and state is EnrolmentState.ACTIVE
    return MemberLine(
        enrolment=row["id"],
        person=row["person"],
        name=row["name"],
        job_title=row["job_title"],
        state=state,
        since_on=row["from_on"],
        took_part=(row["activities"] or 0) > 0 if told else None,
        invitation=OpenInvitation(nonce=row["nonce"], expires_at=row["expires_at"]) if row["nonce"] else None,
    )


async def fellow_names(cohort: UUID, *, seen_by: Reader, most: int) -> list[str]:
    """The names of those who take part in a cohort, for its own members; others get none. One query."""
    return [name for _enrolment, name in await fellow_lines(cohort, seen_by=seen_by, after=None, most=most)]


async def fellow_lines(
    cohort: UUID, *, seen_by: Reader, after: UUID | None, most: int
) -> list[tuple[UUID, str]]:
    """The same with their enrolments, by name, from the one after `after` on. One query."""
    own = seen_by.enrolment_in(cohort)
    if own is None or own.state not in JOINED:
        return []
    rows = await fetch(
        "WITH fellow AS (SELECT e.id, p.name, s.state, (lower(p.name), e.id) AS place"
        "  FROM enrolment e JOIN person p ON p.id = e.person"
        "  JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL WHERE e.cohort = $1)"
        " SELECT id, name FROM fellow WHERE state IN ('preparing', 'active', 'paused', 'finished')"
        "  AND ($2::uuid IS NULL OR place > (SELECT place FROM fellow WHERE id = $2)) ORDER BY place LIMIT $3",
        cohort,
        after,
        most,
    )
    return [(row["id"], row["name"]) for row in rows]


async def member_page(cohort: UUID, enrolment: UUID, *, seen_by: Reader) -> MemberPage:
    """One membership with its past, for the member and for leads. One query. Raises `NotFound`."""
    row = await fetch_row(
        "SELECT e.person, p.name, c.name AS cohort_name, f.name AS phase, c.state IN ('finished', 'stopped') AS ended,"
        " ARRAY(SELECT (s.state, s.from_on, b.name, s.reason) FROM spell s JOIN person b ON b.id = s.by"
        "   WHERE s.cohort = e.cohort AND s.enrolment = e.id ORDER BY s.until_on DESC NULLS FIRST, s.since_at DESC, s.id DESC)"
        "   AS past"
        " FROM enrolment e JOIN person p ON p.id = e.person JOIN cohort c ON c.id = e.cohort"
        " JOIN phase f ON f.id = c.phase WHERE e.cohort = $1 AND e.id = $2 AND c.program = $3",
        cohort,
        enrolment,
        seen_by.program,
    )
    own = row is not None and row["person"] == seen_by.person
    if row is None or not (own or Role.LEAD in seen_by.roles):
        raise NotFound
    past = tuple(
        PastState(state=EnrolmentState(state), from_on=from_on, by_name=by, reason=reason)
        for state, from_on, by, reason in row["past"]
    )
    state = past[0].state
    return MemberPage(
        enrolment=enrolment,
        cohort=cohort,
        cohort_name=row["cohort_name"],
        phase=row["phase"],
        name=row["name"],
        state=state,
        past=past,
        own=own,
        may_leave=own and not row["ended"] and what_bars(EnrolmentStep.LEAVE, state) is None,
        steps=_leads_steps(state) if Role.LEAD in seen_by.roles and not row["ended"] else (),
    )


def _leads_steps(state: EnrolmentState) -> tuple[EnrolmentStep, ...]:
    return tuple(step for step in LEADS_STEPS if what_bars(step, state) is None)


async def own_tracking_start(*, seen_by: Reader) -> date | None:
    """The earliest tracking start of the cohorts that the reader takes part in; None while none is tracked."""
    start: date | None = await fetch_value(
        "SELECT min(tracking_start_on) FROM cohort WHERE id = ANY($1::uuid[])",
        [own.cohort for own in seen_by.memberships if own.state in TAKING_PART],
    )
    return start
