"""What holds a gate shut, what bars a vote and what votes still lack, in words a lead can act on."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import singledispatch
from typing import Any

from cohorts.criteria.words import capitalised, missing_clause
from cohorts.forecasts.rules import Forecast, GateForecast
from cohorts.forecasts.words import months_sentence
from cohorts.gates.rules import (
    AnotherPersonMissing,
    Bar,
    Choice,
    ConditionIncomplete,
    ConditionsMissing,
    ConditionUnmet,
    CriterionNotMet,
    DayNotAhead,
    DayTooFar,
    GateIsClosed,
    GateState,
    HeldUntil,
    Holding,
    KeptShut,
    Lack,
    NotAGatekeeper,
    OpenOrStop,
    Outcome,
    OverrideNotShared,
    ReasonMissing,
    RoleMissing,
    StaysShut,
)
from program.roles.rules import Role
from program.words import day_text, either_text, list_text, ngettext, number_text
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
    told = {"what": holding.condition.what, "day": day_text(holding.condition.due_on, today)}
    if holding.overdue:
        return _("“%(what)s”, a condition of an earlier gate, was due on %(day)s and is not met") % told
    return _("“%(what)s”, a condition of an earlier gate, is due on %(day)s and not met yet") % told


@holding_clause.register
def _hold(holding: HeldUntil, today: date) -> str:
    return _("a lead holds it until %(day)s") % {"day": day_text(holding.until_on, today)}


@singledispatch
def bar_sentence(bar: Bar, today: date) -> str:
    """Why a vote, a hold or a recycle is refused, and what can be done about it."""
    raise TypeError(bar, today)


@bar_sentence.register
def _closed(bar: GateIsClosed, _today: date) -> str:
    if bar.state is GateState.STOPPED:
        return _("The program has been stopped, so there is nothing left to decide.")
    return _("This gate has been opened already, so there is nothing left to decide.")


@bar_sentence.register
def _no_gatekeeper(bar: NotAGatekeeper, _today: date) -> str:
    return _("This is for %(roles)s to do.") % {"roles": either_text(_a_person_of_each(bar.asked))}


@bar_sentence.register
def _stays_shut(bar: StaysShut, today: date) -> str:
    return _("The gate cannot be opened yet.") + " " + holding_sentence(bar.holding, today)


@bar_sentence.register
def _no_reason(_bar: ReasonMissing, _today: date) -> str:
    return _("Please give a reason. It is kept with the gate.")


@bar_sentence.register
def _no_conditions(_bar: ConditionsMissing, _today: date) -> str:
    return _("Please name at least one condition, or vote to open without any.")


@bar_sentence.register
def _half_a_condition(bar: ConditionIncomplete, _today: date) -> str:
    text = _("Condition %(number)d needs to say what is to be done, by whom and by which day.")
    return text % {"number": bar.number + 1}


@bar_sentence.register
def _past_day(bar: DayNotAhead, today: date) -> str:
    return _("Please choose a day after today: %(day)s is not.") % {"day": day_text(bar.day, today)}


@bar_sentence.register
def _far_day(bar: DayTooFar, today: date) -> str:
    return _("Please choose a day up to %(day)s.") % {"day": day_text(bar.latest, today)}


@singledispatch
def lack_sentence(lack: Lack, today: date) -> str:
    """What the votes still lack."""
    raise TypeError(lack, today)


@lack_sentence.register
def _no_role(lack: RoleMissing, _today: date) -> str:
    return _("Still to vote: %(role)s.") % {"role": _a_person_of(lack.role)}


@lack_sentence.register
def _no_other_person(lack: AnotherPersonMissing, _today: date) -> str:
    roles = list_text(_a_person_of_each(lack.roles))
    return _("It takes %(roles)s who are different people: one person alone cannot decide.") % {
        "roles": roles
    }


@lack_sentence.register
def _kept_shut(lack: KeptShut, _today: date) -> str:
    people = len(lack.by)
    text = ngettext(
        "%(number)s person wants the gate to stay shut.",
        "%(number)s people want the gate to stay shut.",
        people,
    )
    return capitalised(text % {"number": number_text(people)})


@lack_sentence.register
def _open_or_stop(_lack: OpenOrStop, _today: date) -> str:
    return _("Some want to open the gate, others to stop the program.")


@lack_sentence.register
def _not_shared(lack: OverrideNotShared, _today: date) -> str:
    people = len(lack.by)
    text = ngettext(
        "%(number)s person voted while the gate was ready, and would have to agree to override it now.",
        "%(number)s people voted while the gate was ready, and would have to agree to override it now.",
        people,
    )
    return capitalised(text % {"number": number_text(people)})


@lack_sentence.register
def _not_ready(lack: StaysShut, today: date) -> str:
    return holding_sentence(lack.holding, today)


def choice_text(choice: Choice) -> str:
    return {
        Choice.OPEN: _("Open it"),
        Choice.OPEN_WITH_CONDITIONS: _("Open it, with conditions"),
        Choice.OVERRIDE: _("Open it although it is not ready"),
        Choice.STOP: _("Stop the program"),
        Choice.KEEP_SHUT: _("Keep it shut for now"),
    }[choice]


def outcome_text(outcome: Outcome) -> str:
    return {
        Outcome.OPENED: _("opened"),
        Outcome.OPENED_WITH_CONDITIONS: _("opened with conditions"),
        Outcome.OVERRIDDEN: _("opened by an override, although it was not ready"),
        Outcome.STOPPED: _("program stopped"),
    }[outcome]


def state_text(state: GateState) -> str:
    return {
        GateState.SHUT: _("shut"),
        GateState.READY: _("ready"),
        GateState.OPENED: _("opened"),
        GateState.STOPPED: _("stopped"),
    }[state]


def _joined(clauses: Sequence[str]) -> str:
    """Clauses keep a comma before the last: they may have an “and” of their own."""
    *first, last = clauses
    return _("%(clauses)s, and %(last)s") % {"clauses": ", ".join(first), "last": last} if first else last


def _a_person_of_each(roles: frozenset[Role]) -> list[str]:
    return [_a_person_of(role) for role in sorted(roles)]


def _a_person_of(role: Role) -> str:
    people = {Role.LEAD: _("a lead"), Role.SPONSOR: _("a sponsor"), Role.REVIEWER: _("a reviewer")}
    return people.get(role, role.value)


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
