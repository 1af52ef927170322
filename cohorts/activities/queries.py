"""A member's own activities and months. Nobody else reads them here."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg

from cohorts.activities.rules import Figures, Kind, Network
from program.database import fetch, fetch_row, fetch_value
from program.refusals import NotFound

A_PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityLine:
    """`figures` are the newest of each kind."""

    id: UUID
    kind: Kind
    network: Network
    link: str
    text: str
    done_on: date
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What one source told of an activity."""

    source: str
    observed_at: datetime
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPage:
    """An activity with all that was ever observed of it, the newest first."""

    activity: ActivityLine
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMonth:
    """A month of one's cohort, and how often one did something in it; reactions are not counted."""

    from_on: date
    until_on: date
    activities: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCourse:
    """One's membership of a cohort, month by month, since its tracking start or one's own.

    `begun` where one was active at some time, `active` where one is now.
    """

    cohort: str
    begun: bool
    active: bool
    start: date | None
    months: tuple[OwnMonth, ...]


_NEWEST_FIGURES = "SELECT {} FROM observation o WHERE o.cohort = a.cohort AND o.activity = a.id".format(
    ", ".join(
        f"(array_agg(o.{figure} ORDER BY o.observed_at DESC, o.id DESC) FILTER (WHERE o.{figure} IS NOT NULL))[1] AS {figure}"
        for figure in ("impressions", "reactions", "comments", "shares", "clicks")
    )
)


async def own_course(person: UUID, *, program: UUID, today: date) -> OwnCourse | None:
    """The months of the cohort that the person joined last; None where they never joined one. One query."""
    rows = await fetch(
        "WITH mine AS (SELECT c.id, c.name, c.tracking_start_on, e.id AS enrolment, own.* FROM enrolment e"
        "  JOIN cohort c ON c.id = e.cohort JOIN phase f ON f.id = c.phase CROSS JOIN LATERAL"
        "   (SELECT min(s.from_on) FILTER (WHERE s.state = 'active') AS begun_on,"
        "     COALESCE(bool_or(s.state = 'active' AND s.until_on IS NULL), false) AS active"
        "    FROM spell s WHERE s.cohort = c.id AND s.enrolment = e.id) own"
        "  WHERE e.person = $1 AND c.program = $2 ORDER BY active DESC, f.position DESC, e.made_at DESC LIMIT 1)"
        " SELECT m.name, m.begun_on, m.active, m.tracking_start_on, w.from_on, w.until_on, COALESCE(k.activities, 0) AS activities"
        " FROM mine m LEFT JOIN LATERAL (SELECT n, (m.tracking_start_on + make_interval(months => n))::date AS from_on,"
        "   (m.tracking_start_on + make_interval(months => n + 1))::date AS until_on"
        "   FROM generate_series(0, ((date_part('year', $3::date) - date_part('year', m.tracking_start_on)) * 12"
        "    + date_part('month', $3::date) - date_part('month', m.tracking_start_on))::int) AS n) w"
        "  ON w.from_on <= $3::date AND w.until_on > m.begun_on"
        " LEFT JOIN member_month k ON k.cohort = m.id AND k.enrolment = m.enrolment AND k.month = w.n ORDER BY w.from_on",
        person,
        program,
        today,
    )
    if not rows:
        return None
    return OwnCourse(
        cohort=rows[0]["name"],
        begun=rows[0]["begun_on"] is not None,
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
        "SELECT a.id, a.kind, a.network, a.link, a.text, a.done_on, f.* FROM activity a"
        " JOIN enrolment e ON e.cohort = a.cohort AND e.id = a.enrolment JOIN cohort c ON c.id = e.cohort"
        f" CROSS JOIN LATERAL ({_NEWEST_FIGURES}) f"
        " WHERE e.person = $1 AND c.program = $2 AND ($3::uuid IS NULL OR (a.done_on, a.id) <"
        "  (SELECT b.done_on, b.id FROM activity b JOIN enrolment o ON o.cohort = b.cohort AND o.id = b.enrolment"
        "   WHERE b.id = $3 AND o.person = $1))"
        " ORDER BY a.done_on DESC, a.id DESC LIMIT $4",
        person,
        program,
        before,
        most,
    )
    return [_line(row) for row in rows]


async def own_activity(activity: UUID, *, person: UUID, program: UUID) -> ActivityPage:
    """One of one's own activities. Two queries."""
    row = await fetch_row(
        "SELECT a.cohort, a.id, a.kind, a.network, a.link, a.text, a.done_on, f.* FROM activity a"
        " JOIN enrolment e ON e.cohort = a.cohort AND e.id = a.enrolment JOIN cohort c ON c.id = e.cohort"
        f" CROSS JOIN LATERAL ({_NEWEST_FIGURES}) f WHERE a.id = $1 AND e.person = $2 AND c.program = $3",
        activity,
        person,
        program,
    )
    if row is None:
        raise NotFound
    seen = await fetch(
        "SELECT source, observed_at, impressions, reactions, comments, shares, clicks FROM observation"
        " WHERE cohort = $1 AND activity = $2 ORDER BY observed_at DESC, id DESC",
        row["cohort"],
        activity,
    )
    return ActivityPage(
        activity=_line(row),
        sightings=tuple(
            Sighting(source=each["source"], observed_at=each["observed_at"], figures=_figures(each))
            for each in seen
        ),
    )


async def own_activity_with(post_id: str, network: Network, *, person: UUID, program: UUID) -> date | None:
    """The day of one's own activity that is that post, under whichever of its ids."""
    day: date | None = await fetch_value(
        "SELECT a.done_on FROM enrolment e JOIN cohort c ON c.id = e.cohort"
        " JOIN activity a ON a.cohort = e.cohort AND a.enrolment = e.id"
        " WHERE e.person = $1 AND c.program = $2 AND ((a.network = $3 AND a.post_id = $4) OR EXISTS (SELECT"
        "   FROM post_alias p WHERE p.cohort = a.cohort AND p.network = $3 AND p.post_id = $4 AND p.activity = a.id))"
        " LIMIT 1",
        person,
        program,
        network.value,
        post_id,
    )
    return day


async def may_be_restored(activity: UUID, *, person: UUID, program: UUID) -> bool:
    """Whether one deleted this activity oneself, not long ago."""
    return bool(
        await fetch_value(
            "SELECT true FROM deleted_activity d JOIN enrolment e ON e.cohort = d.cohort AND e.id = d.enrolment"
            " JOIN cohort c ON c.id = e.cohort WHERE d.id = $1 AND e.person = $2 AND c.program = $3",
            activity,
            person,
            program,
        )
    )


def _line(row: asyncpg.Record) -> ActivityLine:
    return ActivityLine(
        id=row["id"],
        kind=Kind(row["kind"]),
        network=Network(row["network"]),
        link=row["link"] or "",
        text=row["text"] or "",
        done_on=row["done_on"],
        figures=_figures(row),
    )


def _figures(row: asyncpg.Record) -> Figures:
    return Figures(
        impressions=row["impressions"],
        reactions=row["reactions"],
        comments=row["comments"],
        shares=row["shares"],
        clicks=row["clicks"],
    )
