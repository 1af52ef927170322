"""Laying out a track of the program."""

from typing import Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from playbooks.assessments.rules import QUESTIONS_ASKED
from playbooks.clearances.rules import Clearance
from playbooks.clearances.words import clearance_meaning
from playbooks.track_plans.actions import lay_out_track
from playbooks.track_plans.queries import PlanChoices, plan_choices
from playbooks.track_plans.rules import TrackPlan
from program.roles.rules import Role
from program.words import gettext as _
from web.forms import Form
from web.pages import at, page, see
from web.visit import UNPROCESSABLE, Visit, may

LONGEST_NAME = 80
LONGEST_PURPOSE = 600
MOST_QUESTIONS = 50
HIGHEST_LEVEL = 7
GIVEN = tuple(str(clearance) for clearance in Clearance if clearance is not Clearance.LISTEN)


@get("/programs/{program:str}/tracks/new", opt=may(Role.LEAD))
async def new(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    form = Form({"grants": Clearance.SPEAK.value, "questions_asked": str(QUESTIONS_ASKED)})
    return _page(request, form, await plan_choices(visit.reader))


@post("/programs/{program:str}/tracks", opt=may(Role.LEAD))
async def lay_out(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    choices = await plan_choices(visit.reader)
    form = await Form.of(request)
    plan = _plan(form, choices)
    if not form.problems:
        with form.refusals():
            track = await lay_out_track(
                visit.program.id, plan, by=visit.by.person, now=visit.now, sent=form.sent
            )
            return see(at(visit, "tracks", track), toast=_("The track is laid out."))
    return _page(request, form, choices, status=UNPROCESSABLE)


def _plan(form: Form, choices: PlanChoices) -> TrackPlan:
    own = form.one_of("own", choices.chapters)
    besides = form.some_of("besides", choices.chapters)
    phases = set(form.some_of("phases", [str(phase.id) for phase in choices.phases]))
    needs = set(form.some_of("needs", [str(track.id) for track in choices.tracks]))
    if not phases:
        form.refuse("phases", _("Please choose at least one circle."))
    levelled = bool(form.text("level_from", required=False))
    return TrackPlan(
        name=" ".join(form.text("name", longest=LONGEST_NAME).split()),
        purpose=form.text("purpose", longest=LONGEST_PURPOSE),
        chapters=(own, *(chapter for chapter in besides if chapter != own)),
        phases=tuple(phase.id for phase in choices.phases if str(phase.id) in phases),
        required=form.yes("required"),
        grants=Clearance(form.one_of("grants", GIVEN) or Clearance.SPEAK),
        needs=tuple(track.id for track in choices.tracks if str(track.id) in needs),
        level_from=form.whole("level_from", least=1, most=HIGHEST_LEVEL, otherwise=1) if levelled else None,
        questions_asked=form.whole("questions_asked", least=1, most=MOST_QUESTIONS, otherwise=1),
    )


def _page(
    request: Request[Any, Any, Any], form: Form, choices: PlanChoices, *, status: int = 200
) -> Template:
    return page(
        request,
        "track_plans/new.html",
        status=status,
        form=form,
        choices=choices,
        given=[(value, clearance_meaning(Clearance(value))) for value in GIVEN],
    )


HANDLERS = (new, lay_out)
