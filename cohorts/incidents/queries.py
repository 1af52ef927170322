"""Incidents, as much of them as a reader may see."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cohorts.incidents.rules import Gravity
from program.database import fetch
from program.refusals import NotFound
from program.roles.rules import Reader, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    """An incident to somebody who may read it: a reviewer, or who reported it."""

    id: UUID
    gravity: Gravity
    what_happened: str
    reported_by: str
    reported_at: datetime
    closed_at: datetime | None
    learned: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIncident:
    """All that a lead may know of an incident; a sponsor, of grave ones."""

    gravity: Gravity
    reported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Incidents:
    """What a reader may know of a program's incidents, the open ones first, of them the gravest, then the newest."""

    read: tuple[IncidentView, ...]
    open_ones: tuple[OpenIncident, ...]


async def incidents(seen_by: Reader, *, only: UUID | None = None) -> Incidents:
    """Reviewers read all; everybody reads what they reported; leads know of open ones, sponsors of grave ones. One query."""
    reviewer = Role.REVIEWER in seen_by.roles
    rows = await fetch(
        "SELECT i.*, p.name, ($3 OR i.reported_by = $2) AS readable FROM incident i JOIN person p ON p.id = i.reported_by"
        " WHERE i.program = $1 AND ($4::uuid IS NULL OR i.id = $4) AND ($3 OR i.reported_by = $2 OR i.closed_at IS NULL)"
        " ORDER BY i.closed_at IS NOT NULL,"
        "  CASE WHEN i.closed_at IS NULL THEN array_position(ARRAY['grave', 'major', 'minor'], i.gravity::text) END,"
        "  i.reported_at DESC, i.id DESC LIMIT 200",
        seen_by.program,
        seen_by.person,
        reviewer,
        only,
    )
    readable = [row for row in rows if row["readable"]]
    return Incidents(
        read=tuple(
            IncidentView(
                id=row["id"],
                gravity=Gravity(row["gravity"]),
                what_happened=row["what_happened"],
                reported_by=row["name"],
                reported_at=row["reported_at"],
                closed_at=row["closed_at"],
                learned=row["learned"] or "",
            )
            for row in readable
        ),
        open_ones=tuple(
            OpenIncident(gravity=Gravity(row["gravity"]), reported_at=row["reported_at"])
            for row in rows
            if row["closed_at"] is None and _may_know(seen_by, Gravity(row["gravity"]))
        ),
    )


async def incident(id: UUID, *, seen_by: Reader) -> IncidentView:
    """One incident that the reader may read. Raises `NotFound`."""
    found = (await incidents(seen_by, only=id)).read
    if not found:
        raise NotFound
    return found[0]


def _may_know(seen_by: Reader, gravity: Gravity) -> bool:
    return seen_by.is_any(Role.LEAD, Role.REVIEWER) or (
        Role.SPONSOR in seen_by.roles and gravity is Gravity.GRAVE
    )
