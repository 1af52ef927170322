"""Events: who did what, when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from msgspec import Struct

from program.access_tokens.rules import Scope
from program.events.queries import Happening, happenings
from program.roles.rules import Role
from program.told import moment_of
from web.api.paging import Page, Paging
from web.events import BETWEEN_REVIEWERS, line
from web.visit import EVERYBODY_LISTED, Visit, may_call

ATTEMPTS = ("assessment_passed", "assessment_failed")


class Event(Struct, frozen=True, kw_only=True):
    """What happened. `who`, `what` and `about` say it in words, as the page of events does; `name` and `facts` say it for
    programs. Facts hold no names; they are told to whoever did it, and to leads, but for how somebody fared in an assessment.
    """

    number: int
    name: str
    who: str
    what: str
    about: str | None
    facts: dict[str, Any] | None
    at: datetime


@get(
    "/programs/{program:str}/events",
    opt=may_call(Scope.EVENTS_READ, *EVERYBODY_LISTED, Role.OWNER),
    operation_id="listEvents",
    tags=["Events"],
)
async def events(
    visit: NamedDependency[Visit],
    paging: NamedDependency[Paging],
    mine: Annotated[
        bool, QueryParameter(description="Only what one did oneself, or what was about oneself.")
    ] = False,
) -> Response[Page[Event]]:
    """Events, newest first: for leads and reviewers those of the program, for others their own."""
    reader = visit.reader
    found = await happenings(
        visit.program.id,
        seen_by=visit.by.person,
        only_own=mine or not reader.is_any(Role.LEAD, Role.REVIEWER),
        without_names=() if reader.is_any(Role.REVIEWER) else BETWEEN_REVIEWERS,
        before=int(paging.after[0]) if paging.after else None,
        most=paging.most,
    )
    return paging.page(
        found,
        key=lambda each: [each.number],
        told=lambda each: _event(each, _facts_for(each, lead=reader.is_any(Role.LEAD))),
    )


def _facts_for(happening: Happening, *, lead: bool) -> Mapping[str, Any] | None:
    told = lead and happening.name not in (*BETWEEN_REVIEWERS, *ATTEMPTS)
    return happening.facts if told or happening.own else None


def _event(happening: Happening, facts: Mapping[str, Any] | None) -> Event:
    said = line(happening)
    return Event(
        number=happening.number,
        name=happening.name,
        who=said.who,
        what=said.what,
        about=said.about,
        facts=None if facts is None else dict(facts),
        at=moment_of(happening.at),
    )


HANDLERS = (events,)
