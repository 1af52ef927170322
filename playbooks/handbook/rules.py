"""Writes a chapter of the playbook as a file that people can read and edit: Markdown with front matter, an entry a heading."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from playbooks.entries.rules import Chapter, EntryText, Placed
from playbooks.scenario_texts.rules import scenario_text

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class ChapterFile:
    name: str
    text: str


def chapter_file(number: int, chapter: Chapter[Placed]) -> ChapterFile:
    """The file of a chapter, `number` counted from 1; its name keeps the chapters in order."""
    words = re.sub(r"\W+", "-", chapter.name.casefold().replace("’", "")).strip("-")[:LONGEST_NAME]
    entries = ["\n".join(_entry_lines(entry.copy.text)) for entry in chapter.entries]
    head = f"---\nchapter: {chapter.name}\n---\n"
    return ChapterFile(f"{number:02}-{words}.md", "\n".join([head, *entries]))


def _entry_lines(text: EntryText) -> Iterator[str]:
    yield f"## {text.title}"
    yield f"kind: {text.kind.value}"
    yield f"topic: {text.topic.value}"
    yield ""
    yield _without_headings(text.body)
    yield ""
    if text.question:
        yield f"### {' '.join(text.question.prompt.split())}"
        for index, option in enumerate(text.question.options):
            yield f"- [{'x' if index in text.question.right else ' '}] {option}"
        yield f"> {' '.join(text.question.why.split())}"
        yield ""
    if text.scenario:
        yield "```scenario"
        yield scenario_text(text.scenario)
        yield "```"
        yield ""


def _without_headings(body: str) -> str:
    """Lines that would read as a heading of the file are marked as words."""
    return re.sub(r"^(?=#{1,6}\s)", r"\\", body, flags=re.MULTILINE)
