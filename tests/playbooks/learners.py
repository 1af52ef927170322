"""People in training: a pilot member before the starter track, and what they do in it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import asyncpg

from playbooks.assessments.actions import begin_attempt, hand_in
from playbooks.assessments.queries import asked_in
from playbooks.editions.actions import publish
from playbooks.entries.actions import write_entry
from playbooks.entries.rules import EntryKind, EntryText, EntryTopic
from playbooks.scenarios.actions import say
from playbooks.scenarios.queries import scenario_page
from playbooks.scenarios.rules import Ending, Scenario, conversation_after
from playbooks.tracks.actions import begin_track, finish_reading
from playbooks.tracks.own_tracks import OwnTrack, tracks_of
from playbooks.tracks.queries import track_of
from program.database import execute, fetch_row, fetch_value, new_id, transaction
from tests.cast import NOON, a_form, a_listed_person, a_program, an_owner
from tests.cohorts.scene import a_cohort, a_member, the_gate

TODAY = NOON.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """A program with a pilot cohort that prepares, and one member in it."""

    lead: UUID
    program: UUID
    cohort: UUID
    member: UUID
    enrolment: UUID


async def a_school(state: str = "preparing") -> School:
    lead = await an_owner()
    program = await a_program(lead)
    cohort = await a_cohort(program, lead, start=None)
    member = await a_listed_person(program, lead, "Mia Member")
    enrolment = await a_member(cohort, [(state, TODAY, None)], member)
    return School(lead=lead, program=program, cohort=cohort, member=member, enrolment=enrolment)


async def someone_in_the_first_circle(school: School, state: str = "preparing") -> UUID:
    cohort = await a_cohort(school.program, school.lead, start=None, name="First circle", position=1)
    person = await a_listed_person(school.program, school.lead, "Noor Newcomer")
    await a_member(cohort, [(state, TODAY, None)], person)
    return person


async def move_to(school: School, state: str) -> None:
    await execute(
        "UPDATE spell SET state = $3 WHERE cohort = $1 AND enrolment = $2 AND until_on IS NULL",
        school.cohort,
        school.enrolment,
        state,
    )


async def publish_edition_one(school: School, chapter: str = "When a journalist calls") -> None:
    text = EntryText(
        chapter=chapter,
        kind=EntryKind.DO,
        topic=EntryTopic.JOURNALISTS,
        title="Send journalists to the press office",
        body="They know what is settled and what is not.",
    )
    async with transaction():
        await write_entry(school.program, text, id=new_id(), by=school.lead, now=NOON, today=TODAY)
    await publish(
        school.program, "A chapter on journalists.", by=school.lead, now=NOON, today=TODAY, sent=a_form()
    )


async def open_gate(program: UUID, position: int = 0) -> None:
    await execute(
        "INSERT INTO decision (id, gate, outcome, evidence, evidence_hash, decided_at)"
        " VALUES ($1, $2, 'opened', '{}', ''::bytea, $3)",
        new_id(),
        await the_gate(program, position),
        NOON,
    )


async def own_track(school: School, person: UUID | None = None, now: datetime = NOON) -> OwnTrack:
    """The first track that is meant for this person, as they stand in it."""
    found = await tracks_of(person or school.member, school.program, today=now.date(), now=now)
    return found[0]


async def play_well(module: UUID, *, track: UUID, program: UUID, by: UUID, now: datetime) -> None:
    """A scenario, from where it stands to a good end, by the shortest way there is."""
    own = await track_of(by, program, track, today=now.date(), now=now)
    page = await scenario_page(module, person=by, own=own)
    for place in way_to(page.scenario, held=True, after=page.choices):
        after = len((await scenario_page(module, person=by, own=own)).choices)
        await say(
            place,
            module,
            number=page.number,
            after=after,
            track=track,
            program=program,
            by=by,
            now=now,
            today=now.date(),
        )


def way_to(scenario: Scenario, *, held: bool, after: tuple[int, ...] = ()) -> tuple[int, ...]:
    """The shortest way on to an end of that kind."""
    ways = [after]
    while True:
        way = ways.pop(0)
        here = conversation_after(scenario, way).now
        if isinstance(here, Ending):
            if here.held is held:
                return way[len(after) :]
        else:
            ways += [(*way, place) for place in range(len(here.answers))]


async def read_everything(school: School, person: UUID | None = None) -> OwnTrack:
    """The track is begun, its readings and its scenarios are done."""
    who = person or school.member
    track = await own_track(school, who)
    await begin_track(track.id, program=school.program, by=who, now=NOON, today=TODAY)
    for reading in (await own_track(school, who)).readings:
        await finish_reading(
            reading.id, track=track.id, program=school.program, by=who, now=NOON, today=TODAY
        )
    for scenario in track.scenarios:
        await play_well(scenario.id, track=track.id, program=school.program, by=who, now=NOON)
    return await own_track(school, who)


async def an_attempt(school: School, person: UUID | None = None, now: datetime = NOON) -> UUID:
    who = person or school.member
    track = await own_track(school, who, now)
    assert track.assessment is not None
    return await begin_attempt(
        track.assessment.id,
        track=track.id,
        program=school.program,
        by=who,
        now=now,
        today=now.date(),
        sent=a_form(),
    )


async def right_answers(attempt: UUID) -> dict[str, frozenset[int]]:
    asked, _pass_mark = asked_in(await fetch_value("SELECT questions FROM attempt WHERE id = $1", attempt))
    return {question.id: question.right for question in asked}


async def wrong_answers(attempt: UUID) -> dict[str, frozenset[int]]:
    asked, _pass_mark = asked_in(await fetch_value("SELECT questions FROM attempt WHERE id = $1", attempt))
    return {
        question.id: frozenset({next(place for place in range(9) if place not in question.right)})
        for question in asked
    }


async def hand_in_right(school: School, person: UUID | None = None, now: datetime = NOON) -> UUID:
    """A whole attempt, with every answer right."""
    attempt = await an_attempt(school, person, now)
    await hand_in(
        attempt,
        await right_answers(attempt),
        program=school.program,
        by=person or school.member,
        now=now,
        today=now.date(),
    )
    return attempt


async def hand_in_wrong(school: School, now: datetime = NOON) -> UUID:
    attempt = await an_attempt(school, now=now)
    await hand_in(
        attempt,
        await wrong_answers(attempt),
        program=school.program,
        by=school.member,
        now=now,
        today=now.date(),
    )
    return attempt


async def certified(school: School, person: UUID | None = None) -> UUID:
    """The certificate of the track that is meant for this person."""
    await read_everything(school, person)
    attempt = await hand_in_right(school, person)
    certificate: UUID = await fetch_value("SELECT id FROM certificate WHERE attempt = $1", attempt)
    return certificate


async def state_of(person: UUID) -> str:
    return str(
        await fetch_value(
            "SELECT s.state FROM enrolment e JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id"
            " AND s.until_on IS NULL WHERE e.person = $1",
            person,
        )
    )


def days_later(days: int) -> tuple[datetime, date]:
    return NOON + timedelta(days=days), TODAY + timedelta(days=days)


async def the_row(sql: str, *values: object) -> asyncpg.Record:
    """The one row that this asks for."""
    row = await fetch_row(sql, *values)
    assert row is not None
    return row
