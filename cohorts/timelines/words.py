"""When the phases of a rollout run, in words."""

from datetime import date

from cohorts.gates.rules import GateState
from cohorts.timelines.rules import PhaseCourse
from program.words import day_text, month_text
from program.words import gettext as _

EARLY, MIDDLE = 10, 20


def about_text(day: date, today: date) -> str:
    """“in the middle of January”: as near as a forecast can honestly be."""
    told = {"month": month_text(day, today)}
    if day.day <= EARLY:
        return _("at the beginning of %(month)s") % told
    if day.day <= MIDDLE:
        return _("in the middle of %(month)s") % told
    return _("at the end of %(month)s") % told


def course_note(course: PhaseCourse, gate: GateState | None, today: date) -> str:
    """When a phase runs and when its gate opens, in one or two sentences."""
    if course.begun:
        begun = (
            _("Tracked since %(day)s.") % {"day": day_text(course.from_on, today)} if course.from_on else ""
        )
        return f"{begun} {_gate_note(course, gate, today)}".strip()
    if course.from_on is None:
        opened = _gate_note(course, gate, today) if gate is GateState.OPENED else ""
        return opened or _("Begins once the gate before it is open.")
    told = {
        "from": day_text(course.from_on, today),
        "until": day_text(course.until_on, today) if course.until_on else "",
    }
    can_begin = course.from_on <= today
    return _foreseen(can_begin=can_begin, ends=course.until_on is not None, earliest=course.earliest) % told


def _foreseen(*, can_begin: bool, ends: bool, earliest: bool) -> str:
    if can_begin:
        return (
            _("Can begin today; its gate would then be ready on %(until)s.")
            if ends
            else _("Can begin today.")
        )
    if earliest:
        return (
            _("From %(from)s to %(until)s at the earliest.")
            if ends
            else _("From %(from)s on at the earliest.")
        )
    return _("Probably from %(from)s to %(until)s.") if ends else _("Probably from %(from)s on.")


def _gate_note(course: PhaseCourse, gate: GateState | None, today: date) -> str:
    if gate is None:
        return ""
    told = {"day": day_text(course.gate_on, today) if course.gate_on else ""}
    if gate is GateState.SHUT:
        if course.gate_on is None:
            return _("Its gate has no date yet.")
        if course.earliest:
            return _("Its gate will be ready on %(day)s at the earliest.") % told
        return _("Its gate will probably be ready on %(day)s.") % told
    return {
        GateState.READY: _("Its gate is ready to be opened."),
        GateState.OPENED: _("Its gate was opened on %(day)s."),
        GateState.STOPPED: _("The program was stopped at its gate."),
    }[gate] % told
