import pytest

from cohorts.cohorts.rules import CohortState
from cohorts.phases.rules import PhaseState, default_phases, phase_state
from cohorts.phases.words import what_comes_next


def test_the_default_rollout_widens_and_ends_with_everybody() -> None:
    places = [phase.capacity for phase in default_phases()]
    assert places == [12, 60, 300, None]


@pytest.mark.parametrize(
    ("cohorts", "state"),
    [
        ([], PhaseState.CAN_BEGIN),
        ([CohortState.FORMING], PhaseState.CAN_BEGIN),
        ([CohortState.FORMING, CohortState.PREPARING], PhaseState.PREPARING),
        ([CohortState.PREPARING, CohortState.RUNNING], PhaseState.RUNNING),
        ([CohortState.STOPPED, CohortState.FINISHED], PhaseState.CAN_BEGIN),
    ],
)
def test_a_reached_phase_is_as_far_as_its_furthest_cohort(
    cohorts: list[CohortState], state: PhaseState
) -> None:
    assert phase_state(reached=True, passed=False, cohorts=cohorts) is state


def test_a_phase_behind_a_shut_gate_waits() -> None:
    assert phase_state(reached=False, passed=False, cohorts=[CohortState.FORMING]) is PhaseState.WAITING


def test_a_phase_whose_gate_was_opened_is_passed_though_its_cohort_runs_on() -> None:
    assert phase_state(reached=True, passed=True, cohorts=[CohortState.RUNNING]) is PhaseState.PASSED


@pytest.mark.parametrize(
    ("invited", "active", "beginning"),
    [
        (0, 0, "Its people are in their training."),
        (1, 0, "One invitation waits for an answer."),
        (3, 0, "Three invitations wait for an answer."),
        (3, 1, "One person passed the training. Start tracking"),
        (0, 2, "Two people passed the training. Start tracking"),
    ],
)
def test_a_lead_is_told_what_comes_next_while_a_phase_prepares(
    invited: int, active: int, beginning: str
) -> None:
    assert what_comes_next(invited=invited, active=active).startswith(beginning)
