import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from playbooks.editions.actions import (
    NoEntryLeft,
    NothingToPublish,
    PublishedMeanwhile,
    note_reading,
    publish,
    retake_freshness,
    take_playbook_readings,
)
from playbooks.editions.queries import newest_edition
from playbooks.entries.actions import add_entry, change_entry, withdraw_entry
from playbooks.entries.queries import draft_copies
from playbooks.starting_set.queries import starting_set
from program.database import execute, fetch, fetch_row, fetch_value, transaction
from program.refusals import NotAllowed
from tests.cast import NOON, a_form
from tests.playbooks.writers import (
    ENTRY,
    LATER,
    LATER_ON,
    TODAY,
    Scene,
    a_scene,
    newest_event,
    some_entry,
)

pytestmark = pytest.mark.usefixtures("database")


async def publish_next(scene: Scene, **more: Any) -> UUID:
    told = {"by": scene.lead, "now": LATER, "today": LATER_ON, "sent": a_form(), **more}
    return await publish(scene.program, "What the pilot learned about journalists.", **told)


async def write(scene: Scene) -> UUID:
    return await add_entry(scene.program, ENTRY, by=scene.lead, now=NOON, today=TODAY, sent=a_form())


async def rewrite(scene: Scene, **different: Any) -> UUID:
    standing = await some_entry(scene)
    await change_entry(
        scene.program,
        standing.entry,
        replace(standing.text, **different),
        revision=standing.revision,
        by=scene.lead,
        now=NOON,
        today=TODAY,
        sent=a_form(),
    )
    return standing.entry


async def reading(scene: Scene, measure: str) -> tuple[Any, ...]:
    row = await fetch_row(
        "SELECT read_on, numerator, denominator, lacking FROM program_reading"
        " WHERE program = $1 AND measure = $2 ORDER BY read_on DESC LIMIT 1",
        scene.program,
        measure,
    )
    assert row is not None
    return tuple(row)


async def material(scene: Scene) -> set[UUID]:
    rows = await fetch(
        "SELECT c.entry FROM edition_entry c JOIN edition d ON d.id = c.edition"
        " WHERE d.number > 0 AND d.program = $1 AND c.material",
        scene.program,
    )
    return {row["entry"] for row in rows}


async def test_a_program_publishes_the_starting_set_as_edition_zero() -> None:
    scene = await a_scene()
    newest = await newest_edition(scene.program)
    assert newest.number == 0
    assert [copy.text.title for copy in newest.copies] == [entry.title for entry in starting_set()]
    assert newest.copies == await draft_copies(scene.program)
    assert await fetch_value("SELECT what_changed FROM edition") == "The starting set: what we already know."
    assert await reading(scene, "topics_covered") == (TODAY, 5, 5, [])
    assert await reading(scene, "freshness") == (TODAY, len(starting_set()), len(starting_set()), [])
    assert await fetch_value(
        "SELECT count(*) FROM module m JOIN track t ON t.id = m.track WHERE t.opens_with IS NULL"
    )


async def test_an_edition_is_the_draft_as_it_stood_and_stays_so() -> None:
    scene = await a_scene()
    entry = await write(scene)
    edition = await publish_next(scene)
    published = await draft_copies(scene.program)
    newest = await newest_edition(scene.program)
    assert newest.number == 1
    assert [(copy.entry, copy.text, copy.revision) for copy in newest.copies] == [
        (copy.entry, copy.text, copy.revision) for copy in published
    ]
    assert [copy.position for copy in newest.copies] == list(range(len(published)))
    await rewrite(scene, body="Other.")
    assert await newest_edition(scene.program) == newest
    assert entry in {copy.entry for copy in newest.copies}
    event = await newest_event(scene.program)
    assert event["name"] == "entry_changed"
    assert (
        await fetch_value(
            "SELECT subject FROM event WHERE name = 'edition_published' AND subject = $1", edition
        )
        == edition
    )


async def test_the_readings_follow_and_no_topic_is_lacking_any_more() -> None:
    scene = await a_scene()
    await write(scene)
    await publish_next(scene)
    assert await reading(scene, "topics_covered") == (LATER_ON, 5, 5, [])
    count = len(starting_set()) + 1
    assert await reading(scene, "freshness") == (LATER_ON, count, count, [])


async def test_entries_grow_stale_until_they_are_changed() -> None:
    scene = await a_scene()
    count = len(starting_set())
    late = TODAY + timedelta(days=180)
    entry = (await some_entry(scene)).entry
    await execute("UPDATE entry SET verified_on = $2 WHERE id = $1", entry, LATER_ON)
    async with transaction():
        await take_playbook_readings(scene.program, now=LATER, today=late)
    assert await reading(scene, "freshness") == (late, 1, count, [])


async def test_freshness_is_taken_again_each_day_in_the_programs_zone() -> None:
    scene = await a_scene()
    count = len(starting_set())
    late_in_berlin = NOON.replace(hour=22, minute=30) + timedelta(days=179)
    for _time in range(2):
        await retake_freshness(late_in_berlin)
    assert await reading(scene, "freshness") == (TODAY + timedelta(days=179), count, count, [])
    await retake_freshness(late_in_berlin + timedelta(hours=1))
    assert await reading(scene, "freshness") == (TODAY + timedelta(days=180), 0, count, [])


async def test_the_tracks_after_the_starter_are_built_from_it() -> None:
    scene = await a_scene()
    await write(scene)
    edition = await publish_next(scene)
    editions = await fetch("SELECT DISTINCT edition FROM track WHERE opens_with IS NOT NULL")
    assert [row["edition"] for row in editions] == [edition]


async def test_a_new_entry_and_a_changed_text_are_material_and_a_changed_title_is_not() -> None:
    scene = await a_scene()
    new = await write(scene)
    await rewrite(scene, title="Another title")
    await publish_next(scene)
    assert await material(scene) == {new}


async def test_a_lead_says_what_is_material() -> None:
    scene = await a_scene()
    new, entry = await write(scene), await rewrite(scene, body="Other.")
    await publish_next(scene, material={entry: False, new: False})
    assert await material(scene) == {new}


async def test_a_lead_may_say_that_a_title_asks_something_new() -> None:
    scene = await a_scene()
    entry = await rewrite(scene, title="Another title")
    await publish_next(scene, material={entry: True})
    assert await material(scene) == {entry}


async def test_nothing_new_is_not_published() -> None:
    scene = await a_scene()
    with pytest.raises(NothingToPublish) as refusal:
        await publish_next(scene)
    assert refusal.value.sentence()
    body = (await some_entry(scene)).text.body
    await rewrite(scene, body="Other.")
    await rewrite(scene, body=body)
    with pytest.raises(NothingToPublish):
        await publish_next(scene)


async def test_a_withdrawn_entry_is_a_change_and_the_edition_goes_without_it() -> None:
    scene = await a_scene()
    entry = (await some_entry(scene)).entry
    await withdraw_entry(scene.program, entry, by=scene.lead, now=NOON)
    await publish_next(scene)
    assert entry not in {copy.entry for copy in (await newest_edition(scene.program)).copies}
    event = await newest_event(scene.program)
    assert event["name"] == "edition_published"
    assert '"withdrawn": 1' in event["facts"]


async def test_an_edition_needs_an_entry() -> None:
    scene = await a_scene()
    await execute("UPDATE entry SET withdrawn_at = $1", NOON)
    with pytest.raises(NoEntryLeft) as refusal:
        await publish_next(scene)
    assert refusal.value.sentence()


async def test_two_leads_at_once_publish_one_edition() -> None:
    scene = await a_scene()
    for number in range(10):
        await rewrite(scene, body=f"Text {number}.")
        answers = await asyncio.gather(
            publish_next(scene, after=number),
            publish_next(scene, after=number, by=scene.second_lead),
            return_exceptions=True,
        )
        (refusal,) = [answer for answer in answers if isinstance(answer, PublishedMeanwhile)]
        assert str(number + 1) in refusal.sentence()
    numbers = await fetch("SELECT number FROM edition WHERE program = $1 ORDER BY number", scene.program)
    assert [row["number"] for row in numbers] == list(range(11))


async def test_the_same_form_sent_twice_is_one_edition() -> None:
    scene, sent = await a_scene(), a_form("edition")
    await write(scene)
    first, second = await asyncio.gather(
        publish_next(scene, sent=sent, after=0), publish_next(scene, sent=sent, after=0)
    )
    assert first == second
    assert await fetch_value("SELECT count(*) FROM edition") == 2


async def test_only_leads_publish() -> None:
    scene = await a_scene()
    await write(scene)
    for other in (scene.member, scene.coach, scene.bystander):
        with pytest.raises(NotAllowed):
            await publish_next(scene, by=other)


async def test_a_reader_reads_an_edition_for_the_first_time_once() -> None:
    scene = await a_scene()
    edition = await fetch_value("SELECT id FROM edition WHERE program = $1", scene.program)
    for now in (NOON, LATER):
        await note_reading(edition, by=scene.member, now=now)
    assert await fetch("SELECT person, seen_at FROM edition_seen") == [(scene.member, NOON)]
