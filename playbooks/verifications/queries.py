"""Which entries somebody should read again, and who looks after them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from playbooks.entries.queries import copy_of
from playbooks.entries.rules import EntryCopy
from program.database import fetch, fetch_row
from program.refusals import NotFound
from program.roles.rules import Reader, Role

MAY_LOOK_AFTER = (Role.LEAD, Role.REVIEWER, Role.COACH)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueEntry:
    """An entry of the draft that is due, since `due_on`. `last_by_name` is None where only its writing verified it."""

    copy: EntryCopy
    due_on: date
    verified_on: date
    last_by_name: str | None
    verifier_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """Somebody who can look after entries."""

    person: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """Who looks after an entry, and until when it counts as verified. `may_verify` is about the reader."""

    verified_on: date
    due_on: date
    verifier_name: str | None
    last_by_name: str | None
    may_verify: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """When somebody last found that an entry holds, and the day on which it is due."""

    verified_on: date
    due_on: date


_LAST = (
    "(SELECT p.name FROM verification w JOIN person p ON p.id = w.verified_by"
    " WHERE w.entry = e.id AND w.verified_on = e.verified_on ORDER BY w.verified_at DESC LIMIT 1) AS last_by_name"
)


async def due_entries(seen_by: Reader, *, today: date) -> tuple[DueEntry, ...]:
    """What has to be verified again, the longest due first: all of it for leads, else what the reader looks after."""
    if not seen_by.is_any(*MAY_LOOK_AFTER):
        raise NotFound
    rows = await fetch(
        "SELECT e.id AS entry, e.position, e.revision, e.chapter, e.kind, e.topic, e.title, e.body, e.question,"
        f" e.scenario, e.verified_on, e.verified_on + e.verify_every_days AS due_on, v.name AS verifier_name, {_LAST}"
        " FROM entry e LEFT JOIN person v ON v.id = e.verifier"
        " WHERE e.program = $1 AND e.withdrawn_at IS NULL AND e.verified_on + e.verify_every_days <= $2"
        " AND ($3 OR e.verifier = $4) ORDER BY due_on, e.position",
        seen_by.program,
        today,
        seen_by.is_any(Role.LEAD),
        seen_by.person,
    )
    return tuple(
        DueEntry(
            copy=copy_of(row),
            due_on=row["due_on"],
            verified_on=row["verified_on"],
            last_by_name=row["last_by_name"],
            verifier_name=row["verifier_name"],
        )
        for row in rows
    )


async def care_of(entry: UUID, seen_by: Reader) -> Care | None:
    """How an entry is looked after; for its verifier, leads and coaches. Others, and of a withdrawn one: None."""
    row = await fetch_row(
        "SELECT e.verified_on, e.verified_on + e.verify_every_days AS due_on, e.verifier,"
        f" v.name AS verifier_name, {_LAST} FROM entry e LEFT JOIN person v ON v.id = e.verifier"
        " WHERE e.id = $1 AND e.program = $2 AND e.withdrawn_at IS NULL",
        entry,
        seen_by.program,
    )
    if row is None or not (seen_by.is_any(Role.LEAD, Role.COACH) or row["verifier"] == seen_by.person):
        return None
    return Care(
        verified_on=row["verified_on"],
        due_on=row["due_on"],
        verifier_name=row["verifier_name"],
        last_by_name=row["last_by_name"],
        may_verify=seen_by.is_any(Role.LEAD) or row["verifier"] == seen_by.person,
    )


async def care_by_entry(seen_by: Reader) -> Mapping[UUID, Verified]:
    """Until when each entry counts as verified, for leads and coaches; for others of those that they look after."""
    rows = await fetch(
        "SELECT id, verified_on, verified_on + verify_every_days AS due_on FROM entry"
        " WHERE program = $1 AND withdrawn_at IS NULL AND ($2 OR verifier = $3)",
        seen_by.program,
        seen_by.is_any(Role.LEAD, Role.COACH),
        seen_by.person,
    )
    return {row["id"]: Verified(verified_on=row["verified_on"], due_on=row["due_on"]) for row in rows}


async def keepers(program: UUID) -> tuple[Keeper, ...]:
    """Who can look after entries: the program’s leads, reviewers and coaches."""
    rows = await fetch(
        "SELECT p.id, p.name FROM person p WHERE p.id IN ("
        " SELECT person FROM role_grant WHERE program = $1 AND role IN ('lead', 'reviewer') AND revoked_at IS NULL"
        " UNION SELECT k.person FROM coaching k JOIN cohort c ON c.id = k.cohort"
        "  WHERE c.program = $1 AND k.ended_at IS NULL) ORDER BY lower(p.name), p.id",
        program,
    )
    return tuple(Keeper(person=row["id"], name=row["name"]) for row in rows)
