"""Choosing a program and making one."""

from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import available_timezones

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from cohorts.enrolments.queries import arrival
from cohorts.gates.queries import gate_state_and_forecast
from playbooks.starting_set.actions import make_program
from program.people.rules import PLACEHOLDER_EMAIL
from program.programs.queries import ProgramLine, programs_of
from program.programs.rules import LONGEST_NAME
from program.roles.rules import Role
from web.forms import LONGEST_TEXT, Form
from web.pages import page, see
from web.today import what_comes
from web.visit import SESSION_COOKIE, SIGNED_IN, UNPROCESSABLE, Visit, may

WITHOUT_A_PART = frozenset({Role.LISTED, Role.OWNER})
MOST_LOOKED_INTO = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProgram:
    """`comes` is what comes next in it for whoever has a part in it; empty for others."""

    line: ProgramLine
    has_part: bool
    comes: str


@get("/", opt=may(SIGNED_IN))
async def home(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    """The one program that one belongs to, or has a part in; else the choice. The first owner is asked who they are first."""
    if visit.by.email == PLACEHOLDER_EMAIL:
        return see("/me")
    programs = await programs_of(visit.by.person, owner=visit.by.owner)
    if len(programs) == 1:
        return see(f"/programs/{programs[0].slug}")
    if not programs and visit.by.owner:
        return see("/programs/new")
    shown = await _looked_into(request, visit, programs)
    own = [each.line.slug for each in shown if each.has_part]
    if len(own) == 1:
        return see(f"/programs/{own[0]}")
    return page(request, "programs/index.html", programs=shown)


@get("/programs", opt=may(SIGNED_IN))
async def index(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    programs = await programs_of(visit.by.person, owner=visit.by.owner)
    return page(request, "programs/index.html", programs=await _looked_into(request, visit, programs))


async def _looked_into(
    request: Request[Any, Any, Any], visit: Visit, programs: list[ProgramLine]
) -> list[ShownProgram]:
    """Those first in which something waits, then those in which one has a part. Of very many, the first are looked into."""
    token = request.cookies.get(SESSION_COOKIE)
    shown = []
    for number, line in enumerate(programs):
        has_part, comes = False, ""
        if number < MOST_LOOKED_INTO:
            found = await arrival(token, visit.machine_now, line.slug)
            there = replace(visit, in_program=found.in_program)
            has_part = not there.reader.roles <= WITHOUT_A_PART
            if has_part:
                gates = await gate_state_and_forecast(line.id, today=there.today)
                comes = (await what_comes(there, gates)).heading
        shown.append(ShownProgram(line=line, has_part=has_part, comes=comes))
    return sorted(shown, key=lambda each: (not each.comes, not each.has_part))


@get("/programs/new", opt=may(Role.OWNER))
async def new(request: Request[Any, Any, Any]) -> Template:
    return page(
        request,
        "programs/new.html",
        form=Form({"zone": "Europe/Berlin"}),
        zone_options=[(zone, zone) for zone in _zones()],
    )


@post("/programs", opt=may(Role.OWNER))
async def create(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    name = form.text("name", longest=LONGEST_NAME)
    purpose = form.text("purpose", longest=LONGEST_TEXT)
    zone = form.one_of("zone", _zones())
    if not form.problems:
        with form.refusals():
            slug = await make_program(
                name, purpose=purpose, zone=zone, by=visit.by.person, now=visit.now, sent=form.sent
            )
            return see(f"/programs/{slug}/set-up")
    return page(
        request,
        "programs/new.html",
        status=UNPROCESSABLE,
        form=form,
        zone_options=[(zone, zone) for zone in _zones()],
    )


def _zones() -> list[str]:
    return [
        *sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")),
        "UTC",
    ]


HANDLERS = (home, index, new, create)
