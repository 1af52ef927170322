import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.enrolments.rules import (
    HOLDS_A_PLACE,
    EnrolmentState,
    EnrolmentStep,
    NoRoom,
    StaysInState,
    state_after,
    what_bars,
    what_is_full,
)

ALLOWED = {
    EnrolmentState.INVITED: {
        EnrolmentStep.INVITE,
        EnrolmentStep.ACCEPT,
        EnrolmentStep.DECLINE,
        EnrolmentStep.UNINVITE,
    },
    EnrolmentState.DECLINED: {EnrolmentStep.INVITE},
    EnrolmentState.PREPARING: {EnrolmentStep.SUSPEND, EnrolmentStep.LEAVE},
    EnrolmentState.ACTIVE: {
        EnrolmentStep.PAUSE,
        EnrolmentStep.SUSPEND,
        EnrolmentStep.FINISH,
        EnrolmentStep.LEAVE,
    },
    EnrolmentState.PAUSED: {
        EnrolmentStep.RESUME,
        EnrolmentStep.SUSPEND,
        EnrolmentStep.FINISH,
        EnrolmentStep.LEAVE,
    },
    EnrolmentState.FINISHED: set(),
    EnrolmentState.WITHDRAWN: {EnrolmentStep.INVITE},
    EnrolmentState.SUSPENDED: {EnrolmentStep.RESUME, EnrolmentStep.LEAVE},
}


@pytest.mark.parametrize("state", EnrolmentState)
def test_each_state_leads_only_where_the_domain_says(state: EnrolmentState) -> None:
    assert {step for step in EnrolmentStep if what_bars(step, state) is None} == ALLOWED[state]


def test_a_barred_step_says_where_the_member_stands() -> None:
    bar = what_bars(EnrolmentStep.PAUSE, EnrolmentState.PREPARING)
    assert bar == StaysInState(EnrolmentStep.PAUSE, EnrolmentState.PREPARING)


@pytest.mark.parametrize(
    ("step", "to"),
    [
        (EnrolmentStep.INVITE, EnrolmentState.INVITED),
        (EnrolmentStep.ACCEPT, EnrolmentState.PREPARING),
        (EnrolmentStep.DECLINE, EnrolmentState.DECLINED),
        (EnrolmentStep.UNINVITE, EnrolmentState.WITHDRAWN),
        (EnrolmentStep.PAUSE, EnrolmentState.PAUSED),
        (EnrolmentStep.RESUME, EnrolmentState.PREPARING),
        (EnrolmentStep.SUSPEND, EnrolmentState.SUSPENDED),
        (EnrolmentStep.FINISH, EnrolmentState.FINISHED),
        (EnrolmentStep.LEAVE, EnrolmentState.WITHDRAWN),
    ],
)
def test_where_each_step_leads(step: EnrolmentStep, to: EnrolmentState) -> None:
    assert state_after(step, active_before=False) is to


@pytest.mark.parametrize("step", [EnrolmentStep.ACCEPT, EnrolmentStep.RESUME])
def test_who_was_active_before_is_active_again(step: EnrolmentStep) -> None:
    assert state_after(step, active_before=True) is EnrolmentState.ACTIVE


def test_only_who_left_or_said_no_gives_the_place_back() -> None:
    assert set(EnrolmentState) - HOLDS_A_PLACE == {EnrolmentState.DECLINED, EnrolmentState.WITHDRAWN}


def test_a_phase_takes_as_many_as_it_has_places() -> None:
    assert what_is_full(asked=2, taken=10, capacity=12) is None
    assert what_is_full(asked=3, taken=10, capacity=12) == NoRoom(asked=3, free=2, capacity=12)


def test_more_people_than_places_leave_none_free() -> None:
    assert what_is_full(asked=1, taken=14, capacity=12) == NoRoom(asked=1, free=0, capacity=12)


@given(asked=st.integers(1, 10_000), taken=st.integers(0, 10_000))
def test_a_phase_for_everybody_is_never_full(asked: int, taken: int) -> None:
    assert what_is_full(asked=asked, taken=taken, capacity=None) is None
