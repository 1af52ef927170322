"""Reads a chapter of the starting set as its editors write it: Markdown with front matter, an entry a heading."""

import re
from dataclasses import dataclass

from playbooks.assessments.rules import Question
from playbooks.scenario_texts.rules import scenario_in
from playbooks.scenarios.rules import Scenario

SCENARIO = "Scenario"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingEntry:
    """An entry of edition 0; `body` is Markdown, and not every entry has a question or a scenario to practise."""

    chapter: str
    topic: str
    kind: str
    title: str
    body: str
    question: Question | None
    scenario: Scenario | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StarterTrack:
    name: str
    purpose: str


def chapter_entries(text: str) -> tuple[StartingEntry, ...]:
    """The entries of a chapter, in order."""
    head, sections = front_matter(text)
    return tuple(_entry(section, head) for section in re.split(r"^## ", sections, flags=re.MULTILINE)[1:])


def starter_track_of(text: str) -> StarterTrack:
    head, _ = front_matter(text)
    return StarterTrack(name=head["name"], purpose=head["purpose"])


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """What a file says of itself, and the rest of it."""
    _, head, rest = text.split("---\n", 2)
    return dict(line.split(": ", 1) for line in head.splitlines()), rest


def _entry(section: str, head: dict[str, str]) -> StartingEntry:
    text, *parts = section.split("\n### ")
    title, kind, body = text.split("\n", 2)
    scenarios = [part.removeprefix(SCENARIO) for part in parts if part.startswith(f"{SCENARIO}\n")]
    questions = [part for part in parts if not part.startswith(f"{SCENARIO}\n")]
    return StartingEntry(
        chapter=head["chapter"],
        topic=head["topic"],
        kind=kind.removeprefix("kind: "),
        title=title,
        body=body.strip(),
        question=_question(questions[0], title) if questions else None,
        scenario=scenario_in(scenarios[0]).scenario if scenarios else None,
    )


def _question(text: str, title: str) -> Question:
    """A prompt, its options as a task list with the right ones ticked, and why as a quotation."""
    prompt, *lines = text.strip().splitlines()
    options = [line for line in lines if line.startswith("- [")]
    return Question(
        id=re.sub(r"\W+", "-", title.casefold().replace("’", "")),
        prompt=prompt,
        options=tuple(line[6:] for line in options),
        right=frozenset(index for index, line in enumerate(options) if line.startswith("- [x] ")),
        why=" ".join(line[2:] for line in lines if line.startswith("> ")),
    )
