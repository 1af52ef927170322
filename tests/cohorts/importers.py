"""Members who bring in files of what they did."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cohorts.activity_imports.actions import confirm, send_file
from cohorts.activity_imports.queries import FilePage, file_page
from cohorts.activity_imports.reading import read_next
from cohorts.activity_imports.rules import Fate
from program.database import fetch, fetch_value
from tests.cast import NOON, a_form


async def in_pieces(content: bytes, size: int = 1_000_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def a_sent_file(
    content: bytes, *, program: UUID, by: UUID, now: datetime = NOON, size: int = 1_000_000
) -> UUID:
    return await send_file(
        in_pieces(content, size), file_name="file", program=program, by=by, now=now, sent=a_form()
    )


async def a_read_file(content: bytes, *, program: UUID, by: UUID, now: datetime = NOON) -> UUID:
    id = await a_sent_file(content, program=program, by=by, now=now)
    assert await read_next(now, only=id)
    return id


async def taken_in(
    content: bytes, *, program: UUID, by: UUID, now: datetime = NOON, **choices: Any
) -> dict[str, int]:
    """What came of a file that was read, and confirmed with these choices."""
    id = await a_read_file(content, program=program, by=by, now=now)
    await confirm(id, program=program, by=by, now=now, **({"mine": True, "reactions": True} | choices))
    return (await file_page(id, person=by, program=program)).came


async def seen(id: UUID, *, program: UUID, by: UUID, fate: Fate | None = None) -> FilePage:
    return await file_page(id, person=by, program=program, fate=fate)


async def member_months() -> set[tuple[Any, ...]]:
    """What is kept of members’ months, without those in which nothing was done."""
    rows = await fetch(
        "SELECT enrolment, month, activities, conversations, reactions FROM member_month"
        " WHERE activities + conversations + reactions > 0"
    )
    return {tuple(row) for row in rows}


async def counted_months() -> set[tuple[Any, ...]]:
    """The same, counted from the activities one by one."""
    counts: dict[tuple[UUID, int], list[int]] = {}
    for row in await fetch("SELECT enrolment, month, kind, done_on, cohort FROM activity"):
        start: date = await fetch_value("SELECT tracking_start_on FROM cohort WHERE id = $1", row["cohort"])
        assert row["done_on"] >= start
        of = counts.setdefault((row["enrolment"], row["month"]), [0, 0, 0])
        of[0] += row["kind"] != "reaction"
        of[1] += row["kind"] in ("reply", "answered_question")
        of[2] += row["kind"] == "reaction"
    return {(*key, *of) for key, of in counts.items()}
