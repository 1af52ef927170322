"""One’s own activities: reading them, and sending a list of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import UNSET, Meta, Struct, UnsetType

from cohorts.activities.queries import ActivityLine, own_activities, own_activity
from cohorts.activities.rules import LONGEST_LINK, Figures, Kind, Network
from cohorts.activity_lists.actions import take_in_list
from cohorts.activity_lists.rules import MOST_ITEMS, Answer, Item, Outcome
from cohorts.activity_lists.words import why_sentence
from program.access_tokens.rules import Scope
from program.told import moment_of
from program.words import gettext as _
from web.api.activity_lists import LONGEST_WORDS, items_in
from web.api.bodies import BODY, LARGEST_WHOLE, json_body, sent_of
from web.api.paging import Page, Paging
from web.visit import LEARNERS, Visit, may_call

LARGEST_LIST_BYTES = 10_000_000
_Count = Annotated[int, Meta(ge=0, le=LARGEST_WHOLE)]


class FiguresOfActivity(Struct, frozen=True, kw_only=True):
    """What a network counted; null: not measured, which is not nothing."""

    impressions: int | None
    reactions: int | None
    comments: int | None
    shares: int | None
    clicks: int | None


class Activity(Struct, frozen=True, kw_only=True):
    """One thing that one did in public, in one’s own words; `figures` are the newest of each kind."""

    id: UUID
    kind: Kind
    network: Network
    link: str
    text: str
    done_on: date
    figures: FiguresOfActivity


class Observed(Struct, frozen=True, kw_only=True):
    """What one source told of an activity."""

    source: str
    at: datetime
    figures: FiguresOfActivity


class ObservedActivity(Activity, frozen=True, kw_only=True):
    """An activity, with all that was ever observed of it, the newest first."""

    observed: list[Observed]


class ActivityToLog(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one did. When: `done_at`, or `done_on` where no time of day is known; if both are there, the moment tells. A link
    tells network and kind as far as it can; what it does not tell has to be said. Without a link, an activity is known again
    by when, network, kind and text. Figures that were not measured are left out. `apart`: a post of its own, though it may
    look like another id of one that is known, as LinkedIn has several for one post.
    """

    kind: Kind | UnsetType = UNSET
    network: Network | UnsetType = UNSET
    link: Annotated[str, Meta(max_length=LONGEST_LINK)] | UnsetType = UNSET
    text: Annotated[str, Meta(max_length=LONGEST_WORDS)] | UnsetType = UNSET
    done_on: date | UnsetType = UNSET
    done_at: Annotated[datetime, Meta(tz=True)] | UnsetType = UNSET
    impressions: _Count | UnsetType = UNSET
    reactions: _Count | UnsetType = UNSET
    comments: _Count | UnsetType = UNSET
    shares: _Count | UnsetType = UNSET
    clicks: _Count | UnsetType = UNSET
    apart: bool | UnsetType = UNSET


class ActivityList(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one did, in any order."""

    activities: Annotated[list[ActivityToLog], Meta(min_length=1, max_length=MOST_ITEMS)]


class BecameOf(Struct, frozen=True, kw_only=True):
    """What became of one activity of a list. `activity_id` is the one that was kept, or was known; it is null for what was not
    kept: then `code` and `detail` say why, and `pointer` where in what was sent it could be mended.
    """

    outcome: Outcome
    activity_id: UUID | None
    code: str | None
    detail: str | None
    pointer: str | None


class ListTakenIn(Struct, frozen=True, kw_only=True):
    """What became of each activity of a list, in its order, and of how many what."""

    activities: list[BecameOf]
    counts: dict[str, int]


@get(
    "/programs/{program:str}/activities",
    opt=may_call(Scope.ACTIVITIES_READ, *LEARNERS),
    operation_id="listActivities",
    tags=["Activities"],
)
async def activities(
    visit: NamedDependency[Visit], paging: NamedDependency[Paging]
) -> Response[Page[Activity]]:
    """One’s own activities, newest first. Nobody else’s are told."""
    found = await own_activities(
        visit.by.person,
        program=visit.program.id,
        before=UUID(paging.after[0]) if paging.after else None,
        most=paging.most,
    )
    return paging.page(found, key=lambda each: [str(each.id)], told=lambda each: Activity(**_activity(each)))


@get(
    "/programs/{program:str}/activities/{activity:uuid}",
    opt=may_call(Scope.ACTIVITIES_READ, *LEARNERS),
    operation_id="getActivity",
    tags=["Activities"],
)
async def activity(visit: NamedDependency[Visit], activity: FromPath[UUID]) -> ObservedActivity:
    """One of one’s own activities."""
    found = await own_activity(activity, person=visit.by.person, program=visit.program.id)
    return ObservedActivity(
        **_activity(found.activity),
        observed=[
            Observed(source=each.source, at=moment_of(each.observed_at), figures=_figures(each.figures))
            for each in found.sightings
        ],
    )


@post(
    "/programs/{program:str}/activities",
    opt={**may_call(Scope.ACTIVITIES_WRITE, *LEARNERS), BODY: ActivityList},
    operation_id="sendActivities",
    tags=["Activities"],
    status_code=200,
    request_max_body_size=LARGEST_LIST_BYTES,
)
async def send_activities(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit]
) -> Response[ListTakenIn]:
    """Log what one did, at most 1,000 activities at once, as if each were logged by hand.

    Those that can be kept are kept, in one go; the others are told with their reason, and keep nothing else from being
    kept. A post that is known already, whatever told of it first, is told as known and counts once, so a list may be sent
    again and again. The same list under the same key is answered with the first result. What has the wrong shape is refused
    as a whole.
    """
    body = await json_body(request)
    items = items_in(body)
    answers = await take_in_list(
        items,
        named=_("Sent by a program of yours"),
        program=visit.program.id,
        by=visit.by.person,
        now=visit.now,
        today=visit.today,
        sent=sent_of(request, body),
    )
    outcomes = [answer.outcome for answer in answers]
    told = ListTakenIn(
        activities=_became(items, answers),
        counts={outcome.value: outcomes.count(outcome) for outcome in Outcome},
    )
    return Response(told)


def _became(items: Sequence[Item], answers: Sequence[Answer]) -> list[BecameOf]:
    return [
        BecameOf(
            outcome=answer.outcome,
            activity_id=answer.activity,
            code=answer.why.value if answer.why else None,
            detail=why_sentence(answer.why) if answer.why else None,
            pointer=f"/activities/{place}/{_field(item, answer)}" if answer.why else None,
        )
        for place, (item, answer) in enumerate(zip(items, answers, strict=True))
    ]


def _field(item: Item, answer: Answer) -> str | None:
    return "done_at" if answer.field == "done_on" and item.done_at else answer.field


def _activity(line: ActivityLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "kind": line.kind,
        "network": line.network,
        "link": line.link,
        "text": line.text,
        "done_on": line.done_on,
        "figures": _figures(line.figures),
    }


def _figures(figures: Figures) -> FiguresOfActivity:
    return FiguresOfActivity(
        impressions=figures.impressions,
        reactions=figures.reactions,
        comments=figures.comments,
        shares=figures.shares,
        clicks=figures.clicks,
    )


HANDLERS = (activities, activity, send_activities)
