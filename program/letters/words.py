"""What the kinds of letters are called, and what is said of choosing among them."""

from collections.abc import Callable, Mapping
from typing import Any

from program.letters.rules import LetterKind
from program.words import gettext as _


def letter_kind_text(kind: LetterKind) -> str:
    """What letters of a kind tell, as a choice to tick."""
    return {
        LetterKind.LEARNINGS: _("What became of my learnings"),
        LetterKind.TRAINING: _("My training and my certificates"),
        LetterKind.GATES: _("Gates that are ready or were opened, and what I took on for them"),
        LetterKind.PLAYBOOK: _("Entries of the playbook that I should read again"),
    }[kind]


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "letters_chosen": lambda _facts: _("chose which letters to get"),
}
