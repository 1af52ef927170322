"""What a recomputation found to be kept as something else, in words that say where to look."""

from datetime import date, timedelta
from functools import singledispatch

from cohorts.criteria.words import topic_text
from cohorts.measures.words import measure_name
from cohorts.recomputations.rules import (
    Difference,
    Done,
    Figures,
    InAnotherMonth,
    MemberMonthDiffers,
    ReadingDiffers,
)
from program.words import day_text, list_text, ngettext
from program.words import gettext as _

ONE_DAY = timedelta(days=1)


@singledispatch
def difference_sentence(difference: Difference) -> str:
    """Where something differs, what is kept there, and what the raw data come to."""
    raise TypeError(difference)


@difference_sentence.register
def _reading(differs: ReadingDiffers) -> str:
    told = {
        "where": _where(differs.program, differs.cohort),
        "days": _days(differs.from_on, differs.until_on),
        "measure": _measure(differs.measure),
        "kept": _figures(differs, differs.kept),
        "found": _figures(differs, differs.found),
    }
    if differs.kept is None:
        return _("%(where)s, %(days)s: %(measure)s is kept nowhere any more, and is %(found)s.") % told
    if differs.found is None:
        return (
            _(
                "%(where)s, %(days)s: %(measure)s is kept as %(kept)s, but there is no such month of the cohort."
            )
            % told
        )
    return _("%(where)s, %(days)s: %(measure)s is kept as %(kept)s, but is %(found)s.") % told


@difference_sentence.register
def _member_month(differs: MemberMonthDiffers) -> str:
    told = {
        "where": _where(differs.program, differs.cohort, differs.member),
        "days": _days(differs.from_on, differs.until_on),
        "kept": _done(differs.kept),
        "found": _done(differs.found),
    }
    return _("%(where)s, %(days)s: %(kept)s are counted, but there are %(found)s.") % told


@difference_sentence.register
def _in_another_month(differs: InAnotherMonth) -> str:
    told = {
        "where": _where(differs.program, differs.cohort, differs.member),
        "day": day_text(differs.done_on),
        "days": _days(differs.from_on, differs.until_on),
    }
    return _("%(where)s: an activity of %(day)s counts in the month %(days)s.") % told


def _where(program: str, *inside: str) -> str:
    return ", ".join([f"“{program}”", *(each for each in inside if each)])


def _days(from_on: date, until_on: date) -> str:
    """“3 May 2027”, or “3 May 2027 – 2 June 2027”; an interval that ends before it begins is shown as it is."""
    last = until_on - ONE_DAY
    return day_text(from_on) if last == from_on else f"{day_text(from_on)} – {day_text(last)}"


def _measure(name: str) -> str:
    return _("the share who were active all month") if name == "eligible_share" else measure_name(name)


def _figures(differs: ReadingDiffers, figures: Figures | None) -> str:
    """As briefly as tells them apart: people and topics only where those are what differs."""
    if figures is None:
        return ""
    counted = differs.measure == "learnings_accepted"
    text = (
        str(figures.numerator)
        if counted and figures.denominator == 1
        else _("%(part)s of %(whole)s") % {"part": figures.numerator, "whole": figures.denominator}
    )
    other = differs.found if figures is differs.kept else differs.kept
    if other is None:
        return text
    same = (other.numerator, other.denominator) == (figures.numerator, figures.denominator)
    if same and other.people != figures.people:
        text += " " + ngettext("from %(n)s person", "from %(n)s people", figures.people) % {
            "n": figures.people
        }
    if other.lacking != figures.lacking:
        topics = list_text([topic_text(topic) for topic in figures.lacking])
        text += " " + (_("without %(topics)s") % {"topics": topics} if topics else _("with nothing missing"))
    return text


def _done(done: Done) -> str:
    parts = (
        (ngettext("%(n)s activity", "%(n)s activities", done.activities), done.activities),
        (ngettext("%(n)s conversation", "%(n)s conversations", done.conversations), done.conversations),
        (ngettext("%(n)s reaction", "%(n)s reactions", done.reactions), done.reactions),
    )
    return list_text([words % {"n": count} for words, count in parts])
