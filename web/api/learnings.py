"""Learnings: those that one may read, and where each of them went."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from playbooks.entries.rules import EntryTopic
from playbooks.learnings.queries import (
    LearningView,
    Reviewed,
    Taught,
    learning_view,
    readable_learnings,
    taught,
)
from playbooks.learnings.rules import Channel, Faced, LearningKind, LearningState
from program.access_tokens.rules import Scope
from program.roles.rules import Role
from program.told import moment_of
from web.api.paging import Page, Paging
from web.visit import LEARNERS, Visit, may_call

WHO = (*LEARNERS, Role.COACH, Role.LEAD)


class Review(Struct, frozen=True, kw_only=True):
    """What a lead last made of a learning: accepted, returned with a note, or declined with a reason. Once a returned one was
    sent again, only its author is told of the note.
    """

    outcome: str
    note: str
    by: str
    at: datetime


class EntryOfLearning(Struct, frozen=True, kw_only=True):
    """The entry that a learning stands behind, and the numbers of the editions that carried it there."""

    id: UUID
    title: str
    editions: list[int]


class Learning(Struct, frozen=True, kw_only=True):
    """A learning. `author` is null where its author did not agree to be named to whoever reads it; `pilot` says that they
    were in the pilot; `own`, that it is one’s own.
    """

    id: UUID
    state: LearningState
    kind: LearningKind
    topic: EntryTopic
    lesson: str
    situation: str
    conversation: str
    what_i_did: str
    outcome: str
    resources: str
    channel: Channel | None
    faced: list[Faced]
    own: bool
    author: str | None
    pilot: bool
    cohort: str
    made_at: datetime
    submitted_at: datetime | None
    review: Review | None
    entry: EntryOfLearning | None


class Teaching(Struct, frozen=True, kw_only=True):
    """A track that teaches what came of a learning, since an edition. `passed` is how many passed it; null where so few did
    that it would tell who.
    """

    track: str
    edition: int
    passed: int | None


class FollowedLearning(Learning, frozen=True, kw_only=True):
    """A learning, and the tracks that teach what came of it."""

    taught: list[Teaching]


@get(
    "/programs/{program:str}/learnings",
    opt=may_call(Scope.LEARNINGS_READ, *WHO),
    operation_id="listLearnings",
    tags=["Learnings"],
)
async def learnings(
    visit: NamedDependency[Visit],
    paging: NamedDependency[Paging],
    state_is: Annotated[
        tuple[LearningState, ...], QueryParameter(description="Only those in one of these states.")
    ] = (),
    mine: Annotated[bool, QueryParameter(description="Only one’s own.")] = False,
) -> Response[Page[Learning]]:
    """The learnings that one may read, newest first: one’s own; what was sent in one’s own and coached cohorts; for leads,
    all that was sent.
    """
    found = await readable_learnings(
        visit.reader,
        states=state_is,
        only_own=mine,
        after=UUID(paging.after[0]) if paging.after else None,
        most=paging.most,
    )
    return paging.page(found, key=lambda each: [str(each.id)], told=_learning)


@get(
    "/programs/{program:str}/learnings/{learning:uuid}",
    opt=may_call(Scope.LEARNINGS_READ, *WHO),
    operation_id="getLearning",
    tags=["Learnings"],
)
async def learning(visit: NamedDependency[Visit], learning: FromPath[UUID]) -> FollowedLearning:
    """One learning, with where it went."""
    found = await learning_view(learning, visit.reader)
    tracks = await taught([found])
    told = tracks.get(found.entry.entry, ()) if found.entry else ()
    return FollowedLearning(**_told(found), taught=[_teaching(each) for each in told])


def _learning(view: LearningView) -> Learning:
    return Learning(**_told(view))


def _told(view: LearningView) -> dict[str, Any]:
    text, review, entry = view.text, view.reviewed, view.entry
    return {
        "id": view.id,
        "state": view.state,
        "kind": text.kind,
        "topic": text.topic,
        "lesson": text.lesson,
        "situation": text.situation,
        "conversation": text.conversation,
        "what_i_did": text.what_i_did,
        "outcome": text.outcome,
        "resources": text.resources,
        "channel": text.channel,
        "faced": list(text.faced),
        "own": view.own,
        "author": view.author_name,
        "pilot": view.pilot,
        "cohort": view.cohort_name,
        "made_at": moment_of(view.made_at),
        "submitted_at": moment_of(view.submitted_at) if view.submitted_at else None,
        "review": _review(review) if review and (view.own or review.outcome == view.state) else None,
        "entry": entry and EntryOfLearning(id=entry.entry, title=entry.title, editions=list(entry.editions)),
    }


def _review(review: Reviewed) -> Review:
    return Review(outcome=review.outcome, note=review.note, by=review.by_name, at=moment_of(review.at))


def _teaching(taught: Taught) -> Teaching:
    return Teaching(track=taught.track_name, edition=taught.edition, passed=taught.passed)


HANDLERS = (learnings, learning)
