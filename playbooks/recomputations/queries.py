"""Everything that is kept of raw data, recomputed from them. For the command, which has no reader.

A reading tells how things stood at the moment it was taken, so it is recomputed as of that moment.
"""

from bisect import bisect_right
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from cohorts.criteria.rules import Topic
from cohorts.months.queries import ELIGIBLE, TOOK_PART
from cohorts.recomputations.queries import cohorts_recomputed, given_readings
from cohorts.recomputations.rules import Difference, Figures, ReadingDiffers, Recomputed
from playbooks.editions.rules import is_due, topics_lacking
from playbooks.entries.rules import VERIFY_EVERY_DAYS
from program.database import fetch

LEARNINGS, CERTIFIED, TOPICS, FRESHNESS = (
    "learnings_accepted",
    "certified_share",
    "topics_covered",
    "freshness",
)
RECOMPUTED = (TOOK_PART, ELIGIBLE, LEARNINGS, CERTIFIED, TOPICS, FRESHNESS)
PLAYBOOK_PARTS = 3
ONE_DAY = timedelta(days=1)

# The readings of measure $1, and the moments at which one was taken that is kept no more.
_ASKED = (
    "SELECT r.cohort, r.from_on, r.until_on, r.taken_at, r.span, r.numerator, r.denominator, r.people, true AS kept"
    " FROM reading r WHERE r.measure = $1"
    " UNION ALL SELECT t.cohort, t.on, t.on + 1, t.at, 'day', NULL, NULL, NULL, false FROM ({0}) t"
    " WHERE NOT EXISTS (SELECT FROM reading r WHERE r.cohort = t.cohort AND r.measure = $1 AND r.from_on = t.on)"
)
_ACCEPTANCES = (
    "SELECT l.cohort, (v.reviewed_at AT TIME ZONE g.zone)::date AS on, max(v.reviewed_at) AS at"
    " FROM review v JOIN learning l ON l.id = v.learning JOIN program g ON g.id = l.program"
    " WHERE v.outcome = 'accepted' GROUP BY 1, 2"
)
_ISSUES = "SELECT cohort, issued_on AS on, max(issued_at) AS at FROM certificate GROUP BY 1, 2"

_LEARNINGS = (
    "SELECT q.*, g.name AS program, c.name AS cohort_name, true AS tells, f.accepted AS found_numerator,"
    "  1 AS found_denominator, f.authors AS found_people"
    f" FROM ({_ASKED.format(_ACCEPTANCES)}) q JOIN cohort c ON c.id = q.cohort JOIN program g ON g.id = c.program"
    " CROSS JOIN LATERAL (SELECT count(*) AS accepted, count(DISTINCT l.author) AS authors FROM learning l"
    "  WHERE l.cohort = q.cohort AND l.state = 'accepted' AND EXISTS (SELECT FROM review v WHERE v.learning = l.id"
    "   AND v.outcome = 'accepted' AND v.reviewed_at <= q.taken_at)) f"
    " ORDER BY g.name, c.made_at, q.from_on"
)

# Which tracks a phase requires is not kept for the past: once one was laid out, how many were certified before is not told.
_CERTIFIED = (
    "SELECT q.*, g.name AS program, c.name AS cohort_name, f.certified AS found_numerator,"
    "  f.enrolled AS found_denominator, f.enrolled AS found_people,"
    "  NOT EXISTS (SELECT FROM event x WHERE x.program = g.id AND x.name = 'track_laid_out' AND x.at > q.taken_at) AS tells"
    f" FROM ({_ASKED.format(_ISSUES)}) q JOIN cohort c ON c.id = q.cohort JOIN program g ON g.id = c.program"
    " CROSS JOIN LATERAL (SELECT count(*) AS enrolled, count(*) FILTER (WHERE NOT EXISTS (SELECT FROM track_phase a"
    "   WHERE a.phase = c.phase AND a.required AND NOT EXISTS (SELECT FROM certificate x WHERE x.person = e.person"
    "    AND x.track = a.track AND x.issued_at <= q.taken_at AND x.valid_until_on > q.from_on"
    "    AND NOT EXISTS (SELECT FROM revocation w WHERE w.certificate = x.id AND w.revoked_at <= q.taken_at)))) AS certified"
    "  FROM enrolment e CROSS JOIN LATERAL (SELECT s.state FROM spell s WHERE s.cohort = e.cohort"
    "    AND s.enrolment = e.id AND s.since_at <= q.taken_at ORDER BY s.since_at DESC, s.id DESC LIMIT 1) s"
    "  WHERE e.cohort = q.cohort AND s.state IN ('active', 'preparing')) f"
    " WHERE q.kept OR f.enrolled > 0 ORDER BY g.name, c.made_at, q.from_on"
)

_PLAYBOOKS = (
    "SELECT g.id, g.name, r.measure, r.read_on, r.taken_at, r.numerator, r.denominator, r.people, r.lacking, true AS kept"
    " FROM program_reading r JOIN program g ON g.id = r.program WHERE r.measure = ANY($1::text[])"
    " UNION ALL SELECT g.id, g.name, m, t.on, t.at, NULL, NULL, NULL, NULL, false"
    " FROM (SELECT d.program, (d.published_at AT TIME ZONE g.zone)::date AS on, max(d.published_at) AS at"
    "  FROM edition d JOIN program g ON g.id = d.program GROUP BY 1, 2) t"
    " JOIN program g ON g.id = t.program CROSS JOIN unnest($1::text[]) AS m"
    " WHERE NOT EXISTS (SELECT FROM program_reading r WHERE r.program = t.program AND r.measure = m AND r.read_on = t.on)"
    " ORDER BY 2, 4, 3"
)
_EDITIONS = (
    "SELECT d.program, d.id, d.published_at, array_agg(c.topic) AS topics, array_agg(c.entry) AS entries"
    " FROM edition d LEFT JOIN edition_entry c ON c.edition = d.id GROUP BY d.id ORDER BY d.program, d.number"
)
# When an entry was verified: whoever writes or rewrites it does so too, whoever moves it into another chapter does not.
_VERIFIED = (
    "SELECT e.id, v.made_at AS at, (v.made_at AT TIME ZONE g.zone)::date AS on FROM revision v"
    " JOIN entry e ON e.id = v.entry JOIN program g ON g.id = e.program"
    " WHERE NOT EXISTS (SELECT FROM event x WHERE x.program = e.program AND x.at = v.made_at"
    "  AND (x.name = 'chapter_renamed' OR (x.name = 'entry_moved' AND x.subject = e.id)))"
    " UNION ALL SELECT entry, verified_at, verified_on FROM verification ORDER BY 2"
)
_INTERVALS = "SELECT subject AS id, at, (facts->>'every_days')::int AS days FROM event WHERE name = 'entry_given_to' ORDER BY at"


async def everything_recomputed(now: datetime) -> AsyncIterator[Recomputed]:
    """Part after part of what is kept, with what differs in it: nothing, ever."""
    of = PLAYBOOK_PARTS
    async for each in cohorts_recomputed(now):
        of = each.of + PLAYBOOK_PARTS
        yield replace(each, of=of)
    yield _of_cohorts(await fetch(_LEARNINGS, LEARNINGS), LEARNINGS, done=of - 2, of=of)
    yield _of_cohorts(await fetch(_CERTIFIED, CERTIFIED), CERTIFIED, done=of - 1, of=of)
    yield await _of_programs(of)


async def given_from_outside() -> int:
    """How many readings have nothing to be compared with."""
    return await given_readings(RECOMPUTED)


def _of_cohorts(rows: Sequence[asyncpg.Record], measure: str, *, done: int, of: int) -> Recomputed:
    return Recomputed(
        program="",
        cohort="",
        done=done,
        of=of,
        rows=len(rows),
        differences=tuple(_cohort_differs(row, measure) for row in rows if _is_otherwise(row)),
    )


def _is_otherwise(row: asyncpg.Record) -> bool:
    """A numerator that cannot be told any more is taken as it is kept, within what there are people for."""
    numerator = row["found_numerator"]
    if row["kept"] and not row["tells"]:
        numerator = min(row["numerator"], row["found_denominator"])
    found = (numerator, row["found_denominator"], row["found_people"], row["from_on"] + ONE_DAY, "day")
    return bool(found != (row["numerator"], row["denominator"], row["people"], row["until_on"], row["span"]))


def _cohort_differs(row: asyncpg.Record, measure: str) -> ReadingDiffers:
    return ReadingDiffers(
        program=row["program"],
        cohort=row["cohort_name"],
        measure=measure,
        from_on=row["from_on"],
        until_on=row["until_on"],
        kept=_kept(row),
        found=Figures(
            numerator=row["found_numerator"],
            denominator=row["found_denominator"],
            people=row["found_people"],
        ),
    )


def _kept(row: Any, lacking: Sequence[str] = ()) -> Figures | None:
    if not row["kept"]:
        return None
    return Figures(
        numerator=row["numerator"],
        denominator=row["denominator"],
        people=row["people"],
        lacking=tuple(lacking),
    )


@dataclass(frozen=True, slots=True)
class _Edition:
    topics: tuple[str, ...]
    entries: tuple[UUID, ...]


class _Course:
    """What held from which moment on, of many things, the earliest first."""

    def __init__(self, rows: Sequence[Any], key: str, value: str) -> None:
        self._held: dict[UUID, tuple[list[datetime], list[Any]]] = {}
        for row in rows:
            moments, values = self._held.setdefault(row[key], ([], []))
            moments.append(row["at"])
            values.append(row[value])

    def at(self, thing: UUID, moment: datetime) -> Any:
        """The last of them up to and including that moment; None where there was none yet."""
        moments, values = self._held.get(thing, ([], []))
        found = bisect_right(moments, moment)
        return values[found - 1] if found else None


async def _of_programs(of: int) -> Recomputed:
    """What the newest editions covered, and how fresh they were."""
    rows = await fetch(_PLAYBOOKS, [TOPICS, FRESHNESS])
    editions = await _editions()
    verified = _Course(await fetch(_VERIFIED), "id", "on")
    intervals = _Course(await fetch(_INTERVALS), "id", "days")
    differences: list[Difference] = []
    for row in rows:
        edition = editions.at(row["id"], row["taken_at"]) or _Edition((), ())
        found = (
            _covered(edition)
            if row["measure"] == TOPICS
            else _fresh(edition, verified, intervals, on=row["read_on"], at=row["taken_at"])
        )
        kept = _kept(row, row["lacking"] or ())
        if kept != found:
            differences.append(
                ReadingDiffers(
                    program=row["name"],
                    cohort="",
                    measure=row["measure"],
                    from_on=row["read_on"],
                    until_on=row["read_on"] + ONE_DAY,
                    kept=kept,
                    found=found,
                )
            )
    return Recomputed(program="", cohort="", done=of, of=of, rows=len(rows), differences=tuple(differences))


async def _editions() -> _Course:
    rows = [
        {
            "program": row["program"],
            "at": row["published_at"],
            "edition": _Edition(
                tuple(topic for topic in row["topics"] if topic is not None),
                tuple(entry for entry in row["entries"] if entry is not None),
            ),
        }
        for row in await fetch(_EDITIONS)
    ]
    return _Course(rows, "program", "edition")


def _covered(edition: _Edition) -> Figures:
    lacking = topics_lacking(edition.topics)
    return Figures(
        numerator=len(Topic) - len(lacking),
        denominator=len(Topic),
        people=0,
        lacking=tuple(topic.value for topic in lacking),
    )


def _fresh(edition: _Edition, verified: _Course, intervals: _Course, *, on: date, at: datetime) -> Figures:
    due = sum(
        is_due(verified.at(entry, at) or date.min, intervals.at(entry, at) or VERIFY_EVERY_DAYS, on)
        for entry in edition.entries
    )
    return Figures(numerator=len(edition.entries) - due, denominator=len(edition.entries), people=0)
