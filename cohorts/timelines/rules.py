"""Answers when each phase of a rollout runs: as it was so far, and as it will be if all goes well."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseTime:
    """What is known of a phase in time; `hidden` where a reader may not know when its cohorts began.

    `opened_on` is the day on which its gate was opened, `expected_on` the day on which it will probably be ready, and
    `earliest` where something else has no day.
    """

    months_needed: int
    has_gate: bool
    begun_on: date | None = None
    running: bool = False
    hidden: bool = False
    opened_on: date | None = None
    ready: bool = False
    expected_on: date | None = None
    earliest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseCourse:
    """When a phase runs, half-open, and the day of its gate. What is not `begun` is foreseen.

    Without `from_on` nobody can say when it begins; `earliest` where it may well be later.
    """

    begun: bool
    from_on: date | None
    until_on: date | None
    gate_on: date | None
    earliest: bool


def rollout_courses(phases: Iterable[PhaseTime], *, today: date) -> tuple[PhaseCourse, ...]:
    """The phases one after the other: each begins when the gate before it opens, and takes the months it needs."""
    found: list[PhaseCourse] = []
    opens_on: date | None = today
    earliest = False
    for phase in phases:
        course = _course(phase, opens_on, earliest=earliest, today=today)
        found.append(course)
        opens_on, earliest = course.gate_on, course.earliest
    return tuple(found)


def _course(phase: PhaseTime, opens_on: date | None, *, earliest: bool, today: date) -> PhaseCourse:
    gate_on = phase.opened_on or (today if phase.ready else phase.expected_on)
    if phase.hidden:
        return PhaseCourse(begun=True, from_on=None, until_on=None, gate_on=gate_on, earliest=phase.earliest)
    if phase.begun_on is not None:
        ends = [day for day in (gate_on, today if phase.running else None) if day is not None]
        return PhaseCourse(
            begun=True,
            from_on=phase.begun_on,
            until_on=max(ends, default=today),
            gate_on=gate_on,
            earliest=phase.earliest and phase.opened_on is None,
        )
    if phase.opened_on is not None or opens_on is None:
        return PhaseCourse(
            begun=False, from_on=None, until_on=None, gate_on=phase.opened_on, earliest=earliest
        )
    begins = max(opens_on, today)
    ends_on = begins + relativedelta(months=phase.months_needed) if phase.has_gate else None
    return PhaseCourse(begun=False, from_on=begins, until_on=ends_on, gate_on=ends_on, earliest=earliest)
