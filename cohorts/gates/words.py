"""What holds a gate shut, and what bars a hold or a recycle, in words a lead can act on."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import singledispatch
from typing import Any

from cohorts.criteria.words import capitalised, missing_clause
from cohorts.forecasts.rules import Forecast, GateForecast
from cohorts.forecasts.words import months_sentence
from cohorts.gates.rules import (
    Bar,
    ConditionUnmet,
    CriterionNotMet,
    DayNotAhead,
    DayTooFar,
    GateIsClosed,
    GateState,
    HeldUntil,
    Holding,
    NotAGatekeeper,
    Outcome,
    ReasonMissing,
)
from program.roles.rules import Role
from program.words import day_text, either_text, ngettext, number_text
from program.words import gettext as _


def gate_sentence(state: GateState, holding: Sequence[Holding], months: Forecast | None, today: date) -> str:
    """What a gate's page begins with; `months` is the forecast of its tracked months, where it asks for them."""
    if state is GateState.OPENED:
        return _("This gate has been opened.")
    if state is GateState.STOPPED:
        return _("The program has been stopped.")
    if not holding:
        return _("Nothing holds this gate shut: it is ready to be opened.")
    pace = "" if months is None else months_sentence(months, today)
    return f"{holding_sentence(holding, today)} {pace}".rstrip()


def holding_sentence(holding: Sequence[Holding], today: date) -> str:
    """All that holds a gate shut, in one sentence."""
    text = ngettext(
        "%(number)s thing holds this gate shut: %(things)s.",
        "%(number)s things hold this gate shut: %(things)s.",
        len(holding),
    )
    things = _joined([holding_clause(each, today) for each in holding])
    return capitalised(text % {"number": number_text(len(holding)), "things": things})


def gate_forecast_sentence(forecast: GateForecast, today: date) -> str:
    """When a gate will probably be ready; nothing where it is."""
    if forecast.expected is None:
        return _("Nobody can tell yet when this gate will be ready.") if forecast.waits_for else ""
    told = {"day": day_text(forecast.expected.on, today), "number": number_text(len(forecast.waits_for))}
    if not forecast.waits_for:
        return _("This gate will probably be ready on %(day)s.") % told
    text = ngettext(
        "This gate will be ready on %(day)s at the earliest; %(number)s thing has no date yet.",
        "This gate will be ready on %(day)s at the earliest; %(number)s things have no date yet.",
        len(forecast.waits_for),
    )
    return text % told


@singledispatch
def holding_clause(holding: Holding, today: date) -> str:
    """One thing that holds a gate shut, to stand inside a sentence."""
    raise TypeError(holding, today)


@holding_clause.register
def _criterion(holding: CriterionNotMet, today: date) -> str:
    return missing_clause(holding.standing, today)


@holding_clause.register
def _condition(holding: ConditionUnmet, today: date) -> str:
    told = {"what": holding.condition.what.rstrip(" ."), "day": day_text(holding.condition.due_on, today)}
    if holding.overdue:
        return _("“%(what)s”, a condition of an earlier gate, was due on %(day)s and is not met") % told
    return _("“%(what)s”, a condition of an earlier gate, is due on %(day)s and not met yet") % told


@holding_clause.register
def _hold(holding: HeldUntil, today: date) -> str:
    return _("a lead holds it until %(day)s") % {"day": day_text(holding.until_on, today)}


@singledispatch
def bar_sentence(bar: Bar, today: date) -> str:
    """Why a gate refuses, and what can be done about it."""
    raise TypeError(bar, today)


@bar_sentence.register
def _closed(bar: GateIsClosed, _today: date) -> str:
    if bar.state is GateState.STOPPED:
        return _("The program has been stopped, so there is nothing left to decide.")
    return _("This gate has been opened already, so there is nothing left to decide.")


@bar_sentence.register
def _no_gatekeeper(bar: NotAGatekeeper, _today: date) -> str:
    return _("This is for %(roles)s to do.") % {"roles": either_text(people_with(bar.asked))}


@bar_sentence.register
def _no_reason(_bar: ReasonMissing, _today: date) -> str:
    return _("Please give a reason. It is kept with the gate.")


@bar_sentence.register
def _past_day(bar: DayNotAhead, today: date) -> str:
    return _("Please choose a day after today: %(day)s is not.") % {"day": day_text(bar.day, today)}


@bar_sentence.register
def _far_day(bar: DayTooFar, today: date) -> str:
    return _("Please choose a day up to %(day)s.") % {"day": day_text(bar.latest, today)}


def people_with(roles: frozenset[Role]) -> list[str]:
    """Somebody of each role, as in “a lead”."""
    return [person_with(role) for role in sorted(roles)]


def person_with(role: Role) -> str:
    people = {Role.LEAD: _("a lead"), Role.SPONSOR: _("a sponsor"), Role.REVIEWER: _("a reviewer")}
    return people.get(role, role.value)


def outcome_text(outcome: Outcome) -> str:
    return {
        Outcome.OPENED: _("opened"),
        Outcome.OPENED_WITH_CONDITIONS: _("opened with conditions"),
        Outcome.OVERRIDDEN: _("opened by an override, although it was not ready"),
        Outcome.STOPPED: _("program stopped"),
    }[outcome]


def _joined(clauses: Sequence[str]) -> str:
    """Clauses keep a comma before the last: they may have an “and” of their own."""
    *first, last = clauses
    return _("%(clauses)s, and %(last)s") % {"clauses": ", ".join(first), "last": last} if first else last


def gate_name(opens: str) -> str:
    """What a gate is called, by the phase that it opens."""
    return _("Gate to “%(phase)s”") % {"phase": opens}


def line_sentence(state: GateState, expected_on: date | None, *, waits: bool, today: date) -> str:
    """All that everybody may know of a gate, in one sentence."""
    if state is GateState.OPENED:
        return _("This gate has been opened.")
    if state is GateState.STOPPED:
        return _("The program has been stopped.")
    if state is GateState.READY:
        return _("This gate is ready; its leads and sponsors decide.")
    if expected_on is None:
        return _("Nobody can tell yet when this gate will be ready.")
    told = {"day": day_text(expected_on, today)}
    if waits:
        return _("This gate will be ready on %(day)s at the earliest.") % told
    return _("This gate will probably be ready on %(day)s.") % told


def _day_in(facts: Mapping[str, Any], name: str) -> str:
    return day_text(date.fromisoformat(facts[name]))


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "gate_held": lambda facts: _("held a gate shut until %(day)s") % {"day": _day_in(facts, "until_on")},
    "gate_hold_lifted": lambda _facts: _("lifted the hold on a gate"),
    "gate_recycled": lambda facts: (
        _("let the months of a gate be counted anew from %(day)s") % {"day": _day_in(facts, "from_on")}
    ),
    "gate_became_ready": lambda facts: _("found the gate to “%(opens)s” ready") % {"opens": facts["opens"]},
}
