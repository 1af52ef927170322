"""What a lead makes of a learning: sent back, declined, or taken into an entry of the playbook's draft."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from cohorts.readings.actions import keep_reading
from playbooks.entries.actions import lock_playbook, rewrite_entry, standing_entry, write_entry
from playbooks.entries.rules import EntryText
from playbooks.learnings.rules import LearningState, may_review
from program.database import execute, fetch, new_id, transaction
from program.events.actions import Letter, record
from program.form_keys.actions import Sent, first_result
from program.refusals import NotFound, Refusal
from program.words import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatBecame:
    """What a lead made of a learning before another could."""

    lesson: str
    state: LearningState
    by_name: str
    entry_title: str


class ReviewedBefore(Refusal):
    """A lead was first: what became of the learning stands in `became`."""

    def __init__(self, became: WhatBecame) -> None:
        super().__init__(became)
        self.became = became

    def sentence(self) -> str:
        told = {
            "lesson": self.became.lesson,
            "name": self.became.by_name,
            "entry": self.became.entry_title,
        }
        return {
            LearningState.ACCEPTED: _("“%(lesson)s” was taken into “%(entry)s” by %(name)s before you."),
            LearningState.DECLINED: _("“%(lesson)s” was declined by %(name)s before you."),
        }.get(
            self.became.state,
            _("“%(lesson)s” was sent back to its author by %(name)s before you."),
        ) % told


async def return_learning(
    program: UUID, learning: UUID, note: str, *, by: UUID, now: datetime, sent: Sent
) -> None:
    """A lead sends a learning back to its author, who reads the note and may send it again."""
    await _give_back(program, learning, LearningState.RETURNED, note, by=by, now=now, sent=sent)


async def decline_learning(
    program: UUID, learning: UUID, reason: str, *, by: UUID, now: datetime, sent: Sent
) -> None:
    """A lead decides that a learning does not go into the playbook; author and leads keep it with the reason."""
    await _give_back(program, learning, LearningState.DECLINED, reason, by=by, now=now, sent=sent)


async def accept_learnings(
    program: UUID,
    learnings: Sequence[UUID],
    text: EntryText,
    *,
    into: UUID | None = None,
    revision: int = 0,
    by: UUID,
    now: datetime,
    today: date,
    sent: Sent,
) -> UUID:
    """A lead takes learnings into a new entry, or `into` one that they read at `revision`, which then says `text`.

    Question and scenario of an entry stay as they are. Answers the entry.
    """
    async with transaction():
        await lock_playbook(program, by)
        rows = await _sent_learnings(program, learnings)
        entry = into or new_id()
        earlier = await first_result(sent, by=by, at=now, result=entry)
        if earlier is not None:
            return earlier
        await _require_waiting(rows)
        if into is None:
            await write_entry(program, text, id=entry, by=by, now=now, today=today)
        else:
            standing = (await standing_entry(program, into)).text
            kept = replace(text, question=standing.question, scenario=standing.scenario)
            await rewrite_entry(program, into, kept, revision=revision, by=by, now=now, today=today)
        for row in rows:
            await _keep_review(row["id"], LearningState.ACCEPTED, None, entry, by=by, now=now)
            await execute(
                "INSERT INTO entry_learning (id, entry, learning, linked_at) VALUES ($1, $2, $3, $4)",
                new_id(),
                entry,
                row["id"],
                now,
            )
        for cohort in sorted({row["cohort"] for row in rows}):
            await _take_reading(cohort, now=now, today=today)
        for row in rows:
            await _tell(row, LearningState.ACCEPTED, program=program, by=by, now=now, entry=str(entry))
        return entry


async def _give_back(
    program: UUID,
    learning: UUID,
    outcome: LearningState,
    note: str,
    *,
    by: UUID,
    now: datetime,
    sent: Sent,
) -> None:
    async with transaction():
        await lock_playbook(program, by)
        rows = await _sent_learnings(program, [learning])
        if await first_result(sent, by=by, at=now, result=learning) is not None:
            return
        await _require_waiting(rows)
        await _keep_review(learning, outcome, note, None, by=by, now=now)
        await _tell(rows[0], outcome, program=program, by=by, now=now)


async def _sent_learnings(program: UUID, learnings: Sequence[UUID]) -> list[Any]:
    """The rows of learnings that were sent once, locked; `NotFound` unless all of them are."""
    rows = await fetch(
        "SELECT id, cohort, author, state FROM learning"
        " WHERE program = $1 AND id = ANY($2) AND state <> 'draft' ORDER BY id FOR UPDATE",
        program,
        list(learnings),
    )
    if not rows or len(rows) != len(set(learnings)):
        raise NotFound
    return rows


async def _require_waiting(rows: Sequence[Any]) -> None:
    done = [row["id"] for row in rows if not may_review(LearningState(row["state"]))]
    if not done:
        return
    (row,) = await fetch(
        "SELECT l.lesson, l.state, p.name, e.title FROM learning l"
        " JOIN review r ON r.learning = l.id JOIN person p ON p.id = r.reviewed_by"
        " LEFT JOIN entry e ON e.id = r.entry"
        " WHERE l.id = $1 ORDER BY r.reviewed_at DESC, r.id DESC LIMIT 1",
        done[0],
    )
    raise ReviewedBefore(
        WhatBecame(
            lesson=row["lesson"],
            state=LearningState(row["state"]),
            by_name=row["name"],
            entry_title=row["title"] or "",
        )
    )


async def _keep_review(
    learning: UUID, outcome: LearningState, note: str | None, entry: UUID | None, *, by: UUID, now: datetime
) -> None:
    await execute(
        "INSERT INTO review (id, learning, outcome, note, entry, reviewed_at, reviewed_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        new_id(),
        learning,
        outcome.value,
        note,
        entry,
        now,
        by,
    )
    await execute("UPDATE learning SET state = $2 WHERE id = $1", learning, outcome.value)


async def _take_reading(cohort: UUID, *, now: datetime, today: date) -> None:
    """How many learnings of the cohort were accepted so far, and by how many people they were written."""
    (row,) = await fetch(
        "SELECT count(*) AS accepted, count(DISTINCT author) AS authors FROM learning"
        " WHERE cohort = $1 AND state = 'accepted'",
        cohort,
    )
    await keep_reading(
        cohort,
        "learnings_accepted",
        span="day",
        from_on=today,
        until_on=today + timedelta(days=1),
        numerator=row["accepted"],
        denominator=1,
        people=row["authors"],
        now=now,
    )


async def _tell(
    row: Any, outcome: LearningState, *, program: UUID, by: UUID, now: datetime, **facts: str
) -> None:
    """The event, with the letter that tells the author."""
    name = f"learning_{outcome.value}"
    await record(
        name,
        program=program,
        by=by,
        at=now,
        about=row["author"],
        subject=row["id"],
        facts=facts,
        letters=[Letter(to=row["author"], letter=name, facts={"learning": str(row["id"])})],
    )
