import asyncio
import html
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from playbooks.entries.actions import change_entry, withdraw_entry
from playbooks.entries.queries import draft_copies
from playbooks.entries.rules import EntryTopic
from playbooks.learnings.rules import LearningKind
from playbooks.reviews.actions import accept_learnings, return_learning
from program.database import fetch_value, new_id
from program.settings import Settings
from tests.cast import NOON, Browser, a_form, a_person, counted_queries, words_of
from tests.playbooks.writers import (
    ENTRY,
    TODAY,
    Scene,
    a_learning,
    a_scene,
    column,
    some_entry,
)

ACCEPTED = {
    "title": "Ask which paper it is for",
    "kind": "do",
    "topic": "journalists",
    "chapter": "Journalists",
    "body": "A reporter wrote to me.\r\n\r\nI asked.",
}


async def accept_as_second_lead(scene: Scene, learning: UUID) -> UUID:
    return await accept_learnings(
        scene.program, [learning], ENTRY, by=scene.second_lead, now=NOON, today=TODAY, sent=a_form()
    )


async def test_the_oldest_lies_before_the_lead_with_an_entry_suggested(browser: Browser) -> None:
    scene = await a_scene()
    await a_learning(scene, topic=EntryTopic.ANGRY_CRITICS, kind=LearningKind.QUESTION)
    await a_learning(scene, scene.friend, lesson="The other one")
    await browser.sign_in(scene.lead)
    page = await browser.get(f"{scene.home}/desk")
    assert "2 learnings wait for you" in page.text
    assert 'value="Ask which paper it is for."' in page.text
    assert 'value="When someone is angry"' in page.text
    assert '<option value="guidance" selected>' in page.text
    assert "&gt; Do you have a minute?\n&gt; For whom?" in page.text
    assert "Mia Member" in page.text


async def test_the_chapter_that_has_the_topic_is_suggested(browser: Browser) -> None:
    scene = await a_scene()
    await a_learning(scene)
    await browser.sign_in(scene.lead)
    page = await browser.get(f"{scene.home}/desk")
    assert 'id="chapter" name="chapter" value="When a journalist calls"' in page.text


async def test_a_learning_is_sent_back_with_a_note(browser: Browser) -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    await browser.sign_in(scene.lead)
    address = f"{scene.home}/desk/{learning}/return"
    answer = await browser.post(address, {"note": " "}, on=f"{scene.home}/desk")
    assert answer.status_code == 422
    assert 'id="note-problem"' in answer.text
    answer = await browser.post(address, {"note": "Which paper?"}, on=f"{scene.home}/desk")
    assert answer.headers["location"] == f"{scene.home}/desk"
    page = await browser.get(answer.headers["location"])
    assert "The desk is clear" in page.text
    assert await column("state", learning) == "returned"


async def test_a_learning_is_declined_with_a_reason(browser: Browser) -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    await browser.sign_in(scene.lead)
    address = f"{scene.home}/desk/{learning}/decline"
    answer = await browser.post(address, {"reason": ""}, on=f"{scene.home}/desk")
    assert 'id="reason-problem"' in answer.text
    answer = await browser.post(address, {"reason": "We know this."}, on=f"{scene.home}/desk")
    assert answer.status_code == 303
    assert await column("state", learning) == "declined"


async def test_three_learnings_become_one_entry_without_copying(browser: Browser) -> None:
    scene = await a_scene()
    learnings = [await a_learning(scene, situation=f"Story {number}.") for number in range(3)]
    await browser.sign_in(scene.lead)
    together = "&".join(f"take={learning}" for learning in learnings)
    page = await browser.get(f"{scene.home}/desk?{together}")
    assert "Take these 3 into one entry" in page.text
    assert all(f"Story {number}." in page.text for number in range(3))
    answer = await browser.post(
        f"{scene.home}/desk", {**ACCEPTED, "take": [str(learning) for learning in learnings]}
    )
    assert answer.status_code == 303
    entry = (await draft_copies(scene.program))[-1]
    assert entry.text.body == "A reporter wrote to me.\n\nI asked."
    assert await fetch_value("SELECT count(*) FROM entry_learning WHERE entry = $1", entry.entry) == 3


async def test_a_learning_is_merged_into_an_entry_of_the_draft(browser: Browser) -> None:
    scene = await a_scene()
    learning, standing = await a_learning(scene), await some_entry(scene)
    await browser.sign_in(scene.lead)
    page = await browser.get(f"{scene.home}/desk?take={learning}&into={standing.entry}")
    text = page.text.replace("&#39;", "’")
    assert text.index(standing.text.body[-40:]) < text.rindex("A reporter wrote to me on a Sunday.")
    answer = await browser.post(
        f"{scene.home}/desk",
        {**ACCEPTED, "take": str(learning), "into": str(standing.entry), "revision": "1"},
    )
    assert answer.status_code == 303
    (entry,) = [each for each in await draft_copies(scene.program) if each.entry == standing.entry]
    assert (entry.text.title, entry.revision) == (ACCEPTED["title"], 2)


async def test_the_second_lead_is_told_and_keeps_what_they_typed(browser: Browser) -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    await browser.sign_in(scene.lead)
    await accept_as_second_lead(scene, learning)
    for path, values in (
        ("desk", {**ACCEPTED, "take": str(learning), "body": "My own words."}),
        (f"desk/{learning}/return", {"note": "My own words."}),
        (f"desk/{learning}/decline", {"reason": "My own words."}),
    ):
        answer = await browser.post(f"{scene.home}/{path}", values)
        assert answer.status_code == 422
        assert "by Leo Lead before you" in answer.text
        assert "My own words." in answer.text
    answer = await browser.get(f"{scene.home}/desk/{learning}")
    assert answer.headers["location"] == f"{scene.home}/learnings/{learning}"


async def test_an_entry_changed_meanwhile_is_shown_and_then_taken_over(browser: Browser) -> None:
    scene = await a_scene()
    learning, standing = await a_learning(scene), await some_entry(scene)
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
    values = {**ACCEPTED, "take": str(learning), "into": str(standing.entry), "revision": "1"}
    answer = await browser.post(f"{scene.home}/desk", values)
    assert answer.status_code == 422
    assert "Leo Lead changed this entry" in answer.text
    assert "Their words." in answer.text
    assert "I asked." in answer.text
    assert 'name="revision" value="2"' in answer.text
    answer = await browser.post(f"{scene.home}/desk", {**values, "revision": "2"})
    assert answer.status_code == 303


async def test_an_entry_taken_out_meanwhile_leaves_the_words_for_a_new_one(browser: Browser) -> None:
    scene = await a_scene()
    learning, standing = await a_learning(scene), await some_entry(scene)
    await withdraw_entry(scene.program, standing.entry, by=scene.second_lead, now=NOON)
    await browser.sign_in(scene.lead)
    answer = await browser.post(
        f"{scene.home}/desk",
        {**ACCEPTED, "take": str(learning), "into": str(standing.entry), "revision": "1"},
    )
    assert answer.status_code == 422
    assert "was taken out of the draft" in answer.text
    assert "I asked." in answer.text


async def test_what_is_missing_is_said_at_every_field(browser: Browser) -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    await browser.sign_in(scene.lead)
    answer = await browser.post(
        f"{scene.home}/desk", {"take": str(learning), "kind": "?", "topic": "", "title": "Kept"}
    )
    assert answer.status_code == 422
    for field in ("kind", "topic", "chapter", "body"):
        assert f'id="{field}-problem"' in answer.text
    assert 'value="Kept"' in answer.text


async def test_an_accepting_form_sent_twice_has_one_result(browser: Browser) -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    await browser.sign_in(scene.lead)
    for _time in range(2):
        answer = await browser.post(
            f"{scene.home}/desk",
            {**ACCEPTED, "take": str(learning)},
            form_key="019d0000-0000-7000-8000-000000000002",
        )
        assert answer.status_code == 303
    assert await fetch_value("SELECT count(*) FROM review") == 1


async def test_what_was_sent_back_once_says_so_when_it_comes_again(browser: Browser) -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    await return_learning(scene.program, learning, "Which paper?", by=scene.lead, now=NOON, sent=a_form())
    await browser.sign_in(scene.member)
    values: dict[str, Any] = {"kind": "do", "topic": "other", "lesson": "L", "situation": "S", "then": "send"}
    await browser.post(f"{scene.home}/learnings/{learning}", values)
    await browser.sign_in(scene.lead)
    page = await browser.get(f"{scene.home}/desk/{learning}")
    assert "Sent back once by Lena Lead: “Which paper?”" in page.text


async def test_drafts_and_unknown_learnings_are_not_at_the_desk(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.lead)
    for learning in (await a_learning(scene, send=False), new_id()):
        assert (await browser.get(f"{scene.home}/desk/{learning}")).status_code == 404
        for path, values in (
            ("desk", {**ACCEPTED, "take": str(learning)}),
            (f"desk/{learning}/return", {"note": "x"}),
            (f"desk/{learning}/decline", {"reason": "x"}),
        ):
            assert (await browser.post(f"{scene.home}/{path}", values)).status_code == 404
    assert (await browser.post(f"{scene.home}/desk", ACCEPTED)).status_code == 404
    assert (await browser.get(f"{scene.home}/desk?take=nonsense&into=nonsense")).status_code == 200


async def test_the_desk_is_for_leads(browser: Browser) -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    for person, status in (
        (scene.member, 403),
        (scene.coach, 403),
        (scene.bystander, 403),
        (await a_person("Ova Outsider"), 404),
    ):
        await browser.sign_in(person)
        assert (await browser.get(f"{scene.home}/desk")).status_code == status
        for path in ("desk", f"desk/{learning}/return", f"desk/{learning}/decline"):
            assert (await browser.post(f"{scene.home}/{path}", {})).status_code == status


async def test_a_long_desk_needs_no_more_queries_than_a_short_one(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.lead)
    await browser.get(f"{scene.home}/desk")
    counts: dict[str, set[int]] = {"desk": set(), "desk/all": set()}
    written = 0
    for wanted in (1, 3, 50):
        while written < wanted:
            await a_learning(scene, lesson=f"Lesson {written}")
            written += 1
        for path, found in counts.items():
            with counted_queries() as queries:
                page = await browser.get(f"{scene.home}/{path}")
            found.add(len(queries))
        assert page.text.count('type="checkbox" name="take"') == wanted
    assert all(len(found) == 1 for found in counts.values())
    assert max(counts["desk"]) <= 8
    assert max(counts["desk/all"]) <= 4
    assert "Lesson 49" in words_of(page.text)


async def test_one_lies_there_at_a_time_oldest_or_newest_first(browser: Browser) -> None:
    scene = await a_scene()
    for number in range(3):
        await a_learning(scene, lesson=f"Lesson {number}", now=NOON + timedelta(minutes=number))
    await browser.sign_in(scene.lead)
    page = (await browser.get(f"{scene.home}/desk")).text
    assert re.findall(r'<h2 id="learning-[^"]+">(.*?)</h2>', page) == ["Lesson 0"]
    assert "1 of 3" in words_of(page)
    assert "Previous" not in words_of(page)
    (following,) = re.findall(r'href="([^"]*)" data-keys="j', page)
    page = (await browser.get(html.unescape(following))).text
    assert re.findall(r'<h2 id="learning-[^"]+">(.*?)</h2>', page) == ["Lesson 1"]
    page = (await browser.get(f"{scene.home}/desk?order=newest")).text
    assert re.findall(r'<h2 id="learning-[^"]+">(.*?)</h2>', page) == ["Lesson 2"]
    (following,) = re.findall(r'href="([^"]*)" data-keys="j', page)
    page = (await browser.get(html.unescape(following))).text
    assert re.findall(r'<h2 id="learning-[^"]+">(.*?)</h2>', page) == ["Lesson 1"]


async def test_after_one_is_done_the_next_of_the_same_order_lies_there(browser: Browser) -> None:
    scene = await a_scene()
    learnings = [
        await a_learning(scene, lesson=f"Lesson {number}", now=NOON + timedelta(minutes=number))
        for number in range(3)
    ]
    await browser.sign_in(scene.lead)
    for path, values in (
        ("desk/{}/return", {"note": "Why?"}),
        ("desk/{}/decline", {"reason": "Why?"}),
        ("desk", ACCEPTED),
    ):
        between = await a_learning(scene, lesson="In between", now=NOON + timedelta(seconds=90))
        on = f"{scene.home}/desk?at={between}&order=newest"
        assert f'name="next" value="{learnings[1]}"' in (await browser.get(on)).text
        sent = {**values, "take": str(between), "next": str(learnings[1]), "order": "newest"}
        answer = await browser.post(f"{scene.home}/{path.format(between)}", sent)
        assert answer.headers["location"] == f"{scene.home}/desk?at={learnings[1]}&order=newest"
        page = await browser.get(answer.headers["location"])
        assert re.findall(r'<h2 id="learning-[^"]+">(.*?)</h2>', page.text) == ["Lesson 1"]


async def test_beside_a_learning_stand_similar_ones_and_similar_entries_with_the_shared_words_marked(
    browser: Browser,
) -> None:
    scene = await a_scene()
    bare: dict[str, Any] = {"conversation": "", "what_i_did": "", "outcome": "", "resources": ""}
    await a_learning(scene, lesson="Pause before answering a reporter", situation="A newspaper rang.", **bare)
    other = await a_learning(
        scene, scene.friend, lesson="Reporters answered best after a pause", situation="X", **bare
    )
    await a_learning(scene, lesson="Bring cake to the office", situation="It was Friday.", **bare)
    accepted = await a_learning(scene, lesson="A reporter and a pause", situation="Y", **bare)
    await accept_as_second_lead(scene, accepted)
    await browser.sign_in(scene.lead)
    page = (await browser.get(f"{scene.home}/desk")).text
    beside = page[page.index("Similar learnings") :]
    assert "<mark>Reporters</mark> <mark>answered</mark> best after a <mark>pause</mark>" in beside
    assert f'name="take" value="{other}"' in beside
    assert f'/learnings/{accepted}">A <mark>reporter</mark> and a <mark>pause</mark>' in beside
    assert "in “Ask which paper it is for”" in words_of(beside)
    assert "cake" not in beside
    assert "Put it into this one" in beside


async def test_what_another_lead_took_is_said_with_each_and_the_rest_can_still_be_taken(
    browser: Browser,
) -> None:
    scene = await a_scene()
    gone, left = await a_learning(scene), await a_learning(scene, lesson="Still here")
    await browser.sign_in(scene.lead)
    await accept_as_second_lead(scene, gone)
    values = {**ACCEPTED, "body": "My own words.", "take": [str(gone), str(left)]}
    answer = await browser.post(f"{scene.home}/desk", values)
    assert answer.status_code == 422
    assert "Leo Lead took it into “Ask which paper it is for” on" in words_of(answer.text)
    assert "My own words." in answer.text
    assert f'name="take" value="{left}"' in answer.text
    assert f'name="take" value="{gone}"' not in answer.text
    assert (await browser.post(f"{scene.home}/desk", {**values, "take": str(left)})).status_code == 303
    answer = await browser.post(f"{scene.home}/desk", values)
    assert "What you were writing" in answer.text
    assert "My own words." in answer.text
    assert "data-main" not in answer.text


async def test_of_two_leads_who_accept_one_learning_at_once_one_wins_and_the_other_keeps_their_words(
    browser: Browser, settings: Settings, own_application: Any
) -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    transport: Any = httpx.ASGITransport(app=own_application)
    async with httpx.AsyncClient(transport=transport, base_url=settings.address) as client:
        second = Browser(client)
        await browser.sign_in(scene.lead)
        await second.sign_in(scene.second_lead)
        answers = await asyncio.gather(
            *(
                each.post(f"{scene.home}/desk", {**ACCEPTED, "body": words, "take": str(learning)})
                for each, words in ((browser, "The words of one."), (second, "The words of the other."))
            )
        )
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    (told,) = [answer.text for answer in answers if answer.status_code == 422]
    kept = await fetch_value("SELECT body FROM entry ORDER BY made_at DESC, id DESC LIMIT 1")
    (lost,) = {"The words of one.", "The words of the other."} - {kept}
    assert lost in told
    assert "before you" in words_of(told)
    assert await fetch_value("SELECT count(*) FROM review") == 1


async def test_the_list_of_all_is_for_leads_and_says_when_nothing_waits(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.lead)
    assert "The desk is clear" in (await browser.get(f"{scene.home}/desk/all")).text
    learning = await a_learning(scene)
    page = (await browser.get(f"{scene.home}/desk/all?order=newest")).text
    assert f"/desk?at={learning}&order=newest" in html.unescape(page)
    await browser.sign_in(scene.member)
    assert (await browser.get(f"{scene.home}/desk/all")).status_code == 403
