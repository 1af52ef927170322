"""Making programs and listing their people."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from program.database import execute, fetch_value, new_id, transaction
from program.events.actions import begin_chain, record
from program.programs.rules import slug_of
from program.refusals import Refusal
from program.roles.actions import require_lead_or_owner
from program.words import gettext as _


async def add_program(name: str, *, purpose: str, zone: str, by: UUID, now: datetime, id: UUID) -> str:
    """Within a transaction: a program with its own chain of events, listed and led by its maker. Answers its slug."""
    await execute("SELECT pg_advisory_xact_lock(hashtext('pilotage program'))")
    slug = await _free_slug(slug_of(name))
    await execute(
        "INSERT INTO program (id, slug, name, purpose, zone, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        id,
        slug,
        name,
        purpose,
        zone,
        now,
        by,
    )
    await begin_chain(id)
    await list_people(id, [by], by=by, now=now)
    await execute(
        "INSERT INTO role_grant (id, program, person, role, granted_at, granted_by) VALUES ($1, $2, $3, 'lead', $4, $3)",
        new_id(),
        id,
        by,
        now,
    )
    return slug


async def describe_program(program: UUID, name: str, purpose: str, *, by: UUID, now: datetime) -> None:
    """A lead or owner says what the program is called and what it is for. Its address stays as it was."""
    async with transaction():
        await require_lead_or_owner(program, by)
        if await execute(
            "UPDATE program SET name = $2, purpose = $3 WHERE id = $1 AND (name, purpose) IS DISTINCT FROM ($2, $3)",
            program,
            name,
            purpose,
        ):
            await record("program_described", program=program, by=by, at=now, subject=program)


class BelongsElsewhere(Refusal):
    def sentence(self) -> str:
        return _("They belong to another program too, so only an owner of this installation can do this.")


async def require_ours_alone(person: UUID, *, program: UUID, by: UUID) -> None:
    """Within a transaction: what reaches beyond the program may be done to its own people only, or by an owner.

    Raises `BelongsElsewhere` where another program lists the person.
    """
    if await fetch_value(
        "SELECT EXISTS (SELECT FROM listing WHERE person = $1 AND program <> $2)"
        " AND NOT EXISTS (SELECT FROM owner WHERE person = $3)",
        person,
        program,
        by,
    ):
        raise BelongsElsewhere


async def list_people(program: UUID, people: Sequence[UUID], *, by: UUID, now: datetime) -> None:
    """Within a transaction: these belong to the program's people from now on; who does already, still does."""
    await execute(
        "INSERT INTO listing (id, program, person, listed_at, listed_by)"
        " SELECT unnest($1::uuid[]), $2, unnest($3::uuid[]), $4, $5 ON CONFLICT (program, person) DO NOTHING",
        [new_id() for _ in people],
        program,
        list(people),
        now,
        by,
    )


async def end_listings(program: UUID, people: Sequence[UUID], *, by: UUID, now: datetime) -> int:
    """Within a transaction: these belong to the program's people no longer. Answers how many did."""
    return await execute(
        "WITH gone AS (DELETE FROM listing WHERE program = $1 AND person = ANY($2::uuid[]) RETURNING *)"
        " INSERT INTO past_listing (id, program, person, listed_at, listed_by, ended_at, ended_by)"
        " SELECT id, program, person, listed_at, listed_by, $3, $4 FROM gone",
        program,
        list(people),
        now,
        by,
    )


async def _free_slug(wanted: str) -> str:
    taken = await fetch_value(
        "SELECT array_agg(slug) FROM program WHERE slug = $1 OR slug LIKE $1 || '-%'", wanted
    )
    number, slug = 1, wanted
    while slug in (taken or ()):
        number += 1
        slug = f"{wanted}-{number}"
    return slug
