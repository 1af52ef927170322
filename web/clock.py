"""Moving the clock of a demo or test."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from program.installation.actions import ClockRunsForward, move_clock
from program.roles.rules import Role
from program.words import gettext as _
from web.forms import Form
from web.pages import see
from web.visit import Visit, may


@post("/clock", opt=may(Role.OWNER))
async def move(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Redirect:
    """Forward by `days`, or to the noon (UTC) of the day `to`."""
    form = await Form.of(request)
    if "to" in form.values:
        day = form.day("to", otherwise=date.min)
        to = datetime.combine(day, time(12), UTC)
    else:
        to = visit.now + timedelta(days=form.whole("days", least=1, most=3660, otherwise=0))
    if form.problems:
        raise ClockRunsForward
    await move_clock(to, by=visit.by.person)
    return see("/", toast=_("The clock was moved."))


HANDLERS = (move,)
