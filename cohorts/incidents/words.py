"""Incidents in words."""

from collections.abc import Callable, Mapping
from typing import Any

from cohorts.incidents.rules import Gravity
from program.words import gettext as _


def gravity_text(gravity: Gravity) -> str:
    return {Gravity.MINOR: _("minor"), Gravity.MAJOR: _("major"), Gravity.GRAVE: _("grave")}[gravity]


def gravity_question(gravity: Gravity) -> str:
    """What somebody chooses who reports one."""
    return {
        Gravity.MINOR: _("Minor: awkward, and soon forgotten"),
        Gravity.MAJOR: _("Major: somebody was hurt or misled, or a rule was broken"),
        Gravity.GRAVE: _("Grave: harm to people or to the company; it needs somebody today"),
    }[gravity]


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "incident_reported": lambda _facts: _("reported an incident"),
    "incident_closed": lambda _facts: _("closed an incident"),
}
