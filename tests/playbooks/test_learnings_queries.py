from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from playbooks.editions.actions import publish
from playbooks.learnings import queries
from playbooks.learnings.queries import (
    cohort_learnings,
    learning_view,
    learnings_at_the_desk,
    learnings_behind,
    learnings_published_in,
    notebook,
    waiting_learnings,
)
from playbooks.reviews.actions import accept_learnings, decline_learning, return_learning
from program.refusals import NotFound
from tests.cast import NOON, a_form, a_program
from tests.playbooks.writers import (
    ENTRY,
    LATER,
    LATER_ON,
    TODAY,
    Scene,
    a_cohort,
    a_learning,
    a_member,
    a_scene,
    reader,
    some_entry,
)

pytestmark = pytest.mark.usefixtures("database")


async def an_acceptance(scene: Scene, *learnings: UUID, into: UUID | None = None, revision: int = 0) -> UUID:
    return await accept_learnings(
        scene.program,
        learnings,
        ENTRY,
        into=into,
        revision=revision,
        by=scene.lead,
        now=NOON + timedelta(days=1),
        today=TODAY,
        sent=a_form(),
    )


async def an_edition(scene: Scene) -> None:
    await publish(scene.program, "News.", by=scene.lead, now=LATER, today=LATER_ON, sent=a_form())


async def test_a_notebook_begins_with_what_came_back_and_says_what_became_of_each() -> None:
    scene = await a_scene()
    old = await a_learning(scene, now=NOON - timedelta(days=1))
    back = await a_learning(scene, now=NOON - timedelta(hours=1))
    draft = await a_learning(scene, send=False)
    await a_learning(scene, scene.friend)
    await return_learning(scene.program, back, "Which paper?", by=scene.lead, now=NOON, sent=a_form())
    entry = await an_acceptance(scene, old)
    found = await notebook(await reader(scene, scene.member))
    assert [view.id for view in found] == [back, draft, old]
    assert [view.state for view in found] == ["returned", "draft", "accepted"]
    assert found[0].reviewed is not None
    assert (found[0].reviewed.note, found[0].reviewed.by_name) == ("Which paper?", "Lena Lead")
    assert found[2].entry is not None
    assert (found[2].entry.entry, found[2].entry.editions) == (entry, ())


async def test_a_learning_was_carried_by_the_editions_after_it_was_taken_in() -> None:
    scene = await a_scene()
    standing = await some_entry(scene)
    learning = await a_learning(scene)
    await an_acceptance(scene, learning, into=standing.entry, revision=1)
    await an_edition(scene)
    view = await learning_view(learning, await reader(scene, scene.member))
    assert view.entry is not None
    assert view.entry.editions == (1,)


async def test_a_cohort_reads_what_it_sent_without_drafts_and_what_was_sent_away() -> None:
    scene = await a_scene()
    sent, draft, back, no = [
        await a_learning(scene, send=send, lesson=lesson)
        for lesson, send in (("sent", True), ("draft", False), ("back", True), ("no", True))
    ]
    await return_learning(scene.program, back, "Why?", by=scene.lead, now=NOON, sent=a_form())
    await decline_learning(scene.program, no, "No.", by=scene.lead, now=NOON, sent=a_form())
    taken = await a_learning(scene, named=True, now=LATER)
    await an_acceptance(scene, taken)
    for person in (scene.friend, scene.coach):
        found = await cohort_learnings(await reader(scene, person))
        assert [view.id for view in found] == [taken, sent]
    assert [view.author_name for view in await cohort_learnings(await reader(scene, scene.friend))] == [
        "Mia Member",
        None,
    ]
    assert [view.author_name for view in await cohort_learnings(await reader(scene, scene.coach))] == [
        "Mia Member",
        "Mia Member",
    ]
    assert await cohort_learnings(await reader(scene, scene.bystander)) == ()
    assert draft not in {view.id for view in await cohort_learnings(await reader(scene, scene.member))}


async def test_who_may_not_read_a_learning_does_not_find_it() -> None:
    scene = await a_scene()
    circle = await a_cohort(scene.program, scene.lead, position=1, name="Berlin")
    ambassador = await a_member(scene.program, circle, scene.lead, "Amy Ambassador")
    draft, sent = await a_learning(scene, send=False), await a_learning(scene)
    for person, learning in (
        (scene.lead, draft),
        (scene.coach, draft),
        (scene.friend, draft),
        (scene.bystander, sent),
        (ambassador, sent),
        (scene.member, uuid4()),
    ):
        with pytest.raises(NotFound):
            await learning_view(learning, await reader(scene, person))
    elsewhere = await reader(scene, scene.lead)
    with pytest.raises(NotFound):
        await learning_view(sent, replace(elsewhere, program=await a_program(scene.lead, "Another")))


async def test_what_waits_at_the_desk_is_read_oldest_first() -> None:
    scene = await a_scene()
    young, old = await a_learning(scene, now=LATER), await a_learning(scene, scene.friend)
    await a_learning(scene, send=False)
    await an_acceptance(scene, await a_learning(scene))
    waiting = await waiting_learnings(await reader(scene, scene.lead))
    assert [view.id for view in waiting.learnings] == [old, young]
    assert [view.author_name for view in waiting.learnings] == ["Finn Friend", "Mia Member"]
    assert waiting.count == 2


async def test_a_long_desk_is_cut_and_says_how_much_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_LISTED", 2)
    scene = await a_scene()
    for _number in range(3):
        await a_learning(scene)
    waiting = await waiting_learnings(await reader(scene, scene.lead))
    assert (len(waiting.learnings), waiting.count) == (2, 3)


async def test_the_desk_is_for_leads() -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    for person in (scene.member, scene.coach, scene.bystander):
        with pytest.raises(NotFound):
            await waiting_learnings(await reader(scene, person))
        with pytest.raises(NotFound):
            await learnings_at_the_desk([learning], await reader(scene, person))


async def test_learnings_are_laid_out_in_the_order_asked_for() -> None:
    scene = await a_scene()
    first, second = await a_learning(scene), await a_learning(scene)
    lead = await reader(scene, scene.lead)
    assert [view.id for view in await learnings_at_the_desk([second, first], lead)] == [second, first]
    with pytest.raises(NotFound):
        await learnings_at_the_desk([first, await a_learning(scene, send=False)], lead)


async def test_behind_an_entry_each_reader_sees_what_they_may_and_all_see_how_many() -> None:
    scene = await a_scene()
    circle = await a_cohort(scene.program, scene.lead, position=1, name="Berlin")
    ambassador = await a_member(scene.program, circle, scene.lead, "Amy Ambassador")
    own, other = await a_learning(scene), await a_learning(scene, ambassador, named=True)
    entry = await an_acceptance(scene, own, other)
    for person, readable in (
        (scene.lead, {own, other}),
        (scene.friend, {own}),
        (ambassador, {other}),
        (scene.bystander, set()),
    ):
        behind = (await learnings_behind([entry], await reader(scene, person)))[entry]
        assert {view.id for view in behind.readable} == readable
        assert (behind.count, behind.pilot) == (2, False)
    assert await learnings_behind([(await some_entry(scene)).entry], await reader(scene, scene.lead)) == {}


async def test_a_published_entry_stands_on_the_learnings_that_went_with_it() -> None:
    scene = await a_scene()
    first, second = await a_learning(scene), await a_learning(scene)
    entry = await an_acceptance(scene, first)
    await an_edition(scene)
    await accept_learnings(
        scene.program,
        [second],
        ENTRY,
        into=entry,
        revision=1,
        by=scene.lead,
        now=LATER + timedelta(days=1),
        today=LATER_ON,
        sent=a_form(),
    )
    behind = await learnings_published_in(entry, await reader(scene, scene.friend))
    assert (behind.count, behind.pilot) == (1, True)
    assert [view.id for view in behind.readable] == [first]
