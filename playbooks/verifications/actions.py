"""Looking after entries: saying that one still holds, and who reads it again."""

from datetime import date, datetime
from uuid import UUID

from playbooks.editions.actions import take_playbook_readings
from playbooks.entries.actions import EntryChangedMeanwhile, lock_playbook, standing_entry
from playbooks.entries.queries import latest_change
from playbooks.verifications.queries import keepers
from program.database import execute, fetch_row, fetch_value, new_id, transaction
from program.events.actions import record
from program.refusals import NotAllowed, NotFound, Refusal
from program.roles.rules import Role
from program.words import gettext as _


class CannotLookAfter(Refusal):
    field = "verifier"

    def sentence(self) -> str:
        return _("Only leads, reviewers and coaches of this program can look after an entry.")


async def verify_entry(
    program: UUID, entry: UUID, *, revision: int, by: UUID, now: datetime, today: date
) -> None:
    """A lead or the entry’s verifier read it at `revision` and says that it still holds; freshness follows.

    Saying so again on the same day changes nothing. Refused where the draft says something else by now.
    """
    async with transaction():
        if await fetch_row("SELECT FROM program WHERE id = $1 FOR NO KEY UPDATE", program) is None:
            raise NotFound
        standing = await standing_entry(program, entry)
        await _require_keeper(program, entry, by)
        if standing.revision != revision:
            raise EntryChangedMeanwhile(await latest_change(entry))
        if await fetch_value(
            "SELECT true FROM verification WHERE entry = $1 AND revision = $2 AND verified_on = $3 LIMIT 1",
            entry,
            revision,
            today,
        ):
            return
        await execute(
            "INSERT INTO verification (id, entry, revision, verified_on, verified_at, verified_by)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            new_id(),
            entry,
            revision,
            today,
            now,
            by,
        )
        await execute("UPDATE entry SET verified_on = $2 WHERE id = $1", entry, today)
        await take_playbook_readings(program, now=now, today=today)
        await record("entry_verified", program=program, by=by, at=now, subject=entry)


async def look_after(
    program: UUID,
    entry: UUID,
    *,
    verifier: UUID | None,
    every_days: int,
    by: UUID,
    now: datetime,
    today: date,
) -> None:
    """A lead names who reads an entry again, and after how many days; nobody in particular is an answer too."""
    async with transaction():
        await lock_playbook(program, by)
        await standing_entry(program, entry)
        if verifier is not None and verifier not in {keeper.person for keeper in await keepers(program)}:
            raise CannotLookAfter
        changed = await execute(
            "UPDATE entry SET verifier = $2, verify_every_days = $3"
            " WHERE id = $1 AND (verifier IS DISTINCT FROM $2 OR verify_every_days <> $3)",
            entry,
            verifier,
            every_days,
        )
        if changed:
            await take_playbook_readings(program, now=now, today=today)
            await record(
                "entry_given_to",
                program=program,
                by=by,
                at=now,
                about=verifier,
                subject=entry,
                facts={"every_days": every_days},
            )


async def _require_keeper(program: UUID, entry: UUID, by: UUID) -> None:
    lead = await fetch_value(
        "SELECT true FROM role_grant WHERE program = $1 AND person = $2 AND role = $3 AND revoked_at IS NULL",
        program,
        by,
        Role.LEAD.value,
    )
    if lead:
        return
    verifier = await fetch_value("SELECT verifier FROM entry WHERE id = $1", entry)
    if verifier != by or by not in {keeper.person for keeper in await keepers(program)}:
        raise NotAllowed
