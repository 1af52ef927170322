from typing import Any
from uuid import UUID, uuid4

import pytest

from playbooks.entries.actions import write_entry
from playbooks.entries.rules import EntryKind, EntryText, EntryTopic
from playbooks.tracks.actions import TrackIsLocked, begin_track, change_assessment, finish_reading
from playbooks.tracks.queries import track_of
from playbooks.tracks.rules import (
    EditionNotPublished,
    EnrolmentSuspended,
    EnrolmentWithdrawn,
    GateNotOpened,
    ModuleKind,
)
from program.database import fetch, fetch_value, new_id, transaction
from program.refusals import NotAllowed, NotFound
from tests.cast import NOON, a_program
from tests.playbooks.learners import (
    TODAY,
    School,
    a_school,
    move_to,
    open_gate,
    own_track,
    publish_edition_one,
    read_everything,
    someone_in_the_first_circle,
)
from tests.playbooks.scenarios import ADVERT


async def begin(school: School, track: UUID, by: UUID | None = None, program: UUID | None = None) -> None:
    await begin_track(track, program=program or school.program, by=by or school.member, now=NOON, today=TODAY)


async def test_a_new_program_has_a_track_for_each_phase_and_the_starter_track_is_built(database: str) -> None:
    school = await a_school()
    rows = await fetch(
        "SELECT t.name, f.position, a.required, b.position AS gate_of, t.edition IS NOT NULL AS built FROM track t"
        " JOIN track_phase a ON a.track = t.id JOIN phase f ON f.id = a.phase LEFT JOIN gate g ON g.id = t.opens_with"
        " LEFT JOIN phase b ON b.id = g.phase WHERE t.program = $1 ORDER BY f.position",
        school.program,
    )
    assert [(row["position"], row["gate_of"], row["required"], row["built"]) for row in rows] == [
        (0, None, True, True),
        (1, 0, True, False),
        (2, 1, True, False),
        (3, 2, True, False),
    ]
    assert rows[0]["name"] == "Before your first post"
    assert rows[1]["name"] == "Ready to speak: First circle"


async def test_a_track_has_a_reading_for_each_chapter_scenarios_behind_theirs_and_the_assessment_last(
    database: str,
) -> None:
    school = await a_school()
    track = await own_track(school)
    chapters = await fetch(
        "SELECT chapter, count(*) FILTER (WHERE n.scenario IS NULL) AS entries,"
        " array_agg(n.title ORDER BY position) FILTER (WHERE n.scenario IS NOT NULL) AS played FROM edition_entry n JOIN edition e ON e.id = n.edition"
        " WHERE e.program = $1 GROUP BY chapter ORDER BY min(position)",
        school.program,
    )
    assert [(module.title, module.entries) for module in track.readings] == [
        (row["chapter"], row["entries"]) for row in chapters
    ]
    assert [module.title for module in track.modules[:-1]] == [
        title for row in chapters for title in (row["chapter"], *(row["played"] or ()))
    ]
    assert len(track.scenarios) == 2
    assert [module.kind for module in track.modules][-1] is ModuleKind.ASSESSMENT
    assert track.questions == 8
    assert track.needed == 7


async def test_a_later_edition_builds_the_other_tracks_and_leaves_the_starter_track(database: str) -> None:
    school = await a_school()
    await publish_edition_one(school)
    editions = await fetch(
        "SELECT n.number FROM track t JOIN edition n ON n.id = t.edition JOIN track_phase a ON a.track = t.id"
        " JOIN phase f ON f.id = a.phase WHERE t.program = $1 ORDER BY f.position",
        school.program,
    )
    assert [row["number"] for row in editions] == [0, 1, 1, 1]


async def test_whoever_began_goes_on_with_the_edition_they_began_with(database: str) -> None:
    school = await a_school()
    newcomer = await someone_in_the_first_circle(school)
    await publish_edition_one(school)
    await open_gate(school.program)
    track = await own_track(school, newcomer)
    await begin(school, track.id, newcomer)
    begun = await own_track(school, newcomer)
    await publish_edition_one(school, chapter="When a friend asks")
    assert await own_track(school, newcomer) == begun
    assert begun.edition_number == 1


async def test_beginning_twice_is_beginning_once(database: str) -> None:
    school = await a_school()
    track = await own_track(school)
    await begin(school, track.id)
    await begin(school, track.id)
    assert await fetch_value("SELECT count(*) FROM beginning WHERE person = $1", school.member) == 1
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'track_begun'") == 1


async def test_a_locked_track_is_not_begun_and_says_why(database: str) -> None:
    school = await a_school()
    newcomer = await someone_in_the_first_circle(school, "invited")
    track = await own_track(school, newcomer)
    with pytest.raises(TrackIsLocked) as refused:
        await begin(school, track.id, newcomer)
    assert [type(reason) for reason in refused.value.lock] == [GateNotOpened, EditionNotPublished]
    assert "Locked until the gate to “First circle” opens" in refused.value.sentence()
    assert await fetch_value("SELECT count(*) FROM beginning") == 0


async def test_opening_the_gate_with_an_edition_published_unlocks_the_track(database: str) -> None:
    school = await a_school()
    newcomer = await someone_in_the_first_circle(school, "invited")
    await publish_edition_one(school)
    assert [type(reason) for reason in (await own_track(school, newcomer)).lock] == [GateNotOpened]
    await open_gate(school.program)
    track = await own_track(school, newcomer)
    assert track.lock == ()
    await begin(school, track.id, newcomer)
    assert (await own_track(school, newcomer)).begun_at == NOON


async def test_a_track_for_others_or_of_another_program_is_not_found(database: str) -> None:
    school = await a_school()
    newcomer = await someone_in_the_first_circle(school)
    starter = await own_track(school)
    other = await a_program(school.lead, name="Another")
    with pytest.raises(NotFound):
        await begin(school, starter.id, newcomer)
    with pytest.raises(NotFound):
        await begin(school, starter.id, program=other)
    with pytest.raises(NotFound):
        await begin(school, uuid4())


@pytest.mark.parametrize(
    ("state", "why"), [("withdrawn", EnrolmentWithdrawn), ("suspended", EnrolmentSuspended)]
)
async def test_whoever_left_or_is_suspended_does_not_go_on(database: str, state: str, why: type) -> None:
    school = await a_school()
    track = await own_track(school)
    await begin(school, track.id)
    await move_to(school, state)
    with pytest.raises(TrackIsLocked) as refused:
        await finish_reading(
            track.readings[0].id,
            track=track.id,
            program=school.program,
            by=school.member,
            now=NOON,
            today=TODAY,
        )
    assert [type(reason) for reason in refused.value.lock] == [why]


async def test_a_reading_is_done_once_and_the_next_one_comes_next(database: str) -> None:
    school = await a_school()
    track = await own_track(school)
    await begin(school, track.id)
    for _again in range(2):
        await finish_reading(
            track.readings[0].id,
            track=track.id,
            program=school.program,
            by=school.member,
            now=NOON,
            today=TODAY,
        )
    after = await own_track(school)
    assert [reading.done_at for reading in after.readings][:2] == [NOON, None]
    assert after.next_module is not None
    assert after.next_module.id == track.readings[1].id
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'reading_finished'") == 1


async def test_nothing_is_read_before_the_track_is_begun_nor_is_the_assessment_a_reading(
    database: str,
) -> None:
    school = await a_school()
    track = await own_track(school)
    told: dict[str, Any] = {
        "track": track.id,
        "program": school.program,
        "by": school.member,
        "now": NOON,
        "today": TODAY,
    }
    with pytest.raises(NotFound):
        await finish_reading(track.readings[0].id, **told)
    await begin(school, track.id)
    assert track.assessment is not None
    with pytest.raises(NotFound):
        await finish_reading(track.assessment.id, **told)


async def test_only_a_lead_changes_how_a_track_is_proven(database: str) -> None:
    school = await a_school()
    track = await own_track(school)
    told: dict[str, Any] = {
        "pass_percent": 60,
        "attempts_allowed": 5,
        "wait_hours": 2,
        "questions_asked": 4,
        "now": NOON,
    }
    with pytest.raises(NotAllowed):
        await change_assessment(track.id, **told, program=school.program, by=school.member)
    with pytest.raises(NotFound):
        await change_assessment(uuid4(), **told, program=school.program, by=school.lead)
    await change_assessment(track.id, **told, program=school.program, by=school.lead)
    after = await own_track(school)
    assert (after.questions, after.needed, after.rules.attempts) == (4, 3, 5)


async def test_everything_read_leaves_the_assessment(database: str) -> None:
    school = await a_school()
    track = await read_everything(school)
    assert track.unread == ()
    assert track.bars == ()
    assert track.next_module == track.assessment


async def test_a_track_of_nobody_is_not_found_for_a_stranger(database: str) -> None:
    school = await a_school()
    track = await own_track(school)
    with pytest.raises(NotFound):
        await track_of(school.lead, school.program, track.id, today=TODAY, now=NOON)


async def test_a_chapter_that_is_only_played_has_no_reading(database: str) -> None:
    school = await a_school()
    newcomer = await someone_in_the_first_circle(school)
    text = EntryText(
        chapter="When somebody shouts",
        kind=EntryKind.SCENARIO,
        topic=EntryTopic.ANGRY_CRITICS,
        title="Practise a shout",
        body="Breathe first.",
        scenario=ADVERT,
    )
    async with transaction():
        await write_entry(school.program, text, id=new_id(), by=school.lead, now=NOON, today=TODAY)
    await publish_edition_one(school)
    track = await own_track(school, newcomer)
    assert "When somebody shouts" not in [module.title for module in track.readings]
    assert [module.title for module in track.scenarios][-1] == "Practise a shout"
    assert [module.entries for module in track.scenarios] == [1, 1, 1]
