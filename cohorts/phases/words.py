"""What is said of the phases of a rollout and of the gates at their ends."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from cohorts.criteria.words import capitalised
from cohorts.gates.rules import GateState
from cohorts.phases.rules import PhaseState
from program.words import day_text, ngettext, number_text
from program.words import gettext as _


def phase_note(state: PhaseState, cohorts: int) -> str:
    """How far a phase has come, in a word or two."""
    if state is PhaseState.CAN_BEGIN and cohorts:
        return _("forming")
    return {
        PhaseState.WAITING: _("waiting"),
        PhaseState.CAN_BEGIN: _("can begin"),
        PhaseState.PREPARING: _("preparing"),
        PhaseState.RUNNING: _("running"),
        PhaseState.PASSED: _("done"),
    }[state]


def capacity_text(capacity: int | None) -> str:
    """“12 places”."""
    if capacity is None:
        return _("Room for everybody")
    return ngettext("%(count)d place", "%(count)d places", capacity) % {"count": capacity}


def phase_heading(name: str, state: PhaseState, *, cohorts: int, month: int | None) -> str:
    """How far a phase has come, as a heading; `month` counts the tracked ones, the one in progress too."""
    told = {"phase": name, "number": ordinal_text(month) if month else ""}
    if state is PhaseState.RUNNING and month:
        return _("“%(phase)s” is in its %(number)s month") % told
    if state is PhaseState.CAN_BEGIN and cohorts:
        return _("“%(phase)s” is forming") % told
    return {
        PhaseState.WAITING: _("“%(phase)s” waits for the gate before it"),
        PhaseState.CAN_BEGIN: _("“%(phase)s” can begin"),
        PhaseState.PREPARING: _("“%(phase)s” is preparing"),
        PhaseState.RUNNING: _("“%(phase)s” is running"),
        PhaseState.PASSED: _("“%(phase)s” is done"),
    }[state] % told


def ordinal_text(number: int) -> str:
    """“sixth”, as running text wants it up to twelve; “13th” and so on after."""
    words = (
        _("first"), _("second"), _("third"), _("fourth"), _("fifth"), _("sixth"),
        _("seventh"), _("eighth"), _("ninth"), _("tenth"), _("eleventh"), _("twelfth"),
    )  # fmt: skip
    if number <= len(words):
        return words[number - 1]
    last = {1: _("%(number)dst"), 2: _("%(number)dnd"), 3: _("%(number)drd")}
    usual = number % 100 in (11, 12, 13) or number % 10 not in last
    return (_("%(number)dth") if usual else last[number % 10]) % {"number": number}


def people_text(people: int, invited: int, capacity: int | None) -> str:
    """How many are in a phase; where nobody is yet, how many it has room for."""
    if people:
        return ngettext("%(count)d person", "%(count)d people", people) % {"count": people}
    if invited:
        return ngettext("%(count)d invited", "%(count)d invited", invited) % {"count": invited}
    return _("everybody") if capacity is None else capacity_text(capacity)


def what_comes_next(*, invited: int, active: int) -> str:
    """What a phase waits for that is preparing, to those who lead it."""
    if active:
        return ngettext(
            "%(number)s person passed the training. Start tracking when you are ready: the first month begins that day.",
            "%(number)s people passed the training. Start tracking when you are ready: the first month begins that day.",
            active,
        ) % {"number": capitalised(number_text(active))}
    if invited:
        return ngettext(
            "%(number)s invitation waits for an answer. Whoever says yes goes through the starter track; then you start"
            " tracking, and the first month begins.",
            "%(number)s invitations wait for an answer. Whoever says yes goes through the starter track; then you start"
            " tracking, and the first month begins.",
            invited,
        ) % {"number": capitalised(number_text(invited))}
    return _("Its people are in their training. Once somebody has passed it, you start tracking.")


def totals_sentence(people: int, activities: int | None, learnings: int) -> str:
    """“Twelve people, 214 posts and conversations, 17 learnings in the playbook.”; nothing where nobody is in yet."""
    if not people:
        return ""
    told = [ngettext("%(number)s person", "%(number)s people", people) % {"number": number_text(people)}]
    if activities is not None:
        text = ngettext("%(number)s post or conversation", "%(number)s posts and conversations", activities)
        told.append(text % {"number": number_text(activities)})
    text = ngettext("%(number)s learning in the playbook", "%(number)s learnings in the playbook", learnings)
    told.append(text % {"number": number_text(learnings)})
    sentence = ", ".join(told) + "."
    return sentence[:1].upper() + sentence[1:]


def gate_note(state: GateState, expected_on: date | None, *, waits: bool, today: date) -> str:
    """Where the gate at the end of a phase stands, and when it will probably be ready."""
    if state is GateState.SHUT:
        return _shut_note(expected_on, waits=waits, today=today)
    return {
        GateState.READY: _("Its gate is ready: a lead and a sponsor decide."),
        GateState.OPENED: _("Its gate has been opened."),
        GateState.STOPPED: _("The program was stopped at its gate."),
    }[state]


def _shut_note(expected_on: date | None, *, waits: bool, today: date) -> str:
    if expected_on is None:
        return _("Its gate is shut, and has no date yet.")
    told = {"day": day_text(expected_on, today)}
    if waits:
        return _("Its gate will be ready on %(day)s at the earliest.") % told
    return _("Its gate will probably be ready on %(day)s.") % told


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "rollout_laid_out": lambda _facts: _("laid out the rollout"),
}
