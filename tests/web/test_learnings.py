from typing import Any

import pytest

from playbooks.editions.actions import publish
from playbooks.reviews.actions import accept_learnings, decline_learning, return_learning
from program.database import execute, fetch_value
from program.installation.queries import machine_now
from program.roles.rules import Role
from tests.cast import NOON, Browser, a_form, a_person, a_person_with, counted_queries, words_of
from tests.playbooks.writers import (
    ENTRY,
    LATER,
    LATER_ON,
    TODAY,
    a_cohort,
    a_learning,
    a_member,
    a_scene,
    column,
)

SENT: dict[str, Any] = {
    "kind": "dont",
    "topic": "journalists",
    "lesson": "Don’t answer\r\nat night.",
    "situation": "A reporter wrote to me.",
    "faced": ["press", "customer"],
    "channel": "linkedin",
    "named": "yes",
    "then": "send",
}


async def test_a_member_sends_a_learning_and_finds_it_in_the_notebook(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    page = await browser.get(f"{scene.home}/learnings")
    assert "Your notebook is empty" in page.text
    answer = await browser.post(f"{scene.home}/learnings", SENT, on=f"{scene.home}/learnings/new")
    assert answer.headers["location"] == f"{scene.home}/learnings"
    page = await browser.get(answer.headers["location"])
    assert "Don’t answer at night." in words_of(page.text)
    assert "Sent to the desk on" in words_of(page.text)
    assert await fetch_value("SELECT faced FROM learning") == ["press", "customer"]
    assert await fetch_value("SELECT named FROM learning")


async def test_a_sentence_is_enough_for_a_draft_which_is_then_written_on_and_sent(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    draft = {"kind": "do", "lesson": "Wait a night.", "then": "keep"}
    answer = await browser.post(f"{scene.home}/learnings", draft, on=f"{scene.home}/learnings/new")
    address = answer.headers["location"]
    page = await browser.get(address)
    assert "Wait a night." in page.text
    answer = await browser.post(address, {**SENT, "lesson": "Wait two nights."}, on=address)
    assert answer.status_code == 303
    page = await browser.get(address)
    assert "<textarea" not in page.text
    assert "It waits at the desk" in words_of(page.text)


async def test_the_same_form_sent_twice_is_one_learning(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    for _time in range(2):
        answer = await browser.post(
            f"{scene.home}/learnings", SENT, form_key="019d0000-0000-7000-8000-000000000001"
        )
        assert answer.status_code == 303
    assert await fetch_value("SELECT count(*) FROM learning") == 1


async def test_what_is_missing_is_said_at_every_field_and_nothing_typed_is_lost(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    bad = {"kind": "maybe", "topic": "weather", "faced": "ghost", "outcome": "It went well.", "then": "send"}
    answer = await browser.post(f"{scene.home}/learnings", bad, on=f"{scene.home}/learnings/new")
    assert answer.status_code == 422
    for field in ("kind", "topic", "lesson", "situation", "faced"):
        assert f'id="{field}-problem"' in answer.text
    assert "It went well." in answer.text
    assert await fetch_value("SELECT count(*) FROM learning") == 0


@pytest.mark.parametrize(
    ("field", "value"), [("lesson", "x" * 201), ("situation", "x" * 5_001), ("channel", "pigeon")]
)
async def test_what_is_too_long_or_unknown_is_said(browser: Browser, field: str, value: str) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    answer = await browser.post(f"{scene.home}/learnings", {**SENT, field: value})
    assert answer.status_code == 422
    assert f'id="{field}-problem"' in answer.text


async def test_what_came_back_shows_the_note_above_and_is_sent_again(browser: Browser) -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    await return_learning(scene.program, learning, "Which paper?", by=scene.lead, now=NOON, sent=a_form())
    await browser.sign_in(scene.member)
    assert "came back to you" in words_of((await browser.get(f"{scene.home}/learnings")).text)
    address = f"{scene.home}/learnings/{learning}"
    page = await browser.get(address)
    assert page.text.index("Which paper?") < page.text.index('name="lesson"')
    answer = await browser.post(address, SENT, on=address)
    assert answer.status_code == 303
    assert await column("state", learning) == "submitted"


async def test_what_was_sent_cannot_be_changed_any_more(browser: Browser) -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    await browser.sign_in(scene.member)
    answer = await browser.post(f"{scene.home}/learnings/{learning}", SENT)
    assert answer.status_code == 422
    assert "has been sent to the desk" in answer.text
    answer = await browser.post(f"{scene.home}/learnings/{learning}", {**SENT, "lesson": ""})
    assert answer.status_code == 422


async def test_the_reason_stands_with_what_was_declined(browser: Browser) -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    await decline_learning(scene.program, learning, "We know this.", by=scene.lead, now=NOON, sent=a_form())
    await browser.sign_in(scene.member)
    page = await browser.get(f"{scene.home}/learnings/{learning}")
    assert "We know this." in page.text
    assert "Not taken into the playbook" in words_of((await browser.get(f"{scene.home}/learnings")).text)


async def test_the_cohort_reads_what_was_sent_and_who_wrote_it_only_if_they_agreed(browser: Browser) -> None:
    scene = await a_scene()
    await a_learning(scene, lesson="Unnamed lesson")
    await a_learning(scene, lesson="Named lesson", named=True)
    await a_learning(scene, lesson="A draft", send=False)
    await browser.sign_in(scene.friend)
    page = words_of((await browser.get(f"{scene.home}/learnings/cohort")).text)
    assert "Named lesson Mia Member" in page
    assert "Unnamed lesson Somebody in the cohort" in page
    assert "A draft" not in page


async def test_a_coach_is_led_to_what_the_cohort_wrote(browser: Browser) -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    await browser.sign_in(scene.coach)
    answer = await browser.get(f"{scene.home}/learnings")
    assert answer.headers["location"] == f"{scene.home}/learnings/cohort"
    assert "Mia Member" in (await browser.get(answer.headers["location"])).text
    assert (await browser.get(f"{scene.home}/learnings/{learning}")).status_code == 200
    assert (await browser.get(f"{scene.home}/learnings/new")).status_code == 403


async def test_who_is_not_active_yet_is_told_when_the_notebook_opens(browser: Browser) -> None:
    scene = await a_scene()
    newcomer = await a_member(scene.program, scene.cohort, scene.lead, "Nora New", "preparing")
    await browser.sign_in(newcomer)
    for path in ("learnings", "learnings/new"):
        page = await browser.get(f"{scene.home}/{path}")
        assert "as soon as you are active" in page.text
        assert 'name="lesson"' not in page.text
    answer = await browser.post(f"{scene.home}/learnings", SENT)
    assert answer.status_code == 422
    assert "as soon as you are active" in answer.text


async def test_a_learning_of_others_is_not_found(browser: Browser) -> None:
    scene = await a_scene()
    circle = await a_cohort(scene.program, scene.lead, position=1, name="Berlin")
    ambassador = await a_member(scene.program, circle, scene.lead, "Amy Ambassador")
    draft, sent = await a_learning(scene, send=False), await a_learning(scene)
    for person, learning in ((scene.friend, draft), (scene.lead, draft), (ambassador, sent)):
        await browser.sign_in(person)
        assert (await browser.get(f"{scene.home}/learnings/{learning}")).status_code == 404
    await browser.sign_in(scene.friend)
    assert (await browser.post(f"{scene.home}/learnings/{draft}", SENT)).status_code == 404


async def test_the_notebook_is_for_members_and_strangers_are_asked_to_sign_in(browser: Browser) -> None:
    scene = await a_scene()
    sponsor = await a_person_with(Role.SPONSOR, scene.program, scene.lead, "Sam Sponsor")
    for person, status in (
        (scene.bystander, 403),
        (sponsor, 403),
        (scene.second_lead, 403),
        (await a_person("Ova Outsider"), 404),
    ):
        await browser.sign_in(person)
        for path in ("learnings", "learnings/new", "learnings/cohort"):
            assert (await browser.get(f"{scene.home}/{path}")).status_code == status
    browser.sign_out()
    assert (await browser.get(f"{scene.home}/learnings")).status_code == 303


async def test_a_long_notebook_needs_no_more_queries_than_a_short_one(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    counts: dict[str, set[int]] = {"learnings": set(), "learnings/cohort": set()}
    await browser.get(f"{scene.home}/learnings")
    written = 0
    for wanted in (1, 3, 50):
        while written < wanted:
            await a_learning(scene, lesson=f"Lesson {written}")
            written += 1
        for path, found in counts.items():
            with counted_queries() as queries:
                page = await browser.get(f"{scene.home}/{path}")
            assert page.text.count('class="kind ') == wanted
            found.add(len(queries))
    assert all(len(found) == 1 for found in counts.values())
    assert all(max(found) <= 5 for found in counts.values())


NAMING = {**SENT, "situation": "M. Ferrand wrote to me. I thanked M. Ferrand.", "faced": "customer"}


async def test_a_name_is_pointed_out_before_it_is_sent_and_nothing_typed_is_lost(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    answer = await browser.post(f"{scene.home}/learnings", NAMING, on=f"{scene.home}/learnings/new")
    assert answer.status_code == 422
    assert "One name in your text: “M. Ferrand”. Others will read this." in words_of(answer.text)
    assert "I thanked M. Ferrand." in answer.text
    assert await fetch_value("SELECT count(*) FROM learning") == 0


async def test_a_masked_name_is_replaced_wherever_it_stands_and_the_form_goes_through(
    browser: Browser,
) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    typed = {**NAMING, "lesson": "Thank M. Ferrand first"}
    pressed = {name: value for name, value in typed.items() if name != "then"} | {"mask": "M. Ferrand"}
    answer = await browser.post(f"{scene.home}/learnings", pressed)
    assert answer.status_code == 200
    assert "A customer wrote to me. I thanked a customer." in answer.text
    assert "Thank a customer first" in answer.text
    assert 'name="mask"' not in answer.text
    masked = {**typed, "situation": "A customer wrote to me.", "lesson": "Thank a customer first"}
    assert (await browser.post(f"{scene.home}/learnings", masked)).status_code == 303
    assert await fetch_value("SELECT lesson FROM learning") == "Thank a customer first"


async def test_a_name_that_is_kept_goes_through(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    pressed = {name: value for name, value in NAMING.items() if name != "then"} | {"keep": "M. Ferrand"}
    answer = await browser.post(f"{scene.home}/learnings", pressed)
    assert '<input type="hidden" name="keep" value="M. Ferrand">' in answer.text
    assert 'name="mask"' not in answer.text
    assert (
        await browser.post(f"{scene.home}/learnings", {**NAMING, "keep": "M. Ferrand"})
    ).status_code == 303


async def test_several_names_are_kept_at_once(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    told = "It was M. Ferrand, then Anna Berg, then anna@example.org."
    pressed = {"kind": "do", "lesson": "L", "situation": told, "keep": "*"}
    answer = await browser.post(f"{scene.home}/learnings", {**pressed, "then": "send", "keep": ""})
    assert "3 names and addresses in your text." in words_of(answer.text)
    answer = await browser.post(f"{scene.home}/learnings", pressed)
    assert answer.text.count('<input type="hidden" name="keep"') == 3
    assert 'name="mask"' not in answer.text


async def test_in_a_draft_a_name_is_nobodys_business(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    assert (await browser.post(f"{scene.home}/learnings", {**NAMING, "then": "keep"})).status_code == 303


async def test_a_name_in_what_came_back_is_pointed_out_and_masked_too(browser: Browser) -> None:
    scene = await a_scene()
    learning = await a_learning(scene, send=False)
    address = f"{scene.home}/learnings/{learning}"
    await browser.sign_in(scene.member)
    assert (await browser.post(address, NAMING, on=address)).status_code == 422
    answer = await browser.post(address, {"situation": "M. Ferrand wrote.", "mask": "M. Ferrand"}, on=address)
    assert "Somebody wrote." in answer.text
    assert await column("state", learning) == "draft"


async def test_the_page_may_ask_for_names_while_one_types(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    address = f"{scene.home}/learnings/names"
    answer = await browser.post(
        address, {"situation": "Frau Berg and Frau Weiss", "faced": ["press", "ghost"]}
    )
    assert "Masked: “a journalist”" in words_of(answer.text)
    assert "Masked: “another journalist”" in words_of(answer.text)
    assert "<html" not in answer.text
    assert "autofocus" not in answer.text
    assert "role=" not in answer.text
    assert "Berg" not in (await browser.post(address, {"situation": "Nobody in particular."})).text
    await browser.sign_in(scene.lead)
    assert (await browser.post(address, {})).status_code == 403


async def test_the_topic_follows_from_whom_one_faced(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    for faced, topic in (
        (["critic"], "angry_critics"),
        (["critic", "press"], "other"),
        (["customer"], "other"),
    ):
        values = {**SENT, "topic": "", "faced": faced}
        assert (await browser.post(f"{scene.home}/learnings", values)).status_code == 303
        assert await fetch_value("SELECT topic FROM learning ORDER BY id DESC LIMIT 1") == topic


async def test_the_notebook_tells_the_way_from_the_entry_to_the_people_who_passed_its_track(
    browser: Browser,
) -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    await accept_learnings(
        scene.program, [learning], ENTRY, by=scene.lead, now=NOON, today=TODAY, sent=a_form()
    )
    await browser.sign_in(scene.member)
    page = words_of((await browser.get(f"{scene.home}/learnings")).text)
    assert "Ask which paper it is for for the next edition" in page
    await publish(scene.program, "Journalists.", by=scene.lead, now=LATER, today=LATER_ON, sent=a_form())
    page = words_of((await browser.get(f"{scene.home}/learnings")).text)
    track = await fetch_value(
        "SELECT t.name FROM track t JOIN module m ON m.track = t.id JOIN module_entry e ON e.module = m.id"
        " JOIN edition_entry n ON n.id = e.edition_entry WHERE n.title = $1 ORDER BY t.name LIMIT 1",
        ENTRY.title,
    )
    assert "Edition 1 taught in “" in page
    assert f"“{track}”" in page
    page = words_of((await browser.get(f"{scene.home}/learnings/{learning}")).text)
    assert f"Taught in “{track}”" in page
    assert "Fewer than five people have passed it so far." in page


async def test_today_tells_for_two_weeks_what_became_of_what_one_wrote(browser: Browser) -> None:
    scene = await a_scene()
    accepted, declined = await a_learning(scene), await a_learning(scene, lesson="Bring cake.")
    now = machine_now()
    lead: dict[str, Any] = {"by": scene.lead, "now": now, "sent": a_form()}
    await accept_learnings(scene.program, [accepted], ENTRY, today=TODAY, **lead)
    await decline_learning(scene.program, declined, "We know this.", **(lead | {"sent": a_form()}))
    await browser.sign_in(scene.member)
    page = words_of((await browser.get(scene.home)).text)
    assert "Your learning became an entry “Ask which paper it is for.” → “Ask which paper it is for”" in page
    assert "Your learning was not taken into the playbook “Bring cake.”: We know this." in page
    await browser.sign_in(scene.friend)
    assert "What became of what you wrote" not in (await browser.get(scene.home)).text
    await execute("UPDATE review SET reviewed_at = reviewed_at - interval '15 days'")
    await browser.sign_in(scene.member)
    assert "What became of what you wrote" not in (await browser.get(scene.home)).text
