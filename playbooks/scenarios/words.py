"""What is wrong with a scenario as it is written, and what happened in one, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from playbooks.scenarios.rules import (
    FEWEST_CHOICES,
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_CHOICES,
    MOST_STEPS,
    ScenarioProblem,
    Wrong,
)
from program.words import gettext as _
from program.words import number_text

Facts = Mapping[str, Any]
EVENTS: Mapping[str, Callable[[Facts], str]] = {
    "scenario_held": lambda facts: (
        _("practised “%(scenario)s” of the track “%(track)s” until it came out well") % facts
    ),
}


def scenario_problem_sentence(problem: ScenarioProblem) -> str:
    """What to mend, and in which line."""
    told = {
        "name": problem.name,
        "line": problem.line,
        "fewest": number_text(FEWEST_CHOICES),
        "most": number_text(MOST_CHOICES),
        "steps": MOST_STEPS,
        "longest": LONGEST_TEXT,
        "longest_name": LONGEST_NAME,
    }
    sentence = _problem(problem.wrong) % told
    return _("Line %(line)s: %(problem)s") % {**told, "problem": sentence} if problem.line else sentence


def _problem(wrong: Wrong) -> str:
    return {
        Wrong.NO_OTHER: _("Begin with a line that says who talks to us: “With: Jonas, a stranger”."),
        Wrong.NO_SITUATION: _("Describe the situation above the first heading."),
        Wrong.NO_TURN: _("There is no turn yet. A turn begins with #### and a name."),
        Wrong.NO_GOOD_END: _(
            "No way leads to a good end. One that can be reached has to begin with “#### Good end:”."
        ),
        Wrong.TOO_MANY_STEPS: _(
            "There are more than %(steps)s turns and ends. Nobody plays through so many."
        ),
        Wrong.NO_NAME: _("this end has no name."),
        Wrong.NAME_TWICE: _("“%(name)s” is the name of another turn or end already."),
        Wrong.NAME_TOO_LONG: _("“%(name)s” is longer than %(longest_name)s characters."),
        Wrong.TEXT_TOO_LONG: _("this text is longer than %(longest)s characters."),
        Wrong.NOTHING_SAID: _("“%(name)s” says neither what happens nor what the other says."),
        Wrong.TOO_FEW_ANSWERS: _("“%(name)s” offers fewer than %(fewest)s answers."),
        Wrong.TOO_MANY_ANSWERS: _("“%(name)s” offers more than %(most)s answers."),
        Wrong.ANSWER_TWICE: _("the answer “%(name)s” stands there twice."),
        Wrong.ANSWER_EMPTY: _("this answer says nothing."),
        Wrong.ANSWER_AT_AN_END: _("“%(name)s” is an end: it takes no answers."),
        Wrong.NO_FEEDBACK: _("below the answer “%(name)s”, say why it is good or not."),
        Wrong.NO_ARROW: _(
            "below the answer “%(name)s”, say where it leads: → and the name of a turn or an end."
        ),
        Wrong.LEADS_NOWHERE: _("there is no turn or end called “%(name)s”, where this answer leads."),
        Wrong.LEADS_BACK: _(
            "this answer leads back to “%(name)s”, which was before it. A conversation goes on, never round."
        ),
        Wrong.NEVER_REACHED: _("no answer leads to “%(name)s”."),
    }[wrong]
