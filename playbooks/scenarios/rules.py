"""Answers what a scenario says, where a choice in it leads, and what keeps it from being played."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

FEWEST_CHOICES = 2
MOST_CHOICES = 5
MOST_STEPS = 60
LONGEST_TEXT = 1_500
LONGEST_NAME = 120

_LINE: Any = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Something that one may do at a turn: `why` is the feedback on it, `leads_to` the name of the step behind it.

    `line` is where it stands in the text that it was read from; 0 where it was not.
    """

    text: str
    why: str
    leads_to: str
    line: int = _LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What happens, what the other says, and the answers that one may give."""

    name: str
    happens: str
    says: str
    answers: tuple[Answer, ...]
    line: int = _LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a conversation comes out; in one that `held`, one would do the same again."""

    name: str
    held: bool
    happens: str
    says: str
    line: int = _LINE


Step = Turn | Ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A branching conversation with `other`; it begins with the first turn."""

    other: str
    situation: str
    turns: tuple[Turn, ...]
    endings: tuple[Ending, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        return (*self.turns, *self.endings)


class Wrong(StrEnum):
    """What can be wrong with a scenario as it is written."""

    NO_OTHER = "no_other"
    NO_SITUATION = "no_situation"
    NO_TURN = "no_turn"
    NO_GOOD_END = "no_good_end"
    TOO_MANY_STEPS = "too_many_steps"
    NO_NAME = "no_name"
    NAME_TWICE = "name_twice"
    NAME_TOO_LONG = "name_too_long"
    TEXT_TOO_LONG = "text_too_long"
    NOTHING_SAID = "nothing_said"
    TOO_FEW_ANSWERS = "too_few_answers"
    TOO_MANY_ANSWERS = "too_many_answers"
    ANSWER_TWICE = "answer_twice"
    ANSWER_EMPTY = "answer_empty"
    ANSWER_AT_AN_END = "answer_at_an_end"
    NO_FEEDBACK = "no_feedback"
    NO_ARROW = "no_arrow"
    LEADS_NOWHERE = "leads_nowhere"
    LEADS_BACK = "leads_back"
    NEVER_REACHED = "never_reached"


@dataclass(frozen=True, slots=True)
class ScenarioProblem:
    """What is wrong, at which line (0: as a whole), and the name of the step or the answer it is about."""

    wrong: Wrong
    line: int = 0
    name: str = ""


def what_is_wrong_with_scenario(scenario: Scenario) -> tuple[ScenarioProblem, ...]:
    """What keeps a scenario from being played, in the order of its lines.

    Where it answers nothing, every way through comes to an ending after at most as many answers as there are turns, and at
    least one way ends well.
    """
    if len(scenario.steps) > MOST_STEPS:
        return (ScenarioProblem(Wrong.TOO_MANY_STEPS),)
    found = (*_wrong_as_a_whole(scenario), *_wrong_with_steps(scenario), *_wrong_with_ways(scenario))
    return tuple(sorted(found, key=lambda problem: problem.line))


def _wrong_as_a_whole(scenario: Scenario) -> Iterator[ScenarioProblem]:
    if not scenario.other:
        yield ScenarioProblem(Wrong.NO_OTHER)
    if not scenario.situation:
        yield ScenarioProblem(Wrong.NO_SITUATION)
    if not scenario.turns:
        yield ScenarioProblem(Wrong.NO_TURN)
    if len(scenario.situation) > LONGEST_TEXT:
        yield ScenarioProblem(Wrong.TEXT_TOO_LONG)
    if len(scenario.other) > LONGEST_NAME:
        yield ScenarioProblem(Wrong.NAME_TOO_LONG, name=scenario.other)


def _wrong_with_steps(scenario: Scenario) -> Iterator[ScenarioProblem]:
    seen: set[str] = set()
    for step in _in_order(scenario):
        if not step.name:
            yield ScenarioProblem(Wrong.NO_NAME, step.line)
        elif _key(step.name) in seen:
            yield ScenarioProblem(Wrong.NAME_TWICE, step.line, step.name)
        seen.add(_key(step.name))
        if len(step.name) > LONGEST_NAME:
            yield ScenarioProblem(Wrong.NAME_TOO_LONG, step.line, step.name)
        if not step.happens and not step.says:
            yield ScenarioProblem(Wrong.NOTHING_SAID, step.line, step.name)
        if max(len(step.happens), len(step.says)) > LONGEST_TEXT:
            yield ScenarioProblem(Wrong.TEXT_TOO_LONG, step.line, step.name)
        if isinstance(step, Turn):
            yield from _wrong_with_answers(step)


def _wrong_with_answers(turn: Turn) -> Iterator[ScenarioProblem]:
    if len(turn.answers) < FEWEST_CHOICES:
        yield ScenarioProblem(Wrong.TOO_FEW_ANSWERS, turn.line, turn.name)
    if len(turn.answers) > MOST_CHOICES:
        yield ScenarioProblem(Wrong.TOO_MANY_ANSWERS, turn.line, turn.name)
    seen: set[str] = set()
    for answer in turn.answers:
        if not answer.text:
            yield ScenarioProblem(Wrong.ANSWER_EMPTY, answer.line, turn.name)
        elif _key(answer.text) in seen:
            yield ScenarioProblem(Wrong.ANSWER_TWICE, answer.line, answer.text)
        seen.add(_key(answer.text))
        if not answer.why:
            yield ScenarioProblem(Wrong.NO_FEEDBACK, answer.line, answer.text)
        if max(len(answer.text), len(answer.why)) > LONGEST_TEXT:
            yield ScenarioProblem(Wrong.TEXT_TOO_LONG, answer.line, answer.text)


def _wrong_with_ways(scenario: Scenario) -> Iterator[ScenarioProblem]:
    steps = _steps_by_name(scenario)
    for turn in scenario.turns:
        for answer in turn.answers:
            if not answer.leads_to:
                yield ScenarioProblem(Wrong.NO_ARROW, answer.line, answer.text)
            elif _key(answer.leads_to) not in steps:
                yield ScenarioProblem(Wrong.LEADS_NOWHERE, answer.line, answer.leads_to)
    back = _answers_that_lead_back(scenario, steps)
    yield from (ScenarioProblem(Wrong.LEADS_BACK, answer.line, answer.leads_to) for answer in back)
    if not scenario.turns:
        return
    reached = _reached(scenario, steps)
    for step in scenario.steps:
        if _key(step.name) not in reached:
            yield ScenarioProblem(Wrong.NEVER_REACHED, step.line, step.name)
    if not any(ending.held and _key(ending.name) in reached for ending in scenario.endings):
        yield ScenarioProblem(Wrong.NO_GOOD_END)


def _steps_by_name(scenario: Scenario) -> dict[str, Step]:
    """The first step of each name, without regard to case."""
    return {_key(step.name): step for step in reversed(_in_order(scenario))}


def _in_order(scenario: Scenario) -> list[Step]:
    return sorted(scenario.steps, key=lambda step: step.line)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _reached(scenario: Scenario, steps: Mapping[str, Step]) -> set[str]:
    ahead = [_key(scenario.turns[0].name)]
    reached: set[str] = set()
    while ahead:
        name = ahead.pop()
        step = steps.get(name)
        if step is None or name in reached:
            continue
        reached.add(name)
        if isinstance(step, Turn):
            ahead.extend(_key(answer.leads_to) for answer in step.answers)
    return reached


def _answers_that_lead_back(scenario: Scenario, steps: Mapping[str, Step]) -> list[Answer]:
    """The answers that close a circle: a conversation never comes back to what was said before."""
    found: list[Answer] = []
    finished: set[str] = set()

    def walk(turn: Turn, before: tuple[str, ...]) -> None:
        here = (*before, _key(turn.name))
        for answer in turn.answers:
            name = _key(answer.leads_to)
            step = steps.get(name)
            if name in here:
                found.append(answer)
            elif isinstance(step, Turn) and name not in finished:
                walk(step, here)
        finished.add(here[-1])

    for turn in scenario.turns:
        if _key(turn.name) not in finished:
            walk(turn, ())
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """A turn that was answered, and the place of the answer among its answers."""

    turn: Turn
    place: int

    @property
    def answer(self) -> Answer:
        return self.turn.answers[self.place]


@dataclass(frozen=True, slots=True)
class Conversation:
    """How far a conversation has come: what was said, and the step where it stands."""

    said: tuple[Said, ...]
    now: Step


class NoSuchAnswerError(ValueError):
    """An answer was given that the turn does not offer, or after the end."""


def conversation_after(scenario: Scenario, choices: Sequence[int]) -> Conversation:
    """Where the answers at these places lead, one after the other from the first turn on. For a scenario that can be played."""
    steps = _steps_by_name(scenario)
    now: Step = scenario.turns[0]
    said: list[Said] = []
    for place in choices:
        if isinstance(now, Ending) or not 0 <= place < len(now.answers):
            raise NoSuchAnswerError(place)
        said.append(Said(now, place))
        now = steps[_key(now.answers[place].leads_to)]
    return Conversation(tuple(said), now)


def longest_way(scenario: Scenario) -> int:
    """The most answers that lead to an end. For a scenario that can be played."""
    steps = _steps_by_name(scenario)
    known: dict[str, int] = {}

    def ahead(step: Step) -> int:
        if isinstance(step, Ending):
            return 0
        if step.name not in known:
            known[step.name] = 1 + max(ahead(steps[_key(answer.leads_to)]) for answer in step.answers)
        return known[step.name]

    return ahead(scenario.turns[0])


def scenario_document(scenario: Scenario) -> dict[str, Any]:
    """A scenario as it is kept in JSON."""
    return {
        "other": scenario.other,
        "situation": scenario.situation,
        "turns": [
            {
                "name": turn.name,
                "happens": turn.happens,
                "says": turn.says,
                "answers": [
                    {"text": each.text, "why": each.why, "leads_to": each.leads_to} for each in turn.answers
                ],
            }
            for turn in scenario.turns
        ],
        "endings": [
            {"name": end.name, "held": end.held, "happens": end.happens, "says": end.says}
            for end in scenario.endings
        ],
    }


def scenario_of(document: Mapping[str, Any]) -> Scenario:
    return Scenario(
        other=document["other"],
        situation=document["situation"],
        turns=tuple(
            Turn(**{**turn, "answers": tuple(Answer(**each) for each in turn["answers"])})
            for turn in document["turns"]
        ),
        endings=tuple(Ending(**end) for end in document["endings"]),
    )
