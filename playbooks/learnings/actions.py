"""Writing learnings down and sending them to the desk."""

from datetime import datetime
from typing import Any
from uuid import UUID

from playbooks.learnings.rules import WRITING, LearningState, LearningText, may_change
from program.database import execute, fetch_row, new_id, transaction
from program.events.actions import record
from program.form_keys.actions import Sent, first_result
from program.refusals import NotFound, Refusal
from program.words import gettext as _


class LearningsComeLater(Refusal):
    def sentence(self) -> str:
        return _(
            "You can write down learnings as soon as you are active: when you have passed your starter track."
        )


class LearningIsWithTheDesk(Refusal):
    def sentence(self) -> str:
        return _("This learning has been sent to the desk, so its words stay as they are.")


async def log_learning(
    program: UUID, text: LearningText, *, send: bool, by: UUID, now: datetime, sent: Sent
) -> UUID:
    """A member writes down a learning, as a draft of their own or for the desk at once. Drafts leave no event."""
    async with transaction():
        enrolment = await _writing_enrolment(program, by)
        learning = new_id()
        earlier = await first_result(sent, by=by, at=now, result=learning)
        if earlier is not None:
            return earlier
        await execute(
            "INSERT INTO learning (id, program, cohort, enrolment, author, state, made_at, submitted_at, kind, topic,"
            "  lesson, situation, conversation, what_i_did, resources, outcome, channel, faced, named)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
            learning,
            program,
            enrolment["cohort"],
            enrolment["id"],
            by,
            (LearningState.SUBMITTED if send else LearningState.DRAFT).value,
            now,
            now if send else None,
            *_columns(text),
        )
        if send:
            await record("learning_submitted", program=program, by=by, at=now, subject=learning)
        return learning


async def change_learning(
    program: UUID, learning: UUID, text: LearningText, *, send: bool, by: UUID, now: datetime, sent: Sent
) -> None:
    """The author changes a draft or a returned learning, and may send it to the desk with it."""
    async with transaction():
        row = await fetch_row(
            "SELECT state FROM learning WHERE id = $1 AND program = $2 AND author = $3 FOR UPDATE",
            learning,
            program,
            by,
        )
        if row is None:
            raise NotFound
        await _writing_enrolment(program, by)
        if await first_result(sent, by=by, at=now, result=learning) is not None:
            return
        state = LearningState(row["state"])
        if not may_change(state):
            raise LearningIsWithTheDesk
        await execute(
            "UPDATE learning SET state = $2, submitted_at = coalesce($3, submitted_at), kind = $4, topic = $5,"
            " lesson = $6, situation = $7, conversation = $8, what_i_did = $9, resources = $10, outcome = $11,"
            " channel = $12, faced = $13, named = $14 WHERE id = $1",
            learning,
            (LearningState.SUBMITTED if send else state).value,
            now if send else None,
            *_columns(text),
        )
        if send:
            await record("learning_submitted", program=program, by=by, at=now, subject=learning)


async def _writing_enrolment(program: UUID, person: UUID) -> Any:
    row = await fetch_row(
        "SELECT e.cohort, e.id FROM enrolment e JOIN cohort c ON c.id = e.cohort"
        " JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
        " WHERE e.person = $1 AND c.program = $2 AND s.state = ANY($3)"
        " ORDER BY array_position($3, s.state), e.made_at DESC, e.id LIMIT 1 FOR SHARE OF s",
        person,
        program,
        [state.value for state in WRITING],
    )
    if row is None:
        raise LearningsComeLater
    return row


def _columns(text: LearningText) -> tuple[Any, ...]:
    return (
        text.kind.value,
        text.topic.value,
        text.lesson,
        text.situation or None,
        text.conversation or None,
        text.what_i_did or None,
        text.resources or None,
        text.outcome or None,
        text.channel.value if text.channel else None,
        [faced.value for faced in text.faced],
        text.named,
    )
