from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.assessments.rules import (
    AlreadyPassed,
    AssessmentRules,
    AttemptBar,
    AttemptFacts,
    AttemptsUsedUp,
    AttemptUnderWay,
    Feedback,
    NoQuestions,
    NotAnOption,
    OneAnswerOnly,
    PractiseFirst,
    Question,
    ReadFirst,
    Unanswered,
    WaitUntil,
    drawn_questions,
    question_document,
    question_of,
    right_answers_needed,
    score,
    what_bars_an_attempt,
    what_is_wrong_with,
)
from playbooks.assessments.words import answer_problem_sentence, attempt_bar_sentence, score_sentence

RULES = AssessmentRules()
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def question(number: int, *, right: frozenset[int] = frozenset({0})) -> Question:
    return Question(
        id=f"q{number}",
        prompt=f"Situation {number}?",
        options=("thank her", "correct her", "wait", "call her"),
        right=right,
        why="She wants to be heard first.",
    )


BANK = tuple(question(number) for number in range(12))
SEVERAL = question(99, right=frozenset({0, 3}))


def right_texts(question: Question) -> set[str]:
    return {question.options[index] for index in question.right}


def test_eight_questions_are_drawn_from_a_larger_bank() -> None:
    drawn = drawn_questions(BANK, "attempt 1")
    assert len(drawn) == 8
    assert len({question.id for question in drawn}) == 8


def test_a_small_bank_is_asked_whole() -> None:
    assert {question.id for question in drawn_questions(BANK[:3], "attempt 1")} == {"q0", "q1", "q2"}
    assert drawn_questions((), "attempt 1") == ()


def test_another_attempt_draws_other_questions_in_another_order() -> None:
    draws = {tuple(question.id for question in drawn_questions(BANK, f"attempt {n}")) for n in range(10)}
    orders = {drawn_questions(BANK[:1], f"attempt {n}")[0].options for n in range(10)}
    assert len(draws) == 10
    assert len(orders) > 3


def test_every_question_has_its_turn() -> None:
    asked = {question.id for n in range(20) for question in drawn_questions(BANK, str(n), asked=2)}
    assert asked == {question.id for question in BANK}


@given(st.permutations([*BANK, SEVERAL]), st.text(), st.integers(1, 14))
def test_a_draw_depends_on_its_seed_alone_and_keeps_right_what_is_right(
    bank: list[Question], seed: str, asked: int
) -> None:
    drawn = drawn_questions(bank, seed, asked)
    assert drawn == drawn_questions([*BANK, SEVERAL], seed, asked)
    assert len(drawn) == min(asked, 13)
    originals = {question.id: question for question in bank}
    for each in drawn:
        original = originals[each.id]
        assert sorted(each.options) == sorted(original.options)
        assert right_texts(each) == right_texts(original)


@given(st.sampled_from([*BANK, SEVERAL]))
def test_a_question_comes_back_from_its_document_as_it_was(question: Question) -> None:
    assert question_of(question_document(question)) == question


def test_a_question_with_several_right_options_says_so() -> None:
    assert SEVERAL.takes_several
    assert not BANK[0].takes_several


def test_unanswered_questions_are_problems_of_the_form_and_not_wrong_answers() -> None:
    answers = {"q0": frozenset({1}), "q1": frozenset[int]()}
    assert what_is_wrong_with(answers, BANK[:3]) == (Unanswered("q1"), Unanswered("q2"))


def test_a_question_with_one_right_option_takes_one_answer() -> None:
    answers = {"q0": frozenset({0, 1}), "q99": frozenset({0, 1})}
    assert what_is_wrong_with(answers, (BANK[0], SEVERAL)) == (OneAnswerOnly("q0"),)


@pytest.mark.parametrize("chosen", [{4}, {-1}, {0, 4}])
def test_only_options_that_were_offered_can_be_chosen(chosen: set[int]) -> None:
    assert what_is_wrong_with({"q99": frozenset(chosen)}, (SEVERAL,)) == (NotAnOption("q99"),)


def test_a_complete_form_has_no_problem() -> None:
    assert what_is_wrong_with({"q0": frozenset({3}), "q99": frozenset({0})}, (BANK[0], SEVERAL)) == ()


@pytest.mark.parametrize(
    ("chosen", "is_right"), [({0, 3}, True), ({0}, False), ({0, 1, 3}, False), ({1, 2}, False)]
)
def test_several_right_options_have_to_be_chosen_all_and_no_other(chosen: set[int], is_right: bool) -> None:
    result = score((SEVERAL,), {"q99": frozenset(chosen)})
    assert result.feedback == (Feedback(question=SEVERAL, chosen=frozenset(chosen)),)
    assert result.feedback[0].is_right is is_right


def answered(right: int, of: int) -> dict[str, frozenset[int]]:
    return {f"q{n}": frozenset({0 if n < right else 1}) for n in range(of)}


@pytest.mark.parametrize(
    ("right", "of", "passed"),
    [(8, 8, True), (7, 8, True), (6, 8, False), (4, 5, True), (3, 5, False), (8, 10, True), (7, 10, False)],
)
def test_eighty_percent_pass(right: int, of: int, passed: bool) -> None:
    result = score(BANK[:of], answered(right, of))
    assert (result.right, result.asked, result.share, result.passed) == (
        right,
        of,
        Fraction(right, of),
        passed,
    )


def test_two_thirds_are_exactly_two_of_three() -> None:
    assert score(BANK[:3], answered(2, 3), Fraction(2, 3)).passed
    assert right_answers_needed(3, Fraction(2, 3)) == 2


def test_nobody_passes_without_a_right_answer() -> None:
    assert not score(BANK[:4], answered(0, 4), Fraction(0)).passed
    assert right_answers_needed(0) == 1


@given(st.integers(1, 12), st.integers(0, 12), st.fractions(Fraction(1, 100), 1))
def test_an_attempt_passes_exactly_when_its_share_reaches_the_mark(
    of: int, right: int, mark: Fraction
) -> None:
    result = score(BANK[:of], answered(min(right, of), of), mark)
    assert result.passed == (result.share >= mark)
    assert [feedback.is_right for feedback in result.feedback].count(True) == result.right


def failed(*ago: timedelta) -> tuple[AttemptFacts, ...]:
    return tuple(AttemptFacts(handed_in_at=NOW - each, passed=False) for each in ago)


def bars(
    *, earlier: Sequence[AttemptFacts] = (), questions: int = 8, unread: tuple[str, ...] = ()
) -> tuple[AttemptBar, ...]:
    return what_bars_an_attempt(questions=questions, unread=unread, earlier=earlier, now=NOW, rules=RULES)


def test_a_first_attempt_is_free() -> None:
    assert bars() == ()


def test_what_is_to_be_played_comes_first_as_well() -> None:
    found = what_bars_an_attempt(
        questions=8, unread=(), unpractised=("A shout",), earlier=(), now=NOW, rules=RULES
    )
    assert found == (PractiseFirst(("A shout",)),)
    assert attempt_bar_sentence(found[0]) == "Play “A shout” until it comes out well."


def test_the_reading_comes_first() -> None:
    assert bars(unread=("Say who you are", "When someone is angry")) == (
        ReadFirst(("Say who you are", "When someone is angry")),
    )


def test_an_assessment_without_questions_cannot_be_begun() -> None:
    assert bars(questions=0) == (NoQuestions(),)


def test_a_day_lies_between_attempts() -> None:
    assert bars(earlier=failed(timedelta(hours=23))) == (WaitUntil(NOW + timedelta(hours=1)),)
    assert bars(earlier=failed(DAY)) == ()


def test_the_wait_runs_from_the_latest_attempt_whatever_their_order() -> None:
    assert bars(earlier=failed(timedelta(hours=2), 3 * DAY)) == (WaitUntil(NOW + timedelta(hours=22)),)


def test_three_attempts_are_all_there_are() -> None:
    assert bars(earlier=failed(9 * DAY, 6 * DAY)) == ()
    assert bars(earlier=failed(9 * DAY, 6 * DAY, timedelta(hours=1))) == (AttemptsUsedUp(3),)


def test_an_attempt_under_way_is_finished_before_another() -> None:
    under_way = AttemptFacts(handed_in_at=None, passed=False)
    assert bars(earlier=(*failed(2 * DAY), under_way), unread=("Say who you are",)) == (AttemptUnderWay(),)


def test_whoever_has_passed_is_done() -> None:
    passed = AttemptFacts(handed_in_at=NOW - DAY, passed=True)
    assert bars(earlier=(*failed(3 * DAY, 2 * DAY), passed)) == (AlreadyPassed(),)


def test_everything_that_bars_an_attempt_is_told_at_once() -> None:
    assert bars(earlier=failed(timedelta(hours=1)), questions=0, unread=("Say who you are",)) == (
        NoQuestions(),
        ReadFirst(("Say who you are",)),
        WaitUntil(NOW + timedelta(hours=23)),
    )


@pytest.mark.parametrize(
    ("bar", "sentence"),
    [
        (AlreadyPassed(), "You have passed this assessment."),
        (AttemptUnderWay(), "You have begun already. Go on where you left off: your questions are the same."),
        (
            NoQuestions(),
            "This assessment has no questions yet. A lead adds them to the entries of the playbook.",
        ),
        (ReadFirst(("Say who you are", "Your rights")), "First read “Say who you are” and “Your rights”."),
        (AttemptsUsedUp(3), "You have used all three tries. Talk to a lead about what comes next."),
        (AttemptsUsedUp(1), "You have used your only try. Talk to a lead about what comes next."),
        (
            WaitUntil(NOW + DAY),
            "You can try again from 21 Nov 2026, 09:30. Until then, read again what you missed.",
        ),
    ],
)
def test_what_bars_an_attempt_is_said_in_a_sentence(bar: AttemptBar, sentence: str) -> None:
    assert attempt_bar_sentence(bar) == sentence


def test_a_score_is_said_with_what_was_needed() -> None:
    assert score_sentence(score(BANK[:8], answered(7, 8))) == "Passed: 7 of 8 right."
    assert score_sentence(score(BANK[:8], answered(6, 8))) == "Not yet: 6 of 8 right, and 7 are needed."


def test_each_problem_of_an_answer_says_what_to_choose() -> None:
    sentences = [answer_problem_sentence(kind("q1")) for kind in (Unanswered, OneAnswerOnly, NotAnOption)]
    assert sentences == [
        "Choose an answer.",
        "Choose one answer only.",
        "Choose one of the answers that are offered.",
    ]
