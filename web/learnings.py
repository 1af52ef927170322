"""The notebook: what members learn, written on a phone, and what became of it."""

from collections.abc import Sequence
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
from playbooks.learnings.queries import (
    LearningView,
    Taught,
    cohort_learnings,
    learning_view,
    notebook,
    taught,
)
from playbooks.learnings.rules import (
    Channel,
    Faced,
    LearningKind,
    LearningState,
    LearningText,
    likely_topic,
    may_change,
    writes_as,
)
from playbooks.learnings.words import channel_text, faced_text, kind_text, passed_text
from program.roles.rules import Role
from program.words import gettext as _
from program.words import moment_text
from web.forms import LONGEST_TEXT, Form
from web.outsiders import PointedOut, decide, decides_on_a_name, names_in
from web.pages import at, page, see
from web.pictures import Step, StepState
from web.signed_out import KEEPS_WORDS
from web.visit import LEARNERS, UNPROCESSABLE, Visit, may

SEND = "send"


@get("/programs/{program:str}/learnings", opt=may(*LEARNERS, Role.COACH))
async def index(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    """One's own notebook; a coach has none, and comes for what the cohort wrote."""
    if not visit.reader.is_any(*LEARNERS):
        return see(at(visit, "learnings", "cohort"))
    found = await notebook(visit.reader)
    return _list(
        request,
        "learnings/index.html",
        found,
        writes=bool(writes_as(visit.reader)),
        taught=await taught(found),
    )


@get("/programs/{program:str}/learnings/cohort", opt=may(*LEARNERS, Role.COACH))
async def of_the_cohort(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    found = await cohort_learnings(visit.reader)
    return _list(request, "learnings/cohort.html", found, keeps=visit.reader.is_any(*LEARNERS))


@get("/programs/{program:str}/learnings/new", opt=may(*LEARNERS))
async def new(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    writes = writes_as(visit.reader) is not None
    return _form_page(request, Form({"kind": LearningKind.DO.value}), writes=writes)


@post("/programs/{program:str}/learnings/names", opt=may(*LEARNERS))
async def point_out(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    """Whom the words typed so far seem to name, for the page to show while they are being typed."""
    form = await Form.of(request)
    return page(request, "learnings/_names.html", names=await names_in(form, visit), form=form, asks=False)


@post("/programs/{program:str}/learnings", opt=may(*LEARNERS) | KEEPS_WORDS)
async def create(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    if decides_on_a_name(form):
        return await _with_names(request, visit, form)
    text, send = _text(form), form.values.get("then") == SEND
    names = await names_in(form, visit) if send else ()
    if not form.problems and not names:
        with form.refusals():
            learning = await log_learning(
                visit.program.id, text, send=send, by=visit.by.person, now=visit.now, sent=form.sent
            )
            return _kept(visit, learning, send=send)
    return _form_page(request, form, names=names, status=UNPROCESSABLE)


@get("/programs/{program:str}/learnings/{learning:uuid}", opt=may(*LEARNERS, Role.COACH, Role.LEAD))
async def show(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], learning: FromPath[UUID]
) -> Template:
    """The learning with its thread; what is still with its author is shown to be written on."""
    found = await learning_view(learning, visit.reader)
    if may_change(found.state) and visit.reader.is_any(*LEARNERS):
        writes = writes_as(visit.reader) is not None
        return _form_page(request, Form(_values(found.text)), learning=found, writes=writes)
    tracks = await taught([found])
    return page(
        request,
        "learnings/show.html",
        learning=found,
        thread=_thread(found, visit, tracks.get(found.entry.entry, ()) if found.entry else ()),
        **_named_choices(found.text),
    )


@post("/programs/{program:str}/learnings/{learning:uuid}", opt=may(*LEARNERS) | KEEPS_WORDS)
async def change(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], learning: FromPath[UUID]
) -> Template | Redirect:
    found = await learning_view(learning, visit.reader)
    form = await Form.of(request)
    if decides_on_a_name(form):
        return await _with_names(request, visit, form, learning=found)
    text, send = _text(form), form.values.get("then") == SEND
    names = await names_in(form, visit) if send else ()
    if not form.problems and not names:
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
    return _form_page(request, form, learning=found, names=names, status=UNPROCESSABLE)


async def _with_names(
    request: Request[Any, Any, Any], visit: Visit, form: Form, *, learning: LearningView | None = None
) -> Template:
    """The form after the author decided on a name, with those still open."""
    await decide(form, visit)
    return _form_page(request, form, learning=learning, names=await names_in(form, visit), decided=True)


def _kept(visit: Visit, learning: UUID, *, send: bool) -> Redirect:
    if send:
        toast = _("Your learning is at the desk. You hear what becomes of it.")
        return see(at(visit, "learnings"), toast=toast)
    return see(at(visit, "learnings", learning), toast=_("Kept as a draft. Only you see it."))


def _text(form: Form) -> LearningText:
    """A draft needs its lesson; the desk needs to know what happened too."""
    send = form.values.get("then") == SEND
    topic = form.one_of("topic", list(EntryTopic), required=False)
    faced = tuple(Faced(each) for each in form.some_of("faced", list(Faced)))
    channel = form.one_of("channel", list(Channel), required=False)
    return LearningText(
        kind=form.choice("kind", LearningKind, LearningKind.DO),
        topic=EntryTopic(topic) if topic else likely_topic(faced),
        lesson=" ".join(form.text("lesson").split()),
        situation=form.text("situation", required=send, longest=LONGEST_TEXT),
        conversation=form.text("conversation", required=False, longest=LONGEST_TEXT),
        what_i_did=form.text("what_i_did", required=False, longest=LONGEST_TEXT),
        outcome=form.text("outcome", required=False, longest=LONGEST_TEXT),
        resources=form.text("resources", required=False, longest=LONGEST_TEXT),
        channel=Channel(channel) if channel else None,
        faced=faced,
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
    names: Sequence[PointedOut] = (),
    decided: bool = False,
    writes: bool = True,
    status: int = 200,
) -> Template:
    more = ("conversation", "what_i_did", "outcome", "resources", "channel", "topic")
    return page(
        request,
        "learnings/form.html",
        status=status,
        form=form,
        learning=learning,
        writes=writes,
        names=names,
        decided=decided,
        asks=bool(names) and not decided,
        more_open=any(form.values.get(name) or form.problems.get(name) for name in more),
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


def _thread(learning: LearningView, visit: Visit, tracks: Sequence[Taught] = ()) -> list[Step]:
    """From the learning to the desk, the entry it stands behind, the editions that carried it, the tracks that teach it."""
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
    return [*steps, *_taught_steps(tracks)]


def _taught_steps(tracks: Sequence[Taught]) -> list[Step]:
    return [
        Step(
            title=_("Taught in “%(track)s”") % {"track": each.track_name},
            state=StepState.DONE,
            note=_("From edition %(number)d. %(passed)s")
            % {"number": each.edition, "passed": passed_text(each.passed)},
        )
        for each in tracks
    ]


def _entry_address(learning: LearningView, visit: Visit) -> str:
    """Where the entry stands: in the playbook, or for those who may read it in the draft."""
    if learning.entry is None:
        return ""
    if learning.entry.editions:
        return at(visit, "playbook", "entries", learning.entry.entry)
    if visit.reader.is_any(*MAY_READ_THE_DRAFT):
        return at(visit, "playbook", "draft") + f"#entry-{learning.entry.entry}"
    return ""


HANDLERS = (index, of_the_cohort, new, point_out, create, show, change)
