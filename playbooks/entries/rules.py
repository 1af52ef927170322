"""Answers what an entry of the playbook says, where it stands among the others, and whether its question works."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from cohorts.criteria.rules import Topic
from playbooks.assessments.rules import Question
from playbooks.scenarios.rules import Scenario

VERIFY_EVERY_DAYS = 180
FEWEST_OPTIONS = 2
MOST_OPTIONS = 5


class EntryKind(StrEnum):
    DO = "do"
    DONT = "dont"
    GUIDANCE = "guidance"
    SCENARIO = "scenario"


class EntryTopic(StrEnum):
    """What an entry helps with; the first five are those that a gate asks for."""

    DISCLOSURE = Topic.DISCLOSURE.value
    PRIVACY_AND_SECURITY = Topic.PRIVACY_AND_SECURITY.value
    ANGRY_CRITICS = Topic.ANGRY_CRITICS.value
    ADVOCATES = Topic.ADVOCATES.value
    JOURNALISTS = Topic.JOURNALISTS.value
    OWN_VOICE = "own_voice"
    WORKERS_RIGHTS = "workers_rights"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryText:
    """All that an entry says; `body` is Markdown. A scenario can be practised in the tracks that teach the entry."""

    chapter: str
    kind: EntryKind
    topic: EntryTopic
    title: str
    body: str
    question: Question | None = None
    scenario: Scenario | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryCopy:
    """An entry as it stood at one revision, in the draft or in an edition."""

    entry: UUID
    position: int
    revision: int
    text: EntryText


class HasCopy(Protocol):
    @property
    def copy(self) -> EntryCopy: ...


Placed = TypeVar("Placed", bound=HasCopy)


@dataclass(frozen=True, slots=True)
class Chapter(Generic[Placed]):
    name: str
    entries: tuple[Placed, ...]


def chapters_of(entries: Iterable[Placed]) -> tuple[Chapter[Placed], ...]:
    """The entries chapter by chapter; a chapter stands where its first entry does."""
    chapters: dict[str, list[Placed]] = {}
    for entry in sorted(entries, key=lambda each: each.copy.position):
        chapters.setdefault(entry.copy.text.chapter, []).append(entry)
    return tuple(Chapter(name, tuple(found)) for name, found in chapters.items())


@dataclass(frozen=True, slots=True)
class TooFewOptions:
    pass


@dataclass(frozen=True, slots=True)
class TooManyOptions:
    pass


@dataclass(frozen=True, slots=True)
class OptionTwice:
    option: str


@dataclass(frozen=True, slots=True)
class NothingRight:
    pass


@dataclass(frozen=True, slots=True)
class RightIsNoOption:
    pass


QuestionProblem = TooFewOptions | TooManyOptions | OptionTwice | NothingRight | RightIsNoOption


def what_is_wrong_with_question(question: Question) -> tuple[QuestionProblem, ...]:
    """What keeps a check question from being asked."""
    return tuple(_problems(question))


def _problems(question: Question) -> Iterable[QuestionProblem]:
    if len(question.options) < FEWEST_OPTIONS:
        yield TooFewOptions()
    if len(question.options) > MOST_OPTIONS:
        yield TooManyOptions()
    yield from (OptionTwice(option) for option, times in Counter(question.options).items() if times > 1)
    if not question.right:
        yield NothingRight()
    if not question.right <= set(range(len(question.options))):
        yield RightIsNoOption()
