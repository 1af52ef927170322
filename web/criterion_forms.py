"""The forms in which a lead says what a gate asks: what stands in them, what they offer, and what was typed."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from cohorts.criteria.rules import Comparison, Criterion, CriterionKind
from cohorts.criteria.words import capitalised
from cohorts.gate_changes.queries import GateAsks
from cohorts.gate_changes.rules import (
    LARGEST_TARGET,
    LONGEST_ITEM,
    MOST_MONTHS,
    CriterionAsked,
    MonthSettings,
    asked_of,
)
from cohorts.measures.rules import Over, Unit, measure_named
from cohorts.measures.words import measure_formula, measure_name
from program.words import figure_text
from program.words import gettext as _
from web.forms import Form

PERCENT = 100


def fields_of(criterion: Criterion, asks: GateAsks) -> dict[str, Any]:
    """What the fields of a criterion offer."""
    measured = criterion.kind is CriterionKind.MEASURE
    measure = measure_named(criterion.measure) if measured else None
    return {
        "measure": capitalised(measure_name(criterion.measure)) if measured else "",
        "formula": measure_formula(criterion.measure) if measured else "",
        "in_percent": measure is not None and measure.unit is Unit.SHARE,
        "by_month": measure is not None and measure.over is Over.MONTH,
        "comparisons": [
            (Comparison.AT_LEAST.value, _("at least")),
            (Comparison.AT_MOST.value, _("at most")),
        ],
        "owners": [
            (str(person), name)
            for person, name in dict([*asks.owners, *_former_owner(criterion, asks)]).items()
        ],
    }


def _former_owner(criterion: Criterion, asks: GateAsks) -> list[tuple[UUID, str]]:
    """An owner who has no role any more stays to be chosen, so that saving does not change them unasked."""
    known = criterion.owner is not None and criterion.owner in asks.owner_names
    return [(criterion.owner, asks.owner_names[criterion.owner])] if criterion.owner and known else []


def values_of(criterion: Criterion) -> dict[str, str | list[str]]:
    """A criterion as its form shows it."""
    asked = asked_of(criterion)
    share = measure_named(criterion.measure).unit is Unit.SHARE
    return {
        "required": "yes" if asked.required else "",
        "comparison": asked.comparison.value,
        "target": _plain(asked.target * PERCENT if share else asked.target),
        "over_months": str(asked.over_months or ""),
        "item": asked.item,
        "owner": str(asked.owner or ""),
        "due_on": asked.due_on.isoformat() if asked.due_on else "",
    }


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def values_of_settings(settings: MonthSettings) -> dict[str, str | list[str]]:
    return {
        "needed": str(settings.needed),
        "in_a_row": "yes" if settings.in_a_row else "",
        "at_least_eligible": str(settings.at_least_eligible),
        "took_part_percent": str(settings.took_part_percent),
        "pause_days": str(settings.pause_days),
        "of_cohorts": settings.of_cohorts.value,
    }


def typed_criterion(form: Form, criterion: Criterion, today: date) -> CriterionAsked:
    """What was typed of a criterion of that kind."""
    required = form.yes("required")
    if criterion.kind is CriterionKind.MONTHS:
        return CriterionAsked(required=required)
    if criterion.kind is CriterionKind.CHECKLIST:
        due = bool(form.values.get("due_on"))
        return CriterionAsked(
            required=required,
            item=form.text("item", longest=LONGEST_ITEM),
            owner=form.id("owner") if form.values.get("owner") else None,
            due_on=form.day("due_on", otherwise=today) if due else None,
        )
    measure = measure_named(criterion.measure)
    months = bool(form.values.get("over_months"))
    return CriterionAsked(
        required=required,
        comparison=form.choice("comparison", Comparison, otherwise=Comparison.AT_LEAST),
        target=_target(form, in_percent=measure.unit is Unit.SHARE),
        over_months=form.whole("over_months", least=1, most=MOST_MONTHS, otherwise=1) if months else None,
    )


def _target(form: Form, *, in_percent: bool) -> Decimal:
    """The number that was typed, with a point or a comma; of a share, its percents."""
    most = PERCENT if in_percent else LARGEST_TARGET
    typed = form.text("target").replace(",", ".").removesuffix("%").strip()
    try:
        number = Decimal(typed)
        fits = number.is_finite() and 0 <= number <= most and number == round(number, 4)
    except InvalidOperation:
        fits = False
    if not fits:
        if typed:
            form.refuse("target", _("Please give a number from 0 to %(most)s.") % {"most": figure_text(most)})
        return Decimal(0)
    return number / PERCENT if in_percent else number


def usual_comparison(measure: str) -> str:
    """What one usually asks of a measure: much of what is good, little of what is not."""
    better = measure_named(measure).direction
    return (Comparison.AT_LEAST if better.value == "up" else Comparison.AT_MOST).value
