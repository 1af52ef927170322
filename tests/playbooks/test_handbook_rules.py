from dataclasses import replace
from uuid import uuid4

from playbooks.assessments.rules import Question
from playbooks.entries.rules import EntryCopy, EntryText, chapters_of
from playbooks.handbook.rules import ChapterFile, chapter_file
from playbooks.scenario_texts.rules import scenario_text
from tests.playbooks.scenarios import ADVERT
from tests.playbooks.writers import ENTRY

QUESTION = Question(
    id="q", prompt="What\nnow?", options=("Answer", "Wait"), right=frozenset({1}), why="It can\nwait."
)


class Stands:
    def __init__(self, text: EntryText) -> None:
        self.copy = EntryCopy(entry=uuid4(), position=0, revision=1, text=text)


def file_of(*texts: EntryText) -> ChapterFile:
    (chapter,) = chapters_of([Stands(text) for text in texts])
    return chapter_file(3, chapter)


def test_a_chapter_is_a_file_whose_headings_are_entries() -> None:
    other = replace(ENTRY, title="Call back", body="# Not a heading\n\nText.", question=QUESTION)
    assert file_of(ENTRY, other) == ChapterFile(
        "03-journalists.md",
        "---\nchapter: Journalists\n---\n\n"
        "## Ask which paper it is for\nkind: do\ntopic: journalists\n\nA reporter wrote to me on a Sunday.\n\n"
        "## Call back\nkind: do\ntopic: journalists\n\n\\# Not a heading\n\nText.\n\n"
        "### What now?\n- [ ] Answer\n- [x] Wait\n> It can wait.\n",
    )


def test_a_scenario_stands_in_its_file_as_people_write_it() -> None:
    text = file_of(replace(ENTRY, scenario=ADVERT)).text
    assert f"```scenario\n{scenario_text(ADVERT)}\n```\n" in text
