"""One membership: its past, a lead's steps with it, and the member's own way out."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cohorts.enrolments.actions import (
    finish_member,
    leave_cohort,
    pause_member,
    resume_member,
    suspend_member,
)
from cohorts.enrolments.queries import member_page
from cohorts.enrolments.rules import EnrolmentStep
from cohorts.enrolments.words import state_text, step_meaning, step_text
from program.roles.rules import Role
from program.words import gettext as _
from web.forms import LONGEST_TEXT, Form
from web.pages import at, page, see
from web.visit import UNPROCESSABLE, Visit, may

TAKE = {
    EnrolmentStep.PAUSE: pause_member,
    EnrolmentStep.RESUME: resume_member,
    EnrolmentStep.SUSPEND: suspend_member,
    EnrolmentStep.FINISH: finish_member,
}


@get(
    "/programs/{program:str}/cohorts/{cohort:uuid}/members/{enrolment:uuid}", opt=may(Role.LEAD, Role.LISTED)
)
async def show(
    request: Request[Any, Any, Any],
    cohort: FromPath[UUID],
    enrolment: FromPath[UUID],
    visit: NamedDependency[Visit],
) -> Template:
    return await _page(request, cohort, enrolment, visit, Form())


@post("/programs/{program:str}/cohorts/{cohort:uuid}/members/{enrolment:uuid}/steps", opt=may(Role.LEAD))
async def take_step(
    request: Request[Any, Any, Any],
    cohort: FromPath[UUID],
    enrolment: FromPath[UUID],
    visit: NamedDependency[Visit],
) -> Template | Redirect:
    form = await Form.of(request)
    step = form.one_of("step", [step.value for step in TAKE])
    reason = form.text("reason", longest=LONGEST_TEXT)
    if not form.problems:
        with form.refusals():
            await TAKE[EnrolmentStep(step)](
                cohort,
                enrolment,
                program=visit.program.id,
                reason=reason,
                by=visit.by.person,
                now=visit.now,
                today=visit.today,
            )
            return see(at(visit, "cohorts", cohort, "members", enrolment), toast=_("Done."))
    return await _page(request, cohort, enrolment, visit, form, status=UNPROCESSABLE)


@post("/programs/{program:str}/cohorts/{cohort:uuid}/members/{enrolment:uuid}/leave", opt=may(Role.LISTED))
async def leave(
    request: Request[Any, Any, Any],
    cohort: FromPath[UUID],
    enrolment: FromPath[UUID],
    visit: NamedDependency[Visit],
) -> Template | Redirect:
    form = await Form.of(request)
    reason = form.text("reason", required=False, longest=LONGEST_TEXT)
    if not form.problems:
        with form.refusals():
            await leave_cohort(
                cohort,
                enrolment,
                program=visit.program.id,
                reason=reason,
                by=visit.by.person,
                now=visit.now,
                today=visit.today,
            )
            return see(at(visit), toast=_("You have left. Thank you for the way you came along."))
    return await _page(request, cohort, enrolment, visit, form, status=UNPROCESSABLE)


async def _page(
    request: Request[Any, Any, Any],
    cohort: UUID,
    enrolment: UUID,
    visit: Visit,
    form: Form,
    *,
    status: int = 200,
) -> Template:
    return page(
        request,
        "enrolments/show.html",
        status=status,
        form=form,
        member=await member_page(cohort, enrolment, seen_by=visit.reader),
        cohort_at=at(visit, "cohorts", cohort),
        here=at(visit, "cohorts", cohort, "members", enrolment),
        state_text=state_text,
        step_text=step_text,
        step_meaning=step_meaning,
    )


HANDLERS = (show, take_step, leave)
