"""Having people in mind for a cohort, before anybody is written to."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from program.database import execute, fetch_value, new_id, transaction
from program.refusals import NotFound
from program.roles.actions import require_lead


async def choose(
    people: Sequence[UUID], *, among: Sequence[UUID], cohort: UUID, program: UUID, by: UUID, now: datetime
) -> None:
    """A lead has these in mind for the cohort, and of `among` nobody else; whoever is not among them stays as they were.

    Nobody is told, and no event is recorded: it is a note to oneself. Raises `NotFound` for others than the program's people.
    """
    async with transaction():
        await require_lead(program, by)
        if not await fetch_value(
            "SELECT true FROM cohort WHERE id = $1 AND program = $2 FOR UPDATE", cohort, program
        ):
            raise NotFound
        chosen = list(dict.fromkeys(people))
        listed = await fetch_value(
            "SELECT count(*) FROM listing WHERE program = $1 AND person = ANY($2::uuid[])", program, chosen
        )
        if listed != len(chosen):
            raise NotFound
        await execute(
            "DELETE FROM choice WHERE cohort = $1 AND person = ANY($2::uuid[]) AND person <> ALL($3::uuid[])",
            cohort,
            list(among),
            chosen,
        )
        await execute(
            "INSERT INTO choice (id, cohort, person, chosen_at, chosen_by)"
            " SELECT unnest($1::uuid[]), $2, unnest($3::uuid[]), $4, $5 ON CONFLICT (cohort, person) DO NOTHING",
            [new_id() for _ in chosen],
            cohort,
            chosen,
            now,
            by,
        )


async def forget_choice(people: Sequence[UUID], *, cohort: UUID) -> None:
    """Within a transaction: these are invited, so nobody need have them in mind any more."""
    await execute("DELETE FROM choice WHERE cohort = $1 AND person = ANY($2::uuid[])", cohort, list(people))
