"""The learnings desk: what waits is read one by one, and sent back, declined or taken into the playbook's draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
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
from playbooks.reviews.queries import similar_to
from program.refusals import NotFound
from program.roles.rules import Role
from program.words import gettext as _
from program.words import ngettext
from web.entry_forms import chapter_names, entry_kinds, entry_text, entry_topics, entry_values, revision_in
from web.forms import LONGEST_TEXT, Form
from web.pages import at, page, see
from web.signed_out import KEEPS_WORDS
from web.visit import UNPROCESSABLE, Visit, may

MOST_TOGETHER = 20
NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """The three things that a lead can do with what lies before them."""

    accept: Form
    send_back: Form
    decline: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the order of what waits the reader is; `number` is 0 where what lies before them waits no more."""

    number: int
    before: UUID | None
    after: UUID | None


@get("/programs/{program:str}/desk", opt=may(Role.LEAD))
async def show(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    """One learning at a time: the one asked for (`at`), those taken together (`take`), or the first that waits."""
    waiting = await waiting_learnings(visit.reader, newest_first=_newest_first(request))
    asked = Form({"take": [*request.query_params.getall("take", []), request.query_params.get("at", "")]})
    wanted = asked.ids("take")[:MOST_TOGETHER]
    before = [learning for learning in waiting.learnings if learning.id in wanted] or waiting.learnings[:1]
    return await _desk(request, visit, before, waiting)


@get("/programs/{program:str}/desk/all", opt=may(Role.LEAD))
async def show_all(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    """All that waits, to take several together."""
    waiting = await waiting_learnings(visit.reader, newest_first=_newest_first(request))
    return page(
        request,
        "desk/all.html",
        waiting=waiting,
        newest_first=_newest_first(request),
        kinds={kind.value: kind_text(kind) for kind in LearningKind},
        entry_topics=entry_topics(),
    )


@get("/programs/{program:str}/desk/{learning:uuid}", opt=may(Role.LEAD))
async def show_one(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], learning: FromPath[UUID]
) -> Template | Redirect:
    before = await learnings_at_the_desk([learning], visit.reader)
    if not may_review(before[0].state):
        return see(at(visit, "learnings", learning))
    return await _desk(request, visit, before)


@post("/programs/{program:str}/desk/{learning:uuid}/return", opt=may(Role.LEAD) | KEEPS_WORDS)
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
            return see(_next(visit, form), toast=_("Sent back. The author gets a letter with your note."))
    return await _desk(request, visit, before, send_back=form)


@post("/programs/{program:str}/desk/{learning:uuid}/decline", opt=may(Role.LEAD) | KEEPS_WORDS)
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
            return see(_next(visit, form), toast=_("Declined. The author gets a letter with the reason."))
    return await _desk(request, visit, before, decline=form)


@post("/programs/{program:str}/desk", opt=may(Role.LEAD) | KEEPS_WORDS)
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
            return see(_next(visit, form), toast=_accepted(len(before)))
    return await _desk(request, visit, before, accept=form)


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
    waiting: Waiting | None = None,
    *,
    accept: Form | None = None,
    send_back: Form | None = None,
    decline: Form | None = None,
) -> Template:
    """The desk with `before` laid out; a form that is given was refused, and is shown as it was filled in.

    What another lead was faster with lies there too, with what became of it, and can be taken no more.
    """
    refused = accept or send_back or decline
    newest_first = _newest_first(request, refused)
    if waiting is None:
        waiting = await waiting_learnings(visit.reader, newest_first=newest_first)
    found = await draft(visit.reader)
    entry = _entry_in(found, _into(request, accept))
    return page(
        request,
        "desk/show.html",
        status=UNPROCESSABLE if refused else 200,
        waiting=waiting,
        newest_first=newest_first,
        before=before,
        taken=[learning.id for learning in before if may_review(learning.state)],
        done=[learning for learning in before if not may_review(learning.state)],
        place=_place(before, waiting),
        similar=await similar_to(before, visit.reader) if before else None,
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


def _newest_first(request: Request[Any, Any, Any], form: Form | None = None) -> bool:
    """The order in which the reader goes through what waits; a form carries it along."""
    return NEWEST in (request.query_params.get("order"), form.values.get("order") if form else None)


def _into(request: Request[Any, Any, Any], accept: Form | None) -> UUID | None:
    """The entry that the learnings are to go into; None for a new one."""
    form = accept or Form({"into": request.query_params.get("into", "")})
    return next(iter(form.ids("into")), None)


def _place(before: Sequence[LearningView], waiting: Waiting) -> Place:
    """Next comes what follows the last of those laid out, and after the end what was passed over."""
    ids = [learning.id for learning in waiting.learnings]
    laid_out = {learning.id for learning in before}
    places = [ids.index(each) for each in ids if each in laid_out]
    if not places:
        return Place(number=0, before=None, after=ids[0] if ids else None)
    after = [each for each in (*ids[places[-1] + 1 :], *ids[: places[0]]) if each not in laid_out]
    return Place(
        number=places[0] + 1,
        before=ids[places[0] - 1] if places[0] else None,
        after=after[0] if after else None,
    )


def _next(visit: Visit, form: Form) -> str:
    """Where the reader goes on after they are done with what lay before them."""
    asked = [("at", str(each)) for each in form.ids("next")[:1]]
    if form.values.get("order") == NEWEST:
        asked.append(("order", NEWEST))
    return at(visit, "desk") + (f"?{urlencode(asked)}" if asked else "")


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


HANDLERS = (show, show_all, show_one, send_back, decline, accept)
