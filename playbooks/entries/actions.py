"""Changing the draft of the playbook."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from playbooks.assessments.rules import Question
from playbooks.chapters.queries import standing_order
from playbooks.chapters.rules import Order, with_entry_in
from playbooks.entries.queries import LatestChange, copy_of, latest_change, question_json, scenario_json
from playbooks.entries.rules import (
    VERIFY_EVERY_DAYS,
    EntryCopy,
    EntryText,
    QuestionProblem,
    what_is_wrong_with_question,
)
from playbooks.entries.words import question_problem
from playbooks.scenarios.rules import Scenario, ScenarioProblem, what_is_wrong_with_scenario
from playbooks.scenarios.words import scenario_problem_sentence
from program.database import execute, fetch_row, new_id, transaction
from program.events.actions import record
from program.form_keys.actions import Sent, first_result
from program.refusals import NotFound, Refusal
from program.roles.actions import require_lead
from program.words import gettext as _
from program.words import moment_text


class EntryChangedMeanwhile(Refusal):
    """`change` tells whose the change is; the entry as it stands now is to be read again."""

    field = "body"

    def __init__(self, change: LatestChange) -> None:
        super().__init__(change)
        self.change = change

    def sentence(self) -> str:
        return _(
            "%(name)s changed this entry on %(at)s, while you were writing. Your words are still here, and both texts"
            " stand side by side. Take over what you want to keep, and save again."
        ) % {"name": self.change.by_name, "at": moment_text(self.change.at)}


class EntryIsWithdrawn(Refusal):
    def sentence(self) -> str:
        return _(
            "This entry was taken out of the draft. Your words are still here; bring the entry back to save them in it."
        )


class QuestionDoesNotWork(Refusal):
    field = "options"

    def __init__(self, *problems: QuestionProblem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def sentence(self) -> str:
        return _("The check question cannot be asked like this.")

    def reason_sentences(self) -> list[str]:
        return [question_problem(problem)[1] for problem in self.problems]


class ScenarioDoesNotWork(Refusal):
    field = "scenario"

    def __init__(self, *problems: ScenarioProblem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def sentence(self) -> str:
        return _("The scenario cannot be played like this.")

    def reason_sentences(self) -> list[str]:
        return [scenario_problem_sentence(problem) for problem in self.problems]


async def add_entry(
    program: UUID, text: EntryText, *, by: UUID, now: datetime, today: date, sent: Sent
) -> UUID:
    """A lead writes a new entry at the end of its chapter."""
    async with transaction():
        await lock_playbook(program, by)
        entry = new_id()
        earlier = await first_result(sent, by=by, at=now, result=entry)
        if earlier is not None:
            return earlier
        await write_entry(program, text, id=entry, by=by, now=now, today=today)
        await record("entry_added", program=program, by=by, at=now, subject=entry)
        return entry


async def change_entry(
    program: UUID,
    entry: UUID,
    text: EntryText,
    *,
    revision: int,
    by: UUID,
    now: datetime,
    today: date,
    sent: Sent,
) -> None:
    """A lead changes an entry that they read at `revision`. Refused where somebody changed it since."""
    async with transaction():
        await lock_playbook(program, by)
        if await first_result(sent, by=by, at=now, result=entry) is not None:
            return
        if await rewrite_entry(program, entry, text, revision=revision, by=by, now=now, today=today):
            await record("entry_changed", program=program, by=by, at=now, subject=entry)


async def withdraw_entry(program: UUID, entry: UUID, *, by: UUID, now: datetime) -> None:
    """A lead takes an entry out of the draft: the next edition does not carry it. Doing it again changes nothing."""
    async with transaction():
        await lock_playbook(program, by)
        await _in_program(program, entry)
        if await execute(
            "UPDATE entry SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL", entry, now
        ):
            await record("entry_withdrawn", program=program, by=by, at=now, subject=entry)


async def bring_back_entry(program: UUID, entry: UUID, *, by: UUID, now: datetime) -> None:
    """A lead puts a withdrawn entry back where it was. Doing it again changes nothing."""
    async with transaction():
        await lock_playbook(program, by)
        await _in_program(program, entry)
        if await execute(
            "UPDATE entry SET withdrawn_at = NULL WHERE id = $1 AND withdrawn_at IS NOT NULL", entry
        ):
            await record("entry_brought_back", program=program, by=by, at=now, subject=entry)


async def lock_playbook(program: UUID, by: UUID) -> None:
    """Within a transaction, for a lead: until it ends nobody else changes the draft, reviews or publishes."""
    if await fetch_row("SELECT FROM program WHERE id = $1 FOR NO KEY UPDATE", program) is None:
        raise NotFound
    await require_lead(program, by)


async def write_entry(
    program: UUID, text: EntryText, *, id: UUID, by: UUID, now: datetime, today: date
) -> None:
    """Within a transaction: a new entry at the end of its chapter, at revision 1."""
    _require_working(text.question)
    _require_playable(text.scenario)
    await execute(
        "INSERT INTO entry (id, program, chapter, position, kind, topic, title, body, question,"
        "  scenario, revision, verify_every_days, verified_on, made_at)"
        " VALUES ($1, $2, $3, (SELECT coalesce(max(position) + 1, 0) FROM entry WHERE program = $2),"
        f"  $4, $5, $6, $7, $8, $9, 1, {VERIFY_EVERY_DAYS}, $10, $11)",
        id,
        program,
        *_columns(text),
        today,
        now,
    )
    await _keep_revision(id, 1, text, by, now)


async def rewrite_entry(
    program: UUID, entry: UUID, text: EntryText, *, revision: int, by: UUID, now: datetime, today: date
) -> bool:
    """Within a transaction: the entry says `text` from now on, and counts as verified today.

    Answers whether anything changed. Refused with `EntryChangedMeanwhile` where it is not at `revision` any more.
    """
    _require_working(text.question)
    _require_playable(text.scenario)
    current = await standing_entry(program, entry)
    if current.text == text:
        return False
    if current.revision != revision:
        raise EntryChangedMeanwhile(await latest_change(entry))
    if current.text.chapter != text.chapter:
        await keep_order(program, with_entry_in(await standing_order(program), entry, text.chapter))
    await execute(
        "UPDATE entry SET chapter = $2, kind = $3, topic = $4, title = $5, body = $6, question = $7,"
        " scenario = $8, verified_on = $9, revision = revision + 1 WHERE id = $1",
        entry,
        *_columns(text),
        today,
    )
    await _keep_revision(entry, revision + 1, text, by, now)
    return True


async def keep_order(program: UUID, order: Order) -> None:
    """Within a transaction: the draft is read in this order from now on."""
    await execute(
        "UPDATE entry SET position = o.position FROM unnest($2::uuid[], $3::int[]) AS o (entry, position)"
        " WHERE entry.program = $1 AND entry.id = o.entry AND entry.position <> o.position",
        program,
        [place.entry for place in order],
        list(range(len(order))),
    )


async def standing_entry(program: UUID, entry: UUID) -> EntryCopy:
    """Within a transaction: an entry of the draft, locked. Refused where it is withdrawn."""
    row = await fetch_row(
        "SELECT id AS entry, position, revision, chapter, kind, topic, title, body, question, scenario,"
        " withdrawn_at IS NOT NULL AS withdrawn FROM entry WHERE id = $1 AND program = $2 FOR UPDATE",
        entry,
        program,
    )
    if row is None:
        raise NotFound
    if row["withdrawn"]:
        raise EntryIsWithdrawn
    return copy_of(row)


async def _in_program(program: UUID, entry: UUID) -> None:
    if await fetch_row("SELECT FROM entry WHERE id = $1 AND program = $2 FOR UPDATE", entry, program) is None:
        raise NotFound


def _require_working(question: Question | None) -> None:
    problems = what_is_wrong_with_question(question) if question else ()
    if problems:
        raise QuestionDoesNotWork(*problems)


def _require_playable(scenario: Scenario | None) -> None:
    problems = what_is_wrong_with_scenario(scenario) if scenario else ()
    if problems:
        raise ScenarioDoesNotWork(*problems)


def _columns(text: EntryText) -> tuple[Any, ...]:
    return (
        text.chapter,
        text.kind.value,
        text.topic.value,
        text.title,
        text.body,
        question_json(text.question),
        scenario_json(text.scenario),
    )


async def _keep_revision(entry: UUID, number: int, text: EntryText, by: UUID, now: datetime) -> None:
    await execute(
        "INSERT INTO revision (id, entry, number, chapter, kind, topic, title, body, question, scenario,"
        "  made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        new_id(),
        entry,
        number,
        *_columns(text),
        now,
        by,
    )
