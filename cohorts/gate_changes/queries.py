"""What a gate asks, as a lead changes it, and what was changed since tracking began."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from cohorts.criteria.queries import OF_GATE, criteria_in
from cohorts.criteria.rules import Criterion
from cohorts.gate_changes.rules import (
    GateAsked,
    MonthSettings,
    Told,
    criterion_told,
    settings_told,
)
from cohorts.months.rules import OfCohorts
from program.database import fetch, fetch_row
from program.refusals import NotFound
from program.roles.rules import Reader, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """A change of what a gate asks. Null `before`: added; null `after`: removed.

    `owner_names` has the names of the owners that it speaks of.
    """

    before: Told | None
    after: Told | None
    reason: str
    changed_at: datetime
    by_name: str
    owner_names: dict[UUID, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAsks:
    """What a gate asks, for leads, with every change made, newest first."""

    gate: UUID
    name: str
    opens_name: str
    asked: GateAsked
    owner_names: dict[UUID, str]
    owners: tuple[tuple[UUID, str], ...]
    changes: tuple[ChangeLine, ...]

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return self.asked.criteria

    @property
    def settings(self) -> MonthSettings:
        return self.asked.settings

    def criterion(self, id: UUID) -> Criterion:
        """The criterion of that id. Raises `NotFound`."""
        for each in self.criteria:
            if each.id == id:
                return each
        raise NotFound


_ASKED = (
    "SELECT g.id, f.name, n.name AS opens_name, f.months_needed, f.months_in_a_row, f.at_least_eligible,"
    " f.took_part_percent, f.pause_days_allowed, f.of_cohorts,"
    f" {OF_GATE} AS criteria,"
    " EXISTS (SELECT FROM decision d WHERE d.gate = g.id) OR EXISTS (SELECT FROM decision s JOIN gate o ON o.id = s.gate"
    "   WHERE o.program = p.id AND s.outcome = 'stopped') AS decided,"
    " EXISTS (SELECT FROM cohort c WHERE c.phase = f.id AND c.tracking_start_on IS NOT NULL) AS tracking_began"
    " FROM gate g JOIN program p ON p.id = g.program JOIN phase f ON f.id = g.phase"
    " JOIN phase n ON n.program = f.program AND n.position = f.position + 1"
    " WHERE g.id = $1 AND g.program = $2"
)

# Whoever may be asked to see to something: those with a role, and the coaches.
_OWNERS = (
    "SELECT DISTINCT p.id, p.name FROM person p WHERE p.id IN"
    "  (SELECT person FROM role_grant WHERE program = $1 AND revoked_at IS NULL"
    "   UNION SELECT k.person FROM coaching k JOIN cohort c ON c.id = k.cohort"
    "    WHERE c.program = $1 AND k.ended_at IS NULL)"
    " AND NOT EXISTS (SELECT FROM departure d WHERE d.person = p.id AND d.returned_at IS NULL)"
    " ORDER BY p.name, p.id"
)


async def gate_asks(gate: UUID, *, seen_by: Reader) -> GateAsks:
    """What a gate of the reader's program asks. For leads; three queries. Raises `NotFound`."""
    if Role.LEAD not in seen_by.roles:
        raise NotFound
    row = await _row(gate, seen_by.program)
    owners = await possible_owners(seen_by.program)
    changes = await changes_of(gate)
    asked = _asked(row)
    named = dict(owners)
    missing = [each.owner for each in asked.criteria if each.owner and each.owner not in named]
    return GateAsks(
        gate=gate,
        name=row["name"],
        opens_name=row["opens_name"],
        asked=asked,
        owner_names={**named, **(await _names(missing) if missing else {})},
        owners=owners,
        changes=changes,
    )


async def gate_asked(gate: UUID, *, program: UUID) -> GateAsked:
    """Within an action: what a gate of the program asks now. Raises `NotFound`."""
    return _asked(await _row(gate, program))


async def possible_owners(program: UUID) -> tuple[tuple[UUID, str], ...]:
    """Who may be asked to see to a condition or a checklist item, by name."""
    return tuple((row["id"], row["name"]) for row in await fetch(_OWNERS, program))


async def changes_of(gate: UUID, *, after_start: bool = False) -> tuple[ChangeLine, ...]:
    """The changes of what a gate asks, newest first; with `after_start` those that needed a reason."""
    rows = await fetch(
        "SELECT c.criterion, c.before, c.after, c.reason, c.changed_at, p.name,"
        " ARRAY(SELECT (q.id, q.name) FROM person q WHERE q.id::text IN (c.before->>'owner', c.after->>'owner'))"
        "   AS owners"
        " FROM gate_change c JOIN person p ON p.id = c.changed_by"
        f" WHERE c.gate = $1{' AND c.reason IS NOT NULL' if after_start else ''}"
        " ORDER BY c.changed_at DESC, c.id DESC",
        gate,
    )
    return tuple(
        ChangeLine(
            before=_told(row["before"], row["criterion"]),
            after=_told(row["after"], row["criterion"]),
            reason=row["reason"] or "",
            changed_at=row["changed_at"],
            by_name=row["name"],
            owner_names=dict(row["owners"]),
        )
        for row in rows
    )


async def _row(gate: UUID, program: UUID) -> asyncpg.Record:
    row = await fetch_row(_ASKED, gate, program)
    if row is None:
        raise NotFound
    return row


async def _names(people: list[UUID]) -> dict[UUID, str]:
    return dict(await fetch("SELECT id, name FROM person WHERE id = ANY($1)", people))


def _asked(row: asyncpg.Record) -> GateAsked:
    return GateAsked(
        criteria=criteria_in(row["criteria"]),
        settings=MonthSettings(
            needed=row["months_needed"],
            in_a_row=row["months_in_a_row"],
            at_least_eligible=row["at_least_eligible"],
            took_part_percent=row["took_part_percent"],
            pause_days=row["pause_days_allowed"],
            of_cohorts=OfCohorts(row["of_cohorts"]),
        ),
        tracking_began=row["tracking_began"],
        decided=row["decided"],
    )


def _told(document: str | None, criterion: UUID | None) -> Told | None:
    if document is None:
        return None
    told = json.loads(document)
    return settings_told(told) if criterion is None else criterion_told(told, criterion)
