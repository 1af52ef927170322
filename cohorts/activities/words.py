"""Kinds of activity, networks, and why an activity was not kept, in words."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import singledispatch
from typing import Any

from cohorts.activities.rules import (
    BeforeConsent,
    BeforeTracking,
    Figures,
    InTheFuture,
    Kind,
    Network,
    NoConsent,
    NotActiveThen,
    WhyNot,
)
from program.words import day_text, figure_text, list_text, ngettext
from program.words import gettext as _


def kind_text(kind: Kind) -> str:
    return {
        Kind.POST: _("Post"),
        Kind.REPLY: _("Reply"),
        Kind.SHARE: _("Share"),
        Kind.TALK: _("Talk"),
        Kind.ARTICLE: _("Article"),
        Kind.ANSWERED_QUESTION: _("Answered question"),
        Kind.REACTION: _("Reaction"),
    }[kind]


def network_text(network: Network) -> str:
    return {
        Network.LINKEDIN: "LinkedIn",
        Network.X: "X",
        Network.MASTODON: "Mastodon",
        Network.BLUESKY: "Bluesky",
        Network.INSTAGRAM: "Instagram",
        Network.FACEBOOK: "Facebook",
        Network.YOUTUBE: "YouTube",
        Network.TIKTOK: "TikTok",
        Network.BLOG: _("a blog"),
        Network.OTHER: _("somewhere else online"),
        Network.IN_PERSON: _("in person"),
    }[network]


def activity_text(kind: Kind, network: Network) -> str:
    """“Post on LinkedIn”, “Talk, in person”."""
    told = {"kind": kind_text(kind), "network": network_text(network)}
    if network in (Network.IN_PERSON, Network.OTHER):
        return _("%(kind)s, %(network)s") % told
    return _("%(kind)s on %(network)s") % told


def source_text(source: str) -> str:
    """Where it is known from what an activity was, or how it was measured."""
    return {
        "by_hand": _("logged by you"),
        "linkedin_archive": _("LinkedIn archive"),
        "linkedin_analytics": _("LinkedIn analytics"),
        "x_archive": _("X archive"),
        "x_analytics": _("X analytics"),
        "mastodon_archive": _("Mastodon archive"),
        "own_file": _("a list of yours"),
    }[source]


def figures_text(figures: Figures) -> str:
    """“1,204 impressions and 31 reactions”: what was measured; "" where nothing was."""
    said = (
        (figures.impressions, ngettext("%(n)s impression", "%(n)s impressions", figures.impressions or 0)),
        (figures.reactions, ngettext("%(n)s reaction", "%(n)s reactions", figures.reactions or 0)),
        (figures.comments, ngettext("%(n)s comment", "%(n)s comments", figures.comments or 0)),
        (figures.shares, ngettext("%(n)s share", "%(n)s shares", figures.shares or 0)),
        (figures.clicks, ngettext("%(n)s click", "%(n)s clicks", figures.clicks or 0)),
    )
    return list_text([words % {"n": figure_text(number)} for number, words in said if number is not None])


@singledispatch
def why_not_sentence(why: WhyNot, today: date) -> str:
    """Why an activity of a day was not kept, and what can be done about it."""
    raise TypeError(why, today)


@why_not_sentence.register
def _future(_why: InTheFuture, _today: date) -> str:
    return _("This day has not come yet. Log it once it is done.")


@why_not_sentence.register
def _before(why: BeforeTracking, today: date) -> str:
    return _("Tracking began on %(day)s, and nothing from before is kept.") % {
        "day": day_text(why.start, today)
    }


@why_not_sentence.register
def _inactive(_why: NotActiveThen, _today: date) -> str:
    return _("You were not an active member on that day, so it is not tracked.")


@why_not_sentence.register
def _no_consent(why: NoConsent, _today: date) -> str:
    return _(
        "You have not agreed to tracking on %(network)s. You can add your account, and your yes,"
        " under “My accounts”; without it nothing is kept."
    ) % {"network": network_text(why.network)}


@why_not_sentence.register
def _before_consent(why: BeforeConsent, today: date) -> str:
    told = {"network": network_text(why.network), "day": day_text(why.from_on, today)}
    return _("You agreed to tracking on %(network)s from %(day)s on, and nothing from before is kept.") % told


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "activity_logged": lambda _facts: _("logged an activity"),
    "activity_edited": lambda _facts: _("changed an activity"),
    "activity_deleted": lambda _facts: _("deleted an activity"),
    "activity_restored": lambda _facts: _("took back that they had deleted an activity"),
}
