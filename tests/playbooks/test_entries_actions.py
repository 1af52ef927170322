import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from playbooks.assessments.rules import Question
from playbooks.entries.actions import (
    EntryChangedMeanwhile,
    EntryIsWithdrawn,
    QuestionDoesNotWork,
    ScenarioDoesNotWork,
    add_entry,
    bring_back_entry,
    change_entry,
    withdraw_entry,
)
from playbooks.entries.queries import draft, draft_copies, draft_entry
from playbooks.entries.rules import EntryText
from program.database import execute, fetch, fetch_value
from program.form_keys.actions import Sent
from program.refusals import NotAllowed, NotFound
from tests.cast import NOON, a_form, a_program
from tests.playbooks.scenarios import ADVERT
from tests.playbooks.writers import (
    ENTRY,
    LATER,
    LATER_ON,
    TODAY,
    Scene,
    a_scene,
    newest_event,
    reader,
    some_entry,
)

pytestmark = pytest.mark.usefixtures("database")
QUESTION = Question(id="q", prompt="What now?", options=("a", "b"), right=frozenset({1}), why="So.")


async def add(
    scene: Scene, text: EntryText = ENTRY, by: UUID | None = None, sent: Sent | None = None
) -> UUID:
    return await add_entry(
        scene.program, text, by=by or scene.lead, now=NOON, today=TODAY, sent=sent or a_form()
    )


async def change(
    scene: Scene,
    entry: UUID,
    text: EntryText,
    revision: int,
    by: UUID | None = None,
    sent: Sent | None = None,
) -> None:
    await change_entry(
        scene.program,
        entry,
        text,
        revision=revision,
        by=by or scene.lead,
        now=LATER,
        today=LATER_ON,
        sent=sent or a_form(),
    )


async def test_a_new_entry_stands_at_the_end_of_its_chapter() -> None:
    scene = await a_scene()
    chapter = (await some_entry(scene)).text.chapter
    entry = await add(scene, replace(ENTRY, chapter=chapter, question=QUESTION))
    chapters = (await draft(await reader(scene, scene.lead))).chapters
    assert chapters[0].name == chapter
    assert chapters[0].entries[-1].copy.entry == entry
    assert chapters[0].entries[-1].copy.text.question == QUESTION
    assert (await newest_event(scene.program))["name"] == "entry_added"


async def test_the_same_form_sent_twice_is_one_entry() -> None:
    scene, sent = await a_scene(), a_form("entry")
    assert await add(scene, sent=sent) == await add(scene, sent=sent)


async def test_a_change_makes_a_revision_and_verifies_the_entry() -> None:
    scene = await a_scene()
    standing = await some_entry(scene)
    await change(scene, standing.entry, replace(standing.text, body="Other."), 1)
    now = await some_entry(scene)
    assert (now.revision, now.text.body) == (2, "Other.")
    assert await fetch_value("SELECT verified_on FROM entry WHERE id = $1", standing.entry) == LATER_ON
    rows = await fetch("SELECT number, body FROM revision WHERE entry = $1 ORDER BY number", standing.entry)
    assert [tuple(row) for row in rows] == [(1, standing.text.body), (2, "Other.")]


async def test_an_entry_that_is_written_into_another_chapter_stands_at_its_end() -> None:
    scene = await a_scene()
    standing = await some_entry(scene)
    into = (await draft_copies(scene.program))[-1].text.chapter
    await change(scene, standing.entry, replace(standing.text, chapter=into), revision=1)
    assert (await draft_copies(scene.program))[-1].entry == standing.entry


async def test_saving_the_same_words_changes_nothing() -> None:
    scene = await a_scene()
    standing, before = await some_entry(scene), await newest_event(scene.program)
    await change(scene, standing.entry, standing.text, 1)
    assert await some_entry(scene) == standing
    assert await newest_event(scene.program) == before


async def test_of_two_leads_who_read_the_same_revision_the_first_wins() -> None:
    scene = await a_scene()
    standing = await some_entry(scene)
    answers = await asyncio.gather(
        change(scene, standing.entry, replace(standing.text, body="One."), 1),
        change(scene, standing.entry, replace(standing.text, body="Two."), 1, by=scene.second_lead),
        return_exceptions=True,
    )
    (refusal,) = [answer for answer in answers if isinstance(answer, EntryChangedMeanwhile)]
    assert refusal.change.by_name in refusal.sentence()
    assert (await some_entry(scene)).revision == 2


async def test_the_same_change_sent_twice_is_one_revision() -> None:
    scene, sent = await a_scene(), a_form("change")
    standing = await some_entry(scene)
    for _time in range(2):
        await change(scene, standing.entry, replace(standing.text, body="One."), 1, sent=sent)
    assert (await some_entry(scene)).revision == 2


async def test_a_withdrawn_entry_leaves_the_draft_and_comes_back_to_its_place() -> None:
    scene = await a_scene()
    standing, before = await some_entry(scene), await draft_copies(scene.program)
    for _time in range(2):
        await withdraw_entry(scene.program, standing.entry, by=scene.lead, now=NOON)
    assert await draft_copies(scene.program) == before[1:]
    found = await draft(await reader(scene, scene.lead))
    assert [entry.copy for entry in found.withdrawn] == [standing]
    with pytest.raises(EntryIsWithdrawn):
        await change(scene, standing.entry, ENTRY, 1)
    for _time in range(2):
        await bring_back_entry(scene.program, standing.entry, by=scene.lead, now=NOON)
    assert await draft_copies(scene.program) == before
    names = await fetch(
        "SELECT name FROM event WHERE program = $1 ORDER BY number DESC LIMIT 2", scene.program
    )
    assert [row["name"] for row in names] == ["entry_brought_back", "entry_withdrawn"]


async def test_a_question_that_does_not_work_is_refused_with_what_is_wrong() -> None:
    scene = await a_scene()
    with pytest.raises(QuestionDoesNotWork) as refusal:
        await add(scene, replace(ENTRY, question=replace(QUESTION, options=("a",), right=frozenset())))
    assert len(refusal.value.reason_sentences()) == 2
    assert refusal.value.sentence()


async def test_only_leads_change_the_draft() -> None:
    scene = await a_scene()
    entry = (await some_entry(scene)).entry
    for other in (scene.member, scene.coach, scene.bystander):
        with pytest.raises(NotAllowed):
            await add(scene, by=other)
        with pytest.raises(NotAllowed):
            await change(scene, entry, ENTRY, 1, by=other)
        with pytest.raises(NotAllowed):
            await withdraw_entry(scene.program, entry, by=other, now=NOON)
        with pytest.raises(NotAllowed):
            await bring_back_entry(scene.program, entry, by=other, now=NOON)


async def test_an_entry_of_another_program_is_not_there() -> None:
    scene = await a_scene()
    elsewhere = await a_program(scene.lead, "Another program")
    entry = (await draft_copies(elsewhere))[0].entry
    for unknown in (entry, uuid4()):
        with pytest.raises(NotFound):
            await change(scene, unknown, ENTRY, 1)
        with pytest.raises(NotFound):
            await withdraw_entry(scene.program, unknown, by=scene.lead, now=NOON)
        with pytest.raises(NotFound):
            await draft_entry(unknown, await reader(scene, scene.lead))


async def test_the_draft_is_read_by_leads_coaches_and_pilot_members() -> None:
    scene = await a_scene()
    for person in (scene.lead, scene.coach, scene.member):
        assert (await draft(await reader(scene, person))).chapters
    with pytest.raises(NotFound):
        await draft(await reader(scene, scene.bystander))
    entry = (await some_entry(scene)).entry
    with pytest.raises(NotFound):
        await draft_entry(entry, await reader(scene, scene.member))
    await execute("UPDATE phase SET position = position + 10")
    with pytest.raises(NotFound):
        await draft(await reader(scene, scene.member))


async def test_a_scenario_that_cannot_be_played_is_refused() -> None:
    scene = await a_scene()
    broken = replace(ADVERT, situation="")
    with pytest.raises(ScenarioDoesNotWork) as refused:
        await add_entry(
            scene.program,
            replace(ENTRY, scenario=broken),
            by=scene.lead,
            now=NOON,
            today=TODAY,
            sent=a_form(),
        )
    assert refused.value.sentence() == "The scenario cannot be played like this."
    assert refused.value.reason_sentences() == ["Describe the situation above the first heading."]
    entry = await add_entry(
        scene.program, replace(ENTRY, scenario=ADVERT), by=scene.lead, now=NOON, today=TODAY, sent=a_form()
    )
    assert {copy.entry: copy.text.scenario for copy in await draft_copies(scene.program)}[entry] == ADVERT
