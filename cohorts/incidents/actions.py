"""Reporting an incident, and closing it with what was learned."""

from datetime import datetime
from uuid import UUID

from cohorts.incidents.rules import Gravity
from program.database import execute, fetch_row, fetch_value, new_id, transaction
from program.events.actions import record
from program.form_keys.actions import Sent, first_result
from program.refusals import NotAllowed, NotFound, Refusal
from program.words import gettext as _


class ClosedAlready(Refusal):
    def sentence(self) -> str:
        return _("This incident has been closed already.")


async def report_incident(
    gravity: Gravity, what_happened: str, *, program: UUID, by: UUID, now: datetime, sent: Sent
) -> UUID:
    """Anybody of the program's people tells what went wrong; answers the incident's id."""
    async with transaction():
        if not await fetch_value(
            "SELECT EXISTS (SELECT FROM listing WHERE program = $1 AND person = $2) OR EXISTS"
            " (SELECT FROM role_grant WHERE program = $1 AND person = $2 AND revoked_at IS NULL)",
            program,
            by,
        ):
            raise NotFound
        id = new_id()
        earlier = await first_result(sent, by=by, at=now, result=id)
        if earlier is not None:
            return earlier
        await execute(
            "INSERT INTO incident (id, program, gravity, what_happened, reported_by, reported_at)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            id,
            program,
            gravity.value,
            what_happened,
            by,
            now,
        )
        await record(
            "incident_reported", program=program, by=by, at=now, subject=id, facts={"gravity": gravity.value}
        )
        return id


async def close_incident(incident: UUID, learned: str, *, program: UUID, by: UUID, now: datetime) -> None:
    """A reviewer closes an incident with what was learned from it."""
    async with transaction():
        row = await fetch_row(
            "SELECT closed_at FROM incident WHERE id = $1 AND program = $2 FOR UPDATE", incident, program
        )
        if row is None:
            raise NotFound
        if not await fetch_value(
            "SELECT true FROM role_grant WHERE program = $1 AND person = $2 AND role = 'reviewer'"
            " AND revoked_at IS NULL FOR SHARE",
            program,
            by,
        ):
            raise NotAllowed
        if row["closed_at"] is not None:
            raise ClosedAlready
        await execute(
            "UPDATE incident SET closed_at = $2, closed_by = $3, learned = $4 WHERE id = $1",
            incident,
            now,
            by,
            learned,
        )
        await record("incident_closed", program=program, by=by, at=now, subject=incident)
