"""Answers what an edition changes against the one before, what it covers, and how fresh it is."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from cohorts.criteria.rules import Topic
from playbooks.entries.rules import EntryCopy, EntryText


class Change(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChange:
    """What became of an entry between two editions. `parts` names what is different in a changed one."""

    entry: UUID
    change: Change
    text: EntryText
    parts: tuple[str, ...] = ()

    @property
    def asks_something_new(self) -> bool:
        """Whether it is material unless a lead says otherwise: new, or another kind or body."""
        return self.change is Change.NEW or not {"kind", "body"}.isdisjoint(self.parts)


def changes_between(before: Iterable[EntryCopy], after: Iterable[EntryCopy]) -> tuple[EntryChange, ...]:
    """What is new, changed and withdrawn, in the order of the playbook; what was changed back is no change."""
    old = {copy.entry: copy for copy in before}
    found = []
    for copy in after:
        earlier = old.pop(copy.entry, None)
        if earlier is None:
            found.append(EntryChange(entry=copy.entry, change=Change.NEW, text=copy.text))
        elif parts := _parts_changed(earlier.text, copy.text):
            found.append(EntryChange(entry=copy.entry, change=Change.CHANGED, text=copy.text, parts=parts))
    withdrawn = (
        EntryChange(entry=copy.entry, change=Change.WITHDRAWN, text=copy.text) for copy in old.values()
    )
    return (*found, *withdrawn)


def _parts_changed(before: EntryText, after: EntryText) -> tuple[str, ...]:
    names = (field.name for field in fields(EntryText))
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def topics_lacking(topics: Iterable[str]) -> tuple[Topic, ...]:
    """The required topics that none of an edition's entries helps with."""
    covered = set(topics)
    return tuple(topic for topic in Topic if topic.value not in covered)


def is_due(verified_on: date, every_days: int, today: date) -> bool:
    """Whether an entry has to be verified again."""
    return verified_on + timedelta(days=every_days) <= today
