"""How an attempt went, what is missing in it, and what bars another, in sentences."""

from collections.abc import Callable, Mapping
from functools import singledispatch
from typing import Any

from playbooks.assessments.rules import (
    AlreadyPassed,
    AnswerProblem,
    AttemptBar,
    AttemptsUsedUp,
    AttemptUnderWay,
    NoQuestions,
    NotAnOption,
    OneAnswerOnly,
    PractiseFirst,
    ReadFirst,
    Score,
    Unanswered,
    WaitUntil,
)
from program.words import gettext as _
from program.words import list_text, moment_text, ngettext, number_text

Facts = Mapping[str, Any]
EVENTS: Mapping[str, Callable[[Facts], str]] = {
    "attempt_begun": lambda facts: _("began the assessment of “%(track)s”") % facts,
    "assessment_passed": lambda facts: _("passed the assessment of “%(track)s”") % facts,
    "assessment_failed": lambda facts: (
        _("handed in the assessment of “%(track)s”, and did not pass it") % facts
    ),
}


def score_sentence(score: Score) -> str:
    told = {"right": score.right, "asked": score.asked, "needed": score.needed}
    if score.passed:
        return _("Passed: %(right)s of %(asked)s right.") % told
    return _("Not yet: %(right)s of %(asked)s right, and %(needed)s are needed.") % told


def tries_text(allowed: int, *, used: int) -> str:
    """How many tries there are and, once one is used, how many are left."""
    if not used:
        return ngettext("%(count)s try", "%(count)s tries", allowed) % {"count": number_text(allowed)}
    return _("%(left)s of %(count)s tries left") % {
        "left": number_text(max(allowed - used, 0)),
        "count": number_text(allowed),
    }


def answer_problem_sentence(problem: AnswerProblem) -> str:
    match problem:
        case Unanswered():
            return _("Choose an answer.")
        case OneAnswerOnly():
            return _("Choose one answer only.")
        case NotAnOption():
            return _("Choose one of the answers that are offered.")


@singledispatch
def attempt_bar_sentence(bar: AttemptBar) -> str:
    raise TypeError(bar)


@attempt_bar_sentence.register
def _passed(_bar: AlreadyPassed) -> str:
    return _("You have passed this assessment.")


@attempt_bar_sentence.register
def _under_way(_bar: AttemptUnderWay) -> str:
    return _("You have begun already. Go on where you left off: your questions are the same.")


@attempt_bar_sentence.register
def _empty(_bar: NoQuestions) -> str:
    return _("This assessment has no questions yet. A lead adds them to the entries of the playbook.")


@attempt_bar_sentence.register
def _unread(bar: ReadFirst) -> str:
    return _("First read %(modules)s.") % {"modules": list_text([f"“{module}”" for module in bar.modules])}


@attempt_bar_sentence.register
def _unpractised(bar: PractiseFirst) -> str:
    sentence = _("Play %(modules)s until it comes out well.")
    return sentence % {"modules": list_text([f"“{module}”" for module in bar.modules])}


@attempt_bar_sentence.register
def _used_up(bar: AttemptsUsedUp) -> str:
    sentence = ngettext(
        "You have used your only try. Talk to a lead about what comes next.",
        "You have used all %(attempts)s tries. Talk to a lead about what comes next.",
        bar.attempts,
    )
    return sentence % {"attempts": number_text(bar.attempts)}


@attempt_bar_sentence.register
def _wait(bar: WaitUntil) -> str:
    return _("You can try again from %(at)s. Until then, read again what you missed.") % {
        "at": moment_text(bar.at)
    }
