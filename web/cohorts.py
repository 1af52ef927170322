"""Cohorts: forming them, taking them through their steps, and who coaches them."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cohorts.cohorts.actions import (
    appoint_coach,
    end_coaching,
    finish_cohort,
    form_cohort,
    pause_cohort,
    prepare_cohort,
    resume_cohort,
    start_tracking,
    stop_cohort,
)
from cohorts.cohorts.queries import CohortPage, cohort_page, phases_to_form_for, possible_coaches
from cohorts.cohorts.rules import CohortStep
from cohorts.cohorts.words import bar_sentence, opening_sentence, state_text, step_meaning, step_text
from cohorts.enrolments.queries import MemberLine, fellow_names, member_lines
from cohorts.enrolments.rules import EnrolmentState
from cohorts.enrolments.words import counts_text
from cohorts.enrolments.words import state_text as member_state_text
from cohorts.invitations.rules import INVITATION
from program.roles.rules import Reader, Role
from program.settings import Settings
from program.sign_in.rules import sealed
from program.words import gettext as _
from program.words import spoken
from web.forms import LONGEST_TEXT, Form
from web.gate_rows import cohort_strip
from web.pages import at, page, see
from web.pictures import MonthStrip
from web.remembered import remembered
from web.visit import LEARNERS, UNPROCESSABLE, Visit, may

ON_A_PAGE = 50
LONGEST_NAME = 80
INSIDERS = (Role.LEAD, Role.SPONSOR, Role.REVIEWER, Role.COACH, *LEARNERS)
WITH_REASON = (CohortStep.PAUSE, CohortStep.STOP)


@get("/programs/{program:str}/cohorts/new", opt=may(Role.LEAD))
async def new(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    return await _new_page(request, visit, Form({"phase": request.query_params.get("phase", "")}))


@post("/programs/{program:str}/cohorts", opt=may(Role.LEAD))
async def form(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    sent = await Form.of(request)
    name, phase = sent.text("name", longest=LONGEST_NAME), sent.id("phase")
    if not sent.problems and phase is not None:
        with sent.refusals():
            cohort = await form_cohort(
                name,
                phase=phase,
                program=visit.program.id,
                by=visit.by.person,
                now=visit.now,
                sent=sent.sent,
            )
            return see(at(visit, "cohorts", cohort), toast=_("Your cohort stands. Now invite its people."))
    return await _new_page(request, visit, sent, status=UNPROCESSABLE)


@get("/programs/{program:str}/cohorts/{cohort:uuid}", opt=may(*INSIDERS))
async def show(
    request: Request[Any, Any, Any],
    cohort: FromPath[UUID],
    visit: NamedDependency[Visit],
    settings: NamedDependency[Settings],
) -> Template:
    return await _show_page(request, cohort, visit, settings, Form())


@post("/programs/{program:str}/cohorts/{cohort:uuid}/steps", opt=may(Role.LEAD))
async def take_step(
    request: Request[Any, Any, Any],
    cohort: FromPath[UUID],
    visit: NamedDependency[Visit],
    settings: NamedDependency[Settings],
) -> Template | Redirect:
    form = await Form.of(request)
    step = form.choice("step", CohortStep, CohortStep.PREPARE)
    reason = form.text("reason", required=step in WITH_REASON, longest=LONGEST_TEXT)
    if not form.problems:
        with form.refusals():
            await _take(step, cohort, reason, visit)
            return see(at(visit, "cohorts", cohort), toast=_("Done."))
    return await _show_page(request, cohort, visit, settings, form, status=UNPROCESSABLE)


@get("/programs/{program:str}/cohorts/{cohort:uuid}/coaches/new", opt=may(Role.LEAD))
async def choose_coach(
    request: Request[Any, Any, Any], cohort: FromPath[UUID], visit: NamedDependency[Visit]
) -> Template:
    search = request.query_params.get("search", "").replace("\x00", "")
    return await _coach_page(request, cohort, visit, Form({"search": search}))


@post("/programs/{program:str}/cohorts/{cohort:uuid}/coaches", opt=may(Role.LEAD))
async def appoint(
    request: Request[Any, Any, Any], cohort: FromPath[UUID], visit: NamedDependency[Visit]
) -> Template | Redirect:
    form = await Form.of(request)
    person = form.id("person")
    if not form.problems and person is not None:
        with form.refusals():
            await appoint_coach(cohort, person, program=visit.program.id, by=visit.by.person, now=visit.now)
            return see(at(visit, "cohorts", cohort), toast=_("They coach this cohort from now on."))
    return await _coach_page(request, cohort, visit, form, status=UNPROCESSABLE)


@post("/programs/{program:str}/cohorts/{cohort:uuid}/coaches/{person:uuid}/end", opt=may(Role.LEAD))
async def end_coach(
    cohort: FromPath[UUID], person: FromPath[UUID], visit: NamedDependency[Visit]
) -> Redirect:
    await end_coaching(cohort, person, program=visit.program.id, by=visit.by.person, now=visit.now)
    return see(at(visit, "cohorts", cohort), toast=_("They no longer coach this cohort."))


async def _take(step: CohortStep, cohort: UUID, reason: str, visit: Visit) -> None:
    program, by, now, today = visit.program.id, visit.by.person, visit.now, visit.today
    match step:
        case CohortStep.PREPARE:
            await prepare_cohort(cohort, program=program, by=by, now=now)
        case CohortStep.START:
            await start_tracking(cohort, program=program, by=by, now=now, today=today)
        case CohortStep.PAUSE:
            await pause_cohort(cohort, program=program, reason=reason, by=by, now=now, today=today)
        case CohortStep.RESUME:
            await resume_cohort(cohort, program=program, by=by, now=now, today=today)
        case CohortStep.FINISH:
            await finish_cohort(cohort, program=program, by=by, now=now, today=today)
        case CohortStep.STOP:
            await stop_cohort(cohort, program=program, reason=reason, by=by, now=now, today=today)


async def _new_page(
    request: Request[Any, Any, Any], visit: Visit, form: Form, *, status: int = 200
) -> Template:
    phases = await phases_to_form_for(visit.program.id)
    return page(
        request,
        "cohorts/new.html",
        status=status,
        form=form,
        phases=[(str(phase.id), phase.name) for phase in phases],
        cohorts_at=at(visit, "cohorts"),
    )


async def _show_page(
    request: Request[Any, Any, Any],
    cohort: UUID,
    visit: Visit,
    settings: Settings,
    form: Form,
    *,
    status: int = 200,
) -> Template:
    lead = Role.LEAD in visit.reader.roles
    after = Form(request.query_params).id("after")
    shown = await remembered(
        visit, _shown, cohort, seen_by=visit.reader, today=visit.today, after=after, spoken=spoken()
    )
    found, members = shown.cohort, shown.members
    return page(
        request,
        "cohorts/show.html",
        status=status,
        form=form,
        cohort=found,
        opening=shown.opening,
        strip=shown.strip,
        members=members[:ON_A_PAGE],
        invited=[each for each in members[:ON_A_PAGE] if lead and each.state is EnrolmentState.INVITED],
        more_after=members[ON_A_PAGE - 1].enrolment if len(members) > ON_A_PAGE else None,
        fellows=() if members else await fellow_names(cohort, seen_by=visit.reader, most=ON_A_PAGE),
        lead=lead,
        link=lambda nonce: (
            f"{settings.address}/invitations/{sealed(nonce, purpose=INVITATION, secret=settings.secret)}"
        ),
        here=at(visit, "cohorts", cohort),
        with_reason=WITH_REASON,
        fresh_form=Form,
        state_text=state_text,
        member_state_text=member_state_text,
        counts_text=counts_text,
        bar_sentence=bar_sentence,
        step_text=step_text,
        step_meaning=step_meaning,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What of a cohort’s page changes only when something happens; `members` are one more than stand on a page."""

    cohort: CohortPage
    members: tuple[MemberLine, ...]
    opening: str
    strip: MonthStrip | None


async def _shown(
    cohort: UUID,
    *,
    seen_by: Reader,
    today: date,
    after: UUID | None,
    spoken: tuple[str, str],  # noqa: ARG001 -- what is remembered is remembered in one language
) -> _Shown:
    found = await cohort_page(cohort, seen_by=seen_by, today=today)
    month = found.month.number if found.month else None
    return _Shown(
        cohort=found,
        members=await member_lines(cohort, seen_by=seen_by, month=month, after=after, most=ON_A_PAGE + 1),
        opening=opening_sentence(found.state, paused=found.paused is not None, shut_before=found.opens_with),
        strip=cohort_strip(found.months, today, named=found.named).strip if found.months else None,
    )


async def _coach_page(
    request: Request[Any, Any, Any], cohort: UUID, visit: Visit, form: Form, *, status: int = 200
) -> Template:
    found = await cohort_page(cohort, seen_by=visit.reader, today=visit.today)
    search = form.text("search", required=False)
    people = await possible_coaches(cohort, program=visit.program.id, search=search, most=ON_A_PAGE)
    return page(
        request,
        "cohorts/coach.html",
        status=status,
        form=form,
        cohort=found,
        people=[
            (str(one.person), ", ".join(filter(None, (one.name, one.job_title, one.department))))
            for one in people
        ],
        here=at(visit, "cohorts", cohort),
    )


HANDLERS = (new, form, show, take_step, choose_coach, appoint, end_coach)
