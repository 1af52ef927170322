"""Choosing a program and making one."""

from typing import Any
from zoneinfo import available_timezones

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from playbooks.starting_set.actions import make_program
from program.people.rules import PLACEHOLDER_EMAIL
from program.programs.queries import programs_of
from program.programs.rules import LONGEST_NAME
from program.roles.rules import Role
from web.forms import LONGEST_TEXT, Form
from web.pages import page, see
from web.visit import SIGNED_IN, UNPROCESSABLE, Visit, may


@get("/", opt=may(SIGNED_IN))
async def home(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    """One's program, where there is one; else the choice. The first owner is asked who they are first."""
    if visit.by.email == PLACEHOLDER_EMAIL:
        return see("/me")
    programs = await programs_of(visit.by.person, owner=visit.by.owner)
    if len(programs) == 1:
        return see(f"/programs/{programs[0].slug}")
    if not programs and visit.by.owner:
        return see("/programs/new")
    return page(request, "programs/index.html", programs=programs)


@get("/programs", opt=may(SIGNED_IN))
async def index(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    programs = await programs_of(visit.by.person, owner=visit.by.owner)
    return page(request, "programs/index.html", programs=programs)


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
