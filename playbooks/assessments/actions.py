"""Taking assessments: an attempt at a time, and one result for each."""

import json
from datetime import date, datetime
from uuid import UUID

import asyncpg

from playbooks.assessments.queries import asked_in, question_bank
from playbooks.assessments.rules import (
    AnswerProblem,
    Answers,
    AttemptBar,
    Score,
    drawn_questions,
    question_document,
    score,
    what_is_wrong_with,
)
from playbooks.assessments.words import attempt_bar_sentence
from playbooks.certificates.actions import issue_certificate, lock_cohorts_of
from playbooks.tracks.actions import TrackIsLocked
from playbooks.tracks.own_tracks import OwnTrack
from playbooks.tracks.queries import track_of
from program.database import execute, fetch_row, fetch_value, new_id, transaction
from program.events.actions import Letter, record
from program.form_keys.actions import Sent, first_result
from program.refusals import NotFound, Refusal
from program.words import gettext as _


class NoAttemptNow(Refusal):
    """`bars` are what keeps a person from another attempt."""

    def __init__(self, bars: tuple[AttemptBar, ...]) -> None:
        super().__init__(*bars)
        self.bars = bars

    def sentence(self) -> str:
        return " ".join(attempt_bar_sentence(bar) for bar in self.bars)


class AnswersIncomplete(Refusal):
    """`problems` name the questions that have no usable answer. Nothing was handed in."""

    def __init__(self, problems: tuple[AnswerProblem, ...]) -> None:
        super().__init__(*problems)
        self.problems = problems

    def sentence(self) -> str:
        return _("Some questions have no answer yet. Nothing was handed in.")


async def begin_attempt(
    module: UUID, *, track: UUID, program: UUID, by: UUID, now: datetime, today: date, sent: Sent
) -> UUID:
    """Draw the questions of an attempt and keep them as they are asked; an attempt under way is answered as it is.

    Refused, with the reasons, before the readings are done, during the wait, and when all tries are used up.
    """
    async with transaction():
        await _lock_beginning(track, by)
        own = await track_of(by, program, track, today=today, now=now)
        if own.assessment is None or own.assessment.id != module or own.begun_at is None:
            raise NotFound
        if own.lock:
            raise TrackIsLocked(own.lock, today)
        if own.under_way is not None:
            return own.under_way.id
        attempt = new_id()
        earlier = await first_result(sent, by=by, at=now, result=attempt)
        if earlier is not None:
            return earlier
        if own.bars:
            raise NoAttemptNow(own.bars)
        number = await _keep_attempt(attempt, module, own, by=by, now=now)
        await record(
            "attempt_begun",
            program=program,
            by=by,
            at=now,
            about=by,
            subject=attempt,
            facts={"track": own.name, "number": number},
        )
        return attempt


async def _keep_attempt(attempt: UUID, module: UUID, own: OwnTrack, *, by: UUID, now: datetime) -> int:
    asked = drawn_questions(await question_bank(module), seed=str(attempt), asked=own.rules.asked)
    number: int = await fetch_value(
        "INSERT INTO attempt (id, module, person, number, questions, begun_at)"
        " SELECT $1, $2, $3, 1 + coalesce(max(number), 0), $4, $5 FROM attempt WHERE module = $2 AND person = $3"
        " RETURNING number",
        attempt,
        module,
        by,
        json.dumps(
            {
                "pass_percent": int(own.rules.pass_mark * 100),
                "asked": [question_document(question) for question in asked],
            }
        ),
        now,
    )
    return number


async def hand_in(
    attempt: UUID, answers: Answers, *, program: UUID, by: UUID, now: datetime, today: date
) -> None:
    """Judge an attempt by its questions as they were asked. Passing it earns the certificate, in the same transaction.

    Handed in before: its result stays as it is. Refused with `AnswersIncomplete` while answers are missing.
    """
    async with transaction():
        row = await _own_attempt(attempt, program, by)
        await lock_cohorts_of(by, program)
        await _lock_beginning(row["track"], by)
        own = await track_of(by, program, row["track"], today=today, now=now)
        if await fetch_value("SELECT handed_in_at FROM attempt WHERE id = $1", attempt) is not None:
            return
        if own.lock:
            raise TrackIsLocked(own.lock, today)
        asked, pass_mark = asked_in(row["questions"])
        problems = what_is_wrong_with(answers, asked)
        if problems:
            raise AnswersIncomplete(problems)
        went = score(asked, answers, pass_mark)
        await _keep_result(attempt, went, now=now)
        facts = {"track": own.name, "number": row["number"], "right": went.right, "asked": went.asked}
        if not went.passed:
            await record(
                "assessment_failed", program=program, by=by, at=now, about=by, subject=attempt, facts=facts
            )
            return
        certificate = await issue_certificate(attempt, now=now, today=today)
        await record(
            "assessment_passed", program=program, by=by, at=now, about=by, subject=attempt, facts=facts
        )
        await _record_certificate(certificate, own, program=program, by=by, now=now)


async def _own_attempt(attempt: UUID, program: UUID, by: UUID) -> asyncpg.Record:
    row = await fetch_row(
        "SELECT a.number, a.questions, m.track FROM attempt a JOIN module m ON m.id = a.module"
        " JOIN track t ON t.id = m.track WHERE a.id = $1 AND a.person = $2 AND t.program = $3",
        attempt,
        by,
        program,
    )
    if row is None:
        raise NotFound
    return row


async def _lock_beginning(track: UUID, person: UUID) -> None:
    """One at a time goes on in a track, in however many tabs it is open."""
    await execute("SELECT FROM beginning WHERE track = $1 AND person = $2 FOR UPDATE", track, person)


async def _keep_result(attempt: UUID, went: Score, *, now: datetime) -> None:
    await execute(
        "UPDATE attempt SET answers = $2, right_answers = $3, passed = $4, handed_in_at = $5 WHERE id = $1",
        attempt,
        json.dumps({each.question.id: sorted(each.chosen) for each in went.feedback}),
        went.right,
        went.passed,
        now,
    )


async def _record_certificate(
    certificate: UUID, own: OwnTrack, *, program: UUID, by: UUID, now: datetime
) -> None:
    await record(
        "certificate_issued",
        program=program,
        by=by,
        at=now,
        about=by,
        subject=certificate,
        facts={"track": own.name, "edition": own.edition_number},
        letters=[
            Letter(
                to=by,
                letter="certificate_issued",
                facts={"certificate": str(certificate), "track": own.name},
            )
        ],
    )
