from dataclasses import replace
from typing import Any

import pytest

from playbooks.entries.actions import EntryIsWithdrawn, change_entry, withdraw_entry
from playbooks.revisions.actions import restore_revision
from playbooks.revisions.queries import revisions_page
from program.database import new_id
from program.refusals import NotAllowed, NotFound
from tests.cast import NOON, a_form
from tests.playbooks.writers import LATER, LATER_ON, TODAY, Scene, a_scene, newest_event, reader, some_entry

pytestmark = pytest.mark.usefixtures("database")


async def a_changed_entry(scene: Scene) -> Any:
    standing = await some_entry(scene)
    text = replace(standing.text, title="Another title", body="Another body.", chapter="Another chapter")
    await change_entry(
        scene.program,
        standing.entry,
        text,
        revision=1,
        by=scene.second_lead,
        now=NOON,
        today=TODAY,
        sent=a_form(),
    )
    return standing


def by(scene: Scene) -> dict[str, Any]:
    return {"by": scene.lead, "now": LATER, "today": LATER_ON}


async def test_an_old_revision_comes_back_as_a_new_one_in_the_chapter_where_the_entry_is() -> None:
    scene = await a_scene()
    before = await a_changed_entry(scene)
    for _time in range(2):
        await restore_revision(scene.program, before.entry, 1, **by(scene))
        found = await revisions_page(before.entry, await reader(scene, scene.lead))
        assert [each.number for each in found.revisions] == [3, 2, 1]
        assert found.entry.copy.text == replace(before.text, chapter="Another chapter")
    assert [each.by_name for each in found.revisions] == ["Lena Lead", "Leo Lead", "Lena Lead"]
    assert found.revisions[2].editions == (0,)
    assert found.numbered(2) == found.revisions[1]
    assert found.numbered(9) is None
    event = await newest_event(scene.program)
    assert (event["name"], event["subject"]) == ("entry_restored", before.entry)


async def test_what_happened_besides_stands_with_the_revisions() -> None:
    scene = await a_scene()
    before = await a_changed_entry(scene)
    await withdraw_entry(scene.program, before.entry, by=scene.lead, now=LATER)
    found = await revisions_page(before.entry, await reader(scene, scene.lead))
    assert [each.event for each in found.happenings] == ["entry_withdrawn"]
    with pytest.raises(EntryIsWithdrawn):
        await restore_revision(scene.program, before.entry, 1, **by(scene))


async def test_a_revision_that_is_not_there_is_not_found() -> None:
    scene = await a_scene()
    before = await a_changed_entry(scene)
    with pytest.raises(NotFound):
        await restore_revision(scene.program, before.entry, 9, **by(scene))
    with pytest.raises(NotFound):
        await restore_revision(scene.program, new_id(), 1, **by(scene))


async def test_only_leads_see_revisions_and_bring_them_back() -> None:
    scene = await a_scene()
    before = await a_changed_entry(scene)
    with pytest.raises(NotAllowed):
        await restore_revision(scene.program, before.entry, 1, **by(scene) | {"by": scene.coach})
    with pytest.raises(NotFound):
        await revisions_page(before.entry, await reader(scene, scene.coach))
