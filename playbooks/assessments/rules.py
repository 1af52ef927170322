"""Answers which questions an attempt asks, how it is scored, and what bars a person from another one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from math import ceil
from typing import Any

QUESTIONS_ASKED = 8
FEWEST_QUESTIONS = 4
PASS_MARK = Fraction(80, 100)

Answers = Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRules:
    asked: int = QUESTIONS_ASKED
    pass_mark: Fraction = PASS_MARK
    attempts: int = 3
    wait: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A situation to judge; `right` holds the indices of the right options, `why` explains them afterwards."""

    id: str
    prompt: str
    options: tuple[str, ...]
    right: frozenset[int]
    why: str

    @property
    def takes_several(self) -> bool:
        return len(self.right) > 1


def question_document(question: Question) -> dict[str, Any]:
    """A question as it is kept in JSON."""
    return {
        "id": question.id,
        "prompt": question.prompt,
        "options": list(question.options),
        "right": sorted(question.right),
        "why": question.why,
    }


def question_of(document: Mapping[str, Any]) -> Question:
    return Question(
        id=document["id"],
        prompt=document["prompt"],
        options=tuple(document["options"]),
        right=frozenset(document["right"]),
        why=document["why"],
    )


def drawn_questions(
    bank: Iterable[Question], seed: str, asked: int = QUESTIONS_ASKED
) -> tuple[Question, ...]:
    """As many questions as are asked, or all there are; same seed, same questions, in the same order of options."""
    order = sorted(bank, key=lambda question: _lot(seed, question.id))
    return tuple(_shuffled(question, seed) for question in order[:asked])


def _shuffled(question: Question, seed: str) -> Question:
    order = sorted(range(len(question.options)), key=lambda index: _lot(seed, question.id, index))
    return replace(
        question,
        options=tuple(question.options[index] for index in order),
        right=frozenset(place for place, index in enumerate(order) if index in question.right),
    )


def _lot(*parts: object) -> bytes:
    return sha256(repr(parts).encode()).digest()


@dataclass(frozen=True, slots=True)
class Unanswered:
    question: str


@dataclass(frozen=True, slots=True)
class OneAnswerOnly:
    question: str


@dataclass(frozen=True, slots=True)
class NotAnOption:
    question: str


AnswerProblem = Unanswered | OneAnswerOnly | NotAnOption


def what_is_wrong_with(answers: Answers, questions: Sequence[Question]) -> tuple[AnswerProblem, ...]:
    """What keeps an attempt from being handed in, at most one problem a question. None of it is a wrong answer."""
    found = (_problem(question, answers.get(question.id, frozenset())) for question in questions)
    return tuple(problem for problem in found if problem is not None)


def _problem(question: Question, chosen: frozenset[int]) -> AnswerProblem | None:
    if not chosen:
        return Unanswered(question.id)
    if not chosen <= set(range(len(question.options))):
        return NotAnOption(question.id)
    if len(chosen) > 1 and not question.takes_several:
        return OneAnswerOnly(question.id)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    question: Question
    chosen: frozenset[int]

    @property
    def is_right(self) -> bool:
        """A question is right with all of its right options and no other."""
        return self.chosen == self.question.right


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    right: int
    asked: int
    needed: int
    feedback: tuple[Feedback, ...]

    @property
    def share(self) -> Fraction:
        return Fraction(self.right, self.asked)

    @property
    def passed(self) -> bool:
        return self.right >= self.needed


def score(questions: Sequence[Question], answers: Answers, pass_mark: Fraction = PASS_MARK) -> Score:
    """How an attempt went, judged by the questions as they were asked; every one of them has to be answered."""
    feedback = tuple(Feedback(question=question, chosen=answers[question.id]) for question in questions)
    return Score(
        right=sum(each.is_right for each in feedback),
        asked=len(feedback),
        needed=right_answers_needed(len(feedback), pass_mark),
        feedback=feedback,
    )


def right_answers_needed(asked: int, pass_mark: Fraction = PASS_MARK) -> int:
    """The fewest right answers that reach the pass mark, and never none."""
    return max(1, ceil(pass_mark * asked))


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptFacts:
    """An attempt is under way until it is handed in."""

    handed_in_at: datetime | None
    passed: bool


@dataclass(frozen=True, slots=True)
class AlreadyPassed:
    pass


@dataclass(frozen=True, slots=True)
class AttemptUnderWay:
    pass


@dataclass(frozen=True, slots=True)
class NoQuestions:
    pass


@dataclass(frozen=True, slots=True)
class ReadFirst:
    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PractiseFirst:
    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AttemptsUsedUp:
    attempts: int


@dataclass(frozen=True, slots=True)
class WaitUntil:
    at: datetime


AttemptBar = (
    AlreadyPassed | AttemptUnderWay | NoQuestions | ReadFirst | PractiseFirst | AttemptsUsedUp | WaitUntil
)


def what_bars_an_attempt(
    *,
    questions: int,
    unread: tuple[str, ...],
    unpractised: tuple[str, ...] = (),
    earlier: Sequence[AttemptFacts],
    now: datetime,
    rules: AssessmentRules,
) -> tuple[AttemptBar, ...]:
    """What keeps a person from beginning an attempt; empty when they may.

    `questions` is how many the bank holds, `unread` and `unpractised` the titles of the readings and scenarios before it
    that are not done, `earlier` the attempts that count: all of them, or, when a certificate is renewed, those since it
    became due.
    """
    if any(attempt.passed for attempt in earlier):
        return (AlreadyPassed(),)
    if any(attempt.handed_in_at is None for attempt in earlier):
        return (AttemptUnderWay(),)
    return (*_not_ready(questions, unread, unpractised), *_too_soon(earlier, now, rules))


def _not_ready(questions: int, unread: tuple[str, ...], unpractised: tuple[str, ...]) -> Iterable[AttemptBar]:
    if questions == 0:
        yield NoQuestions()
    if unread:
        yield ReadFirst(unread)
    if unpractised:
        yield PractiseFirst(unpractised)


def _too_soon(earlier: Sequence[AttemptFacts], now: datetime, rules: AssessmentRules) -> Iterable[AttemptBar]:
    if len(earlier) >= rules.attempts:
        yield AttemptsUsedUp(rules.attempts)
        return
    free_at = [attempt.handed_in_at + rules.wait for attempt in earlier if attempt.handed_in_at]
    if free_at and now < max(free_at):
        yield WaitUntil(max(free_at))
