"""Which people a file names, why rows are refused, and what taking the file in would change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum, auto
from uuid import UUID

MAX_PEOPLE_IN_A_FILE = 300_000
PLACEHOLDER_EMAIL = "owner@pilotage.invalid"


class Field(StrEnum):
    """What a file can say of a person; the values are the attributes of `PersonInFile`."""

    EMAIL = auto()
    NAME = auto()
    EXTERNAL_ID = auto()
    JOB_TITLE = auto()
    JOB_FUNCTION = auto()
    DEPARTMENT = auto()
    LEVEL = auto()
    REGION = auto()
    LOCALE = auto()
    MANAGER_EMAIL = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInFile:
    """A person as a row tells of them; None where the file says nothing."""

    email: str
    name: str
    external_id: str | None = None
    job_title: str | None = None
    job_function: str | None = None
    department: str | None = None
    level: int | None = None
    region: str | None = None
    locale: str | None = None
    manager_email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson(PersonInFile):
    """A person already in the company's list; the address in lower case."""

    id: UUID


class Kind(StrEnum):
    """What a file turned out to be instead of a CSV or XLSX."""

    PDF = auto()
    PICTURE = auto()
    ARCHIVE = auto()
    OLD_EXCEL = auto()
    BINARY_EXCEL = auto()
    OPEN_DOCUMENT = auto()
    TEXT_DOCUMENT = auto()
    WEB_PAGE = auto()


@dataclass(frozen=True, slots=True)
class EmptyFile:
    """There is nothing in the file."""


@dataclass(frozen=True, slots=True)
class OtherKindOfFile:
    kind: Kind


@dataclass(frozen=True, slots=True)
class PasswordProtected:
    """The workbook opens only with a password."""


@dataclass(frozen=True, slots=True)
class BrokenWorkbook:
    """It is meant to be an XLSX, but cannot be read."""


@dataclass(frozen=True, slots=True)
class TooMuchInside:
    """The workbook unpacks to more than a list of people can need."""


@dataclass(frozen=True, slots=True)
class NotText:
    """Neither a workbook nor text in an encoding that we know."""


@dataclass(frozen=True, slots=True)
class HeaderNotFound:
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnsMissing:
    line: int
    missing: tuple[Field, ...]
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NobodyBelowTheHeader:
    line: int


@dataclass(frozen=True, slots=True)
class TooManyPeople:
    at_most: int


FileProblem = (
    EmptyFile
    | OtherKindOfFile
    | PasswordProtected
    | BrokenWorkbook
    | TooMuchInside
    | NotText
    | HeaderNotFound
    | ColumnsMissing
    | NobodyBelowTheHeader
    | TooManyPeople
)


@dataclass(frozen=True, slots=True)
class QuotesDoNotMatch:
    """A quotation mark opens a cell and nothing sensible closes it."""


@dataclass(frozen=True, slots=True)
class TooFewCells:
    found: int
    expected: int


@dataclass(frozen=True, slots=True)
class TooManyCells:
    found: int
    expected: int


@dataclass(frozen=True, slots=True)
class Missing:
    field: Field


@dataclass(frozen=True, slots=True)
class IllFormedAddress:
    value: str


@dataclass(frozen=True, slots=True)
class LooksLikeFormula:
    field: Field
    value: str


@dataclass(frozen=True, slots=True)
class BrokenCharacters:
    field: Field
    value: str


@dataclass(frozen=True, slots=True)
class TooLong:
    field: Field
    length: int
    at_most: int


@dataclass(frozen=True, slots=True)
class UnknownLevel:
    value: str


@dataclass(frozen=True, slots=True)
class AddressTwice:
    email: str
    first_line: int


@dataclass(frozen=True, slots=True)
class ExternalIdTwice:
    external_id: str
    first_line: int


@dataclass(frozen=True, slots=True)
class AddressBelongsToAnother:
    email: str
    name: str


RowProblem = (
    QuotesDoNotMatch
    | TooFewCells
    | TooManyCells
    | Missing
    | IllFormedAddress
    | LooksLikeFormula
    | BrokenCharacters
    | TooLong
    | UnknownLevel
    | AddressTwice
    | ExternalIdTwice
    | AddressBelongsToAnother
)


@dataclass(frozen=True, slots=True)
class ManagerIsNoAddress:
    value: str


@dataclass(frozen=True, slots=True)
class UnknownLanguage:
    value: str


Remark = ManagerIsNoAddress | UnknownLanguage


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """A row of the file: a person (perhaps with remarks), or the problems for which it was refused.

    Of a refused row, `addresses` and `external_id` keep whom it may have meant, so that they do not pass for leavers.
    """

    line: int
    person: PersonInFile | None = None
    problems: tuple[RowProblem, ...] = ()
    remarks: tuple[Remark, ...] = ()
    addresses: tuple[str, ...] = ()
    external_id: str | None = None

    def refused_for(self, *problems: RowProblem) -> "ReadRow":
        """Answer this row, that of a person, as one that is refused."""
        addresses = (self.person.email,) if self.person else self.addresses
        external_id = self.person.external_id if self.person else self.external_id
        return ReadRow(line=self.line, problems=problems, addresses=addresses, external_id=external_id)


@dataclass(frozen=True, slots=True)
class Change:
    field: Field
    old: str | int | None
    new: str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    line: int
    person: PersonInFile


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPerson:
    line: int
    known: KnownPerson
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What taking the file in would do. Leavers are listed only: nobody is removed by an import."""

    new: tuple[NewPerson, ...]
    changed: tuple[ChangedPerson, ...]
    unchanged: tuple[KnownPerson, ...]
    refused: tuple[ReadRow, ...]
    remarked: tuple[ReadRow, ...]
    leavers: tuple[KnownPerson, ...]


def plan(rows: Iterable[ReadRow], known: Mapping[str, KnownPerson]) -> Plan:
    """Compare the rows of a file with the people already known, who are given by address.

    The external id tells who somebody is; where it does not, the address does. What a row leaves out is kept as it is.
    """
    by_external_id: dict[str | None, KnownPerson] = {
        person.external_id: person for person in known.values() if person.external_id
    }
    read = list(rows)
    named_by_external_id = {
        by_external_id[row.person.external_id].id
        for row in read
        if row.person and row.person.external_id in by_external_id
    }
    new: list[NewPerson] = []
    changed: list[ChangedPerson] = []
    unchanged: list[KnownPerson] = []
    refused: list[ReadRow] = []
    remarked: list[ReadRow] = []
    for row in read:
        person = row.person
        if person is None:
            refused.append(row)
            continue
        same_id, holder = by_external_id.get(person.external_id), known.get(person.email)
        if holder and holder is not same_id and (same_id or holder.id in named_by_external_id):
            refused.append(row.refused_for(AddressBelongsToAnother(person.email, holder.name)))
            continue
        if row.remarks:
            remarked.append(row)
        match = same_id or holder
        if match is None:
            new.append(NewPerson(line=row.line, person=person))
        elif changes := _changes(match, person):
            changed.append(ChangedPerson(line=row.line, known=match, changes=changes))
        else:
            unchanged.append(match)
    present = {person.id for person in unchanged} | {change.known.id for change in changed}
    present |= {person.id for row in refused for person in _meant_by(row, known, by_external_id)}
    return Plan(
        new=tuple(new),
        changed=tuple(changed),
        unchanged=tuple(unchanged),
        refused=tuple(refused),
        remarked=tuple(remarked),
        leavers=tuple(person for person in known.values() if person.id not in present),
    )


def _changes(known: KnownPerson, person: PersonInFile) -> tuple[Change, ...]:
    return tuple(
        Change(Field(name), old, new)
        for name in _ATTRIBUTES
        if (new := getattr(person, name)) is not None and new != (old := getattr(known, name))
    )


_ATTRIBUTES = tuple(field.name for field in fields(PersonInFile))


def _meant_by(
    row: ReadRow, known: Mapping[str, KnownPerson], by_external_id: Mapping[str | None, KnownPerson]
) -> list[KnownPerson]:
    found = [known.get(address) for address in row.addresses] + [by_external_id.get(row.external_id)]
    return [person for person in found if person]
