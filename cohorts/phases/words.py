"""What is said of the phases of a rollout and of the gates at their ends."""

from datetime import date

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
    told = {"phase": name, "number": number_text(month) if month else ""}
    if state is PhaseState.RUNNING and month:
        return _("“%(phase)s” is in month %(number)s") % told
    if state is PhaseState.CAN_BEGIN and cohorts:
        return _("“%(phase)s” is forming") % told
    return {
        PhaseState.WAITING: _("“%(phase)s” waits for the gate before it"),
        PhaseState.CAN_BEGIN: _("“%(phase)s” can begin"),
        PhaseState.PREPARING: _("“%(phase)s” is preparing"),
        PhaseState.RUNNING: _("“%(phase)s” is running"),
        PhaseState.PASSED: _("“%(phase)s” is done"),
    }[state] % told


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
