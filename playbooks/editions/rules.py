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
    """What became of an entry between two editions. A changed one said `before`; `parts` names what is different."""

    entry: UUID
    change: Change
    text: EntryText
    before: EntryText | None = None
    parts: tuple[str, ...] = ()

    @property
    def asks_something_new(self) -> bool:
        """Whether it is material unless a lead says otherwise: new, or another kind, body or scenario."""
        return self.change is Change.NEW or not {"kind", "body", "scenario"}.isdisjoint(self.parts)


def changes_between(before: Iterable[EntryCopy], after: Iterable[EntryCopy]) -> tuple[EntryChange, ...]:
    """What is new, changed and withdrawn, in the order of the playbook; what was changed back is no change."""
    old = {copy.entry: copy for copy in before}
    found = []
    for copy in after:
        earlier = old.pop(copy.entry, None)
        if earlier is None:
            found.append(EntryChange(entry=copy.entry, change=Change.NEW, text=copy.text))
        elif parts := parts_changed(earlier.text, copy.text):
            found.append(
                EntryChange(
                    entry=copy.entry,
                    change=Change.CHANGED,
                    text=copy.text,
                    before=earlier.text,
                    parts=parts,
                )
            )
    withdrawn = (
        EntryChange(entry=copy.entry, change=Change.WITHDRAWN, text=copy.text) for copy in old.values()
    )
    return (*found, *withdrawn)


def is_rearranged(before: Iterable[EntryCopy], after: Iterable[EntryCopy]) -> bool:
    """Whether what both have stands in another order."""
    old, new = [copy.entry for copy in before], [copy.entry for copy in after]
    return [entry for entry in old if entry in new] != [entry for entry in new if entry in old]


def parts_changed(before: EntryText, after: EntryText) -> tuple[str, ...]:
    """The names of what two texts of an entry say differently."""
    names = (field.name for field in fields(EntryText))
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def topics_lacking(topics: Iterable[str]) -> tuple[Topic, ...]:
    """The required topics that none of an edition's entries helps with."""
    covered = set(topics)
    return tuple(topic for topic in Topic if topic.value not in covered)


def is_due(verified_on: date, every_days: int, today: date) -> bool:
    """Whether an entry has to be verified again."""
    return verified_on + timedelta(days=every_days) <= today
