"""What a letter says: the same in the mail, and wherever it is shown before it goes out."""

from dataclasses import dataclass

from program.letters.rules import kind_of
from program.words import gettext as _


@dataclass(frozen=True, slots=True)
class Words:
    """Its subject, what stands in it, and the one address it leads to."""

    subject: str
    body: str
    path: str


def letter_text(letter: str, words: Words, *, name: str, address: str) -> str:
    """The whole text of a letter of that name to somebody; `address` is that of this installation."""
    greeting = _("Hello %(name)s,") % {"name": name}
    foot = _("This letter comes from Pilotage, where your company runs its ambassador program.")
    if kind_of(letter) is not None:
        choosing = _("Which letters you get, you choose here: %(page)s")
        foot += "\n" + choosing % {"page": f"{address}/me"}
    return f"{greeting}\n\n{words.body}\n\n{address}{words.path}\n\n-- \n{foot}\n"
