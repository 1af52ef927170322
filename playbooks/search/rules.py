"""Answers what a person asks for when they type words, and which words of what was found are the reason."""

import re
from dataclasses import dataclass

HIT_BEGINS, HIT_ENDS = "\ue000", "\ue001"
LONGEST_QUESTION = 200
_TYPED_SO_FAR = re.compile(r"(?s)(.*?)([\w’'\-]+)")


@dataclass(frozen=True, slots=True)
class Asked:
    """`whole` is in the web’s way of asking (“…” together, - without, or); `beginning` is how the last word begins."""

    whole: str
    beginning: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what was found; `hit` says that it is one of the words asked for."""

    text: str
    hit: bool


def what_is_asked(typed: str) -> Asked:
    """The last word may be unfinished, unless it stands in quotation marks or is one to leave out."""
    typed = (
        typed[:LONGEST_QUESTION]
        .replace("“", '"')
        .replace("”", '"')
        .replace("„", '"')
        .replace("\0", "")
        .strip()
    )
    found = _TYPED_SO_FAR.fullmatch(typed)
    if found is None or typed.count('"') % 2:
        return Asked(typed, "")
    before, last = found[1], found[2].strip("’'-")
    if not last or found[2].startswith("-") or last.casefold() == "or":
        return Asked(typed, "")
    return Asked(before.strip(), last.replace("’", "'"))


def pieces(marked: str) -> tuple[Piece, ...]:
    """A text in which hits stand between `HIT_BEGINS` and `HIT_ENDS`, taken apart; a mark without its partner is none."""
    found: list[Piece] = []
    hit = False
    for part in re.split(f"([{HIT_BEGINS}{HIT_ENDS}])", marked):
        if part in (HIT_BEGINS, HIT_ENDS):
            hit = part == HIT_BEGINS
        elif part:
            found.append(Piece(part, hit))
    return tuple(found)
