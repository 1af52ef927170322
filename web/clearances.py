"""What I may do now, from listening to responding in a crisis, why, and what would lift it."""

from typing import Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Template

from playbooks.clearances.queries import ClearancePage, Rung, clearance_page
from playbooks.clearances.words import (
    clearance_meaning,
    clearance_name,
    clearance_reason_sentence,
    clearance_sentence,
)
from web.pages import page
from web.pictures import Step, StepState
from web.visit import LEARNERS, Visit, may


@get("/programs/{program:str}/clearance", opt=may(*LEARNERS))
async def show(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    found = await clearance_page(visit.reader, today=visit.today, now=visit.now)
    return page(
        request,
        "clearances/show.html",
        sentence=clearance_sentence(found.standing.clearance),
        why_not_more=[clearance_reason_sentence(why, visit.today) for why in found.standing.why_not_higher],
        rungs=[(rung, _step(found, rung)) for rung in found.rungs],
    )


def _step(found: ClearancePage, rung: Rung) -> Step:
    """The first rung that is not reached is the next one."""
    ahead = next((each for each in found.rungs if not each.may), None)
    state = StepState.DONE if rung.may else StepState.NEXT if rung is ahead else StepState.LOCKED
    return Step(title=clearance_name(rung.clearance), state=state, note=clearance_meaning(rung.clearance))


HANDLERS = (show,)
