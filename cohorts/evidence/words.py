"""What held a gate shut when it was opened all the same, in words."""

from collections.abc import Mapping

from program.words import gettext as _
from program.words import list_text, ngettext, number_text


def held_sentence(held_shut_by: Mapping[str, int]) -> str:
    """What held it shut, by kind as the evidence keeps it; nothing where it was ready."""
    criteria = held_shut_by.get("CriterionNotMet", 0)
    conditions = held_shut_by.get("ConditionUnmet", 0)
    told = []
    if criteria:
        text = ngettext(
            "%(number)s required criterion was not met", "%(number)s required criteria were not met", criteria
        )
        told.append(text % {"number": number_text(criteria)})
    if conditions:
        text = ngettext(
            "%(number)s condition of an earlier gate was not met",
            "%(number)s conditions of earlier gates were not met",
            conditions,
        )
        told.append(text % {"number": number_text(conditions)})
    if held_shut_by.get("HeldUntil"):
        told.append(_("a lead held it"))
    if not told:
        return ""
    return _("It was opened although it was not ready: %(things)s.") % {"things": list_text(told)}
