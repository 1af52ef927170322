"""Learnings in words: what their choices are called, how one reads as an entry, and what happened to one."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playbooks.learnings.rules import Channel, Faced, LearningKind, LearningText
from program.words import gettext as _
from program.words import ngettext


def kind_text(kind: str) -> str:
    return {
        LearningKind.DO: _("Do"),
        LearningKind.DONT: _("Don’t"),
        LearningKind.QUESTION: _("Open question"),
    }[LearningKind(kind)]


def faced_text(faced: str) -> str:
    return {
        Faced.CRITIC: _("Critic"),
        Faced.CUSTOMER: _("Customer"),
        Faced.ADVOCATE: _("Advocate"),
        Faced.PRESS: _("Press"),
        Faced.COLLEAGUE: _("Colleague"),
    }[Faced(faced)]


def channel_text(channel: str) -> str:
    return {
        Channel.LINKEDIN: "LinkedIn",
        Channel.X: "X",
        Channel.MASTODON: "Mastodon",
        Channel.BLUESKY: "Bluesky",
        Channel.INSTAGRAM: "Instagram",
        Channel.FACEBOOK: "Facebook",
        Channel.YOUTUBE: "YouTube",
        Channel.TIKTOK: "TikTok",
        Channel.BLOG: _("A blog"),
        Channel.IN_PERSON: _("In person"),
        Channel.OTHER: _("Elsewhere"),
    }[Channel(channel)]


def passed_text(passed: int | None) -> str:
    """How many passed a track, as far as it may be told."""
    if passed is None:
        return _("Fewer than five people have passed it so far.")
    return ngettext("%(count)d person has passed it.", "%(count)d people have passed it.", passed) % {
        "count": passed
    }


def entry_body(learnings: Iterable[LearningText]) -> str:
    """What learnings give to the body of an entry, one after the other: what was said stands as a quotation."""
    return "\n\n".join(paragraph for learning in learnings for paragraph in _paragraphs(learning))


def _paragraphs(learning: LearningText) -> list[str]:
    said = "\n".join(f"> {line}".rstrip() for line in learning.conversation.splitlines())
    helped = _("What helped: %(resources)s") % {"resources": learning.resources} if learning.resources else ""
    told = (learning.situation, said, learning.what_i_did, learning.outcome, helped)
    return [paragraph for paragraph in told if paragraph]


EVENTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "learning_submitted": lambda _facts: _("sent a learning to the desk"),
    "learning_returned": lambda _facts: _("sent a learning back with a note"),
    "learning_declined": lambda _facts: _("declined a learning, with a reason"),
    "learning_accepted": lambda _facts: _("took a learning into the playbook’s draft"),
}
