from uuid import UUID

import pytest

from playbooks.certificates.rules import CertificateState
from playbooks.tracks.actions import begin_track
from playbooks.tracks.own_tracks import Place
from playbooks.tracks.queries import (
    PEOPLE_A_PAGE,
    my_training,
    next_step,
    reading_page,
    track_desk,
    track_lines,
)
from playbooks.tracks.rules import GateNotOpened, ModuleKind, StepKind
from playbooks.tracks.words import lock_sentences
from program.database import fetch_value
from program.refusals import NotFound
from program.roles.rules import Reader, Role
from tests.cast import NOON, a_listed_person, a_program, counted_queries
from tests.cohorts.scene import a_cohort, a_member
from tests.playbooks.learners import (
    TODAY,
    School,
    a_school,
    an_attempt,
    certified,
    days_later,
    hand_in_wrong,
    move_to,
    open_gate,
    own_track,
    publish_edition_one,
    read_everything,
    someone_in_the_first_circle,
)


def reader(school: School, person: UUID, *roles: Role, coached: tuple[UUID, ...] = ()) -> Reader:
    return Reader(
        person=person,
        name="Somebody",
        owner=False,
        program=school.program,
        granted=frozenset(roles),
        listed=True,
        coached=frozenset(coached),
        memberships=(),
    )


async def kind_of_next(school: School, day: int = 0) -> StepKind | None:
    now, today = days_later(day)
    step = await next_step(reader(school, school.member), today=today, now=now)
    return step.kind if step else None


async def test_the_next_step_leads_from_beginning_to_certificate(database: str) -> None:
    school = await a_school()
    assert await kind_of_next(school) is StepKind.BEGIN
    track = await own_track(school)
    await begin_track(track.id, program=school.program, by=school.member, now=NOON, today=TODAY)
    assert await kind_of_next(school) is StepKind.READ
    await read_everything(school)
    assert await kind_of_next(school) is StepKind.TAKE_ASSESSMENT
    await an_attempt(school)
    assert await kind_of_next(school) is StepKind.GO_ON_WITH_ASSESSMENT


async def test_after_passing_nothing_is_next_until_the_certificate_is_due(database: str) -> None:
    school = await a_school()
    await certified(school)
    assert await kind_of_next(school) is None
    assert await kind_of_next(school, day=300) is None
    assert await kind_of_next(school, day=340) is StepKind.TAKE_ASSESSMENT
    assert await kind_of_next(school, day=400) is StepKind.TAKE_ASSESSMENT


async def test_after_failing_one_waits_and_in_the_end_asks_a_lead(database: str) -> None:
    school = await a_school()
    await read_everything(school)
    await hand_in_wrong(school)
    assert await kind_of_next(school) is StepKind.WAIT
    assert await kind_of_next(school, day=1) is StepKind.TAKE_ASSESSMENT
    for day in (1, 2):
        await hand_in_wrong(school, now=days_later(day)[0])
    assert await kind_of_next(school, day=5) is StepKind.ASK_A_LEAD


async def test_the_next_step_is_told_in_two_queries_where_no_gate_is_waited_for(database: str) -> None:
    school = await a_school()
    await kind_of_next(school)
    with counted_queries() as seen:
        await next_step(reader(school, school.member), today=TODAY, now=NOON)
    assert len(seen) == 2


async def test_a_locked_track_says_when_the_gate_opens_at_the_earliest_while_something_is_unwritten(
    database: str,
) -> None:
    school = await a_school()
    newcomer = await someone_in_the_first_circle(school, "invited")
    step = await next_step(reader(school, newcomer), today=TODAY, now=NOON)
    assert step is not None
    assert step.kind is StepKind.LOCKED
    gate = step.lock[0]
    assert isinstance(gate, GateNotOpened)
    assert gate.leads_to == "First circle"
    assert gate.at_earliest or gate.forecast is None
    assert "A lead and a sponsor open it together." in lock_sentences(step.lock, TODAY)[0]


async def test_what_can_be_done_comes_before_what_is_locked(database: str) -> None:
    school = await a_school()
    circle = await a_cohort(school.program, school.lead, start=None, name="First circle", position=1)
    await a_member(circle, [("invited", TODAY, None)], school.member)
    training = await my_training(reader(school, school.member), today=TODAY, now=NOON)
    assert [bool(track.lock) for track in training.tracks] == [False, True]
    assert training.next_step is not None
    assert training.next_step.track.id == training.tracks[0].id


@pytest.mark.parametrize("state", ["declined", "withdrawn", "suspended"])
async def test_tracks_of_a_circle_one_does_not_belong_to_any_more_are_not_shown(
    database: str, state: str
) -> None:
    school = await a_school(state)
    training = await my_training(reader(school, school.member), today=TODAY, now=NOON)
    assert training.tracks == ()
    assert training.next_step is None


async def test_a_track_that_was_begun_stays_in_view_with_the_reason_why_it_rests(database: str) -> None:
    school = await a_school()
    await read_everything(school)
    await move_to(school, "suspended")
    training = await my_training(reader(school, school.member), today=TODAY, now=NOON)
    assert "suspended" in lock_sentences(training.tracks[0].lock, TODAY)[0]


async def test_my_training_takes_the_same_queries_however_many_tracks_and_attempts(database: str) -> None:
    school = await a_school()
    await publish_edition_one(school)
    await kind_of_next(school)
    counts = []
    for position in (0, 1, 2, 3):
        if position:
            await open_gate(school.program, position - 1)
            name = f"Circle {position}"
            circle = await a_cohort(school.program, school.lead, start=None, name=name, position=position)
            await a_member(circle, [("active", TODAY, None)], school.member)
        with counted_queries() as seen:
            training = await my_training(reader(school, school.member), today=TODAY, now=NOON)
        assert len(training.tracks) == position + 1
        counts.append(len(seen))
    assert len(set(counts)) == 1


async def test_a_reading_shows_its_entries_with_what_comes_before_and_after(database: str) -> None:
    school = await a_school()
    before = await own_track(school)
    with pytest.raises(NotFound):
        await reading_page(before.readings[0].id, own=before)
    track = await read_everything(school)
    first = await reading_page(track.modules[0].id, own=track)
    assert track.place_of(track.modules[0].id) == Place(
        number=1, whole=len(track.modules), previous=None, next=track.modules[1]
    )
    assert first.entries[0].title == "Say where you work, in the post itself"
    assert track.place_of(track.readings[-1].id).next == track.assessment
    assert track.assessment is not None
    assert track.place_of(track.assessment.id).next is None
    with pytest.raises(NotFound):
        await reading_page(track.assessment.id, own=track)


async def test_a_lead_sees_every_track_in_order_with_how_many_came_how_far(database: str) -> None:
    school = await a_school()
    await certified(school)
    lines = await track_lines(reader(school, school.lead, Role.LEAD))
    starter, core = lines[0], lines[1]
    assert (starter.begun, starter.passed, starter.edition_number) == (1, 1, 0)
    assert (starter.phases, starter.opens_after) == (("Pilot",), None)
    assert (core.opens_after, core.gate_opened, core.edition_number) == ("First circle", False, None)
    assert not starter.too_few_questions
    assert not core.too_few_questions


async def test_an_edition_with_few_questions_is_told(database: str) -> None:
    school = await a_school()
    await fetch_value("UPDATE edition_entry SET question = NULL WHERE position > 2 RETURNING true")
    line = (await track_lines(reader(school, school.lead, Role.LEAD)))[0]
    assert line.questions < 4
    assert line.too_few_questions


async def test_a_lead_sees_progress_by_name_and_a_coach_that_of_their_own_cohort(database: str) -> None:
    school = await a_school()
    other = await a_cohort(school.program, school.lead, start=None, name="Pilot in Porto")
    porto = await a_listed_person(school.program, school.lead, "Pia Porto")
    await a_member(other, [("preparing", TODAY, None)], porto)
    await certified(school)
    track = (await own_track(school)).id
    seen = await track_desk(track, seen_by=reader(school, school.lead, Role.LEAD), today=TODAY)
    assert [(each.name, each.steps_done, each.steps, each.attempts) for each in seen.people] == [
        ("Mia Member", 9, 9, 1),
        ("Pia Porto", 0, 9, 0),
    ]
    assert [(each.kind, each.title) for each in seen.modules][3:6] == [
        (ModuleKind.READING, "When someone is angry"),
        (ModuleKind.SCENARIO, "Practise being called a paid mouthpiece"),
        (ModuleKind.SCENARIO, "Practise an angry customer who is right"),
    ]
    assert [each.certificate_state for each in seen.people] == [CertificateState.VALID, None]
    coached = await track_desk(track, seen_by=reader(school, school.lead, coached=(other,)), today=TODAY)
    assert [each.name for each in coached.people] == ["Pia Porto"]
    assert (coached.track.begun, coached.track.passed) == (0, 0)
    nobody = await track_desk(track, seen_by=reader(school, school.lead), today=TODAY)
    assert nobody.people == ()
    elsewhere = await a_program(school.lead, name="Another")
    foreign = await fetch_value("SELECT id FROM track WHERE program = $1 LIMIT 1", elsewhere)
    with pytest.raises(NotFound):
        await track_desk(foreign, seen_by=reader(school, school.lead, Role.LEAD), today=TODAY)


async def test_people_come_a_page_at_a_time(database: str) -> None:
    school = await a_school()
    for number in range(PEOPLE_A_PAGE):
        person = await a_listed_person(school.program, school.lead, f"Member {number:03}")
        await a_member(school.cohort, [("preparing", TODAY, None)], person)
    track = (await own_track(school)).id
    lead = reader(school, school.lead, Role.LEAD)
    first = await track_desk(track, seen_by=lead, today=TODAY)
    second = await track_desk(track, seen_by=lead, today=TODAY, page=2)
    assert (len(first.people), first.more) == (PEOPLE_A_PAGE, True)
    assert ([each.name for each in second.people], second.more) == (["Mia Member"], False)
