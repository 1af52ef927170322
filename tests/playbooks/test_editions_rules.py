from dataclasses import fields, replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from cohorts.criteria.rules import Topic
from playbooks.assessments.rules import Question
from playbooks.editions.rules import (
    Change,
    EntryChange,
    changes_between,
    is_due,
    is_rearranged,
    topics_lacking,
)
from playbooks.editions.words import part_text
from playbooks.entries.rules import EntryCopy, EntryKind, EntryText, EntryTopic

TEXT = EntryText(
    chapter="Critics", kind=EntryKind.DO, topic=EntryTopic.ANGRY_CRITICS, title="Listen", body="First."
)


def a_copy(text: EntryText = TEXT, *, entry: UUID | None = None, revision: int = 1) -> EntryCopy:
    return EntryCopy(entry=entry or uuid4(), position=0, revision=revision, text=text)


def test_new_changed_and_withdrawn_entries_are_told_apart() -> None:
    kept, edited, gone, new = a_copy(), a_copy(), a_copy(), a_copy()
    after = [kept, a_copy(replace(TEXT, body="Last."), entry=edited.entry, revision=2), new]
    assert changes_between([kept, edited, gone], after) == (
        EntryChange(
            entry=edited.entry, change=Change.CHANGED, text=after[1].text, before=TEXT, parts=("body",)
        ),
        EntryChange(entry=new.entry, change=Change.NEW, text=TEXT),
        EntryChange(entry=gone.entry, change=Change.WITHDRAWN, text=TEXT),
    )


def test_what_was_changed_and_changed_back_is_no_change() -> None:
    before = a_copy()
    assert changes_between([before], [a_copy(entry=before.entry, revision=3)]) == ()


QUESTION = Question(id="q", prompt="?", options=("a", "b"), right=frozenset({0}), why="w")


@pytest.mark.parametrize(
    ("different", "material"),
    [
        ({"body": "Other."}, True),
        ({"kind": EntryKind.DONT}, True),
        ({"title": "Listen first"}, False),
        ({"chapter": "Anger"}, False),
        ({"topic": EntryTopic.OTHER}, False),
        ({"question": QUESTION}, False),
    ],
)
def test_a_change_of_kind_or_text_asks_something_new(different: dict[str, str], material: bool) -> None:
    before = a_copy()
    (change,) = changes_between([before], [a_copy(replace(TEXT, **different), entry=before.entry)])  # type: ignore[arg-type]
    assert change.parts == tuple(different)
    assert change.asks_something_new is material


def test_a_new_entry_asks_something_new_and_a_withdrawn_one_does_not() -> None:
    (new,), (gone,) = changes_between([], [a_copy()]), changes_between([a_copy()], [])
    assert new.asks_something_new
    assert not gone.asks_something_new


def test_topics_without_an_entry_are_named_in_their_order() -> None:
    assert topics_lacking(["disclosure", "own_voice", "advocates"]) == (
        Topic.PRIVACY_AND_SECURITY,
        Topic.ANGRY_CRITICS,
        Topic.JOURNALISTS,
    )
    assert topics_lacking([topic.value for topic in Topic]) == ()


def test_an_entry_is_due_when_its_days_are_over() -> None:
    verified_on = date(2026, 1, 1)
    assert not is_due(verified_on, 180, date(2026, 6, 29))
    assert is_due(verified_on, 180, date(2026, 6, 30))


def test_every_part_of_an_entry_has_a_name() -> None:
    assert all(part_text(field.name) for field in fields(EntryText))


def test_another_order_is_told_apart_from_what_came_and_went() -> None:
    first, second, gone, new = a_copy(), a_copy(), a_copy(), a_copy()
    assert not is_rearranged([first, gone, second], [new, first, second])
    assert is_rearranged([first, gone, second], [second, new, first])
