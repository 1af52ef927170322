import re
from collections import Counter

import pytest

from cohorts.criteria.rules import Topic
from playbooks.assessments.rules import QUESTIONS_ASKED, Question, question_document, question_of
from playbooks.starting_set.queries import starter_track, starting_set
from playbooks.starting_set.rules import StartingEntry, chapter_entries

TOPICS = {*Topic, "workers_rights", "own_voice"}
ENTRIES = starting_set()
QUESTIONS = [entry.question for entry in ENTRIES if entry.question]

every_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.title)
every_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)


def test_the_starting_set_is_short() -> None:
    assert 12 <= len(ENTRIES) <= 18


def test_it_covers_every_topic_that_a_gate_asks_for_and_two_more() -> None:
    assert {entry.topic for entry in ENTRIES} == TOPICS


def test_it_has_entries_of_every_kind() -> None:
    assert {entry.kind for entry in ENTRIES} == {"do", "dont", "guidance", "scenario"}


def test_no_two_entries_share_a_title_and_no_two_questions_an_id() -> None:
    assert max(Counter(entry.title for entry in ENTRIES).values()) == 1
    assert max(Counter(question.id for question in QUESTIONS).values()) == 1


def test_a_chapter_stays_together() -> None:
    chapters = [entry.chapter for entry in ENTRIES]
    assert chapters == sorted(chapters, key=chapters.index)
    assert len(set(chapters)) == 7


def test_there_are_more_questions_than_an_attempt_asks() -> None:
    assert len(QUESTIONS) > QUESTIONS_ASKED


@every_entry
def test_an_entry_can_be_read_in_a_minute(entry: StartingEntry) -> None:
    assert entry.chapter
    assert entry.title
    assert 60 <= len(entry.body.split()) <= 160


@every_entry
def test_an_entry_is_set_with_typographic_marks(entry: StartingEntry) -> None:
    assert not re.search("[\"']", f"{entry.title}{entry.body}")
    assert "\n#" not in entry.body
    assert "- [" not in entry.body


@every_question
def test_a_question_offers_a_choice_and_explains_it(question: Question) -> None:
    assert question.prompt.endswith(("?", "."))
    assert 3 <= len(question.options) <= 4
    assert len(set(question.options)) == len(question.options)
    assert all(option and not option.startswith("[") for option in question.options)
    assert question.right
    assert question.right < set(range(len(question.options)))
    assert len(question.why.split()) >= 10
    assert question_of(question_document(question)) == question


def test_a_question_that_takes_several_answers_says_so() -> None:
    assert [question.id for question in QUESTIONS if question.takes_several] == [
        question.id for question in QUESTIONS if "Choose all" in question.prompt
    ]


def test_the_right_answer_is_not_to_be_found_by_its_place_alone() -> None:
    places = Counter(place for question in QUESTIONS for place in question.right)
    assert set(places) == {0, 1, 2, 3}
    assert max(places.values()) < len(QUESTIONS) / 2


def test_the_starter_track_says_what_it_is_for() -> None:
    assert starter_track().name == "Before your first post"
    assert starter_track().purpose.startswith("The do’s and don’ts that we begin with")


def test_a_chapter_is_read_as_its_editors_wrote_it() -> None:
    text = (
        "---\nchapter: When someone is angry\ntopic: critics\n---\n\n"
        "## Answer the person\nkind: do\n\nHear first.\n\nThen *help*.\n\n"
        "### She shouts: you?\n- [ ] Shout.\n- [x] Listen.\n- [x] Wait.\n> She wants\n> to be heard.\n\n"
        "## Don’t argue\nkind: dont\n\nYou can’t win.\n"
    )
    assert chapter_entries(text) == (
        StartingEntry(
            chapter="When someone is angry",
            topic="critics",
            kind="do",
            title="Answer the person",
            body="Hear first.\n\nThen *help*.",
            question=Question(
                id="answer-the-person",
                prompt="She shouts: you?",
                options=("Shout.", "Listen.", "Wait."),
                right=frozenset({1, 2}),
                why="She wants to be heard.",
            ),
        ),
        StartingEntry(
            chapter="When someone is angry",
            topic="critics",
            kind="dont",
            title="Don’t argue",
            body="You can’t win.",
            question=None,
        ),
    )
