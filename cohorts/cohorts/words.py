"""What the states of cohorts are called, what bars their steps, and what is said of them."""

from collections.abc import Callable, Mapping
from functools import singledispatch
from typing import Any

from cohorts.cohorts.rules import (
    CohortState,
    CohortStep,
    GateBeforeIsShut,
    NobodyActive,
    NotFromHere,
    NotPaused,
    PausedAlready,
)
from program.words import gettext as _


def state_text(state: CohortState, *, paused: bool = False) -> str:
    """A cohort’s state, as after “is”."""
    if paused:
        return _("paused")
    return {
        CohortState.FORMING: _("forming"),
        CohortState.PREPARING: _("preparing"),
        CohortState.RUNNING: _("running"),
        CohortState.FINISHED: _("finished"),
        CohortState.STOPPED: _("stopped"),
    }[state]


def opening_sentence(state: CohortState, *, paused: bool, shut_before: str | None) -> str:
    """What a cohort’s page begins with: where it stands, and what comes next."""
    if paused:
        return _("This cohort is paused: nobody is expected to do anything.")
    if state is CohortState.FORMING and shut_before is not None:
        return _(
            "This cohort is forming. It prepares once the gate at the end of “%(phase)s” is open;"
            " people can be invited meanwhile."
        ) % {"phase": shut_before}
    return {
        CohortState.FORMING: _("This cohort is forming. It begins to prepare with its first invitation."),
        CohortState.PREPARING: _(
            "This cohort is preparing: its members pass their track, and then tracking can start."
        ),
        CohortState.RUNNING: _("This cohort is running, and its months are tracked."),
        CohortState.FINISHED: _(
            "This cohort is finished. Its members keep what they may do, and may go on writing learnings."
        ),
        CohortState.STOPPED: _("This cohort was stopped."),
    }[state]


def step_text(step: CohortStep) -> str:
    """What the button of a step says."""
    return {
        CohortStep.PREPARE: _("Let them prepare"),
        CohortStep.START: _("Start tracking today"),
        CohortStep.PAUSE: _("Pause the cohort"),
        CohortStep.RESUME: _("Go on"),
        CohortStep.FINISH: _("Finish the cohort"),
        CohortStep.STOP: _("Stop the cohort"),
    }[step]


def step_meaning(step: CohortStep) -> str:
    """What a step does, before it is taken."""
    return {
        CohortStep.PREPARE: _("Members can begin the track that makes them active."),
        CohortStep.START: _(
            "Months are counted from today on. The day stays as it is: tracking is never dated back."
        ),
        CohortStep.PAUSE: _("Nobody is expected to do anything. A month with a long pause does not count."),
        CohortStep.RESUME: _("The cohort goes on from today."),
        CohortStep.FINISH: _("Members keep what they may do, and may go on writing learnings."),
        CohortStep.STOP: _(
            "The cohort ends without being finished. Its members no longer speak for the company."
        ),
    }[step]


@singledispatch
def bar_sentence(bar: object) -> str:
    """Why a cohort cannot take a step now, and what would change that."""
    raise TypeError(bar)


@bar_sentence.register
def _not_from_here(bar: NotFromHere) -> str:
    return _("This cohort is %(state)s, so this cannot be done with it.") % {"state": state_text(bar.state)}


@bar_sentence.register
def _gate_before(bar: GateBeforeIsShut) -> str:
    return _("The gate at the end of “%(phase)s” is still shut. People can be invited meanwhile.") % {
        "phase": bar.phase
    }


@bar_sentence.register
def _nobody(_bar: NobodyActive) -> str:
    return _("Nobody is active yet: tracking can start once the first member has passed their track.")


@bar_sentence.register
def _paused(_bar: PausedAlready) -> str:
    return _("This cohort is paused already.")


@bar_sentence.register
def _not_paused(_bar: NotPaused) -> str:
    return _("This cohort is not paused.")


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "cohort_formed": lambda _facts: _("formed a cohort"),
    "cohort_prepared": lambda _facts: _("let a cohort prepare"),
    "tracking_started": lambda _facts: _("started tracking a cohort"),
    "cohort_paused": lambda _facts: _("paused a cohort"),
    "cohort_resumed": lambda _facts: _("let a cohort go on"),
    "cohort_finished": lambda _facts: _("finished a cohort"),
    "cohort_stopped": lambda _facts: _("stopped a cohort"),
    "coach_appointed": lambda _facts: _("appointed a coach"),
    "coaching_ended": lambda _facts: _("ended a coaching"),
}
