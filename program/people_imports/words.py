"""What is said of taking people files in."""

from collections.abc import Callable, Mapping
from typing import Any

from program.people.rules import Change, Field
from program.people.words import level_name, row_problem
from program.people_imports.rules import (
    AddressBelongsElsewhere,
    AddressStays,
    ExternalIdBelongsElsewhere,
    Problem,
)
from program.words import gettext as _
from program.words import ngettext


def problem_sentence(problem: Problem) -> str:
    """Why a row is not taken in."""
    match problem:
        case AddressStays(name, email):
            return _("%(name)s signs in as %(email)s, so only an owner can change that address.") % {
                "name": name,
                "email": email,
            }
        case AddressBelongsElsewhere(email):
            return _("%(email)s belongs to somebody else in the company, with another employee number.") % {
                "email": email
            }
        case ExternalIdBelongsElsewhere(external_id):
            return _(
                "The employee number %(external_id)s belongs to somebody else in the company, at another address."
            ) % {"external_id": external_id}
        case _:
            return row_problem(problem)


def changed_to(change: Change) -> tuple[str, str]:
    """What stands there now, and what would; levels in words."""
    if change.field is Field.LEVEL:
        return level_name(change.old if isinstance(change.old, int) else None), level_name(int(change.new))
    return str(change.old or ""), str(change.new)


def encoding_name(encoding: str) -> str:
    return {"cp1252": "Windows-1252", "utf-16": "UTF-16"}.get(encoding, "UTF-8")


def delimiter_name(delimiter: str) -> str:
    return {";": _("semicolons"), ",": _("commas"), "\t": _("tabs")}[delimiter]


def _imported(facts: Mapping[str, Any]) -> str:
    taken_in = facts["new"] + facts["joining"]
    text = ngettext(
        "took in a people file: %(new)d person added, %(changed)d changed, %(ended)d no longer listed",
        "took in a people file: %(new)d people added, %(changed)d changed, %(ended)d no longer listed",
        taken_in,
    ) % {"new": taken_in, "changed": facts["changed"], "ended": facts["ended"]}
    return _("%(what)s, on the command line") % {"what": text} if facts.get("at_terminal") else text


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {"people_imported": _imported}
