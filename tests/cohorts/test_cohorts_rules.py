import pytest

from cohorts.cohorts.rules import (
    CohortStanding,
    CohortState,
    CohortStep,
    GateBeforeIsShut,
    NobodyActive,
    NotFromHere,
    NotPaused,
    PausedAlready,
    steps_ahead,
    what_bars,
)


def a_standing(
    state: CohortState = CohortState.FORMING,
    *,
    paused: bool = False,
    shut_before: str | None = None,
    active: int = 1,
) -> CohortStanding:
    return CohortStanding(state=state, paused=paused, shut_before=shut_before, active=active)


ALLOWED = {
    CohortState.FORMING: {CohortStep.PREPARE, CohortStep.STOP},
    CohortState.PREPARING: {CohortStep.START, CohortStep.STOP},
    CohortState.RUNNING: {CohortStep.PAUSE, CohortStep.FINISH, CohortStep.STOP},
    CohortState.FINISHED: set(),
    CohortState.STOPPED: set(),
}


@pytest.mark.parametrize("state", CohortState)
def test_each_state_leads_only_where_the_domain_says(state: CohortState) -> None:
    assert {step for step in CohortStep if what_bars(step, a_standing(state)) is None} == ALLOWED[state]


@pytest.mark.parametrize("state", CohortState)
def test_a_step_from_the_wrong_state_says_which_state_it_is(state: CohortState) -> None:
    barred = set(CohortStep) - ALLOWED[state] - {CohortStep.RESUME}
    assert {what_bars(step, a_standing(state)) for step in barred} == {
        NotFromHere(step, state) for step in barred
    }


def test_a_cohort_does_not_prepare_while_the_gate_before_it_is_shut() -> None:
    assert what_bars(CohortStep.PREPARE, a_standing(shut_before="Pilot")) == GateBeforeIsShut("Pilot")


def test_a_shut_gate_does_not_stop_what_has_begun() -> None:
    assert what_bars(CohortStep.START, a_standing(CohortState.PREPARING, shut_before="Pilot")) is None


def test_tracking_does_not_start_while_nobody_is_active() -> None:
    assert what_bars(CohortStep.START, a_standing(CohortState.PREPARING, active=0)) == NobodyActive()


def test_a_paused_cohort_is_not_paused_again_but_goes_on() -> None:
    paused = a_standing(CohortState.RUNNING, paused=True)
    assert what_bars(CohortStep.PAUSE, paused) == PausedAlready()
    assert what_bars(CohortStep.RESUME, paused) is None


def test_only_a_paused_cohort_goes_on() -> None:
    assert what_bars(CohortStep.RESUME, a_standing(CohortState.RUNNING)) == NotPaused()


def test_a_barred_step_is_offered_with_its_reason_but_a_senseless_one_is_not_offered() -> None:
    assert steps_ahead(a_standing(shut_before="Pilot")) == (CohortStep.PREPARE, CohortStep.STOP)
    assert steps_ahead(a_standing(CohortState.RUNNING)) == (
        CohortStep.PAUSE,
        CohortStep.FINISH,
        CohortStep.STOP,
    )
    assert steps_ahead(a_standing(CohortState.RUNNING, paused=True)) == (
        CohortStep.RESUME,
        CohortStep.FINISH,
        CohortStep.STOP,
    )
    assert steps_ahead(a_standing(CohortState.FINISHED)) == ()
