"""Taking in a list of activities that a member's own program sends: all of it at once, the same list once."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from cohorts.activities.actions import (
    KindMissing,
    LinkNotUnderstood,
    NotYetTracked,
    PlaceMissing,
    Told,
    what_was_told,
)
from cohorts.activity_files.own import id_of_row
from cohorts.activity_files.rules import Format, Found
from cohorts.activity_imports.rules import Fate, Outside, State, source_of
from cohorts.activity_imports.staging import COLUMNS, Stager, recognise
from cohorts.activity_imports.taking_in import keep_rows
from cohorts.activity_lists.rules import Answer, Item, Outcome, Refused, answer_of, refused
from cohorts.places.queries import own_tracking
from program.database import execute, fetch, fetch_row, new_id, transaction
from program.events.actions import record
from program.form_keys.actions import Sent, first_result

_REFUSALS = {
    LinkNotUnderstood: Refused.LINK_NOT_UNDERSTOOD,
    KindMissing: Refused.KIND_MISSING,
    PlaceMissing: Refused.NETWORK_MISSING,
}
_BECAME = (
    "SELECT r.line, r.fate, r.why, r.apart, CASE WHEN r.why IS NULL THEN COALESCE(a.id, p.activity) END AS activity"
    " FROM activity_import_row r"
    " LEFT JOIN activity a ON (a.cohort, a.network, a.post_id) = (r.cohort, r.network, r.post_id)"
    " LEFT JOIN post_alias p ON (p.cohort, p.network, p.post_id) = (r.cohort, r.network, r.post_id)"
    " WHERE r.activity_import = $1"
)


async def take_in_list(
    items: Sequence[Item], *, named: str, program: UUID, by: UUID, now: datetime, today: date, sent: Sent
) -> list[Answer]:
    """Keep what a member did, of what they agreed to have tracked; answers what became of each, in their order.

    What cannot be kept is told and keeps nothing else from being kept. The same `sent` again is answered with the first
    result. `named` is what the member's page of files calls the list.
    """
    async with transaction() as connection:
        id = new_id()
        earlier = await first_result(sent, by=by, at=now, result=id)
        if earlier is not None:
            return await _answers_of(earlier)
        tracking = await own_tracking(by, program=program)
        if tracking is None:
            raise NotYetTracked
        understood = [_found(line, item) for line, item in enumerate(items, 1)]
        await _begin(id, named, len(items), program=program, by=by, now=now)
        rows = [each for each in understood if isinstance(each, Found)]
        stager = Stager(id, tracking, email="", today=today)
        await connection.copy_records_to_table(
            "activity_import_row", records=stager.records(rows), columns=COLUMNS
        )
        await recognise(id, tracking)
        await execute(
            "UPDATE activity_import_row SET apart = true WHERE activity_import = $1 AND line = ANY($2::int[])",
            id,
            [line for line, item in enumerate(items, 1) if item.apart],
        )
        came = await keep_rows(
            id,
            person=by,
            program=program,
            source=source_of(Format.OWN_FILE),
            reactions=True,
            today=today,
            now=now,
        )
        answers = await _became(id, understood)
        came["not_understood"] = len(items) - len(rows)
        await _end(id, came, answers, now)
        await record("activities_sent", program=program, by=by, at=now, subject=id, facts=came)
        return answers


def _found(line: int, item: Item) -> Found | Refused:
    """What an item tells, as a line of a file would."""
    if item.done_at is None and item.done_on is None:
        return Refused.DAY_MISSING
    told = Told(kind=item.kind, done_on=date.min, link=item.link, network=item.network, text=item.text)
    try:
        post, kind, network = what_was_told(told)
    except (LinkNotUnderstood, KindMissing, PlaceMissing) as why:
        return _REFUSALS[type(why)]
    when = item.done_at.astimezone(UTC) if item.done_at else item.done_on
    assert when is not None  # noqa: S101 -- one of the two is there
    return Found(
        line=line,
        part="",
        kind=kind,
        network=network,
        post_id=post.id if post else id_of_row("", when.isoformat(), network, item.kind or "", item.text),
        link=item.link.strip() or None,
        text=item.text,
        done_at=item.done_at,
        done_on=None if item.done_at else item.done_on,
        measured=item.measured,
    )


async def _begin(id: UUID, named: str, lines: int, *, program: UUID, by: UUID, now: datetime) -> None:
    await execute(
        "INSERT INTO activity_import (id, program, person, state, file_name, size, format, rows_read, summary, made_at,"
        " read_at, confirmed_at) VALUES ($1, $2, $3, $4, $5, 0, $6, $7, '{}', $8, $8, $8)",
        id,
        program,
        by,
        State.CONFIRMED.value,
        named,
        Format.OWN_FILE.value,
        lines,
        now,
    )


async def _became(id: UUID, understood: Sequence[Found | Refused]) -> list[Answer]:
    rows = {row["line"]: row for row in await fetch(_BECAME, id)}
    return [
        refused(each) if isinstance(each, Refused) else _answer(rows[line])
        for line, each in enumerate(understood, 1)
    ]


def _answer(row: Any) -> Answer:
    return answer_of(
        Fate(row["fate"]),
        why=Outside(row["why"]) if row["why"] else None,
        apart=row["apart"],
        activity=row["activity"],
    )


async def _end(id: UUID, came: dict[str, int], answers: Sequence[Answer], now: datetime) -> None:
    kept = [
        (answer.outcome, str(answer.activity) if answer.activity else None, answer.why) for answer in answers
    ]
    await execute("DELETE FROM activity_import_row WHERE activity_import = $1", id)
    await execute(
        "UPDATE activity_import SET state = $2, ended_at = $3, summary = $4 WHERE id = $1",
        id,
        State.DONE.value,
        now,
        json.dumps({"came": came, "answers": kept}),
    )


async def _answers_of(id: UUID) -> list[Answer]:
    row = await fetch_row("SELECT summary -> 'answers' AS answers FROM activity_import WHERE id = $1", id)
    assert row is not None  # noqa: S101 -- its key was kept with it
    return [
        Answer(
            outcome=Outcome(outcome),
            activity=UUID(activity) if activity else None,
            why=_why(why) if why else None,
        )
        for outcome, activity, why in json.loads(row["answers"])
    ]


def _why(why: str) -> Outside | Refused:
    return Refused(why) if why in list(Refused) else Outside(why)
