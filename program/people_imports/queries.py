"""People files that are being looked at, and what became of those before."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from program.database import fetch, fetch_row
from program.people.rules import Change, Field, KnownPerson, PersonInFile, ReadRow, Remark
from program.people_imports.rules import (
    Company,
    Counts,
    Fate,
    Problem,
    change_told,
    reason_told,
    row_told,
)
from program.refusals import NotFound
from program.roles.rules import Reader, Role

REFUSED_ON_A_PAGE = 100
MOST_SHOWN = 20
MOST_LEAVERS_SHOWN = 200

_KNOWN = (
    "SELECT p.id, p.email, p.external_id, p.name, p.job_title, p.job_function, p.department, p.level, p.region,"
    " p.locale, m.email AS manager_email FROM person p LEFT JOIN person m ON m.id = p.manager"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """How a file was read: which heading means what, which are left out; None for a workbook's encoding and delimiter."""

    columns: tuple[tuple[str, Field], ...]
    ignored: tuple[str, ...]
    encoding: str | None
    delimiter: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLine:
    line: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodLine:
    """A row that is taken in: as the file tells of the person, or (`changes`) how it differs from what is known."""

    line: int
    person: PersonInFile
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarked:
    line: int
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver:
    """One of the program's people who is not in the file. Who holds a role in the program stays among them."""

    id: UUID
    name: str
    email: str
    department: str | None
    holds_role: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage:
    """A file as a lead looks at it before it is taken in; afterwards only what became of it."""

    id: UUID
    file_name: str
    by_name: str
    made_at: datetime
    confirmed_at: datetime | None
    recognised: Recognised
    counts: Counts
    refused: tuple[RefusedLine, ...]
    number: int
    pages: int
    new: tuple[GoodLine, ...]
    joining: tuple[GoodLine, ...]
    changed: tuple[GoodLine, ...]
    remarked: tuple[Remarked, ...]
    leavers: tuple[Leaver, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLine:
    id: UUID
    file_name: str
    by_name: str
    made_at: datetime
    confirmed_at: datetime | None
    counts: Counts


async def import_page(people_import: UUID, *, seen_by: Reader, number: int = 1) -> ImportPage:
    """A file of the reader's program, with the `number`-th page of its refused rows. For leads and owners."""
    if not seen_by.is_any(Role.LEAD, Role.OWNER):
        raise NotFound
    row = await fetch_row(
        "SELECT i.*, p.name AS by_name FROM people_import i JOIN person p ON p.id = i.by"
        " WHERE i.id = $1 AND i.program = $2",
        people_import,
        seen_by.program,
    )
    if row is None:
        raise NotFound
    summary = json.loads(row["summary"])
    counts = Counts(**summary["counts"])
    pages = max(1, -(-counts.refused // REFUSED_ON_A_PAGE))
    number = min(max(number, 1), pages)
    refused = await _rows(people_import, Fate.REFUSED, REFUSED_ON_A_PAGE, (number - 1) * REFUSED_ON_A_PAGE)
    return ImportPage(
        id=people_import,
        file_name=row["file_name"],
        by_name=row["by_name"],
        made_at=row["made_at"],
        confirmed_at=row["confirmed_at"],
        recognised=_recognised(summary["recognised"]),
        counts=counts,
        refused=tuple(
            RefusedLine(line=line, problems=tuple(map(reason_told, findings)))
            for line, _, findings in refused
        ),
        number=number,
        pages=pages,
        new=await _good_lines(people_import, Fate.NEW),
        joining=await _good_lines(people_import, Fate.JOINING),
        changed=await _good_lines(people_import, Fate.CHANGED),
        remarked=await _remarked(people_import),
        leavers=await _leavers(people_import, seen_by.program),
    )


async def imports_of(seen_by: Reader) -> list[ImportLine]:
    """The program's last files, those that still wait first. For leads and owners."""
    if not seen_by.is_any(Role.LEAD, Role.OWNER):
        raise NotFound
    rows = await fetch(
        "SELECT i.*, p.name AS by_name FROM people_import i JOIN person p ON p.id = i.by WHERE i.program = $1"
        " ORDER BY i.confirmed_at IS NOT NULL, i.made_at DESC LIMIT $2",
        seen_by.program,
        MOST_SHOWN,
    )
    return [
        ImportLine(
            id=row["id"],
            file_name=row["file_name"],
            by_name=row["by_name"],
            made_at=row["made_at"],
            confirmed_at=row["confirmed_at"],
            counts=Counts(**json.loads(row["summary"])["counts"]),
        )
        for row in rows
    ]


async def staged_rows(people_import: UUID) -> list[ReadRow]:
    """The rows of a previewed file, as they were read, in the order of the file."""
    rows = await fetch(
        "SELECT line, said FROM people_import_row WHERE people_import = $1 AND line IS NOT NULL ORDER BY line",
        people_import,
    )
    return [row_told(row["line"], json.loads(row["said"])) for row in rows]


async def company(program: UUID, rows: Sequence[ReadRow]) -> Company:
    """What the company knows of the program's people, and of others whom these rows name."""
    people = [row.person for row in rows if row.person]
    listed = await fetch(
        f"{_KNOWN} JOIN listing l ON l.person = p.id WHERE l.program = $1 ORDER BY p.name, p.id", program
    )
    elsewhere = await fetch(
        f"{_KNOWN} WHERE p.id IN ("
        "  SELECT p.id FROM person p JOIN unnest($2::text[]) AS said(email) ON p.email = said.email"
        "  UNION SELECT p.id FROM person p JOIN unnest($3::text[]) AS said(id) ON p.external_id = said.id)"
        " AND NOT EXISTS (SELECT FROM listing l WHERE l.program = $1 AND l.person = p.id)",
        program,
        [person.email for person in people],
        [person.external_id for person in people if person.external_id],
    )
    sign_in = await fetch(
        "SELECT person FROM listing l WHERE program = $1 AND (EXISTS (SELECT FROM owner o WHERE o.person = l.person)"
        "  OR EXISTS (SELECT FROM session s WHERE s.person = l.person)"
        "  OR EXISTS (SELECT FROM password w WHERE w.person = l.person))",
        program,
    )
    return Company(
        listed=[KnownPerson(**row) for row in listed],
        elsewhere=[KnownPerson(**row) for row in elsewhere],
        sign_in=frozenset(row["person"] for row in sign_in),
    )


def _recognised(told: dict[str, Any]) -> Recognised:
    return Recognised(
        columns=tuple((heading, Field(field)) for heading, field in told["columns"]),
        ignored=tuple(told["ignored"]),
        encoding=told["encoding"],
        delimiter=told["delimiter"],
    )


async def _rows(people_import: UUID, fate: Fate, most: int, after: int = 0) -> list[tuple[int, Any, Any]]:
    rows = await fetch(
        "SELECT line, said, findings FROM people_import_row WHERE people_import = $1 AND fate = $2"
        " ORDER BY line LIMIT $3 OFFSET $4",
        people_import,
        fate.value,
        most,
        after,
    )
    return [(row["line"], json.loads(row["said"]), json.loads(row["findings"] or "[]")) for row in rows]


async def _good_lines(people_import: UUID, fate: Fate) -> tuple[GoodLine, ...]:
    return tuple(
        GoodLine(line=line, person=PersonInFile(**said["person"]), changes=tuple(map(change_told, findings)))
        for line, said, findings in await _rows(people_import, fate, MOST_SHOWN)
    )


async def _remarked(people_import: UUID) -> tuple[Remarked, ...]:
    rows = await fetch(
        "SELECT line, said -> 'remarks' AS remarks FROM people_import_row"
        " WHERE people_import = $1 AND fate <> 'refused' AND said -> 'remarks' <> '[]' ORDER BY line LIMIT $2",
        people_import,
        MOST_SHOWN,
    )
    return tuple(
        Remarked(line=row["line"], remarks=tuple(map(reason_told, json.loads(row["remarks"]))))
        for row in rows
    )


async def _leavers(people_import: UUID, program: UUID) -> tuple[Leaver, ...]:
    rows = await fetch(
        "SELECT p.id, p.name, p.email, p.department, EXISTS (SELECT FROM role_grant g WHERE g.program = $2"
        "  AND g.person = p.id AND g.revoked_at IS NULL) AS holds_role"
        " FROM people_import_row r JOIN person p ON p.id = r.known"
        " WHERE r.people_import = $1 AND r.fate = 'leaver' ORDER BY p.name, p.id",
        people_import,
        program,
    )
    return tuple(Leaver(**row) for row in rows)
