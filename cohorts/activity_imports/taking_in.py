"""What a confirmed file brings, kept in one transaction: each post once, whatever else is taken in at the same time."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from cohorts.activities.keeping import lock_cohorts
from cohorts.activities.rules import WITHOUT_ACCOUNT, Kind, Network
from cohorts.activity_imports.rules import Outside, place_or_outside
from cohorts.activity_imports.staging import recognise_known, recognise_twins
from cohorts.months.actions import retake_month_numbers
from cohorts.places.queries import own_tracking
from cohorts.places.rules import Place
from program.database import execute, fetch, fetch_row, new_id

_PLACES = (
    "SELECT DISTINCT done_on, network, COALESCE(kind, 'post') = ANY($2::text[]) AS without_account, cohort, enrolment"
    " FROM activity_import_row WHERE activity_import = $1 AND fate IN ('new', 'known', 'twin')"
)
_LEAVE_OUT = (
    "UPDATE activity_import_row r SET fate = 'outside', why = b.why"
    " FROM unnest($2::date[], $3::text[], $4::bool[], $5::text[]) AS b (done_on, network, without_account, why)"
    " WHERE r.activity_import = $1 AND r.fate IN ('new', 'known', 'twin') AND r.done_on = b.done_on"
    "  AND r.network = b.network AND (COALESCE(r.kind, 'post') = ANY($6::text[])) = b.without_account"
)

# A twin that is merged, and whose other id was kept, becomes an alias of it; one that is apart becomes an activity.
_ADD = (
    "WITH added AS (INSERT INTO activity"
    "  (id, cohort, enrolment, kind, network, post_id, link, text, done_on, done_at, month, logged_at)"
    "  SELECT id, cohort, enrolment, COALESCE(kind, 'post'), network, post_id, link, text, done_on, done_at, month, $2"
    "  FROM activity_import_row WHERE activity_import = $1 AND (fate = 'new' OR fate = 'twin' AND apart)"
    "   AND ($3 OR COALESCE(kind, 'post') <> 'reaction') ORDER BY line"
    "  ON CONFLICT (cohort, network, post_id) DO NOTHING RETURNING cohort, enrolment, month, kind)"
    " SELECT cohort, enrolment, month, count(*) FILTER (WHERE kind <> 'reaction') AS activities,"
    "  count(*) FILTER (WHERE kind IN ('reply', 'answered_question')) AS conversations,"
    "  count(*) FILTER (WHERE kind = 'reaction') AS reactions FROM added GROUP BY cohort, enrolment, month"
)
_FOLLOW_TWINS = (
    "UPDATE activity_import_row r SET twin = a.id FROM activity_import_row t"
    " JOIN activity a ON (a.cohort, a.network, a.post_id) = (t.cohort, t.network, t.post_id)"
    " WHERE r.activity_import = $1 AND r.fate = 'twin' AND t.activity_import = $1 AND t.id = r.twin AND t.fate = 'known'"
)
_PART_FROM_NOBODY = (
    "UPDATE activity_import_row r SET apart = true WHERE r.activity_import = $1 AND r.fate = 'twin' AND NOT r.apart"
    " AND NOT EXISTS (SELECT FROM activity a WHERE a.cohort = r.cohort AND a.id = r.twin)"
    " AND NOT EXISTS (SELECT FROM activity_import_row t"
    "  WHERE t.activity_import = $1 AND t.id = r.twin AND t.fate = 'new')"
)
_MERGE = (
    "INSERT INTO post_alias (id, cohort, activity, network, post_id)"
    " SELECT r.id, r.cohort, r.twin, r.network, r.post_id FROM activity_import_row r"
    " JOIN activity a ON a.cohort = r.cohort AND a.id = r.twin"
    " WHERE r.activity_import = $1 AND r.fate = 'twin' AND NOT r.apart ON CONFLICT DO NOTHING"
)
_OF_KNOWN = (
    "SELECT DISTINCT ON (activity, impressions, reactions, comments, shares, clicks) * FROM ("
    " SELECT r.id, r.line, r.cohort, a.id AS activity, {figures}, r.kind, r.text, r.link, r.done_at"
    " FROM activity_import_row r JOIN activity a ON (a.cohort, a.network, a.post_id) = (r.cohort, r.network, r.post_id)"
    " WHERE r.activity_import = $1 AND r.fate = 'known' AND a.enrolment = r.enrolment"
    " UNION ALL SELECT r.id, r.line, r.cohort, p.activity, {figures}, r.kind, r.text, r.link, r.done_at"
    " FROM activity_import_row r"
    " JOIN post_alias p ON (p.cohort, p.network, p.post_id) = (r.cohort, r.network, r.post_id)"
    " WHERE r.activity_import = $1 AND r.fate IN ('known', 'twin') AND NOT r.apart) told"
    " ORDER BY activity, impressions, reactions, comments, shares, clicks, line"
).format(figures="r.impressions, r.reactions, r.comments, r.shares, r.clicks")
_OBSERVE_NEW = (
    "INSERT INTO observation (id, cohort, activity, source, observed_at, impressions, reactions, comments, shares, clicks)"
    " SELECT r.id, r.cohort, r.id, $2, $3, r.impressions, r.reactions, r.comments, r.shares, r.clicks"
    " FROM activity_import_row r JOIN activity a ON a.cohort = r.cohort AND a.id = r.id"
    " WHERE r.activity_import = $1 AND r.fate IN ('new', 'twin') ORDER BY r.line"
)
_OBSERVE_KNOWN = (
    "INSERT INTO observation (id, cohort, activity, source, observed_at, impressions, reactions, comments, shares, clicks)"
    f" SELECT k.id, k.cohort, k.activity, $2, $3, k.impressions, k.reactions, k.comments, k.shares, k.clicks FROM ({_OF_KNOWN}) k"
    " WHERE NOT EXISTS (SELECT FROM (SELECT * FROM observation o WHERE o.cohort = k.cohort AND o.activity = k.activity"
    "   AND o.source = $2 ORDER BY o.observed_at DESC, o.id DESC LIMIT 1) o"
    "  WHERE (o.impressions, o.reactions, o.comments, o.shares, o.clicks)"
    "   IS NOT DISTINCT FROM (k.impressions, k.reactions, k.comments, k.shares, k.clicks))"
)
_COMPLETE = (
    "UPDATE activity a SET text = COALESCE(a.text, k.text), link = COALESCE(a.link, k.link),"
    f" done_at = COALESCE(a.done_at, k.done_at) FROM ({_OF_KNOWN}) k"
    " WHERE a.cohort = k.cohort AND a.id = k.activity AND (a.text IS NULL AND k.text IS NOT NULL"
    "  OR a.link IS NULL AND k.link IS NOT NULL OR a.done_at IS NULL AND k.done_at IS NOT NULL)"
)
_COUNT = (
    "INSERT INTO member_month (id, cohort, enrolment, month, activities, conversations, reactions)"
    " SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::int[], $7::int[])"
    " ON CONFLICT (cohort, enrolment, month) DO UPDATE SET activities = member_month.activities + excluded.activities,"
    "  conversations = member_month.conversations + excluded.conversations,"
    "  reactions = member_month.reactions + excluded.reactions"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of a file: how many activities are new, how many were known or merged, and what of these was measured anew."""

    new: int
    reactions: int
    known: int
    merged: int
    measured: int
    outside: int
    not_understood: int


async def keep_rows(
    activity_import: UUID,
    *,
    person: UUID,
    program: UUID,
    source: str,
    reactions: bool,
    today: date,
    now: datetime,
) -> dict[str, int]:
    """Within a transaction that has locked the import: its rows become activities, observations and months."""
    found = await fetch(
        "SELECT DISTINCT cohort FROM activity_import_row WHERE activity_import = $1 AND cohort IS NOT NULL",
        activity_import,
    )
    cohorts = [row["cohort"] for row in found]
    await lock_cohorts(cohorts)
    await _leave_out_what_may_no_longer_be_kept(activity_import, person=person, program=program, today=today)
    await recognise_known(activity_import)
    await recognise_twins(activity_import, cohorts)
    await execute(_FOLLOW_TWINS, activity_import)
    await execute(_PART_FROM_NOBODY, activity_import)
    added = await fetch(_ADD, activity_import, now, reactions)
    merged = await execute(_MERGE, activity_import)
    await execute(_OBSERVE_NEW, activity_import, source, now)
    measured = await execute(_OBSERVE_KNOWN, activity_import, source, now)
    await execute(_COMPLETE, activity_import)
    columns = list(zip(*((new_id(), *row) for row in added), strict=True))
    if columns:
        await execute(_COUNT, *(list(column) for column in columns))
        for cohort in sorted({row["cohort"] for row in added}):
            months = [row["month"] for row in added if row["cohort"] == cohort]
            await retake_month_numbers(cohort, first=min(months), last=max(months), today=today, now=now)
    fates = await fetch_row(
        "SELECT count(*) FILTER (WHERE fate = 'known') AS known, count(*) FILTER (WHERE fate = 'outside') AS outside,"
        " count(*) FILTER (WHERE fate = 'not_understood') AS not_understood FROM activity_import_row"
        " WHERE activity_import = $1",
        activity_import,
    )
    assert fates is not None  # noqa: S101 -- an aggregate always answers
    return asdict(
        Came(
            new=sum(row["activities"] for row in added),
            reactions=sum(row["reactions"] for row in added),
            merged=merged,
            measured=measured,
            **fates,
        )
    )


async def _leave_out_what_may_no_longer_be_kept(
    activity_import: UUID, *, person: UUID, program: UUID, today: date
) -> None:
    """A consent may have been withdrawn, an enrolment may have ended, since the file was read."""
    tracking = await own_tracking(person, program=program)
    free = [kind.value for kind in WITHOUT_ACCOUNT]
    gone: list[tuple[date, str, bool, str]] = []
    for row in await fetch(_PLACES, activity_import, free):
        kind = Kind.TALK if row["without_account"] else Kind.POST
        network = Network(row["network"])
        now_at = tracking and place_or_outside(
            row["done_on"], tracking, today=today, kind=kind, network=network
        )
        if not isinstance(now_at, Place) or now_at.enrolment != row["enrolment"]:
            why = now_at if isinstance(now_at, Outside) else Outside.NOT_ACTIVE
            gone.append((row["done_on"], network.value, row["without_account"], why.value))
    if gone:
        await execute(_LEAVE_OUT, activity_import, *map(list, zip(*gone, strict=True)), free)
