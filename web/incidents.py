"""Incidents: reporting one, and what its reader may know of them."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cohorts.incidents.actions import close_incident, report_incident
from cohorts.incidents.queries import Incidents, incident, incidents
from cohorts.incidents.rules import Gravity
from cohorts.incidents.words import gravity_question, gravity_text
from program.roles.rules import Role
from program.words import gettext as _
from program.words import ngettext, number_text
from web.forms import LONGEST_TEXT, Form
from web.pages import at, page, see
from web.signed_out import KEEPS_WORDS
from web.visit import EVERYBODY_LISTED, UNPROCESSABLE, Visit, may

GRAVITIES = tuple(Gravity)


@get("/programs/{program:str}/incidents", opt=may(*EVERYBODY_LISTED))
async def index(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    """Reviewers see all, a lead that one is open and how grave, everybody what they reported."""
    found = await incidents(visit.reader)
    return page(
        request,
        "incidents/index.html",
        found=found,
        lede=_lede(found, visit),
        here=at(visit, "incidents"),
        gravity_text=gravity_text,
    )


@get("/programs/{program:str}/incidents/new", opt=may(*EVERYBODY_LISTED))
async def new(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    return _new(request, visit, Form())


@post("/programs/{program:str}/incidents", opt=may(*EVERYBODY_LISTED) | KEEPS_WORDS)
async def report(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    gravity = form.choice("gravity", Gravity, otherwise=Gravity.MINOR)
    what_happened = form.text("what_happened", longest=LONGEST_TEXT)
    if not form.problems:
        with form.refusals():
            found = await report_incident(
                gravity,
                what_happened,
                program=visit.program.id,
                by=visit.by.person,
                now=visit.now,
                sent=form.sent,
            )
            return see(at(visit, "incidents", found), toast=_("Thank you. The reviewers see it now."))
    return _new(request, visit, form, status=UNPROCESSABLE)


@get("/programs/{program:str}/incidents/{incident_id:uuid}", opt=may(*EVERYBODY_LISTED))
async def show(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], incident_id: FromPath[UUID]
) -> Template:
    return await _show(request, visit, incident_id, Form())


@post("/programs/{program:str}/incidents/{incident_id:uuid}/closure", opt=may(Role.REVIEWER))
async def close(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], incident_id: FromPath[UUID]
) -> Template | Redirect:
    form = await Form.of(request)
    learned = form.text("learned", longest=LONGEST_TEXT)
    if not form.problems:
        with form.refusals():
            await close_incident(
                incident_id, learned, program=visit.program.id, by=visit.by.person, now=visit.now
            )
            return see(at(visit, "incidents", incident_id), toast=_("Closed."))
    return await _show(request, visit, incident_id, form, status=UNPROCESSABLE)


def _new(request: Request[Any, Any, Any], visit: Visit, form: Form, *, status: int = 200) -> Template:
    return page(
        request,
        "incidents/new.html",
        status=status,
        form=form,
        here=at(visit, "incidents"),
        gravities=[(gravity.value, gravity_question(gravity)) for gravity in GRAVITIES],
    )


async def _show(
    request: Request[Any, Any, Any], visit: Visit, incident_id: UUID, form: Form, *, status: int = 200
) -> Template:
    return page(
        request,
        "incidents/show.html",
        status=status,
        incident=await incident(incident_id, seen_by=visit.reader),
        form=form,
        here=at(visit, "incidents"),
        gravity_text=gravity_text,
    )


def _lede(found: Incidents, visit: Visit) -> str:
    """How many are open, to those who may know."""
    if not visit.reader.is_any(Role.REVIEWER, Role.LEAD, Role.SPONSOR):
        return _("When something went wrong, say so here. Only the reviewers read it.")
    if not found.open_ones:
        grave_only = not visit.reader.is_any(Role.REVIEWER, Role.LEAD)
        return _("No grave incident is open.") if grave_only else _("No incident is open.")
    number = len(found.open_ones)
    text = ngettext("%(number)s incident is open.", "%(number)s incidents are open.", number)
    text %= {"number": number_text(number)}
    return text[:1].upper() + text[1:]


HANDLERS = (index, new, report, show, close)
