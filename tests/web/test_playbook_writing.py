"""Writing the draft: preview, two at a time, revisions, arranging, looking after; and reading what is new."""

import io
import time
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from playbooks.editions.actions import publish
from playbooks.entries.actions import add_entry, change_entry, withdraw_entry
from playbooks.entries.queries import draft_copies
from playbooks.entries.rules import EntryCopy
from playbooks.starting_set.actions import make_program
from program.database import execute, fetch_value
from tests.cast import NOON, Browser, a_form, a_listed_person, an_owner, counted_queries, words_of
from tests.playbooks.writers import ENTRY, LATER, LATER_ON, TODAY, Scene, a_scene, some_entry

BODY = "Read it aloud.\n\nThen sleep on it.\n\nThen post it."


async def an_entry(scene: Scene, **words: Any) -> EntryCopy:
    text = replace(ENTRY, body=BODY, **words)
    entry = await add_entry(scene.program, text, by=scene.lead, now=NOON, today=TODAY, sent=a_form())
    return next(copy for copy in await draft_copies(scene.program) if copy.entry == entry)


async def changed_by_leo(scene: Scene, copy: EntryCopy, **words: Any) -> None:
    await change_entry(
        scene.program,
        copy.entry,
        replace(copy.text, **words),
        revision=copy.revision,
        by=scene.second_lead,
        now=NOON,
        today=TODAY,
        sent=a_form(),
    )


async def an_edition(scene: Scene, what_changed: str = "News.", days: int = 0) -> None:
    now = LATER + timedelta(days=days)
    await publish(scene.program, what_changed, by=scene.lead, now=now, today=LATER_ON, sent=a_form())


def typed(copy: EntryCopy, **words: str) -> dict[str, Any]:
    text = copy.text
    values = {
        "title": text.title,
        "kind": text.kind.value,
        "topic": text.topic.value,
        "chapter": text.chapter,
        "body": text.body,
        "revision": str(copy.revision),
    }
    return values | words


async def test_a_text_is_shown_as_it_will_read_and_nothing_is_kept(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.lead)
    before = await draft_copies(scene.program)
    preview = f"{scene.home}/playbook/draft/preview"
    answer = await browser.post(preview, {"body": "**Bold** <script>x</script>"})
    assert answer.status_code == 200
    assert answer.text.strip() == "<p><strong>Bold</strong> &lt;script&gt;x&lt;/script&gt;</p>"
    assert "<html" not in answer.text
    assert "too long to show" in (await browser.post(preview, {"body": "x" * 20_001})).text
    assert "As you write" in (await browser.post(preview, {})).text
    assert await draft_copies(scene.program) == before


@pytest.mark.parametrize("new", [True, False])
async def test_without_javascript_a_preview_keeps_everything_typed(browser: Browser, new: bool) -> None:
    scene = await a_scene()
    copy = await an_entry(scene)
    await browser.sign_in(scene.lead)
    address = f"{scene.home}/playbook/draft" + ("" if new else f"/{copy.entry}")
    values = {
        "preview": "yes",
        "title": "My title",
        "body": "My **words**",
        "prompt": "What now?",
        "revision": "1",
    }
    answer = await browser.post(address, values)
    assert answer.status_code == 200
    for kept in ('value="My title"', "My **words**", "My <strong>words</strong>", "What now?"):
        assert kept in answer.text
    assert "problem" not in words_of(answer.text)
    assert await fetch_value("SELECT count(*) FROM entry WHERE title = 'My title'") == 0


async def test_five_megabytes_are_refused_at_their_field_and_given_back(browser: Browser) -> None:
    scene = await a_scene()
    copy = await an_entry(scene)
    await browser.sign_in(scene.lead)
    body = "A long § story. " * 312_500
    begun = time.process_time()
    for address in (f"{scene.home}/playbook/draft", f"{scene.home}/playbook/draft/{copy.entry}"):
        answer = await browser.post(address, typed(copy, body=body))
        assert answer.status_code == 422
        assert 'id="body-problem"' in answer.text
        assert "characters too long" in answer.text
        assert body.strip() in answer.text
    assert time.process_time() - begun < 10
    assert (await browser.post(f"{scene.home}/playbook/draft/preview", {"body": body})).status_code == 200
    huge = await browser.post(f"{scene.home}/playbook/draft/{copy.entry}", typed(copy, body="x" * 21_000_000))
    assert huge.status_code == 413


async def test_the_second_of_two_sees_every_word_and_puts_both_together(browser: Browser) -> None:
    scene = await a_scene()
    copy = await an_entry(scene)
    await changed_by_leo(scene, copy, body=BODY.replace("post it", "post it, or not"), title="Sleep on it")
    await browser.sign_in(scene.lead)
    address = f"{scene.home}/playbook/draft/{copy.entry}"
    mine = BODY.replace("aloud", "aloud, twice")
    answer = await browser.post(address, typed(copy, body=mine))
    assert answer.status_code == 422
    text = words_of(answer.text)
    assert "Leo Lead changed this entry" in text
    assert "Your words and those of Leo Lead" in text
    assert "aloud, twice" in answer.text
    assert '<del><span class="sr-only">taken out: </span>, or not<span' in answer.text
    assert '<ins><span class="sr-only">put in: </span>, twice<span' in answer.text
    assert 'name="title" value="Sleep on it"' in answer.text
    assert "What only Leo Lead changed stands in the form already" in text
    both = await browser.post(
        address, typed(copy, body=mine, revision="2", base="1", both="yes", title="Sleep on it")
    )
    assert both.status_code == 200
    merged = mine.replace("post it", "post it, or not")
    assert merged in both.text
    saved = await browser.post(address, typed(copy, body=merged, revision="2", base="1", title="Sleep on it"))
    assert saved.status_code == 303
    assert await fetch_value("SELECT body FROM entry WHERE id = $1", copy.entry) == merged


async def test_words_that_do_not_fit_together_stand_one_below_the_other(browser: Browser) -> None:
    scene = await a_scene()
    copy = await an_entry(scene)
    await changed_by_leo(scene, copy, body="Leo’s words.")
    await browser.sign_in(scene.lead)
    address = f"{scene.home}/playbook/draft/{copy.entry}"
    values = typed(copy, body="My words.", revision="2", base="1", both="yes")
    assert "My words.\n\nLeo’s words." in (await browser.post(address, values)).text
    values["base"] = "999"
    assert "My words.\n\nLeo’s words." in (await browser.post(address, values)).text


async def test_a_form_at_a_revision_that_never_was_keeps_its_words(browser: Browser) -> None:
    scene = await a_scene()
    copy = await an_entry(scene)
    await browser.sign_in(scene.lead)
    answer = await browser.post(
        f"{scene.home}/playbook/draft/{copy.entry}", typed(copy, body="My words.", revision="77")
    )
    assert answer.status_code == 422
    assert "My words." in answer.text


async def test_a_third_change_is_compared_too_and_no_revision_is_lost(browser: Browser) -> None:
    scene = await a_scene()
    copy = await an_entry(scene)
    await changed_by_leo(scene, copy, body="Leo’s words.")
    await changed_by_leo(scene, replace(copy, revision=2), body="Leo’s other words.")
    await browser.sign_in(scene.lead)
    address = f"{scene.home}/playbook/draft/{copy.entry}"
    answer = await browser.post(address, typed(copy, body="My words.", revision="2", base="1"))
    assert answer.status_code == 422
    assert 'name="base" value="1"' in answer.text
    assert 'name="revision" value="3"' in answer.text
    assert (await browser.post(address, typed(copy, body="My words.", revision="3"))).status_code == 303
    page = await browser.get(f"{address}/revisions?before=3&after=4")
    assert "Leo’s other" in page.text.partition("<del>")[2]


async def test_words_for_an_entry_that_was_taken_out_are_saved_as_it_comes_back(browser: Browser) -> None:
    scene = await a_scene()
    copy = await an_entry(scene)
    await withdraw_entry(scene.program, copy.entry, by=scene.second_lead, now=NOON)
    await browser.sign_in(scene.lead)
    address = f"{scene.home}/playbook/draft/{copy.entry}"
    refused = await browser.post(address, typed(copy, body="My words."))
    assert refused.status_code == 422
    assert "Bring it back and save" in refused.text
    assert (await browser.post(address, typed(copy, body="My words.", bring_back="yes"))).status_code == 303
    assert "My words." in [each.text.body for each in await draft_copies(scene.program)]


async def test_revisions_are_compared_and_brought_back(browser: Browser) -> None:
    scene = await a_scene()
    copy = await an_entry(scene)
    await changed_by_leo(scene, copy, body=BODY.replace("aloud", "in a whisper"))
    await browser.sign_in(scene.lead)
    address = f"{scene.home}/playbook/draft/{copy.entry}"
    page = await browser.get(f"{address}/revisions")
    assert "From revision 1 to revision 2" in words_of(page.text)
    assert "aloud" in page.text.partition("<del>")[2]
    assert "in a whisper" in page.text.partition("<ins>")[2]
    for asked in ("before=1&after=1", "before=2&after=1", "before=x&after=99", "before=-1"):
        assert (await browser.get(f"{address}/revisions?{asked}")).status_code == 200
    answer = await browser.post(f"{address}/revisions/1/restoration", on=f"{address}/revisions")
    assert answer.headers["location"] == f"{address}/revisions"
    assert BODY in [each.text.body for each in await draft_copies(scene.program)]
    assert (await browser.post(f"{address}/revisions/{10**12}/restoration")).status_code == 404


async def test_the_draft_is_arranged_with_buttons(browser: Browser) -> None:
    scene = await a_scene()
    first, second, *_rest = await draft_copies(scene.program)
    await browser.sign_in(scene.lead)
    page = await browser.get(f"{scene.home}/playbook/chapters")
    assert f"Move “{first.text.title}” down" in words_of(page.text)
    place = f"{scene.home}/playbook/draft/{first.entry}/place"
    assert (await browser.post(place, {"way": "down"})).status_code == 303
    assert [copy.entry for copy in (await draft_copies(scene.program))[:2]] == [second.entry, first.entry]
    assert (await browser.post(place, {"way": "sideways"})).status_code == 422
    assert (await browser.post(place, {"chapter": "A new chapter"})).status_code == 303
    assert (await draft_copies(scene.program))[-1].text.chapter == "A new chapter"
    assert (await browser.post(place, {"chapter": "x" * 300})).status_code == 422
    chapters = f"{scene.home}/playbook/chapters"
    assert (await browser.post(f"{chapters}/place", {"of": "A new chapter", "way": "up"})).status_code == 303
    assert (await browser.post(f"{chapters}/place", {"of": "", "way": "up"})).status_code == 422
    assert (await browser.post(f"{chapters}/place", {"of": "No such", "way": "up"})).status_code == 404
    assert (
        await browser.post(f"{chapters}/name", {"of": "A new chapter", "name": "Named"})
    ).status_code == 303
    refused = await browser.post(f"{chapters}/name", {"of": "Named", "name": second.text.chapter})
    assert refused.status_code == 422
    assert "There is a chapter" in refused.text
    assert (await browser.post(f"{chapters}/name", {"of": "Named", "name": ""})).status_code == 422


async def test_only_the_order_can_be_published_too(browser: Browser) -> None:
    scene = await a_scene()
    first, *_rest = await draft_copies(scene.program)
    await browser.sign_in(scene.lead)
    await browser.post(f"{scene.home}/playbook/draft/{first.entry}/place", {"way": "down"})
    page = await browser.get(f"{scene.home}/playbook/editions/new")
    assert "in another order" in page.text
    values = {"what_changed": "A better order.", "after": "0"}
    assert (await browser.post(f"{scene.home}/playbook/editions", values)).status_code == 303


async def test_an_entry_is_looked_after(browser: Browser) -> None:
    scene = await a_scene()
    copy = await some_entry(scene)
    await browser.sign_in(scene.lead)
    assert "All fresh" in (await browser.get(f"{scene.home}/playbook/due")).text
    address = f"{scene.home}/playbook/draft/{copy.entry}"
    kept = {"verifier": str(scene.coach), "every_days": "90"}
    assert (await browser.post(f"{address}/care", kept, on=address)).status_code == 303
    for wrong in ({"every_days": "0"}, {"verifier": str(scene.member)}, {"verifier": "nobody"}):
        assert (await browser.post(f"{address}/care", {**kept, **wrong})).status_code == 422
    await execute("UPDATE entry SET verified_on = '2026-01-01' WHERE id = $1", copy.entry)
    await browser.sign_in(scene.coach)
    page = await browser.get(f"{scene.home}/playbook/due")
    assert copy.text.title in page.text
    assert "read one entry again" in (await browser.get(scene.home)).text
    answer = await browser.post(f"{address}/verification", on=f"{scene.home}/playbook/due")
    assert answer.headers["location"] == f"{scene.home}/playbook/due"
    assert "All fresh" in (await browser.get(f"{scene.home}/playbook/due")).text
    page = await browser.get(f"{scene.home}/playbook/entries/{copy.entry}")
    assert "Cora Coach found on" in page.text
    back = await browser.post(f"{address}/verification", {"revision": "1", "back": "entry"})
    assert back.headers["location"] == f"{scene.home}/playbook/entries/{copy.entry}"


async def test_a_lead_reads_again_what_nobody_looks_after(browser: Browser) -> None:
    scene = await a_scene()
    copy = await some_entry(scene)
    await execute("UPDATE entry SET verified_on = '2026-01-01' WHERE id = $1", copy.entry)
    await browser.sign_in(scene.lead)
    assert "ead one entry again" in (await browser.get(scene.home)).text
    assert 'class="chip line"' in (await browser.get(f"{scene.home}/playbook/draft")).text
    await browser.sign_in(scene.coach)
    assert "one entry again" not in (await browser.get(scene.home)).text


async def test_a_reader_is_told_what_is_new_until_they_have_read_it(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.bystander)
    playbook = f"{scene.home}/playbook"
    for _time in range(2):
        assert "New since you last read" not in (await browser.get(playbook)).text
    copy = await some_entry(scene)
    await changed_by_leo(scene, copy, body=f"{copy.text.body} Really.")
    await an_edition(scene)
    await an_entry(scene, title="A new one")
    await an_edition(scene, days=1)
    for _time in range(2):
        page = await browser.get(playbook)
        text = words_of(page.text)
        assert "You read edition 0 on" in text
        assert "2 entries are different now" in text
        assert "Really." in page.text.partition("<ins>")[2]
    assert "New since you last read" not in (await browser.get(f"{playbook}/editions/2")).text
    answer = await browser.post(f"{playbook}/editions/2/reading", on=playbook)
    assert answer.headers["location"] == playbook
    assert "New since you last read" not in (await browser.get(playbook)).text
    assert (await browser.post(f"{playbook}/editions/9/reading")).status_code == 404


async def test_any_two_editions_are_compared(browser: Browser) -> None:
    scene = await a_scene()
    first, second, *_rest = await draft_copies(scene.program)
    await changed_by_leo(scene, first, body="Other words.")
    await withdraw_entry(scene.program, second.entry, by=scene.lead, now=NOON)
    await an_entry(scene, title="A new one")
    await an_edition(scene)
    await browser.sign_in(scene.bystander)
    page = await browser.get(f"{scene.home}/playbook/comparison?before=0&after=1")
    text = words_of(page.text)
    assert "One entry is new, one changed and one was withdrawn." in text
    assert "Other words" in page.text.partition("<ins>")[2]
    backwards = words_of((await browser.get(f"{scene.home}/playbook/comparison?before=1&after=0")).text)
    assert "One entry is new, one changed and one was withdrawn." in backwards
    assert (
        "They say the same" in (await browser.get(f"{scene.home}/playbook/comparison?before=1&after=1")).text
    )
    assert (await browser.get(f"{scene.home}/playbook/comparison")).text.count(
        "Other words"
    ) == page.text.count("Other words")
    assert (await browser.get(f"{scene.home}/playbook/comparison?before=7&after=x")).status_code == 200


async def test_a_search_answers_with_a_page_or_with_what_was_found_alone(browser: Browser) -> None:
    scene = await a_scene()
    await an_entry(scene, title="Feeding <b>quokkas</b>")
    await an_edition(scene)
    await browser.sign_in(scene.bystander)
    address = f"{scene.home}/playbook/search"
    page = await browser.get(f"{address}?q=quok")
    assert "Feeding &lt;b&gt;<mark>quokkas</mark>&lt;/b&gt;" in page.text
    assert "<html" in page.text
    alone = await browser.client.get(
        f"{address}?q=quok", headers={"HX-Request": "true", "HX-Target": "found"}
    )
    assert "<mark>quokkas</mark>" in alone.text
    assert "<html" not in alone.text
    assert '<span hx-swap-oob="innerHTML:#found-count">One entry</span>' in alone.text
    nothing = await browser.get(f"{address}?q=<script>zebra")
    assert "The playbook does not say yet" in nothing.text
    assert "<script>zebra" not in nothing.text
    assert "Lena Lead" in nothing.text
    assert "learnings/new" not in nothing.text
    await browser.sign_in(scene.member)
    assert "learnings/new" in (await browser.get(f"{address}?q=zebra")).text
    for odd in ("", "%00", "'%22%3C", "x" * 5_000, "%F0%9F%90%B9", "%D9%A3"):
        assert (await browser.get(f"{address}?q={odd}")).status_code == 200


async def test_before_the_first_edition_the_playbook_says_what_will_stand_there(browser: Browser) -> None:
    lead = await an_owner()
    slug = await make_program("Brand new", purpose="To begin.", zone="UTC", by=lead, now=NOON, sent=a_form())
    home = f"/programs/{slug}"
    program = await fetch_value("SELECT id FROM program WHERE slug = $1", slug)
    await browser.sign_in(await a_listed_person(program, lead, "Bo Bystander"))
    page = await browser.get(f"{home}/playbook")
    assert "The first edition is being prepared" in page.text
    assert "/set-up" not in page.text
    for path in ("editions/0", "comparison"):
        assert (await browser.get(f"{home}/playbook/{path}")).status_code == 404
    assert (await browser.get(f"{home}/playbook/search?q=angry")).status_code == 200
    await browser.sign_in(lead)
    assert f"{home}/set-up" in (await browser.get(f"{home}/playbook")).text
    assert (await browser.get(f"{home}/playbook/draft")).status_code == 200
    page = await browser.get(f"{home}/playbook/editions/new")
    assert "Publish edition 0" in page.text
    answer = await browser.post(
        f"{home}/playbook/editions", {"what_changed": "The first."}, on=f"{home}/playbook/editions/new"
    )
    assert answer.status_code == 303
    again = await browser.post(f"{home}/playbook/editions", {"what_changed": "The first."})
    assert again.status_code == 422


async def test_the_draft_is_taken_along_as_markdown(browser: Browser) -> None:
    scene = await a_scene()
    await an_entry(scene, title="Headings", chapter="Odd ones / and more")
    await browser.sign_in(scene.lead)
    answer = await browser.get(f"{scene.home}/playbook/export")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        last = archive.read(names[-1]).decode()
    assert names[-1].endswith("-odd-ones-and-more.md")
    assert "## Headings\nkind: do\ntopic: journalists\n\nRead it aloud." in last


@pytest.mark.parametrize(
    "path", ["playbook/search?q=paper", "playbook/chapters", "playbook/due", "playbook/comparison"]
)
async def test_many_entries_need_no_more_queries_than_few(browser: Browser, path: str) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.lead)
    counts, written = set(), 0
    for wanted in (1, 3, 50):
        while written < wanted:
            await an_entry(scene, title=f"Which paper, {written}")
            written += 1
        await an_edition(scene, days=wanted)
        await execute("UPDATE entry SET verified_on = '2026-01-01'")
        await browser.get(f"{scene.home}/{path}")
        with counted_queries() as queries:
            assert (await browser.get(f"{scene.home}/{path}")).status_code == 200
        counts.add(len(queries))
    assert len(counts) == 1
    assert max(counts) <= 6
