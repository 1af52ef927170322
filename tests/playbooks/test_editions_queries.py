from dataclasses import replace
from datetime import timedelta

import pytest

from playbooks.editions.actions import publish
from playbooks.editions.queries import edition_page, entry_page, next_edition
from playbooks.entries.actions import add_entry, change_entry, withdraw_entry
from playbooks.entries.queries import draft_copies
from playbooks.reviews.actions import accept_learnings
from program.refusals import NotFound
from tests.cast import NOON, a_form, a_program
from tests.playbooks.writers import (
    ENTRY,
    LATER,
    LATER_ON,
    TODAY,
    Scene,
    a_learning,
    a_scene,
    reader,
)

pytestmark = pytest.mark.usefixtures("database")


async def a_changed_draft(scene: Scene) -> None:
    """The first entry is changed, the second taken out, and one added that stands on a learning."""
    changed, gone, *_rest = await draft_copies(scene.program)
    await change_entry(
        scene.program,
        changed.entry,
        replace(changed.text, body="Other."),
        revision=1,
        by=scene.lead,
        now=NOON,
        today=TODAY,
        sent=a_form(),
    )
    await withdraw_entry(scene.program, gone.entry, by=scene.lead, now=NOON)
    await accept_learnings(
        scene.program,
        [await a_learning(scene)],
        ENTRY,
        by=scene.lead,
        now=NOON + timedelta(days=1),
        today=TODAY,
        sent=a_form(),
    )


async def an_edition(scene: Scene, now: int = 0) -> None:
    await publish(
        scene.program,
        "News.",
        by=scene.lead,
        now=LATER + timedelta(days=now),
        today=LATER_ON,
        sent=a_form(),
    )


async def test_the_next_edition_is_told_by_what_it_changes() -> None:
    scene = await a_scene()
    lead = await reader(scene, scene.lead)
    assert (await next_edition(lead)).changes == ()
    await a_changed_draft(scene)
    coming = await next_edition(lead)
    assert coming.newest is not None
    assert (coming.number, coming.newest.number) == (1, 0)
    assert [change.change for change in coming.changes] == ["changed", "new", "withdrawn"]
    for person in (scene.member, scene.coach, scene.bystander):
        with pytest.raises(NotFound):
            await next_edition(await reader(scene, person))


async def test_everyone_reads_the_newest_edition_and_what_it_changed() -> None:
    scene = await a_scene()
    await a_changed_draft(scene)
    await an_edition(scene)
    for person in (scene.lead, scene.member, scene.bystander):
        found = await edition_page(None, await reader(scene, person))
        assert found is not None
        assert (found.edition.number, found.edition.by_name, found.newest) == (1, "Lena Lead", True)
        assert [change.change for change in found.changes] == ["changed", "new", "withdrawn"]
        assert [edition.number for edition in found.editions] == [1, 0]
        entries = [entry for chapter in found.chapters for entry in chapter.entries]
        assert [entry.change for entry in entries if entry.change] == ["changed", "new"]
        assert [entry.learnings for entry in entries if entry.learnings] == [1]


async def test_an_earlier_edition_stays_as_it_was() -> None:
    scene = await a_scene()
    bystander = await reader(scene, scene.bystander)
    before = await edition_page(0, bystander)
    await a_changed_draft(scene)
    await an_edition(scene)
    after = await edition_page(0, bystander)
    assert before is not None
    assert after is not None
    assert (after.chapters, after.changes, after.newest) == (before.chapters, (), False)
    with pytest.raises(NotFound):
        await edition_page(2, bystander)


async def test_an_entry_names_the_editions_that_carry_it_and_the_one_that_left_it_out() -> None:
    scene = await a_scene()
    bystander = await reader(scene, scene.bystander)
    changed, gone, *_rest = await draft_copies(scene.program)
    await a_changed_draft(scene)
    new = (await draft_copies(scene.program))[-1].entry
    with pytest.raises(NotFound):
        await entry_page(new, bystander)
    await an_edition(scene)
    found = await entry_page(changed.entry, bystander)
    assert ([each.number for each in found.editions], found.gone_since) == ([1, 0], None)
    assert (found.copy.text.body, found.behind.count) == ("Other.", 0)
    found = await entry_page(gone.entry, bystander)
    assert ([each.number for each in found.editions], found.gone_since) == ([0], 1)
    found = await entry_page(new, bystander)
    assert ([each.number for each in found.editions], found.behind.count) == ([1], 1)
    assert found.behind.readable == ()


async def test_an_unpublished_change_of_an_entry_is_not_read() -> None:
    scene = await a_scene()
    entry = (await draft_copies(scene.program))[0]
    await a_changed_draft(scene)
    found = await entry_page(entry.entry, await reader(scene, scene.bystander))
    assert found.copy.text == entry.text


async def test_another_programs_entry_is_not_there() -> None:
    scene = await a_scene()
    elsewhere = await a_program(scene.lead, "Another program")
    entry = (await draft_copies(elsewhere))[0].entry
    with pytest.raises(NotFound):
        await entry_page(entry, await reader(scene, scene.lead))


async def test_an_entry_that_came_back_is_carried_again() -> None:
    scene = await a_scene()
    entry = await add_entry(scene.program, ENTRY, by=scene.lead, now=NOON, today=TODAY, sent=a_form())
    await an_edition(scene)
    await withdraw_entry(scene.program, entry, by=scene.lead, now=NOON)
    await an_edition(scene, now=1)
    found = await entry_page(entry, await reader(scene, scene.bystander))
    assert ([each.number for each in found.editions], found.gone_since) == ([1], 2)
