"""What is typed while a session ends is there again after signing in, and is never sent by itself."""

import html
import json
import re
from typing import Any

import pytest

from program.database import execute, fetch_value, transaction
from program.sign_in.actions import hashed_password, keep_password
from tests.cast import NOON, Browser, words_of
from tests.playbooks.writers import Scene, a_learning, a_scene
from web.signed_out import CARRIED, MOST_OCTETS

PASSWORD = "a short sentence that I remember"
TYPED: dict[str, Any] = {
    "kind": "dont",
    "lesson": "Don’t answer at night.",
    "situation": "It was <late>.\r\nI was “tired” & cross.",
    "faced": ["press", "customer"],
    "then": "send",
}


async def a_writer() -> tuple[Scene, str]:
    """A scene whose member has a password, and their e-mail address."""
    scene = await a_scene()
    async with transaction():
        await keep_password(scene.member, await hashed_password(PASSWORD), NOON)
    return scene, await fetch_value("SELECT email FROM person WHERE id = $1", scene.member)


def carried_in(page: str) -> str:
    (found,) = re.findall(rf'name="{CARRIED}" value="([^"]*)"', page)
    return html.unescape(found)


def form_in(page: str) -> dict[str, list[str]]:
    """The hidden fields of the form that brings the words back."""
    form = page[page.index('<form method="post" action="/programs/') :]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form):
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return found


async def test_after_signing_in_what_was_typed_stands_in_its_form_again_and_is_sent_by_its_writer(
    browser: Browser,
) -> None:
    scene, email = await a_writer()
    address = f"{scene.home}/learnings"
    await browser.sign_in(scene.member)
    await browser.get(f"{address}/new")
    await execute("UPDATE session SET ended_at = made_at")
    answer = await browser.post(address, TYPED)
    assert answer.status_code == 401
    assert "What you typed is kept on this page" in words_of(answer.text)
    carried = carried_in(answer.text)
    answer = await browser.post("/sign-in", {"email": email, "password": "wrong", CARRIED: carried})
    assert answer.status_code == 422
    assert carried_in(answer.text) == carried
    answer = await browser.post("/sign-in", {"email": email, "password": PASSWORD, CARRIED: carried})
    assert answer.status_code == 200
    assert await fetch_value("SELECT count(*) FROM learning") == 0
    again = form_in(answer.text)
    assert again["situation"] == [TYPED["situation"]]
    answer = await browser.post(address, again)
    assert answer.status_code == 422
    assert "You were signed out in between." in answer.text
    assert "I was “tired” &amp; cross." in answer.text
    assert re.findall(r'value="(\w+)"[^>]* checked', answer.text) == ["dont", "customer", "press"]
    assert await fetch_value("SELECT count(*) FROM learning") == 0
    (key,) = re.findall(r'name="form_key" value="([^"]*)"', answer.text)
    assert [key] == again["form_key"]
    assert (await browser.post(address, TYPED, form_key=key)).status_code == 303
    assert await fetch_value("SELECT count(*) FROM learning") == 1


async def test_who_signs_in_by_mail_finds_the_words_on_the_page_that_waits_for_it(browser: Browser) -> None:
    scene, email = await a_writer()
    address = f"{scene.home}/learnings"
    carried = carried_in((await browser.post(address, TYPED)).text)
    answer = await browser.post("/sign-in/links", {"email": email, CARRIED: carried})
    assert answer.status_code == 200
    again = form_in(answer.text)
    answer = await browser.post(address, again)
    assert answer.status_code == 401
    told, before = json.loads(carried_in(answer.text)), json.loads(carried)
    assert told["to"] == before["to"]
    assert sorted(told["fields"]) == sorted(before["fields"])
    await browser.sign_in(scene.member)
    answer = await browser.post(address, again)
    assert answer.status_code == 422
    assert "I was “tired” &amp; cross." in answer.text


async def test_what_was_typed_by_somebody_else_is_for_nobody_who_may_not_write_there(
    browser: Browser,
) -> None:
    scene, _email = await a_writer()
    again = form_in(
        (
            await browser.post(
                "/sign-in/links",
                {
                    "email": "x@example.com",
                    CARRIED: carried_in((await browser.post(f"{scene.home}/learnings", TYPED)).text),
                },
            )
        ).text
    )
    await browser.sign_in(scene.bystander)
    assert (await browser.post(f"{scene.home}/learnings", again)).status_code == 403


@pytest.mark.parametrize(
    ("room", "typed"),
    [
        ("learnings/{learning}", {"kind": "do", "lesson": "L", "situation": "S", "then": "send"}),
        (
            "desk",
            {"take": "{learning}", "title": "T", "kind": "do", "topic": "other", "chapter": "C", "body": "B"},
        ),
        ("desk/{learning}/return", {"note": "My own words."}),
        ("desk/{learning}/decline", {"reason": "My own words."}),
        ("incidents", {"gravity": "minor", "what_happened": "My own words."}),
        ("playbook/draft", {"title": "T", "kind": "do", "topic": "other", "chapter": "C", "body": "B"}),
        ("gates/{gate}/votes", {"choice": "keep_shut", "comment": "My own words."}),
    ],
)
async def test_every_long_form_comes_back_and_does_nothing_by_itself(
    browser: Browser, room: str, typed: dict[str, str]
) -> None:
    scene, _email = await a_writer()
    things = {
        "learning": await a_learning(scene, send=not room.startswith("learnings")),
        "gate": await fetch_value(
            "SELECT g.id FROM gate g JOIN phase f ON f.id = g.phase WHERE f.position = 0"
        ),
    }
    address = f"{scene.home}/{room.format(**things)}"
    sent = {name: value.format(**things) for name, value in typed.items()}
    answer = await browser.post(address, sent)
    assert answer.status_code == 401
    told = json.loads(carried_in(answer.text))
    assert told["to"] == address
    await browser.sign_in(scene.member if room.startswith("learnings") else scene.lead)
    before = await fetch_value("SELECT sum(number) FROM chain")
    again = form_in(
        (await browser.post("/sign-in/links", {"email": "x@y.com", CARRIED: json.dumps(told)})).text
    )
    answer = await browser.post(address, again)
    assert answer.status_code == 422
    assert "You were signed out in between." in answer.text
    assert await fetch_value("SELECT sum(number) FROM chain") == before


@pytest.mark.parametrize(
    "carried",
    [
        "nonsense",
        "[]",
        '{"to": "https://evil.example/programs/x", "fields": []}',
        '{"to": "//evil.example", "fields": []}',
        '{"to": "/sign-out", "fields": []}',
        '{"to": "/programs/../sign-out", "fields": []}',
        '{"to": "/programs/x?next=y", "fields": []}',
        '{"to": "/programs/\\t/x", "fields": []}',
        '{"to": 1, "fields": []}',
        '{"to": "/programs/x", "fields": [["a"]]}',
        '{"to": "/programs/x", "fields": 7}',
        "[" * 100_000,
    ],
)
async def test_a_page_carries_only_forms_of_ours(browser: Browser, carried: str) -> None:
    _scene, email = await a_writer()
    answer = await browser.post("/sign-in", {"email": email, "password": PASSWORD, CARRIED: carried})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"


async def test_what_is_too_long_or_no_form_of_ours_is_not_read(browser: Browser) -> None:
    scene, _email = await a_writer()
    address = f"{scene.home}/learnings"
    await browser.get("/sign-in")
    token = browser.client.cookies["pilotage_csrf"]
    for sent in (
        {"data": {"_csrf_token": token, "lesson": "x" * MOST_OCTETS}},
        {"data": {"_csrf_token": "another", "lesson": "x"}},
        {"data": {"lesson": "x"}},
        {"data": {"_csrf_token": token}, "files": {"file": b"x"}},
        {"json": {"_csrf_token": token}},
        {
            "content": b"_csrf_token=%ff",
            "headers": {"content-type": "application/x-www-form-urlencoded; charset=x"},
        },
    ):
        answer = await browser.client.post(address, **sent)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/sign-in"
    browser.sign_out()
    assert (await browser.client.post(address, data={"_csrf_token": "", "lesson": "x"})).status_code == 303


async def test_after_another_form_one_comes_back_to_the_page_on_which_it_stood(browser: Browser) -> None:
    scene, _email = await a_writer()
    answers = [
        await browser.client.post(f"{scene.home}/playbook/editions", headers={"referer": page})
        for page in (
            f"{browser.client.base_url}{scene.home}/playbook/editions/new".replace("//programs", "/programs"),
            f"https://evil.example{scene.home}",
            "http://[",
        )
    ]
    assert [answer.headers["location"] for answer in answers] == [
        f"/sign-in?next={scene.home}/playbook/editions/new",
        "/sign-in",
        "/sign-in",
    ]
