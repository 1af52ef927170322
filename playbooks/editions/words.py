"""What an edition changed, in words."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cohorts.criteria.words import capitalised
from playbooks.editions.rules import Change, EntryChange
from program.words import gettext as _
from program.words import list_text, ngettext


def part_text(part: str) -> str:
    return {
        "chapter": _("the chapter"),
        "kind": _("the kind"),
        "topic": _("the topic"),
        "title": _("the title"),
        "body": _("the text"),
        "question": _("the check question"),
        "scenario": _("the scenario"),
    }[part]


def changes_text(changes: Sequence[EntryChange]) -> str:
    """“Two entries are new, one changed and one was withdrawn.” Only of what there is."""
    count = Counter(change.change for change in changes)
    told = [
        words % {"count": count[change]}
        for change, words in (
            (Change.NEW, ngettext("one entry is new", "%(count)d entries are new", count[Change.NEW])),
            (Change.CHANGED, ngettext("one changed", "%(count)d changed", count[Change.CHANGED])),
            (
                Change.WITHDRAWN,
                ngettext("one was withdrawn", "%(count)d were withdrawn", count[Change.WITHDRAWN]),
            ),
        )
        if count[change]
    ]
    return _("%(changes)s.") % {"changes": capitalised(list_text(told))} if told else _("They say the same.")


EVENTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "edition_published": lambda facts: _("published edition %(number)s of the playbook") % facts,
}
