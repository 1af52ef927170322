"""Who keeps a gate, what they want of it, and what they decided."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cohorts.criteria.queries import OF_GATE, criteria_in
from cohorts.decisions.rules import Choice, ConditionAsked
from cohorts.evidence.rules import Evidence, evidence_hash, evidence_read
from cohorts.gates.rules import Outcome
from program.database import fetch, fetch_row
from program.refusals import NotFound
from program.roles.rules import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteLine:
    """A gatekeeper's vote, with the name that it was cast under."""

    by: UUID
    name: str
    choice: Choice
    comment: str
    conditions: tuple[ConditionAsked, ...]
    cast_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gatekeeper:
    """Somebody with a granted role in the program, and their current vote on a gate, if they cast one."""

    person: UUID
    name: str
    roles: frozenset[Role]
    vote: VoteLine | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionLine:
    id: UUID
    what: str
    owner: UUID
    owner_name: str
    due_on: date
    met_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """What became of a gate, with its evidence as it was; `evidence_hash` is SHA-256 in hexadecimal.

    `intact` while what is kept still has that hash.
    """

    outcome: Outcome
    reason: str
    decided_on: date
    evidence: Evidence
    evidence_hash: str
    intact: bool
    votes: tuple[VoteLine, ...]
    conditions: tuple[ConditionLine, ...]


async def voted_on(gates: Collection[UUID], *, by: UUID) -> frozenset[UUID]:
    """Those of these gates on which somebody has a current vote."""
    rows = await fetch(
        "SELECT gate FROM vote WHERE gate = ANY($1::uuid[]) AND person = $2 AND replaced_at IS NULL",
        list(gates),
        by,
    )
    return frozenset(row["gate"] for row in rows)


async def gatekeepers(gate: UUID, *, program: UUID) -> tuple[Gatekeeper, ...]:
    """Everybody here with a granted role in the program, by name, with their current vote on this gate."""
    rows = await fetch(
        "SELECT p.id, p.name, array_agg(r.role) AS roles, v.id AS vote, v.choice, v.comment, v.conditions, v.cast_at"
        " FROM role_grant r JOIN person p ON p.id = r.person"
        " LEFT JOIN vote v ON v.gate = $1 AND v.person = p.id AND v.replaced_at IS NULL"
        " WHERE r.program = $2 AND r.revoked_at IS NULL"
        "  AND NOT EXISTS (SELECT FROM departure d WHERE d.person = p.id AND d.returned_at IS NULL)"
        " GROUP BY p.id, v.id ORDER BY p.name, p.id",
        gate,
        program,
    )
    return tuple(
        Gatekeeper(
            person=row["id"],
            name=row["name"],
            roles=frozenset(Role(role) for role in row["roles"]),
            vote=None
            if row["vote"] is None
            else VoteLine(
                by=row["id"],
                name=row["name"],
                choice=Choice(row["choice"]),
                comment=row["comment"] or "",
                conditions=conditions_in(row["conditions"]),
                cast_at=row["cast_at"],
            ),
        )
        for row in rows
    )


async def decision_view(gate: UUID) -> DecisionView:
    """The decision on a gate that was decided. One query."""
    row = await fetch_row(
        "SELECT d.*, (d.decided_at AT TIME ZONE p.zone)::date AS decided_on, "
        f" {OF_GATE} AS criteria,"
        " ARRAY(SELECT (c.id, c.name) FROM cohort c WHERE c.program = p.id) AS cohorts,"
        " ARRAY(SELECT (v.person, q.name, v.choice, v.comment, v.conditions, v.cast_at) FROM decision_vote o"
        "   JOIN vote v ON v.id = o.vote JOIN person q ON q.id = v.person WHERE o.decision = d.id"
        "   ORDER BY v.cast_at, v.id) AS votes,"
        " ARRAY(SELECT (k.id, k.what, k.owner, q.name, k.due_on, (k.met_at AT TIME ZONE p.zone)::date)"
        "   FROM condition k JOIN person q ON q.id = k.owner WHERE k.decision = d.id ORDER BY k.due_on, k.id)"
        "   AS conditions"
        " FROM decision d JOIN gate g ON g.id = d.gate JOIN program p ON p.id = g.program WHERE g.id = $1",
        gate,
    )
    if row is None:
        raise NotFound
    kept = json.loads(row["evidence"])
    return DecisionView(
        outcome=Outcome(row["outcome"]),
        reason=row["reason"] or "",
        decided_on=row["decided_on"],
        evidence=evidence_read(
            kept,
            criteria=criteria_in(row["criteria"]),
            names=dict(row["cohorts"]),
        ),
        evidence_hash=row["evidence_hash"].hex(),
        intact=evidence_hash(kept) == row["evidence_hash"],
        votes=tuple(_vote(record) for record in row["votes"]),
        conditions=tuple(
            ConditionLine(id=id, what=what, owner=owner, owner_name=name, due_on=due_on, met_on=met_on)
            for id, what, owner, name, due_on, met_on in row["conditions"]
        ),
    )


def conditions_in(document: str | None) -> tuple[ConditionAsked, ...]:
    """The conditions that a vote asks for, from its JSON."""
    return tuple(
        ConditionAsked(
            what=told["what"], owner=UUID(told["owner"]), due_on=date.fromisoformat(told["due_on"])
        )
        for told in json.loads(document or "[]")
    )


def _vote(record: Any) -> VoteLine:
    by, name, choice, comment, conditions, cast_at = record
    return VoteLine(
        by=by,
        name=name,
        choice=Choice(choice),
        comment=comment or "",
        conditions=conditions_in(conditions),
        cast_at=cast_at,
    )
