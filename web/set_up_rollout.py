"""A step of the set-up: the circles that the program widens through, and what the first gate asks."""

from typing import Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from cohorts.gates.queries import gate_page
from cohorts.phases.actions import FirstGateAsks, PhaseTold, lay_out_rollout
from cohorts.phases.queries import LaidOut, laid_out
from playbooks.set_up.actions import go_through
from playbooks.set_up.rules import Step
from program.roles.rules import Role
from web.forms import Form
from web.gate_rows import rows
from web.pages import at
from web.set_up import go_on, step_page
from web.visit import UNPROCESSABLE, Visit, may

LONGEST_NAME = 40
MOST_PEOPLE = 1_000_000
MOST_MONTHS = 60
MOST_LEARNINGS = 1_000


@get("/programs/{program:str}/set-up/rollout", opt=may(Role.LEAD))
async def show(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    standing = await laid_out(visit.program.id)
    return await _page(request, visit, Form(_values(standing)), standing)


@post("/programs/{program:str}/set-up/rollout", opt=may(Role.LEAD))
async def lay_out(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    standing = await laid_out(visit.program.id)
    form = await Form.of(request)
    phases = [_told(form, phase.position, last=phase is standing.phases[-1]) for phase in standing.phases]
    asks = _asked(form, standing)
    if not form.problems:
        with form.refusals():
            await lay_out_rollout(visit.program.id, phases, asks, by=visit.by.person, now=visit.now)
            await go_through(Step.ROLLOUT, program=visit.program.id, by=visit.by.person, now=visit.now)
            return await go_on(visit, Step.ROLLOUT)
    return await _page(request, visit, form, standing, status=UNPROCESSABLE)


def _told(form: Form, position: int, *, last: bool) -> PhaseTold:
    """Empty places are places for everybody, which only the last circle has."""
    field = f"capacity-{position}"
    everybody = last and not form.text(field, required=False)
    return PhaseTold(
        name=" ".join(form.text(f"name-{position}", longest=LONGEST_NAME).split()),
        capacity=None if everybody else form.whole(field, least=1, most=MOST_PEOPLE, otherwise=1),
        audience=form.text(f"audience-{position}", required=False) or None,
    )


def _asked(form: Form, standing: LaidOut) -> FirstGateAsks:
    """What the gate no longer asks for, because somebody took it away, has no field."""
    asks = standing.asks
    return FirstGateAsks(
        months=form.whole("months", least=1, most=MOST_MONTHS, otherwise=asks.months),
        took_part=None
        if asks.took_part is None
        else form.whole("took_part", least=1, most=100, otherwise=asks.took_part),
        learnings=None
        if asks.learnings is None
        else form.whole("learnings", least=0, most=MOST_LEARNINGS, otherwise=asks.learnings),
    )


def _values(standing: LaidOut) -> dict[str, str | list[str]]:
    values: dict[str, str | list[str]] = {
        "months": str(standing.asks.months),
        "took_part": str(standing.asks.took_part),
        "learnings": str(standing.asks.learnings),
    }
    for phase in standing.phases:
        values[f"name-{phase.position}"] = phase.name
        values[f"capacity-{phase.position}"] = str(phase.capacity or "")
        values[f"audience-{phase.position}"] = phase.audience or ""
    return values


async def _page(
    request: Request[Any, Any, Any], visit: Visit, form: Form, standing: LaidOut, *, status: int = 200
) -> Template:
    gate_at = at(visit, "gates", standing.gate)
    gate = await gate_page(standing.gate, seen_by=visit.reader, today=visit.today)
    return await step_page(
        request,
        visit,
        Step.ROLLOUT,
        form=form,
        standing=standing,
        asked=rows(gate.inside, visit.today, here=gate_at) if gate.inside else [],
        gate_at=gate_at,
        status=status,
    )


HANDLERS = (show, lay_out)
