"""The program's people, as those who run it see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from program.database import fetch, fetch_row
from program.refusals import NotFound
from program.roles.rules import GRANTED, Reader, Role

ON_A_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which people to show: `search` looks into names, addresses and departments; "" and None let everybody through."""

    search: str = ""
    job_function: str = ""
    department: str = ""
    level: int | None = None
    region: str = ""

    @property
    def chosen(self) -> bool:
        return self != Filter()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    id: UUID
    name: str
    email: str
    job_title: str | None
    department: str | None
    level: int | None
    region: str | None
    roles: tuple[Role, ...]
    departed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """One page of those who match, and what there is to filter by. `listed` counts all of the program's people."""

    people: tuple[PersonLine, ...]
    found: int
    number: int
    pages: int
    listed: int
    job_functions: tuple[str, ...]
    departments: tuple[str, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """All that a lead may know of one person. Their address stays where they sign in with it (`signs_in`)."""

    id: UUID
    name: str
    email: str
    external_id: str | None
    job_title: str | None
    job_function: str | None
    department: str | None
    level: int | None
    region: str | None
    manager_name: str | None
    manager_email: str | None
    networks: tuple[str, ...] | None
    how_often: str | None
    roles: tuple[Role, ...]
    owner: bool
    oneself: bool
    signs_in: bool
    departed_at: datetime | None
    listed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHolder:
    person: UUID
    name: str
    email: str
    role: Role
    since_at: datetime
    signs_in: bool


async def people_page(filter: Filter, *, seen_by: Reader, number: int = 1) -> PeoplePage:
    """The `number`-th page of the program's people who pass the filter, by name. Two queries. For leads and owners."""
    _require_who_runs_it(seen_by)
    choices = await fetch_row(
        "WITH mine AS (SELECT p.job_function, p.department, p.region FROM listing l JOIN person p ON p.id = l.person"
        "  WHERE l.program = $1)"
        " SELECT (SELECT count(*) FROM mine) AS listed,"
        "  ARRAY(SELECT DISTINCT job_function FROM mine WHERE job_function IS NOT NULL ORDER BY 1) AS job_functions,"
        "  ARRAY(SELECT DISTINCT department FROM mine WHERE department IS NOT NULL ORDER BY 1) AS departments,"
        "  ARRAY(SELECT DISTINCT region FROM mine WHERE region IS NOT NULL ORDER BY 1) AS regions",
        seen_by.program,
    )
    rows = await fetch(
        "WITH found AS MATERIALIZED (SELECT p.id, p.name FROM listing l JOIN person p ON p.id = l.person"
        "   WHERE l.program = $1 AND ($2 = '' OR strpos(lower(concat_ws(' ', p.name, p.email, p.department)), $2) > 0)"
        "   AND ($3 = '' OR p.job_function = $3) AND ($4 = '' OR p.department = $4)"
        "   AND ($5::int IS NULL OR p.level = $5) AND ($6 = '' OR p.region = $6)),"
        "  counted AS (SELECT count(*) AS found, least(greatest($7, 1), greatest(ceil(count(*) / $8::float8), 1))::int"
        "   AS number FROM found),"
        "  shown AS (SELECT id FROM found ORDER BY name, id LIMIT $8 OFFSET (SELECT (number - 1) * $8 FROM counted))"
        " SELECT counted.found, counted.number, p.id, p.name, p.email, p.job_title, p.department, p.level, p.region,"
        "  ARRAY(SELECT role FROM role_grant g WHERE g.program = $1 AND g.person = p.id AND g.revoked_at IS NULL)"
        "   AS roles,"
        "  EXISTS (SELECT FROM departure d WHERE d.person = p.id AND d.returned_at IS NULL) AS departed"
        " FROM counted LEFT JOIN shown ON true LEFT JOIN person p ON p.id = shown.id ORDER BY p.name, p.id",
        seen_by.program,
        filter.search.lower(),
        filter.job_function,
        filter.department,
        filter.level,
        filter.region,
        number,
        ON_A_PAGE,
    )
    told: Any = choices
    return PeoplePage(
        people=tuple(_line(row) for row in rows if row["id"]),
        found=rows[0]["found"],
        number=rows[0]["number"],
        pages=max(1, -(-rows[0]["found"] // ON_A_PAGE)),
        listed=told["listed"],
        job_functions=tuple(told["job_functions"]),
        departments=tuple(told["departments"]),
        regions=tuple(told["regions"]),
    )


async def person_page(person: UUID, *, seen_by: Reader) -> PersonPage:
    """One of the program's people. For leads and owners."""
    _require_who_runs_it(seen_by)
    row = await fetch_row(
        "SELECT p.id, p.name, p.email, p.external_id, p.job_title, p.job_function, p.department, p.level, p.region,"
        " m.name AS manager_name, m.email AS manager_email, p.networks, p.how_often, l.listed_at, d.departed_at,"
        " ARRAY(SELECT role FROM role_grant g WHERE g.program = $2 AND g.person = p.id AND g.revoked_at IS NULL)"
        "  AS roles,"
        " EXISTS (SELECT FROM owner o WHERE o.person = p.id) AS owner,"
        " EXISTS (SELECT FROM session s WHERE s.person = p.id)"
        "  OR EXISTS (SELECT FROM password w WHERE w.person = p.id) AS signs_in"
        " FROM listing l JOIN person p ON p.id = l.person LEFT JOIN person m ON m.id = p.manager"
        " LEFT JOIN departure d ON d.person = p.id AND d.returned_at IS NULL"
        " WHERE l.person = $1 AND l.program = $2",
        person,
        seen_by.program,
    )
    if row is None:
        raise NotFound
    known = dict(row)
    known["networks"] = None if row["networks"] is None else tuple(row["networks"])
    known["roles"] = _in_order(row["roles"])
    known["signs_in"] = row["signs_in"] or row["owner"]
    return PersonPage(**known, oneself=person == seen_by.person)


async def role_holders(seen_by: Reader) -> list[RoleHolder]:
    """Who leads, sponsors and reviews the program, by role and name. For leads and owners."""
    _require_who_runs_it(seen_by)
    rows = await fetch(
        "SELECT g.person, p.name, p.email, g.role, g.granted_at, EXISTS (SELECT FROM session s WHERE s.person = p.id)"
        "  OR EXISTS (SELECT FROM owner o WHERE o.person = p.id) AS signs_in"
        " FROM role_grant g JOIN person p ON p.id = g.person WHERE g.program = $1 AND g.revoked_at IS NULL"
        " ORDER BY p.name, p.id",
        seen_by.program,
    )
    return [
        RoleHolder(
            person=row["person"],
            name=row["name"],
            email=row["email"],
            role=Role(row["role"]),
            since_at=row["granted_at"],
            signs_in=row["signs_in"],
        )
        for row in rows
    ]


async def listed_person_at(email: str, *, seen_by: Reader) -> UUID | None:
    """Which of the program's people has this address (in small letters). For leads and owners."""
    _require_who_runs_it(seen_by)
    row = await fetch_row(
        "SELECT p.id FROM person p JOIN listing l ON l.person = p.id WHERE p.email = $1 AND l.program = $2",
        email,
        seen_by.program,
    )
    return None if row is None else UUID(str(row["id"]))


def _require_who_runs_it(reader: Reader) -> None:
    if not reader.is_any(Role.LEAD, Role.OWNER):
        raise NotFound


def _line(row: Any) -> PersonLine:
    return PersonLine(
        id=row["id"],
        name=row["name"],
        email=row["email"],
        job_title=row["job_title"],
        department=row["department"],
        level=row["level"],
        region=row["region"],
        roles=_in_order(row["roles"]),
        departed=row["departed"],
    )


def _in_order(roles: Sequence[str]) -> tuple[Role, ...]:
    return tuple(role for role in GRANTED if role.value in roles)
