"""Logging what one did in public, changing it, deleting it, and taking that back."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from cohorts.activities.keeping import Kept, lock_cohorts, put_in, retake_touched, take_out, who_told_of
from cohorts.activities.rules import WITHOUT_ACCOUNT, Kind, Network, Post, kind_at, post_at
from cohorts.activities.words import why_not_sentence
from cohorts.places.queries import own_tracking
from cohorts.places.rules import Place, Tracking, membership_on, place_on
from program.database import execute, fetch_row, fetch_value, new_id, transaction
from program.events.actions import record
from program.form_keys.actions import Sent, first_result
from program.refusals import NotFound, Refusal
from program.words import gettext as _

MAY_TAKE_BACK = timedelta(days=1)


class LinkNotUnderstood(Refusal):
    field = "link"

    def sentence(self) -> str:
        return _("This is not the address of anything on the web. It begins like https://www.linkedin.com/…")


class PlaceMissing(Refusal):
    field = "network"

    def sentence(self) -> str:
        return _("The link does not say on which network this was. Please choose it.")


class KindMissing(Refusal):
    field = "kind"

    def sentence(self) -> str:
        return _("Please say what it was: a post, a reply, a talk …")


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
    """What a member says that they did. Without a kind, the link tells it."""

    kind: Kind | None
    done_on: date
    link: str = ""
    network: Network | None = None
    text: str = ""


class NotYetTracked(Refusal):
    def sentence(self) -> str:
        return _("Your cohort has not begun yet: nothing is tracked before its first day.")


async def log_activity(
    told: Told, *, program: UUID, by: UUID, now: datetime, today: date, sent: Sent
) -> UUID:
    """Keep what a member did on a day on which their enrolment was active; answers the activity's id.

    Refused for days outside of the tracking they agreed to, and for a post that is known already.
    """
    post, kind = _post(told), _kind(told)
    async with transaction():
        tracking = await _locked_tracking(program, by, told.done_on)
        id = new_id()
        earlier = await first_result(sent, by=by, at=now, result=id)
        if earlier is not None:
            return earlier
        network = _network(told, kind, post)
        place = _place(told, tracking, kind=kind, network=network, today=today)
        seen = {"id": str(new_id()), "source": "by_hand", "observed_at": now.isoformat()}
        kept = {
            "id": str(id),
            **_told(told, place, kind, network),
            "post_id": _post_id(place, kind, post),
            "done_at": None,
            "logged_at": now.isoformat(),
            "observations": [seen],
            "aliases": [],
        }
        await _put_in(kept)
        await retake_touched([kept], today=today, now=now)
        facts = {"kind": kind.value, "network": network.value, "on": str(told.done_on)}
        await record("activity_logged", program=program, by=by, at=now, subject=id, facts=facts)
        return id


async def edit_activity(
    activity: UUID, told: Told, *, program: UUID, by: UUID, now: datetime, today: date
) -> None:
    """A member says otherwise what they did. Another day, link or network is asked for as when it is logged."""
    post, kind = _post(told), _kind(told)
    async with transaction():
        old_cohort = await _own_cohort(activity, program=program, by=by)
        tracking = await _locked_tracking(program, by, told.done_on, also=old_cohort)
        old = await take_out(old_cohort, activity)
        if old is None:
            raise NotFound
        network = _network(told, kind, post)
        if _is_elsewhere(told, old, kind, network):
            place = _place(told, tracking, kind=kind, network=network, today=today)
        else:
            place = Place(UUID(old["cohort"]), UUID(old["enrolment"]), old["month"])
        same_post = (told.link.strip() or None) == old["link"] and old["enrolment"] == str(place.enrolment)
        same_post = same_post and (kind is Kind.REACTION) == (old["kind"] == Kind.REACTION)
        changed = {
            **old,
            **_told(told, place, kind, network),
            "post_id": old["post_id"] if same_post else _post_id(place, kind, post),
            "done_at": old["done_at"] if old["done_on"] == str(told.done_on) else None,
            "aliases": old["aliases"] if same_post else [],
        }
        await _put_in(changed)
        await retake_touched([old, changed], today=today, now=now)
        facts = {"kind": kind.value, "network": network.value, "on": str(told.done_on)}
        await record("activity_edited", program=program, by=by, at=now, subject=activity, facts=facts)


async def delete_activity(activity: UUID, *, program: UUID, by: UUID, now: datetime, today: date) -> None:
    """A member deletes an activity of their own, with all that was observed of it; the readings follow.

    For a day it can be restored.
    """
    async with transaction():
        cohort = await _own_cohort(activity, program=program, by=by)
        await lock_cohorts([cohort])
        told = await take_out(cohort, activity)
        if told is None:
            raise NotFound
        await execute(
            "INSERT INTO deleted_activity (id, cohort, enrolment, told, deleted_at) VALUES ($1, $2, $3, $4, $5)",
            activity,
            cohort,
            UUID(told["enrolment"]),
            json.dumps(told),
            now,
        )
        await retake_touched([told], today=today, now=now)
        await record("activity_deleted", program=program, by=by, at=now, subject=activity)


async def restore_activity(activity: UUID, *, program: UUID, by: UUID, now: datetime, today: date) -> None:
    """A member takes back that they deleted an activity: it is as it was. Refused where its post was logged anew."""
    async with transaction():
        cohort = await fetch_value(
            "SELECT d.cohort FROM deleted_activity d JOIN enrolment e ON e.cohort = d.cohort AND e.id = d.enrolment"
            " JOIN cohort c ON c.id = e.cohort WHERE d.id = $1 AND e.person = $2 AND c.program = $3",
            activity,
            by,
            program,
        )
        if cohort is None:
            raise NotFound
        await lock_cohorts([cohort])
        gone = await fetch_row("DELETE FROM deleted_activity WHERE id = $1 RETURNING told", activity)
        if gone is None:
            raise NotFound
        told = json.loads(gone["told"])
        await _put_in(told)
        await retake_touched([told], today=today, now=now)
        await record("activity_restored", program=program, by=by, at=now, subject=activity)


async def forget_deleted_activities(now: datetime) -> None:
    """What was deleted more than a day ago can no longer be restored. May run as often as one likes."""
    await execute("DELETE FROM deleted_activity WHERE deleted_at < $1", now - MAY_TAKE_BACK)


def what_was_told(told: Told) -> tuple[Post | None, Kind, Network]:
    """The post, what it was and where, as far as they follow from what somebody says; refused where they do not."""
    post, kind = _post(told), _kind(told)
    return post, kind, _network(told, kind, post)


def _post(told: Told) -> Post | None:
    if not told.link.strip():
        return None
    post = post_at(told.link)
    if post is None:
        raise LinkNotUnderstood
    return post


def _kind(told: Told) -> Kind:
    kind = told.kind or kind_at(told.link)
    if kind is None:
        raise KindMissing
    return kind


def _network(told: Told, kind: Kind, post: Post | None) -> Network:
    """The link knows best; without one, what does not need an account happened in person."""
    found = (post and post.network) or told.network
    if found is None and (post is not None or kind not in WITHOUT_ACCOUNT):
        raise PlaceMissing
    return found or Network.IN_PERSON


async def _own_cohort(activity: UUID, *, program: UUID, by: UUID) -> UUID:
    cohort: UUID | None = await fetch_value(
        "SELECT a.cohort FROM activity a JOIN enrolment e ON e.cohort = a.cohort AND e.id = a.enrolment"
        " JOIN cohort c ON c.id = a.cohort WHERE a.id = $1 AND e.person = $2 AND c.program = $3",
        activity,
        by,
        program,
    )
    if cohort is None:
        raise NotFound
    return cohort


async def _locked_tracking(program: UUID, person: UUID, day: date, *, also: UUID | None = None) -> Tracking:
    """Locks the cohort in which an activity of that day belongs, and `also`; answers what is tracked in these."""
    before = await own_tracking(person, program=program)
    if before is None:
        raise NotYetTracked
    locked = {membership_on(day, before).cohort, *([also] if also else [])}
    await lock_cohorts(locked)
    found = await own_tracking(person, program=program) or before
    return replace(found, memberships=tuple(each for each in found.memberships if each.cohort in locked))


def _is_elsewhere(told: Told, old: Kept, kind: Kind, network: Network) -> bool:
    """Whether an edited activity has to be asked for anew: the same one stays kept, whatever became of the consent."""
    return (str(told.done_on), network.value, told.link.strip() or None) != (
        old["done_on"],
        old["network"],
        old["link"],
    ) or (kind in WITHOUT_ACCOUNT) != (Kind(old["kind"]) in WITHOUT_ACCOUNT)


def _place(told: Told, tracking: Tracking, *, kind: Kind, network: Network, today: date) -> Place:
    found = place_on(told.done_on, tracking, today=today, kind=kind, network=network)
    if not isinstance(found, Place):
        raise DayDoesNotCount(found, why_not_sentence(found, today))
    return found


def _told(told: Told, place: Place, kind: Kind, network: Network) -> dict[str, Any]:
    return {
        "cohort": str(place.cohort),
        "enrolment": str(place.enrolment),
        "month": place.month,
        "kind": kind.value,
        "network": network.value,
        "link": told.link.strip() or None,
        "text": told.text.strip() or None,
        "done_on": str(told.done_on),
    }


def _post_id(place: Place, kind: Kind, post: Post | None) -> str | None:
    """Many may react to one post, each once."""
    if post is None:
        return None
    return f"{post.id} by {place.enrolment}" if kind is Kind.REACTION else post.id


async def _put_in(told: Kept) -> None:
    if await put_in(told):
        return
    known = await who_told_of(told)
    raise KnownAlready(known["id"] if known and str(known["enrolment"]) == told["enrolment"] else None)
