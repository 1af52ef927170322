"""What must be true after all of it: everything acknowledged is stored, nothing twice, and what follows from it fits."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from cohorts.months.queries import readings_that_differ
from program.database import fetch, fetch_value
from program.events.queries import broken_chains
from program.installation.queries import machine_now
from tests.survival.load import Journal
from tests.workers.mail import Letterbox

EVERYTHING_IS_DONE_WITHIN_SECONDS = 60.0
POLL_SECONDS = 0.2
STORED = {
    "activity": "SELECT text AS mark, count(*) AS stored FROM activity WHERE text = ANY($1) GROUP BY text",
    "learning": "SELECT lesson AS mark, count(*) AS stored FROM learning WHERE lesson = ANY($1) GROUP BY lesson",
    "vote": "SELECT comment AS mark, count(*) AS stored FROM vote WHERE comment = ANY($1) GROUP BY comment",
    "invitation": "SELECT d.recipient::text AS mark, count(*) AS stored FROM delivery d"
    " WHERE d.letter = 'invitation' AND d.recipient::text = ANY($1) GROUP BY d.recipient",
    "list": "SELECT rtrim(text, 'x ') AS mark, count(*) AS stored FROM activity"
    " WHERE rtrim(text, 'x ') = ANY($1) GROUP BY rtrim(text, 'x ')",
}
WAITING = (
    "SELECT (SELECT count(*) FROM delivery WHERE done_at IS NULL AND given_up_at IS NULL)"
    " + (SELECT count(*) FROM activity_import WHERE state IN ('sent', 'confirmed'))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`wrong` is empty where all is well. `second_copies` are letters that came twice, under one Message-ID."""

    wrong: list[str]
    acknowledged: Counter[str]
    letters: int
    second_copies: int


async def judged(journal: Journal, letterbox: Letterbox, *, copies_at_most: int) -> Verdict:
    """Once nothing waits any more. `copies_at_most` is how many kills may have fallen between a yes and a commit."""
    await _until_nothing_waits()
    copies = Counter(letterbox.ids)
    second_copies = sum(copies.values()) - len(copies)
    wrong = [*await _stored_wrongly(journal), *await _letters_gone_wrong(copies)]
    if second_copies > copies_at_most:
        wrong.append(
            f"{second_copies} letters came again, and only {copies_at_most} kills could bring that about"
        )
    wrong += [str(each) for each in await readings_that_differ(today=machine_now().date())]
    wrong += [f"chain {each.chain} is broken at {each.number}" for each in await broken_chains()]
    wrong += await _months_gone_wrong()
    return Verdict(
        wrong=wrong,
        acknowledged=Counter(deed.kind for deed in journal.deeds if deed.acknowledged),
        letters=len(copies),
        second_copies=second_copies,
    )


async def _until_nothing_waits() -> None:
    async with asyncio.timeout(EVERYTHING_IS_DONE_WITHIN_SECONDS):
        while await fetch_value(WAITING):  # noqa: ASYNC110 -- the worker tells nobody here
            await asyncio.sleep(POLL_SECONDS)


async def _stored_wrongly(journal: Journal) -> list[str]:
    """What is not stored as often as it should be: once where it was acknowledged, else once or not at all."""
    wrong = []
    for kind, sql in STORED.items():
        deeds = {deed.mark: deed for deed in journal.deeds if deed.kind == kind}
        stored = {row["mark"]: row["stored"] for row in await fetch(sql, list(deeds))}
        for mark, deed in deeds.items():
            found = stored.get(mark, 0)
            if found != deed.of and (deed.acknowledged or found):
                wrong.append(f"{mark}: stored {found} times and not {deed.of}")
    return wrong


async def _letters_gone_wrong(copies: Counter[str]) -> list[str]:
    rows = await fetch("SELECT id, given_up_at IS NOT NULL AS given_up FROM delivery")
    due = {f"<{row['id']}@localhost>" for row in rows}
    wrong = [f"letter {row['id']} was given up" for row in rows if row["given_up"]]
    wrong += [f"letter {id} never came" for id in due - set(copies)]
    return wrong + [f"letter {id} came, and nobody sent it" for id in set(copies) - due]


async def _months_gone_wrong() -> list[str]:
    """Members’ months, counted again from their activities."""
    rows = await fetch(
        "SELECT * FROM (SELECT enrolment, month, activities::bigint, conversations::bigint, reactions::bigint"
        "  FROM member_month WHERE activities + conversations + reactions > 0"
        " EXCEPT SELECT enrolment, month, count(*) FILTER (WHERE kind <> 'reaction'),"
        "  count(*) FILTER (WHERE kind IN ('reply', 'answered_question')), count(*) FILTER (WHERE kind = 'reaction')"
        "  FROM activity GROUP BY enrolment, month) AS unlike"
    )
    return [f"a month says something else than its activities: {tuple(row)}" for row in rows]
