"""What a gate asks for, where it stands and what is missing, in words a lead can act on."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import singledispatch
from math import ceil
from typing import Any

from cohorts.criteria.rules import (
    Comparison,
    Criterion,
    CriterionKind,
    CriterionReason,
    FellShort,
    MonthsStillNeeded,
    NoCohort,
    NotMeasured,
    NotTicked,
    Standing,
    TooFewWholeMonths,
    Topic,
    Withheld,
)
from cohorts.measures.words import measure_name, value_text
from program.words import day_text, either_text, list_text, month_text, ngettext, number_text
from program.words import gettext as _

OF_EDITIONS = frozenset({"topics_covered", "freshness"})
"""Measures of the newest edition, which have no reading before the first is published."""


def topic_text(topic: str) -> str:
    """A topic of the playbook, as it stands inside a sentence; one that a company added bears its own name."""
    names = {
        Topic.DISCLOSURE.value: _("disclosure"),
        Topic.PRIVACY_AND_SECURITY.value: _("privacy and security"),
        Topic.ANGRY_CRITICS.value: _("angry critics"),
        Topic.ADVOCATES.value: _("advocates"),
        Topic.JOURNALISTS.value: _("journalists"),
    }
    return names.get(topic, topic)


def item_text(item: str) -> str:
    """A checklist item as it was written; those we bring along, in the reader's language."""
    return {"The sponsor is briefed": _("The sponsor is briefed")}.get(item, item)


def capitalised(clause: str) -> str:
    """A clause as it begins a sentence."""
    return clause[:1].upper() + clause[1:]


def criterion_text(standing: Standing) -> str:
    """What is asked for, as the heading of its row."""
    return asked_text(standing.criterion, standing.target)


def asked_text(criterion: Criterion, target: Fraction) -> str:
    """What a criterion asks for; of tracked months, `target` is how many."""
    if criterion.kind is CriterionKind.CHECKLIST:
        return item_text(criterion.item)
    count = int(target)
    if criterion.kind is CriterionKind.MONTHS:
        asked = ngettext(
            "%(number)s month of tracked performance", "%(number)s months of tracked performance", count
        )
    elif criterion.measure == "learnings_accepted" and criterion.comparison is Comparison.AT_LEAST:
        asked = ngettext(
            "%(number)s learning accepted into the playbook",
            "%(number)s learnings accepted into the playbook",
            count,
        )
    else:
        return _known_text(criterion, target) or _measured_text(criterion, target)
    return capitalised(asked % {"number": number_text(count)})


def _known_text(criterion: Criterion, target: Fraction) -> str | None:
    """A sentence of its own for what gates usually ask for."""
    told = {"target": value_text(criterion.measure, target)}
    match criterion.measure, criterion.comparison, criterion.over_months:
        case "took_part_share", Comparison.AT_LEAST, int() as months:
            told["months"] = number_text(months)
            return (
                ngettext(
                    "At least %(target)s took part in the last whole month",
                    "At least %(target)s took part in each of the last %(months)s months",
                    months,
                )
                % told
            )
        case "topics_covered", Comparison.AT_LEAST, None if target == 1:
            return _("The playbook covers every required topic")
        case "grave_incidents_open", Comparison.AT_MOST, None if target == 0:
            return _("No grave incident open")
        case "originality", Comparison.AT_LEAST, None:
            return _("Posts in people’s own words")
        case "freshness", Comparison.AT_LEAST, None:
            return _("At least %(target)s of the playbook’s entries are fresh") % told
    return None


def _measured_text(criterion: Criterion, target: Fraction) -> str:
    at_least = criterion.comparison is Comparison.AT_LEAST
    asked = _("%(measure)s at least %(target)s") if at_least else _("%(measure)s at most %(target)s")
    text = asked % {
        "measure": capitalised(measure_name(criterion.measure)),
        "target": value_text(criterion.measure, target),
    }
    if criterion.over_months is None:
        return text
    months = ngettext(
        "%(text)s in the last whole month",
        "%(text)s in each of the last %(months)s months",
        criterion.over_months,
    )
    return months % {"text": text, "months": number_text(criterion.over_months)}


def standing_text(standing: Standing) -> str:
    """Where a criterion stands, in figures: “4 of 6”, “62 %, 71 %, 67 %”, “not measured”."""
    criterion = standing.criterion
    if criterion.kind is CriterionKind.CHECKLIST:
        return _("done") if standing.met else _("not done")
    if criterion.kind is CriterionKind.MONTHS:
        counted = int(standing.value or 0)
        return _("%(counted)d of %(needed)d") % {"counted": counted, "needed": int(standing.target)}
    if not standing.values:
        return value_text(criterion.measure, None)
    if criterion.measure == "grave_incidents_open" and standing.value == 0:
        return _("none")
    return ", ".join(value_text(criterion.measure, value) for value in standing.values)


def missing_clause(standing: Standing, today: date) -> str:
    """What is missing where a criterion is not met, to stand inside a sentence."""
    return list_text([reason_clause(reason, today) for reason in standing.reasons])


@singledispatch
def reason_clause(reason: CriterionReason, today: date) -> str:
    """Why a criterion is not met, to stand inside a sentence."""
    raise TypeError(reason, today)


@reason_clause.register
def _no_cohort(_reason: NoCohort, _today: date) -> str:
    return _("the phase has no cohort whose months could count")


@reason_clause.register
def _months(reason: MonthsStillNeeded, today: date) -> str:
    told = {"number": number_text(reason.still_needed), "cohort": reason.cohort}
    if reason.ended_on is not None:
        told["day"] = day_text(reason.ended_on, today)
        return _ended(reason) % told
    if reason.cohort is None and reason.in_a_row:
        text = ngettext(
            "%(number)s more month has to be tracked without a gap",
            "%(number)s more months in a row have to be tracked",
            reason.still_needed,
        )
    elif reason.cohort is None:
        text = ngettext(
            "%(number)s more month has to be tracked",
            "%(number)s more months have to be tracked",
            reason.still_needed,
        )
    elif reason.in_a_row:
        text = ngettext(
            "“%(cohort)s” has to track %(number)s more month without a gap",
            "“%(cohort)s” has to track %(number)s more months in a row",
            reason.still_needed,
        )
    else:
        text = ngettext(
            "“%(cohort)s” has to track %(number)s more month",
            "“%(cohort)s” has to track %(number)s more months",
            reason.still_needed,
        )
    return text % told


def _ended(reason: MonthsStillNeeded) -> str:
    if reason.cohort is None:
        return ngettext(
            "the cohort ended on %(day)s, %(number)s tracked month too early",
            "the cohort ended on %(day)s, %(number)s tracked months too early",
            reason.still_needed,
        )
    return ngettext(
        "“%(cohort)s” ended on %(day)s, %(number)s tracked month too early (a lead may leave it out)",
        "“%(cohort)s” ended on %(day)s, %(number)s tracked months too early (a lead may leave it out)",
        reason.still_needed,
    )


@reason_clause.register
def _few_months(reason: TooFewWholeMonths, _today: date) -> str:
    missing = reason.asked - reason.whole
    text = ngettext(
        "%(measure)s can be judged after %(missing)s more whole month",
        "%(measure)s can be judged after %(missing)s more whole months",
        missing,
    )
    return text % {"measure": measure_name(reason.measure), "missing": number_text(missing)}


@reason_clause.register
def _not_measured(reason: NotMeasured, today: date) -> str:
    name = measure_name(reason.measure)
    if reason.measure == "learnings_accepted":
        return _("no learning has been accepted yet")
    if reason.measure in OF_EDITIONS:
        return _("no edition of the playbook has been published yet")
    if reason.month is None:
        return _("%(measure)s has not been measured yet") % {"measure": name}
    month = month_text(reason.month, today)
    return _("%(measure)s was not measured in %(month)s") % {"measure": name, "month": month}


@reason_clause.register
def _fell_short(reason: FellShort, today: date) -> str:
    told = {
        "measure": measure_name(reason.measure),
        "value": value_text(reason.measure, reason.value),
        "target": value_text(reason.measure, reason.target),
        "month": "" if reason.month is None else month_text(reason.month, today),
    }
    return _known_shortfall(reason, told) or _measured_shortfall(reason) % told


def _known_shortfall(reason: FellShort, told: dict[str, str]) -> str | None:
    """A clause of its own for what gates usually ask for."""
    match reason.measure, reason.comparison:
        case "topics_covered", Comparison.AT_LEAST if reason.lacking:
            topics = either_text([topic_text(topic) for topic in reason.lacking])
            return _("no entry yet helps with %(topics)s") % {"topics": topics}
        case "topics_covered", Comparison.AT_LEAST:
            return _("the newest edition covers %(value)s of the required topics") % told
        case "grave_incidents_open", Comparison.AT_MOST if reason.target == 0:
            open_ones = int(reason.value)
            text = ngettext("a grave incident is open", "%(number)s grave incidents are open", open_ones)
            return text % {"number": number_text(open_ones)}
        case "learnings_accepted", Comparison.AT_LEAST if reason.month is None:
            missing = ceil(reason.target - reason.value)
            text = ngettext(
                "%(number)s more learning has to be accepted",
                "%(number)s more learnings have to be accepted",
                missing,
            )
            return text % {"number": number_text(missing)}
        case "took_part_share", Comparison.AT_LEAST if reason.month is not None:
            return _("only %(value)s took part in %(month)s") % told
    return None


def _measured_shortfall(reason: FellShort) -> str:
    at_least = reason.comparison is Comparison.AT_LEAST
    if reason.month is None:
        if at_least:
            return _("%(measure)s is %(value)s and has to be at least %(target)s")
        return _("%(measure)s is %(value)s and may be at most %(target)s")
    if at_least:
        return _("%(measure)s was %(value)s in %(month)s and has to be at least %(target)s")
    return _("%(measure)s was %(value)s in %(month)s and may be at most %(target)s")


@reason_clause.register
def _not_ticked(reason: NotTicked, today: date) -> str:
    told = {"item": item_text(reason.item)}
    if reason.overdue and reason.due_on is not None:
        told["day"] = day_text(reason.due_on, today)
        return _("“%(item)s” was due on %(day)s and is not done yet") % told
    return _("“%(item)s” is not done yet") % told


@reason_clause.register
def _withheld(reason: Withheld, _today: date) -> str:
    return _("%(measure)s falls short, of too few people to show how far") % {
        "measure": measure_name(reason.measure)
    }


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "checklist_item_done": lambda _facts: _("ticked off a checklist item of a gate"),
    "checklist_item_taken_back": lambda _facts: _("took back a tick on a gate’s checklist"),
}
