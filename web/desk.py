"""The learnings desk: what waits is read one by one, and sent back, declined or taken into the playbook's draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from playbooks.entries.actions import EntryChangedMeanwhile
from playbooks.entries.queries import Draft, DraftEntry, draft
from playbooks.entries.rules import EntryTopic
from playbooks.entries.words import topic_text
from playbooks.learnings.queries import LearningView, Waiting, learnings_at_the_desk, waiting_learnings
from playbooks.learnings.rules import ENTRY_KINDS, LearningKind, may_review
from playbooks.learnings.words import channel_text, entry_body, faced_text, kind_text
from playbooks.reviews.actions import accept_learnings, decline_learning, return_learning
from program.refusals import NotFound
from program.roles.rules import Role
from program.words import gettext as _
from program.words import ngettext
from web.entries import chapter_names, entry_kinds, entry_text, entry_topics, entry_values, revision_in
from web.forms import LONGEST_TEXT, Form
from web.pages import at, page, see
from web.visit import UNPROCESSABLE, Visit, may

MOST_TOGETHER = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """The three things that a lead can do with what lies before them."""

    accept: Form
    send_back: Form
    decline: Form


@get("/programs/{program:str}/desk", opt=may(Role.LEAD))
async def show(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    """What waits, and before the reader the learnings that they took together (`take`), else the oldest."""
    waiting = await waiting_learnings(visit.reader)
    asked = Form({"take": request.query_params.getall("take", [])}).ids("take")[:MOST_TOGETHER]
    before = [learning for learning in waiting.learnings if learning.id in asked] or waiting.learnings[:1]
    return await _desk(request, visit, before, waiting)


@get("/programs/{program:str}/desk/{learning:uuid}", opt=may(Role.LEAD))
async def show_one(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], learning: FromPath[UUID]
) -> Template | Redirect:
    before = await learnings_at_the_desk([learning], visit.reader)
    if not may_review(before[0].state):
        return see(at(visit, "learnings", learning))
    return await _desk(request, visit, before, await waiting_learnings(visit.reader))


@post("/programs/{program:str}/desk/{learning:uuid}/return", opt=may(Role.LEAD))
async def send_back(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], learning: FromPath[UUID]
) -> Template | Redirect:
    before = await learnings_at_the_desk([learning], visit.reader)
    form = await Form.of(request)
    note = form.text("note", longest=LONGEST_TEXT)
    if not form.problems:
        with form.refusals():
            await return_learning(
                visit.program.id, learning, note, by=visit.by.person, now=visit.now, sent=form.sent
            )
            return see(at(visit, "desk"), toast=_("Sent back. The author gets a letter with your note."))
    return await _desk(request, visit, before, await waiting_learnings(visit.reader), send_back=form)


@post("/programs/{program:str}/desk/{learning:uuid}/decline", opt=may(Role.LEAD))
async def decline(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], learning: FromPath[UUID]
) -> Template | Redirect:
    before = await learnings_at_the_desk([learning], visit.reader)
    form = await Form.of(request)
    reason = form.text("reason", longest=LONGEST_TEXT)
    if not form.problems:
        with form.refusals():
            await decline_learning(
                visit.program.id, learning, reason, by=visit.by.person, now=visit.now, sent=form.sent
            )
            return see(at(visit, "desk"), toast=_("Declined. The author gets a letter with the reason."))
    return await _desk(request, visit, before, await waiting_learnings(visit.reader), decline=form)


@post("/programs/{program:str}/desk", opt=may(Role.LEAD))
async def accept(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    """Take learnings into one entry, a new one or one of the draft."""
    form = await Form.of(request)
    before = await learnings_at_the_desk(form.ids("take")[:MOST_TOGETHER], visit.reader)
    if not before:
        raise NotFound
    into = form.id("into") if form.values.get("into") else None
    text = entry_text(form)
    revision = revision_in(form) if into else 0
    if not form.problems:
        with form.refusals():
            try:
                await accept_learnings(
                    visit.program.id,
                    [learning.id for learning in before],
                    text,
                    into=into,
                    revision=revision,
                    by=visit.by.person,
                    now=visit.now,
                    today=visit.today,
                    sent=form.sent,
                )
            except EntryChangedMeanwhile:
                current = _entry_in(await draft(visit.reader), into)
                form.values["revision"] = str(current.copy.revision if current else revision)
                raise
            return see(at(visit, "desk"), toast=_accepted(len(before)))
    return await _desk(request, visit, before, await waiting_learnings(visit.reader), accept=form)


def _accepted(count: int) -> str:
    return ngettext(
        "Taken into the draft. The author gets a letter.",
        "Taken into the draft. The authors get letters.",
        count,
    )


async def _desk(
    request: Request[Any, Any, Any],
    visit: Visit,
    before: Sequence[LearningView],
    waiting: Waiting,
    *,
    accept: Form | None = None,
    send_back: Form | None = None,
    decline: Form | None = None,
) -> Template:
    """The desk with `before` laid out; a form that is given was refused, and is shown as it was filled in."""
    found = await draft(visit.reader)
    into = (
        Form({"into": request.query_params.get("into", "")}).ids("into")
        if accept is None
        else accept.ids("into")
    )
    entry = _entry_in(found, into[0] if into else None)
    refused = any(form is not None for form in (accept, send_back, decline))
    return page(
        request,
        "desk/show.html",
        status=UNPROCESSABLE if refused else 200,
        waiting=waiting,
        before=before,
        taken=[learning.id for learning in before],
        entry=entry,
        forms=Forms(
            accept=accept or Form(_prefilled(before, entry, found)),
            send_back=send_back or Form(),
            decline=decline or Form(),
        ),
        draft=found,
        chapters=chapter_names(found),
        entry_kinds=entry_kinds(),
        entry_topics=entry_topics(),
        kinds={kind.value: kind_text(kind) for kind in LearningKind},
        faced_words={each.id: [faced_text(faced) for faced in each.text.faced] for each in before},
        channel_words={each.id: channel_text(each.text.channel) for each in before if each.text.channel},
    )


def _entry_in(found: Draft, entry: UUID | None) -> DraftEntry | None:
    entries = (each for chapter in found.chapters for each in chapter.entries)
    return next((each for each in entries if each.copy.entry == entry), None)


def _prefilled(
    before: Sequence[LearningView], entry: DraftEntry | None, found: Draft
) -> dict[str, str | list[str]]:
    """An entry as the learnings suggest it; in an existing one their words follow what stands there."""
    if not before:
        return {}
    told = entry_body(learning.text for learning in before)
    if entry is not None:
        values = entry_values(entry)
        return values | {"body": f"{entry.copy.text.body}\n\n{told}".strip()}
    first = before[0].text
    return {
        "kind": ENTRY_KINDS[first.kind].value,
        "topic": first.topic.value,
        "title": first.lesson,
        "chapter": _chapter_for(first.topic, found),
        "body": told or first.lesson,
    }


def _chapter_for(topic: EntryTopic, found: Draft) -> str:
    """The chapter that helps with the topic already; else one named after it."""
    for chapter in found.chapters:
        if any(entry.copy.text.topic is topic for entry in chapter.entries):
            return chapter.name
    return topic_text(topic)


HANDLERS = (show, show_one, send_back, decline, accept)
