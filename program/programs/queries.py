"""Programs, as their readers see them."""

from dataclasses import dataclass
from uuid import UUID

from program.database import fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramLine:
    """A program in a list."""

    id: UUID
    slug: str
    name: str
    purpose: str


async def programs_of(person: UUID, *, owner: bool) -> list[ProgramLine]:
    """The programs that a person belongs to; for an owner, all of them. By name."""
    rows = await fetch(
        "SELECT p.id, p.slug, p.name, p.purpose FROM program p"
        " WHERE $2 OR EXISTS (SELECT FROM listing l WHERE l.program = p.id AND l.person = $1)"
        " ORDER BY p.name",
        person,
        owner,
    )
    return [
        ProgramLine(id=row["id"], slug=row["slug"], name=row["name"], purpose=row["purpose"]) for row in rows
    ]
