"""Answers what keeps a cohort from its next step."""

from dataclasses import dataclass
from enum import StrEnum


class CohortState(StrEnum):
    FORMING = "forming"
    PREPARING = "preparing"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"


class CohortStep(StrEnum):
    PREPARE = "prepare"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    FINISH = "finish"
    STOP = "stop"


ENDED = frozenset({CohortState.FINISHED, CohortState.STOPPED})
_FROM = {
    CohortStep.PREPARE: {CohortState.FORMING},
    CohortStep.START: {CohortState.PREPARING},
    CohortStep.PAUSE: {CohortState.RUNNING},
    CohortStep.RESUME: {CohortState.RUNNING},
    CohortStep.FINISH: {CohortState.RUNNING},
    CohortStep.STOP: {CohortState.FORMING, CohortState.PREPARING, CohortState.RUNNING},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortStanding:
    """A cohort as a step finds it; `shut_before` is the phase whose gate is still shut before it, if one is."""

    state: CohortState
    paused: bool
    shut_before: str | None
    active: int


@dataclass(frozen=True, slots=True)
class NotFromHere:
    step: CohortStep
    state: CohortState


@dataclass(frozen=True, slots=True)
class GateBeforeIsShut:
    phase: str


@dataclass(frozen=True, slots=True)
class NobodyActive:
    pass


@dataclass(frozen=True, slots=True)
class PausedAlready:
    pass


@dataclass(frozen=True, slots=True)
class NotPaused:
    pass


CohortBar = NotFromHere | GateBeforeIsShut | NobodyActive | PausedAlready | NotPaused


def what_bars(step: CohortStep, cohort: CohortStanding) -> CohortBar | None:
    """Why the cohort cannot take this step now; None where it can."""
    if cohort.state not in _FROM[step]:
        return NotFromHere(step, cohort.state)
    if step is CohortStep.PREPARE and cohort.shut_before is not None:
        return GateBeforeIsShut(cohort.shut_before)
    if step is CohortStep.START and cohort.active == 0:
        return NobodyActive()
    if step is CohortStep.PAUSE and cohort.paused:
        return PausedAlready()
    if step is CohortStep.RESUME and not cohort.paused:
        return NotPaused()
    return None


def steps_ahead(cohort: CohortStanding) -> tuple[CohortStep, ...]:
    """The steps that a cohort in this state is offered, though something may still bar them."""
    offered = [step for step in CohortStep if cohort.state in _FROM[step]]
    return tuple(
        step for step in offered if not isinstance(what_bars(step, cohort), PausedAlready | NotPaused)
    )
