"""The guided set-up of a program: one path from an empty installation to a pilot that is invited."""

from typing import Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from cohorts.cohorts.actions import form_cohort
from cohorts.cohorts.queries import phases_to_form_for
from playbooks.set_up.actions import go_through
from playbooks.set_up.queries import SetUp, set_up_of
from playbooks.set_up.rules import Step, StepState
from playbooks.set_up.words import step_words
from program.people.actions import Particulars, add_person
from program.people.queries import Filter, listed_person_at, people_page, role_holders
from program.programs.actions import describe_program
from program.programs.queries import program_line
from program.programs.rules import LONGEST_NAME
from program.roles.actions import HasRoleAlready, grant_role
from program.roles.rules import Role
from program.words import gettext as _
from web import pictures
from web.forms import LONGEST_TEXT, Form
from web.pages import at, page, see
from web.people import LONGEST_NAME as LONGEST_PERSON_NAME
from web.people import level_of, level_options
from web.visit import UNPROCESSABLE, Visit, may

MOST_NAMED = 8


@get("/programs/{program:str}/set-up", opt=may(Role.LEAD))
async def show(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    """The next step; once somebody was invited, all that was settled."""
    set_up = await set_up_of(visit.program.id)
    if set_up.progress.next:
        return see(step_at(visit, set_up.progress.next))
    return page(request, "set_up/over.html", way=way(visit, set_up, None), rollout_at=at(visit, "rollout"))


@get("/programs/{program:str}/set-up/purpose", opt=may(Role.LEAD))
async def purpose(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    known = await program_line(visit.program.id)
    form = Form({"name": known.name, "purpose": known.purpose})
    return await step_page(request, visit, Step.PURPOSE, form=form)


@post("/programs/{program:str}/set-up/purpose", opt=may(Role.LEAD))
async def say_purpose(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    name = form.text("name", longest=LONGEST_NAME)
    told = form.text("purpose", longest=LONGEST_TEXT)
    if not form.problems:
        with form.refusals():
            await describe_program(visit.program.id, name, told, by=visit.by.person, now=visit.now)
            return await go_on(visit, Step.PURPOSE)
    return await step_page(request, visit, Step.PURPOSE, form=form, status=UNPROCESSABLE)


@get("/programs/{program:str}/set-up/sponsor", opt=may(Role.LEAD))
async def sponsor(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    return await _sponsor_page(request, visit, Form())


@post("/programs/{program:str}/set-up/sponsor", opt=may(Role.LEAD))
async def name_sponsor(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    """Lists them among the program’s people, where they are not, and gives them the role, of which a letter tells."""
    form = await Form.of(request)
    email = form.email("email")
    known = await listed_person_at(email, seen_by=visit.reader)
    name = form.text("name", required=known is None, longest=LONGEST_PERSON_NAME)
    if not form.problems:
        with form.refusals():
            person = known or await add_person(
                Particulars(name=name, email=email),
                program=visit.program.id,
                by=visit.by.person,
                now=visit.now,
                sent=form.sent,
            )
            try:
                await grant_role(
                    Role.SPONSOR, program=visit.program.id, to=person, by=visit.by.person, now=visit.now
                )
            except HasRoleAlready:
                return await go_on(visit, Step.SPONSOR)
            return await go_on(visit, Step.SPONSOR, toast=_("Named. A letter to them is on its way."))
    return await _sponsor_page(request, visit, form, status=UNPROCESSABLE)


@post("/programs/{program:str}/set-up/sponsor/later", opt=may(Role.LEAD))
async def leave_sponsor(visit: NamedDependency[Visit]) -> Redirect:
    await go_through(Step.SPONSOR, program=visit.program.id, by=visit.by.person, now=visit.now)
    return await go_on(visit, Step.SPONSOR)


@get("/programs/{program:str}/set-up/people", opt=may(Role.LEAD))
async def people(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    return await _people_page(request, visit, Form())


@post("/programs/{program:str}/set-up/people", opt=may(Role.LEAD))
async def list_person(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    told = Particulars(
        name=form.text("name", longest=LONGEST_PERSON_NAME),
        email=form.email("email"),
        job_title=form.text("job_title", required=False) or None,
        department=form.text("department", required=False) or None,
        level=level_of(form),
    )
    if not form.problems:
        with form.refusals():
            await add_person(
                told, program=visit.program.id, by=visit.by.person, now=visit.now, sent=form.sent
            )
            return see(
                step_at(visit, Step.PEOPLE), toast=_("%(name)s is listed. Who else?") % {"name": told.name}
            )
    return await _people_page(request, visit, form, status=UNPROCESSABLE)


@post("/programs/{program:str}/set-up/people/enough", opt=may(Role.LEAD))
async def enough_people(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit]
) -> Template | Redirect:
    form = await Form.of(request)
    if not form.problems:
        with form.refusals():
            await go_through(Step.PEOPLE, program=visit.program.id, by=visit.by.person, now=visit.now)
            return await go_on(visit, Step.PEOPLE)
    return await _people_page(request, visit, form, status=UNPROCESSABLE)


@get("/programs/{program:str}/set-up/pilot", opt=may(Role.LEAD))
async def pilot(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    """Asks for the pilot’s name; once it is formed, leads to where its people are chosen."""
    set_up = await set_up_of(visit.program.id)
    if set_up.pilot:
        return see(at(visit, "cohorts", set_up.pilot, "invitations", "new"))
    (first, *_rest) = await phases_to_form_for(visit.program.id)
    return await step_page(request, visit, Step.PILOT, form=Form({"name": first.name}))


@post("/programs/{program:str}/set-up/pilot", opt=may(Role.LEAD))
async def form_pilot(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    name = form.text("name", longest=LONGEST_NAME)
    if not form.problems:
        with form.refusals():
            (first, *_rest) = await phases_to_form_for(visit.program.id)
            cohort = await form_cohort(
                name,
                phase=first.id,
                program=visit.program.id,
                by=visit.by.person,
                now=visit.now,
                sent=form.sent,
            )
            return see(at(visit, "cohorts", cohort, "invitations", "new"))
    return await step_page(request, visit, Step.PILOT, form=form, status=UNPROCESSABLE)


@get("/programs/{program:str}/set-up/invitations", opt=may(Role.LEAD))
async def invitations(visit: NamedDependency[Visit]) -> Redirect:
    """Where the pilot’s letter is looked at; before there is a pilot, where it is formed."""
    set_up = await set_up_of(visit.program.id)
    if set_up.pilot is None:
        return see(step_at(visit, Step.PILOT))
    return see(at(visit, "cohorts", set_up.pilot, "invitations", "letter"))


def step_at(visit: Visit, step: Step) -> str:
    return at(visit, "set-up", step.value)


async def go_on(visit: Visit, after: Step, *, toast: str | None = None) -> Redirect:
    """To the step that comes next; whoever came back to mend one finds it saved, and the way below."""
    following = (await set_up_of(visit.program.id)).progress.next
    if following is None:
        return see(step_at(visit, after), toast=toast or _("Saved."))
    return see(step_at(visit, following), toast=toast)


def way(visit: Visit, set_up: SetUp, here: Step | None) -> list[pictures.Step]:
    """The steps, what is done, and where one is."""
    return [
        pictures.Step(
            title=step_words(standing.step).name,
            state=_stone(standing.step is here, standing.state),
            note=_("left for later") if standing.state is StepState.SKIPPED else "",
            href=step_at(visit, standing.step),
        )
        for standing in set_up.progress.steps
    ]


def _stone(here: bool, state: StepState) -> pictures.StepState:
    if here:
        return pictures.StepState.NEXT
    return pictures.StepState.DONE if state is StepState.DONE else pictures.StepState.TODO


async def step_page(
    request: Request[Any, Any, Any], visit: Visit, step: Step, *, status: int = 200, **more: Any
) -> Template:
    """The page of a step, with the way beside it."""
    set_up = await set_up_of(visit.program.id)
    return page(
        request,
        f"set_up/{step.value}.html",
        status=status,
        place=list(Step).index(step) + 1,
        words=step_words(step),
        set_up=set_up,
        way=way(visit, set_up, step),
        here=step_at(visit, step),
        next_at=at(visit, "set-up"),
        **more,
    )


async def _sponsor_page(
    request: Request[Any, Any, Any], visit: Visit, form: Form, *, status: int = 200
) -> Template:
    holders = [one for one in await role_holders(visit.reader) if one.role is Role.SPONSOR]
    found = await people_page(Filter(), seen_by=visit.reader)
    return await step_page(
        request,
        visit,
        Step.SPONSOR,
        form=form,
        sponsors=holders,
        listed=[one for one in found.people if one.id != visit.by.person],
        people_at=at(visit, "people"),
        status=status,
    )


async def _people_page(
    request: Request[Any, Any, Any], visit: Visit, form: Form, *, status: int = 200
) -> Template:
    found = await people_page(Filter(), seen_by=visit.reader)
    beside = [one.name for one in found.people if one.id != visit.by.person][:MOST_NAMED]
    return await step_page(
        request,
        visit,
        Step.PEOPLE,
        form=form,
        found=found,
        beside=", ".join(beside),
        shown=len(beside),
        people_at=at(visit, "people"),
        level_options=level_options(),
        status=status,
    )


HANDLERS = (
    show,
    purpose,
    say_purpose,
    sponsor,
    name_sponsor,
    leave_sponsor,
    people,
    list_person,
    enough_people,
    pilot,
    form_pilot,
    invitations,
)
