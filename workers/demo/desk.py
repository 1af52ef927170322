"""The learnings desk: what is written down comes in, and is answered or taken into the playbook."""

from datetime import datetime
from functools import partial
from uuid import UUID

from playbooks.learnings.actions import log_learning
from playbooks.learnings.rules import LearningState
from playbooks.reviews.actions import decline_learning, return_learning
from workers.demo.chance import Chance
from workers.demo.stage import Stage, a_form
from workers.demo.told_learnings import ToldLearning


def write_down(stage: Stage, learning: ToldLearning) -> None:
    chance = Chance("learning", learning.email, learning.text.lesson)
    at = f"{chance.between(12, 21):02}:{chance.between(0, 59):02}"
    stage.at(learning.on, at, partial(_log, stage, learning))


async def _log(stage: Stage, learning: ToldLearning, now: datetime) -> None:
    id = await log_learning(
        stage.program,
        learning.text,
        send=learning.fate is not LearningState.DRAFT,
        by=stage.person(learning.email),
        now=now,
        sent=a_form(),
    )
    if learning.fate is LearningState.ACCEPTED:
        stage.waiting[learning.entry].append(id)
    elif learning.answered_on is not None:
        stage.at(learning.answered_on, "09:50", partial(_answer, stage, learning, id))


async def _answer(stage: Stage, learning: ToldLearning, id: UUID, now: datetime) -> None:
    answer = return_learning if learning.fate is LearningState.RETURNED else decline_learning
    await answer(stage.program, id, learning.note, by=stage.lead, now=now, sent=a_form())
