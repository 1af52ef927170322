"""Programs, as their readers see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from program.database import fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramLine:
    """A program in a list."""

    id: UUID
    slug: str
    name: str
    purpose: str
    zone: str


async def program_line(program: UUID) -> ProgramLine:
    """A program that is being visited."""
    (row,) = await fetch("SELECT id, slug, name, purpose, zone FROM program WHERE id = $1", program)
    return _line(row)


async def programs_of(person: UUID, *, owner: bool) -> list[ProgramLine]:
    """The programs that a person belongs to; for an owner, all of them. By name."""
    rows = await fetch(
        "SELECT p.id, p.slug, p.name, p.purpose, p.zone FROM program p"
        " WHERE $2 OR EXISTS (SELECT FROM listing l WHERE l.program = p.id AND l.person = $1)"
        " ORDER BY p.name",
        person,
        owner,
    )
    return [_line(row) for row in rows]


def _line(row: Mapping[str, Any]) -> ProgramLine:
    return ProgramLine(
        id=row["id"], slug=row["slug"], name=row["name"], purpose=row["purpose"], zone=row["zone"]
    )
