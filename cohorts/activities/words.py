"""Kinds of activity, networks, and why an activity was not kept, in words."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import singledispatch
from typing import Any

from cohorts.activities.rules import (
    BeforeConsent,
    BeforeTracking,
    InTheFuture,
    Kind,
    Network,
    NoConsent,
    NotActiveThen,
    WhyNot,
)
from program.words import day_text
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
    "activity_deleted": lambda _facts: _("deleted an activity"),
}
