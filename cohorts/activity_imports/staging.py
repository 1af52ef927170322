"""From a file to rows that wait for their member's yes: each with its place, or why it has none.

A file is read by a thread, in batches that go straight into a COPY, so that memory stays flat however large it is.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from cohorts.activities.rules import WITHOUT_ACCOUNT, Kind, Network, post_at
from cohorts.activity_files.reading import rows
from cohorts.activity_files.rules import WITHOUT_ID_OF_ITS_OWN, Found, NotUnderstood, Row, Unreadable
from cohorts.activity_imports.rules import (
    LARGEST_MEASURE,
    TWINS_WITHIN,
    Fate,
    Outside,
    place_or_outside,
)
from cohorts.places.rules import Place, Tracking, day_of
from program.database import execute, new_id

A_BATCH = 2_000
A_QUARTER_OF_AN_HOUR = 900
COLUMNS = (
    "id",
    "activity_import",
    "line",
    "part",
    "fate",
    "why",
    "cohort",
    "enrolment",
    "apart",
    "kind",
    "network",
    "post_id",
    "link",
    "text",
    "done_on",
    "done_at",
    "month",
    "impressions",
    "reactions",
    "comments",
    "shares",
    "clicks",
)
_Record = tuple[Any, ...]

# Between imports this table is empty, and PostgreSQL would go on planning for no rows.
_COUNT_ANEW = "ANALYZE activity_import_row"

_KNOWN = (
    "UPDATE activity_import_row r SET fate = CASE WHEN a.enrolment = r.enrolment THEN 'known' ELSE 'outside' END,"
    f" why = CASE WHEN a.enrolment = r.enrolment THEN NULL ELSE '{Outside.SOMEBODY_ELSES_POST}' END"
    " FROM {known} WHERE r.activity_import = $1 AND r.fate IN ('new', 'twin')"
)
_KNOWN_BY_ID = _KNOWN.format(known="activity a") + (
    " AND (a.cohort, a.network, a.post_id) = (r.cohort, r.network, r.post_id)"
)
_KNOWN_BY_ALIAS = (
    _KNOWN.format(known="post_alias p JOIN activity a ON a.cohort = p.cohort AND a.id = p.activity")
    + " AND (p.cohort, p.network, p.post_id) = (r.cohort, r.network, r.post_id)"
)

_TOLD_BEFORE = (
    "UPDATE activity_import_row r SET fate = 'known' FROM (SELECT line, post_id IS NOT NULL AND 1 <"
    "   row_number() OVER (PARTITION BY cohort, network, post_id ORDER BY line) AS again"
    "   FROM activity_import_row WHERE activity_import = $1 AND fate = 'new') told"
    " WHERE told.again AND r.activity_import = $1 AND r.line = told.line"
)

# LinkedIn knows one post under up to three ids. They differ in their names; the upper bits of each number are the
# milliseconds at which it was given.
_LINKEDIN_POSTS = (
    "SELECT id, {line} AS line, enrolment, done_on, done_at, split_part(post_id, ':', 1) AS named,"
    " lower(regexp_replace(COALESCE(text, ''), '\\W+', '', 'g')) AS said,"
    " floor(split_part(post_id, ':', 2)::numeric / 4194304) AS given"
    " FROM {table} WHERE network = 'linkedin' AND post_id ~ '^(share|ugcPost|activity):\\d{{1,30}}$' AND {where}"
)
_TWINS = (
    f"WITH told AS MATERIALIZED ({_LINKEDIN_POSTS.format(line='line', table='activity_import_row', where='activity_import = $1 AND fate = $4')}),"
    f" met AS MATERIALIZED ({_LINKEDIN_POSTS.format(line='0', table='activity', where='cohort = ANY($2::uuid[]) AND enrolment = ANY(SELECT DISTINCT enrolment FROM told)')}"
    "  UNION ALL SELECT * FROM told),"
    " pairs AS ("
    "  SELECT t.line, m.line AS other, m.id FROM told t JOIN met m USING (enrolment, done_on, said)"
    "   WHERE t.said <> '' AND m.named <> t.named AND m.line < t.line"
    "    AND (t.done_at IS NULL OR m.done_at IS NULL OR abs(extract(epoch FROM t.done_at - m.done_at)) <= $3)"
    "  UNION ALL SELECT t.line, m.line, m.id FROM told t"
    "   CROSS JOIN LATERAL (VALUES (-1), (0), (1)) AS near (by)"
    "   JOIN met m ON m.enrolment = t.enrolment AND floor(m.given / ($3 * 1000)) = floor(t.given / ($3 * 1000)) + near.by"
    "   WHERE (t.said = '' OR m.said = '') AND (t.done_at IS NULL OR m.done_at IS NULL)"
    "    AND m.named <> t.named AND m.line < t.line AND abs(m.given - t.given) <= $3 * 1000)"
    " UPDATE activity_import_row r SET fate = 'twin', twin = p.id"
    " FROM (SELECT DISTINCT ON (line) line, id FROM pairs ORDER BY line, other) p"
    " WHERE r.activity_import = $1 AND r.line = p.line"
)


class ReaderBroke(Exception):  # noqa: N818 -- a statement, as refusals are
    """A file made its reader fail in a way that nobody foresaw; the cause says how."""


class Stager:
    """Turns what a file's lines tell into rows. Judges each day once for each network, however many lines it has."""

    def __init__(self, activity_import: UUID, tracking: Tracking, *, email: str, today: date) -> None:
        self.activity_import, self.tracking = activity_import, tracking
        self.email, self.today = email, today
        self._days: dict[int, date] = {}
        self._places: dict[tuple[date, Network, bool], Place | Outside] = {}

    def records(self, told: Sequence[Row]) -> list[_Record]:
        return [self._found(each) if isinstance(each, Found) else self._not_understood(each) for each in told]

    def _found(self, found: Found) -> _Record:
        day = found.done_on if found.done_at is None else self._day(found.done_at)
        assert day is not None  # noqa: S101 -- a line without either is not understood
        place = self._place(day, found)
        kept = place if isinstance(place, Place) else None
        left_out = place if isinstance(place, Outside) else None
        measured = found.measured
        return (
            new_id(),
            self.activity_import,
            found.line,
            found.part or None,
            (Fate.NEW if kept else Fate.OUTSIDE).value,
            left_out and left_out.value,
            kept and kept.cohort,
            kept and kept.enrolment,
            False,
            found.kind and found.kind.value,
            found.network.value,
            _post_id(found, place),
            _storable(found.link),
            _storable(found.text),
            day,
            found.done_at,
            kept.month if kept else None,
            _measure(measured.impressions),
            _measure(measured.reactions),
            _measure(measured.comments),
            _measure(measured.shares),
            _measure(measured.clicks),
        )

    def _not_understood(self, line: NotUnderstood) -> _Record:
        about = (new_id(), self.activity_import, line.line, line.part or None)
        why = (Fate.NOT_UNDERSTOOD.value, line.why.value, None, None, False, None, None, None, None)
        return (*about, *why, _storable(line.said), *([None] * 8))

    def _day(self, moment: datetime) -> date:
        """No zone changes its day within a quarter of an hour that begins with one."""
        quarter = int(moment.timestamp()) // A_QUARTER_OF_AN_HOUR
        day = self._days.get(quarter)
        if day is None:
            day = self._days[quarter] = day_of(moment, self.tracking)
        return day

    def _place(self, day: date, found: Found) -> Place | Outside:
        if found.email and found.email.strip().lower() != self.email:
            return Outside.SOMEBODY_ELSE
        kind = found.kind or Kind.POST
        key = (day, found.network, kind in WITHOUT_ACCOUNT)
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = place_or_outside(
                day, self.tracking, today=self.today, kind=kind, network=found.network
            )
        return place


async def stage(
    connection: Any,
    path: Path,
    stager: Stager,
    *,
    meanings: Mapping[str, str | None],
    read: Callable[[int], None],
) -> None:
    """Within a transaction: every line of the file becomes a row; `read` hears how many there are so far."""
    loop, batches = asyncio.get_running_loop(), _batches(path, stager, meanings)

    async def records() -> AsyncIterator[_Record]:
        count = 0
        while batch := await loop.run_in_executor(reader, next, batches, None):
            for record in batch:
                yield record
            count += len(batch)
            read(count)

    # A reader may hold what only its own thread may touch.
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader") as reader:
        try:
            await connection.copy_records_to_table("activity_import_row", records=records(), columns=COLUMNS)
            await connection.execute(_COUNT_ANEW)
        finally:
            await loop.run_in_executor(reader, batches.close)


async def recognise(activity_import: UUID, tracking: Tracking) -> None:
    """Within a transaction: which of the new rows are known already, or seem to be another id of what is."""
    await recognise_known(activity_import)
    await execute(_TOLD_BEFORE, activity_import)
    await recognise_twins(activity_import, [each.cohort for each in tracking.memberships])


async def recognise_known(activity_import: UUID) -> None:
    """Within a transaction: which of the rows to keep tell of posts that are known."""
    await execute(_KNOWN_BY_ID, activity_import)
    await execute(_KNOWN_BY_ALIAS, activity_import)


async def recognise_twins(activity_import: UUID, cohorts: list[UUID]) -> None:
    """Within a transaction: which of the new rows seem to be another id of a post that is known or told of before."""
    within = int(TWINS_WITHIN.total_seconds())
    await execute(_TWINS, activity_import, cohorts, within, Fate.NEW.value)


def _batches(
    path: Path, stager: Stager, meanings: Mapping[str, str | None]
) -> Generator[list[_Record], None, None]:
    try:
        told = rows(path, meanings=meanings)
        while batch := list(islice(told, A_BATCH)):
            yield stager.records(batch)
    except Unreadable:
        raise
    except Exception as failure:
        raise ReaderBroke from failure


def _post_id(found: Found, place: Place | Outside) -> str | None:
    """Many may react to one post, each once: as when it is logged by hand. What a file alone tells of is its member's."""
    id = _storable(found.post_id)
    if not isinstance(place, Place):
        return id
    if found.kind is Kind.REACTION and (post := post_at(found.link or "")):
        return f"{post.id} by {place.enrolment}"
    return f"{id} by {place.enrolment}" if id and id.startswith(WITHOUT_ID_OF_ITS_OWN) else id


def _storable(text: str | None) -> str | None:
    """The text without what no database keeps: NUL, and halves of characters."""
    if not text:
        return None
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "").encode("utf-8", "ignore").decode() or None


def _measure(number: int | None) -> int | None:
    return number if number is not None and 0 <= number <= LARGEST_MEASURE else None
