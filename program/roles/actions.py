"""Giving and taking roles."""

from datetime import datetime
from uuid import UUID

from program.database import execute, fetch_value, new_id, transaction
from program.events.actions import Letter, record
from program.refusals import NotAllowed, NotFound, Refusal
from program.roles.rules import Role
from program.words import gettext as _


class HasRoleAlready(Refusal):
    field = "person"

    def sentence(self) -> str:
        return _("They have this role already.")


class LastLead(Refusal):
    def sentence(self) -> str:
        return _("A program needs a lead. Name another one first.")


async def require_lead(program: UUID, person: UUID) -> None:
    """Within a transaction: raises `NotAllowed` unless the person leads the program now."""
    if not await fetch_value(
        "SELECT true FROM role_grant WHERE program = $1 AND person = $2 AND role = 'lead' AND revoked_at IS NULL"
        " FOR SHARE",
        program,
        person,
    ):
        raise NotAllowed


async def require_lead_or_owner(program: UUID, person: UUID) -> None:
    """Within a transaction: raises `NotAllowed` unless the person leads the program or owns the installation now."""
    if not await fetch_value("SELECT true FROM owner WHERE person = $1", person):
        await require_lead(program, person)


async def grant_role(role: Role, *, program: UUID, to: UUID, by: UUID, now: datetime) -> None:
    """A lead or owner gives a role to one of the program's people, who is told by letter."""
    async with transaction():
        await require_lead_or_owner(program, by)
        if not await fetch_value(
            "SELECT true FROM listing l WHERE program = $1 AND person = $2"
            " AND NOT EXISTS (SELECT FROM departure d WHERE d.person = l.person AND d.returned_at IS NULL)",
            program,
            to,
        ):
            raise NotFound
        granted = await execute(
            "INSERT INTO role_grant (id, program, person, role, granted_at, granted_by) VALUES ($1, $2, $3, $4, $5, $6)"
            " ON CONFLICT (program, person, role) WHERE revoked_at IS NULL DO NOTHING",
            new_id(),
            program,
            to,
            role.value,
            now,
            by,
        )
        if not granted:
            raise HasRoleAlready
        await record(
            "role_granted",
            program=program,
            by=by,
            about=to,
            at=now,
            facts={"role": role.value},
            letters=[Letter(to=to, letter="role_granted", facts={"role": role.value})],
        )


async def revoke_role(role: Role, *, program: UUID, of: UUID, by: UUID, now: datetime) -> None:
    """A lead or owner takes a role back; it has no effect from this moment on. The last lead stays."""
    async with transaction():
        await execute("SELECT FROM program WHERE id = $1 FOR NO KEY UPDATE", program)
        await require_lead_or_owner(program, by)
        if role is Role.LEAD and not await fetch_value(
            "SELECT true FROM role_grant g WHERE program = $1 AND role = 'lead' AND revoked_at IS NULL AND person <> $2"
            " AND NOT EXISTS (SELECT FROM departure d WHERE d.person = g.person AND d.returned_at IS NULL) LIMIT 1",
            program,
            of,
        ):
            raise LastLead
        revoked = await execute(
            "UPDATE role_grant SET revoked_at = $4, revoked_by = $5"
            " WHERE program = $1 AND person = $2 AND role = $3 AND revoked_at IS NULL",
            program,
            of,
            role.value,
            now,
            by,
        )
        if not revoked:
            raise NotFound
        await record("role_revoked", program=program, by=by, about=of, at=now, facts={"role": role.value})
