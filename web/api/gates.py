"""Gates: what holds each shut and until when probably, what it asks for and where that stands, and how it was decided."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from cohorts.gates.queries import gate_page, gate_state_and_forecast
from cohorts.gates.told import Gate, GateInside, gate_told, inside_told, line_told
from program.access_tokens.rules import Scope
from program.told import Reason
from web.api.decisions import (
    Condition,
    CurrentVote,
    Decision,
    conditions_of,
    current_votes,
    decision_of,
    lacks_of,
)
from web.api.paging import Page, Paging
from web.visit import EVERYBODY_LISTED, Visit, may_call


class Hold(Struct, frozen=True, kw_only=True):
    """A hold in force: nobody opens the gate before `until_on`."""

    until_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateDetails(Gate):
    """A gate as far as one may see it. `inside` is for members and coaches of its phase, leads, sponsors and reviewers;
    `hold`, `votes`, `lacks` and `decision` are for the last three; what one may not see is null.

    `lacks` is what the current votes still lack; `reason` says why it was decided so; `conditions` are those it was
    opened with, all or those that one sees to.
    """

    inside: GateInside | None
    hold: Hold | None
    votes: list[CurrentVote] | None
    lacks: list[Reason] | None
    decision: Decision | None
    reason: str | None
    conditions: list[Condition]


@get(
    "/programs/{program:str}/gates",
    opt=may_call(Scope.PROGRAM_READ, *EVERYBODY_LISTED),
    operation_id="listGates",
    tags=["Gates"],
)
async def gates(visit: NamedDependency[Visit], paging: NamedDependency[Paging]) -> Response[Page[Gate]]:
    """The gates of the rollout in their order: whether they are open, and when they probably will be ready."""
    found = await gate_state_and_forecast(visit.program.id, today=visit.today)
    return paging.page_of_all(
        found, key=lambda each: str(each.id), told=lambda each: line_told(each, visit.today)
    )


@get(
    "/programs/{program:str}/gates/{gate:uuid}",
    opt=may_call(Scope.PROGRAM_READ, *EVERYBODY_LISTED),
    operation_id="getGate",
    tags=["Gates"],
)
async def gate(visit: NamedDependency[Visit], gate: FromPath[UUID]) -> GateDetails:
    """A gate with what holds it shut, in words and codes. Names of people come with the scope people:read only."""
    page = await gate_page(gate, seen_by=visit.reader, today=visit.today)
    names = Scope.PEOPLE_READ in visit.scopes
    panel, decision = page.panel, page.decision
    return GateDetails(
        **asdict(gate_told(page, visit.today)),
        inside=inside_told(page.inside, visit.today) if page.inside else None,
        hold=Hold(until_on=panel.hold.until_on, reason=panel.hold.reason) if panel and panel.hold else None,
        votes=current_votes(panel, names=names) if panel else None,
        lacks=lacks_of(panel, visit.today) if panel else None,
        decision=decision_of(decision, names=names) if decision else None,
        reason=page.reason,
        conditions=conditions_of(page.conditions, names=names),
    )


HANDLERS = (gates, gate)
