"""Answers which letters somebody can do without, and which they always get."""

from enum import StrEnum


class LetterKind(StrEnum):
    """What letters are about that one may turn off."""

    LEARNINGS = "learnings"
    TRAINING = "training"
    GATES = "gates"
    PLAYBOOK = "playbook"


OF_A_KIND: dict[LetterKind, frozenset[str]] = {
    LetterKind.LEARNINGS: frozenset({"learning_accepted", "learning_returned", "learning_declined"}),
    LetterKind.TRAINING: frozenset({"certificate_issued", "certificate_due", "certificate_lapsed"}),
    LetterKind.GATES: frozenset({"gate_ready", "gate_opened", "condition_due", "checklist_due"}),
    LetterKind.PLAYBOOK: frozenset({"entries_due"}),
}
ALWAYS_SENT = frozenset({"sign_in_link", "invitation", "role_granted"})


def kind_of(letter: str) -> LetterKind | None:
    """What a letter is about; None where it is sent whatever somebody chose."""
    return next((kind for kind, letters in OF_A_KIND.items() if letter in letters), None)
