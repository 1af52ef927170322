"""What the states of members are called, and what is said of their steps."""

from collections.abc import Callable, Mapping
from typing import Any

from cohorts.enrolments.rules import EnrolmentState, EnrolmentStep, NoRoom, StaysInState
from program.words import gettext as _
from program.words import list_text, ngettext

_TOLD = (
    EnrolmentState.ACTIVE,
    EnrolmentState.PREPARING,
    EnrolmentState.INVITED,
    EnrolmentState.PAUSED,
    EnrolmentState.SUSPENDED,
    EnrolmentState.FINISHED,
)


def state_text(state: EnrolmentState) -> str:
    """A member's state, as after “is”."""
    return {
        EnrolmentState.INVITED: _("invited"),
        EnrolmentState.DECLINED: _("said no"),
        EnrolmentState.PREPARING: _("preparing"),
        EnrolmentState.ACTIVE: _("active"),
        EnrolmentState.PAUSED: _("pausing"),
        EnrolmentState.FINISHED: _("finished"),
        EnrolmentState.WITHDRAWN: _("left"),
        EnrolmentState.SUSPENDED: _("suspended"),
    }[state]


def counts_text(counts: Mapping[EnrolmentState, int]) -> str:
    """“8 active and 2 invited”: how many are in which state; whoever left or said no is not told."""
    told = [f"{counts[state]} {state_text(state)}" for state in _TOLD if counts.get(state)]
    return list_text(told) if told else _("nobody yet")


def step_text(step: EnrolmentStep) -> str:
    """What the button of a lead’s step says."""
    return {
        EnrolmentStep.PAUSE: _("Pause"),
        EnrolmentStep.RESUME: _("Bring back"),
        EnrolmentStep.SUSPEND: _("Suspend"),
        EnrolmentStep.FINISH: _("Finish"),
    }[step]


def step_meaning(step: EnrolmentStep) -> str:
    """What a lead’s step does, before it is taken."""
    return {
        EnrolmentStep.PAUSE: _(
            "They rest for a while. The months meanwhile neither count them nor wait for them."
        ),
        EnrolmentStep.RESUME: _("They go on from where they were."),
        EnrolmentStep.SUSPEND: _("They no longer speak for the company until something is cleared up."),
        EnrolmentStep.FINISH: _("Their time in this cohort ends well: they keep what they may do."),
    }[step]


def stays_sentence(bar: object) -> str:
    """Why a member stays in the state they are in."""
    if isinstance(bar, StaysInState) and bar.step is EnrolmentStep.INVITE:
        return _("Somebody of these is %(state)s here already.") % {"state": state_text(bar.state)}
    if isinstance(bar, StaysInState):
        return _("This cannot be done any more: meanwhile they are marked as “%(state)s”.") % {
            "state": state_text(bar.state)
        }
    raise TypeError(bar)


def no_room_sentence(full: object) -> str:
    """Why not so many can be invited, and how many can."""
    if not isinstance(full, NoRoom):
        raise TypeError(full)
    told = {"capacity": full.capacity, "asked": full.asked, "free": full.free}
    if full.free == 0:
        return (
            _(
                "All %(capacity)d places of this phase are taken. Withdraw an invitation, or wait until somebody leaves."
            )
            % told
        )
    return (
        ngettext(
            "This phase has %(capacity)d places, and %(free)d is free: you chose %(asked)d people.",
            "This phase has %(capacity)d places, and %(free)d are free: you chose %(asked)d people.",
            full.free,
        )
        % told
    )


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "member_paused": lambda _facts: _("paused a membership"),
    "member_resumed": lambda _facts: _("brought a member back"),
    "member_suspended": lambda _facts: _("suspended a membership"),
    "member_finished": lambda _facts: _("finished a membership"),
    "program_left": lambda _facts: _("left the program"),
    "member_left": lambda _facts: _("left the cohort"),
}
