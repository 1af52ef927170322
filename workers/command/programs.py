"""The program and the person that a command was told of, and as whom it reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from program.database import fetch_row
from program.programs.queries import ProgramLine, programs_of
from program.roles.rules import Reader, Role
from program.words import either_text
from program.words import gettext as _
from workers.command.terminal import WrongUse

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class PersonCalled:
    id: UUID
    name: str


async def program_called(slug: str) -> ProgramLine:
    """The program of that slug, as it stands in its address. Refused with those that there are."""
    programs = await programs_of(NOBODY, owner=True)
    for program in programs:
        if program.slug == slug:
            return program
    if not programs:
        raise WrongUse(_("There is no program in this installation yet."))
    told = {"slug": slug, "programs": _named(programs)}
    raise WrongUse(_("There is no program “%(slug)s”. There is %(programs)s.") % told)


async def program_of(person: PersonCalled, slug: str | None) -> ProgramLine:
    """The program of that slug; without one, the only one whose people the person is among."""
    if slug:
        return await program_called(slug)
    theirs = await programs_of(person.id, owner=False)
    if len(theirs) == 1:
        return theirs[0]
    told = {"name": person.name, "programs": _named(theirs)}
    if not theirs:
        raise WrongUse(_("%(name)s is not among the people of any program.") % told)
    raise WrongUse(_("%(name)s is in several programs: say which, with --program: %(programs)s.") % told)


async def person_called(email: str) -> PersonCalled:
    """The person with that address."""
    row = await fetch_row("SELECT id, name FROM person WHERE email = $1", email.strip().lower())
    if row is None:
        raise WrongUse(_("Nobody here has the address %(email)s.") % {"email": email})
    return PersonCalled(row["id"], row["name"])


def as_a_lead(program: ProgramLine, person: PersonCalled | None = None) -> Reader:
    """Whoever holds the keys of the machine reads what a lead reads. Whether they may write, the actions ask."""
    return Reader(
        person=person.id if person else NOBODY,
        name=person.name if person else "",
        owner=False,
        program=program.id,
        granted=frozenset({Role.LEAD}),
        listed=False,
        coached=frozenset(),
        memberships=(),
    )


def _named(programs: Sequence[ProgramLine]) -> str:
    return either_text([f"“{program.slug}”" for program in programs])
