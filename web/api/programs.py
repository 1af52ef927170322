"""Programs: those that one belongs to, and one of them."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from program.access_tokens.rules import Scope
from program.programs.queries import ProgramLine, program_line, programs_of
from program.roles.rules import Role
from web.api.paging import Page, Paging
from web.visit import SIGNED_IN, Visit, may_call


class Program(Struct, frozen=True, kw_only=True):
    """A program. `slug` names it in addresses; days are days of its `zone`."""

    id: UUID
    slug: str
    name: str
    purpose: str
    zone: str


class OwnProgram(Program, frozen=True, kw_only=True):
    """A program as one comes to it: `roles` are those that the token’s person has in it now, and `today` the day there."""

    roles: list[Role]
    today: date


@get("/programs", opt=may_call(Scope.PROGRAM_READ, SIGNED_IN), operation_id="listPrograms", tags=["Programs"])
async def programs(visit: NamedDependency[Visit], paging: NamedDependency[Paging]) -> Response[Page[Program]]:
    """The programs that one belongs to; for an owner of the installation, all of them. By name."""
    found = await programs_of(visit.by.person, owner=visit.by.owner)
    return paging.page_of_all(found, key=lambda each: each.slug, told=_program)


@get(
    "/programs/{program:str}",
    opt=may_call(Scope.PROGRAM_READ, *Role),
    operation_id="getProgram",
    tags=["Programs"],
)
async def program(visit: NamedDependency[Visit]) -> OwnProgram:
    """A program, and what one is in it."""
    line = await program_line(visit.program.id)
    return OwnProgram(**_told(line), roles=sorted(visit.reader.roles), today=visit.today)


def _program(line: ProgramLine) -> Program:
    return Program(**_told(line))


def _told(line: ProgramLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "slug": line.slug,
        "name": line.name,
        "purpose": line.purpose,
        "zone": line.zone,
    }


HANDLERS = (programs, program)
