"""Outsiders in words: what was found of one, and what may stand in its place."""

from collections.abc import Collection

from playbooks.learnings.rules import Faced
from playbooks.outsiders.rules import MentionKind
from program.words import gettext as _


def mask_text(kind: MentionKind, faced: Collection[Faced], *, another: bool = False) -> str:
    """Neutral words: of a person, whom the author faced, where that is one kind of people."""
    if kind is MentionKind.PERSON:
        return _person(next(iter(faced)) if len(faced) == 1 else None, another=another)
    return {
        MentionKind.EMAIL: _("[e-mail address]"),
        MentionKind.PHONE: _("[phone number]"),
        MentionKind.ACCOUNT: _("[account]"),
        MentionKind.PROFILE: _("[profile]"),
    }[kind]


def mention_text(kind: MentionKind) -> str:
    """What was found, before its words."""
    return {
        MentionKind.PERSON: _("One name in your text:"),
        MentionKind.EMAIL: _("One e-mail address in your text:"),
        MentionKind.PHONE: _("One phone number in your text:"),
        MentionKind.ACCOUNT: _("One account in your text:"),
        MentionKind.PROFILE: _("One profile in your text:"),
    }[kind]


def _person(faced: Faced | None, *, another: bool) -> str:
    one, other = {
        Faced.CRITIC: (_("a critic"), _("another critic")),
        Faced.ADVOCATE: (_("an advocate"), _("another advocate")),
        Faced.CUSTOMER: (_("a customer"), _("another customer")),
        Faced.PRESS: (_("a journalist"), _("another journalist")),
        Faced.COLLEAGUE: (_("a colleague"), _("another colleague")),
        None: (_("somebody"), _("somebody else")),
    }[faced]
    return other if another else one
