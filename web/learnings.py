"""The notebook: what members learn, written on a phone, and what became of it."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from playbooks.entries.queries import MAY_READ_THE_DRAFT
from playbooks.entries.rules import EntryTopic
from playbooks.entries.words import topic_text
from playbooks.learnings.actions import change_learning, log_learning
from playbooks.learnings.queries import LearningView, cohort_learnings, learning_view, notebook
from playbooks.learnings.rules import (
    Channel,
    Faced,
    LearningKind,
    LearningState,
    LearningText,
    may_change,
    writes_as,
)
from playbooks.learnings.words import channel_text, faced_text, kind_text
from program.roles.rules import Role
from program.words import gettext as _
from program.words import moment_text
from web.forms import LONGEST_TEXT, Form
from web.pages import at, page, see
from web.pictures import Step, StepState
from web.visit import LEARNERS, UNPROCESSABLE, Visit, may

SEND = "send"


@get("/programs/{program:str}/learnings", opt=may(*LEARNERS, Role.COACH))
async def index(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    """One's own notebook; a coach has none, and comes for what the cohort wrote."""
    if not visit.reader.is_any(*LEARNERS):
        return see(at(visit, "learnings", "cohort"))
    return _list(
        request, "learnings/index.html", await notebook(visit.reader), writes=bool(writes_as(visit.reader))
    )


@get("/programs/{program:str}/learnings/cohort", opt=may(*LEARNERS, Role.COACH))
async def of_the_cohort(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    found = await cohort_learnings(visit.reader)
    return _list(request, "learnings/cohort.html", found, keeps=visit.reader.is_any(*LEARNERS))


@get("/programs/{program:str}/learnings/new", opt=may(*LEARNERS))
async def new(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    writes = writes_as(visit.reader) is not None
    return _form_page(request, Form({"kind": LearningKind.DO.value}), writes=writes)


@post("/programs/{program:str}/learnings", opt=may(*LEARNERS))
async def create(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    text, send = _text(form), form.values.get("then") == SEND
    if not form.problems:
        with form.refusals():
            learning = await log_learning(
                visit.program.id, text, send=send, by=visit.by.person, now=visit.now, sent=form.sent
            )
            return _kept(visit, learning, send=send)
    return _form_page(request, form, status=UNPROCESSABLE)


@get("/programs/{program:str}/learnings/{learning:uuid}", opt=may(*LEARNERS, Role.COACH, Role.LEAD))
async def show(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], learning: FromPath[UUID]
) -> Template:
    """The learning with its thread; what is still with its author is shown to be written on."""
    found = await learning_view(learning, visit.reader)
    if may_change(found.state) and visit.reader.is_any(*LEARNERS):
        writes = writes_as(visit.reader) is not None
        return _form_page(request, Form(_values(found.text)), learning=found, writes=writes)
    return page(
        request,
        "learnings/show.html",
        learning=found,
        thread=_thread(found, visit),
        **_named_choices(found.text),
    )


@post("/programs/{program:str}/learnings/{learning:uuid}", opt=may(*LEARNERS))
async def change(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], learning: FromPath[UUID]
) -> Template | Redirect:
    found = await learning_view(learning, visit.reader)
    form = await Form.of(request)
    text, send = _text(form), form.values.get("then") == SEND
    if not form.problems:
        with form.refusals():
            await change_learning(
                visit.program.id,
                learning,
                text,
                send=send,
                by=visit.by.person,
                now=visit.now,
                sent=form.sent,
            )
            return _kept(visit, learning, send=send)
    return _form_page(request, form, learning=found, status=UNPROCESSABLE)


def _kept(visit: Visit, learning: UUID, *, send: bool) -> Redirect:
    if send:
        toast = _("Your learning is at the desk. You hear what becomes of it.")
        return see(at(visit, "learnings"), toast=toast)
    return see(at(visit, "learnings", learning), toast=_("Kept as a draft. Only you see it."))


def _text(form: Form) -> LearningText:
    """A draft needs its lesson; the desk needs to know what it helps with and what happened."""
    send = form.values.get("then") == SEND
    topic = form.choice("topic", EntryTopic, EntryTopic.OTHER) if send or form.list("topic") else None
    channel = form.one_of("channel", list(Channel), required=False)
    return LearningText(
        kind=form.choice("kind", LearningKind, LearningKind.DO),
        topic=topic or EntryTopic.OTHER,
        lesson=" ".join(form.text("lesson").split()),
        situation=form.text("situation", required=send, longest=LONGEST_TEXT),
        conversation=form.text("conversation", required=False, longest=LONGEST_TEXT),
        what_i_did=form.text("what_i_did", required=False, longest=LONGEST_TEXT),
        outcome=form.text("outcome", required=False, longest=LONGEST_TEXT),
        resources=form.text("resources", required=False, longest=LONGEST_TEXT),
        channel=Channel(channel) if channel else None,
        faced=tuple(Faced(faced) for faced in form.some_of("faced", list(Faced))),
        named=form.yes("named"),
    )


def _values(text: LearningText) -> dict[str, str | list[str]]:
    return {
        "kind": text.kind.value,
        "topic": text.topic.value,
        "lesson": text.lesson,
        "situation": text.situation,
        "conversation": text.conversation,
        "what_i_did": text.what_i_did,
        "outcome": text.outcome,
        "resources": text.resources,
        "channel": text.channel.value if text.channel else "",
        "faced": [faced.value for faced in text.faced],
        "named": "yes" if text.named else "",
    }


def _form_page(
    request: Request[Any, Any, Any],
    form: Form,
    *,
    learning: LearningView | None = None,
    writes: bool = True,
    status: int = 200,
) -> Template:
    more = ("conversation", "what_i_did", "outcome", "resources", "channel")
    return page(
        request,
        "learnings/form.html",
        status=status,
        form=form,
        learning=learning,
        writes=writes,
        more_open=any(form.values.get(name) for name in more),
        kinds=[(kind.value, kind_text(kind)) for kind in LearningKind],
        topics=[(topic.value, topic_text(topic)) for topic in EntryTopic],
        faced=[(faced.value, faced_text(faced)) for faced in Faced],
        channels=[(channel.value, channel_text(channel)) for channel in Channel],
    )


def _list(
    request: Request[Any, Any, Any], template: str, learnings: tuple[LearningView, ...], **context: Any
) -> Template:
    states = [learning.state for learning in learnings]
    return page(
        request,
        template,
        learnings=learnings,
        counts={state.value: states.count(state) for state in LearningState},
        kinds={kind.value: kind_text(kind) for kind in LearningKind},
        **context,
    )


def _named_choices(text: LearningText) -> dict[str, Any]:
    """What a learning’s choices are called."""
    return {
        "kind": kind_text(text.kind),
        "topic": topic_text(text.topic),
        "faced": [faced_text(faced) for faced in text.faced],
        "channel": channel_text(text.channel) if text.channel else "",
    }


def _thread(learning: LearningView, visit: Visit) -> list[Step]:
    """From the learning to the desk, the entry that it stands behind, and the edition that carried it."""
    steps = [Step(title=_("Written down"), state=StepState.DONE, note=moment_text(learning.made_at))]
    reviewed, entry = learning.reviewed, learning.entry
    if learning.state is LearningState.SUBMITTED and learning.submitted_at:
        steps.append(
            Step(title=_("At the desk"), state=StepState.NEXT, note=moment_text(learning.submitted_at))
        )
    elif reviewed:
        told = {"name": reviewed.by_name, "at": moment_text(reviewed.at)}
        steps.append(
            Step(title=_("Read at the desk"), state=StepState.DONE, note=_("By %(name)s, %(at)s") % told)
        )
    if learning.state is LearningState.DECLINED:
        return steps
    if entry is None:
        return [*steps, Step(title=_("An entry of the playbook"), state=StepState.TODO)]
    published = bool(entry.editions)
    steps.append(Step(title=entry.title, state=StepState.DONE, href=_entry_address(learning, visit)))
    if not published:
        steps.append(Step(title=_("The next edition of the playbook"), state=StepState.NEXT))
    steps.extend(
        Step(
            title=_("Edition %(number)d of the playbook") % {"number": number},
            state=StepState.DONE,
            href=at(visit, "playbook", "editions", number),
        )
        for number in entry.editions
    )
    return steps


def _entry_address(learning: LearningView, visit: Visit) -> str:
    """Where the entry stands: in the playbook, or for those who may read it in the draft."""
    if learning.entry is None:
        return ""
    if learning.entry.editions:
        return at(visit, "playbook", "entries", learning.entry.entry)
    if visit.reader.is_any(*MAY_READ_THE_DRAFT):
        return at(visit, "playbook", "draft") + f"#entry-{learning.entry.entry}"
    return ""


HANDLERS = (index, of_the_cohort, new, create, show, change)
