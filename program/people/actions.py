"""What people change of themselves, and what leads change of them."""

from datetime import datetime
from uuid import UUID

from program.database import execute, fetch_value, transaction
from program.events.actions import record
from program.refusals import Refusal
from program.words import gettext as _


class AddressTaken(Refusal):
    field = "email"

    def sentence(self) -> str:
        return _("Somebody else has this e-mail address.")


async def introduce_oneself(person: UUID, *, name: str, email: str, now: datetime) -> None:
    """Say who one is: name and e-mail address (in small letters). Refused where the address is somebody else's."""
    async with transaction():
        if await fetch_value("SELECT true FROM person WHERE email = $1 AND id <> $2", email, person):
            raise AddressTaken
        await execute("UPDATE person SET name = $2, email = $3 WHERE id = $1", person, name, email)
        await record("person_introduced", program=None, by=person, about=person, at=now)


async def choose_theme(person: UUID, theme: str) -> None:
    """“system”, “light” or “dark”."""
    await execute("UPDATE person SET theme = $2 WHERE id = $1", person, theme)
