"""The months of cohorts in figures, by the same SQL whether they are kept as readings or only looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

import asyncpg

from cohorts.months.rules import (
    CohortMonths,
    Course,
    MonthFigures,
    MonthsAsked,
    OfCohorts,
    PhaseMonths,
    Stretch,
    tracked_months,
)
from cohorts.recomputations.rules import Figures, ReadingDiffers
from program.database import fetch

TOOK_PART, ELIGIBLE = "took_part_share", "eligible_share"


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortMonth:
    """What a month of a cohort, begun by today, came to; of one in progress: so far."""

    cohort: UUID
    from_on: date
    until_on: date
    figures: MonthFigures


# Every month begun by $2 of the cohorts $1; `seen_until` is the day after the last day of it that counts as yet.
_WINDOWS = (
    "SELECT c.id AS cohort, number, from_on, until_on, least(until_on, $2::date + 1) AS seen_until FROM cohort c"
    " CROSS JOIN LATERAL generate_series(0, ((date_part('year', $2::date) - date_part('year', tracking_start_on)) * 12"
    "   + date_part('month', $2::date) - date_part('month', tracking_start_on))::int) AS number"
    " CROSS JOIN LATERAL (SELECT (tracking_start_on + make_interval(months => number))::date AS from_on,"
    "   (tracking_start_on + make_interval(months => number + 1))::date AS until_on) AS days"
    " WHERE c.id = ANY($1::uuid[]) AND from_on <= $2::date"
)

# The members of a window `w`: whether active on every day of it, and whether enrolled on its last.
_MEMBERS = (
    "SELECT s.enrolment,"
    " COALESCE(sum(least(s.until_on, w.seen_until) - greatest(s.from_on, w.from_on))"
    "   FILTER (WHERE s.state = 'active'), 0) = w.seen_until - w.from_on AS eligible,"
    " bool_or(s.from_on < w.seen_until AND (s.until_on IS NULL OR s.until_on >= w.seen_until)) AS enrolled"
    " FROM spell s WHERE s.cohort = w.cohort AND s.state IN ('active', 'paused')"
    "  AND s.from_on < w.seen_until AND (s.until_on IS NULL OR s.until_on > w.from_on)"
    " GROUP BY s.enrolment"
)

_BY_MEMBER_MONTHS = (
    "EXISTS (SELECT FROM member_month k WHERE k.cohort = w.cohort AND k.enrolment = m.enrolment"
    " AND k.month = w.number AND k.activities > 0)"
)

_BY_ACTIVITIES = (
    "EXISTS (SELECT FROM activity a WHERE a.cohort = w.cohort AND a.enrolment = m.enrolment AND a.kind <> 'reaction'"
    " AND a.done_on >= w.from_on AND a.done_on < w.seen_until)"
)


def _figures(took_part: str, where: str = "true") -> str:
    return (
        f"SELECT count(*) FILTER (WHERE m.eligible AND {took_part}) AS took_part,"
        " count(*) FILTER (WHERE m.eligible) AS eligible, count(*) FILTER (WHERE m.enrolled) AS enrolled"
        f" FROM ({_MEMBERS}) m WHERE {where}"
    )


_RECOMPUTED = (
    f"SELECT w.*, f.* FROM ({_WINDOWS}) w CROSS JOIN LATERAL ({_figures(_BY_MEMBER_MONTHS)}) f"
    " WHERE w.number BETWEEN $3 AND $4 ORDER BY w.cohort, w.number"
)

# What is kept, and only where nothing is, what is found now.
_KEPT_OR_FOUND = (
    "SELECT w.*, COALESCE(t.numerator, f.took_part) AS took_part, COALESCE(e.numerator, f.eligible) AS eligible,"
    " COALESCE(e.denominator, f.enrolled) AS enrolled"
    f" FROM ({_WINDOWS}) w"
    f" LEFT JOIN reading t ON t.cohort = w.cohort AND t.measure = '{TOOK_PART}' AND t.span = 'month'"
    "  AND t.from_on = w.from_on"
    f" LEFT JOIN reading e ON e.cohort = w.cohort AND e.measure = '{ELIGIBLE}' AND e.span = 'month'"
    "  AND e.from_on = w.from_on"
    f" CROSS JOIN LATERAL ({_figures(_BY_MEMBER_MONTHS, 't.id IS NULL OR e.id IS NULL')}) f"
    " ORDER BY w.cohort, w.number"
)

# Readings of months as they are kept and as they are found, side by side where they are not the same: another figure,
# a month that is none, and one that was read before but is kept no more.
_DIFFERING = (
    f"WITH found AS (SELECT w.*, f.* FROM ({_WINDOWS}) w CROSS JOIN LATERAL ({_figures(_BY_ACTIVITIES)}) f),"
    " told AS (SELECT cohort, from_on, until_on, measure, found.numerator, found.denominator FROM"
    f"  (SELECT cohort, from_on, until_on, '{TOOK_PART}' AS measure, took_part AS numerator, eligible AS denominator"
    f"   FROM found UNION ALL SELECT cohort, from_on, until_on, '{ELIGIBLE}', eligible, enrolled FROM found) found),"
    " kept AS (SELECT * FROM reading WHERE cohort = ANY($1::uuid[]) AND span = 'month'"
    f"  AND measure IN ('{TOOK_PART}', '{ELIGIBLE}')),"
    " newest AS (SELECT cohort, max(from_on) AS on FROM kept GROUP BY cohort)"
    " SELECT g.name AS program, c.name AS cohort_name, measure, from_on, COALESCE(r.until_on, told.until_on) AS until_on,"
    "  r.numerator, r.denominator, r.people, told.numerator AS found_numerator, told.denominator AS found_denominator"
    " FROM kept r FULL JOIN told USING (cohort, measure, from_on) LEFT JOIN newest USING (cohort)"
    " JOIN cohort c ON c.id = cohort JOIN program g ON g.id = c.program"
    " WHERE (r.until_on, r.numerator, r.denominator, r.people)"
    "   IS DISTINCT FROM (told.until_on, told.numerator, told.denominator, told.denominator)"
    "  AND (r.id IS NOT NULL OR from_on <= newest.on)"
    " ORDER BY cohort, from_on, measure"
)


# A finished or stopped cohort ended on the day from which nobody was active or paused any more.
_COURSES = (
    "SELECT f.id AS phase, f.months_needed, f.months_in_a_row, f.at_least_eligible, f.took_part_percent,"
    " f.pause_days_allowed, f.of_cohorts, c.id AS cohort, c.name, c.tracking_start_on,"
    " (SELECT r.from_on FROM recycle r JOIN gate g ON g.id = r.gate WHERE g.phase = f.id"
    "   ORDER BY r.recycled_at DESC, r.id DESC LIMIT 1) AS recycled_on,"
    " ARRAY(SELECT (p.from_on, p.until_on) FROM cohort_pause p WHERE p.cohort = c.id ORDER BY p.from_on) AS pauses,"
    " (SELECT l.reason FROM cohort_left_out l WHERE l.cohort = c.id AND l.taken_back_at IS NULL) AS left_out,"
    " CASE WHEN c.state IN ('finished', 'stopped') THEN"
    "   (SELECT CASE WHEN bool_or(s.until_on IS NULL) THEN NULL ELSE COALESCE(max(s.until_on), c.tracking_start_on) END"
    "    FROM spell s WHERE s.cohort = c.id AND s.state IN ('active', 'paused')) END AS ended_on"
    " FROM phase f LEFT JOIN cohort c ON c.phase = f.id WHERE f.id = ANY($1::uuid[])"
    " ORDER BY f.position, c.made_at, c.id"
)


async def phase_months(phases: Sequence[UUID], *, today: date) -> dict[UUID, PhaseMonths]:
    """The months of these phases’ cohorts, side by side. Two queries."""
    courses = await fetch(_COURSES, list(phases))
    figures: dict[UUID, list[MonthFigures]] = {}
    for month in await cohort_months([row["cohort"] for row in courses if row["cohort"]], today=today):
        figures.setdefault(month.cohort, []).append(month.figures)
    asked = {row["phase"]: _asked(row) for row in courses}
    return {
        phase: PhaseMonths(
            asked=asked[phase],
            cohorts=tuple(
                CohortMonths(
                    cohort=row["cohort"],
                    name=row["name"],
                    left_out=row["left_out"],
                    tracked=tracked_months(
                        _course(row), figures.get(row["cohort"], ()), today=today, asked=asked[phase]
                    ),
                )
                for row in courses
                if row["phase"] == phase and row["cohort"]
            ),
        )
        for phase in asked
    }


def _asked(row: asyncpg.Record) -> MonthsAsked:
    return MonthsAsked(
        needed=row["months_needed"],
        in_a_row=row["months_in_a_row"],
        at_least_eligible=row["at_least_eligible"],
        share_took_part=Fraction(row["took_part_percent"], 100),
        pause_days=row["pause_days_allowed"],
        of_cohorts=OfCohorts(row["of_cohorts"]),
    )


def _course(row: asyncpg.Record) -> Course:
    return Course(
        start=row["tracking_start_on"],
        pauses=tuple(Stretch(from_on, until_on) for from_on, until_on in row["pauses"]),
        recycled_on=row["recycled_on"],
        ended_on=row["ended_on"],
    )


async def cohort_months(cohorts: Sequence[UUID], *, today: date) -> list[CohortMonth]:
    """Every month of the cohorts begun by today, oldest first: as kept, or as found now where nothing was kept yet."""
    return [_month(row) for row in await fetch(_KEPT_OR_FOUND, list(cohorts), today)]


async def months_found(cohort: UUID, *, first: int, last: int, today: date) -> list[CohortMonth]:
    """The months of those numbers, begun by today, recomputed from what each member did in each month."""
    return [_month(row) for row in await fetch(_RECOMPUTED, [cohort], today, first, last)]


async def readings_that_differ(*, today: date, cohorts: Sequence[UUID] | None = None) -> list[ReadingDiffers]:
    """The month readings of these cohorts, or of all, recomputed from spells and activities; those that are kept as
    something else. None, ever.
    """
    if cohorts is None:
        rows = await fetch("SELECT id FROM cohort WHERE tracking_start_on IS NOT NULL")
        cohorts = [row["id"] for row in rows]
    return [
        ReadingDiffers(
            program=row["program"],
            cohort=row["cohort_name"],
            measure=row["measure"],
            from_on=row["from_on"],
            until_on=row["until_on"],
            kept=_figures_of(row["numerator"], row["denominator"], row["people"]),
            found=_figures_of(row["found_numerator"], row["found_denominator"], row["found_denominator"]),
        )
        for row in await fetch(_DIFFERING, list(cohorts), today)
    ]


def _figures_of(numerator: int | None, denominator: int, people: int) -> Figures | None:
    return None if numerator is None else Figures(numerator=numerator, denominator=denominator, people=people)


def _month(row: asyncpg.Record) -> CohortMonth:
    return CohortMonth(
        cohort=row["cohort"],
        from_on=row["from_on"],
        until_on=row["until_on"],
        figures=MonthFigures(
            number=row["number"],
            took_part=row["took_part"],
            eligible=row["eligible"],
            enrolled=row["enrolled"],
        ),
    )
