"""Votes and decisions in words."""

from collections.abc import Callable, Mapping
from typing import Any

from cohorts.gates.rules import Choice, Outcome
from cohorts.gates.words import choice_text
from program.words import gettext as _


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
