import pytest

from playbooks.learnings.queries import LearningView, learnings_at_the_desk
from playbooks.learnings.rules import LearningState
from playbooks.reviews.actions import accept_learnings, decline_learning, return_learning
from playbooks.reviews.queries import similar_to
from program.refusals import NotFound
from tests.cast import NOON, a_form, counted_queries
from tests.playbooks.writers import ENTRY, TODAY, Scene, a_learning, a_scene, reader

BARE = {"conversation": "", "what_i_did": "", "outcome": "", "resources": ""}


async def at_the_desk(
    scene: Scene, *, lesson: str, situation: str = "It happened."
) -> tuple[LearningView, ...]:
    learning = await a_learning(scene, lesson=lesson, situation=situation, **BARE)  # type: ignore[arg-type]
    return await learnings_at_the_desk([learning], await reader(scene, scene.lead))


async def test_learnings_that_share_two_words_are_similar_the_nearest_first(database: str) -> None:
    scene = await a_scene()
    (near,) = await at_the_desk(scene, lesson="Recall notices want patience and thanks")
    (far,) = await at_the_desk(scene, lesson="A recall needs patience")
    await at_the_desk(scene, lesson="A recall of something else")
    asked = await at_the_desk(scene, lesson="Thank whoever notices a recall, with patience", situation="X")
    found = await similar_to(asked, await reader(scene, scene.lead))
    assert [each.id for each in found.learnings] == [near.id, far.id]
    assert [piece.text for piece in found.learnings[1].lesson if piece.hit] == ["recall", "patience"]


async def test_what_became_of_each_is_told_and_what_is_with_its_author_is_nobodys_business(
    database: str,
) -> None:
    scene = await a_scene()
    lead = await reader(scene, scene.lead)
    lesson = "A recall needs patience and thanks"
    ids = [(await at_the_desk(scene, lesson=lesson))[0].id for _ in range(4)]
    await a_learning(scene, lesson=lesson, send=False)
    by = {"by": scene.lead, "now": NOON}
    await accept_learnings(scene.program, [ids[0]], ENTRY, today=TODAY, sent=a_form(), **by)  # type: ignore[arg-type]
    await decline_learning(scene.program, ids[1], "No.", sent=a_form(), **by)  # type: ignore[arg-type]
    await return_learning(scene.program, ids[2], "Why?", sent=a_form(), **by)  # type: ignore[arg-type]
    found = await similar_to(await at_the_desk(scene, lesson=lesson), lead)
    assert {each.id: (each.state, each.entry_title) for each in found.learnings} == {
        ids[0]: (LearningState.ACCEPTED, ENTRY.title),
        ids[1]: (LearningState.DECLINED, ""),
        ids[3]: (LearningState.SUBMITTED, ""),
    }


async def test_entries_of_the_draft_are_found_by_their_words(database: str) -> None:
    scene = await a_scene()
    asked = await at_the_desk(scene, lesson="Answer the person before the accusation", situation="X")
    found = await similar_to(asked, await reader(scene, scene.lead))
    assert found.entries[0].plain_title == "Answer the person before the accusation"
    assert "accusation" in [piece.text for piece in found.entries[0].title if piece.hit]


@pytest.mark.parametrize("lesson", ["O'Neill’s \\ 'quoted' & | ! :* <-> recall", "zzz", "a", "…", "и"])
async def test_no_words_break_the_search(database: str, lesson: str) -> None:
    scene = await a_scene()
    asked = await at_the_desk(scene, lesson=lesson, situation="q")
    lead = await reader(scene, scene.lead)
    with counted_queries() as queries:
        await similar_to(asked, lead)
    assert len(queries) <= 3


async def test_another_program_is_not_searched_and_only_leads_ask(database: str) -> None:
    scene = await a_scene()
    asked = await at_the_desk(scene, lesson="A recall needs patience")
    with pytest.raises(NotFound):
        await similar_to(asked, await reader(scene, scene.member))
