"""One request's visit: who comes, to which program, at what time, speaking which language."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import NotAuthorizedException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from cohorts.enrolments.queries import ProgramVisit, arrival, arrival_of_call
from program.access_tokens.rules import Scope as TokenScope
from program.access_tokens.rules import is_well_formed
from program.access_tokens.words import scope_text
from program.database import connection_held, let_go, only_reading
from program.installation.queries import Clock, machine_now
from program.refusals import NotAllowed, NotFound
from program.roles.rules import Reader, Role
from program.sign_in.queries import SignedIn
from program.words import gettext as _
from program.words import spoken_in
from web.signed_out import read_short_form, typed_words

SESSION_COOKIE = "pilotage_session"
ANYONE = "anyone"
WITHOUT_VISIT = "without visit"
SIGNED_IN = "signed in"
ASKED_SCOPE = "asked scope"
READS = frozenset({"GET", "HEAD"})


def may(*who: Role | str) -> dict[str, Any]:
    """Who may call a route: roles of its program, `SIGNED_IN`, or `ANYONE`. Every route says so in its `opt`."""
    return {"may": frozenset(who)}


def may_call(scope: TokenScope, *who: Role | str) -> dict[str, Any]:
    """Who may call a route of the API, and what their access token must be made for. Cookies count for nothing there."""
    return {**may(*who), ASKED_SCOPE: scope, "exclude_from_csrf": True}


class ScopeNotHeld(NotAllowed):
    """`reasons[0]` is the scope that the access token was not made for."""

    def sentence(self) -> str:
        scope = TokenScope(str(self.reasons[0]))
        told = {"scope": scope.value, "meaning": scope_text(scope)}
        return _("This access token was not made for it. It takes one with %(scope)s: %(meaning)s.") % told


EVERYBODY_LISTED = (Role.LISTED, Role.LEAD, Role.SPONSOR, Role.REVIEWER, Role.COACH)
LEARNERS = (Role.PILOT_MEMBER, Role.AMBASSADOR)
RUNS_IT = (Role.LEAD, Role.OWNER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """`now` is the installation's time, which a demo or test may have moved; `machine_now` never is.

    `reader` and `program` are there where the address names a program that the person belongs to.
    """

    clock: Clock
    now: datetime
    machine_now: datetime
    person: SignedIn | None
    in_program: ProgramVisit | None
    happened: str
    scopes: frozenset[TokenScope] = frozenset()

    @property
    def reader(self) -> Reader:
        if self.in_program is None:
            raise NotFound
        return self.in_program.reader

    @property
    def program(self) -> ProgramVisit:
        if self.in_program is None:
            raise NotFound
        return self.in_program

    @property
    def by(self) -> SignedIn:
        if self.person is None:
            raise NotAuthorizedException
        return self.person

    @property
    def today(self) -> date:
        """The day it is in the program's zone; outside of programs, in UTC."""
        zone = self.in_program.zone if self.in_program else "UTC"
        return self.now.astimezone(ZoneInfo(zone)).date()


class VisitMiddleware(ASGIMiddleware):
    """Holds one connection for the request, finds out who comes, and lets every word be in their language."""

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = WITHOUT_VISIT

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        async with connection_held():
            visit = await _visit_or_words(scope, receive)
            scope["state"]["visit"] = visit
            if ASGIConnection(scope).headers.get("content-type", "").startswith("multipart/"):
                await let_go()
            locale = visit.person.locale if visit.person else "en"
            zone = visit.in_program.zone if visit.in_program else "UTC"
            repeatable = only_reading() if scope.get("method") in READS else nullcontext()
            with spoken_in(locale, zone), repeatable:
                await next_app(scope, receive, send)


async def _visit_or_words(scope: Scope, receive: Receive) -> Visit:
    """Where nobody can be found out, what they typed is read all the same, so that it can be shown to them."""
    try:
        with only_reading():
            return await _visit(ASGIConnection(scope))
    except Exception:
        await read_short_form(scope["litestar_app"].request_class(scope, receive))
        raise


async def _visit(connection: ASGIConnection[Any, Any, Any, Any]) -> Visit:
    at = machine_now()
    slug = connection.path_params.get("program")
    named = slug if isinstance(slug, str) and slug.isprintable() else None
    if ASKED_SCOPE in connection.scope["route_handler"].opt:
        found = await arrival_of_call(_access_token(connection), at, named)
    else:
        found = await arrival(connection.cookies.get(SESSION_COOKIE), at, named)
    return Visit(
        clock=found.clock,
        now=at + found.clock.offset,
        machine_now=at,
        person=found.person,
        in_program=found.in_program,
        happened=found.happened,
        scopes=found.scopes,
    )


def _access_token(connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    kind, _space, rest = connection.headers.get("authorization", "").partition(" ")
    token = rest.strip()
    return token if kind.lower() == "bearer" and is_well_formed(token) else None


def visit_of(request: ASGIConnection[Any, Any, Any, Any]) -> Visit:
    """The visit of this request; a nameless one where no route was found, since nobody looked who came."""
    visit = request.scope["state"].get("visit")
    return visit if isinstance(visit, Visit) else _nameless()


def _nameless() -> Visit:
    at = machine_now()
    clock = Clock(mark=None, offset=timedelta())
    return Visit(clock=clock, now=at, machine_now=at, person=None, in_program=None, happened="")


def provide_visit(request: Request[Any, Any, Any]) -> Visit:
    return visit_of(request)


class WhoMay(ASGIMiddleware):
    """Lets through whom the route's `opt` names, before a byte of what they send is read.

    A stranger is asked to sign in, and what they typed into a form that keeps words is read for that page; a program
    that one does not belong to does not exist. Nobody may call what names nobody, such as the OPTIONS that Litestar
    adds to each path.
    """

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        opt = scope["route_handler"].opt
        try:
            _check(ASGIConnection(scope), opt.get("may", frozenset()), opt.get(ASKED_SCOPE))
        except NotAuthorizedException:
            scope["state"]["typed"] = await typed_words(scope, receive)
            raise
        await next_app(scope, receive, send)


def _check(
    connection: ASGIConnection[Any, Any, Any, Any], allowed: frozenset[Role | str], asked: TokenScope | None
) -> None:
    if ANYONE in allowed:
        return
    visit = visit_of(connection)
    if visit.person is None:
        raise NotAuthorizedException
    if asked is not None and asked not in visit.scopes:
        raise ScopeNotHeld(asked)
    if SIGNED_IN in allowed:
        return
    if "program" not in connection.path_params:
        if not (Role.OWNER in allowed and visit.person.owner):
            raise NotAllowed
        return
    if visit.in_program is None:
        raise NotFound
    if visit.in_program.reader.roles.isdisjoint(allowed):
        raise NotAllowed


def sign_in_address(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Where a stranger is sent, to come back to the page they wanted, or from which they sent a form."""
    wanted = connection.url.path if connection.scope.get("method") == "GET" else _came_from(connection)
    return "/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted)}"


def _came_from(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The page of ours on which a form stood; “/” where the browser does not say."""
    try:
        page = urlsplit(connection.headers.get("referer", ""))
    except ValueError:
        return "/"
    return page.path if page.netloc == connection.url.netloc and page.path.startswith("/programs/") else "/"


UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
