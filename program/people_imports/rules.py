"""What would become of each row of a people file, in one program of a company that knows more people than that."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from enum import StrEnum, auto
from typing import Any, get_args
from uuid import UUID

from program.people.rules import (
    AddressBelongsToAnother,
    Change,
    ChangedPerson,
    Field,
    KnownPerson,
    NewPerson,
    PersonInFile,
    Plan,
    ReadRow,
    Remark,
    RowProblem,
    plan,
)


class Fate(StrEnum):
    """*Joining* are people whom the company knows already, and who will be listed; nothing else of them changes."""

    NEW = auto()
    JOINING = auto()
    CHANGED = auto()
    UNCHANGED = auto()
    REFUSED = auto()
    LEAVER = auto()


@dataclass(frozen=True, slots=True)
class AddressStays:
    """The row would change the address with which somebody signs in."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class AddressBelongsElsewhere:
    email: str


@dataclass(frozen=True, slots=True)
class ExternalIdBelongsElsewhere:
    external_id: str


Problem = RowProblem | AddressStays | AddressBelongsElsewhere | ExternalIdBelongsElsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The program's people, and those of others whom the file names. An import changes no address of those who `sign_in`."""

    listed: Sequence[KnownPerson]
    elsewhere: Sequence[KnownPerson]
    sign_in: Collection[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    line: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JoiningPerson:
    line: int
    known: KnownPerson


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many rows meet which fate; `ended` says how many leavers no longer belong to the program's people."""

    new: int
    joining: int
    changed: int
    unchanged: int
    refused: int
    leavers: int
    ended: int = 0

    @property
    def people(self) -> int:
        """How many of the file belong to the program's people once it is taken in."""
        return self.new + self.joining + self.changed + self.unchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What taking the file in would do. Rows that are not among these are of people who stay as they are.

    `addresses` tell whom of the program's people an address means afterwards, those apart who are new.
    """

    new: tuple[NewPerson, ...]
    joining: tuple[JoiningPerson, ...]
    changed: tuple[ChangedPerson, ...]
    refused: tuple[RefusedRow, ...]
    leavers: tuple[KnownPerson, ...]
    addresses: Mapping[str, UUID]
    counts: Counts


def weighed(rows: Sequence[ReadRow], company: Company) -> Weighed:
    """Compare the rows with the people that the company knows; the leavers are the program's alone.

    Nobody of another program is changed, no address by which somebody signs in is, and a manager counts only where they
    are among the program's people.
    """
    planned = plan(rows, {person.email: person for person in (*company.elsewhere, *company.listed)})
    elsewhere = {person.id: person for person in company.elsewhere}
    lines = {row.person.email: row.line for row in rows if row.person}
    addresses_elsewhere = {person.email for person in company.elsewhere}
    refused = [_refused(row, addresses_elsewhere) for row in planned.refused]
    joining = [
        JoiningPerson(line=lines[person.email], known=person)
        for person in planned.unchanged
        if person.id in elsewhere
    ]
    candidates = []
    for changed in planned.changed:
        if problem := _problem_with(changed, elsewhere, company.sign_in):
            refused.append(RefusedRow(line=changed.line, problems=(problem,)))
        elif changed.known.id in elsewhere:
            joining.append(JoiningPerson(line=changed.line, known=changed.known))
        else:
            candidates.append(changed)
    addresses = _addresses_afterwards(company.listed, joining, candidates)
    managers = addresses.keys() | {one.person.email for one in planned.new}
    changed_people = [
        ChangedPerson(line=one.line, known=one.known, changes=changes)
        for one in candidates
        if (changes := _possible(one, managers))
    ]
    leavers = tuple(person for person in planned.leavers if person.id not in elsewhere)
    return Weighed(
        new=planned.new,
        joining=tuple(joining),
        changed=tuple(changed_people),
        refused=tuple(sorted(refused, key=lambda row: row.line)),
        leavers=leavers,
        addresses=addresses,
        counts=Counts(
            new=len(planned.new),
            joining=len(joining),
            changed=len(changed_people),
            unchanged=_unchanged(planned, elsewhere) + len(candidates) - len(changed_people),
            refused=len(refused),
            leavers=len(leavers),
        ),
    )


def _refused(row: ReadRow, addresses_elsewhere: Collection[str]) -> RefusedRow:
    """A row as it is refused here, where nothing is said of people of other programs."""
    return RefusedRow(
        line=row.line,
        problems=tuple(
            AddressBelongsElsewhere(problem.email)
            if isinstance(problem, AddressBelongsToAnother) and problem.email in addresses_elsewhere
            else problem
            for problem in row.problems
        ),
    )


def _problem_with(
    changed: ChangedPerson, elsewhere: Collection[UUID], sign_in: Collection[UUID]
) -> Problem | None:
    if not any(change.field is Field.EMAIL for change in changed.changes):
        return None
    known = changed.known
    if known.id in elsewhere:
        return ExternalIdBelongsElsewhere(known.external_id or "")
    return AddressStays(known.name, known.email) if known.id in sign_in else None


def _addresses_afterwards(
    listed: Iterable[KnownPerson], joining: Iterable[JoiningPerson], changed: Iterable[ChangedPerson]
) -> dict[str, UUID]:
    moved = {one.known.id: _email_of(one) for one in changed}
    addresses = {moved.get(person.id, person.email): person.id for person in listed}
    return addresses | {one.known.email: one.known.id for one in joining}


def _email_of(changed: ChangedPerson) -> str:
    """The address that they will have."""
    said = (str(change.new) for change in changed.changes if change.field is Field.EMAIL)
    return next(said, changed.known.email)


def _possible(changed: ChangedPerson, managers: Collection[str]) -> tuple[Change, ...]:
    own = _email_of(changed)
    return tuple(
        change
        for change in changed.changes
        if change.field is not Field.MANAGER_EMAIL or (change.new in managers and change.new != own)
    )


def _unchanged(planned: Plan, elsewhere: Collection[UUID]) -> int:
    return sum(person.id not in elsewhere for person in planned.unchanged)


# Rows, problems and changes as values that JSON can hold, for the time between a preview and its confirmation.

_SAID = tuple(field.name for field in fields(PersonInFile))
_TOLD = {kind.__name__: kind for kind in (*get_args(Problem), *get_args(Remark))}


def told_of(row: ReadRow) -> dict[str, Any]:
    """All that a row says, without its line."""
    if row.person:
        said = {name: value for name in _SAID if (value := getattr(row.person, name)) is not None}
        return {"person": said, "remarks": [told(remark) for remark in row.remarks]}
    return {
        "problems": [told(problem) for problem in row.problems],
        "addresses": row.addresses,
        "external_id": row.external_id,
    }


def row_told(line: int, said: Mapping[str, Any]) -> ReadRow:
    """The row of which `told_of` told."""
    if "person" in said:
        return ReadRow(line=line, person=PersonInFile(**said["person"]), remarks=_all_told(said["remarks"]))
    return ReadRow(
        line=line,
        problems=_all_told(said["problems"]),
        addresses=tuple(said["addresses"]),
        external_id=said["external_id"],
    )


def told(reason: Problem | Remark) -> list[Any]:
    return [type(reason).__name__, *astuple(reason)]


def reason_told(values: Sequence[Any]) -> Any:
    """The problem or remark of which `told` told."""
    name, *facts = values
    kind = _TOLD[name]
    named = dict(zip((field.name for field in fields(kind)), facts, strict=True))
    return kind(**{key: Field(fact) if key == "field" else fact for key, fact in named.items()})


def change_told(values: Sequence[Any]) -> Change:
    field, old, new = values
    return Change(Field(field), old, new)


def _all_told(values: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
    return tuple(reason_told(value) for value in values)
