"""The program's people, as those who run it see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from program.database import fetch, fetch_row
from program.network_activity.rules import NetworkActivity, SaidBy
from program.refusals import NotFound
from program.roles.rules import GRANTED, Reader, Role

ON_A_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which people to show: `search` looks into names, addresses, titles and departments; "" and None let everybody through.

    `network` and `how_often` may also be `UNKNOWN`: those of whom nobody said; `said_by` is a `SaidBy`.
    """

    search: str = ""
    job_function: str = ""
    department: str = ""
    level: int | None = None
    region: str = ""
    network: str = ""
    how_often: str = ""
    said_by: str = ""

    @property
    def chosen(self) -> bool:
        return self != Filter()

    @property
    def values(self) -> tuple[Any, ...]:
        """What `FITS` asks for, from its second parameter on."""
        return (
            self.search.lower(),
            self.job_function,
            self.department,
            self.level,
            self.region,
            self.network,
            self.how_often,
            self.said_by,
        )


UNKNOWN = "unknown"
SAID_BY = (
    "CASE WHEN p.networks IS NULL AND p.how_often IS NULL THEN NULL WHEN p.networks_said_by IS NULL THEN 'file'"
    " WHEN p.networks_said_by = p.id THEN 'oneself' ELSE 'manager' END"
)
"""By whose word it is known where the person `p` is active."""
FITS = (
    "($2 = '' OR strpos(lower(concat_ws(' ', p.name, p.email, p.job_title, p.department)), $2) > 0)"
    " AND ($3 = '' OR p.job_function = $3) AND ($4 = '' OR p.department = $4)"
    " AND ($5::int IS NULL OR p.level = $5) AND ($6 = '' OR p.region = $6)"
    f" AND ($7 = '' OR CASE WHEN $7 = '{UNKNOWN}' THEN p.networks IS NULL ELSE $7 = ANY(p.networks) END)"
    f" AND ($8 = '' OR CASE WHEN $8 = '{UNKNOWN}' THEN p.how_often IS NULL ELSE p.how_often = $8 END)"
    f" AND ($9 = '' OR {SAID_BY} = $9)"
)
"""Whether the person `p` passes a filter, whose values are the parameters from the second on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    id: UUID
    name: str
    email: str
    job_title: str | None
    department: str | None
    level: int | None
    region: str | None
    activity: NetworkActivity
    roles: tuple[Role, ...]
    departed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatThereIs:
    """What there is to filter by among the program's people, of whom there are `listed`."""

    listed: int
    job_functions: tuple[str, ...]
    departments: tuple[str, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """One page of those who match, and what there is to filter by."""

    people: tuple[PersonLine, ...]
    found: int
    number: int
    pages: int
    there_is: WhatThereIs

    @property
    def listed(self) -> int:
        return self.there_is.listed


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
    activity: NetworkActivity
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


async def what_there_is(program: UUID) -> WhatThereIs:
    """What the people of a program can be filtered by. For whoever may see them."""
    row: Any = await fetch_row(
        "WITH mine AS (SELECT p.job_function, p.department, p.region FROM listing l JOIN person p ON p.id = l.person"
        "  WHERE l.program = $1)"
        " SELECT (SELECT count(*) FROM mine) AS listed,"
        "  ARRAY(SELECT DISTINCT job_function FROM mine WHERE job_function IS NOT NULL ORDER BY 1) AS job_functions,"
        "  ARRAY(SELECT DISTINCT department FROM mine WHERE department IS NOT NULL ORDER BY 1) AS departments,"
        "  ARRAY(SELECT DISTINCT region FROM mine WHERE region IS NOT NULL ORDER BY 1) AS regions",
        program,
    )
    return WhatThereIs(
        listed=row["listed"],
        job_functions=tuple(row["job_functions"]),
        departments=tuple(row["departments"]),
        regions=tuple(row["regions"]),
    )


async def people_page(filter: Filter, *, seen_by: Reader, number: int = 1) -> PeoplePage:
    """The `number`-th page of the program's people who pass the filter, by name. Two queries. For leads and owners."""
    _require_who_runs_it(seen_by)
    there_is = await what_there_is(seen_by.program)
    rows = await fetch(
        "WITH found AS MATERIALIZED (SELECT p.id, p.name FROM listing l JOIN person p ON p.id = l.person"
        f"   WHERE l.program = $1 AND {FITS}),"
        "  counted AS (SELECT count(*) AS found, least(greatest($10, 1), greatest(ceil(count(*) / $11::float8), 1))::int"
        "   AS number FROM found),"
        "  shown AS (SELECT id FROM found ORDER BY name, id LIMIT $11 OFFSET (SELECT (number - 1) * $11 FROM counted))"
        " SELECT counted.found, counted.number, p.id, p.name, p.email, p.job_title, p.department, p.level, p.region,"
        f"  p.networks, p.how_often, {SAID_BY} AS said_by,"
        "  ARRAY(SELECT role FROM role_grant g WHERE g.program = $1 AND g.person = p.id AND g.revoked_at IS NULL)"
        "   AS roles,"
        "  EXISTS (SELECT FROM departure d WHERE d.person = p.id AND d.returned_at IS NULL) AS departed"
        " FROM counted LEFT JOIN shown ON true LEFT JOIN person p ON p.id = shown.id ORDER BY p.name, p.id",
        seen_by.program,
        *filter.values,
        number,
        ON_A_PAGE,
    )
    return PeoplePage(
        people=tuple(_line(row) for row in rows if row["id"]),
        found=rows[0]["found"],
        number=rows[0]["number"],
        pages=max(1, -(-rows[0]["found"] // ON_A_PAGE)),
        there_is=there_is,
    )


def activity_in(row: Mapping[str, Any]) -> NetworkActivity:
    """What a row with `networks`, `how_often` and `SAID_BY` tells."""
    return NetworkActivity(
        networks=None if row["networks"] is None else tuple(row["networks"]),
        how_often=row["how_often"],
        said_by=None if row["said_by"] is None else SaidBy(row["said_by"]),
    )


async def person_page(person: UUID, *, seen_by: Reader) -> PersonPage:
    """One of the program's people. For leads and owners."""
    _require_who_runs_it(seen_by)
    row = await fetch_row(
        "SELECT p.id, p.name, p.email, p.external_id, p.job_title, p.job_function, p.department, p.level, p.region,"
        " m.name AS manager_name, m.email AS manager_email, p.networks, p.how_often,"
        f" {SAID_BY} AS said_by, l.listed_at, d.departed_at,"
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
    known["activity"] = activity_in(known)
    for told in ("networks", "how_often", "said_by"):
        del known[told]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStatement:
    """Where somebody is active as far as it is known; `asked` says that it is, or that they would rather not say."""

    networks: tuple[str, ...] | None
    how_often: str | None
    asked: bool


async def own_statement(person: UUID) -> OwnStatement:
    """What is known of one's own network activity, for oneself."""
    row: Any = await fetch_row(
        "SELECT networks, how_often, networks_said_by IS NOT NULL OR networks IS NOT NULL AS asked FROM person"
        " WHERE id = $1",
        person,
    )
    return OwnStatement(
        networks=None if row["networks"] is None else tuple(row["networks"]),
        how_often=row["how_often"],
        asked=row["asked"],
    )


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
        activity=activity_in(row),
        roles=_in_order(row["roles"]),
        departed=row["departed"],
    )


def _in_order(roles: Sequence[str]) -> tuple[Role, ...]:
    return tuple(role for role in GRANTED if role.value in roles)
