"""Attempts at assessments: what was asked, what was answered, how it went."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

import asyncpg

from playbooks.assessments.rules import (
    Answers,
    Question,
    Score,
    question_of,
    right_answers_needed,
    score,
)
from program.database import fetch, fetch_row
from program.refusals import NotFound
from program.roles.rules import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A question as it is put to a person: without what is right, and why."""

    id: str
    prompt: str
    options: tuple[str, ...]
    takes_several: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaughtBy:
    """The entry that a question belongs to, and the module of the track in which it is read or played."""

    entry: UUID
    title: str
    module: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptPage:
    """An attempt of the reader's own: what was asked and, once it is handed in, how it went.

    `taught` tells by question where it is taught.
    """

    id: UUID
    track: UUID
    track_name: str
    module: UUID
    needed: int
    questions: tuple[AskedQuestion, ...]
    handed_in_at: datetime | None
    score: Score | None
    taught: Mapping[str, TaughtBy]
    certificate: UUID | None

    @property
    def to_read_again(self) -> tuple[TaughtBy, ...]:
        """Where the questions are taught whose answers were not right, in the order in which they were asked."""
        missed = [] if self.score is None else [each for each in self.score.feedback if not each.is_right]
        return tuple(self.taught[each.question.id] for each in missed if each.question.id in self.taught)


async def attempt_page(attempt: UUID, *, track: UUID, seen_by: Reader) -> AttemptPage:
    """For the person themself; raises `NotFound` for everybody else."""
    row = await fetch_row(
        "SELECT a.id, a.module, a.questions, a.answers, a.handed_in_at, m.track,"
        " t.name AS track_name, c.id AS certificate"
        " FROM attempt a JOIN module m ON m.id = a.module JOIN track t ON t.id = m.track"
        " LEFT JOIN certificate c ON c.attempt = a.id WHERE a.id = $1 AND a.person = $2 AND t.program = $3 AND t.id = $4",
        attempt,
        seen_by.person,
        seen_by.program,
        track,
    )
    if row is None:
        raise NotFound
    asked, pass_mark = asked_in(row["questions"])
    went = None if row["answers"] is None else score(asked, answers_in(row["answers"]), pass_mark)
    return AttemptPage(
        id=row["id"],
        track=row["track"],
        track_name=row["track_name"],
        module=row["module"],
        needed=right_answers_needed(len(asked), pass_mark),
        questions=tuple(
            AskedQuestion(
                id=each.id, prompt=each.prompt, options=each.options, takes_several=each.takes_several
            )
            for each in asked
        ),
        handed_in_at=row["handed_in_at"],
        score=went,
        taught={} if went is None else await _taught(row["module"]),
        certificate=row["certificate"],
    )


async def _taught(assessment: UUID) -> dict[str, TaughtBy]:
    rows = await fetch(
        "SELECT n.entry, n.title, m.id AS module FROM module a JOIN module m ON m.track = a.track AND m.edition = a.edition"
        " JOIN module_entry e ON e.module = m.id JOIN edition_entry n ON n.id = e.edition_entry WHERE a.id = $1",
        assessment,
    )
    return {str(row["entry"]): TaughtBy(**row) for row in rows}


async def question_bank(assessment: UUID) -> tuple[Question, ...]:
    """The questions of the entries that the track of an assessment teaches, each under the id of its entry."""
    rows: list[asyncpg.Record] = await fetch(
        "SELECT n.entry, n.question FROM module a JOIN module m ON m.track = a.track AND m.edition = a.edition"
        " JOIN module_entry e ON e.module = m.id JOIN edition_entry n ON n.id = e.edition_entry"
        " WHERE a.id = $1 AND n.question IS NOT NULL ORDER BY n.position",
        assessment,
    )
    return tuple(replace(question_of(json.loads(row["question"])), id=str(row["entry"])) for row in rows)


def asked_in(document: str) -> tuple[tuple[Question, ...], Fraction]:
    """The questions of an attempt as they were asked, and the pass mark that was promised with them."""
    found: Mapping[str, Any] = json.loads(document)
    return tuple(question_of(each) for each in found["asked"]), Fraction(found["pass_percent"], 100)


def answers_in(document: str) -> Answers:
    return {question: frozenset(chosen) for question, chosen in json.loads(document).items()}
