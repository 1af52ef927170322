"""Outsiders whom a learning's form seems to name: pointed out, masked or kept before others read it."""

from collections.abc import Sequence
from dataclasses import dataclass

from playbooks.learnings.rules import Faced
from playbooks.outsiders.queries import outsiders_in
from playbooks.outsiders.rules import Mention, masked
from playbooks.outsiders.words import mask_text, mention_text
from web.forms import Form
from web.signed_out import MOST_OCTETS
from web.visit import Visit

ALL = "*"
TEXTS = ("lesson", "situation", "conversation", "what_i_did", "outcome", "resources")


@dataclass(frozen=True, slots=True, kw_only=True)
class PointedOut:
    """An outsider whom a form seems to name, and what would stand in their place."""

    words: str
    found: str
    mask: str


def decides_on_a_name(form: Form) -> bool:
    """Whether a button beside a name was pressed, rather than one that sends or keeps the learning."""
    return "then" not in form.values and bool(form.list("mask") or form.list("keep"))


async def decide(form: Form, visit: Visit) -> None:
    """Do what the button beside a name says: mask it wherever it stands, or keep it; `ALL` keeps every one."""
    wanted = form.list("mask")
    form.values.pop("mask", None)
    found = await names_in(form, visit)
    if ALL in form.list("keep"):
        form.values["keep"] = [*(set(form.list("keep")) - {ALL}), *(each.words for each in found)]
    for each in found:
        if each.words in wanted:
            for field in TEXTS:
                form.values[field] = masked(
                    form.text(field, required=False, longest=MOST_OCTETS), each.words, each.mask
                )


async def names_in(form: Form, visit: Visit) -> tuple[PointedOut, ...]:
    """The outsiders whom the form names, without those whom its author keeps."""
    texts = [" ".join(form.list(field)) for field in TEXTS]
    found = await outsiders_in(texts, visit.reader, kept=form.list("keep"))
    faced = [Faced(each) for each in form.list("faced") if each in list(Faced)]
    return tuple(
        PointedOut(
            words=each.words,
            found=mention_text(each.kind),
            mask=mask_text(each.kind, faced, another=_was_another(each, found)),
        )
        for each in found
    )


def _was_another(mention: Mention, found: Sequence[Mention]) -> bool:
    """Whether somebody else of the same kind is named before."""
    return next(each for each in found if each.kind is mention.kind) != mention
