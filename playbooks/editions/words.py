"""What an edition changed, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from program.words import gettext as _


def part_text(part: str) -> str:
    return {
        "chapter": _("the chapter"),
        "kind": _("the kind"),
        "topic": _("the topic"),
        "title": _("the title"),
        "body": _("the text"),
        "question": _("the check question"),
    }[part]


EVENTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "edition_published": lambda facts: _("published edition %(number)s of the playbook") % facts,
}
