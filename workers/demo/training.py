"""Going through tracks as people do: a module after another, with pauses, until the assessment is passed, or not yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from playbooks.assessments.actions import begin_attempt, hand_in
from playbooks.assessments.queries import asked_in
from playbooks.scenarios.actions import go_back, say
from playbooks.scenarios.queries import scenario_page
from playbooks.scenarios.rules import Ending, Scenario, conversation_after
from playbooks.tracks.actions import begin_track, finish_reading
from playbooks.tracks.own_tracks import OwnTrack, TrackModule, tracks_of
from playbooks.tracks.queries import track_of
from playbooks.tracks.rules import ModuleKind
from program.database import fetch_value
from workers.demo.chance import Chance
from workers.demo.stage import Stage, a_form

MINUTES_FOR = {ModuleKind.READING: 11, ModuleKind.SCENARIO: 8, ModuleKind.ASSESSMENT: 12}
MODULES_AT_A_SITTING = 6


@dataclass(frozen=True, kw_only=True)
class Learner:
    """How somebody goes through a track: `stops_before` that many modules are done, `fails` that many attempts first,
    and in a first conversation `slips` once. Without a `track`, it is the first that waits for them.
    """

    email: str
    track: str = ""
    stops_before: int | None = None
    fails: int = 0
    slips: bool = False


async def begin(stage: Stage, learner: Learner, now: datetime) -> None:
    """Begin the track, and lay out the rest of the way through it."""
    me = stage.person(learner.email)
    open_ones = [
        track
        for track in await tracks_of(me, stage.program, today=stage.today(now), now=now)
        if not track.lock and not track.proven and learner.track in ("", track.name)
    ]
    track = open_ones[0]
    if track.begun_at is None:
        await begin_track(track.id, **stage.by_today(me, now))
        track = await track_of(me, stage.program, track.id, today=stage.today(now), now=now)
    _lay_out(stage, learner, track, now)


def _lay_out(stage: Stage, learner: Learner, track: OwnTrack, now: datetime) -> None:
    chance = Chance("training", learner.email, track.name)
    todo = [module for module in track.modules if module.done_at is None]
    at = now
    for number, module in enumerate(todo[: learner.stops_before]):
        if number and number % MODULES_AT_A_SITTING == 0:
            at = _next_day(at, chance)
        at += timedelta(minutes=MINUTES_FOR[module.kind] + chance.between(0, 7))
        if module.kind is ModuleKind.READING:
            stage.agenda.at(at, partial(_read, stage, learner, track.id, module))
        elif module.kind is ModuleKind.SCENARIO:
            slips = learner.slips and number < MODULES_AT_A_SITTING
            stage.agenda.at(at, partial(_play, stage, learner, track.id, module, slips))
        else:
            stage.agenda.at(at, partial(_take, stage, learner, track.id, module, learner.fails))


def _next_day(at: datetime, chance: Chance) -> datetime:
    """Another day, not on a weekend, at another time of it."""
    day = at + timedelta(days=1 if at.weekday() < 4 else 7 - at.weekday())  # noqa: PLR2004 -- Friday is 4
    return day.replace(hour=chance.between(7, 15), minute=chance.between(0, 59))


async def _read(stage: Stage, learner: Learner, track: UUID, module: TrackModule, now: datetime) -> None:
    await finish_reading(module.id, track=track, **stage.by_today(stage.person(learner.email), now))


async def _play(
    stage: Stage, learner: Learner, track: UUID, module: TrackModule, slips: bool, now: datetime
) -> None:
    """A conversation up to a good end, by the shortest way; who slips tries a way that goes wrong before."""
    me = stage.person(learner.email)
    own = await track_of(me, stage.program, track, today=stage.today(now), now=now)
    scenario = (await scenario_page(module.id, person=me, own=own)).scenario
    by = {"track": track, **stage.by_today(me, now)}
    wrong = _way_to(scenario, held=False) if slips else None
    for after, place in enumerate(wrong or ()):
        await say(place, module.id, number=1, after=after, **by)
    if wrong:
        await go_back(module.id, number=1, to=0, **by)
    for after, place in enumerate(_way_to(scenario, held=True) or ()):
        await say(place, module.id, number=2 if wrong else 1, after=after, **by)


def _way_to(scenario: Scenario, *, held: bool) -> tuple[int, ...] | None:
    """The answers of the shortest way to an end of that kind, if there is one."""
    return next((way for way, ending in _ways(scenario) if ending.held is held), None)


def _ways(scenario: Scenario) -> Iterator[tuple[tuple[int, ...], Ending]]:
    ways: list[tuple[int, ...]] = [()]
    while ways:
        way = ways.pop(0)
        here = conversation_after(scenario, way).now
        if isinstance(here, Ending):
            yield way, here
        else:
            ways += [(*way, place) for place in range(len(here.answers))]


async def _take(
    stage: Stage, learner: Learner, track: UUID, module: TrackModule, fails: int, now: datetime
) -> None:
    by = stage.by_today(stage.person(learner.email), now)
    attempt = await begin_attempt(module.id, track=track, sent=a_form(), **by)
    stage.agenda.at(
        now + timedelta(minutes=MINUTES_FOR[ModuleKind.ASSESSMENT]),
        partial(_hand_in, stage, learner, attempt, fails > 0),
    )
    if fails:
        again = _next_day(now + timedelta(days=1), Chance("again", learner.email, fails))
        stage.agenda.at(again, partial(_take, stage, learner, track, module, fails - 1))


async def _hand_in(stage: Stage, learner: Learner, attempt: UUID, wrongly: bool, now: datetime) -> None:
    """Every answer right; or every second one wrong, which is not enough."""
    asked, _pass_mark = asked_in(await fetch_value("SELECT questions FROM attempt WHERE id = $1", attempt))
    answers = {
        question.id: _wrong(question.right) if wrongly and number % 2 else question.right
        for number, question in enumerate(asked)
    }
    await hand_in(attempt, answers, **stage.by_today(stage.person(learner.email), now))


def _wrong(right: frozenset[int]) -> frozenset[int]:
    return frozenset({next(place for place in range(len(right) + 1) if place not in right)})
