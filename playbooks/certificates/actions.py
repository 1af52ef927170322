"""Issuing certificates with what follows from them, showing them to the public, and revoking them."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from cohorts.enrolments.actions import activate
from cohorts.readings.actions import keep_reading
from cohorts.readings.rules import days_to_read
from playbooks.certificates.queries import VALID_OF_TRACK, certified_shares
from playbooks.certificates.rules import valid_until_on
from program.database import execute, fetch, fetch_row, fetch_value, new_id, transaction
from program.events.actions import record
from program.refusals import NotFound, Refusal
from program.roles.actions import require_lead
from program.words import gettext as _

TOKEN_BYTES = 24


class RevokedAlready(Refusal):
    def sentence(self) -> str:
        return _("This certificate was revoked already.")


class ReasonMissing(Refusal):
    field = "reason"

    def sentence(self) -> str:
        return _("Say why: the person will read it.")


async def issue_certificate(attempt: UUID, *, now: datetime, today: date) -> UUID:
    """Within a transaction: the certificate that a passed attempt earns; whoever was preparing for it becomes active.

    Whoever calls it has locked the person's cohorts in the program. Records no event.
    """
    row = await fetch_row(
        "SELECT a.person, m.edition, t.id AS track, t.program, t.valid_months, e.cohort, e.id AS enrolment"
        " FROM attempt a JOIN module m ON m.id = a.module JOIN track t ON t.id = m.track"
        " JOIN enrolment e ON e.person = a.person JOIN cohort c ON c.id = e.cohort AND c.program = t.program"
        " JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
        " WHERE a.id = $1 AND s.state NOT IN ('declined', 'withdrawn', 'suspended')"
        " ORDER BY EXISTS (SELECT FROM track_phase f WHERE f.track = t.id AND f.phase = c.phase) DESC,"
        "  array_position(ARRAY['preparing', 'active', 'paused', 'finished', 'invited'], s.state), e.made_at DESC LIMIT 1",
        attempt,
    )
    if row is None:
        raise LookupError(f"attempt {attempt} belongs to nobody who takes part")
    certificate = new_id()
    await execute(
        "INSERT INTO certificate (id, token, program, person, track, edition, cohort, enrolment, attempt, issued_on,"
        " valid_until_on, issued_at, public) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, false)",
        certificate,
        secrets.token_urlsafe(TOKEN_BYTES),
        row["program"],
        row["person"],
        row["track"],
        row["edition"],
        row["cohort"],
        row["enrolment"],
        attempt,
        today,
        valid_until_on(today, row["valid_months"]),
        now,
    )
    await _activate_proven(row["person"], row["program"], now=now, today=today)
    await _keep_certified_shares(await lock_cohorts_of(row["person"], row["program"]), now=now, today=today)
    return certificate


async def take_up_certificates(person: UUID, *, program: UUID, now: datetime) -> None:
    """Whoever accepts an invitation, and holds valid certificates of all that its phase requires, is active at once."""
    async with transaction():
        zone = await fetch_value("SELECT zone FROM program WHERE id = $1", program)
        today = now.astimezone(ZoneInfo(zone)).date()
        cohorts = await lock_cohorts_of(person, program)
        activated = await _activate_proven(person, program, now=now, today=today)
        await _keep_certified_shares(cohorts, now=now, today=today)
        if activated:
            await record("certificates_taken_up", program=program, by=person, at=now, about=person)


async def choose_publicity(
    certificate: UUID, *, public: bool, program: UUID, by: UUID, now: datetime
) -> None:
    """Its owner allows its public page, or no longer does."""
    async with transaction():
        changed = await fetch_value(
            "UPDATE certificate SET public = $4 WHERE id = $1 AND person = $2 AND program = $3 RETURNING true",
            certificate,
            by,
            program,
            public,
        )
        if changed is None:
            raise NotFound
        await record(
            "certificate_shown" if public else "certificate_hidden",
            program=program,
            by=by,
            at=now,
            about=by,
            subject=certificate,
        )


async def revoke_certificate(
    certificate: UUID, reason: str, *, program: UUID, by: UUID, now: datetime, today: date
) -> None:
    """A lead takes a certificate back, with a reason that its owner reads. What it allowed ends at once."""
    async with transaction():
        row = await fetch_row(
            "SELECT x.person, t.name AS track FROM certificate x JOIN track t ON t.id = x.track"
            " WHERE x.id = $1 AND x.program = $2",
            certificate,
            program,
        )
        if row is None:
            raise NotFound
        cohorts = await lock_cohorts_of(row["person"], program)
        await require_lead(program, by)
        if not reason.strip():
            raise ReasonMissing
        revoked = await execute(
            "INSERT INTO revocation (id, certificate, reason, revoked_at, revoked_by) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (certificate) DO NOTHING",
            new_id(),
            certificate,
            reason,
            now,
            by,
        )
        if not revoked:
            raise RevokedAlready
        await _keep_certified_shares(cohorts, now=now, today=today)
        await record(
            "certificate_revoked",
            program=program,
            by=by,
            at=now,
            about=row["person"],
            subject=certificate,
            facts={"track": row["track"]},
        )


async def retake_certified_shares(now: datetime) -> None:
    """Of each cohort under way, up to today in its program’s zone: on each day that nobody has read yet, since
    certificates lapse by themselves. May run as often as one likes.
    """
    for cohort, zone in await fetch(
        "SELECT c.id, p.zone FROM cohort c JOIN program p ON p.id = c.program"
        " WHERE c.state IN ('preparing', 'running') ORDER BY c.id"
    ):
        async with transaction():
            await execute("SELECT FROM cohort WHERE id = $1 FOR UPDATE", cohort)
            newest = await fetch_value(
                "SELECT max(from_on) FROM reading WHERE cohort = $1 AND measure = 'certified_share'", cohort
            )
            for day in days_to_read(newest, now.astimezone(ZoneInfo(zone)).date()):
                await _keep_certified_shares([cohort], now=now, today=day)


async def lock_cohorts_of(person: UUID, program: UUID) -> list[UUID]:
    """Within a transaction, before anything else is locked: the cohorts of a person, whose enrolments may change."""
    rows = await fetch(
        "SELECT c.id FROM cohort c JOIN enrolment e ON e.cohort = c.id WHERE e.person = $1 AND c.program = $2"
        " ORDER BY c.id FOR UPDATE OF c",
        person,
        program,
    )
    return [row["id"] for row in rows]


async def _activate_proven(person: UUID, program: UUID, *, now: datetime, today: date) -> bool:
    rows = await fetch(
        "SELECT e.cohort, e.id FROM enrolment e JOIN cohort c ON c.id = e.cohort AND c.program = $3"
        " JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL AND s.state = 'preparing'"
        " WHERE e.person = $1 AND EXISTS (SELECT FROM track_phase a WHERE a.phase = c.phase AND a.required)"
        f" AND NOT EXISTS (SELECT FROM track_phase a WHERE a.phase = c.phase AND a.required AND NOT {VALID_OF_TRACK})",
        person,
        today,
        program,
    )
    for row in rows:
        await activate(row["cohort"], row["id"], by=person, now=now, today=today)
    return bool(rows)


async def _keep_certified_shares(cohorts: Sequence[UUID], *, now: datetime, today: date) -> None:
    for share in await certified_shares(cohorts, today=today):
        await keep_reading(
            share.cohort,
            "certified_share",
            span="day",
            from_on=today,
            until_on=today + timedelta(days=1),
            numerator=share.certified,
            denominator=share.enrolled,
            people=share.enrolled,
            now=now,
        )
