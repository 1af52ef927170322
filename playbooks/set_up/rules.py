"""Answers how far a program’s guided set-up has come, and what its next step is."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

LEAST_LISTED = 2


class Step(StrEnum):
    """The steps of the set-up, in order."""

    PURPOSE = "purpose"
    SPONSOR = "sponsor"
    PLAYBOOK = "playbook"
    ROLLOUT = "rollout"
    PEOPLE = "people"
    PILOT = "pilot"
    INVITATIONS = "invitations"


class StepState(StrEnum):
    DONE = "done"
    SKIPPED = "skipped"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpFacts:
    """What the set-up is judged by; `gone_through` are the steps that a lead said are done, or can wait."""

    gone_through: Collection[Step]
    purpose: bool
    sponsors: int
    editions: int
    listed: int
    chosen: int
    invited: int


@dataclass(frozen=True, slots=True)
class Standing:
    step: Step
    state: StepState


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`next` is None once somebody was invited: then the program has begun, whatever was skipped."""

    steps: tuple[Standing, ...]
    next: Step | None

    @property
    def over(self) -> bool:
        return self.next is None

    @property
    def number(self) -> int | None:
        """The place of the next step, from 1; None once the set-up is over."""
        return None if self.next is None else list(Step).index(self.next) + 1


def progress(facts: SetUpFacts) -> Progress:
    """How far the set-up has come."""
    steps = tuple(Standing(step, _state(step, facts)) for step in Step)
    open_ones = [standing.step for standing in steps if standing.state is StepState.OPEN]
    return Progress(steps=steps, next=None if facts.invited or not open_ones else open_ones[0])


def _state(step: Step, facts: SetUpFacts) -> StepState:
    if _is_done(step, facts):
        return StepState.DONE
    if step is Step.SPONSOR and step in facts.gone_through:
        return StepState.SKIPPED
    return StepState.OPEN


def _is_done(step: Step, facts: SetUpFacts) -> bool:
    said = step in facts.gone_through
    return {
        Step.PURPOSE: facts.purpose,
        Step.SPONSOR: facts.sponsors > 0,
        Step.PLAYBOOK: facts.editions > 0,
        Step.ROLLOUT: said,
        Step.PEOPLE: said and facts.listed >= LEAST_LISTED,
        Step.PILOT: (said and facts.chosen > 0) or facts.invited > 0,
        Step.INVITATIONS: facts.invited > 0,
    }[step]
