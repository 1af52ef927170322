"""What access tokens may do, in words, and what is said of them."""

from collections.abc import Callable, Mapping
from typing import Any

from program.access_tokens.rules import Scope
from program.words import gettext as _
from program.words import ngettext


def scope_text(scope: Scope) -> str:
    """What a scope lets a token do, as a tick in a form says it."""
    return {
        Scope.PROGRAM_READ: _(
            "Read programs: phases, cohorts, gates, months and readings, the playbook and its tracks"
        ),
        Scope.PEOPLE_READ: _("Read people: members by name, and certificates"),
        Scope.ACTIVITIES_READ: _("Read activities"),
        Scope.ACTIVITIES_WRITE: _("Log my activities"),
        Scope.LEARNINGS_READ: _("Read learnings"),
        Scope.EVENTS_READ: _("Read events: who did what, and when"),
    }[scope]


def days_text(days: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "access_token_made": lambda _facts: _("made an access token"),
    "access_token_revoked": lambda _facts: _("revoked an access token"),
}
