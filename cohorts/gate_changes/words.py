"""What bars a change of what a gate asks, and what was changed, in words."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import singledispatch
from typing import Any
from uuid import UUID

from cohorts.criteria.rules import Criterion, CriterionKind
from cohorts.criteria.words import asked_text
from cohorts.gate_changes.rules import (
    AskedAlready,
    ChangeBar,
    DuePassed,
    GateDecided,
    ItemMissing,
    MonthSettings,
    NothingRequired,
    OutOfRange,
    Told,
)
from cohorts.gates.rules import Bar, DayTooFar, ReasonMissing
from cohorts.gates.words import bar_sentence
from cohorts.measures.words import measure_name, value_text
from cohorts.months.rules import OfCohorts
from program.words import day_text, ngettext, number_text
from program.words import gettext as _


def field_of(bar: ChangeBar) -> str | None:
    """The field of the form in which a bar can be mended."""
    match bar:
        case ReasonMissing():
            return "reason"
        case OutOfRange(field=field):
            return field
        case ItemMissing():
            return "item"
        case DuePassed() | DayTooFar():
            return "due_on"
        case _:
            return None


@singledispatch
def change_bar_sentence(bar: ChangeBar, today: date) -> str:
    """Why a change is refused, and what can be done about it."""
    raise TypeError(bar, today)


@change_bar_sentence.register(ReasonMissing)
@change_bar_sentence.register(DayTooFar)
def _as_gates_say_it(bar: Bar, today: date) -> str:
    return bar_sentence(bar, today)


@change_bar_sentence.register
def _decided(_bar: GateDecided, _today: date) -> str:
    return _("This gate has been decided; what it rested on stays as it was.")


@change_bar_sentence.register
def _nothing_left(_bar: NothingRequired, _today: date) -> str:
    return _(
        "A gate has to require something, or it would be ready at once. Make something else required first."
    )


@change_bar_sentence.register
def _asked_already(bar: AskedAlready, _today: date) -> str:
    told = {"measure": measure_name(bar.measure)}
    return _("The gate asks for %(measure)s already. Change what stands there.") % told


@change_bar_sentence.register
def _out_of_range(bar: OutOfRange, _today: date) -> str:
    if bar.most == 0:
        return _("This measure is not read month by month. Please leave this empty.")
    told = {"least": bar.least, "most": bar.most}
    return _("Please give a number from %(least)d to %(most)d.") % told


@change_bar_sentence.register
def _no_item(_bar: ItemMissing, _today: date) -> str:
    return _("Please say in a line what is to be done.")


@change_bar_sentence.register
def _passed(bar: DuePassed, today: date) -> str:
    return _("%(day)s has passed already. Please choose a day from today on.") % {
        "day": day_text(bar.day, today)
    }


def change_sentences(
    before: Told | None, after: Told | None, names: Mapping[UUID, str], *, months: int
) -> list[str]:
    """What was changed; `names` has the owners spoken of, `months` is how many the phase needs now."""
    if isinstance(before, MonthSettings) and isinstance(after, MonthSettings):
        return [*_settings_changed(before, after)]
    if isinstance(before, Criterion) and isinstance(after, Criterion):
        return [*_criterion_changed(before, after, names, months)]
    if isinstance(after, Criterion):
        told = {"asked": _text(after, months)}
        return [
            (_("“%(asked)s” was added.") if after.required else _("“%(asked)s” was added, advisory.")) % told
        ]
    if isinstance(before, Criterion):
        return [_("“%(asked)s” is asked no more.") % {"asked": _text(before, months)}]
    return []


def _criterion_changed(
    before: Criterion, after: Criterion, names: Mapping[UUID, str], months: int
) -> Iterator[str]:
    was, told = _text(before, months), {"asked": _text(after, months)}
    if was != told["asked"]:
        yield _("“%(was)s” became “%(asked)s”.") % {"was": was, **told}
    elif before.target != after.target:
        figures = {
            "then": value_text(before.measure, Fraction(before.target)),
            "now": value_text(after.measure, Fraction(after.target)),
        }
        yield _("“%(asked)s” asks for %(now)s instead of %(then)s.") % {**figures, **told}
    if before.required != after.required:
        yield (
            _("“%(asked)s” is required now.") if after.required else _("“%(asked)s” is advisory now.")
        ) % told
    if before.owner != after.owner:
        owner = names.get(after.owner) if after.owner else None
        text = (
            _("%(name)s sees to “%(asked)s” now.")
            if owner
            else _("Nobody is named for “%(asked)s” any more.")
        )
        yield text % {"name": owner, **told}
    if before.due_on != after.due_on:
        text = (
            _("“%(asked)s” is due on %(day)s now.") if after.due_on else _("“%(asked)s” has no day any more.")
        )
        yield text % {"day": day_text(after.due_on) if after.due_on else "", **told}


def _text(criterion: Criterion, months: int) -> str:
    counted = criterion.kind is CriterionKind.MONTHS
    return asked_text(criterion, Fraction(months) if counted else Fraction(criterion.target))


def _settings_changed(before: MonthSettings, after: MonthSettings) -> Iterator[str]:
    if before.needed != after.needed:
        text = ngettext(
            "%(now)s tracked month is needed instead of %(was)s.",
            "%(now)s tracked months are needed instead of %(was)s.",
            after.needed,
        )
        yield _sentence(text, before.needed, after.needed)
    if before.in_a_row != after.in_a_row:
        yield (
            _("The months have to be in a row now.")
            if after.in_a_row
            else _("The months need not be in a row any more.")
        )
    if before.at_least_eligible != after.at_least_eligible:
        text = ngettext(
            "A month takes %(now)s member active all through it instead of %(was)s.",
            "A month takes %(now)s members active all through it instead of %(was)s.",
            after.at_least_eligible,
        )
        yield _sentence(text, before.at_least_eligible, after.at_least_eligible)
    if before.took_part_percent != after.took_part_percent:
        yield _("A month takes %(now)d\u202f%% who took part instead of %(was)d\u202f%%.") % {
            "now": after.took_part_percent,
            "was": before.took_part_percent,
        }
    if before.pause_days != after.pause_days:
        text = ngettext(
            "A month may be paused for %(now)s day instead of %(was)s.",
            "A month may be paused for %(now)s days instead of %(was)s.",
            after.pause_days,
        )
        yield _sentence(text, before.pause_days, after.pause_days)
    if before.of_cohorts is not after.of_cohorts:
        yield of_cohorts_text(after.of_cohorts) + "."


def _sentence(text: str, was: int, now: int) -> str:
    told = text % {"now": number_text(now), "was": number_text(was)}
    return told[:1].upper() + told[1:]


def of_cohorts_text(of_cohorts: OfCohorts) -> str:
    """Of which of a phase's cohorts the months are needed."""
    return {
        OfCohorts.EVERY: _("Every cohort of the phase needs its months"),
        OfCohorts.ANY: _("Any one cohort of the phase needs its months"),
    }[of_cohorts]


def _gate_asks_changed(facts: Mapping[str, Any]) -> str:
    return {
        "added": _("added something to what a gate asks"),
        "removed": _("removed something from what a gate asks"),
        "changed": _("changed what a gate asks"),
        "months": _("changed how the months before a gate are counted"),
    }[facts["change"]]


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "gate_asks_changed": _gate_asks_changed,
    "cohort_left_out": lambda _facts: _("left a cohort out when its gate is judged"),
    "cohort_taken_in_again": lambda _facts: _("let a cohort be judged again that was left out"),
}
