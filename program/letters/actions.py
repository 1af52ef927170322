"""Choosing the letters that one gets."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from program.database import execute, transaction
from program.events.actions import record
from program.letters.rules import LetterKind


async def choose_letters(person: UUID, wanted: Collection[LetterKind], *, now: datetime) -> None:
    """From now on somebody gets letters of these kinds only, beside those that everybody gets."""
    async with transaction():
        await execute(
            "UPDATE person SET letters_unwanted = $2 WHERE id = $1",
            person,
            [kind.value for kind in LetterKind if kind not in wanted],
        )
        await record("letters_chosen", program=None, by=person, about=person, at=now)
