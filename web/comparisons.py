"""Two texts of an entry side by side: what each part says, and which words differ."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from playbooks.editions.rules import parts_changed
from playbooks.editions.words import part_text
from playbooks.entries.rules import EntryText
from playbooks.entries.words import kind_text, topic_text
from playbooks.revisions.rules import Passage, words_compared
from playbooks.scenario_texts.rules import scenario_text
from program.words import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPart:
    """A part of an entry that two texts say differently."""

    name: str
    passages: tuple[Passage, ...]


def compared(before: EntryText, after: EntryText) -> list[ShownPart]:
    """The parts that differ, the way a reader comes upon them."""
    differing = parts_changed(before, after)
    return [
        ShownPart(name=part_text(part), passages=_passages(said(before), said(after)))
        for part, said in PARTS.items()
        if part in differing
    ]


def _question(text: EntryText) -> str:
    question = text.question
    if question is None:
        return ""
    answers = (
        f"{_('Right:') if index in question.right else '–'} {option}"
        for index, option in enumerate(question.options)
    )
    return "\n".join([question.prompt, *answers, question.why])


PARTS: dict[str, Callable[[EntryText], str]] = {
    "title": lambda text: text.title,
    "chapter": lambda text: text.chapter,
    "kind": lambda text: kind_text(text.kind),
    "topic": lambda text: topic_text(text.topic),
    "body": lambda text: text.body,
    "question": _question,
    "scenario": lambda text: scenario_text(text.scenario) if text.scenario else "",
}


@lru_cache(maxsize=256)
def _passages(before: str, after: str) -> tuple[Passage, ...]:
    return words_compared(before, after)
