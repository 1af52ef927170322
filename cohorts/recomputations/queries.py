"""What is kept of activities, recomputed from the activities themselves. For the command, which has no reader."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from cohorts.activities.rules import CONVERSATIONS, Kind
from cohorts.months.queries import ELIGIBLE, TOOK_PART, readings_that_differ
from cohorts.recomputations.rules import (
    Difference,
    Done,
    InAnotherMonth,
    MemberMonthDiffers,
    Recomputed,
)
from program.database import fetch, fetch_value

# The days of month number `m` of cohort `c`.
_FROM_ON = "(c.tracking_start_on + make_interval(months => {0}))::date"
_MONTH = f"{_FROM_ON.format('m')} AS from_on, {_FROM_ON.format('m + 1')} AS until_on"

_MEMBER_MONTHS = (
    "WITH done AS (SELECT enrolment, month, count(*) FILTER (WHERE kind <> $2) AS activities,"
    "  count(*) FILTER (WHERE kind = ANY($3::text[])) AS conversations, count(*) FILTER (WHERE kind = $2) AS reactions"
    "  FROM activity WHERE cohort = $1 GROUP BY enrolment, month),"
    " kept AS (SELECT enrolment, month, activities, conversations, reactions FROM member_month WHERE cohort = $1)"
    f" SELECT p.name, {_MONTH}, COALESCE(k.activities, 0) AS activities, COALESCE(k.conversations, 0) AS conversations,"
    "  COALESCE(k.reactions, 0) AS reactions, COALESCE(d.activities, 0) AS found_activities,"
    "  COALESCE(d.conversations, 0) AS found_conversations, COALESCE(d.reactions, 0) AS found_reactions"
    " FROM kept k FULL JOIN done d USING (enrolment, month) CROSS JOIN LATERAL (SELECT month AS m) AS number"
    " JOIN cohort c ON c.id = $1 LEFT JOIN enrolment e ON e.cohort = $1 AND e.id = enrolment"
    " LEFT JOIN person p ON p.id = e.person"
    " WHERE (COALESCE(k.activities, 0), COALESCE(k.conversations, 0), COALESCE(k.reactions, 0))"
    "  <> (COALESCE(d.activities, 0), COALESCE(d.conversations, 0), COALESCE(d.reactions, 0)) ORDER BY p.name, m"
)

_IN_ANOTHER_MONTH = (
    f"SELECT p.name, a.done_on, w.from_on, w.until_on FROM cohort c"
    f" CROSS JOIN LATERAL (SELECT m, {_MONTH} FROM generate_series(0,"
    "  (SELECT COALESCE(max(month), -1) FROM activity WHERE cohort = c.id)) AS m) w"
    " JOIN activity a ON a.cohort = c.id AND a.month = w.m AND NOT (a.done_on >= w.from_on AND a.done_on < w.until_on)"
    " LEFT JOIN enrolment e ON e.cohort = a.cohort AND e.id = a.enrolment LEFT JOIN person p ON p.id = e.person"
    " WHERE c.id = $1 ORDER BY p.name, a.done_on"
)


async def cohorts_recomputed(now: datetime) -> AsyncIterator[Recomputed]:
    """Cohort after cohort: its members’ months, and the readings of its months, against its activities and spells."""
    cohorts = await fetch(
        "SELECT c.id, c.name, c.zone, g.name AS program FROM cohort c JOIN program g ON g.id = c.program"
        " WHERE c.tracking_start_on IS NOT NULL ORDER BY g.name, c.made_at, c.id"
    )
    for done, cohort in enumerate(cohorts):
        today = now.astimezone(ZoneInfo(cohort["zone"])).date()
        months = await readings_that_differ(today=today, cohorts=[cohort["id"]])
        yield Recomputed(
            program=cohort["program"],
            cohort=cohort["name"],
            done=done + 1,
            of=len(cohorts),
            rows=await _rows(cohort["id"]),
            differences=(
                *await _members(cohort),
                *await _misplaced(cohort),
                *months,
            ),
        )


async def given_readings(measures: tuple[str, ...]) -> int:
    """How many readings are of none of these measures: given from outside, they have nothing to be compared with."""
    count: int = await fetch_value(
        "SELECT (SELECT count(*) FROM reading WHERE measure <> ALL($1::text[]))"
        " + (SELECT count(*) FROM program_reading WHERE measure <> ALL($1::text[]))",
        list(measures),
    )
    return count


async def _rows(cohort: UUID) -> int:
    count: int = await fetch_value(
        "SELECT (SELECT count(*) FROM member_month WHERE cohort = $1)"
        " + (SELECT count(*) FROM reading WHERE cohort = $1 AND measure = ANY($2::text[]))",
        cohort,
        [TOOK_PART, ELIGIBLE],
    )
    return count


async def _members(cohort: asyncpg.Record) -> list[Difference]:
    rows = await fetch(
        _MEMBER_MONTHS, cohort["id"], Kind.REACTION.value, [kind.value for kind in CONVERSATIONS]
    )
    return [
        MemberMonthDiffers(
            program=cohort["program"],
            cohort=cohort["name"],
            member=row["name"] or "",
            from_on=row["from_on"],
            until_on=row["until_on"],
            kept=Done(
                activities=row["activities"],
                conversations=row["conversations"],
                reactions=row["reactions"],
            ),
            found=Done(
                activities=row["found_activities"],
                conversations=row["found_conversations"],
                reactions=row["found_reactions"],
            ),
        )
        for row in rows
    ]


async def _misplaced(cohort: asyncpg.Record) -> list[Difference]:
    return [
        InAnotherMonth(
            program=cohort["program"],
            cohort=cohort["name"],
            member=row["name"] or "",
            done_on=row["done_on"],
            from_on=row["from_on"],
            until_on=row["until_on"],
        )
        for row in await fetch(_IN_ANOTHER_MONTH, cohort["id"])
    ]
