"""Gates as their readers see them: judged as they stand, or decided once and for all."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cohorts.criteria.rules import CriterionKind, Standing, withheld
from cohorts.decisions.queries import DecisionView, Gatekeeper, decision_view, gatekeepers
from cohorts.decisions.rules import Lack, Undecided, Vote, decision_of, may_vote
from cohorts.evidence.rules import AsItStood
from cohorts.forecasts.rules import (
    Forecast,
    GateForecast,
    Trend,
    forecast,
    trend,
)
from cohorts.gates.judged import Hold, JudgedGate, Judgement, judged_gates, the_gate
from cohorts.gates.rules import CriterionNotMet, GateState, Holding, Outcome
from cohorts.months.rules import CohortMonths
from program.refusals import NotFound
from program.roles.rules import JOINED, Reader, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLine:
    """What everybody in the program may know of a gate: its state, and when it will probably be ready.

    `expected_on` is the latest of the days that can be told; `waits` where something has no day.
    """

    id: UUID
    phase: UUID
    name: str
    opens: UUID
    opens_name: str
    state: GateState
    overridden: bool
    decided_at: datetime | None
    expected_on: date | None
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionLine:
    """A row of what the gate asks for. `withheld` where too few people stand behind its figure for this reader."""

    standing: Standing
    met: bool
    forecast: Forecast | None
    trend: Trend | None
    withheld: bool
    may_tick: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What a gate asks for and where that stands; as it was on the day of the decision, once there is one."""

    cohorts: tuple[CohortMonths, ...]
    criteria: tuple[CriterionLine, ...]
    holding: tuple[Holding, ...]
    months_forecast: Forecast | None
    forecast: GateForecast | None
    named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What its gatekeepers want, and what their votes still lack."""

    gatekeepers: tuple[Gatekeeper, ...]
    lacks: tuple[Lack, ...]
    hold: Hold | None
    may_vote: bool
    may_lead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GatePage:
    """A gate as one reader sees it. What they may not see is None."""

    line: GateLine
    invited: int
    inside: Inside | None
    panel: Panel | None
    decision: DecisionView | None
    reason: str | None


async def gate_state_and_forecast(program: UUID, *, today: date) -> list[GateLine]:
    """For each gate of a program, what everybody in it may know."""
    return [line_of(gate) for gate in await judged_gates(program, today=today)]


async def gate_page(gate: UUID, *, seen_by: Reader, today: date) -> GatePage:
    """A gate, and as much about it as the reader may see: members and coaches of its cohorts what it asks for and why
    it was decided so, its leads, sponsors and reviewers also the votes, everybody else its state and forecast.
    """
    stands = await the_gate(gate, program=seen_by.program, today=today)
    decision = await decision_view(gate) if stands.judged is None else None
    whole = seen_by.is_any(Role.LEAD, Role.SPONSOR, Role.REVIEWER)
    inside = _inside(stands.judged, decision, seen_by, today)
    cohorts = {cohort.cohort for cohort in inside.cohorts}
    member = any(each.cohort in cohorts and each.state in JOINED for each in seen_by.memberships)
    keepers = await gatekeepers(gate, program=stands.program) if whole and decision is None else ()
    return GatePage(
        line=line_of(stands),
        invited=stands.invited,
        inside=inside if whole or member or seen_by.coached & cohorts else None,
        panel=_panel(stands, keepers, seen_by) if whole and decision is None else None,
        decision=decision if whole else None,
        reason=decision.reason if decision and (whole or member) else None,
    )


def _inside(judged: Judgement | None, decision: DecisionView | None, seen_by: Reader, today: date) -> Inside:
    if decision is not None:
        evidence = decision.evidence
        named = _sees_named(seen_by, evidence.cohorts)
        return Inside(
            cohorts=evidence.cohorts,
            criteria=tuple(_as_it_stood(each, named=named) for each in evidence.criteria),
            holding=(),
            months_forecast=None,
            forecast=None,
            named=named,
        )
    if judged is None:
        raise NotFound
    named = _sees_named(seen_by, judged.months.cohorts)
    criteria = tuple(_line(each, judged, seen_by, today, named=named) for each in judged.standings)
    shown = {each.standing.criterion.id: each.standing for each in criteria}
    return Inside(
        cohorts=judged.months.cohorts,
        criteria=criteria,
        holding=tuple(
            CriterionNotMet(shown[each.standing.criterion.id]) if isinstance(each, CriterionNotMet) else each
            for each in judged.holding
        ),
        months_forecast=judged.months_forecast,
        forecast=judged.forecast,
        named=named,
    )


def _sees_named(seen_by: Reader, cohorts: tuple[CohortMonths, ...]) -> bool:
    """Leads and coaches see named figures, so few people are no secret to them."""
    return Role.LEAD in seen_by.roles or bool(seen_by.coached & {cohort.cohort for cohort in cohorts})


def _line(
    standing: Standing, judged: Judgement, seen_by: Reader, today: date, *, named: bool
) -> CriterionLine:
    criterion = standing.criterion
    shown = standing if named else withheld(standing)
    return CriterionLine(
        standing=shown,
        met=standing.met,
        forecast=forecast(standing, judged.facts, today),
        trend=trend(standing, judged.facts, today) if criterion.kind is CriterionKind.MEASURE else None,
        withheld=shown is not standing,
        may_tick=criterion.kind is CriterionKind.CHECKLIST
        and (Role.LEAD in seen_by.roles or criterion.owner == seen_by.person),
    )


def _as_it_stood(each: AsItStood, *, named: bool) -> CriterionLine:
    shown = each.standing if named else withheld(each.standing)
    return CriterionLine(
        standing=shown,
        met=each.met,
        forecast=None,
        trend=None,
        withheld=shown is not each.standing,
        may_tick=False,
    )


def _panel(stands: JudgedGate, keepers: tuple[Gatekeeper, ...], seen_by: Reader) -> Panel:
    votes = [
        Vote(by=keeper.person, roles=keeper.roles, choice=keeper.vote.choice)
        for keeper in keepers
        if keeper.vote is not None
    ]
    answer = decision_of(votes, holding=stands.holding)
    return Panel(
        gatekeepers=keepers,
        lacks=answer.lacks if isinstance(answer, Undecided) else (),
        hold=stands.hold,
        may_vote=may_vote(seen_by.granted),
        may_lead=Role.LEAD in seen_by.granted,
    )


def line_of(gate: JudgedGate) -> GateLine:
    ahead = gate.judged.forecast if gate.judged and gate.holding else None
    return GateLine(
        id=gate.id,
        phase=gate.phase,
        name=gate.name,
        opens=gate.opens,
        opens_name=gate.opens_name,
        state=gate.state,
        overridden=gate.outcome is Outcome.OVERRIDDEN,
        decided_at=gate.decided_at,
        expected_on=ahead.expected.on if ahead and ahead.expected else None,
        waits=bool(ahead and ahead.waits_for),
    )
