"""What roles are called, and what is said of giving and taking them."""

from collections.abc import Callable, Mapping
from typing import Any

from program.roles.rules import Role
from program.words import gettext as _


def role_name(role: Role) -> str:
    """What a role is called, as in “the role of …”."""
    return {
        Role.OWNER: _("owner"),
        Role.LEAD: _("lead"),
        Role.SPONSOR: _("sponsor"),
        Role.REVIEWER: _("reviewer"),
        Role.COACH: _("coach"),
        Role.PILOT_MEMBER: _("pilot member"),
        Role.AMBASSADOR: _("ambassador"),
        Role.LISTED: _("listed person"),
    }[role]


def role_meaning(role: Role) -> str:
    """What a granted role lets somebody do."""
    return {
        Role.LEAD: _(
            "Runs the program: invites people, reviews learnings, publishes editions, votes on gates."
        ),
        Role.SPONSOR: _("An executive who stands behind it, sees totals and votes on gates."),
        Role.REVIEWER: _("Legal, HR, IT or compliance: handles incidents and reads the events."),
    }[role]


def _granted(facts: Mapping[str, Any]) -> str:
    return _("gave the role of %(role)s") % {"role": role_name(Role(facts["role"]))}


def _revoked(facts: Mapping[str, Any]) -> str:
    return _("took back the role of %(role)s") % {"role": role_name(Role(facts["role"]))}


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "role_granted": _granted,
    "role_revoked": _revoked,
}
