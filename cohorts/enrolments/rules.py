"""Answers which way an enrolment may go from the state that it is in."""

from dataclasses import dataclass
from enum import StrEnum


class EnrolmentState(StrEnum):
    INVITED = "invited"
    DECLINED = "declined"
    PREPARING = "preparing"
    ACTIVE = "active"
    PAUSED = "paused"
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"


class EnrolmentStep(StrEnum):
    INVITE = "invite"
    ACCEPT = "accept"
    DECLINE = "decline"
    UNINVITE = "uninvite"
    PAUSE = "pause"
    RESUME = "resume"
    SUSPEND = "suspend"
    FINISH = "finish"
    LEAVE = "leave"


HOLDS_A_PLACE = frozenset(EnrolmentState) - {EnrolmentState.DECLINED, EnrolmentState.WITHDRAWN}
TAKES_PART = frozenset({EnrolmentState.PREPARING, EnrolmentState.ACTIVE, EnrolmentState.PAUSED})
LEADS_STEPS = (EnrolmentStep.PAUSE, EnrolmentStep.RESUME, EnrolmentStep.FINISH, EnrolmentStep.SUSPEND)
_FROM = {
    EnrolmentStep.INVITE: {EnrolmentState.INVITED, EnrolmentState.DECLINED, EnrolmentState.WITHDRAWN},
    EnrolmentStep.ACCEPT: {EnrolmentState.INVITED},
    EnrolmentStep.DECLINE: {EnrolmentState.INVITED},
    EnrolmentStep.UNINVITE: {EnrolmentState.INVITED},
    EnrolmentStep.PAUSE: {EnrolmentState.ACTIVE},
    EnrolmentStep.RESUME: {EnrolmentState.PAUSED, EnrolmentState.SUSPENDED},
    EnrolmentStep.SUSPEND: TAKES_PART,
    EnrolmentStep.FINISH: {EnrolmentState.ACTIVE, EnrolmentState.PAUSED},
    EnrolmentStep.LEAVE: TAKES_PART | {EnrolmentState.SUSPENDED},
}
_TO = {
    EnrolmentStep.INVITE: EnrolmentState.INVITED,
    EnrolmentStep.DECLINE: EnrolmentState.DECLINED,
    EnrolmentStep.UNINVITE: EnrolmentState.WITHDRAWN,
    EnrolmentStep.PAUSE: EnrolmentState.PAUSED,
    EnrolmentStep.SUSPEND: EnrolmentState.SUSPENDED,
    EnrolmentStep.FINISH: EnrolmentState.FINISHED,
    EnrolmentStep.LEAVE: EnrolmentState.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class StaysInState:
    step: EnrolmentStep
    state: EnrolmentState


@dataclass(frozen=True, slots=True)
class NoRoom:
    """More people were asked for than the phase has places left."""

    asked: int
    free: int
    capacity: int


def what_bars(step: EnrolmentStep, state: EnrolmentState) -> StaysInState | None:
    """Why an enrolment in this state cannot take this step; None where it can."""
    return None if state in _FROM[step] else StaysInState(step, state)


def state_after(step: EnrolmentStep, *, active_before: bool) -> EnrolmentState:
    """Where a step leads. Accepting and resuming lead back to active whoever was active in this cohort before."""
    if step in (EnrolmentStep.ACCEPT, EnrolmentStep.RESUME):
        return EnrolmentState.ACTIVE if active_before else EnrolmentState.PREPARING
    return _TO[step]


def what_is_full(*, asked: int, taken: int, capacity: int | None) -> NoRoom | None:
    """Whether a phase has no room for so many more people; a capacity of None is everybody."""
    if capacity is None or taken + asked <= capacity:
        return None
    return NoRoom(asked, max(0, capacity - taken), capacity)
