"""What the month strip says in words: which months counted, and why the others did not."""

from datetime import date
from functools import singledispatch

from cohorts.months.rules import (
    BeforeRecycle,
    CohortEnded,
    FewEligibleOfEnrolled,
    Month,
    MonthReason,
    MonthState,
    PausedTooLong,
    TooFewEligible,
    TooFewTookPart,
)
from program.words import day_text, list_text, ngettext, number_text
from program.words import gettext as _


def month_note(month: Month, today: date, *, shown: bool) -> str:
    """What became of a month, to stand beside its name; with its figures where they may be `shown` (see `may_show`)."""
    told = {"figures": _figures(month) if shown else ""}
    if month.reasons:
        told["reasons"] = list_text([month_reason(reason, today, shown) for reason in month.reasons])
        missed = month.state is MonthState.MISSED
        return (_("not counted, as %(reasons)s") if missed else _("cannot count, as %(reasons)s")) % told
    match month.state:
        case MonthState.AHEAD:
            return _("still to come")
        case MonthState.COUNTED:
            return _("counted, %(figures)s took part") % told if shown else _("counted")
        case _:
            return _("in progress, %(figures)s took part so far") % told if shown else _("in progress")


def _figures(month: Month) -> str:
    if month.figures is None:
        return ""
    return _("%(took_part)d of %(eligible)d") % {
        "took_part": month.figures.took_part,
        "eligible": month.figures.eligible,
    }


@singledispatch
def month_reason(reason: MonthReason, today: date, shown: bool) -> str:
    """Why a month does not count, as a clause."""
    raise TypeError(reason, today, shown)


@month_reason.register
def _few_eligible(reason: TooFewEligible, _today: date, shown: bool) -> str:
    asked = {"at_least": number_text(reason.at_least), "eligible": number_text(reason.eligible)}
    if not shown:
        return _("fewer than %(at_least)s members were active all through it") % asked
    return (
        ngettext(
            "only %(eligible)s member was active all through it, and it takes %(at_least)s",
            "only %(eligible)s members were active all through it, and it takes %(at_least)s",
            reason.eligible,
        )
        if reason.eligible
        else _("nobody was active all through it, and it takes %(at_least)s members")
    ) % asked


@month_reason.register
def _few_of_enrolled(reason: FewEligibleOfEnrolled, _today: date, shown: bool) -> str:
    if not shown:
        return _("too few of those enrolled were active all through it")
    return _("only %(eligible)d of %(enrolled)d enrolled were active all through it") % {
        "eligible": reason.eligible,
        "enrolled": reason.enrolled,
    }


@month_reason.register
def _few_took_part(reason: TooFewTookPart, _today: date, shown: bool) -> str:
    if not shown:
        return _("too few members took part")
    if reason.took_part == 0:
        return _("nobody took part")
    return _("only %(took_part)d of %(eligible)d took part") % {
        "took_part": reason.took_part,
        "eligible": reason.eligible,
    }


@month_reason.register
def _paused(reason: PausedTooLong, _today: date, _shown: bool) -> str:
    return ngettext(
        "the cohort was paused for %(days)d day",
        "the cohort was paused for %(days)d days",
        reason.days,
    ) % {"days": reason.days}


@month_reason.register
def _before_recycle(reason: BeforeRecycle, today: date, _shown: bool) -> str:
    return _("the count began anew on %(day)s") % {"day": day_text(reason.recycled_on, today)}


@month_reason.register
def _ended(reason: CohortEnded, today: date, _shown: bool) -> str:
    return _("the cohort ended on %(day)s") % {"day": day_text(reason.ended_on, today)}
