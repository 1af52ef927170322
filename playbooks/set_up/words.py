"""The steps of the set-up in words: what each asks, and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playbooks.set_up.rules import Step
from program.words import gettext as _


@dataclass(frozen=True, slots=True)
class StepWords:
    """`name` stands in the list of steps, `asks` is the heading of its page, `why` explains it in a line."""

    name: str
    asks: str
    why: str


def step_words(step: Step) -> StepWords:
    return {
        Step.PURPOSE: StepWords(
            _("Purpose"),
            _("What is it for?"),
            _("People read this first when you invite them. Say it as you would across a table."),
        ),
        Step.SPONSOR: StepWords(
            _("Sponsor"),
            _("Who stands behind it?"),
            _(
                "A gate opens only when a lead and a sponsor agree, so an executive should be with you from the start."
            ),
        ),
        Step.PLAYBOOK: StepWords(
            _("Do’s and don’ts"),
            _("What do you already know?"),
            _(
                "Nobody should begin with an empty book. Read what others learned, make it yours, and publish it."
            ),
        ),
        Step.ROLLOUT: StepWords(
            _("Rollout"),
            _("In which circles will it widen?"),
            _(
                "It begins small, with people you trust. Each circle opens the next, through a gate that asks for evidence."
            ),
        ),
        Step.PEOPLE: StepWords(
            _("People"),
            _("Whom might you invite?"),
            _(
                "Take in a file from your HR system, or type a few names. Nobody is written to before you invite them."
            ),
        ),
        Step.PILOT: StepWords(
            _("Pilot"),
            _("Who goes first?"),
            _("A small circle of trusted people, fairly senior, who already speak on social media."),
        ),
        Step.INVITATIONS: StepWords(
            _("Invitations"),
            _("Will they come?"),
            _("Everybody gets the letter below, with a link of their own, and says yes or no themselves."),
        ),
    }[step]


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "set_up_step_taken": lambda facts: (
        _("went through the step “%(step)s” of the set-up") % {"step": step_words(Step(facts["step"])).name}
    ),
}
