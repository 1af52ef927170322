"""A member's own activities and months. Nobody else reads them here."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cohorts.activities.rules import Kind, Network
from program.database import fetch

A_PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityLine:
    id: UUID
    kind: Kind
    network: Network
    link: str
    text: str
    done_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMonth:
    """A month of one's cohort, and how often one did something in it; reactions are not counted."""

    from_on: date
    until_on: date
    activities: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCourse:
    """One's membership of a cohort, month by month, since its tracking start."""

    cohort: str
    active: bool
    start: date | None
    months: tuple[OwnMonth, ...]


async def own_course(person: UUID, *, program: UUID, today: date) -> OwnCourse | None:
    """The months of the cohort that the person joined last; None where they never joined one. One query."""
    rows = await fetch(
        "WITH mine AS (SELECT c.id, c.name, c.tracking_start_on, e.id AS enrolment, EXISTS (SELECT FROM spell s"
        "   WHERE s.cohort = c.id AND s.enrolment = e.id AND s.state = 'active' AND s.until_on IS NULL) AS active"
        "  FROM enrolment e JOIN cohort c ON c.id = e.cohort JOIN phase f ON f.id = c.phase"
        "  WHERE e.person = $1 AND c.program = $2 ORDER BY active DESC, f.position DESC, e.made_at DESC LIMIT 1)"
        " SELECT m.name, m.active, m.tracking_start_on, w.from_on, w.until_on, COALESCE(k.activities, 0) AS activities"
        " FROM mine m LEFT JOIN LATERAL (SELECT n, (m.tracking_start_on + make_interval(months => n))::date AS from_on,"
        "   (m.tracking_start_on + make_interval(months => n + 1))::date AS until_on"
        "   FROM generate_series(0, ((date_part('year', $3::date) - date_part('year', m.tracking_start_on)) * 12"
        "    + date_part('month', $3::date) - date_part('month', m.tracking_start_on))::int) AS n) w"
        "  ON w.from_on <= $3::date"
        " LEFT JOIN member_month k ON k.cohort = m.id AND k.enrolment = m.enrolment AND k.month = w.n ORDER BY w.from_on",
        person,
        program,
        today,
    )
    if not rows:
        return None
    return OwnCourse(
        cohort=rows[0]["name"],
        active=rows[0]["active"],
        start=rows[0]["tracking_start_on"],
        months=tuple(
            OwnMonth(from_on=row["from_on"], until_on=row["until_on"], activities=row["activities"])
            for row in rows
            if row["from_on"] is not None
        ),
    )


async def own_activities(
    person: UUID, *, program: UUID, before: UUID | None = None, most: int = A_PAGE
) -> list[ActivityLine]:
    """One's own activities, newest first, at most `most`, those after `before` in that order. One query."""
    rows = await fetch(
        "SELECT a.id, a.kind, a.network, a.link, a.text, a.done_on FROM activity a"
        " JOIN enrolment e ON e.cohort = a.cohort AND e.id = a.enrolment JOIN cohort c ON c.id = e.cohort"
        " WHERE e.person = $1 AND c.program = $2 AND ($3::uuid IS NULL OR (a.done_on, a.id) <"
        "  (SELECT b.done_on, b.id FROM activity b JOIN enrolment o ON o.cohort = b.cohort AND o.id = b.enrolment"
        "   WHERE b.id = $3 AND o.person = $1))"
        " ORDER BY a.done_on DESC, a.id DESC LIMIT $4",
        person,
        program,
        before,
        most,
    )
    return [
        ActivityLine(
            id=row["id"],
            kind=Kind(row["kind"]),
            network=Network(row["network"]),
            link=row["link"] or "",
            text=row["text"] or "",
            done_on=row["done_on"],
        )
        for row in rows
    ]
