"""Gates as their readers see them: judged as they stand, or decided once and for all."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cohorts.criteria.rules import CriterionKind, Standing, withheld
from cohorts.decisions.queries import ConditionLine, DecisionView, Gatekeeper, decision_view, gatekeepers
from cohorts.decisions.rules import Lack, Undecided, Vote, decision_of, may_vote
from cohorts.evidence.rules import AsItStood
from cohorts.forecasts.rules import (
    Forecast,
    GateForecast,
    Point,
    Trend,
    forecast,
    trend,
)
from cohorts.gate_changes.queries import ChangeLine, changes_of, possible_owners
from cohorts.gates.judged import Hold, JudgedGate, Judgement, judged_gates, the_gate
from cohorts.gates.rules import CriterionNotMet, GateState, Holding, Outcome
from cohorts.months.rules import CohortMonths
from cohorts.trends.rules import course_of, met_since
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
    """A row of what the gate asks for. `withheld` where too few people stand behind its figure for this reader.

    `course` is what its measure came to over time, `since` the day since which it is met.
    """

    standing: Standing
    met: bool
    since: date | None
    forecast: Forecast | None
    trend: Trend | None
    course: tuple[Point, ...]
    withheld: bool
    may_tick: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What a gate asks for and where that stands; as it was on the day of the decision, once there is one.

    `changes` are those made after tracking began.
    """

    cohorts: tuple[CohortMonths, ...]
    criteria: tuple[CriterionLine, ...]
    holding: tuple[Holding, ...]
    months_forecast: Forecast | None
    forecast: GateForecast | None
    changes: tuple[ChangeLine, ...]
    named: bool

    def criterion(self, id: UUID) -> CriterionLine:
        """The row of that criterion. Raises `NotFound`."""
        for line in self.criteria:
            if line.standing.criterion.id == id:
                return line
        raise NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What its gatekeepers want, and what their votes still lack; `owners` may be asked to see to a condition."""

    gatekeepers: tuple[Gatekeeper, ...]
    owners: tuple[tuple[UUID, str], ...]
    lacks: tuple[Lack, ...]
    hold: Hold | None
    may_vote: bool
    may_lead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GatePage:
    """A gate as one reader sees it. What they may not see is None.

    `conditions` are those it was opened with: all, or those that the reader sees to.
    """

    line: GateLine
    invited: int
    inside: Inside | None
    panel: Panel | None
    decision: DecisionView | None
    conditions: tuple[ConditionLine, ...]
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
    cohorts = {each.cohort for each in _cohorts(stands, decision)}
    member = any(each.cohort in cohorts and each.state in JOINED for each in seen_by.memberships)
    sees_inside = _sees_inside(cohorts, seen_by)
    changes = await changes_of(gate, after_start=True) if sees_inside else ()
    return GatePage(
        line=line_of(stands),
        invited=stands.invited,
        inside=_inside(stands.judged, decision, changes, seen_by, today) if sees_inside else None,
        panel=await _panel(stands, seen_by) if whole and decision is None else None,
        decision=decision if whole else None,
        conditions=tuple(
            each
            for each in (decision.conditions if decision else ())
            if whole or each.owner == seen_by.person
        ),
        reason=decision.reason if decision and (whole or member) else None,
    )


def inside_of(stands: JudgedGate, *, seen_by: Reader, today: date) -> Inside | None:
    """What an undecided gate asks, as the reader sees it, without its changes; None where they may not."""
    cohorts = {each.cohort for each in _cohorts(stands, None)}
    if stands.judged is None or not _sees_inside(cohorts, seen_by):
        return None
    return _inside(stands.judged, None, (), seen_by, today)


def _sees_inside(cohorts: set[UUID], seen_by: Reader) -> bool:
    """Leads, sponsors and reviewers do, and the members and coaches of the phase’s cohorts."""
    member = any(each.cohort in cohorts and each.state in JOINED for each in seen_by.memberships)
    whole = seen_by.is_any(Role.LEAD, Role.SPONSOR, Role.REVIEWER)
    return whole or member or bool(seen_by.coached & cohorts)


def _cohorts(stands: JudgedGate, decision: DecisionView | None) -> tuple[CohortMonths, ...]:
    if decision is not None:
        return decision.evidence.cohorts
    return stands.judged.months.cohorts if stands.judged else ()


def _inside(
    judged: Judgement | None,
    decision: DecisionView | None,
    changes: tuple[ChangeLine, ...],
    seen_by: Reader,
    today: date,
) -> Inside:
    if decision is not None:
        evidence = decision.evidence
        named = _sees_named(seen_by, evidence.cohorts)
        return Inside(
            cohorts=evidence.cohorts,
            criteria=tuple(_as_it_stood(each, named=named) for each in evidence.criteria),
            holding=(),
            months_forecast=None,
            forecast=None,
            changes=changes,
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
        changes=changes,
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
    hidden = shown is not standing
    measured = criterion.kind is CriterionKind.MEASURE and not hidden
    return CriterionLine(
        standing=shown,
        met=standing.met,
        since=None if hidden else met_since(standing, judged.facts, today),
        forecast=forecast(standing, judged.facts, today),
        trend=trend(standing, judged.facts, today) if measured else None,
        course=() if hidden else course_of(standing, judged.facts, today, named=named),
        withheld=hidden,
        may_tick=criterion.kind is CriterionKind.CHECKLIST
        and (Role.LEAD in seen_by.roles or criterion.owner == seen_by.person),
    )


def _as_it_stood(each: AsItStood, *, named: bool) -> CriterionLine:
    shown = each.standing if named else withheld(each.standing)
    return CriterionLine(
        standing=shown,
        met=each.met,
        since=None,
        forecast=None,
        trend=None,
        course=(),
        withheld=shown is not each.standing,
        may_tick=False,
    )


async def _panel(stands: JudgedGate, seen_by: Reader) -> Panel:
    keepers = await gatekeepers(stands.id, program=stands.program)
    votes = [
        Vote(by=keeper.person, roles=keeper.roles, choice=keeper.vote.choice)
        for keeper in keepers
        if keeper.vote is not None
    ]
    answer = decision_of(votes, holding=stands.holding)
    return Panel(
        gatekeepers=keepers,
        owners=await possible_owners(stands.program) if may_vote(seen_by.granted) else (),
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
