"""What measures are called, how they are worked out, and how their values read."""

from fractions import Fraction

from cohorts.measures.rules import Unit, measure_named
from program.words import figure_text, ngettext, percent_text
from program.words import gettext as _


def measure_name(name: str) -> str:
    """What a measure is called, as it stands inside a sentence; one of the program's own bears its own name."""
    names = {
        "tracked_months": _("tracked months"),
        "took_part_share": _("the share who took part"),
        "activities_per_member": _("activities per member"),
        "conversation_share": _("conversation share"),
        "originality": _("originality"),
        "robot_effect": _("robot effect"),
        "self_initiated_share": _("self-initiated share"),
        "reach": _("reach"),
        "learnings_accepted": _("learnings accepted"),
        "learnings_per_member": _("learnings per member"),
        "topics_covered": _("topics covered"),
        "freshness": _("freshness"),
        "certified_share": _("certified share"),
        "incident_rate": _("incident rate"),
        "grave_incidents_open": _("grave incidents open"),
        "response_time": _("response time"),
        "literacy": _("literacy"),
        "buy_in": _("buy-in"),
    }
    return names.get(name, name)


def measure_formula(name: str) -> str:
    """How a measure is worked out, in words."""
    formulas = {
        "tracked_months": _("months that counted, since the tracking start or the last recycle"),
        "took_part_share": _("eligible members who took part ÷ eligible members, per month"),
        "activities_per_member": _("activities without reactions ÷ members who took part, per month"),
        "conversation_share": _("replies and answered questions ÷ activities without reactions, per month"),
        "originality": _("the median of the measured activities of the last 90 days"),
        "robot_effect": _(
            "measured activities with an originality under 0.4 ÷ measured activities, last 90 days"
        ),
        "self_initiated_share": _(
            "activities without a brief, or before their brief’s window ÷ activities without reactions, per month"
        ),
        "reach": _("the sum of measured impressions, per month; what was not measured is not guessed"),
        "learnings_accepted": _("learnings accepted into the playbook so far"),
        "learnings_per_member": _("learnings accepted so far ÷ active enrolments"),
        "topics_covered": _("required topics with an entry in the newest edition ÷ required topics"),
        "freshness": _("entries of the newest edition that are not due for a check ÷ its entries"),
        "certified_share": _(
            "active or preparing enrolments with a valid certificate of the phase’s required track"
            " ÷ active or preparing enrolments"
        ),
        "incident_rate": _("incidents per 100 activities of the last 90 days"),
        "grave_incidents_open": _("grave incidents that are open"),
        "response_time": _("the median time from a question to its answer, last 90 days"),
        "literacy": _("the mean score of the diagnostic, by unit"),
        "buy_in": _("the mean of the sponsors’ and managers’ pulse, from 1 to 5"),
    }
    return formulas.get(name, _("a number that the program brings along under a name of its own"))


def value_text(name: str, value: Fraction | None) -> str:
    """A measure's value with its unit; what was not measured is said so, and is never zero."""
    if value is None:
        return _("not measured")
    unit = measure_named(name).unit
    if unit is Unit.SHARE:
        return percent_text(value)
    if unit is Unit.HOURS:
        return _("%(figure)s h") % {"figure": figure_text(value)}
    if unit is Unit.PER_HUNDRED:
        return _("%(figure)s per 100 activities") % {"figure": figure_text(value)}
    if unit is Unit.MONTHS:
        months = ngettext("%(figure)s month", "%(figure)s months", int(value))
        return months % {"figure": figure_text(value)}
    return figure_text(value)
