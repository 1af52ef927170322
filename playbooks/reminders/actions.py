"""Reminding people of what is due."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from playbooks.reminders.queries import due_soon
from playbooks.reminders.rules import Due, Promise, Proof, ReminderKind, what_is_due
from program.database import fetch, new_id, transaction
from program.events.actions import Letter, record


async def remind(now: datetime) -> int:
    """Write to everybody about what is due, of each thing once; in programs that were stopped to nobody.

    May run as often as one likes, and twice at once. Answers how many reminders went out.
    """
    programs = await fetch(
        "SELECT p.id, p.zone FROM program p WHERE NOT EXISTS (SELECT FROM gate g JOIN decision d ON d.gate = g.id"
        " WHERE g.program = p.id AND d.outcome = 'stopped') ORDER BY p.id"
    )
    return sum([await _remind_in(program, zone, now) for program, zone in programs])


async def _remind_in(program: UUID, zone: str, now: datetime) -> int:
    today = now.astimezone(ZoneInfo(zone)).date()
    async with transaction():
        found = [what_is_due(about, today) for about in await due_soon(program, today=today)]
        new = await _kept([due for due in found if due is not None], now)
        if new:
            await record(
                "reminded",
                program=program,
                by=None,
                at=now,
                facts={"people": len({due.person for due in new})},
                letters=[_letter(due) for due in new],
            )
    return len(new)


async def _kept(dues: Sequence[Due], now: datetime) -> list[Due]:
    """Those of which nobody was reminded yet, which are noted now."""
    rows = await fetch(
        "INSERT INTO reminder (id, kind, subject, person, due_on, reminded_at)"
        " SELECT r.*, $6 FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::date[]) AS r"
        " ON CONFLICT (kind, subject, person, due_on) DO NOTHING RETURNING kind, subject, person, due_on",
        [new_id() for _ in dues],
        [due.kind.value for due in dues],
        [due.subject for due in dues],
        [due.person for due in dues],
        [due.due_on for due in dues],
        now,
    )
    new = {tuple(row) for row in rows}
    return [due for due in dues if (due.kind.value, due.subject, due.person, due.due_on) in new]


def _letter(due: Due) -> Letter:
    about = due.about
    if isinstance(about, Proof):
        return Letter(
            to=due.person,
            letter=(
                "certificate_lapsed" if due.kind is ReminderKind.CERTIFICATE_LAPSED else "certificate_due"
            ),
            facts={
                "track": about.track_name,
                "track_id": str(about.track),
                "valid_until_on": about.valid_until_on.isoformat(),
            },
        )
    if isinstance(about, Promise):
        return Letter(
            to=due.person,
            letter="condition_due" if due.kind is ReminderKind.CONDITION_DUE else "checklist_due",
            facts={
                "gate": str(about.gate),
                "what": about.what,
                "promised_for": about.promised_for.isoformat(),
                "overdue": due.due_on > about.promised_for,
            },
        )
    return Letter(to=due.person, letter="entries_due", facts={"count": about.count})
