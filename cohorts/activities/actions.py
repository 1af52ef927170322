"""Logging what one did in public, and taking it back."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cohorts.activities.rules import Counts, Kind, Network, Post, counts_of, post_at, why_not_on
from cohorts.activities.words import why_not_sentence
from cohorts.months.actions import retake_month_numbers
from cohorts.months.rules import month_windows
from program.database import execute, fetch, fetch_row, fetch_value, new_id, transaction
from program.events.actions import record
from program.form_keys.actions import Sent, first_result
from program.refusals import NotFound, Refusal
from program.words import gettext as _


class LinkNotUnderstood(Refusal):
    field = "link"

    def sentence(self) -> str:
        return _("This is not the address of anything on the web. It begins like https://www.linkedin.com/…")


class PlaceMissing(Refusal):
    field = "network"

    def sentence(self) -> str:
        return _("The link does not say on which network this was. Please choose it.")


class DayDoesNotCount(Refusal):
    """`reasons[0]` says why an activity of that day is not kept."""

    field = "done_on"

    def __init__(self, why: object, sentence: str) -> None:
        super().__init__(why)
        self._sentence = sentence

    def sentence(self) -> str:
        return self._sentence


class KnownAlready(Refusal):
    """`activity` is the one that is known, where it is the member's own."""

    field = "link"

    def __init__(self, activity: UUID | None) -> None:
        super().__init__(activity)
        self.activity = activity

    def sentence(self) -> str:
        if self.activity is not None:
            return _("You have logged this post already, so it counts once.")
        return _(
            "Somebody in your cohort has logged this post already. If you replied to it, give the link of your own reply."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a member says that they did."""

    kind: Kind
    done_on: date
    link: str = ""
    network: Network | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """The enrolment that an activity of a day belongs to, and the month of its cohort."""

    cohort: UUID
    enrolment: UUID
    month: int


async def log_activity(
    told: Told, *, program: UUID, by: UUID, now: datetime, today: date, sent: Sent
) -> UUID:
    """Keep what a member did on a day on which their enrolment was active; answers the activity's id.

    Refused for days outside of the tracking they agreed to, and for a post that is known already.
    """
    post = _post(told)
    async with transaction():
        cohort = await _lock_cohort(program, by, told.done_on)
        id = new_id()
        earlier = await first_result(sent, by=by, at=now, result=id)
        if earlier is not None:
            return earlier
        network = _network(told, post)
        place = await _place(cohort, told, network, program=program, by=by, today=today)
        await _keep(id, place, told, network, post, now)
        await _count(place, counts_of(told.kind))
        await retake_month_numbers(place.cohort, first=place.month, last=place.month, today=today, now=now)
        facts = {"kind": told.kind.value, "network": network.value, "on": str(told.done_on)}
        await record("activity_logged", program=program, by=by, at=now, subject=id, facts=facts)
        return id


async def delete_activity(activity: UUID, *, program: UUID, by: UUID, now: datetime, today: date) -> None:
    """A member deletes an activity of their own, with all that was observed of it; the readings follow."""
    async with transaction():
        row = await fetch_row(
            "SELECT c.id FROM cohort c JOIN activity a ON a.cohort = c.id JOIN enrolment e"
            " ON e.cohort = a.cohort AND e.id = a.enrolment"
            " WHERE c.program = $1 AND e.person = $2 AND a.id = $3 FOR UPDATE OF c",
            program,
            by,
            activity,
        )
        gone = row and await fetch_row(
            "DELETE FROM activity WHERE cohort = $1 AND id = $2 RETURNING enrolment, month, kind",
            row["id"],
            activity,
        )
        if row is None or gone is None:
            raise NotFound
        counts = counts_of(Kind(gone["kind"]))
        await execute(
            "UPDATE member_month SET activities = activities - $4, conversations = conversations - $5,"
            " reactions = reactions - $6 WHERE cohort = $1 AND enrolment = $2 AND month = $3",
            row["id"],
            gone["enrolment"],
            gone["month"],
            counts.activities,
            counts.conversations,
            counts.reactions,
        )
        await retake_month_numbers(row["id"], first=gone["month"], last=gone["month"], today=today, now=now)
        await record("activity_deleted", program=program, by=by, at=now, subject=activity)


def _post(told: Told) -> Post | None:
    if not told.link.strip():
        return None
    post = post_at(told.link)
    if post is None:
        raise LinkNotUnderstood
    return post


def _network(told: Told, post: Post | None) -> Network:
    """The link knows best; without one, what does not need an account happened in person."""
    found = (post and post.network) or told.network
    if found is None and (post is not None or told.kind not in (Kind.TALK, Kind.ANSWERED_QUESTION)):
        raise PlaceMissing
    return found or Network.IN_PERSON


async def _lock_cohort(program: UUID, person: UUID, day: date) -> UUID:
    """The cohort in which an activity of that day belongs: where the person was active then, else their newest."""
    cohort = await fetch_value(
        "SELECT e.cohort FROM enrolment e JOIN cohort c ON c.id = e.cohort JOIN phase f ON f.id = c.phase"
        " LEFT JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.state = 'active'"
        "  AND s.from_on <= $3 AND (s.until_on IS NULL OR s.until_on > $3)"
        " WHERE c.program = $1 AND e.person = $2 AND c.tracking_start_on IS NOT NULL"
        " ORDER BY s.id IS NULL, f.position DESC, e.made_at DESC LIMIT 1",
        program,
        person,
        day,
    )
    if cohort is None:
        raise NotYetTracked
    await execute("SELECT FROM cohort WHERE id = $1 FOR UPDATE", cohort)
    found: UUID = cohort
    return found


class NotYetTracked(Refusal):
    def sentence(self) -> str:
        return _("Your cohort has not begun yet: nothing is tracked before its first day.")


async def _place(
    cohort: UUID, told: Told, network: Network, *, program: UUID, by: UUID, today: date
) -> _Place:
    (row,) = await fetch(
        "SELECT c.tracking_start_on, e.id, EXISTS (SELECT FROM spell s WHERE s.cohort = c.id AND s.enrolment = e.id"
        "   AND s.state = 'active' AND s.from_on <= $3 AND (s.until_on IS NULL OR s.until_on > $3)) AS active,"
        " (SELECT min(n.from_on) FROM consent n JOIN social_account a ON a.id = n.account"
        "   WHERE a.person = e.person AND a.network = $4 AND a.removed_at IS NULL"
        "    AND n.program = $5 AND n.withdrawn_at IS NULL) AS consented_from"
        " FROM cohort c JOIN enrolment e ON e.cohort = c.id WHERE c.id = $1 AND e.person = $2",
        cohort,
        by,
        told.done_on,
        network.value,
        program,
    )
    start = row["tracking_start_on"]
    why = why_not_on(
        told.done_on,
        today=today,
        start=start,
        active=row["active"],
        kind=told.kind,
        network=network,
        consented_from=row["consented_from"],
    )
    if why is not None:
        raise DayDoesNotCount(why, why_not_sentence(why, today))
    month = month_windows(start, told.done_on)[-1].number
    return _Place(cohort=cohort, enrolment=row["id"], month=month)


async def _keep(
    id: UUID, place: _Place, told: Told, network: Network, post: Post | None, now: datetime
) -> None:
    kept = await execute(
        "INSERT INTO activity (id, cohort, enrolment, kind, network, post_id, link, text, done_on, month, logged_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (cohort, network, post_id) DO NOTHING",
        id,
        place.cohort,
        place.enrolment,
        told.kind.value,
        network.value,
        _post_id(place, told, post),
        told.link.strip() or None,
        told.text.strip() or None,
        told.done_on,
        place.month,
        now,
    )
    if not kept:
        raise KnownAlready(
            await fetch_value(
                "SELECT id FROM activity WHERE cohort = $1 AND network = $2 AND post_id = $3 AND enrolment = $4",
                place.cohort,
                network.value,
                _post_id(place, told, post),
                place.enrolment,
            )
        )
    await execute(
        "INSERT INTO observation (id, cohort, activity, source, observed_at) VALUES ($1, $2, $3, 'by_hand', $4)",
        new_id(),
        place.cohort,
        id,
        now,
    )


def _post_id(place: _Place, told: Told, post: Post | None) -> str | None:
    """Many may react to one post, each once."""
    if post is None:
        return None
    return f"{post.id} by {place.enrolment}" if told.kind is Kind.REACTION else post.id


async def _count(place: _Place, counts: Counts) -> None:
    await execute(
        "INSERT INTO member_month (id, cohort, enrolment, month, activities, conversations, reactions)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (cohort, enrolment, month) DO UPDATE"
        " SET activities = member_month.activities + excluded.activities,"
        "  conversations = member_month.conversations + excluded.conversations,"
        "  reactions = member_month.reactions + excluded.reactions",
        new_id(),
        place.cohort,
        place.enrolment,
        place.month,
        counts.activities,
        counts.conversations,
        counts.reactions,
    )
