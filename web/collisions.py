"""Two people who write one entry at a time: the second sees both, keeps their own words, and puts both together."""

from dataclasses import dataclass

from playbooks.entries.queries import DraftEntry, LatestChange, latest_change
from playbooks.entries.rules import EntryText
from playbooks.revisions.queries import revision_text
from playbooks.revisions.rules import put_together
from web.comparisons import PARTS, ShownPart, compared
from web.entry_forms import FIELDS_OF, entry_values, revision_in, text_typed
from web.forms import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Collision:
    """What somebody else made of the entry, as `theirs`, and how the words in the form differ from it.

    `taken` says that parts which only they changed stand in the form already.
    """

    change: LatestChange
    theirs: EntryText
    mine: EntryText
    parts: list[ShownPart]
    taken: bool


async def collision_in(form: Form, entry: DraftEntry) -> Collision:
    """For a form that was begun at a revision `base`, before somebody else changed the entry."""
    mine = text_typed(form, entry.copy.text)
    return Collision(
        change=await latest_change(entry.copy.entry),
        theirs=entry.copy.text,
        mine=mine,
        parts=compared(entry.copy.text, mine),
        taken=form.yes("taken"),
    )


async def take_over(form: Form, mine: EntryText, entry: DraftEntry) -> None:
    """Parts that only they changed go into the form; those that both changed stay as typed, to be put together."""
    form.values.setdefault("base", form.values["revision"])
    base = await revision_text(entry.copy.entry, revision_in(Form({"revision": form.values["base"]})))
    form.values["revision"] = str(entry.copy.revision)
    if base is None:
        return
    values = entry_values(entry)
    for part in PARTS:
        theirs = getattr(entry.copy.text, part)
        if getattr(mine, part) == getattr(base, part) != theirs:
            form.values["taken"] = "yes"
            form.values.update({name: values.get(name, "") for name in FIELDS_OF[part]})


async def put_both_into(form: Form, entry: DraftEntry) -> None:
    """The text in the form gets what they wrote: each change at its place, or theirs below where both changed a line."""
    base = await revision_text(entry.copy.entry, revision_in(Form({"revision": form.values.get("base", "")})))
    mine, theirs = text_typed(form, entry.copy.text).body, entry.copy.text.body
    both = put_together(base.body, mine, theirs) if base else None
    form.values["body"] = both if both is not None else f"{mine}\n\n{theirs}"
