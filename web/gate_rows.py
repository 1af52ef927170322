"""A gate's page in words and pictures: what stands in its rows, its month strips and its advice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from markupsafe import Markup, escape

from cohorts.criteria.rules import Comparison, Criterion, CriterionKind, Standing
from cohorts.criteria.words import capitalised, criterion_text, missing_clause, standing_text
from cohorts.forecasts.words import forecast_text, trend_text
from cohorts.gate_changes.queries import ChangeLine
from cohorts.gate_changes.words import change_sentences
from cohorts.gates.queries import CriterionLine, GatePage, Inside
from cohorts.gates.told import page_sentence
from cohorts.gates.words import gate_forecast_sentence, holding_clause
from cohorts.measures.rules import may_show
from cohorts.measures.words import value_text
from cohorts.months.rules import ONE_DAY, CohortMonths, Month, MonthState, PausedTooLong
from cohorts.months.words import month_note
from program.words import day_text, month_text, short_month_text
from program.words import gettext as _
from web import pictures

FEWEST_POINTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the gate asks, in words, with its bar and its course; `href` leads to its evidence.

    `tick` is the id of a checklist item that the reader may tick.
    """

    asked: str
    href: str
    spark: pictures.Sparkline | None
    note: str
    required: bool
    met: bool
    figures: str
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
    months: list["MonthRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRow:
    """A month that has begun, in figures where the reader may see them, and what became of it."""

    days: str
    enrolled: str
    eligible: str
    took_part: str
    note: str


def lede(gate: GatePage, today: date) -> Markup:
    """What holds the gate shut, with each thing marked; or how it was decided."""
    text = escape(page_sentence(gate, today))
    for each in gate.inside.holding if gate.inside else ():
        clause = escape(holding_clause(each, today))
        text = Markup(text.replace(clause, Markup("<strong>{}</strong>").format(clause), 1))  # noqa: S704
    return text


def outlook(gate: GatePage, today: date) -> str:
    """When the gate will probably be ready."""
    forecast = gate.inside.forecast if gate.inside else None
    return gate_forecast_sentence(forecast, today) if forecast else ""


def rows(inside: Inside, today: date, *, here: str) -> list[Row]:
    """What the gate asks; `here` is the gate’s address, under which the evidence of each lies."""
    return [row_of(line, today, here=here) for line in inside.criteria]


def strips(inside: Inside, today: date, *, decided_on: date | None = None) -> list[CohortStrip]:
    return [cohort_strip(cohort, today, named=inside.named, as_of=decided_on) for cohort in inside.cohorts]


def cohort_strip(cohort: CohortMonths, today: date, *, named: bool, as_of: date | None = None) -> CohortStrip:
    """A cohort's month strip, drawn as it was `as_of` that day; `named` where the reader may see figures that stand on few people."""
    return CohortStrip(
        cohort=cohort.cohort,
        name=cohort.name,
        left_out=cohort.left_out,
        strip=pictures.MonthStrip(
            months=tuple(
                _month(month, today, named=named, as_of=as_of or today) for month in cohort.tracked.months
            ),
            counted=cohort.tracked.counted,
            needed=cohort.tracked.needed,
        ),
        months=[
            _month_row(month, today, named=named)
            for month in cohort.tracked.months
            if month.state is not MonthState.AHEAD
        ],
    )


def _month_row(month: Month, today: date, *, named: bool) -> MonthRow:
    figures = month.figures
    shown = figures is not None and (named or may_show(figures.eligible))
    beside = figures is not None and (
        named or may_show(figures.enrolled, differences=[figures.enrolled - figures.eligible])
    )
    return MonthRow(
        days=_days(month, today),
        enrolled=str(figures.enrolled) if figures and beside else "",
        eligible=str(figures.eligible) if figures and shown else "",
        took_part=str(figures.took_part) if figures and shown else "",
        note=month_note(month, today, shown=shown),
    )


def row_of(line: CriterionLine, today: date, *, here: str) -> Row:
    standing = line.standing
    return Row(
        href=f"{here}/criteria/{standing.criterion.id}",
        spark=_spark(line, today),
        asked=criterion_text(standing),
        note=_note(line, today),
        required=standing.criterion.required,
        met=line.met,
        figures=_("too few people to show a figure") if line.withheld else standing_text(standing),
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
    told = (_meaning(standing.criterion), capitalised(missing) + "." if missing else "")
    return values or " ".join(text for text in told if text)


def _meaning(criterion: Criterion) -> str:
    """What a heading leaves open: what is measured."""
    if criterion.measure != "originality":
        return ""
    told = {"target": value_text(criterion.measure, Fraction(criterion.target))}
    return _("Originality of %(target)s or more, last 90 days.") % told


def _when(line: CriterionLine, today: date) -> str:
    if not line.met and line.forecast is not None:
        return forecast_text(line.forecast, today)
    if line.since is None:
        return _("met") if line.met else _("not met")
    if line.standing.criterion.kind is CriterionKind.CHECKLIST:
        return _("done on %(day)s") % {"day": day_text(line.since, today)}
    return _("met since %(month)s") % {"month": month_text(line.since, today)}


def _spark(line: CriterionLine, today: date) -> pictures.Sparkline | None:
    """The course of a measure, where there is one to draw."""
    if len(line.course) < FEWEST_POINTS:
        return None
    measure, first, last = line.standing.criterion.measure, line.course[0], line.course[-1]
    told = {
        "first": value_text(measure, first.value),
        "last": value_text(measure, last.value),
        "from": day_text(first.on, today),
        "until": day_text(last.on, today),
    }
    words = _("From %(first)s on %(from)s to %(last)s on %(until)s") % told
    if line.trend is not None:
        words = _("%(course)s, %(trend)s") % {"course": words, "trend": trend_text(line.trend)}
    return pictures.Sparkline(points=[(point.on, float(point.value)) for point in line.course], words=words)


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


def _month(month: Month, today: date, *, named: bool, as_of: date) -> pictures.Month:
    shown = month.figures is not None and (named or may_show(month.figures.eligible))
    passed = (as_of - month.from_on).days / (month.until_on - month.from_on).days
    return pictures.Month(
        label=short_month_text(month.from_on),
        state=_state(month),
        title=month_note(month, today, shown=shown),
        share=passed if month.state is MonthState.IN_PROGRESS else 0.0,
        days=_days(month, today) if month.from_on.day > 1 else "",
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


def _days(month: Month, today: date) -> str:
    """“2 Nov – 1 Dec 2026”, “2 Dec 2026 – 1 Jan 2027”; this year is not told."""
    first, last = month.from_on, month.until_on - ONE_DAY
    apart = first.year != last.year
    return _("%(from)s – %(until)s") % {
        "from": _short_day(first, told=apart),
        "until": _short_day(last, told=apart or last.year != today.year),
    }


def _short_day(day: date, *, told: bool) -> str:
    """“10 Jun”, with the year where it is `told`."""
    short = _("%(day)d %(month)s") % {"day": day.day, "month": short_month_text(day)}
    return f"{short} {day.year}" if told else short


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldChange:
    """A change of what the gate asks: what, why, when, and by whom where the reader may know."""

    sentences: list[str]
    reason: str
    on: str
    by_name: str


def told_changes(changes: Iterable[ChangeLine], today: date, *, named: bool, months: int) -> list[ToldChange]:
    """What was changed, in words; `months` is how many tracked months are needed now."""
    return [
        ToldChange(
            sentences=change_sentences(each.before, each.after, each.owner_names, months=months),
            reason=each.reason,
            on=day_text(each.changed_at, today),
            by_name=each.by_name if named else "",
        )
        for each in changes
    ]
