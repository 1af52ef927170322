from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from playbooks.editions.actions import publish
from playbooks.editions.queries import newest_edition
from playbooks.entries.actions import add_entry, change_entry, withdraw_entry
from playbooks.entries.queries import draft_copies
from playbooks.reviews.actions import accept_learnings
from program.database import fetch_value, new_id
from program.roles.rules import Role
from tests.cast import (
    NOON,
    Browser,
    a_form,
    a_new_program,
    a_person,
    a_person_with,
    a_program,
    an_owner,
    counted_queries,
    words_of,
)
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
    some_entry,
)

WRITTEN: dict[str, Any] = {
    "title": "Ask which paper it is for",
    "kind": "do",
    "topic": "journalists",
    "chapter": "Journalists",
    "body": "A reporter wrote to me.",
}
QUESTION = {"prompt": "What now?", "options": "Answer\r\nWait", "right": "2", "why": "It can wait."}


async def an_accepted_learning(scene: Scene, **words: Any) -> tuple[UUID, UUID]:
    learning = await a_learning(scene, **words)
    entry = await accept_learnings(
        scene.program,
        [learning],
        ENTRY,
        by=scene.lead,
        now=NOON + timedelta(days=1),
        today=TODAY,
        sent=a_form(),
    )
    return learning, entry


async def an_edition(scene: Scene, what_changed: str = "We met journalists.") -> None:
    await publish(scene.program, what_changed, by=scene.lead, now=LATER, today=LATER_ON, sent=a_form())


async def test_everyone_in_the_program_reads_the_newest_edition(browser: Browser) -> None:
    scene = await a_scene()
    people = [
        await a_person_with(role, scene.program, scene.lead, f"{role} person")
        for role in (Role.SPONSOR, Role.REVIEWER)
    ]
    for person in (*people, scene.lead, scene.member, scene.coach, scene.bystander):
        await browser.sign_in(person)
        page = await browser.get(f"{scene.home}/playbook")
        assert page.status_code == 200
        assert "The starting set: what we already know." in page.text
        assert "When someone is angry" in page.text
    await browser.sign_in(await a_person("Ova Outsider"))
    assert (await browser.get(f"{scene.home}/playbook")).status_code == 404
    browser.sign_out()
    assert (await browser.get(f"{scene.home}/playbook")).status_code == 303


async def test_a_lead_publishes_and_everyone_reads_what_is_new(browser: Browser) -> None:
    scene = await a_scene()
    await an_accepted_learning(scene)
    standing = (await draft_copies(scene.program))[0]
    await change_entry(
        scene.program,
        standing.entry,
        replace(standing.text, title="Another title"),
        revision=1,
        by=scene.lead,
        now=NOON,
        today=TODAY,
        sent=a_form(),
    )
    await browser.sign_in(scene.lead)
    page = await browser.get(f"{scene.home}/playbook/editions/new")
    assert "2 entries are different from edition 0" in words_of(page.text)
    assert "different: the title" in page.text
    assert f'name="material" value="{standing.entry}">' in page.text
    values = {"what_changed": "We met journalists.", "after": "0", "shown": str(standing.entry)}
    answer = await browser.post(f"{scene.home}/playbook/editions", values)
    assert answer.headers["location"] == f"{scene.home}/playbook"
    await browser.sign_in(scene.bystander)
    page = await browser.get(f"{scene.home}/playbook")
    text = words_of(page.text)
    assert "The playbook, edition 1" in text
    assert text.index("We met journalists.") < text.index("New: Ask which paper it is for")
    assert "Changed: Another title" in text
    assert "From one learning" in text
    earlier = await browser.get(f"{scene.home}/playbook/editions/0")
    assert "This is an earlier edition" in earlier.text
    assert "Another title" not in earlier.text
    assert (await browser.get(f"{scene.home}/playbook/editions/2")).status_code == 404
    assert (await browser.get(f"{scene.home}/playbook/editions/{10**25}")).status_code == 404


async def test_a_tick_says_that_a_change_asks_something_new(browser: Browser) -> None:
    scene = await a_scene()
    standing = await some_entry(scene)
    await change_entry(
        scene.program,
        standing.entry,
        replace(standing.text, title="Another title"),
        revision=1,
        by=scene.lead,
        now=NOON,
        today=TODAY,
        sent=a_form(),
    )
    await browser.sign_in(scene.lead)
    ticked = {"after": "0", "shown": str(standing.entry), "material": str(standing.entry)}
    refused = await browser.post(f"{scene.home}/playbook/editions", {**ticked, "what_changed": ""})
    assert refused.status_code == 422
    assert f'name="material" value="{standing.entry}" checked>' in refused.text
    await browser.post(f"{scene.home}/playbook/editions", {**ticked, "what_changed": "A title."})
    assert await fetch_value(
        "SELECT material FROM edition_entry c JOIN edition d ON d.id = c.edition AND d.number = 1"
        " WHERE c.entry = $1",
        standing.entry,
    )


async def test_a_text_that_a_lead_unticks_is_not_material(browser: Browser) -> None:
    scene = await a_scene()
    standing = await some_entry(scene)
    await change_entry(
        scene.program,
        standing.entry,
        replace(standing.text, body="A comma."),
        revision=1,
        by=scene.lead,
        now=NOON,
        today=TODAY,
        sent=a_form(),
    )
    await browser.sign_in(scene.lead)
    page = await browser.get(f"{scene.home}/playbook/editions/new")
    assert f'name="material" value="{standing.entry}" checked>' in page.text
    unticked = {"after": "0", "shown": str(standing.entry)}
    refused = await browser.post(f"{scene.home}/playbook/editions", {**unticked, "what_changed": ""})
    assert f'name="material" value="{standing.entry}">' in refused.text
    await browser.post(f"{scene.home}/playbook/editions", {**unticked, "what_changed": "A comma."})
    assert not await fetch_value(
        "SELECT bool_or(material) FROM edition_entry c JOIN edition d ON d.id = c.edition AND d.number = 1"
    )


async def test_the_second_of_two_leads_is_told_and_keeps_their_words(browser: Browser) -> None:
    scene = await a_scene()
    await an_accepted_learning(scene)
    await an_edition(scene)
    await browser.sign_in(scene.second_lead)
    answer = await browser.post(
        f"{scene.home}/playbook/editions", {"what_changed": "My own words.", "after": "0"}
    )
    assert answer.status_code == 422
    assert "Edition 1 was published a moment ago" in answer.text
    assert "My own words." in answer.text
    assert (await newest_edition(scene.program)).number == 1


async def test_nothing_new_is_not_published(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.lead)
    page = await browser.get(f"{scene.home}/playbook/editions/new")
    assert "Nothing has changed" in page.text
    assert "<textarea" not in page.text
    answer = await browser.post(f"{scene.home}/playbook/editions", {"what_changed": "News.", "after": "0"})
    assert answer.status_code == 422
    assert "says already" in answer.text


async def test_an_entrys_thread_shows_each_reader_what_they_may_see(browser: Browser) -> None:
    scene = await a_scene()
    circle = await a_cohort(scene.program, scene.lead, position=1, name="Berlin")
    ambassador = await a_member(scene.program, circle, scene.lead, "Amy Ambassador")
    learning, entry = await an_accepted_learning(scene, lesson="The lesson itself.")
    address = f"{scene.home}/playbook/entries/{entry}"
    await browser.sign_in(scene.bystander)
    assert (await browser.get(address)).status_code == 404
    await an_edition(scene)
    for person, seen in (
        (scene.member, "The lesson itself. You"),
        (scene.friend, "The lesson itself. A pilot member"),
        (scene.coach, "The lesson itself. Mia Member"),
        (scene.lead, "The lesson itself. Mia Member"),
    ):
        await browser.sign_in(person)
        page = words_of((await browser.get(address)).text)
        assert seen in page
        assert "From the pilot’s experience: one learning." in page
        assert "Edition 1" in page
    for person in (scene.bystander, ambassador):
        await browser.sign_in(person)
        page = words_of((await browser.get(address)).text)
        assert "The lesson itself." not in page
        assert "Mia Member" not in page
        assert "From the pilot’s experience: one learning." in page
    await browser.sign_in(scene.member)
    thread = await browser.get(f"{scene.home}/learnings/{learning}")
    assert f"/playbook/entries/{entry}" in thread.text
    assert f"{scene.home}/playbook/editions/1" in thread.text


async def test_an_author_follows_a_learning_into_the_draft_as_far_as_they_may(browser: Browser) -> None:
    scene = await a_scene()
    circle = await a_cohort(scene.program, scene.lead, position=1, name="Berlin")
    ambassador = await a_member(scene.program, circle, scene.lead, "Amy Ambassador")
    learning, entry = await an_accepted_learning(scene)
    await browser.sign_in(scene.member)
    page = await browser.get(f"{scene.home}/learnings/{learning}")
    assert f"{scene.home}/playbook/draft#entry-{entry}" in page.text
    learning, _entry = await an_accepted_learning(scene, by=ambassador)
    await browser.sign_in(ambassador)
    page = await browser.get(f"{scene.home}/learnings/{learning}")
    assert "The next edition of the playbook" in page.text
    assert "/playbook/draft" not in page.text


async def test_an_entry_that_left_the_playbook_says_since_when(browser: Browser) -> None:
    scene = await a_scene()
    entry = (await some_entry(scene)).entry
    await withdraw_entry(scene.program, entry, by=scene.lead, now=NOON)
    await an_edition(scene)
    await browser.sign_in(scene.bystander)
    page = await browser.get(f"{scene.home}/playbook/entries/{entry}")
    assert "edition 1 left it out" in page.text
    assert "Withdrawn:" in (await browser.get(f"{scene.home}/playbook")).text


async def test_the_draft_is_read_by_the_pilot_and_its_coach_and_changed_by_leads(browser: Browser) -> None:
    scene = await a_scene()
    entry = (await some_entry(scene)).entry
    for person in (scene.member, scene.coach):
        await browser.sign_in(person)
        page = await browser.get(f"{scene.home}/playbook/draft")
        assert page.status_code == 200
        assert "/playbook/draft/new" not in page.text
        assert "/playbook/editions/new" not in page.text
    for person, status in (
        (scene.member, 403),
        (scene.coach, 403),
        (scene.bystander, 403),
        (await a_person("Ova Outsider"), 404),
    ):
        await browser.sign_in(person)
        for path in ("draft/new", f"draft/{entry}", "editions/new"):
            assert (await browser.get(f"{scene.home}/playbook/{path}")).status_code == status
        for path in (
            "draft",
            f"draft/{entry}",
            f"draft/{entry}/withdrawal",
            f"draft/{entry}/return",
            "editions",
        ):
            assert (await browser.post(f"{scene.home}/playbook/{path}", {})).status_code == status
    await browser.sign_in(scene.bystander)
    assert (await browser.get(f"{scene.home}/playbook/draft")).status_code == 403


async def test_a_lead_writes_an_entry_with_its_question(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.lead)
    answer = await browser.post(
        f"{scene.home}/playbook/draft", {**WRITTEN, **QUESTION}, on=f"{scene.home}/playbook/draft/new"
    )
    assert answer.status_code == 303
    question = (await draft_copies(scene.program))[-1].text.question
    assert question is not None
    assert (question.options, question.right) == (("Answer", "Wait"), frozenset({1}))
    page = await browser.get(answer.headers["location"].partition("#")[0])
    assert "Not published yet" in page.text


async def test_every_problem_of_an_entry_is_said_at_its_field(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.lead)
    answer = await browser.post(
        f"{scene.home}/playbook/draft",
        {"title": "Kept", "kind": "?", "options": "One\r\nOne", "why": "", "prompt": "", "right": "3"},
    )
    assert answer.status_code == 422
    for field in ("kind", "topic", "chapter", "body", "options", "right", "why", "prompt"):
        assert f'id="{field}-problem"' in answer.text
    assert 'value="Kept"' in answer.text


async def test_a_lead_changes_an_entry_and_its_question_keeps_its_identity(browser: Browser) -> None:
    scene = await a_scene()
    standing = await some_entry(scene)
    assert standing.text.question is not None
    await browser.sign_in(scene.lead)
    address = f"{scene.home}/playbook/draft/{standing.entry}"
    page = await browser.get(address)
    assert standing.text.title in page.text
    here = {"chapter": standing.text.chapter}
    answer = await browser.post(address, {**WRITTEN, **QUESTION, **here}, on=address)
    assert answer.headers["location"].endswith(f"#entry-{standing.entry}")
    changed = (await some_entry(scene)).text
    assert changed.question is not None
    assert (changed.title, changed.question.id) == (WRITTEN["title"], standing.text.question.id)


async def test_of_two_who_change_an_entry_the_second_sees_both_and_saves_again(browser: Browser) -> None:
    scene = await a_scene()
    standing = await some_entry(scene)
    await change_entry(
        scene.program,
        standing.entry,
        replace(standing.text, body="Their words."),
        revision=1,
        by=scene.second_lead,
        now=NOON,
        today=TODAY,
        sent=a_form(),
    )
    await browser.sign_in(scene.lead)
    address = f"{scene.home}/playbook/draft/{standing.entry}"
    mine = {**WRITTEN, "chapter": standing.text.chapter}
    answer = await browser.post(address, {**mine, "revision": "1"})
    assert answer.status_code == 422
    assert "Leo Lead changed this entry" in answer.text
    assert "Their words." in answer.text
    assert WRITTEN["body"] in answer.text
    assert 'name="revision" value="2"' in answer.text
    assert (await browser.post(address, {**mine, "revision": "2"})).status_code == 303
    assert (await some_entry(scene)).text.body == WRITTEN["body"]


async def test_an_entry_is_taken_out_and_brought_back(browser: Browser) -> None:
    scene = await a_scene()
    standing = await some_entry(scene)
    address = f"{scene.home}/playbook/draft/{standing.entry}"
    await browser.sign_in(scene.lead)
    assert (await browser.post(f"{address}/withdrawal", on=address)).status_code == 303
    page = await browser.get(f"{scene.home}/playbook/draft")
    assert page.text.index("Taken out") < page.text.index(standing.text.title)
    refused = await browser.post(address, {**WRITTEN, "revision": "1"})
    assert refused.status_code == 422
    assert WRITTEN["body"] in refused.text
    assert (await browser.post(f"{address}/return", on=address)).status_code == 303
    assert await some_entry(scene) == standing


async def test_an_entry_of_another_program_is_not_found(browser: Browser) -> None:
    scene = await a_scene()
    elsewhere = (await draft_copies(await a_program(scene.lead, "Another program")))[0].entry
    await browser.sign_in(scene.lead)
    for entry in (elsewhere, new_id()):
        assert (await browser.get(f"{scene.home}/playbook/entries/{entry}")).status_code == 404
        address = f"{scene.home}/playbook/draft/{entry}"
        assert (await browser.get(address)).status_code == 404
        assert (await browser.post(address, WRITTEN)).status_code == 404
        assert (await browser.post(f"{address}/withdrawal")).status_code == 404
        assert (await browser.post(f"{address}/return")).status_code == 404


@pytest.mark.parametrize("path", ["playbook", "playbook/draft"])
async def test_a_long_playbook_needs_no_more_queries_than_a_short_one(browser: Browser, path: str) -> None:
    scene = await a_scene()
    for entry in (await draft_copies(scene.program))[1:]:
        await withdraw_entry(scene.program, entry.entry, by=scene.lead, now=NOON)
    await browser.sign_in(scene.lead)
    await browser.get(f"{scene.home}/{path}")
    counts, written = set(), 1
    for wanted in (1, 3, 50):
        while written < wanted:
            text = replace(ENTRY, title=f"Entry {written}")
            await add_entry(scene.program, text, by=scene.lead, now=NOON, today=TODAY, sent=a_form())
            written += 1
        await an_edition(scene, f"{wanted} entries")
        with counted_queries() as queries:
            page = await browser.get(f"{scene.home}/{path}")
        assert page.text.count('<article class="entry"') == wanted
        counts.add(len(queries))
    assert len(counts) == 1
    assert max(counts) <= 5


async def test_before_edition_0_the_draft_speaks_of_no_newest_edition(browser: Browser) -> None:
    lead = await an_owner()
    await a_new_program(lead)
    await browser.sign_in(lead)
    told = words_of((await browser.get("/programs/employee-voices/playbook/draft")).text)
    assert "This becomes edition 0, the first, when you publish it." in told
    assert "Publish edition 0" in told
    assert "newest" not in told
