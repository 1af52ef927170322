"""A program whose pilot writes learnings: who is in it, and what they write."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from cohorts.enrolments.queries import arrival
from playbooks.entries.queries import draft_copies
from playbooks.entries.rules import EntryCopy, EntryKind, EntryText, EntryTopic
from playbooks.learnings.actions import log_learning
from playbooks.learnings.rules import Channel, Faced, LearningKind, LearningText
from program.database import execute, fetch_row, fetch_value, new_id, transaction
from program.roles.rules import Reader, Role
from program.sign_in.actions import begin_session
from tests.cast import NOON, a_form, a_listed_person, a_person_with, a_program, an_owner

TODAY = date(2026, 6, 1)
LATER = NOON + timedelta(days=30)
LATER_ON = TODAY + timedelta(days=30)

LESSON = LearningText(
    kind=LearningKind.DO,
    topic=EntryTopic.JOURNALISTS,
    lesson="Ask which paper it is for.",
    situation="A reporter wrote to me on a Sunday.",
    conversation="Do you have a minute?\nFor whom?",
    what_i_did="I asked for her questions in writing.",
    outcome="She sent them, and press answered.",
    resources="The press desk",
    channel=Channel.LINKEDIN,
    faced=(Faced.PRESS,),
)
ENTRY = EntryText(
    chapter="Journalists",
    kind=EntryKind.DO,
    topic=EntryTopic.JOURNALISTS,
    title="Ask which paper it is for",
    body="A reporter wrote to me on a Sunday.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`member` and `friend` are active in the pilot, `coach` coaches it; `bystander` is only listed."""

    program: UUID
    slug: str
    lead: UUID
    second_lead: UUID
    cohort: UUID
    member: UUID
    friend: UUID
    coach: UUID
    bystander: UUID

    @property
    def home(self) -> str:
        return f"/programs/{self.slug}"


async def a_scene() -> Scene:
    lead = await an_owner("Lena Lead")
    program = await a_program(lead)
    cohort = await a_cohort(program, lead)
    coach = await a_listed_person(program, lead, "Cora Coach")
    await execute(
        "INSERT INTO coaching (id, cohort, person, appointed_at, appointed_by) VALUES ($1, $2, $3, $4, $5)",
        new_id(),
        cohort,
        coach,
        NOON,
        lead,
    )
    return Scene(
        program=program,
        slug=await fetch_value("SELECT slug FROM program WHERE id = $1", program),
        lead=lead,
        second_lead=await a_person_with(Role.LEAD, program, lead, "Leo Lead"),
        cohort=cohort,
        member=await a_member(program, cohort, lead, "Mia Member"),
        friend=await a_member(program, cohort, lead, "Finn Friend"),
        coach=coach,
        bystander=await a_listed_person(program, lead, "Bo Bystander"),
    )


async def a_cohort(program: UUID, by: UUID, *, position: int = 0, name: str = "Pilot") -> UUID:
    cohort = new_id()
    await execute(
        "INSERT INTO cohort (id, program, phase, name, state, zone, tracking_start_on, made_at, made_by)"
        " SELECT $1, $2, id, $3, 'running', 'Europe/Berlin', $4, $5, $6 FROM phase"
        " WHERE program = $2 AND position = $7",
        cohort,
        program,
        name,
        TODAY,
        NOON,
        by,
        position,
    )
    return cohort


async def a_member(program: UUID, cohort: UUID, by: UUID, name: str, state: str = "active") -> UUID:
    person = await a_listed_person(program, by, name)
    await enrol(cohort, person, by, state)
    return person


async def enrol(cohort: UUID, person: UUID, by: UUID, state: str) -> None:
    enrolment = new_id()
    await execute(
        "INSERT INTO enrolment (id, cohort, person, made_at, made_by) VALUES ($1, $2, $3, $4, $5)",
        enrolment,
        cohort,
        person,
        NOON,
        by,
    )
    await execute(
        "INSERT INTO spell (id, cohort, enrolment, state, from_on, since_at, by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        new_id(),
        cohort,
        enrolment,
        state,
        TODAY,
        NOON,
        by,
    )


async def reader(scene: Scene, person: UUID) -> Reader:
    """Who the person is in the program now."""
    async with transaction():
        token = await begin_session(person, NOON)
    visit = (await arrival(token, NOON, scene.slug)).in_program
    assert visit is not None
    return visit.reader


async def a_learning(
    scene: Scene, by: UUID | None = None, *, send: bool = True, now: datetime = NOON, **words: Any
) -> UUID:
    return await log_learning(
        scene.program, replace(LESSON, **words), send=send, by=by or scene.member, now=now, sent=a_form()
    )


async def some_entry(scene: Scene) -> EntryCopy:
    """The first entry of the draft."""
    return (await draft_copies(scene.program))[0]


async def column(name: str, learning: UUID) -> Any:
    return await fetch_value(f"SELECT {name} FROM learning WHERE id = $1", learning)


async def newest_event(program: UUID) -> Any:
    return await fetch_row("SELECT * FROM event WHERE program = $1 ORDER BY number DESC LIMIT 1", program)


async def letters(letter: str) -> list[UUID]:
    """Who gets a letter of that name."""
    found: list[UUID] = await fetch_value(
        "SELECT coalesce(array_agg(recipient ORDER BY id), '{}') FROM delivery WHERE letter = $1", letter
    )
    return found
