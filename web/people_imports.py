"""Taking a people file in: choosing it, looking at what it says, confirming."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cohorts.enrolments.queries import taking_part
from playbooks.set_up.queries import set_up_of
from playbooks.set_up.rules import Step
from program.form_keys.actions import Sent
from program.people.words import field_name, level_name, remark
from program.people_imports.actions import cancel_import, preview_import, take_in
from program.people_imports.queries import import_page, imports_of
from program.people_imports.words import changed_to, delimiter_name, encoding_name, problem_sentence
from program.roles.rules import Role
from program.words import gettext as _
from web.forms import Form
from web.pages import at, page, see
from web.people import page_number
from web.visit import RUNS_IT, UNPROCESSABLE, Visit, may

LARGEST_FILE_BYTES = 200_000_000
AROUND_THE_FILE_BYTES = 100_000
LONGEST_FILE_NAME = 120


@get("/programs/{program:str}/people/imports/new", opt=may(*RUNS_IT))
async def new(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    return await _choice_page(request, visit, Form())


@post(
    "/programs/{program:str}/people/imports",
    opt=may(*RUNS_IT),
    request_max_body_size=LARGEST_FILE_BYTES + AROUND_THE_FILE_BYTES,
)
async def upload(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    file = form.files.get("file")
    if file is None or not file.filename:
        form.refuse("file", _("Please choose a file."))
    else:
        content = await file.read()
        with form.refusals():
            people_import = await preview_import(
                content,
                file_name=file.filename[-LONGEST_FILE_NAME:],
                program=visit.program.id,
                by=visit.by.person,
                now=visit.now,
                sent=Sent.of(form.key, content),
            )
            return see(at(visit, "people", "imports", people_import))
    return await _choice_page(request, visit, form, status=UNPROCESSABLE)


@get("/programs/{program:str}/people/imports/{people_import:uuid}", opt=may(*RUNS_IT))
async def show(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], people_import: FromPath[UUID]
) -> Template:
    found = await import_page(people_import, seen_by=visit.reader, number=page_number(request))
    staying = await taking_part([leaver.id for leaver in found.leavers], program=visit.program.id)
    return page(
        request,
        "people_imports/done.html" if found.confirmed_at else "people_imports/show.html",
        file=found,
        taking_part=staying,
        form=Form(),
        here=at(visit, "people"),
        set_up_at=await _set_up_at(visit) if found.confirmed_at else "",
        pages_at=f"{at(visit, 'people', 'imports', people_import)}?page=",
        field_name=field_name,
        level_name=level_name,
        remark=remark,
        problem_sentence=problem_sentence,
        changed_to=changed_to,
        encoding_name=encoding_name,
        delimiter_name=delimiter_name,
    )


@post("/programs/{program:str}/people/imports/{people_import:uuid}/confirmation", opt=may(*RUNS_IT))
async def confirm(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], people_import: FromPath[UUID]
) -> Redirect:
    form = await Form.of(request)
    leavers = form.ids("leavers")
    await take_in(
        people_import,
        program=visit.program.id,
        leavers=leavers,
        taking_part=await taking_part(leavers, program=visit.program.id),
        by=visit.by.person,
        now=visit.now,
    )
    return see(at(visit, "people", "imports", people_import), toast=_("Taken in."))


@post("/programs/{program:str}/people/imports/{people_import:uuid}/cancellation", opt=may(*RUNS_IT))
async def cancel(visit: NamedDependency[Visit], people_import: FromPath[UUID]) -> Redirect:
    await cancel_import(people_import, program=visit.program.id, by=visit.by.person)
    return see(at(visit, "people"), toast=_("Forgotten. Nobody was added or changed."))


async def _set_up_at(visit: Visit) -> str:
    """Where a lead goes on with the set-up; "" once it is over."""
    if Role.LEAD not in visit.reader.granted or (await set_up_of(visit.program.id)).over:
        return ""
    return at(visit, "set-up", Step.PEOPLE.value)


async def _choice_page(
    request: Request[Any, Any, Any], visit: Visit, form: Form, *, status: int = 200
) -> Template:
    return page(
        request,
        "people_imports/new.html",
        status=status,
        form=form,
        here=at(visit, "people"),
        earlier=await imports_of(visit.reader),
    )


HANDLERS = (new, upload, show, confirm, cancel)
