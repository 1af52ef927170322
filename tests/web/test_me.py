"""One’s own place: name, language, theme, letters, password."""

import pytest

from program.database import fetch_value
from program.installation.queries import machine_now
from program.letters.rules import LetterKind
from program.settings import Settings
from program.sign_in.actions import owner_link
from tests.cast import Browser, a_listed_person, a_person, a_program, an_owner, words_of
from web.visit import SESSION_COOKIE

PASSWORD = "a short sentence that I remember"


async def test_saying_what_one_is_called(browser: Browser) -> None:
    await browser.sign_in(await a_person("Ada Lovelace"))
    assert "Ada Lovelace" in words_of((await browser.get("/me")).text)
    saved = await browser.post("/me", {"name": "Ada King"}, on="/me")
    assert saved.status_code == 303, words_of(saved.text)
    page = await browser.get("/me")
    assert 'value="Ada King"' in page.text
    assert "Saved." in words_of(page.text)
    assert "Saved." not in words_of((await browser.get("/me")).text)


async def test_nobody_takes_another_address_than_the_one_they_were_given(browser: Browser) -> None:
    person = await a_person("Ada Lovelace", email="ada@example.com")
    await browser.sign_in(person)
    await browser.post("/me", {"name": "Ada King", "email": "somebody.else@example.com"}, on="/me")
    assert await fetch_value("SELECT email FROM person WHERE id = $1", person) == "ada@example.com"


async def test_the_first_owner_cannot_take_somebody_elses_address_and_what_was_typed_is_kept(
    browser: Browser, settings: Settings
) -> None:
    await a_person(email="taken@example.com")
    link = f"/sign-in/{await owner_link(secret=settings.secret, at=machine_now())}"
    await browser.post(link, on=link)
    answer = await browser.post("/me", {"name": "Olga Owner", "email": "taken@example.com"}, on="/me")
    assert answer.status_code == 422
    assert "Somebody else has this e-mail address" in words_of(answer.text)
    assert 'value="Olga Owner"' in answer.text


async def test_setting_a_password_signs_out_other_browsers_and_keeps_this_one(browser: Browser) -> None:
    person = await a_person(email="ada@example.com")
    await browser.sign_in(person)
    other = browser.client.cookies[SESSION_COOKIE]
    browser.sign_out()
    await browser.sign_in(person)
    own = browser.client.cookies[SESSION_COOKIE]
    assert (await browser.post("/me/password", {"password": PASSWORD}, on="/me")).status_code == 303
    for token, status in ((own, 200), (other, 303)):
        browser.sign_out()
        browser.client.cookies.set(SESSION_COOKIE, token)
        assert (await browser.get("/me")).status_code == status


@pytest.mark.parametrize("password", ["", "too short", "x" * 201])
async def test_a_password_that_is_not_fit_is_refused_and_not_sent_back(
    browser: Browser, password: str
) -> None:
    await browser.sign_in(await a_person("Ada Lovelace"))
    answer = await browser.post("/me/password", {"password": password}, on="/me")
    assert answer.status_code == 422
    assert 'id="password-problem"' in answer.text
    assert not password or f'value="{password}"' not in answer.text
    assert 'value="Ada Lovelace"' in answer.text


@pytest.mark.parametrize(("theme", "shown"), [("dark", "dark"), ("light", "light"), ("purple", "system")])
async def test_a_theme_is_kept_for_the_person(browser: Browser, theme: str, shown: str) -> None:
    person = await a_person()
    await browser.sign_in(person)
    answer = await browser.post("/me/theme", {"theme": theme, "next": "/me"})
    assert answer.headers["location"] == "/me"
    browser.sign_out()
    await browser.sign_in(person)
    assert f'data-theme="{shown}"' in (await browser.get("/me")).text


async def test_a_person_finds_what_is_kept_about_them_in_each_of_their_programs(browser: Browser) -> None:
    lead = await an_owner()
    program = await a_program(lead)
    await a_program(lead, "Another one")
    ada = await a_listed_person(program, lead, "Ada Lovelace")
    await browser.sign_in(ada)
    page = await browser.get("/me")
    assert 'href="/programs/employee-voices/me"' in page.text
    assert "another-one" not in page.text
    assert "You are signed in here, and nowhere else." in words_of(page.text)


async def test_who_belongs_to_no_program_is_told_that_nothing_else_is_kept(browser: Browser) -> None:
    await browser.sign_in(await a_person())
    await browser.sign_in(await a_person("Bo Lind"))
    assert "You belong to no program yet" in words_of((await browser.get("/me")).text)


async def test_dates_are_written_as_the_person_chose(browser: Browser) -> None:
    await browser.sign_in(await a_person())
    page = await browser.get("/me")
    assert '<html lang="en"' in page.text
    assert "English (United Kingdom)" in words_of(page.text)
    assert (await browser.post("/me/language", {"locale": "en_US"}, on="/me")).status_code == 303
    page = await browser.get("/me")
    assert '<html lang="en-US"' in page.text
    assert 'value="en_US" checked' in page.text
    refused = await browser.post("/me/language", {"locale": "tlh"}, on="/me")
    assert refused.status_code == 422
    assert 'id="locale-problem"' in refused.text


async def test_letters_are_chosen_and_stay_chosen(browser: Browser) -> None:
    ada = await a_person()
    await browser.sign_in(ada)
    assert (await browser.get("/me")).text.count('name="letters"') == len(LetterKind)
    kept = await browser.post("/me/letters", {"letters": ["gates", "training", "playbook"]}, on="/me")
    assert kept.status_code == 303
    assert await fetch_value("SELECT letters_unwanted FROM person WHERE id = $1", ada) == ["learnings"]
    page = await browser.get("/me")
    assert 'value="gates" checked' in page.text
    assert 'value="learnings" id="letters">' in page.text
    await browser.post("/me/letters", on="/me")
    assert await fetch_value("SELECT letters_unwanted FROM person WHERE id = $1", ada) == list(LetterKind)
    assert (await browser.post("/me/letters", {"letters": "all"}, on="/me")).status_code == 422
