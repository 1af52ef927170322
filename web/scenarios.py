"""Scenarios: a conversation that is played an answer at a time, and back to try another way."""

from typing import Any
from uuid import UUID

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from playbooks.scenarios.actions import WentOnElsewhere, go_back, say
from playbooks.scenarios.queries import ScenarioPage, scenario_page
from playbooks.scenarios.rules import MOST_CHOICES, MOST_STEPS
from playbooks.tracks.own_tracks import OwnTrack
from playbooks.tracks.queries import track_of
from program.refusals import NotFound
from web.forms import Form
from web.pages import at, page, see
from web.visit import LEARNERS, UNPROCESSABLE, Visit, may

MOST_TRIES = 100_000


@post("/programs/{program:str}/training/{track:uuid}/modules/{module:uuid}/answers", opt=may(*LEARNERS))
async def answer(
    request: Request[Any, Any, Any],
    visit: NamedDependency[Visit],
    track: FromPath[UUID],
    module: FromPath[UUID],
) -> Template | Redirect:
    form = await Form.of(request)
    place = _whole(form, "answer", MOST_CHOICES)
    number, after = _whole(form, "number", MOST_TRIES), _whole(form, "after", MOST_STEPS)
    if form.problems:
        raise NotFound
    elsewhere = ""
    try:
        await say(
            place,
            module,
            number=number,
            after=after,
            track=track,
            program=visit.program.id,
            by=visit.by.person,
            now=visit.now,
            today=visit.today,
        )
    except WentOnElsewhere as refusal:
        elsewhere = refusal.sentence()
    if not elsewhere:
        return see(at(visit, "training", track, "modules", module))
    own = await track_of(visit.by.person, visit.program.id, track, today=visit.today, now=visit.now)
    return await show_scenario(request, visit, own, module, elsewhere=elsewhere, status=UNPROCESSABLE)


@post("/programs/{program:str}/training/{track:uuid}/modules/{module:uuid}/return", opt=may(*LEARNERS))
async def back(
    request: Request[Any, Any, Any],
    visit: NamedDependency[Visit],
    track: FromPath[UUID],
    module: FromPath[UUID],
) -> Redirect:
    form = await Form.of(request)
    number, to = _whole(form, "number", MOST_TRIES), _whole(form, "to", MOST_STEPS)
    if form.problems:
        raise NotFound
    await go_back(
        module,
        number=number,
        to=to,
        track=track,
        program=visit.program.id,
        by=visit.by.person,
        now=visit.now,
        today=visit.today,
    )
    return see(at(visit, "training", track, "modules", module))


async def show_scenario(
    request: Request[Any, Any, Any],
    visit: Visit,
    own: OwnTrack,
    module: UUID,
    *,
    elsewhere: str = "",
    status: int = 200,
) -> Template:
    """The conversation so far, with what may be said next or how it came out."""
    found: ScenarioPage = await scenario_page(module, person=visit.by.person, own=own)
    return page(
        request,
        "scenarios/show.html",
        status=status,
        played=found,
        track=own,
        module=found.module,
        place=own.place_of(module),
        elsewhere=elsewhere,
        form=Form(),
    )


def _whole(form: Form, name: str, most: int) -> int:
    return form.whole(name, least=0, most=most, otherwise=0)


HANDLERS = (answer, back)
