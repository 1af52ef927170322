from dataclasses import replace
from typing import Any

import pytest

from playbooks.editions.actions import publish
from playbooks.entries.actions import add_entry, withdraw_entry
from playbooks.entries.rules import EntryText
from playbooks.search.queries import Findings, findings, whom_to_ask
from playbooks.search.rules import HIT_BEGINS, HIT_ENDS
from tests.cast import NOON, a_form, a_program, counted_queries
from tests.playbooks.writers import ENTRY, LATER, LATER_ON, TODAY, Scene, a_scene, reader

pytestmark = pytest.mark.usefixtures("database")

QUOKKA = replace(
    ENTRY,
    title="Feeding quokkas",
    body="Never pose with a **quokka** for a selfie; [the wardens](https://example.com/w) are organising fines.",
)


async def written(scene: Scene, *texts: EntryText, published: bool = True) -> list[Any]:
    entries = [
        await add_entry(scene.program, text, by=scene.lead, now=NOON, today=TODAY, sent=a_form())
        for text in texts
    ]
    if published:
        await publish(scene.program, "More.", by=scene.lead, now=LATER, today=LATER_ON, sent=a_form())
    return entries


async def found(scene: Scene, typed: str, person: Any = None) -> Findings:
    return await findings(typed, await reader(scene, person or scene.bystander))


@pytest.mark.parametrize(
    "typed",
    ["quokka", "quokkas", "Quok", "feeding quok", "organised fin", '"pose with"', "warden", "selfie -cat"],
)
async def test_words_are_found_in_any_form_and_unfinished(typed: str) -> None:
    scene = await a_scene()
    (entry,) = await written(scene, QUOKKA)
    findings = await found(scene, typed)
    assert [each.entry for each in findings.entries] == [entry]
    assert (findings.count, findings.some_words) == (1, False)


@pytest.mark.parametrize(
    "typed", ["the", "quokka -selfie", "'", "*", "& | !", "<->", ":*", '"', "\\", "\ue000", "(", "or"]
)
async def test_odd_words_find_nothing_and_break_nothing(typed: str) -> None:
    scene = await a_scene()
    await written(scene, QUOKKA)
    assert QUOKKA.title not in str(await found(scene, typed))


async def test_hits_are_marked_and_markdown_is_left_out() -> None:
    scene = await a_scene()
    await written(scene, QUOKKA)
    (entry,) = (await found(scene, "quokka")).entries
    assert [(each.text, each.hit) for each in entry.title] == [("Feeding ", False), ("quokkas", True)]
    text = "".join(each.text for each in entry.words)
    assert "Never pose with a quokka for a selfie; the wardens" in text
    assert [each.text for each in entry.words if each.hit] == ["quokka"]


async def test_a_text_cannot_mark_itself() -> None:
    scene = await a_scene()
    await written(scene, replace(QUOKKA, body=f"<b>Say</b> 1 < 2 {HIT_BEGINS} {HIT_ENDS} & quokka"))
    (entry,) = (await found(scene, "quokka")).entries
    assert "quokka" in [each.text for each in entry.words if each.hit]
    assert not {HIT_BEGINS, HIT_ENDS} & set("".join(each.text for each in entry.words))


async def test_a_title_counts_more_than_a_text() -> None:
    scene = await a_scene()
    in_text, in_title = await written(
        scene, replace(QUOKKA, title="Other animals"), replace(QUOKKA, body="See the other entry.")
    )
    assert [each.entry for each in (await found(scene, "quokka")).entries] == [in_title, in_text]


async def test_where_no_entry_has_all_words_those_with_some_are_found() -> None:
    scene = await a_scene()
    (entry,) = await written(scene, QUOKKA)
    findings = await found(scene, "may I tell my dentist about quokkas")
    assert entry in [each.entry for each in findings.entries]
    assert findings.some_words


async def test_many_entries_are_counted_and_the_best_are_shown() -> None:
    scene = await a_scene()
    await written(scene, *(replace(QUOKKA, title=f"Quokka {number}") for number in range(25)))
    seen_by = await reader(scene, scene.bystander)
    with counted_queries() as queries:
        hits = await findings("quokka", seen_by)
    assert (len(hits.entries), hits.count) == (20, 25)
    assert len(queries) == 1


async def test_only_the_newest_edition_of_this_program_is_searched() -> None:
    scene = await a_scene()
    (entry,) = await written(scene, QUOKKA)
    await withdraw_entry(scene.program, entry, by=scene.lead, now=NOON)
    await publish(scene.program, "Less.", by=scene.lead, now=LATER, today=LATER_ON, sent=a_form())
    elsewhere = replace(scene, program=await a_program(scene.lead, "Another program"))
    await written(elsewhere, QUOKKA)
    assert (await found(scene, "quokka")).entries == ()


async def test_the_draft_is_searched_for_those_who_may_read_it() -> None:
    scene = await a_scene()
    (entry,) = await written(scene, QUOKKA, published=False)
    for person in (scene.lead, scene.coach, scene.member):
        assert [each.entry for each in (await found(scene, "quokka", person)).in_draft] == [entry]
    findings = await found(scene, "quokka", scene.bystander)
    assert (findings.entries, findings.in_draft) == ((), ())
    await publish(scene.program, "More.", by=scene.lead, now=LATER, today=LATER_ON, sent=a_form())
    assert (await found(scene, "quokka", scene.lead)).in_draft == ()


async def test_the_leads_can_be_asked_instead() -> None:
    scene = await a_scene()
    assert [each.name for each in await whom_to_ask(await reader(scene, scene.member))] == [
        "Lena Lead",
        "Leo Lead",
    ]
    assert [each.name for each in await whom_to_ask(await reader(scene, scene.lead))] == ["Leo Lead"]
