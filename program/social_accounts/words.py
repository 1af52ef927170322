"""What networks and stances are called, what is wrong with an account, and what is said of consent."""

from collections.abc import Callable, Mapping
from functools import singledispatch
from typing import Any

from program.social_accounts.rules import (
    AddressIsNoLink,
    DisclosureUnfinished,
    HandleMissing,
    Network,
    Stance,
    TooEarly,
)
from program.words import day_text
from program.words import gettext as _


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
        Network.BLOG: _("Own blog"),
        Network.OTHER: _("Somewhere else"),
    }[network]


def stance_text(stance: Stance) -> str:
    return {
        Stance.PERSONAL: _("as a private person"),
        Stance.PROFESSIONAL: _("as somebody of my profession"),
        Stance.SANCTIONED: _("for the company, which knows of it"),
    }[stance]


def stance_meaning(stance: Stance) -> str:
    """What speaking like that means, in a line."""
    return {
        Stance.PERSONAL: _("Your own life and views; work comes up now and then."),
        Stance.PROFESSIONAL: _("Your field and your craft, in your own name."),
        Stance.SANCTIONED: _("The account bears the company’s name, and the company agreed to it."),
    }[stance]


@singledispatch
def bar_sentence(bar: object) -> str:
    """What is wrong, and how it can be put right."""
    raise TypeError(bar)


@bar_sentence.register
def _handle(_bar: HandleMissing) -> str:
    return _("Give the name by which people find you there.")


@bar_sentence.register
def _address(_bar: AddressIsNoLink) -> str:
    return _("This is no address of the web, such as https://www.linkedin.com/in/ada.")


@bar_sentence.register
def _disclosure(_bar: DisclosureUnfinished) -> str:
    return _("Finish the sentence that says where you work, as people will read it on your profile.")


@bar_sentence.register
def _early(bar: TooEarly) -> str:
    told = {"day": day_text(bar.earliest)}
    if bar.tracking_start:
        return _("Your cohort’s tracking started on %(day)s: nothing before that day is looked at.") % told
    return (
        _(
            "Your cohort is not tracked yet, so say yes from its first day, or choose today, %(day)s, or a later day."
        )
        % told
    )


def _network(facts: Mapping[str, Any]) -> dict[str, str]:
    return {"network": network_text(Network(facts["network"]))}


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "social_account_added": lambda facts: _("added an account on %(network)s") % _network(facts),
    "social_account_removed": lambda facts: _("removed an account on %(network)s") % _network(facts),
    "consent_given": lambda facts: _("consented to tracking an account on %(network)s") % _network(facts),
    "consent_withdrawn": lambda facts: (
        _("withdrew the consent to tracking an account on %(network)s") % _network(facts)
    ),
}
