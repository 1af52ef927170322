"""Two pilots to walk through: one in its sixth month with something still missing, and one whose gate is ready."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta

from cohorts.cohorts.actions import appoint_coach
from cohorts.gates.actions import tell_ready_gates
from cohorts.months.actions import retake_months
from cohorts.readings.actions import keep_reading
from playbooks.entries.rules import EntryKind, EntryText, EntryTopic
from playbooks.learnings.actions import log_learning
from playbooks.learnings.rules import LearningKind, LearningText
from playbooks.reviews.actions import accept_learnings
from program.database import execute, new_id, transaction
from program.installation.queries import machine_now
from program.roles.actions import grant_role
from program.roles.rules import Role
from program.sign_in.actions import begin_session
from tests.cast import a_form, a_listed_person, a_program, an_owner
from tests.cohorts.scene import a_cohort, a_member, a_ready_pilot, an_activity, the_gate

NAMES = (
    "Amara Diallo",
    "Ben Okafor",
    "Carla Weiss",
    "David Lindqvist",
    "Elif Demir",
    "Finn Larsen",
    "Giulia Rossi",
    "Hana Sato",
)
MONTHS, PAUSED_IN = 6, 2
QUIET = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilots:
    """Sessions of the people, and where the gates are."""

    lead: str
    sponsor: str
    member: str
    gate: str
    ready_gate: str


async def pilots(_secret: str) -> Pilots:
    now = machine_now()
    today = now.date()
    lena = await an_owner("Lena Vogt")
    program = await a_program(lena, now=now - timedelta(days=200))
    ines = await a_listed_person(program, lena, "Ines Moreau")
    await grant_role(Role.SPONSOR, program=program, to=ines, by=lena, now=now)
    members = await _running(program, lena, now)
    await _learnings(program, lena, members, now)
    ready = await a_program(lena, "Ready voices", now=now - timedelta(days=200))
    await _list(ready, ines, lena, now)
    ready_gate = await a_ready_pilot(ready, lena, today=today)
    await tell_ready_gates(now)
    async with transaction():
        return Pilots(
            lead=await begin_session(lena, now),
            sponsor=await begin_session(ines, now),
            member=await begin_session(members[0], now),
            gate=f"/programs/employee-voices/gates/{await the_gate(program)}",
            ready_gate=f"/programs/ready-voices/gates/{ready_gate}",
        )


async def _list(program: UUID, person: UUID, by: UUID, now: datetime) -> None:
    await execute(
        "INSERT INTO listing (id, program, person, listed_at, listed_by) VALUES ($1, $2, $3, $4, $5)",
        new_id(),
        program,
        person,
        now,
        by,
    )
    await grant_role(Role.SPONSOR, program=program, to=person, by=by, now=now)


async def _running(program: UUID, lead: UUID, now: datetime) -> list[UUID]:
    """A pilot tracked for five months and ten days, two weeks of them paused; two of its members fell quiet."""
    today = now.date()
    start = today - relativedelta(months=MONTHS - 1) - timedelta(days=10)
    cohort = await a_cohort(program, lead, start=start)
    people = []
    for number, name in enumerate(NAMES):
        person = await a_listed_person(program, lead, name)
        people.append(person)
        enrolment = await a_member(cohort, [("active", start, None)], person)
        for month in range(MONTHS):
            if month < MONTHS - QUIET or number >= QUIET + 1:
                for times in range(1 + (number + month) % 3):
                    on = start + relativedelta(months=month) + timedelta(days=2 + times)
                    await an_activity(cohort, enrolment, on, month=month)
    pause = start + relativedelta(months=PAUSED_IN)
    await execute(
        "INSERT INTO cohort_pause (id, cohort, from_on, until_on, reason, paused_by)"
        " VALUES ($1, $2, $3, $4, 'The policy was revised.', $5)",
        new_id(),
        cohort,
        pause,
        pause + timedelta(days=14),
        lead,
    )
    coach = await a_listed_person(program, lead, "Cora Haas")
    await appoint_coach(cohort, coach, program=program, by=lead, now=now)
    async with transaction():
        await retake_months(cohort, from_on=start, today=today, now=now)
        for weeks, accepted in ((7, 2), (6, 3), (5, 3), (4, 4), (3, 5)):
            await _accepted(cohort, today - timedelta(weeks=weeks), accepted, now)
    return people


async def _accepted(cohort: UUID, on: date, accepted: int, now: datetime) -> None:
    await keep_reading(
        cohort,
        "learnings_accepted",
        span="day",
        from_on=on,
        until_on=on + timedelta(days=1),
        numerator=accepted,
        denominator=1,
        people=accepted,
        now=now,
    )


async def _learnings(program: UUID, lead: UUID, members: list[UUID], now: datetime) -> None:
    """Seven were accepted into an entry, and three about journalists wait."""
    accepted = [
        await _learning(program, member, EntryTopic.ANGRY_CRITICS, "Answer the person first.", now)
        for member in members[:7]
    ]
    entry = EntryText(
        chapter="When someone is angry",
        kind=EntryKind.DO,
        topic=EntryTopic.ANGRY_CRITICS,
        title="Answer the person before the accusation",
        body="Thank them, ask one question, and only then explain.",
    )
    await accept_learnings(program, accepted, entry, by=lead, now=now, today=now.date(), sent=a_form())
    for member in members[:3]:
        await _learning(program, member, EntryTopic.JOURNALISTS, "Ask which paper it is for.", now)


async def _learning(program: UUID, author: UUID, topic: EntryTopic, lesson: str, now: datetime) -> UUID:
    text = LearningText(
        kind=LearningKind.DO, topic=topic, lesson=lesson, situation="Somebody wrote to me on a Sunday."
    )
    return await log_learning(program, text, send=True, by=author, now=now, sent=a_form())
