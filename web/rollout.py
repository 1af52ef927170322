"""The rollout: how far the program has come, circle by circle."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Template

from cohorts.cohorts.rules import CohortState
from cohorts.cohorts.words import state_text
from cohorts.enrolments.words import counts_text
from cohorts.gates.queries import GateLine
from cohorts.gates.rules import GateState
from cohorts.phases.queries import PhaseLine, rollout
from cohorts.phases.rules import PhaseState
from cohorts.phases.words import capacity_text, gate_note, phase_heading, phase_note
from program.roles.rules import Role
from program.words import gettext as _
from web import pictures
from web.pages import at, page
from web.visit import EVERYBODY_LISTED, Visit, may

DRAWN = {GateState.OPENED: pictures.GateState.OPENED, GateState.READY: pictures.GateState.READY}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseWords:
    """A phase with what is said of it."""

    line: PhaseLine
    note: str
    places: str
    gate: str


@get("/programs/{program:str}/rollout", opt=may(*EVERYBODY_LISTED, Role.OWNER))
async def show(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    phases = [_told(line, visit) for line in await rollout(seen_by=visit.reader, today=visit.today)]
    now = next((phase for phase in phases if phase.line.state is not PhaseState.PASSED), phases[-1])
    may_form = Role.LEAD in visit.reader.roles
    return page(
        request,
        "rollout/show.html",
        phases=phases,
        rings=pictures.rings([_drawn(phase) for phase in phases]),
        heading=_heading(now.line, visit.today),
        lede=_lede(now, may_form=may_form),
        may_form=may_form,
        cohorts_at=at(visit, "cohorts"),
        gates_at=at(visit, "gates"),
        state_text=state_text,
        counts_text=counts_text,
    )


def _told(line: PhaseLine, visit: Visit) -> PhaseWords:
    return PhaseWords(
        line=line,
        note=phase_note(line.state, len(line.cohorts)),
        places=capacity_text(line.capacity),
        gate=_gate_words(line.gate, visit) if line.gate else "",
    )


def _gate_words(gate: GateLine, visit: Visit) -> str:
    return gate_note(gate.state, gate.expected_on, waits=gate.waits, today=visit.today)


def _drawn(phase: PhaseWords) -> pictures.Phase:
    gate = phase.line.gate
    return pictures.Phase(
        name=phase.line.name,
        note=phase.note,
        fill=phase.line.come,
        gate=DRAWN.get(gate.state, pictures.GateState.SHUT) if gate else None,
        gate_note=phase.gate,
    )


def _heading(line: PhaseLine, today: date) -> str:
    """Where the rollout stands; the month of its first cohort is for those who see the cohort's figures."""
    starts = [
        cohort.tracking_start_on
        for cohort in line.cohorts
        if cohort.state is CohortState.RUNNING and cohort.counts is not None and cohort.tracking_start_on
    ]
    come = relativedelta(today, min(starts)) if starts else None
    month = come.years * 12 + come.months + 1 if come else None
    return phase_heading(line.name, line.state, cohorts=len(line.cohorts), month=month)


def _lede(now: PhaseWords, *, may_form: bool) -> str:
    """What the phase that the rollout stands in waits for."""
    if now.line.cohorts or now.line.state is not PhaseState.CAN_BEGIN:
        return now.gate
    if may_form:
        return _("Form its first cohort, and invite people whom you trust to speak.")
    return _("Its first cohort has yet to be formed.")


HANDLERS = (show,)
