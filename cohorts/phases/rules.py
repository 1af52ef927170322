"""Which circles does a program widen through, unless it says otherwise?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlannedPhase:
    """A step of the rollout before it is laid out; `capacity` in people, None for everybody."""

    name: str
    capacity: int | None


def default_phases() -> tuple[PlannedPhase, ...]:
    """From the pilot to the whole company."""
    return (
        PlannedPhase("Pilot", 12),
        PlannedPhase("First circle", 60),
        PlannedPhase("Second circle", 300),
        PlannedPhase("Company-wide", None),
    )
