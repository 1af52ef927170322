"""The rollout: how far the program has come, circle by circle."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Template

from cohorts.cohorts.words import state_text
from cohorts.enrolments.words import counts_text
from cohorts.gates.queries import GateLine
from cohorts.gates.rules import GateState
from cohorts.phases.queries import PhaseLine, rollout
from cohorts.phases.rules import PhaseState
from cohorts.phases.words import capacity_text, gate_note, phase_note, phase_sentence
from program.roles.rules import Role
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
    return page(
        request,
        "rollout/show.html",
        phases=phases,
        rings=pictures.rings([_drawn(phase) for phase in phases]),
        opening=_opening(phases),
        may_form=Role.LEAD in visit.reader.roles,
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


def _opening(phases: Sequence[PhaseWords]) -> str:
    """What the page begins with: the phase that the rollout stands in, and its gate."""
    now = next((phase for phase in phases if phase.line.state is not PhaseState.PASSED), phases[-1])
    return f"{phase_sentence(now.line.name, now.line.state)} {now.gate}".rstrip()


HANDLERS = (show,)
