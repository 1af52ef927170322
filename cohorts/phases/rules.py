"""Which circles does a program widen through, unless it says otherwise, and how far has one come?"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from cohorts.cohorts.rules import CohortState


@dataclass(frozen=True, slots=True)
class PlannedPhase:
    """A step of the rollout before it is laid out; `capacity` in people, None for everybody."""

    name: str
    capacity: int | None


class PhaseState(StrEnum):
    WAITING = "waiting"
    CAN_BEGIN = "can_begin"
    PREPARING = "preparing"
    RUNNING = "running"
    PASSED = "passed"


def default_phases() -> tuple[PlannedPhase, ...]:
    """From the pilot to the whole company."""
    return (
        PlannedPhase("Pilot", 12),
        PlannedPhase("First circle", 60),
        PlannedPhase("Second circle", 300),
        PlannedPhase("Company-wide", None),
    )


def phase_state(*, reached: bool, passed: bool, cohorts: Collection[CohortState]) -> PhaseState:
    """How far a phase has come: `reached` once no gate before it is shut, `passed` once its own was opened."""
    if passed:
        return PhaseState.PASSED
    if CohortState.RUNNING in cohorts:
        return PhaseState.RUNNING
    if CohortState.PREPARING in cohorts:
        return PhaseState.PREPARING
    return PhaseState.CAN_BEGIN if reached else PhaseState.WAITING
