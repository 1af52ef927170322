"""What is said of lists of activities, and why one of a list was not kept."""

from collections.abc import Callable, Mapping
from typing import Any

from cohorts.activity_imports.rules import Outside
from cohorts.activity_lists.rules import Refused
from program.words import figure_text, ngettext
from program.words import gettext as _


def why_sentence(why: Outside | Refused) -> str:
    """Why an activity was not kept, and what can be done about it where something can."""
    return {
        Refused.DAY_MISSING: _("It does not say when it was done."),
        Refused.KIND_MISSING: _("It does not say what it was, and its link does not tell."),
        Refused.LINK_NOT_UNDERSTOOD: _("Its link is not the address of anything on the web."),
        Refused.NETWORK_MISSING: _("It does not say on which network, and its link does not tell."),
        Outside.IN_THE_FUTURE: _("Its day has not come yet."),
        Outside.BEFORE_TRACKING: _("It is from before your tracking began."),
        Outside.NOT_ACTIVE: _("You were not an active member on its day."),
        Outside.BEFORE_CONSENT: _(
            "It is from before the day from which you agreed to tracking on its network."
        ),
        Outside.NO_CONSENT: _(
            "You have not agreed to tracking on its network. If you do, under “My accounts”, send it again."
        ),
        Outside.SOMEBODY_ELSES_POST: _(
            "Somebody in your cohort has logged this post already. If you replied to it, give the link of your reply."
        ),
    }[why]


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "activities_sent": lambda facts: (
        ngettext(
            "sent a list with %(new)s new activity",
            "sent a list with %(new)s new activities",
            facts["new"],
        )
        % {"new": figure_text(facts["new"])}
    ),
}
