"""What a form says of an entry, and what an entry says in a form."""

from playbooks.assessments.rules import Question
from playbooks.entries.queries import Draft, DraftEntry
from playbooks.entries.rules import (
    MOST_OPTIONS,
    EntryKind,
    EntryText,
    EntryTopic,
    what_is_wrong_with_question,
)
from playbooks.entries.words import kind_text, question_problem, topic_text
from playbooks.scenario_texts.rules import LONGEST_SCENARIO, scenario_in, scenario_text
from playbooks.scenarios.rules import Scenario
from playbooks.scenarios.words import scenario_problem_sentence
from web.forms import Form

LONGEST_BODY = 20_000
HIGHEST_REVISION = 999_999
MOST_PROBLEMS = 5
PLACES = [str(number) for number in range(1, MOST_OPTIONS + 1)]
FIELDS_OF = {
    "title": ("title",),
    "chapter": ("chapter",),
    "kind": ("kind",),
    "topic": ("topic",),
    "body": ("body",),
    "question": ("prompt", "options", "right", "why"),
    "scenario": ("scenario",),
}


def entry_text(
    form: Form, *, question: Question | None = None, scenario: Scenario | None = None
) -> EntryText:
    """What a form says of an entry, with every problem noted at its field."""
    return EntryText(
        chapter=" ".join(form.text("chapter").split()),
        kind=form.choice("kind", EntryKind, EntryKind.DO),
        topic=form.choice("topic", EntryTopic, EntryTopic.OTHER),
        title=" ".join(form.text("title").split()),
        body=form.text("body", longest=LONGEST_BODY),
        question=question,
        scenario=scenario,
    )


def scenario_typed(form: Form) -> Scenario | None:
    """The scenario that a form tells, if its field is filled in; what is wrong with it is told by line."""
    if not form.text("scenario", required=False, longest=LONGEST_SCENARIO):
        return None
    read = scenario_in(form.list("scenario")[0][:LONGEST_SCENARIO])
    for problem in read.problems[:MOST_PROBLEMS]:
        form.refuse("scenario", scenario_problem_sentence(problem))
    return read.scenario


def question_in(form: Form, id: str) -> Question | None:
    """The check question that a form asks, if any of its fields is filled in."""
    if not any(form.list(name) not in ([], [""]) for name in ("prompt", "options", "why", "right")):
        return None
    lines = form.text("options", required=False, longest=LONGEST_BODY).splitlines()
    question = Question(
        id=id,
        prompt=form.text("prompt", longest=1_000),
        options=tuple(line.strip() for line in lines if line.strip()),
        right=frozenset(int(place) - 1 for place in form.some_of("right", PLACES)),
        why=form.text("why", longest=1_000),
    )
    for problem in what_is_wrong_with_question(question):
        form.refuse(*question_problem(problem))
    return question


def revision_in(form: Form) -> int:
    """The revision at which the form was opened."""
    return form.whole("revision", least=0, most=HIGHEST_REVISION, otherwise=0)


def entry_values(entry: DraftEntry) -> dict[str, str | list[str]]:
    """A form's values for an entry as it stands."""
    text = entry.copy.text
    values: dict[str, str | list[str]] = {
        "chapter": text.chapter,
        "kind": text.kind.value,
        "topic": text.topic.value,
        "title": text.title,
        "body": text.body,
        "revision": str(entry.copy.revision),
    }
    if text.scenario:
        values["scenario"] = scenario_text(text.scenario)
    if text.question:
        values |= {
            "prompt": text.question.prompt,
            "options": "\n".join(text.question.options),
            "right": [str(index + 1) for index in sorted(text.question.right)],
            "why": text.question.why,
        }
    return values


def entry_kinds() -> dict[str, str]:
    return {kind.value: kind_text(kind) for kind in EntryKind}


def entry_topics() -> dict[str, str]:
    return {topic.value: topic_text(topic) for topic in EntryTopic}


def chapter_names(found: Draft) -> list[str]:
    return [chapter.name for chapter in found.chapters]


def text_typed(form: Form, standing: EntryText) -> EntryText:
    """What a form says of an entry that says `standing`, whatever is wrong with it."""
    typed = Form(form.values)
    old = standing.question
    question = question_in(typed, old.id if old else "")
    return entry_text(typed, question=question, scenario=scenario_typed(typed))
