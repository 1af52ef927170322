"""A gate's page in words and pictures: what stands in its rows, its month strips and its advice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from markupsafe import Markup, escape

from cohorts.criteria.rules import Comparison, CriterionKind, FellShort, NotTicked, Standing
from cohorts.criteria.words import capitalised, criterion_text, missing_clause, standing_text
from cohorts.forecasts.rules import AlreadyMet
from cohorts.forecasts.words import forecast_text, trend_text
from cohorts.gates.queries import CriterionLine, GatePage, Inside
from cohorts.gates.rules import ConditionUnmet, CriterionNotMet, GateState, HeldUntil
from cohorts.gates.words import (
    gate_forecast_sentence,
    gate_sentence,
    holding_clause,
    line_sentence,
    outcome_text,
)
from cohorts.measures.rules import may_show
from cohorts.measures.words import value_text
from cohorts.months.rules import CohortMonths, Month, MonthState, PausedTooLong
from cohorts.months.words import month_note
from program.words import day_text, short_month_text
from program.words import gettext as _
from web import pictures
from web.pages import at
from web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the gate asks, in words, with its bar; `tick` is the id of a checklist item that the reader may tick."""

    asked: str
    note: str
    required: bool
    met: bool
    meter: pictures.Meter
    when: str
    tick: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortStrip:
    """A cohort's months; `left_out` says why they are not asked for."""

    cohort: UUID
    name: str
    left_out: str | None
    strip: pictures.MonthStrip


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Something that would bring the gate nearer, and where it is done."""

    text: str
    link: str
    href: str


def lede(gate: GatePage, today: date) -> Markup:
    """What holds the gate shut, with each thing marked; or how it was decided."""
    line, inside = gate.line, gate.inside
    if gate.decision is not None:
        told = {"day": day_text(gate.decision.decided_on), "outcome": outcome_text(gate.decision.outcome)}
        return escape(_("Decided on %(day)s: %(outcome)s.") % told)
    if inside is None or line.state in (GateState.OPENED, GateState.STOPPED):
        return escape(line_sentence(line.state, line.expected_on, waits=line.waits, today=today))
    text = escape(gate_sentence(line.state, inside.holding, inside.months_forecast, today))
    for each in inside.holding:
        clause = escape(holding_clause(each, today))
        text = Markup(text.replace(clause, Markup("<strong>{}</strong>").format(clause), 1))  # noqa: S704
    return text


def outlook(gate: GatePage, today: date) -> str:
    """When the gate will probably be ready."""
    forecast = gate.inside.forecast if gate.inside else None
    return gate_forecast_sentence(forecast, today) if forecast else ""


def rows(inside: Inside, today: date) -> list[Row]:
    return [_row(line, today) for line in inside.criteria]


def strips(inside: Inside, today: date) -> list[CohortStrip]:
    return [cohort_strip(cohort, today, named=inside.named) for cohort in inside.cohorts]


def cohort_strip(cohort: CohortMonths, today: date, *, named: bool) -> CohortStrip:
    """A cohort's month strip; `named` where the reader may see figures that stand on few people."""
    return CohortStrip(
        cohort=cohort.cohort,
        name=cohort.name,
        left_out=cohort.left_out,
        strip=pictures.MonthStrip(
            months=[_month(month, today, named=named) for month in cohort.tracked.months],
            counted=cohort.tracked.counted,
            needed=cohort.tracked.needed,
        ),
    )


def helps(gate: GatePage, visit: Visit) -> list[Help]:
    """What a lead can do about each thing that holds the gate shut."""
    inside = gate.inside
    return (
        []
        if inside is None
        else [help for each in inside.holding for help in _helps(each, gate, inside, visit)]
    )


def _row(line: CriterionLine, today: date) -> Row:
    standing = line.standing
    return Row(
        asked=criterion_text(standing),
        note=_note(line, today),
        required=standing.criterion.required,
        met=line.met,
        meter=_meter(line),
        when=_when(line, today),
        tick=standing.criterion.id if line.may_tick else None,
    )


def _note(line: CriterionLine, today: date) -> str:
    standing = line.standing
    if line.withheld:
        return _("Too few people to show a figure.")
    values = standing_text(standing) if len(standing.values) > 1 else ""
    missing = missing_clause(standing, today) if standing.reasons else ""
    if values and missing:
        return _("%(values)s: %(missing)s.") % {"values": values, "missing": missing}
    return values or (capitalised(missing) + "." if missing else "")


def _when(line: CriterionLine, today: date) -> str:
    if line.trend is not None and line.met:
        return _("met, %(trend)s") % {"trend": trend_text(line.trend)}
    if line.met or line.forecast is None or isinstance(line.forecast, AlreadyMet):
        return _("met") if line.met else _("not met")
    return forecast_text(line.forecast, today)


def _meter(line: CriterionLine) -> pictures.Meter:
    standing = line.standing
    value, target = _bar(standing)
    return pictures.Meter(value=float(value), target=float(target), met=line.met, words=_meter_words(line))


def _meter_words(line: CriterionLine) -> str:
    standing = line.standing
    if line.withheld:
        return _("met") if line.met else _("not met")
    if standing.criterion.kind is CriterionKind.CHECKLIST:
        return _("done") if line.met else _("not done")
    if len(standing.values) > 1:
        return value_text(standing.criterion.measure, standing.value)
    return standing_text(standing)


def _bar(standing: Standing) -> tuple[Fraction, Fraction]:
    """Value and target as shares of a bar: shares of the whole; counts of the larger of the two."""
    value, target = standing.value, standing.target
    if value is None or standing.criterion.comparison is Comparison.AT_MOST or target <= 0:
        return standing.towards, Fraction(1)
    if standing.criterion.kind is CriterionKind.MEASURE and target <= 1:
        return min(value, Fraction(1)), target
    longest = max(value, target)
    return value / longest, target / longest


def _month(month: Month, today: date, *, named: bool) -> pictures.Month:
    shown = month.figures is not None and (named or may_show(month.figures.eligible))
    passed = (today - month.from_on).days / (month.until_on - month.from_on).days
    return pictures.Month(
        label=short_month_text(month.from_on),
        state=_state(month),
        title=month_note(month, today, shown=shown),
        share=passed if month.state is MonthState.IN_PROGRESS else 0.0,
    )


def _state(month: Month) -> pictures.MonthState:
    if month.state is MonthState.MISSED and any(isinstance(why, PausedTooLong) for why in month.reasons):
        return pictures.MonthState.PAUSED
    return {
        MonthState.COUNTED: pictures.MonthState.COUNTED,
        MonthState.MISSED: pictures.MonthState.MISSED,
        MonthState.IN_PROGRESS: pictures.MonthState.NOW,
        MonthState.AHEAD: pictures.MonthState.AHEAD,
    }[month.state]


def _helps(each: object, gate: GatePage, inside: Inside, visit: Visit) -> Iterator[Help]:
    match each:
        case CriterionNotMet(standing) if standing.criterion.kind is CriterionKind.MONTHS:
            yield from _months_help(inside.cohorts, visit)
        case CriterionNotMet(standing):
            yield from _criterion_help(standing, inside, visit)
        case ConditionUnmet():
            yield Help(
                text=_("Meet the condition that an earlier gate was opened with, and say so there."),
                link=_("To the rollout"),
                href=at(visit, "rollout"),
            )
        case HeldUntil():
            yield Help(
                text=_("The hold ends by itself, or a lead lifts it."),
                link=_("To the decision"),
                href=at(visit, "gates", gate.line.id) + "#decision",
            )


def _months_help(cohorts: Sequence[CohortMonths], visit: Visit) -> Iterator[Help]:
    waiting = [each for each in cohorts if each.left_out is None and not each.tracked.complete]
    if not cohorts:
        yield Help(
            text=_("No cohort goes through this phase yet. Form the first one, and invite people to it."),
            link=_("Form a cohort"),
            href=at(visit, "cohorts", "new"),
        )
    for cohort in waiting:
        if cohort.tracked.months:
            text = _(
                "A month of “%(cohort)s” counts when enough of its active members take part. See who was quiet."
            )
        else:
            text = _("“%(cohort)s” has not begun: its months count from the day on which tracking starts.")
        yield Help(
            text=text % {"cohort": cohort.name},
            link=_("To the cohort"),
            href=at(visit, "cohorts", cohort.cohort),
        )


def _criterion_help(standing: Standing, inside: Inside, visit: Visit) -> Iterator[Help]:
    measure = standing.criterion.measure
    lacking = next((why.lacking for why in standing.reasons if isinstance(why, FellShort)), ())
    if measure == "topics_covered":
        yield Help(
            text=_("One entry for each missing topic, and a new edition, close the gap.")
            if lacking
            else _("A new edition that covers every topic closes the gap."),
            link=_("To the draft of the playbook"),
            href=at(visit, "playbook", "draft"),
        )
    elif measure == "learnings_accepted":
        yield Help(
            text=_("Learnings wait to be read and to become entries."),
            link=_("To the learnings desk"),
            href=at(visit, "desk"),
        )
    elif measure == "took_part_share":
        yield from (
            Help(
                text=_("Ask the members of “%(cohort)s” what keeps them from taking part.")
                % {"cohort": cohort.name},
                link=_("To the cohort"),
                href=at(visit, "cohorts", cohort.cohort),
            )
            for cohort in inside.cohorts
            if cohort.left_out is None and cohort.tracked.months
        )
    elif measure == "grave_incidents_open":
        yield Help(
            text=_("A reviewer closes the incident with what was learned from it."),
            link=_("To the incidents"),
            href=at(visit, "incidents"),
        )
    elif any(isinstance(why, NotTicked) for why in standing.reasons):
        yield Help(text=_("Do what the checklist asks for, and tick it off."), link="", href="")
