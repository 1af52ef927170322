"""What is said of files of activities: what they are, what becomes of their lines, and why some are left out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cohorts.activities.rules import Network
from cohorts.activities.words import network_text
from cohorts.activity_files.rules import Format, Trouble, Why
from cohorts.activity_files.words import trouble_text, why_text
from cohorts.activity_imports.rules import Fate, Outside
from program.words import either_text, figure_text, list_text, ngettext
from program.words import gettext as _


def format_text(format: Format) -> str:
    return {
        Format.LINKEDIN_ARCHIVE: _("LinkedIn archive"),
        Format.LINKEDIN_ANALYTICS: _("LinkedIn post analytics"),
        Format.X_ARCHIVE: _("X archive"),
        Format.X_ANALYTICS: _("X analytics"),
        Format.X_ANALYTICS_CLASSIC: _("X analytics, the older kind"),
        Format.MASTODON_OUTBOX: _("Mastodon archive"),
        Format.OWN_FILE: _("a list of your own"),
    }[format]


def fate_text(fate: Fate) -> str:
    return {
        Fate.NEW: _("new"),
        Fate.KNOWN: _("known already"),
        Fate.TWIN: _("perhaps known under another link"),
        Fate.OUTSIDE: _("left out"),
        Fate.NOT_UNDERSTOOD: _("not understood"),
    }[fate]


def left_out_sentence(fate: Fate, why: str, network: Network | None) -> str:
    """Why lines are left out, and what can be done about it where something can."""
    if fate is Fate.NOT_UNDERSTOOD:
        return why_text(Why(why))
    place = network_text(network) if network else ""
    return {
        Outside.IN_THE_FUTURE: _("Their day has not come yet."),
        Outside.BEFORE_TRACKING: _("They are from before your tracking began."),
        Outside.NOT_ACTIVE: _("You were not an active member on their day."),
        Outside.NO_CONSENT: _(
            "You have not agreed to tracking on %(network)s. If you do, send the file again."
        )
        % {"network": place},
        Outside.BEFORE_CONSENT: _(
            "They are from before the day from which you agreed to tracking on %(network)s."
        )
        % {"network": place},
        Outside.SOMEBODY_ELSE: _("They bear somebody else’s e-mail address."),
        Outside.SOMEBODY_ELSES_POST: _("Somebody else in your cohort has logged these posts."),
    }[Outside(why)]


def trouble_sentence(trouble: str) -> str:
    """Why a file could not be read, and what can be done."""
    if trouble in {each.value for each in Trouble}:
        return trouble_text(Trouble(trouble))
    return _(
        "Something in this file is as we have never seen it, and it could not be read. Nothing was kept."
        " Please tell whoever runs your program; your file was not stored."
    )


def came_sentence(came: Mapping[str, int]) -> str:
    """What came of a file that was taken in: “214 new activities and 31 known already” and so on."""
    parts = [
        (came["new"], ngettext("%(n)s new activity", "%(n)s new activities", came["new"])),
        (came["reactions"], ngettext("%(n)s reaction", "%(n)s reactions", came["reactions"])),
        (came["merged"], ngettext("%(n)s merged", "%(n)s merged", came["merged"])),
        (came["known"], ngettext("%(n)s known already", "%(n)s known already", came["known"])),
        (came["measured"], ngettext("%(n)s measured anew", "%(n)s measured anew", came["measured"])),
        (came["outside"], ngettext("%(n)s left out", "%(n)s left out", came["outside"])),
        (
            came["not_understood"],
            ngettext("%(n)s not understood", "%(n)s not understood", came["not_understood"]),
        ),
    ]
    told = [words % {"n": figure_text(number)} for number, words in parts if number]
    return _("%(list)s.") % {"list": list_text(told)} if told else _("It held nothing.")


def whose_question(handle: str, own: Sequence[str]) -> str:
    """Asked where a file names another account than the member registered."""
    told = {"theirs": handle.lstrip("@"), "own": either_text([each.lstrip("@") for each in own])}
    return _("This archive says @%(theirs)s, your account is @%(own)s: is it yours?") % told


def _imported(facts: Mapping[str, Any]) -> str:
    text = ngettext(
        "took in a file with %(new)s new activity",
        "took in a file with %(new)s new activities",
        facts["new"],
    ) % {"new": figure_text(facts["new"])}
    return _("%(what)s, on the command line") % {"what": text} if facts.get("at_terminal") else text


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {"activities_imported": _imported}
