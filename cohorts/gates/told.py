"""Gates as other programs are told them: where each criterion stands, what is missing, and when it will be met."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from cohorts.criteria.rules import Comparison, CriterionKind
from cohorts.criteria.words import criterion_text, reason_clause, standing_text
from cohorts.forecasts.rules import Basis, Expected, Sureness, Trend
from cohorts.forecasts.rules import Forecast as ToldForecast
from cohorts.forecasts.words import forecast_text
from cohorts.gates.queries import CriterionLine, GateLine, GatePage, Inside
from cohorts.gates.rules import CriterionNotMet, GateState, Holding
from cohorts.gates.words import (
    gate_forecast_sentence,
    gate_name,
    gate_sentence,
    holding_clause,
    line_sentence,
    outcome_text,
)
from cohorts.months.told import MonthStrip, strip_told
from program.refusals import code_of
from program.told import Reason, moment_of, number_of
from program.words import day_text
from program.words import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The end of a phase, as everybody in the program may know it; `opens_id` is the phase behind it.

    `expected_on` is the day on which it will probably be ready; where it `waits`, something has no day yet.
    """

    id: UUID
    name: str
    phase_id: UUID
    opens_id: UUID
    state: GateState
    sentence: str
    expected_on: date | None
    waits: bool
    overridden: bool
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBy(Reason):
    """One thing that holds a gate shut; `id` is that of the criterion or condition, null for a hold."""

    id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast(Reason):
    """When something will probably be met; `on` is null where that has no day."""

    on: date | None
    basis: Basis | None
    sureness: Sureness | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCriterion:
    """One thing that a gate asks for, in words (`asked`) and values, and where it stands.

    `value` is the one judged: of several months, that furthest from `target`; `values` has each of them. Where
    `withheld`, too few people stand behind its figures for the reader. `met_since` is the day since which it is met.
    """

    id: UUID
    kind: CriterionKind
    asked: str
    required: bool
    measure: str | None
    comparison: Comparison
    target: float
    over_months: int | None
    due_on: date | None
    met: bool
    met_since: date | None
    value: float | None
    values: list[float | None]
    stands: str
    withheld: bool
    people: int | None
    trend: Trend | None
    reasons: list[Reason]
    forecast: Forecast | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateInside:
    """What a gate asks for and where that stands; of a decided one, as it stood on that day.

    `held_by` is all that holds it shut; it is ready when that is empty. `forecast` says until when, probably.
    """

    held_by: list[HeldBy]
    forecast: str
    criteria: list[AskedCriterion]
    cohorts: list[MonthStrip]


def line_told(line: GateLine, today: date) -> Gate:
    """What everybody in the program may know of a gate."""
    return Gate(
        id=line.id,
        name=gate_name(line.opens_name),
        phase_id=line.phase,
        opens_id=line.opens,
        state=line.state,
        sentence=line_sentence(line.state, line.expected_on, waits=line.waits, today=today),
        expected_on=line.expected_on,
        waits=line.waits,
        overridden=line.overridden,
        decided_at=moment_of(line.decided_at) if line.decided_at else None,
    )


def gate_told(page: GatePage, today: date) -> Gate:
    """The same, in a sentence that says as much as the reader of the page may know."""
    return replace(line_told(page.line, today), sentence=page_sentence(page, today))


def page_sentence(page: GatePage, today: date) -> str:
    """What holds the gate shut, or how it was decided."""
    line, inside = page.line, page.inside
    if page.decision is not None:
        told = {"day": day_text(page.decision.decided_on), "outcome": outcome_text(page.decision.outcome)}
        return _("Decided on %(day)s: %(outcome)s.") % told
    if inside is None or line.state in (GateState.OPENED, GateState.STOPPED):
        return line_sentence(line.state, line.expected_on, waits=line.waits, today=today)
    return gate_sentence(line.state, inside.holding, inside.months_forecast, today)


def inside_told(inside: Inside, today: date) -> GateInside:
    return GateInside(
        held_by=[_held_by(each, today) for each in inside.holding],
        forecast=gate_forecast_sentence(inside.forecast, today) if inside.forecast else "",
        criteria=[_criterion(each, today) for each in inside.criteria],
        cohorts=[
            strip_told(
                each,
                cohort=each.cohort,
                started=each.tracked.months[0].from_on if each.tracked.months else None,
                today=today,
                named=inside.named,
            )
            for each in inside.cohorts
        ],
    )


def _held_by(holding: Holding, today: date) -> HeldBy:
    about = getattr(holding, "condition", None)
    if isinstance(holding, CriterionNotMet):
        about = holding.standing.criterion
    return HeldBy(code=code_of(holding), text=holding_clause(holding, today), id=about.id if about else None)


def _criterion(line: CriterionLine, today: date) -> AskedCriterion:
    standing, criterion = line.standing, line.standing.criterion
    return AskedCriterion(
        id=criterion.id,
        kind=criterion.kind,
        asked=criterion_text(standing),
        required=criterion.required,
        measure=criterion.measure or None,
        comparison=criterion.comparison,
        target=float(standing.target),
        over_months=criterion.over_months,
        due_on=criterion.due_on,
        met=line.met,
        met_since=line.since,
        value=number_of(standing.value),
        values=[number_of(value) for value in standing.values],
        stands=_("too few people to show a figure") if line.withheld else standing_text(standing),
        withheld=line.withheld,
        people=None if line.withheld else standing.people,
        trend=line.trend,
        reasons=[Reason(code=code_of(each), text=reason_clause(each, today)) for each in standing.reasons],
        forecast=_forecast(line.forecast, today) if line.forecast is not None else None,
    )


def _forecast(forecast: ToldForecast, today: date) -> Forecast:
    expected = forecast if isinstance(forecast, Expected) else None
    return Forecast(
        code=code_of(forecast),
        text=forecast_text(forecast, today),
        on=expected.on if expected else None,
        basis=expected.basis if expected else None,
        sureness=expected.sureness if expected else None,
    )
