"""The tracks of a program, for those who run it."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from playbooks.assessments.rules import FEWEST_QUESTIONS
from playbooks.certificates.words import state_text
from playbooks.clearances.words import clearance_text
from playbooks.tracks.actions import change_assessment
from playbooks.tracks.queries import TrackLine, track_desk, track_lines
from program.roles.rules import Role
from program.words import gettext as _
from web.forms import Form
from web.pages import at, page, see
from web.visit import UNPROCESSABLE, Visit, may

MOST_PAGES = 10_000


@get("/programs/{program:str}/tracks", opt=may(Role.LEAD, Role.COACH))
async def index(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    tracks = await track_lines(visit.reader)
    return page(
        request,
        "tracks/index.html",
        tracks=tracks,
        sees_all=visit.reader.is_any(Role.LEAD),
        fewest=FEWEST_QUESTIONS,
        may_lay_out=visit.reader.is_any(Role.LEAD),
    )


@get("/programs/{program:str}/tracks/{track:uuid}", opt=may(Role.LEAD, Role.COACH))
async def show(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], track: FromPath[UUID]
) -> Template:
    return await _page(request, visit, track)


@post("/programs/{program:str}/tracks/{track:uuid}", opt=may(Role.LEAD))
async def change(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], track: FromPath[UUID]
) -> Template | Redirect:
    form = await Form.of(request)
    pass_percent = form.whole("pass_percent", least=1, most=100, otherwise=0)
    attempts_allowed = form.whole("attempts_allowed", least=1, most=20, otherwise=0)
    wait_hours = form.whole("wait_hours", least=0, most=720, otherwise=0)
    questions_asked = form.whole("questions_asked", least=1, most=50, otherwise=0)
    if form.problems:
        return await _page(request, visit, track, form, status=UNPROCESSABLE)
    await change_assessment(
        track,
        pass_percent=pass_percent,
        attempts_allowed=attempts_allowed,
        wait_hours=wait_hours,
        questions_asked=questions_asked,
        program=visit.program.id,
        by=visit.by.person,
        now=visit.now,
    )
    return see(at(visit, "tracks", track), toast=_("Kept. Tries under way go on as they began."))


async def _page(
    request: Request[Any, Any, Any], visit: Visit, track: UUID, form: Form | None = None, *, status: int = 200
) -> Template:
    wanted = request.query_params.get("page", "1")
    number = (
        int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < len(str(MOST_PAGES)) else 1
    )
    desk = await track_desk(track, seen_by=visit.reader, today=visit.today, page=max(number, 1))
    return page(
        request,
        "tracks/show.html",
        status=status,
        desk=desk,
        form=form or _form_of(desk.track),
        may_change=visit.reader.is_any(Role.LEAD),
        fewest=FEWEST_QUESTIONS,
        state_text=state_text,
        clearance_text=clearance_text,
    )


def _form_of(track: TrackLine) -> Form:
    return Form(
        {
            "pass_percent": str(track.pass_percent),
            "attempts_allowed": str(track.attempts_allowed),
            "wait_hours": str(track.wait_hours),
            "questions_asked": str(track.questions_asked),
        }
    )


HANDLERS = (index, show, change)
