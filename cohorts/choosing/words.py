"""Why somebody is suggested for a cohort, and what speaks against a mix, in words."""

from functools import singledispatch

from cohorts.choosing.rules import (
    ChoiceReason,
    FirstFromDepartment,
    FirstFromRegion,
    IsActive,
    IsSenior,
    MixProblem,
    NobodyActive,
    NobodySenior,
    OverCapacity,
    Suggestion,
    TooFewForAMonth,
    TooManyFrom,
)
from program.network_activity.rules import HowOften, NetworkActivity, SaidBy
from program.people.words import level_name
from program.social_accounts.rules import Network
from program.social_accounts.words import network_text
from program.words import gettext as _
from program.words import list_text, ngettext, number_text


def suggestion_text(suggestion: Suggestion) -> str:
    """“Active weekly on LinkedIn, as they say themselves; Director; the first from Sales”."""
    told = "; ".join(_reason(reason) for reason in suggestion.reasons)
    return told[:1].upper() + told[1:]


def activity_text(activity: NetworkActivity) -> str:
    """What is known of somebody’s activity on networks, and by whose word; "" where nothing is."""
    if activity.active is None:
        return ""
    return f"{_where_and_how_often(activity)}{_by_whose_word(activity.said_by)}"


def _where_and_how_often(activity: NetworkActivity) -> str:
    where = list_text([network_text(Network(network)) for network in activity.networks or ()])
    often = activity.how_often
    if often == HowOften.NEVER:
        return _("not active")
    if not where:
        return {
            HowOften.MONTHLY.value: _("active monthly"),
            HowOften.WEEKLY.value: _("active weekly"),
            HowOften.DAILY.value: _("active daily"),
        }[str(often)]
    return {
        None: _("active on %(networks)s"),
        HowOften.MONTHLY.value: _("active monthly on %(networks)s"),
        HowOften.WEEKLY.value: _("active weekly on %(networks)s"),
        HowOften.DAILY.value: _("active daily on %(networks)s"),
    }[often] % {"networks": where}


def _by_whose_word(said_by: SaidBy | None) -> str:
    return {
        None: "",
        SaidBy.ONESELF: _(", as they say themselves"),
        SaidBy.MANAGER: _(", as their manager says"),
        SaidBy.FILE: "",
    }[said_by]


@singledispatch
def _reason(reason: ChoiceReason) -> str:
    raise NotImplementedError(reason)


@_reason.register
def _is_active(reason: IsActive) -> str:
    return activity_text(reason.activity)


@_reason.register
def _is_senior(reason: IsSenior) -> str:
    return level_name(reason.level)


@_reason.register
def _first_from_department(reason: FirstFromDepartment) -> str:
    return _("nobody from %(department)s yet") % {"department": reason.department}


@_reason.register
def _first_from_region(reason: FirstFromRegion) -> str:
    return _("nobody from %(region)s yet") % {"region": reason.region}


@singledispatch
def mix_problem(problem: MixProblem) -> str:
    """What speaks against a mix, as a sentence, and what would help."""
    raise NotImplementedError(problem)


@mix_problem.register
def _over_capacity(problem: OverCapacity) -> str:
    text = ngettext(
        "You chose %(chosen)s, and %(free)d place is free. Take somebody off the list, or give the phase more room.",
        "You chose %(chosen)s, and %(free)d places are free. Take somebody off the list, or give the phase more room.",
        problem.free,
    )
    return text % {"chosen": _people(problem.chosen), "free": problem.free}


@mix_problem.register
def _too_few(problem: TooFewForAMonth) -> str:
    return _(
        "A month can count only with at least %(least)s active members, and not everybody says yes. Choose a few more."
    ) % {"least": number_text(problem.least)}


@mix_problem.register
def _too_many_from(problem: TooManyFrom) -> str:
    return _(
        "%(people)d of %(of)d are from %(department)s. What they learn will be about %(department)s: ask others too."
    ) % {"people": problem.people, "of": problem.of, "department": problem.department}


@mix_problem.register
def _nobody_active(problem: NobodyActive) -> str:
    if problem.unknown:
        return ngettext(
            "Nobody here is known to be active on social media; of %(count)s nobody said. A pilot learns from people"
            " who speak already: ask, and note it with the person.",
            "Nobody here is known to be active on social media; of %(count)s nobody said. A pilot learns from people"
            " who speak already: ask, and note it with the person.",
            problem.unknown,
        ) % {"count": number_text(problem.unknown)}
    return _(
        "Nobody here is active on social media. A pilot learns from people who speak already: choose some who do."
    )


@mix_problem.register
def _nobody_senior(problem: NobodySenior) -> str:
    if problem.unknown:
        return ngettext(
            "Nobody here is known to be senior; the level of %(count)s is not known. Senior people give a pilot weight.",
            "Nobody here is known to be senior; the level of %(count)s is not known. Senior people give a pilot weight.",
            problem.unknown,
        ) % {"count": number_text(problem.unknown)}
    return _(
        "Nobody here is a senior manager or above. Others dare to speak where senior people do: ask one."
    )


def _people(count: int) -> str:
    return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}
