"""Who leads, sponsors and reviews a program."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from program.people.actions import NobodyThere
from program.people.queries import listed_person_at, role_holders
from program.refusals import NotFound
from program.roles.actions import grant_role, revoke_role
from program.roles.rules import GRANTED, Role
from program.roles.words import role_meaning, role_name
from program.words import gettext as _
from web.forms import Form
from web.pages import at, page, see
from web.visit import RUNS_IT, UNPROCESSABLE, Visit, may


@get("/programs/{program:str}/people/roles", opt=may(*RUNS_IT))
async def index(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    email = request.query_params.get("email", "")
    return await _roles_page(request, visit, Form({"email": email}))


@post("/programs/{program:str}/people/roles", opt=may(*RUNS_IT))
async def grant(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    email = form.email("email")
    role = form.one_of("role", [role.value for role in GRANTED])
    if not form.problems:
        with form.refusals():
            person = await listed_person_at(email, seen_by=visit.reader)
            if person is None:
                raise NobodyThere
            await grant_role(
                Role(role), program=visit.program.id, to=person, by=visit.by.person, now=visit.now
            )
            return see(
                at(visit, "people", "roles"), toast=_("They have this role now, and are told by mail.")
            )
    return await _roles_page(request, visit, form, status=UNPROCESSABLE)


@post("/programs/{program:str}/people/{person:uuid}/roles/{role:str}/revocation", opt=may(*RUNS_IT))
async def revoke(visit: NamedDependency[Visit], person: FromPath[UUID], role: FromPath[str]) -> Redirect:
    taken = next((one for one in GRANTED if one.value == role), None)
    if taken is None:
        raise NotFound
    await revoke_role(taken, program=visit.program.id, of=person, by=visit.by.person, now=visit.now)
    back = at(visit) if person == visit.by.person else at(visit, "people", "roles")
    return see(back, toast=_("They no longer have this role."))


async def _roles_page(
    request: Request[Any, Any, Any], visit: Visit, form: Form, *, status: int = 200
) -> Template:
    holders = await role_holders(visit.reader)
    return page(
        request,
        "roles/index.html",
        status=status,
        form=form,
        here=at(visit, "people"),
        roles=[
            (role_name(role), role_meaning(role), role, [one for one in holders if one.role is role])
            for role in GRANTED
        ],
        role_options=[(role.value, role_name(role)) for role in GRANTED],
    )


HANDLERS = (index, grant, revoke)
