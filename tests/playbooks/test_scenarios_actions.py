import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from playbooks.scenarios.actions import WentOnElsewhere, go_back, say
from playbooks.scenarios.queries import ScenarioPage, scenario_page
from playbooks.tracks.actions import TrackIsLocked, begin_track
from playbooks.tracks.own_tracks import OwnTrack
from program.database import fetch, fetch_value
from program.refusals import NotFound
from tests.cast import NOON
from tests.playbooks.learners import TODAY, School, a_school, move_to, own_track, way_to


async def begun(school: School) -> OwnTrack:
    track = await own_track(school)
    await begin_track(track.id, program=school.program, by=school.member, now=NOON, today=TODAY)
    return await own_track(school)


async def played(school: School, track: OwnTrack) -> ScenarioPage:
    return await scenario_page(track.scenarios[0].id, person=school.member, own=track)


async def answer(
    school: School, track: OwnTrack, place: int, *, number: int = 1, after: int, module: UUID | None = None
) -> None:
    await say(
        place,
        module or track.scenarios[0].id,
        number=number,
        after=after,
        track=track.id,
        program=school.program,
        by=school.member,
        now=NOON,
        today=TODAY,
    )


async def back(school: School, track: OwnTrack, *, number: int, to: int) -> None:
    await go_back(
        track.scenarios[0].id,
        number=number,
        to=to,
        track=track.id,
        program=school.program,
        by=school.member,
        now=NOON,
        today=TODAY,
    )


async def play(school: School, track: OwnTrack, *, held: bool) -> tuple[int, ...]:
    """To an end of that kind, from where it stands."""
    page = await played(school, track)
    way = way_to(page.scenario, held=held, after=page.choices)
    for after, place in enumerate(way, start=len(page.choices)):
        await answer(school, track, place, number=page.number, after=after)
    return way


async def runs() -> list[tuple[int, str, bool | None]]:
    rows = await fetch("SELECT number, choices, held FROM scenario_run ORDER BY number")
    return [(row["number"], row["choices"], row["held"]) for row in rows]


async def test_a_conversation_that_holds_completes_the_module_and_is_told_once(database: str) -> None:
    school = await a_school()
    track = await begun(school)
    way = await play(school, track, held=True)
    assert [number for number, _choices, held in await runs() if held] == [1]
    own = await own_track(school)
    assert own.scenarios[0].done_at == NOON
    assert own.unpractised == (own.scenarios[1],)
    assert own.done == 1
    page = await played(school, own)
    assert page.choices == way
    assert page.ending is not None
    assert page.ending.held
    await back(school, track, number=1, to=0)
    await play(school, own, held=True)
    assert (await own_track(school)).scenarios[0].tries == 2
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'scenario_held'") == 1


async def test_an_end_that_does_not_hold_completes_nothing_and_tells_nobody(database: str) -> None:
    school = await a_school()
    track = await begun(school)
    await play(school, track, held=False)
    assert [held for _number, _choices, held in await runs()] == [False]
    assert (await own_track(school)).scenarios[0].done_at is None
    assert await fetch_value("SELECT count(*) FROM event WHERE name LIKE 'scenario%'") == 0


async def test_after_the_end_going_back_begins_the_next_try_with_what_was_said_before(database: str) -> None:
    school = await a_school()
    track = await begun(school)
    for after, place in enumerate((0, 0, 1)):
        await answer(school, track, place, after=after)
    await play(school, track, held=False)
    await back(school, track, number=1, to=2)
    await back(school, track, number=1, to=2)
    assert [(number, choices) for number, choices, held in await runs() if held is None] == [(2, "[0, 0]")]
    assert len(await runs()) == 2
    page = await played(school, track)
    assert (page.number, page.choices) == (2, (0, 0))


async def test_before_the_end_an_answer_is_taken_back_in_the_same_try(database: str) -> None:
    school = await a_school()
    track = await begun(school)
    await answer(school, track, 0, after=0)
    await answer(school, track, 1, after=1)
    await back(school, track, number=1, to=1)
    await back(school, track, number=1, to=1)
    assert await runs() == [(1, "[0]", None)]
    await back(school, track, number=7, to=0)
    assert await runs() == [(1, "[0]", None)]


async def test_an_answer_sent_twice_is_given_once(database: str) -> None:
    school = await a_school()
    track = await begun(school)
    await answer(school, track, 1, after=0)
    await answer(school, track, 1, after=0)
    assert await runs() == [(1, "[1]", None)]


async def test_twenty_at_once_give_one_answer(database: str) -> None:
    school = await a_school()
    track = await begun(school)
    await asyncio.gather(*(answer(school, track, 0, after=0) for _each in range(20)))
    assert await runs() == [(1, "[0]", None)]


async def test_another_answer_in_another_tab_is_refused_and_changes_nothing(database: str) -> None:
    school = await a_school()
    track = await begun(school)
    await answer(school, track, 0, after=0)
    for place, number, after in ((1, 1, 0), (0, 1, 3), (0, 2, 0)):
        with pytest.raises(WentOnElsewhere):
            await answer(school, track, place, number=number, after=after)
    assert await runs() == [(1, "[0]", None)]
    await play(school, track, held=False)
    ended = await runs()
    with pytest.raises(WentOnElsewhere) as refused:
        await answer(school, track, 0, after=len((await played(school, track)).choices))
    assert "another tab" in refused.value.sentence()
    assert await runs() == ended


async def test_two_tabs_that_answer_differently_at_once_leave_one_conversation(database: str) -> None:
    school = await a_school()
    track = await begun(school)
    results = await asyncio.gather(
        *(answer(school, track, place, after=0) for place in (0, 1)), return_exceptions=True
    )
    assert sum(isinstance(result, WentOnElsewhere) for result in results) == 1
    assert len(await runs()) == 1


async def test_an_answer_that_is_not_offered_is_not_found(database: str) -> None:
    school = await a_school()
    track = await begun(school)
    with pytest.raises(NotFound):
        await answer(school, track, 5, after=0)
    with pytest.raises(NotFound):
        await answer(school, track, 0, after=0, module=track.readings[0].id)
    with pytest.raises(NotFound):
        await answer(school, track, 0, after=0, module=uuid4())
    assert await runs() == []


async def test_before_the_track_is_begun_there_is_no_conversation(database: str) -> None:
    school = await a_school()
    with pytest.raises(NotFound):
        await answer(school, await own_track(school), 0, after=0)


async def test_whoever_left_does_not_go_on(database: str) -> None:
    school = await a_school()
    track = await begun(school)
    await move_to(school, "withdrawn")
    with pytest.raises(TrackIsLocked):
        await answer(school, track, 0, after=0)


async def test_the_database_keeps_one_open_try(database: str) -> None:
    school = await a_school()
    track = await begun(school)
    await answer(school, track, 0, after=0)
    assert (
        await fetch_value(
            "SELECT count(*) FROM pg_indexes WHERE indexname = 'scenario_run_open' AND indexdef LIKE '%ended_at IS NULL%'"
        )
        == 1
    )
    assert (await fetch("SELECT begun_at FROM scenario_run"))[0]["begun_at"] < NOON + timedelta(days=1)


async def test_a_module_without_its_entry_is_not_found(database: str) -> None:
    school = await a_school()
    track = await begun(school)
    await fetch_value("DELETE FROM module_entry WHERE module = $1 RETURNING true", track.scenarios[0].id)
    with pytest.raises(NotFound):
        await played(school, track)
