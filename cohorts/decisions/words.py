"""What bars a vote, what votes still lack, and what they decided, in words."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import singledispatch
from typing import Any

from cohorts.criteria.words import capitalised
from cohorts.decisions.rules import (
    AnotherPersonMissing,
    Choice,
    ConditionIncomplete,
    ConditionsMissing,
    KeptShut,
    Lack,
    OpenOrStop,
    OverrideNotShared,
    RoleMissing,
    StaysShut,
    VoteBar,
)
from cohorts.gates.rules import Outcome
from cohorts.gates.words import bar_sentence, holding_sentence, people_with, person_with
from program.words import gettext as _
from program.words import list_text, ngettext, number_text


def vote_bar_sentence(bar: VoteBar, today: date) -> str:
    """Why a vote is refused, and what can be done about it."""
    match bar:
        case StaysShut(holding):
            return _("The gate cannot be opened yet.") + " " + holding_sentence(holding, today)
        case ConditionsMissing():
            return _("Please name at least one condition, or vote to open without any.")
        case ConditionIncomplete(number):
            text = _("Condition %(number)d needs to say what is to be done, by whom and by which day.")
            return text % {"number": number + 1}
        case _:
            return bar_sentence(bar, today)


@singledispatch
def lack_sentence(lack: Lack, today: date) -> str:
    """What the votes still lack."""
    raise TypeError(lack, today)


@lack_sentence.register
def _no_role(lack: RoleMissing, _today: date) -> str:
    return _("Still to vote: %(role)s.") % {"role": person_with(lack.role)}


@lack_sentence.register
def _no_other_person(lack: AnotherPersonMissing, _today: date) -> str:
    roles = list_text(people_with(lack.roles))
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


def _opened(facts: Mapping[str, Any]) -> str:
    text = {
        Outcome.OPENED: _("opened the gate to “%(opens)s”"),
        Outcome.OPENED_WITH_CONDITIONS: _("opened the gate to “%(opens)s”, with conditions"),
        Outcome.OVERRIDDEN: _("opened the gate to “%(opens)s” by an override, although it was not ready"),
    }[Outcome(facts["outcome"])]
    return text % {"opens": facts["opens"]}


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "gate_vote_cast": lambda facts: (
        _("voted on a gate: %(choice)s") % {"choice": choice_text(Choice(facts["choice"]))}
    ),
    "gate_opened": _opened,
    "program_stopped": lambda _facts: _("stopped the program"),
    "condition_met": lambda _facts: _("met a condition of a gate"),
}
