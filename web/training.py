"""My training: the way through one's tracks, their modules, and what keeps a track locked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from playbooks.assessments.words import tries_text
from playbooks.certificates.queries import my_certificates
from playbooks.certificates.words import state_text
from playbooks.clearances.queries import standing_of
from playbooks.clearances.words import clearance_sentence
from playbooks.entries.words import kind_text
from playbooks.tracks.actions import TrackIsLocked, begin_track, finish_reading
from playbooks.tracks.own_tracks import OwnTrack, TrackModule
from playbooks.tracks.queries import my_training, reading_page, step_in, track_of
from playbooks.tracks.rules import Lock, ModuleKind, NextStep, StepKind
from playbooks.tracks.words import (
    LockTold,
    certificate_step_text,
    lock_told,
    next_heading,
    next_sentences,
)
from program.words import day_text, ngettext, number_text
from program.words import gettext as _
from web.assessments import assessment_page
from web.forms import Form
from web.pages import at, page, see
from web.pictures import Step, StepState
from web.scenarios import show_scenario
from web.visit import LEARNERS, UNPROCESSABLE, Visit, may

ASSESSMENT_STEPS = frozenset(
    {StepKind.GO_ON_WITH_ASSESSMENT, StepKind.TAKE_ASSESSMENT, StepKind.WAIT, StepKind.ASK_A_LEAD}
)
MODULE_STEPS = frozenset({StepKind.BEGIN, StepKind.READ, StepKind.PRACTISE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    """The next step as a page shows it; its button sends a form where `posts`, and is missing where nothing can be done."""

    heading: str
    sentences: list[str]
    button: str
    href: str
    posts: bool


@get("/programs/{program:str}/training", opt=may(*LEARNERS))
async def index(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    training = await my_training(visit.reader, today=visit.today, now=visit.now)
    standing = await standing_of(visit.by.person, visit.program.id, visit.today)
    return page(
        request,
        "training/index.html",
        form=Form(),
        step=shown_step(visit, training.next_step),
        tracks=[(track, _way_in_short(visit, track)) for track in training.tracks],
        told=partial(_locks, today=visit.today),
        may_now=clearance_sentence(standing.clearance),
        certificates=await my_certificates(visit.reader, today=visit.today),
        state_text=state_text,
    )


@get("/programs/{program:str}/training/{track:uuid}", opt=may(*LEARNERS))
async def show(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], track: FromPath[UUID]
) -> Template:
    return await _track_page(request, visit, track)


@post("/programs/{program:str}/training/{track:uuid}/beginning", opt=may(*LEARNERS))
async def begin(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], track: FromPath[UUID]
) -> Template | Redirect:
    try:
        await begin_track(
            track, program=visit.program.id, by=visit.by.person, now=visit.now, today=visit.today
        )
    except TrackIsLocked:
        return await _track_page(request, visit, track, status=UNPROCESSABLE)
    return see(await _next_address(visit, track))


@get("/programs/{program:str}/training/{track:uuid}/modules/{module:uuid}", opt=may(*LEARNERS))
async def show_module(
    request: Request[Any, Any, Any],
    visit: NamedDependency[Visit],
    track: FromPath[UUID],
    module: FromPath[UUID],
) -> Template | Redirect:
    own = await track_of(visit.by.person, visit.program.id, track, today=visit.today, now=visit.now)
    if own.begun_at is None:
        return see(at(visit, "training", track))
    if own.assessment is not None and own.assessment.id == module:
        return assessment_page(request, visit, own)
    if module in {each.id for each in own.scenarios}:
        return await show_scenario(request, visit, own, module)
    reading = await reading_page(module, own=own)
    return page(
        request,
        "training/reading.html",
        reading=reading,
        place=own.place_of(module),
        form=Form(),
        kind_text=kind_text,
    )


@post("/programs/{program:str}/training/{track:uuid}/modules/{module:uuid}/completion", opt=may(*LEARNERS))
async def complete(visit: NamedDependency[Visit], track: FromPath[UUID], module: FromPath[UUID]) -> Redirect:
    await finish_reading(
        module,
        track=track,
        program=visit.program.id,
        by=visit.by.person,
        now=visit.now,
        today=visit.today,
    )
    return see(await _next_address(visit, track))


def shown_step(visit: Visit, step: NextStep | None) -> ShownStep | None:
    """The next step with its words and its button; Today shows it too."""
    if step is None:
        return None
    module = at(visit, "training", step.track.id, "modules", step.module.id) if step.module else ""
    button, href = {
        StepKind.GO_ON_WITH_ASSESSMENT: (
            _("Go on"),
            at(visit, "training", step.track.id, "attempts", step.attempt),
        ),
        StepKind.TAKE_ASSESSMENT: (_("To the assessment"), module),
        StepKind.READ: (_("Read it"), module),
        StepKind.PRACTISE: (_("Play it"), module),
        StepKind.BEGIN: (_("Begin"), at(visit, "training", step.track.id, "beginning")),
    }.get(step.kind, ("", ""))
    return ShownStep(
        heading=next_heading(step),
        sentences=next_sentences(step, visit.today),
        button=button,
        href=href,
        posts=step.kind is StepKind.BEGIN,
    )


def _way_in_short(visit: Visit, track: OwnTrack) -> list[Step]:
    """Of a track that is proven, what it led to; of a locked one nothing: its reasons stand there instead."""
    if track.proven:
        return [_goal(visit, track)]
    return [] if track.lock else _way(visit, track)


def _way(visit: Visit, track: OwnTrack) -> list[Step]:
    """The stones of a track: its readings, its assessment, and what it leads to."""
    return [*(_stone(visit, track, module) for module in track.modules), _goal(visit, track)]


def _stone(visit: Visit, track: OwnTrack, module: TrackModule) -> Step:
    href = at(visit, "training", track.id, "modules", module.id) if track.begun_at else ""
    if module.kind is not ModuleKind.ASSESSMENT:
        comes_next = track.next_kind in MODULE_STEPS and track.next_module == module
        done = module.done_at is not None
        return Step(
            title=module.title,
            state=StepState.DONE if done else StepState.NEXT if comes_next else StepState.TODO,
            note=" · ".join(_notes(visit, module)),
            chip=_("now") if comes_next else "",
            href=href,
        )
    comes_next = track.next_kind in ASSESSMENT_STEPS
    return Step(
        title=module.title,
        state=StepState.NEXT if comes_next else StepState.DONE if track.certificate else StepState.TODO,
        note=_assessment_note(track),
        chip=_("now") if comes_next else "",
        href=href,
    )


def _notes(visit: Visit, module: TrackModule) -> Iterator[str]:
    """What a reading or scenario is, and how far one has come with it."""
    told = {"day": day_text(module.done_at.date(), visit.today)} if module.done_at else {}
    if module.kind is ModuleKind.READING:
        yield ngettext("%(count)s entry", "%(count)s entries", module.entries) % {"count": module.entries}
        if told:
            yield _("read on %(day)s") % told
        return
    yield _("a conversation to play")
    if told:
        yield _("held on %(day)s") % told
    elif module.tries:
        yield _("begun")


def _assessment_note(track: OwnTrack) -> str:
    return ngettext(
        "Assessment: %(count)s question, %(needed)s right to pass, %(tries)s",
        "Assessment: %(count)s questions, %(needed)s right to pass, %(tries)s",
        track.questions,
    ) % {
        "count": track.questions,
        "needed": track.needed,
        "tries": tries_text(track.rules.attempts, used=0 if track.proven else len(track.attempts)),
    }


def _goal(visit: Visit, track: OwnTrack) -> Step:
    """What the certificate allows, and until when it is valid or how long it will be."""
    own = track.certificate
    if own is None:
        months = ngettext(
            "certificate for %(count)s month", "certificate for %(count)s months", track.valid_months
        )
        return Step(
            title=certificate_step_text(track.grants),
            state=StepState.TODO,
            note=months % {"count": number_text(track.valid_months)},
        )
    note = _("certificate of %(day)s, %(state)s") % {
        "day": day_text(own.issued_on, visit.today),
        "state": state_text(own.state),
    }
    return Step(
        title=certificate_step_text(track.grants),
        state=StepState.DONE if track.proven else StepState.TODO,
        note=note,
        href=at(visit, "certificates", own.id),
    )


async def _track_page(
    request: Request[Any, Any, Any], visit: Visit, track: UUID, *, status: int = 200
) -> Template:
    own = await track_of(visit.by.person, visit.program.id, track, today=visit.today, now=visit.now)
    return page(
        request,
        "training/show.html",
        status=status,
        form=Form(),
        track=own,
        way_steps=_way(visit, own),
        step=shown_step(visit, step_in(own)),
        locks=_locks(own.lock, today=visit.today),
    )


def _locks(lock: Lock, *, today: date) -> list[LockTold]:
    return [lock_told(reason, today) for reason in lock]


async def _next_address(visit: Visit, track: UUID) -> str:
    """Where the next step of a track is; its own page where there is none to take."""
    own = await track_of(visit.by.person, visit.program.id, track, today=visit.today, now=visit.now)
    step = shown_step(visit, step_in(own))
    return step.href if step and step.href and not step.posts else at(visit, "training", track)


HANDLERS = (index, show, begin, show_module, complete)
