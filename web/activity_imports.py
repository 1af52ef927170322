"""Bringing in a file of what one did: choosing it, watching it being read, looking at what it says, confirming."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cohorts.activities.queries import own_course
from cohorts.activities.words import activity_text, network_text
from cohorts.activity_files.reading import template_csv
from cohorts.activity_files.rules import OUR_COLUMNS
from cohorts.activity_files.words import column_text
from cohorts.activity_imports.actions import (
    FileTooLarge,
    confirm,
    give_up,
    part_twins,
    say_columns,
    send_file,
)
from cohorts.activity_imports.queries import FilePage, file_page, files_of
from cohorts.activity_imports.reading import read_next
from cohorts.activity_imports.rules import LARGEST_FILE_BYTES, PIECE_BYTES, READ_AT_ONCE_BYTES, Fate, State
from cohorts.activity_imports.words import (
    came_sentence,
    fate_text,
    format_text,
    left_out_sentence,
    trouble_sentence,
    whose_question,
)
from program.form_keys.actions import Sent
from program.words import gettext as _
from web.forms import Form
from web.pages import at, page, see
from web.visit import LEARNERS, UNPROCESSABLE, Visit, may, visit_of

AROUND_THE_FILE_BYTES = 100_000
LONGEST_FILE_NAME = 120
TOO_LARGE = 413
MOST_DIGITS = 9
PROGRESS = "import-progress"


def _too_large(request: Request[Any, Any, Any], problem: HTTPException) -> Template:
    """What was too large was not read; the page to choose another file is."""
    form = Form()
    if problem.status_code == TOO_LARGE:
        form.refuse("file", FileTooLarge().sentence())
    else:
        form.refuse("file", _("The file did not arrive whole. Please send it once more."))
    return page(
        request,
        "activity_imports/index.html",
        status=problem.status_code,
        **_choice(visit_of(request), form),
        files=(),
        tracked=True,
    )


@get("/programs/{program:str}/activities/imports", opt=may(*LEARNERS))
async def index(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    return await _index(request, visit, Form())


@get("/programs/{program:str}/activities/imports/template", opt=may(*LEARNERS))
async def template() -> Response[bytes]:
    """An own list to begin with."""
    return Response(
        template_csv(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="activities.csv"'},
    )


@post(
    "/programs/{program:str}/activities/imports",
    opt=may(*LEARNERS),
    request_max_body_size=LARGEST_FILE_BYTES + AROUND_THE_FILE_BYTES,
    exception_handlers={TOO_LARGE: _too_large},
)
async def send(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    file = form.files.get("file")
    if file is None or not file.filename:
        form.refuse("file", _("Please choose a file."))
    else:
        size = file.file.seek(0, 2)
        await file.seek(0)
        with form.refusals():
            id = await send_file(
                _pieces(file),
                file_name=_storable(file.filename),
                program=visit.program.id,
                by=visit.by.person,
                now=visit.now,
                sent=Sent.of(form.key, f"{file.filename} {size}".encode("utf-8", "replace")),
            )
            if size <= READ_AT_ONCE_BYTES:
                await read_next(visit.now, only=id)
            return see(at(visit, "activities", "imports", id))
    return await _index(request, visit, form, status=UNPROCESSABLE)


@get("/programs/{program:str}/activities/imports/{activity_import:uuid}", opt=may(*LEARNERS))
async def show(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], activity_import: FromPath[UUID]
) -> Template | Response[None]:
    fate = Form({"fate": request.query_params.get("fate", "")}).one_of("fate", list(Fate), required=False)
    file = await file_page(
        activity_import,
        person=visit.by.person,
        program=visit.program.id,
        fate=Fate(fate) if fate else None,
        after=_line(request.query_params.get("after", "")) or 0,
    )
    if request.headers.get("HX-Target") != PROGRESS:
        return _show(request, visit, file, Form())
    if file.state in (State.SENT, State.CONFIRMED):
        return page(request, "activity_imports/_progress.html", **_shown(visit, file))
    return Response(None, headers={"HX-Redirect": at(visit, "activities", "imports", activity_import)})


@post("/programs/{program:str}/activities/imports/{activity_import:uuid}/columns", opt=may(*LEARNERS))
async def columns(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], activity_import: FromPath[UUID]
) -> Redirect:
    form = await Form.of(request)
    file = await file_page(activity_import, person=visit.by.person, program=visit.program.id)
    said = {
        heading.header: form.text(f"column-{place}", required=False) or None
        for place, heading in enumerate(file.headings)
    }
    await say_columns(activity_import, said, program=visit.program.id, by=visit.by.person, now=visit.now)
    if file.size <= READ_AT_ONCE_BYTES:
        await read_next(visit.now, only=activity_import)
    return see(at(visit, "activities", "imports", activity_import), toast=_("Read anew. It is remembered."))


@post("/programs/{program:str}/activities/imports/{activity_import:uuid}/twins", opt=may(*LEARNERS))
async def twins(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], activity_import: FromPath[UUID]
) -> Redirect:
    form = await Form.of(request)
    await part_twins(
        activity_import,
        _line(str(form.values.get("line", ""))),
        apart=form.yes("apart"),
        program=visit.program.id,
        by=visit.by.person,
    )
    return see(f"{at(visit, 'activities', 'imports', activity_import)}?fate={Fate.TWIN.value}#lines")


@post("/programs/{program:str}/activities/imports/{activity_import:uuid}/confirmation", opt=may(*LEARNERS))
async def take_in(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], activity_import: FromPath[UUID]
) -> Template | Redirect:
    form = await Form.of(request)
    if not form.problems:
        with form.refusals():
            await confirm(
                activity_import,
                mine=form.yes("mine"),
                reactions=not form.yes("without_reactions"),
                program=visit.program.id,
                by=visit.by.person,
                now=visit.now,
            )
            return see(at(visit, "activities", "imports", activity_import))
    file = await file_page(activity_import, person=visit.by.person, program=visit.program.id)
    return _show(request, visit, file, form, status=UNPROCESSABLE)


@post("/programs/{program:str}/activities/imports/{activity_import:uuid}/cancellation", opt=may(*LEARNERS))
async def cancel(visit: NamedDependency[Visit], activity_import: FromPath[UUID]) -> Redirect:
    await give_up(activity_import, program=visit.program.id, by=visit.by.person, now=visit.now)
    return see(at(visit, "activities", "imports"), toast=_("Forgotten. Nothing of it was kept."))


async def _index(request: Request[Any, Any, Any], visit: Visit, form: Form, *, status: int = 200) -> Template:
    person, program = visit.by.person, visit.program.id
    course = await own_course(person, program=program, today=visit.today)
    return page(
        request,
        "activity_imports/index.html",
        status=status,
        **_choice(visit, form),
        files=await files_of(person, program=program),
        tracked=course is not None and course.start is not None,
    )


def _choice(visit: Visit, form: Form) -> dict[str, Any]:
    return {
        "form": form,
        "here": at(visit, "activities"),
        "largest": LARGEST_FILE_BYTES,
        "too_large": FileTooLarge().sentence(),
        "format_text": format_text,
    }


def _show(
    request: Request[Any, Any, Any], visit: Visit, file: FilePage, form: Form, *, status: int = 200
) -> Template:
    templates = {
        State.SENT: "activity_imports/under_way.html",
        State.CONFIRMED: "activity_imports/under_way.html",
        State.READ: "activity_imports/show.html",
        State.UNREADABLE: "activity_imports/unreadable.html",
        State.DONE: "activity_imports/done.html",
    }
    return page(request, templates[file.state], status=status, form=form, **_shown(visit, file))


def _shown(visit: Visit, file: FilePage) -> dict[str, Any]:
    return {
        "file": file,
        "here": at(visit, "activities"),
        "at": at(visit, "activities", "imports", file.id),
        "fates": [(each.value, fate_text(each), file.counts[each]) for each in Fate if file.counts[each]],
        "columns": [(each, column_text(each)) for each in OUR_COLUMNS],
        "column_text": column_text,
        "activity_text": activity_text,
        "network_text": network_text,
        "format_text": format_text,
        "left_out_sentence": left_out_sentence,
        "trouble": trouble_sentence(file.trouble) if file.trouble else "",
        "came": came_sentence(file.came) if file.came else "",
        "whose": whose_question(file.handle, file.own_handles) if file.asks_whose else "",
    }


def _line(number: str) -> int | None:
    return int(number) if number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS else None


def _storable(name: str) -> str:
    """The end of a file's name, without what no database keeps."""
    plain = "".join(sign for sign in name if sign.isprintable())
    return plain.encode("utf-8", "ignore").decode()[-LONGEST_FILE_NAME:] or _("a file without a name")


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    """The upload lies on disk where it is large; only one piece of it is in memory at a time."""
    while piece := await file.read(PIECE_BYTES):
        yield piece


HANDLERS = (index, template, send, show, columns, twins, take_in, cancel)
