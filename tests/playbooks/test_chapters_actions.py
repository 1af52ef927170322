from typing import Any

import pytest

from playbooks.chapters.actions import (
    ChapterExists,
    move_chapter,
    move_entry,
    move_entry_into,
    rename_chapter,
)
from playbooks.chapters.rules import Way
from playbooks.entries.actions import EntryIsWithdrawn, withdraw_entry
from playbooks.entries.queries import draft_copies
from program.database import fetch_value, new_id
from program.refusals import NotAllowed, NotFound
from tests.cast import NOON
from tests.playbooks.writers import Scene, a_scene, newest_event

pytestmark = pytest.mark.usefixtures("database")


async def order(scene: Scene) -> list[tuple[str, Any]]:
    return [(copy.text.chapter, copy.entry) for copy in await draft_copies(scene.program)]


def by(scene: Scene) -> dict[str, Any]:
    return {"by": scene.lead, "now": NOON}


async def revisions(entry: Any) -> int:
    found: int = await fetch_value("SELECT count(*) FROM revision WHERE entry = $1", entry)
    return found


async def test_an_entry_moves_within_its_chapter_without_a_new_revision() -> None:
    scene = await a_scene()
    before = await order(scene)
    await move_entry(scene.program, before[0][1], Way.DOWN, **by(scene))
    assert await order(scene) == [before[1], before[0], *before[2:]]
    assert await revisions(before[0][1]) == 1
    assert (await newest_event(scene.program))["name"] == "entry_moved"
    await move_entry(scene.program, before[0][1], Way.UP, **by(scene))
    assert await order(scene) == before


async def test_an_entry_that_steps_into_the_next_chapter_is_revised() -> None:
    scene = await a_scene()
    before = await order(scene)
    last = max(index for index, (chapter, _entry) in enumerate(before) if chapter == before[0][0])
    following = before[last + 1][0]
    await move_entry(scene.program, before[last][1], Way.DOWN, **by(scene))
    assert (await order(scene))[last] == (following, before[last][1])
    assert await revisions(before[last][1]) == 2
    assert (
        await fetch_value(
            "SELECT r.chapter FROM revision r JOIN entry e ON e.id = r.entry AND e.revision = r.number WHERE e.id = $1",
            before[last][1],
        )
        == following
    )


async def test_what_stands_first_stays_there() -> None:
    scene = await a_scene()
    before, event = await order(scene), await newest_event(scene.program)
    await move_entry(scene.program, before[0][1], Way.UP, **by(scene))
    await move_chapter(scene.program, before[0][0], Way.UP, **by(scene))
    assert await order(scene) == before
    assert await newest_event(scene.program) == event


async def test_an_entry_goes_into_another_chapter_and_stays_there_when_sent_again() -> None:
    scene = await a_scene()
    before = await order(scene)
    entry, chapter = before[0][1], before[-1][0]
    for _time in range(2):
        await move_entry_into(scene.program, entry, chapter, **by(scene))
        assert (await order(scene))[-1] == (chapter, entry)
        assert await revisions(entry) == 2


async def test_a_withdrawn_entry_is_not_moved() -> None:
    scene = await a_scene()
    entry = (await order(scene))[0][1]
    await withdraw_entry(scene.program, entry, **by(scene))
    with pytest.raises(EntryIsWithdrawn) as refused:
        await move_entry(scene.program, entry, Way.DOWN, **by(scene))
    assert "taken out of the draft" in refused.value.sentence()


async def test_a_chapter_moves_with_its_entries() -> None:
    scene = await a_scene()
    before = await order(scene)
    first, second = list(dict.fromkeys(chapter for chapter, _entry in before))[:2]
    await move_chapter(scene.program, first, Way.DOWN, **by(scene))
    after = await order(scene)
    assert after[0][0] == second
    assert sorted(map(str, after)) == sorted(map(str, before))
    assert (await newest_event(scene.program))["name"] == "chapter_moved"
    await move_chapter(scene.program, first, Way.UP, **by(scene))
    assert await order(scene) == before


async def test_a_renamed_chapter_is_a_revision_of_each_of_its_entries() -> None:
    scene = await a_scene()
    before = await order(scene)
    chapter = before[0][0]
    inside = [entry for name, entry in before if name == chapter]
    await withdraw_entry(scene.program, inside[0], **by(scene))
    for _time in range(2):
        await rename_chapter(scene.program, chapter, "Who we are", **by(scene))
        chapter = "Who we are"
    assert [await revisions(entry) for entry in inside] == [2] * len(inside)
    after = await order(scene)
    assert [name for name, _entry in after] == [
        "Who we are" if entry in inside else name for name, entry in before if entry != inside[0]
    ]
    assert (await newest_event(scene.program))["name"] == "chapter_renamed"


async def test_two_chapters_cannot_have_one_name() -> None:
    scene = await a_scene()
    before = await order(scene)
    with pytest.raises(ChapterExists) as refused:
        await rename_chapter(scene.program, before[0][0], before[-1][0], **by(scene))
    assert before[-1][0] in refused.value.sentence()
    assert await order(scene) == before


async def test_a_chapter_or_an_entry_that_is_not_there_is_not_found() -> None:
    scene = await a_scene()
    with pytest.raises(NotFound):
        await rename_chapter(scene.program, "No such chapter", "Other", **by(scene))
    with pytest.raises(NotFound):
        await move_chapter(scene.program, "No such chapter", Way.UP, **by(scene))
    with pytest.raises(NotFound):
        await move_entry(scene.program, new_id(), Way.UP, **by(scene))
    with pytest.raises(NotFound):
        await move_entry(new_id(), new_id(), Way.UP, **by(scene))


async def test_only_leads_arrange_the_draft() -> None:
    scene = await a_scene()
    chapter, entry = (await order(scene))[0]
    told: dict[str, Any] = {"by": scene.member, "now": NOON}
    with pytest.raises(NotAllowed):
        await move_entry(scene.program, entry, Way.DOWN, **told)
    with pytest.raises(NotAllowed):
        await move_entry_into(scene.program, entry, "Other", **told)
    with pytest.raises(NotAllowed):
        await move_chapter(scene.program, chapter, Way.DOWN, **told)
    with pytest.raises(NotAllowed):
        await rename_chapter(scene.program, chapter, "Other", **told)
