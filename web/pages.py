"""What every page shows around its own matter, and how a page, a fragment or a redirect is answered."""

from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote
from uuid import UUID

from litestar import Request
from litestar.datastructures import Cookie
from litestar.response import Redirect, Template
from litestar.utils.empty import value_or_default
from litestar.utils.scope.state import ScopeState
from markupsafe import Markup

from program.roles.rules import JOINED, Reader, Role
from program.words import gettext as _
from program.words import locale_name, moment_text
from web.forms import FORM_COOKIE
from web.visit import LEARNERS, RUNS_IT, Visit, visit_of

TOAST_COOKIE = "pilotage_toast"
CLOCK_COOKIE = "pilotage_clock"
CORRIDORS = {"/rollout": ("/gates",), "/training": ("/certificates", "/clearance")}
"""Rooms that have no entry of their own in the navigation, by the one through which they are reached."""
_shown: ContextVar[Request[Any, Any, Any]] = ContextVar("request_that_the_page_answers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A link to a room of the house; `tab` rooms stand in the bar at the foot of a phone."""

    label: str
    href: str
    icon: str
    current: bool
    tab: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockBanner:
    """Shown on every page of a demo or test; `news` while the clock was moved a moment ago."""

    mark: str
    now: str
    may_move: bool
    news: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything that the layout shows. `home` is the address of the visited program, on which those of its rooms are built."""

    person: Any
    program: Any
    home: str
    nav: tuple[Room, ...]
    tabs: tuple[Room, ...]
    theme: str
    locale: str
    toasts: tuple[str, ...]
    clock: ClockBanner | None
    path: str


def page(request: Request[Any, Any, Any], template: str, *, status: int = 200, **context: Any) -> Template:
    """The page `template`, within the layout, for this request's visitor."""
    _shown.set(request)
    visit = visit_of(request)
    toast = request.cookies.get(TOAST_COOKIE)
    rooms = _rooms(visit, request.url.path)
    around = Page(
        person=visit.person,
        program=visit.in_program,
        home=at(visit) if visit.in_program else "",
        nav=rooms,
        tabs=tuple(room for room in rooms if room.tab)[:5],
        theme=visit.person.theme if visit.person else "system",
        locale=locale_name().replace("_", "-"),
        toasts=(unquote(toast),) if toast else (),
        clock=_clock_banner(visit, news=CLOCK_COOKIE in request.cookies),
        path=request.url.path,
    )
    forgotten = [Cookie(key=TOAST_COOKIE, value="", max_age=0, path="/")] if toast else []
    return Template(
        template_name=template,
        context={"page": around, "visit": visit, **context},
        status_code=status,
        cookies=forgotten,
        headers={"Cache-Control": "no-store"},
    )


def form_token() -> Markup:
    """The hidden field without which no form is taken; on a page that refuses a visitor, the one they came with."""
    request = _shown.get()
    came_with = request.cookies.get(FORM_COOKIE, "")
    return _token_field(value_or_default(ScopeState.from_scope(request.scope).csrf_token, came_with))


@lru_cache(maxsize=256)
def _token_field(token: str) -> Markup:
    return Markup('<input type="hidden" name="_csrf_token" value="{}">').format(token)


def see(path: str, *, toast: str | None = None) -> Redirect:
    """Go and look at `path`, with a word about what was done."""
    said = (
        [Cookie(key=TOAST_COOKIE, value=quote(toast), max_age=60, path="/", httponly=True, samesite="lax")]
        if toast
        else []
    )
    return Redirect(path, status_code=303, cookies=said)


def at(visit: Visit, *parts: object) -> str:
    """The address of a room in the visited program."""
    return "/".join(("/programs", visit.program.slug, *(str(part) for part in parts)))


def _clock_banner(visit: Visit, *, news: bool) -> ClockBanner | None:
    if visit.clock.mark is None:
        return None
    return ClockBanner(
        mark=visit.clock.mark,
        now=moment_text(visit.now),
        may_move=visit.person is not None and visit.person.owner,
        news=news,
    )


def _rooms(visit: Visit, path: str) -> tuple[Room, ...]:
    """The rooms that this visitor may enter, in the order in which their day goes."""
    if visit.in_program is None:
        return ()
    roles = visit.in_program.reader.roles
    home, learners = at(visit), frozenset(LEARNERS)
    runs = {Role.LEAD, Role.SPONSOR}
    plan: tuple[tuple[str, str, str, frozenset[Role] | None, bool], ...] = (
        (_("Today"), "", "house", None, True),
        (_("Rollout"), "/rollout", "map", None, bool(roles & runs)),
        (_("People"), "/people", "users", frozenset(RUNS_IT), True),
        (_("Learnings desk"), "/desk", "inbox", frozenset({Role.LEAD}), True),
        (_("My training"), "/training", "graduation-cap", learners, True),
        (_("My activity"), "/activities", "activity", learners, True),
        (_("Notebook"), "/learnings", "notebook-pen", learners | {Role.COACH}, True),
        (_("My accounts"), "/accounts", "megaphone", learners, False),
        *(
            (_("My cohort"), f"/cohorts/{cohort}", "users", None, Role.COACH in roles)
            for cohort in _own_cohorts(visit.in_program.reader)
        ),
        (_("Playbook"), "/playbook", "book-open", None, True),
        (_("Tracks"), "/tracks", "graduation-cap", frozenset({Role.LEAD, Role.COACH}), False),
        (_("Incidents"), "/incidents", "shield", frozenset({Role.LISTED}), Role.REVIEWER in roles),
        (_("Events"), "/events", "history", frozenset({Role.LEAD, Role.REVIEWER}), False),
        *(
            ()
            if visit.in_program.begun
            else ((_("Set-up"), "/set-up", "settings", frozenset({Role.LEAD}), False),)
        ),
    )
    return tuple(
        Room(
            label=label,
            href=home + under,
            icon=icon,
            current=path == home if not under else _within(path, home, (under, *CORRIDORS.get(under, ()))),
            tab=tab,
        )
        for label, under, icon, who, tab in plan
        if who is None or roles & who
    )


def _within(path: str, home: str, rooms: tuple[str, ...]) -> bool:
    return any(path == home + room or path.startswith(f"{home}{room}/") for room in rooms)


def _own_cohorts(reader: Reader) -> list[UUID]:
    """The cohorts that the reader goes through or coaches; one takes part in few."""
    through = [each.cohort for each in reader.memberships if each.state in JOINED]
    return list(dict.fromkeys([*through, *sorted(reader.coached)]))
