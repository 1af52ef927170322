"""Are all readings what the raw data come to?"""

from dataclasses import dataclass

from cohorts.recomputations.rules import Difference
from cohorts.recomputations.words import difference_sentence
from playbooks.recomputations.queries import everything_recomputed, given_from_outside
from program.installation.queries import clock
from program.words import figure_text, ngettext
from program.words import gettext as _
from workers.command.terminal import GOOD, TROUBLE, Steps, say


@dataclass(frozen=True, slots=True)
class Verified:
    """How many rows were recomputed, those that differ, and how many cannot be: they were given from outside."""

    rows: int
    differences: tuple[Difference, ...]
    given: int


async def verified_readings(progress: Steps) -> Verified:
    """Everything that is kept of raw data, compared with them; the pool is open."""
    rows, differences = 0, list[Difference]()
    async for part in everything_recomputed((await clock()).now()):
        rows += part.rows
        differences += part.differences
        progress.say(part.cohort or _("playbooks"), part.done, part.of)
    return Verified(rows, tuple(differences), await given_from_outside())


async def tell_of_readings(progress: Steps) -> int:
    """Says what differs, or that nothing does; answers the exit code. The pool is open."""
    found = await verified_readings(progress)
    for line in (*tell_differences(found), summary(found)):
        say(line)
    return TROUBLE if found.differences else GOOD


def tell_differences(found: Verified) -> list[str]:
    """Each difference in a sentence."""
    return [difference_sentence(difference) for difference in found.differences]


def summary(found: Verified) -> str:
    """How much was compared, and how it came out."""
    told = {"rows": figure_text(found.rows), "number": figure_text(len(found.differences))}
    text = (
        ngettext(
            "%(number)s of %(rows)s kept figures differs from what the raw data come to.",
            "%(number)s of %(rows)s kept figures differ from what the raw data come to.",
            len(found.differences),
        )
        if found.differences
        else _("All %(rows)s kept figures are what the raw data come to.")
    ) % told
    if found.given:
        outside = ngettext(
            "%(n)s more was given from outside and has nothing to be compared with.",
            "%(n)s more were given from outside and have nothing to be compared with.",
            found.given,
        )
        text += " " + outside % {"n": figure_text(found.given)}
    return text
