"""The draft of the playbook: reading it, writing its entries, taking one out and bringing it back."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from playbooks.assessments.rules import Question
from playbooks.entries.actions import (
    EntryChangedMeanwhile,
    add_entry,
    bring_back_entry,
    change_entry,
    withdraw_entry,
)
from playbooks.entries.queries import MAY_READ_THE_DRAFT, Draft, DraftEntry, draft, draft_entry
from playbooks.entries.rules import (
    MOST_OPTIONS,
    EntryKind,
    EntryText,
    EntryTopic,
    what_is_wrong_with_question,
)
from playbooks.entries.words import kind_text, question_problem, topic_text
from playbooks.learnings.queries import learnings_behind
from program.database import new_id
from program.roles.rules import Role
from program.words import gettext as _
from web.forms import Form
from web.pages import at, page, see
from web.visit import UNPROCESSABLE, Visit, may

LONGEST_BODY = 20_000
HIGHEST_REVISION = 999_999


@get("/programs/{program:str}/playbook/draft", opt=may(*MAY_READ_THE_DRAFT))
async def show_draft(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    found = await draft(visit.reader)
    entries = [entry.copy.entry for chapter in found.chapters for entry in chapter.entries]
    return page(
        request,
        "playbook/draft.html",
        draft=found,
        behind=await learnings_behind(entries, visit.reader),
        leads=visit.reader.is_any(Role.LEAD),
        entry_kinds=entry_kinds(),
        entry_topics=entry_topics(),
    )


@get("/programs/{program:str}/playbook/draft/new", opt=may(Role.LEAD))
async def new(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    form = Form({"kind": EntryKind.DO.value})
    return await _form_page(request, visit, form)


@post("/programs/{program:str}/playbook/draft", opt=may(Role.LEAD))
async def create(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    text = entry_text(form, question=question_in(form, str(new_id())))
    if not form.problems:
        with form.refusals():
            entry = await add_entry(
                visit.program.id, text, by=visit.by.person, now=visit.now, today=visit.today, sent=form.sent
            )
            return see(_place(visit, entry), toast=_("The entry stands in the draft."))
    return await _form_page(request, visit, form, status=UNPROCESSABLE)


@get("/programs/{program:str}/playbook/draft/{entry:uuid}", opt=may(Role.LEAD))
async def edit(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], entry: FromPath[UUID]
) -> Template:
    found = await draft_entry(entry, visit.reader)
    return await _form_page(request, visit, Form(entry_values(found)), entry=found)


@post("/programs/{program:str}/playbook/draft/{entry:uuid}", opt=may(Role.LEAD))
async def change(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], entry: FromPath[UUID]
) -> Template | Redirect:
    found = await draft_entry(entry, visit.reader)
    form = await Form.of(request)
    old = found.copy.text.question
    text = entry_text(form, question=question_in(form, old.id if old else str(new_id())))
    meanwhile = None
    if not form.problems:
        with form.refusals():
            try:
                await change_entry(
                    visit.program.id,
                    entry,
                    text,
                    revision=revision_in(form),
                    by=visit.by.person,
                    now=visit.now,
                    today=visit.today,
                    sent=form.sent,
                )
            except EntryChangedMeanwhile:
                meanwhile = found = await draft_entry(entry, visit.reader)
                form.values["revision"] = str(found.copy.revision)
                raise
            return see(_place(visit, entry), toast=_("Saved. The next edition carries it."))
    return await _form_page(request, visit, form, entry=found, meanwhile=meanwhile, status=UNPROCESSABLE)


@post("/programs/{program:str}/playbook/draft/{entry:uuid}/withdrawal", opt=may(Role.LEAD))
async def withdraw(visit: NamedDependency[Visit], entry: FromPath[UUID]) -> Redirect:
    await withdraw_entry(visit.program.id, entry, by=visit.by.person, now=visit.now)
    toast = _("Taken out of the draft. You can bring it back at the end of this page.")
    return see(at(visit, "playbook", "draft"), toast=toast)


@post("/programs/{program:str}/playbook/draft/{entry:uuid}/return", opt=may(Role.LEAD))
async def bring_back(visit: NamedDependency[Visit], entry: FromPath[UUID]) -> Redirect:
    await bring_back_entry(visit.program.id, entry, by=visit.by.person, now=visit.now)
    return see(_place(visit, entry), toast=_("It is back in the draft."))


def entry_text(form: Form, *, question: Question | None = None) -> EntryText:
    """What a form says of an entry, with every problem noted at its field."""
    return EntryText(
        chapter=" ".join(form.text("chapter").split()),
        kind=form.choice("kind", EntryKind, EntryKind.DO),
        topic=form.choice("topic", EntryTopic, EntryTopic.OTHER),
        title=" ".join(form.text("title").split()),
        body=form.text("body", longest=LONGEST_BODY),
        question=question,
    )


def question_in(form: Form, id: str) -> Question | None:
    """The check question that a form asks, if any of its fields is filled in."""
    if not any(form.list(name) not in ([], [""]) for name in ("prompt", "options", "why", "right")):
        return None
    lines = form.text("options", required=False, longest=LONGEST_BODY).splitlines()
    question = Question(
        id=id,
        prompt=form.text("prompt", longest=1_000),
        options=tuple(line.strip() for line in lines if line.strip()),
        right=frozenset(int(place) - 1 for place in form.some_of("right", _PLACES)),
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


_PLACES = [str(number) for number in range(1, MOST_OPTIONS + 1)]


async def _form_page(
    request: Request[Any, Any, Any],
    visit: Visit,
    form: Form,
    *,
    entry: DraftEntry | None = None,
    meanwhile: DraftEntry | None = None,
    status: int = 200,
) -> Template:
    """`meanwhile` is the entry as somebody else made it while this form was open."""
    behind = await learnings_behind([entry.copy.entry], visit.reader) if entry else {}
    return page(
        request,
        "playbook/entry_form.html",
        status=status,
        form=form,
        entry=entry,
        meanwhile=meanwhile,
        behind=behind.get(entry.copy.entry) if entry else None,
        chapters=chapter_names(await draft(visit.reader)),
        entry_kinds=entry_kinds(),
        entry_topics=entry_topics(),
        places=[(place, place) for place in _PLACES],
    )


def _place(visit: Visit, entry: UUID) -> str:
    return at(visit, "playbook", "draft") + f"#entry-{entry}"


HANDLERS = (show_draft, new, create, edit, change, withdraw, bring_back)
