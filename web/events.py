"""Who did what to what, when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Template

from playbooks.events.words import SENTENCES
from program.events.queries import Happening, happenings
from program.roles.rules import Role
from program.words import gettext as _
from web.pages import at, page
from web.visit import EVERYBODY_LISTED, Visit, may

BETWEEN_REVIEWERS = ("incident_reported", "incident_closed")
ON_A_PAGE = 50
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An event in words: who did what, about whom (where that is somebody else), when."""

    who: str
    what: str
    about: str | None
    at: datetime


@get("/programs/{program:str}/events", opt=may(Role.LEAD, Role.REVIEWER))
async def index(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    """Everything that happened in the program."""
    return await _events_page(request, visit, only_own=False)


@get("/programs/{program:str}/events/mine", opt=may(*EVERYBODY_LISTED, Role.OWNER))
async def mine(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    """What the reader did, and what was done about them."""
    return await _events_page(request, visit, only_own=True)


async def _events_page(request: Request[Any, Any, Any], visit: Visit, *, only_own: bool) -> Template:
    found = await happenings(
        visit.program.id,
        seen_by=visit.by.person,
        only_own=only_own,
        without_names=() if visit.reader.is_any(Role.REVIEWER) else BETWEEN_REVIEWERS,
        before=_number(request.query_params.get("before", "")),
        most=ON_A_PAGE + 1,
    )
    shown, more = found[:ON_A_PAGE], found[ON_A_PAGE:]
    return page(
        request,
        "events/index.html",
        lines=[line(happening) for happening in shown],
        older=shown[-1].number if more else None,
        whole=visit.reader.is_any(Role.LEAD, Role.REVIEWER),
        only_own=only_own,
        all_events=at(visit, "events"),
        own_events=at(visit, "events", "mine"),
    )


def line(happening: Happening) -> Line:
    """An event in words; who did it is not said where that stays between reviewers."""
    hidden = happening.by_name is None and happening.name in BETWEEN_REVIEWERS
    nobody = _("Somebody") if hidden else "Pilotage"
    return Line(
        who=happening.by_name or nobody,
        what=SENTENCES[happening.name](happening.facts),
        about=happening.about_name,
        at=happening.at,
    )


def _number(text: str) -> int | None:
    """An event's number in the address; anything else asks for the newest."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


HANDLERS = (index, mine)
