"""Answers what a scenario says that somebody wrote as text, and writes one that way.

With: the one who talks to us

The situation.

#### The first turn
What happens.
> What the other says.
- “What one may answer.”
  Why that is good or not.
  → The name of the step behind it
- …

#### Good end: its name
How it came out.

#### Bad end: its name
How it came out.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from playbooks.scenarios.rules import (
    Answer,
    Ending,
    Scenario,
    ScenarioProblem,
    Step,
    Turn,
    Wrong,
    what_is_wrong_with_scenario,
)

LONGEST_SCENARIO = 30_000
_HEADING = re.compile(r"#{1,6}\s+(.*)")
_END = re.compile(r"(good|bad) end:\s*(.*)", re.IGNORECASE)
_WITH = re.compile(r"with:\s*(.*)", re.IGNORECASE)
_ANSWER = re.compile(r"[-*]\s+(?!>)(.*)|[-*]$")
_ARROW = re.compile(r"(?:→|->)\s*(.*)")
_SAID = re.compile(r">\s?(.*)")


@dataclass(frozen=True, slots=True)
class ReadScenario:
    """A scenario as it was read, and what keeps it from being played."""

    scenario: Scenario
    problems: tuple[ScenarioProblem, ...]


@dataclass(slots=True)
class _Answer:
    line: int
    text: str
    why: list[str] = field(default_factory=list)
    leads_to: str = ""


@dataclass(slots=True)
class _Step:
    """What stands under a heading; what stands above the first one is the situation."""

    line: int = 0
    name: str = ""
    other: str = ""
    happens: list[str] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    answers: list[_Answer] = field(default_factory=list)


def scenario_in(text: str) -> ReadScenario:
    """The scenario that a text tells; problems name its lines, counted from 1."""
    opening, *steps = _steps(text)
    scenario = Scenario(
        other=opening.other,
        situation=_paragraphs(opening.happens),
        turns=tuple(_turn(step) for step in steps if not _END.fullmatch(step.name)),
        endings=tuple(_ending(step) for step in steps if _END.fullmatch(step.name)),
    )
    misplaced = (
        ScenarioProblem(Wrong.ANSWER_AT_AN_END, step.answers[0].line, step.name)
        for step in steps
        if step.answers and _END.fullmatch(step.name)
    )
    problems = (*misplaced, *what_is_wrong_with_scenario(scenario))
    return ReadScenario(scenario, tuple(sorted(problems, key=lambda problem: problem.line)))


def _steps(text: str) -> list[_Step]:
    steps = [_Step()]
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if heading := _HEADING.fullmatch(line):
            steps.append(_Step(line=number, name=heading[1].strip()))
        else:
            _read(line, number, steps[-1])
    return steps


def _read(line: str, number: int, step: _Step) -> None:
    """A line within a step: plain lines belong to the answer above them, if there is one."""
    answer = step.answers[-1] if step.answers else None
    if (other := _WITH.fullmatch(line)) and not step.name and not any(step.happens):
        step.other = other[1].strip()
    elif (begun := _ANSWER.fullmatch(line)) and step.name:
        step.answers.append(_Answer(number, (begun[1] or "").strip()))
    elif (arrow := _ARROW.fullmatch(line)) and answer:
        answer.leads_to = arrow[1].strip()
    elif answer:
        answer.why.append(line)
    elif (said := _SAID.fullmatch(line)) and step.name:
        step.says.append(said[1].strip())
    else:
        step.happens.append(line)


def _turn(step: _Step) -> Turn:
    return Turn(
        name=step.name,
        happens=_paragraphs(step.happens),
        says=_paragraphs(step.says),
        answers=tuple(
            Answer(text=each.text, why=_line(each.why), leads_to=each.leads_to, line=each.line)
            for each in step.answers
        ),
        line=step.line,
    )


def _ending(step: _Step) -> Ending:
    end = _END.fullmatch(step.name)
    good, name = (end[1].casefold() == "good", end[2]) if end else (False, "")
    return Ending(
        name=name,
        held=good,
        happens=_paragraphs(step.happens),
        says=_paragraphs(step.says),
        line=step.line,
    )


def _paragraphs(lines: Iterable[str]) -> str:
    """The lines of a paragraph in one, paragraphs with an empty line between them."""
    return "\n\n".join(_line(part.splitlines()) for part in re.split(r"\n{2,}", "\n".join(lines).strip()))


def _line(lines: Iterable[str]) -> str:
    return " ".join(line for line in lines if line)


def scenario_text(scenario: Scenario) -> str:
    """A scenario as people write it: reading that gives the same scenario."""
    opening = f"With: {scenario.other}\n\n{scenario.situation}\n"
    return "\n".join([opening, *(_step_text(step) for step in scenario.steps)])


def _step_text(step: Step) -> str:
    return "\n".join(_step_lines(step)) + "\n"


def _step_lines(step: Step) -> Iterator[str]:
    if isinstance(step, Ending):
        yield f"#### {'Good' if step.held else 'Bad'} end: {step.name}"
    else:
        yield f"#### {step.name}"
    if step.happens:
        yield f"\n{step.happens}"
    if step.says:
        yield "\n" + "\n".join(f"> {line}".rstrip() for line in step.says.split("\n"))
    for answer in step.answers if isinstance(step, Turn) else ():
        yield f"\n- {answer.text}\n  {answer.why}\n  → {answer.leads_to}"
