"""What the demo's second program teaches: its editions, its conversations, and the four tracks."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from cohorts.criteria.rules import Topic
from playbooks.assessments.actions import begin_attempt, hand_in
from playbooks.clearances.queries import standing_of
from playbooks.clearances.rules import Clearance
from playbooks.editions.queries import newest_edition
from playbooks.editions.rules import is_due, topics_lacking
from playbooks.entries.rules import EntryKind, what_is_wrong_with_question
from playbooks.scenarios.rules import (
    Ending,
    Scenario,
    conversation_after,
    longest_way,
    what_is_wrong_with_scenario,
)
from playbooks.starting_set.queries import starting_set
from playbooks.tracks.actions import begin_track, finish_reading
from playbooks.tracks.own_tracks import OwnTrack
from playbooks.tracks.queries import track_of
from playbooks.tracks.rules import NotAtLevel, PrerequisiteNotPassed
from program.database import execute, fetch, fetch_value
from program.roles.rules import Role
from tests.cast import NOON, a_form, a_listed_person, a_person_with
from tests.cohorts.scene import a_cohort, a_member
from tests.playbooks.learners import open_gate, play_well, right_answers
from tests.playbooks.writers import a_learning, a_scene
from workers.demo.handbook import (
    EDITIONS,
    LEFT_DUE,
    TRACKS,
    HandbookEntry,
    bring_in,
    bring_in_one,
    entries_of,
    keep_fresh,
    make_tracks,
    publish_edition,
    slugs,
    track_text,
    what_is_new,
)

ALL = tuple(entry for edition in EDITIONS for entry in entries_of(edition))
SCENARIOS = [entry for entry in ALL if entry.text.scenario]
DAYS = {number: NOON + timedelta(days=90 * number) for number in EDITIONS}
BANK = {"core": 12, "critics": 10, "leadership": 10, "crisis": 10}


def name_of(entry: HandbookEntry) -> str:
    return entry.slug


def ways_through(scenario: Scenario) -> list[tuple[int, ...]]:
    """Every way of answering, to its end."""
    ways: list[tuple[int, ...]] = []
    open_ways: list[tuple[int, ...]] = [()]
    while open_ways:
        way = open_ways.pop()
        here = conversation_after(scenario, way).now
        if isinstance(here, Ending):
            ways.append(way)
        else:
            open_ways += [(*way, place) for place in range(len(here.answers))]
    return ways


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_edition_brings_entries_under_names_of_their_own_and_says_what_is_new(edition: int) -> None:
    assert len(slugs(edition)) >= 7
    assert len(what_is_new(edition).split()) > 100
    assert len({entry.slug for entry in ALL}) == len(ALL)
    new = [entry.text.title for entry in ALL if entry.revises is None]
    assert len(set(new)) == len(new)


def test_what_an_entry_revises_stands_in_an_edition_before() -> None:
    standing = {entry.title for entry in starting_set()}
    for edition in EDITIONS:
        for entry in entries_of(edition):
            assert entry.revises is None or entry.revises in standing, entry.slug
        standing |= {entry.text.title for entry in entries_of(edition)}


@pytest.mark.parametrize("entry", ALL, ids=name_of)
def test_an_entry_can_be_read_and_its_question_is_worth_asking(entry: HandbookEntry) -> None:
    text = entry.text
    assert 90 <= len(text.body.split()) <= 260
    assert entry.keeper in {"lead", "reviewer", "coach"}
    assert text.question is not None
    assert what_is_wrong_with_question(text.question) == ()
    assert 0 < len(text.question.right) < len(text.question.options)
    assert len(text.question.options) >= 3
    assert len(text.question.why.split()) >= 20


@pytest.mark.parametrize("entry", ALL, ids=name_of)
def test_an_entry_is_set_with_typographic_quotes_and_dashes(entry: HandbookEntry) -> None:
    text, question = entry.text, entry.text.question
    assert question is not None
    words = "\n".join([text.title, text.body, question.prompt, *question.options, question.why])
    assert not re.search(r"""["']|--| - """, words)
    assert words.count("“") == words.count("”")


@pytest.mark.parametrize("entry", SCENARIOS, ids=name_of)
def test_every_way_through_a_conversation_ends_and_every_answer_is_explained(entry: HandbookEntry) -> None:
    scenario = entry.text.scenario
    assert scenario is not None
    assert entry.text.kind is EntryKind.SCENARIO
    assert what_is_wrong_with_scenario(scenario) == ()
    ways = ways_through(scenario)
    ends = {conversation_after(scenario, way).now.name for way in ways}
    assert ends == {ending.name for ending in scenario.endings}
    assert {ending.held for ending in scenario.endings} == {True, False}
    assert all(len(answer.why.split()) >= 8 for turn in scenario.turns for answer in turn.answers)
    assert longest_way(scenario) >= 4
    assert all(2 <= len(turn.answers) <= 4 for turn in scenario.turns)


def test_some_questions_have_several_right_answers() -> None:
    several = [entry for entry in ALL if entry.text.question and entry.text.question.takes_several]
    assert len(several) >= 3


@pytest.mark.parametrize("track", TRACKS)
def test_a_track_has_chapters_that_stand_a_conversation_and_a_bank_of_questions(track: str) -> None:
    told = track_text(track)
    chapters = {entry.chapter for entry in starting_set()} | {entry.text.chapter for entry in ALL}
    questions = {each.title for each in starting_set() if each.question and each.chapter in told.chapters}
    questions |= {entry.text.title for entry in ALL if entry.text.chapter in told.chapters}
    assert set(told.chapters) <= chapters
    assert len(questions) >= BANK[track]
    assert any(entry.text.chapter in told.chapters for entry in SCENARIOS)
    assert all(needed in TRACKS[: TRACKS.index(track)] for needed in told.needs)


async def the_three_editions(program: UUID, lead: UUID) -> None:
    for edition in EDITIONS:
        await bring_in(program, edition, by=lead, now=DAYS[edition])
        await publish_edition(program, edition, by=lead, now=DAYS[edition])


async def test_the_editions_are_published_in_order_and_the_newest_covers_all_topics(database: str) -> None:
    scene = await a_scene()
    for edition in EDITIONS:
        brought = await bring_in(scene.program, edition, by=scene.lead, now=DAYS[edition])
        assert tuple(brought) == slugs(edition)
        await publish_edition(scene.program, edition, by=scene.lead, now=DAYS[edition])
        newest = await newest_edition(scene.program)
        assert newest.number == edition
        texts = {copy.entry: copy.text for copy in newest.copies}
        for entry in entries_of(edition):
            said = texts[brought[entry.slug]]
            assert (said.title, said.body, said.question) == (
                entry.text.title,
                entry.text.body,
                entry.text.question,
            )
    assert topics_lacking(copy.text.topic for copy in newest.copies) == ()
    assert {copy.text.topic.value for copy in newest.copies} >= {topic.value for topic in Topic}
    new = sum(entry.revises is None for entry in ALL)
    assert len(newest.copies) == len(starting_set()) + new


async def test_a_revision_keeps_the_conversation_and_is_as_material_as_its_file_says(database: str) -> None:
    scene = await a_scene()
    await the_three_editions(scene.program, scene.lead)
    revised = [entry for entry in ALL if entry.revises]
    assert {entry.material for entry in revised} == {True, False}
    for edition in EDITIONS:
        for entry in entries_of(edition):
            row = await fetch(
                "SELECT c.material, c.revision, c.scenario FROM edition_entry c JOIN edition d ON d.id = c.edition"
                " WHERE d.program = $1 AND d.number = $2 AND c.title = $3",
                scene.program,
                edition,
                entry.text.title,
            )
            assert row[0]["material"] is entry.material
            assert row[0]["revision"] == (2 if entry.revises else 1)
    kept = await fetch_value(
        "SELECT scenario IS NOT NULL FROM entry WHERE program = $1 AND title = $2",
        scene.program,
        "Practise an angry customer who is right",
    )
    assert kept


async def test_learnings_are_accepted_into_the_entry_that_they_became(database: str) -> None:
    scene = await a_scene()
    first, second = await a_learning(scene), await a_learning(scene)
    made = await bring_in(
        scene.program,
        1,
        by=scene.lead,
        now=DAYS[1],
        learnings={"the-call-on-friday": [first], "answer-the-person": [second]},
        keepers={"lead": scene.lead},
    )
    rows = await fetch("SELECT learning, entry FROM entry_learning")
    assert {row["learning"]: row["entry"] for row in rows} == {
        first: made["the-call-on-friday"],
        second: made["answer-the-person"],
    }
    asked = next(entry for entry in entries_of(1) if entry.slug == "answer-the-person").text.question
    assert asked is not None
    prompt = await fetch_value(
        "SELECT question ->> 'prompt' FROM entry WHERE id = $1", made["answer-the-person"]
    )
    assert prompt == asked.prompt
    assert (
        await fetch_value("SELECT verifier FROM entry WHERE id = $1", made["the-call-on-friday"])
        == scene.lead
    )


async def test_bringing_an_edition_in_passes_over_what_stands_already(database: str) -> None:
    scene = await a_scene()
    early = DAYS[1] - timedelta(days=20)
    learning = await a_learning(scene)
    entry = await bring_in_one(
        scene.program, "the-call-on-friday", 1, by=scene.lead, now=early, learnings=[learning]
    )
    made = await bring_in(scene.program, 1, by=scene.lead, now=DAYS[1])
    assert made["the-call-on-friday"] == entry
    assert await fetch_value("SELECT revision FROM entry WHERE id = $1", entry) == 1
    assert await fetch_value("SELECT verified_on FROM entry WHERE id = $1", entry) == early.date()


async def test_reading_again_leaves_one_entry_due(database: str) -> None:
    scene = await a_scene()
    await the_three_editions(scene.program, scene.lead)
    later = DAYS[3] + timedelta(days=60)
    assert await keep_fresh(scene.program, by=scene.lead, now=later) > 20
    assert await keep_fresh(scene.program, by=scene.lead, now=later) == 0
    rows = await fetch(
        "SELECT title, verified_on, verify_every_days FROM entry WHERE program = $1", scene.program
    )
    due = [row["title"] for row in rows if is_due(row["verified_on"], row["verify_every_days"], later.date())]
    assert due == [entry.text.title for entry in ALL if entry.slug == LEFT_DUE]


async def somebody_in_the_circle(program: UUID, lead: UUID, level: int) -> UUID:
    cohort = await a_cohort(program, lead, start=None, name=f"Circle of {level}", position=1)
    person = await a_listed_person(program, lead, f"Noor Newcomer {level}")
    await execute("UPDATE person SET level = $2 WHERE id = $1", person, level)
    await a_member(cohort, [("preparing", NOON.date(), None)], person)
    return person


async def passed(track: UUID, program: UUID, by: UUID, now: datetime) -> OwnTrack:
    """The track is read, played and proven."""
    today = now.date()
    await begin_track(track, program=program, by=by, now=now, today=today)
    own = await track_of(by, program, track, today=today, now=now)
    for module in own.modules:
        if module in own.readings:
            await finish_reading(module.id, track=track, program=program, by=by, now=now, today=today)
        elif module in own.scenarios:
            await play_well(module.id, track=track, program=program, by=by, now=now)
    assert own.assessment is not None
    attempt = await begin_attempt(
        own.assessment.id, track=track, program=program, by=by, now=now, today=today, sent=a_form()
    )
    await hand_in(attempt, await right_answers(attempt), program=program, by=by, now=now, today=today)
    return await track_of(by, program, track, today=today, now=now)


async def test_the_four_tracks_unlock_for_their_audience_and_are_passed_by_answering_right(
    database: str,
) -> None:
    scene = await a_scene()
    program, now = scene.program, DAYS[3]
    tracks = await make_tracks(program, by=scene.lead, now=DAYS[1])
    await the_three_editions(program, scene.lead)
    await open_gate(program)
    boss = await somebody_in_the_circle(program, scene.lead, 5)
    other = await somebody_in_the_circle(program, scene.lead, 3)
    before = await track_of(boss, program, tracks["crisis"], today=now.date(), now=now)
    waits_for = {reason.track.id for reason in before.lock if isinstance(reason, PrerequisiteNotPassed)}
    assert waits_for == {tracks["core"], tracks["critics"]}
    for track in tracks.values():
        own = await track_of(boss, program, track, today=now.date(), now=now)
        assert own.lock == ()
        assert len(own.scenarios) >= 1
        own = await passed(track, program, boss, now)
        assert own.proven
    assert (await standing_of(boss, program, now.date())).clearance is Clearance.RESPOND_IN_A_CRISIS
    locked = await track_of(other, program, tracks["leadership"], today=now.date(), now=now)
    assert NotAtLevel in {type(reason) for reason in locked.lock}
    await passed(tracks["core"], program, other, now)
    assert (await standing_of(other, program, now.date())).clearance is Clearance.SPEAK


async def test_the_core_track_is_what_each_circle_requires_and_grows_with_the_editions(database: str) -> None:
    scene = await a_scene()
    await bring_in(scene.program, 1, by=scene.lead, now=DAYS[1])
    await publish_edition(scene.program, 1, by=scene.lead, now=DAYS[1])
    tracks = await make_tracks(scene.program, by=scene.lead, now=DAYS[1])
    required = await fetch(
        "SELECT DISTINCT a.track FROM track_phase a JOIN phase f ON f.id = a.phase WHERE f.program = $1"
        " AND f.position > 0 AND a.required",
        scene.program,
    )
    assert [row["track"] for row in required] == [tracks["core"]]
    built = "SELECT array_agg(id) FROM track WHERE program = $1 AND edition IS NOT NULL AND opens_with IS NOT NULL"
    assert set(await fetch_value(built, scene.program)) == {tracks["core"], tracks["critics"]}
    for edition in (2, 3):
        await bring_in(scene.program, edition, by=scene.lead, now=DAYS[edition])
        await publish_edition(scene.program, edition, by=scene.lead, now=DAYS[edition])
    assert set(await fetch_value(built, scene.program)) == set(tracks.values())


async def test_only_who_may_look_after_entries_is_named_as_their_keeper(database: str) -> None:
    scene = await a_scene()
    reviewer = await a_person_with(Role.REVIEWER, scene.program, scene.lead, "Rita Reviewer")
    made = await bring_in(
        scene.program, 1, by=scene.lead, now=DAYS[1], keepers={"reviewer": reviewer, "coach": scene.coach}
    )
    for slug, id in made.items():
        entry = next(each for each in entries_of(1) if each.slug == slug)
        keeper = {"reviewer": reviewer, "coach": scene.coach}.get(entry.keeper)
        row = await fetch("SELECT verifier, verify_every_days FROM entry WHERE id = $1", id)
        assert (row[0]["verifier"], row[0]["verify_every_days"]) == (keeper, entry.verify_days)


@pytest.mark.parametrize("entry", ALL, ids=name_of)
def test_why_an_answer_is_right_does_not_tell_options_by_their_place(entry: HandbookEntry) -> None:
    assert entry.text.question is not None
    assert not re.search(r"\b[Tt]he (first|second|third|fourth|last)\b", entry.text.question.why)
