"""Moving the clock of a demo or test, and what comes of it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from litestar import Request, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from playbooks.clock.queries import what_came_of_it
from playbooks.clock.rules import Aftermath
from playbooks.clock.words import aftermath_sentence
from program.installation.actions import ClockIsReal, move_clock
from program.refusals import NotFound
from program.roles.rules import Role
from program.words import day_text
from program.words import gettext as _
from web.forms import Form
from web.pages import CLOCK_COOKIE, page, see
from web.sign_in import own_path
from web.visit import UNPROCESSABLE, Visit, may

MOST_DAYS = 3_660
SECONDS_OF_NEWS = 600


@get("/clock", opt=may(Role.OWNER))
async def show(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    """Of a demo or test only."""
    if visit.clock.mark is None:
        raise NotFound
    return await _page(request, visit, Form())


@get("/clock/news", opt=may(Role.OWNER))
async def news(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    """Whether the world has caught up with the clock, and then what came of moving it: a fragment of the banner."""
    if visit.clock.mark is None:
        raise NotFound
    return page(request, "clock/_news.html", **_news(await what_came_of_it()))


@post("/clock", opt=may(Role.OWNER))
async def move(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    """Forward by `days`, or to the noon (UTC) of the day `to`; then on with the page on which one was."""
    if visit.clock.mark is None:
        raise ClockIsReal
    form = await Form.of(request)
    if "days" in form.values:
        days = form.whole("days", least=1, most=MOST_DAYS, otherwise=0)
        to = visit.now + timedelta(days=days)
    else:
        to = datetime.combine(form.day("to", otherwise=date.min), time(12), UTC)
    if not form.problems:
        with form.refusals():
            await move_clock(to, by=visit.by.person)
            answer = see(own_path(form.text("next", required=False)), toast=_("The clock was moved."))
            answer.cookies.append(
                Cookie(key=CLOCK_COOKIE, value="moved", max_age=SECONDS_OF_NEWS, path="/", httponly=True)
            )
            return answer
    return await _page(request, visit, form, status=UNPROCESSABLE)


async def _page(request: Request[Any, Any, Any], visit: Visit, form: Form, *, status: int = 200) -> Template:
    return page(
        request,
        "clock/show.html",
        status=status,
        form=form,
        day=day_text(visit.today),
        tomorrow=(visit.today + timedelta(days=1)).isoformat(),
        **_news(await what_came_of_it()),
    )


def _news(aftermath: Aftermath | None) -> dict[str, Any]:
    return {
        "catching_up": aftermath is not None and not aftermath.swept,
        "sentence": aftermath_sentence(aftermath) if aftermath and aftermath.swept else "",
    }


HANDLERS = (show, news, move)
