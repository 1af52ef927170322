"""Activities as they are kept: put in and taken out whole, with all that was observed of them and their member's month.

All of it within a transaction that has locked the cohort.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from cohorts.activities.rules import Counts, Kind, counts_of
from cohorts.months.actions import retake_month_numbers
from program.database import execute, fetch_row, fetch_value, new_id

Kept = dict[str, Any]
"""The columns of an activity as JSON has them, with its `observations` and `aliases` beside them."""

_IS_AN_ALIAS = (
    "EXISTS (SELECT FROM post_alias p WHERE p.cohort = ({0}->>'cohort')::uuid"
    " AND p.network = {0}->>'network' AND p.post_id = {0}->>'post_id')"
)


async def lock_cohorts(cohorts: Iterable[UUID]) -> None:
    """In one order, so that two who lock several never wait for each other."""
    await execute(
        "SELECT FROM (SELECT FROM cohort WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE) l", list(cohorts)
    )


async def put_in(kept: Kept) -> bool:
    """Keep an activity and count it. False, and nothing is kept, where its post is known already."""
    body = json.dumps(kept)
    added = await execute(
        "INSERT INTO activity SELECT (jsonb_populate_record(NULL::activity, $1::jsonb)).*"
        f" WHERE NOT {_IS_AN_ALIAS.format('$1::jsonb')} ON CONFLICT DO NOTHING",
        body,
    )
    if not added:
        return False
    await execute(
        "INSERT INTO observation SELECT (jsonb_populate_record(NULL::observation, o || jsonb_build_object("
        "  'cohort', $1::jsonb->'cohort', 'activity', $1::jsonb->'id'))).*"
        " FROM jsonb_array_elements($1::jsonb->'observations') o",
        body,
    )
    if kept["aliases"]:
        await execute(
            "INSERT INTO post_alias SELECT (jsonb_populate_record(NULL::post_alias, p || jsonb_build_object("
            "  'cohort', $1::jsonb->'cohort', 'activity', $1::jsonb->'id'))).*"
            " FROM jsonb_array_elements($1::jsonb->'aliases') p ON CONFLICT DO NOTHING",
            body,
        )
    await _count(kept, counts_of(Kind(kept["kind"])))
    return True


async def take_out(cohort: UUID, activity: UUID) -> Kept | None:
    """Remove an activity and count it no more; answers it as it was. None where it is not there."""
    found = await fetch_value(
        "SELECT to_jsonb(a) || jsonb_build_object('observations', (SELECT COALESCE(jsonb_agg(to_jsonb(o)), '[]')"
        "   FROM observation o WHERE o.cohort = a.cohort AND o.activity = a.id),"
        "  'aliases', (SELECT COALESCE(jsonb_agg(to_jsonb(p)), '[]')"
        "   FROM post_alias p WHERE p.cohort = a.cohort AND p.activity = a.id))"
        " FROM activity a WHERE a.cohort = $1 AND a.id = $2",
        cohort,
        activity,
    )
    if found is None:
        return None
    kept: Kept = json.loads(found)
    await execute("DELETE FROM activity WHERE cohort = $1 AND id = $2", cohort, activity)
    counts = counts_of(Kind(kept["kind"]))
    await _count(kept, Counts(-counts.activities, -counts.conversations, -counts.reactions))
    return kept


async def who_told_of(kept: Kept) -> asyncpg.Record | None:
    """The activity (id, enrolment) by which the post of another one is known already."""
    return await fetch_row(
        "SELECT a.id, a.enrolment FROM activity a WHERE a.cohort = $1 AND ((a.network = $2 AND a.post_id = $3)"
        "  OR a.id = (SELECT p.activity FROM post_alias p WHERE p.cohort = $1 AND p.network = $2 AND p.post_id = $3))",
        UUID(kept["cohort"]),
        kept["network"],
        kept["post_id"],
    )


async def retake_touched(touched: Iterable[Kept], *, today: date, now: datetime) -> None:
    """The readings of the months in which these activities are, or were."""
    months: dict[UUID, list[int]] = {}
    for kept in touched:
        months.setdefault(UUID(kept["cohort"]), []).append(kept["month"])
    for cohort, numbers in sorted(months.items()):
        await retake_month_numbers(cohort, first=min(numbers), last=max(numbers), today=today, now=now)


async def _count(kept: Mapping[str, Any], counts: Counts) -> None:
    values = (counts.activities, counts.conversations, counts.reactions)
    changed = await execute(
        "UPDATE member_month SET activities = activities + $4, conversations = conversations + $5,"
        " reactions = reactions + $6 WHERE cohort = $1 AND enrolment = $2 AND month = $3",
        UUID(kept["cohort"]),
        UUID(kept["enrolment"]),
        kept["month"],
        *values,
    )
    if not changed:
        await execute(
            "INSERT INTO member_month (id, cohort, enrolment, month, activities, conversations, reactions)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            new_id(),
            UUID(kept["cohort"]),
            UUID(kept["enrolment"]),
            kept["month"],
            *values,
        )
