from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from playbooks.chapters.actions import rename_chapter
from playbooks.clearances.rules import Clearance
from playbooks.track_plans.actions import TrackNameTaken, lay_out_track
from playbooks.track_plans.rules import TrackPlan
from playbooks.tracks.actions import begin_track
from playbooks.tracks.own_tracks import tracks_of
from playbooks.tracks.rules import NotAtLevel, PrerequisiteNotPassed
from program.database import execute, fetch, fetch_value, new_id
from program.refusals import NotAllowed, NotFound
from tests.cast import NOON, a_form, a_program
from tests.playbooks.learners import (
    TODAY,
    School,
    a_school,
    open_gate,
    publish_edition_one,
    someone_in_the_first_circle,
)
from tests.playbooks.writers import newest_event

pytestmark = pytest.mark.usefixtures("database")

ANGRY = "When someone is angry"


async def phases(program: UUID) -> list[UUID]:
    rows = await fetch("SELECT id FROM phase WHERE program = $1 ORDER BY position", program)
    return [row["id"] for row in rows]


async def a_plan(school: School, **told: Any) -> TrackPlan:
    after_the_pilot = (await phases(school.program))[1:]
    plan = TrackPlan(
        name="Critics",
        purpose="Those who are angry.",
        chapters=(ANGRY,),
        phases=tuple(after_the_pilot),
        required=False,
        grants=Clearance.SHARE,
    )
    return replace(plan, **told)


async def laid_out(school: School, **told: Any) -> UUID:
    plan = await a_plan(school, **told)
    return await lay_out_track(school.program, plan, by=school.lead, now=NOON, sent=a_form())


async def titles(track: UUID) -> list[str]:
    rows = await fetch(
        "SELECT m.title FROM module m JOIN track t ON t.id = m.track AND t.edition = m.edition WHERE t.id = $1"
        " ORDER BY m.position",
        track,
    )
    return [row["title"] for row in rows]


async def names(program: UUID) -> set[str]:
    return {row["name"] for row in await fetch("SELECT name FROM track WHERE program = $1", program)}


async def test_a_track_teaches_its_chapters_and_asks_their_questions_only() -> None:
    school = await a_school()
    track = await laid_out(school, chapters=(ANGRY, "Nothing called that"))
    taught = await titles(track)
    assert taught[0] == ANGRY
    assert "Say who you are" not in taught
    person = await someone_in_the_first_circle(school)
    await open_gate(school.program)
    (own,) = await tracks_of(person, school.program, today=TODAY, now=NOON, only=track)
    assert own.questions == await fetch_value(
        "SELECT count(*) FROM edition_entry WHERE chapter = $1 AND question IS NOT NULL", ANGRY
    )
    assert own.grants is Clearance.SHARE
    assert own.lock == ()
    event = await newest_event(school.program)
    assert (event["name"], event["subject"]) == ("track_laid_out", track)


async def test_a_track_waits_for_the_edition_that_has_its_first_chapter_and_follows_each_later_one() -> None:
    school = await a_school()
    track = await laid_out(school, chapters=("When it rains", ANGRY))
    assert await titles(track) == []
    await publish_edition_one(school, chapter="When it rains")
    assert "When it rains" in await titles(track)
    assert (
        await fetch_value(
            "SELECT e.number FROM track t JOIN edition e ON e.id = t.edition WHERE t.id = $1", track
        )
        == 1
    )


async def test_a_chapter_that_gets_another_name_is_still_taught() -> None:
    school = await a_school()
    track = await laid_out(school)
    await rename_chapter(school.program, ANGRY, "When it thunders", by=school.lead, now=NOON)
    await publish_edition_one(school)
    assert (await titles(track))[0] == "When it thunders"


async def test_a_required_track_takes_the_place_of_those_that_nobody_began() -> None:
    school = await a_school()
    await publish_edition_one(school)
    person = await someone_in_the_first_circle(school)
    await open_gate(school.program)
    (begun,) = await tracks_of(person, school.program, today=TODAY, now=NOON)
    await begin_track(begun.id, program=school.program, by=person, now=NOON, today=TODAY)
    unused = await names(school.program) - {begun.name, "Before your first post"}
    assert unused
    track = await laid_out(school, name="Core", required=True)
    assert await names(school.program) == {"Before your first post", begun.name, "Core"}
    required = await fetch(
        "SELECT DISTINCT track FROM track_phase WHERE required AND phase = ANY($1)",
        (await phases(school.program))[1:],
    )
    assert [row["track"] for row in required] == [track]
    assert begun.id in {own.id for own in await tracks_of(person, school.program, today=TODAY, now=NOON)}


async def test_levels_and_tracks_to_be_passed_before_keep_a_track_locked() -> None:
    school = await a_school()
    core = await laid_out(school, name="Core", required=True)
    track = await laid_out(school, needs=(core,), level_from=5)
    person = await someone_in_the_first_circle(school)
    await execute("UPDATE person SET level = 4 WHERE id = $1", person)
    await open_gate(school.program)
    first, second = await tracks_of(person, school.program, today=TODAY, now=NOON)
    assert (first.id, first.lock) == (core, ())
    assert second.id == track
    assert [type(reason) for reason in second.lock] == [NotAtLevel, PrerequisiteNotPassed]


async def test_what_is_required_stands_before_what_is_offered() -> None:
    school = await a_school()
    await laid_out(school, name="A track with an early name")
    await laid_out(school, name="Zuerst", required=True)
    person = await someone_in_the_first_circle(school)
    tracks = await tracks_of(person, school.program, today=TODAY, now=NOON)
    assert [own.name for own in tracks] == ["Zuerst", "A track with an early name"]


async def test_the_same_form_lays_out_one_track() -> None:
    school = await a_school()
    form, plan = a_form(), await a_plan(school)
    first = await lay_out_track(school.program, plan, by=school.lead, now=NOON, sent=form)
    assert await lay_out_track(school.program, plan, by=school.lead, now=NOON, sent=form) == first


async def test_two_tracks_of_one_name_are_refused() -> None:
    school = await a_school()
    await laid_out(school)
    with pytest.raises(TrackNameTaken) as refused:
        await laid_out(school)
    assert "“Critics”" in refused.value.sentence()


async def test_phases_and_tracks_of_another_program_are_not_found() -> None:
    school = await a_school()
    other = await a_program(school.lead, "Another")
    theirs = await fetch_value("SELECT id FROM track WHERE program = $1 LIMIT 1", other)
    for told in ({"phases": tuple(await phases(other))}, {"needs": (theirs,)}, {"phases": ()}):
        with pytest.raises(NotFound):
            await laid_out(school, **told)
    with pytest.raises(NotFound):
        await lay_out_track(new_id(), await a_plan(school), by=school.lead, now=NOON, sent=a_form())


async def test_only_leads_lay_out_tracks() -> None:
    school = await a_school()
    with pytest.raises(NotAllowed):
        await lay_out_track(school.program, await a_plan(school), by=school.member, now=NOON, sent=a_form())
