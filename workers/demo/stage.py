"""A program on which the story is told: who acts in it, and the real actions by which everything in it came about."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from program.database import fetch, fetch_value
from program.form_keys.actions import Sent
from program.people_imports.actions import preview_import, take_in
from workers.demo.agenda import Agenda

NOBODY_YET = UUID(int=0)
Telling = Callable[[datetime], Awaitable[object]]


def a_form() -> Sent:
    """A form that was never sent before."""
    return Sent.of(uuid4(), b"")


@dataclass(kw_only=True)
class Stage:
    """`people` are the company’s by e-mail address; `lead` leads the program, and does what has no other doer; `keepers`
    look after entries, by what they are; `waiting` are the learnings that lie at the desk, by the entry that will be made
    of them.
    """

    agenda: Agenda
    zone: ZoneInfo
    people: dict[str, UUID]
    slug: str = ""
    program: UUID = NOBODY_YET
    lead: UUID = NOBODY_YET
    cohorts: dict[str, UUID] = field(default_factory=dict)
    keepers: dict[str, UUID] = field(default_factory=dict)
    waiting: defaultdict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))

    def at(self, day: date, clock: str, step: Telling) -> None:
        """Lay a step out for a day and a time of day, as clocks show it in the program’s zone."""
        hour, minute = map(int, clock.split(":"))
        there = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone)
        self.agenda.at(there.astimezone(UTC), step)

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def by(self, who: UUID, now: datetime) -> dict[str, Any]:
        return {"program": self.program, "by": who, "now": now}

    def by_today(self, who: UUID, now: datetime) -> dict[str, Any]:
        return {**self.by(who, now), "today": self.today(now)}

    def person(self, email: str) -> UUID:
        return self.people[email]

    def everybody(self, emails: Sequence[str]) -> list[UUID]:
        return [self.people[email] for email in emails]

    async def phase(self, position: int) -> UUID:
        found: UUID = await fetch_value(
            "SELECT id FROM phase WHERE program = $1 AND position = $2", self.program, position
        )
        return found

    async def gate(self, position: int) -> UUID:
        found: UUID = await fetch_value(
            "SELECT g.id FROM gate g JOIN phase f ON f.id = g.phase WHERE f.program = $1 AND f.position = $2",
            self.program,
            position,
        )
        return found

    async def enrolment(self, cohort: str, email: str) -> UUID:
        found: UUID = await fetch_value(
            "SELECT id FROM enrolment WHERE cohort = $1 AND person = $2",
            self.cohorts[cohort],
            self.people[email],
        )
        return found

    async def checklist_item(self, position: int) -> UUID:
        found: UUID = await fetch_value(
            "SELECT id FROM criterion WHERE gate = $1 AND kind = 'checklist' AND removed_at IS NULL"
            " ORDER BY position LIMIT 1",
            await self.gate(position),
        )
        return found

    async def take_in_people(self, file: bytes, name: str, now: datetime) -> None:
        """A file of people is looked at, and taken in."""
        by = self.by(self.lead, now)
        found = await preview_import(file, file_name=name, sent=a_form(), **by)
        await take_in(found, leavers=(), taking_part=(), **by)
        for row in await fetch("SELECT email, id FROM person"):
            self.people[row["email"]] = row["id"]
