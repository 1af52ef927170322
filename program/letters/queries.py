"""Which letters somebody gets."""

from uuid import UUID

from program.database import fetch_value
from program.letters.rules import LetterKind


async def letters_wanted(person: UUID) -> tuple[LetterKind, ...]:
    """The kinds of letters that somebody did not turn off."""
    unwanted = await fetch_value("SELECT letters_unwanted FROM person WHERE id = $1", person)
    return tuple(kind for kind in LetterKind if kind.value not in unwanted)
