"""Assessments: what is asked, an attempt at a time, and how it went."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cohorts.criteria.words import capitalised
from playbooks.assessments.actions import AnswersIncomplete, NoAttemptNow, begin_attempt, hand_in
from playbooks.assessments.queries import attempt_page
from playbooks.assessments.words import (
    answer_problem_sentence,
    attempt_bar_sentence,
    score_sentence,
    tries_text,
)
from playbooks.entries.rules import MOST_OPTIONS
from playbooks.tracks.actions import TrackIsLocked
from playbooks.tracks.own_tracks import OwnTrack
from playbooks.tracks.queries import track_of
from playbooks.tracks.words import lock_sentences
from web.forms import Form
from web.pages import at, page, see
from web.visit import LEARNERS, UNPROCESSABLE, Visit, may


@post("/programs/{program:str}/training/{track:uuid}/modules/{module:uuid}/attempts", opt=may(*LEARNERS))
async def begin(
    request: Request[Any, Any, Any],
    visit: NamedDependency[Visit],
    track: FromPath[UUID],
    module: FromPath[UUID],
) -> Template | Redirect:
    form = await Form.of(request)
    try:
        begun = await begin_attempt(
            module,
            track=track,
            program=visit.program.id,
            by=visit.by.person,
            now=visit.now,
            today=visit.today,
            sent=form.sent,
        )
    except (NoAttemptNow, TrackIsLocked):
        own = await track_of(visit.by.person, visit.program.id, track, today=visit.today, now=visit.now)
        return assessment_page(request, visit, own, status=UNPROCESSABLE)
    return see(at(visit, "training", track, "attempts", begun))


@get("/programs/{program:str}/training/{track:uuid}/attempts/{attempt:uuid}", opt=may(*LEARNERS))
async def show(
    request: Request[Any, Any, Any],
    visit: NamedDependency[Visit],
    track: FromPath[UUID],
    attempt: FromPath[UUID],
) -> Template:
    found = await attempt_page(attempt, track=track, seen_by=visit.reader)
    if found.score is None:
        return page(request, "assessments/questions.html", attempt=found, form=Form())
    own = await track_of(visit.by.person, visit.program.id, track, today=visit.today, now=visit.now)
    return page(
        request,
        "assessments/result.html",
        attempt=found,
        went=score_sentence(found.score),
        own=own,
        bars=[attempt_bar_sentence(bar) for bar in own.bars],
        tries=capitalised(tries_text(own.rules.attempts, used=len(own.attempts))),
    )


@post("/programs/{program:str}/training/{track:uuid}/attempts/{attempt:uuid}", opt=may(*LEARNERS))
async def answer(
    request: Request[Any, Any, Any],
    visit: NamedDependency[Visit],
    track: FromPath[UUID],
    attempt: FromPath[UUID],
) -> Template | Redirect:
    form = await Form.of(request)
    found = await attempt_page(attempt, track=track, seen_by=visit.reader)
    with form.refusals():
        try:
            await hand_in(
                attempt,
                {question.id: _chosen(form.list(f"q-{question.id}")) for question in found.questions},
                program=visit.program.id,
                by=visit.by.person,
                now=visit.now,
                today=visit.today,
            )
            return see(at(visit, "training", track, "attempts", attempt))
        except AnswersIncomplete as refusal:
            for problem in refusal.problems:
                form.refuse(f"q-{problem.question}", answer_problem_sentence(problem))
    return page(request, "assessments/questions.html", status=UNPROCESSABLE, attempt=found, form=form)


def assessment_page(
    request: Request[Any, Any, Any], visit: Visit, own: OwnTrack, *, status: int = 200
) -> Template:
    """What an assessment asks, and what keeps its person from it now."""
    return page(
        request,
        "assessments/show.html",
        status=status,
        form=Form(),
        track=own,
        tries=capitalised(tries_text(own.rules.attempts, used=len(own.attempts))),
        bars=[*lock_sentences(own.lock, visit.today), *(attempt_bar_sentence(bar) for bar in own.bars)],
    )


def _chosen(values: list[str]) -> frozenset[int]:
    """The options' places; whatever is none stands for a place that no question has."""
    places = {str(place): place for place in range(MOST_OPTIONS)}
    return frozenset(places.get(value, -1) for value in values)


HANDLERS = (begin, show, answer)
