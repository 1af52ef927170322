from dataclasses import dataclass
from uuid import uuid4

import pytest

from cohorts.criteria.rules import Topic
from playbooks.assessments.rules import Question
from playbooks.entries.rules import (
    EntryCopy,
    EntryKind,
    EntryText,
    EntryTopic,
    NothingRight,
    OptionTwice,
    QuestionProblem,
    RightIsNoOption,
    TooFewOptions,
    TooManyOptions,
    chapters_of,
    what_is_wrong_with_question,
)
from playbooks.entries.words import kind_text, question_problem, topic_text


@dataclass(frozen=True)
class Placed:
    copy: EntryCopy


def placed(position: int, chapter: str) -> Placed:
    text = EntryText(
        chapter=chapter, kind=EntryKind.DO, topic=EntryTopic.OTHER, title=str(position), body="Text"
    )
    return Placed(EntryCopy(entry=uuid4(), position=position, revision=1, text=text))


def a_question(options: tuple[str, ...], *right: int) -> Question:
    return Question(id="q", prompt="What now?", options=options, right=frozenset(right), why="Because.")


def test_a_chapter_stands_where_its_first_entry_does_and_gathers_the_later_ones() -> None:
    chapters = chapters_of([placed(3, "B"), placed(0, "B"), placed(1, "A"), placed(2, "B")])
    assert [(each.name, [entry.copy.text.title for entry in each.entries]) for each in chapters] == [
        ("B", ["0", "2", "3"]),
        ("A", ["1"]),
    ]


@pytest.mark.parametrize(
    ("question", "problems"),
    [
        (a_question(("Yes", "No"), 0), ()),
        (a_question(("1", "2", "3", "4", "5"), 0, 4), ()),
        (a_question(("Yes",), 0), (TooFewOptions(),)),
        (a_question(tuple("123456"), 0), (TooManyOptions(),)),
        (a_question(("Yes", "Yes", "No"), 2), (OptionTwice("Yes"),)),
        (a_question(("Yes", "No")), (NothingRight(),)),
        (a_question(("Yes", "No"), 2), (RightIsNoOption(),)),
        (a_question(()), (TooFewOptions(), NothingRight())),
    ],
)
def test_a_question_needs_two_to_five_answers_and_a_right_one(
    question: Question, problems: tuple[QuestionProblem, ...]
) -> None:
    assert what_is_wrong_with_question(question) == problems


@pytest.mark.parametrize(
    ("problem", "field", "word"),
    [
        (TooFewOptions(), "options", "at least 2"),
        (TooManyOptions(), "options", "at most 5"),
        (OptionTwice("Yes"), "options", "Yes"),
        (NothingRight(), "right", "right"),
        (RightIsNoOption(), "right", "many"),
    ],
)
def test_each_problem_says_what_to_do_at_its_field(problem: QuestionProblem, field: str, word: str) -> None:
    where, sentence = question_problem(problem)
    assert where == field
    assert word in sentence


def test_what_a_gate_asks_for_can_be_an_entrys_topic() -> None:
    assert {topic.value for topic in Topic} <= {topic.value for topic in EntryTopic}


def test_every_choice_has_a_name() -> None:
    assert all(kind_text(kind) for kind in EntryKind)
    assert all(topic_text(topic) for topic in EntryTopic)
