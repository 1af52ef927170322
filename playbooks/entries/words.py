"""What entries are called, what is wrong with a check question, and what happened to an entry, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from playbooks.entries.rules import (
    FEWEST_OPTIONS,
    MOST_OPTIONS,
    EntryKind,
    EntryTopic,
    NothingRight,
    OptionTwice,
    QuestionProblem,
    RightIsNoOption,
    TooFewOptions,
    TooManyOptions,
)
from program.words import gettext as _


def kind_text(kind: str) -> str:
    return {
        EntryKind.DO: _("Do"),
        EntryKind.DONT: _("Don’t"),
        EntryKind.GUIDANCE: _("Guidance"),
        EntryKind.SCENARIO: _("Scenario"),
    }[EntryKind(kind)]


def topic_text(topic: str) -> str:
    return {
        EntryTopic.DISCLOSURE: _("Saying who you are"),
        EntryTopic.PRIVACY_AND_SECURITY: _("Privacy and security"),
        EntryTopic.ANGRY_CRITICS: _("Angry critics"),
        EntryTopic.ADVOCATES: _("People who like us"),
        EntryTopic.JOURNALISTS: _("Journalists"),
        EntryTopic.OWN_VOICE: _("Your own voice"),
        EntryTopic.WORKERS_RIGHTS: _("Your rights at work"),
        EntryTopic.OTHER: _("Something else"),
    }[EntryTopic(topic)]


def question_problem(problem: QuestionProblem) -> tuple[str, str]:
    """The form field where it can be mended, and what to do."""
    match problem:
        case TooFewOptions():
            return "options", _("Give at least %(count)d answers, one a line.") % {"count": FEWEST_OPTIONS}
        case TooManyOptions():
            return "options", _("Give at most %(count)d answers, one a line.") % {"count": MOST_OPTIONS}
        case OptionTwice(option=option):
            return "options", _("“%(answer)s” stands there twice.") % {"answer": option}
        case NothingRight():
            return "right", _("Say which answer is right.")
        case RightIsNoOption():
            return "right", _("There are not that many answers.")


EVENTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "entry_added": lambda _facts: _("wrote a new entry into the playbook’s draft"),
    "entry_changed": lambda _facts: _("changed an entry of the playbook’s draft"),
    "entry_withdrawn": lambda _facts: _("took an entry out of the playbook’s draft"),
    "entry_brought_back": lambda _facts: _("brought an entry back into the playbook’s draft"),
}
