"""Signing in and out, as a browser without JavaScript sees them."""

from datetime import timedelta
from uuid import UUID

from program.database import execute, fetch_value
from program.installation.queries import machine_now
from program.settings import Settings
from program.sign_in.actions import hashed_password, keep_password, owner_link
from program.sign_in.rules import LINK_LASTS, SIGN_IN_LINK, TRIES_PER_ADDRESS, sealed
from tests.cast import Browser, a_person, an_owner, words_of
from web.visit import SESSION_COOKIE

PASSWORD = "a short sentence that I remember"


async def with_password(person: UUID) -> None:
    await keep_password(person, await hashed_password(PASSWORD), machine_now())


async def asked_for_link(browser: Browser, email: str, settings: Settings) -> str:
    """The address in the letter that somebody asked for."""
    answer = await browser.post("/sign-in/links", {"email": email})
    assert answer.status_code == 200
    nonce = await fetch_value("SELECT nonce FROM sign_in_link ORDER BY id DESC LIMIT 1")
    return f"/sign-in/{sealed(nonce, purpose=SIGN_IN_LINK, secret=settings.secret)}"


async def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_what_they_wanted(browser: Browser) -> None:
    await with_password(await a_person(email="ada@example.com"))
    answer = await browser.get("/me")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/me"
    page = await browser.get("/sign-in?next=/me")
    assert page.status_code == 200
    typed = {"email": "Ada@example.com", "password": PASSWORD, "next": "/me"}
    answer = await browser.post("/sign-in", typed)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    assert (await browser.get("/me")).status_code == 200


async def test_a_stranger_who_sends_a_form_is_not_sent_back_to_it(browser: Browser) -> None:
    answer = await browser.post("/me", {"name": "Ada"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


async def test_the_session_cookie_is_kept_from_scripts_and_other_sites(browser: Browser) -> None:
    await with_password(await a_person(email="ada@example.com"))
    answer = await browser.post("/sign-in", {"email": "ada@example.com", "password": PASSWORD})
    (cookie,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith(SESSION_COOKIE)]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


async def test_every_sign_in_begins_a_session_of_its_own_whatever_cookie_came(browser: Browser) -> None:
    await with_password(await a_person(email="ada@example.com"))
    chosen = "an id that an attacker chose"
    tokens = {chosen}
    for _ in range(2):
        browser.client.cookies.set(SESSION_COOKIE, chosen)
        await browser.post("/sign-in", {"email": "ada@example.com", "password": PASSWORD})
        tokens.add(
            next(
                one.value or ""
                for one in browser.client.cookies.jar
                if one.value != chosen and one.name == SESSION_COOKIE
            )
        )
        browser.sign_out()
    assert len(tokens) == 3
    browser.client.cookies.set(SESSION_COOKIE, chosen)
    assert (await browser.get("/me")).status_code == 303


async def test_a_wrong_password_is_refused_and_the_address_is_kept(browser: Browser) -> None:
    await with_password(await a_person(email="ada@example.com"))
    answer = await browser.post("/sign-in", {"email": "ada@example.com", "password": "wrong"}, on="/sign-in")
    assert answer.status_code == 422
    assert 'value="ada@example.com"' in answer.text
    assert "do not go together" in words_of(answer.text)
    assert (await browser.get("/me")).status_code == 303


async def test_too_many_tries_are_refused_with_how_long_to_wait(browser: Browser) -> None:
    for _ in range(TRIES_PER_ADDRESS):
        await browser.post("/sign-in/links", {"email": "ada@example.com"})
    for path in ("/sign-in", "/sign-in/links"):
        answer = await browser.post(path, {"email": "ada@example.com", "password": "x"})
        assert answer.status_code == 422
        assert "Wait 15 minutes" in words_of(answer.text)


async def test_asking_for_a_link_says_the_same_for_anybody(browser: Browser) -> None:
    await a_person(email="ada@example.com")
    said = []
    for email in ("ada@example.com", "nobody@example.com"):
        answer = await browser.post("/sign-in/links", {"email": email})
        said.append(words_of(answer.text).replace(email, "…"))
    assert said[0] == said[1]


async def test_what_is_no_address_is_said_at_its_field(browser: Browser) -> None:
    answer = await browser.post("/sign-in/links", {"email": "ada"})
    assert answer.status_code == 422
    assert 'id="email-problem"' in answer.text


async def test_opening_a_link_changes_nothing_and_its_button_signs_in_once(
    browser: Browser, settings: Settings
) -> None:
    await a_person("Ada Lovelace", email="ada@example.com")
    link = await asked_for_link(browser, "ada@example.com", settings)
    for _ in range(2):
        page = await browser.get(link)
        assert page.status_code == 200
        assert "Ada Lovelace" in words_of(page.text)
    answer = await browser.post(link, on=link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await browser.get("/me")).status_code == 200
    browser.sign_out()
    assert (await browser.get(link)).status_code == 410
    spent = await browser.post(link)
    assert spent.status_code == 410
    assert "Ask for a new one" in words_of(spent.text)


async def test_a_link_that_is_too_old_says_so(browser: Browser, settings: Settings) -> None:
    await a_person(email="ada@example.com")
    link = await asked_for_link(browser, "ada@example.com", settings)
    await execute(
        "UPDATE sign_in_link SET made_at = made_at - $1::interval, expires_at = expires_at - $1::interval",
        LINK_LASTS + timedelta(seconds=1),
    )
    assert (await browser.get(link)).status_code == 410
    assert (await browser.post(link)).status_code == 410


async def test_signing_out_ends_the_session_and_not_only_the_cookie(browser: Browser) -> None:
    await browser.sign_in(await a_person())
    token = browser.client.cookies[SESSION_COOKIE]
    answer = await browser.post("/sign-out")
    assert answer.headers["location"] == "/sign-in"
    browser.client.cookies.set(SESSION_COOKIE, token)
    assert (await browser.get("/me")).status_code == 303


async def test_signing_out_everywhere_ends_other_browsers_too(browser: Browser) -> None:
    person = await a_person()
    await browser.sign_in(person)
    other = browser.client.cookies[SESSION_COOKIE]
    browser.sign_out()
    await browser.sign_in(person)
    await browser.post("/sign-out/everywhere", on="/me")
    browser.client.cookies.set(SESSION_COOKIE, other)
    assert (await browser.get("/me")).status_code == 303


async def test_the_first_owner_says_who_they_are_and_makes_the_first_program(
    browser: Browser, settings: Settings
) -> None:
    link = f"/sign-in/{await owner_link(secret=settings.secret, at=machine_now())}"
    await browser.post(link, on=link)
    assert (await browser.get("/")).headers["location"] == "/me"
    assert "You own this installation" in words_of((await browser.get("/me")).text)
    said = await browser.post("/me", {"name": "Olga Owner", "email": "olga@example.com"}, on="/me")
    assert said.headers["location"] == "/"
    assert (await browser.get("/")).headers["location"] == "/programs/new"
    made = await browser.post(
        "/programs",
        {"name": "Employee voices", "purpose": "To be heard.", "zone": "Europe/Berlin"},
        on="/programs/new",
    )
    assert made.headers["location"] == "/programs/employee-voices/set-up"
    assert (await browser.get("/")).headers["location"] == "/programs/employee-voices"


async def test_who_belongs_to_no_program_is_told_what_will_stand_here(browser: Browser) -> None:
    await browser.sign_in(await a_person())
    for path in ("/", "/programs"):
        answer = await browser.get(path)
        assert answer.status_code == 200
        assert "You do not belong to a program yet" in words_of(answer.text)
    assert "/programs/new" not in (await browser.get("/programs")).text


async def test_an_owner_of_several_programs_chooses(browser: Browser) -> None:
    await browser.sign_in(await an_owner())
    for name in ("A voices", "B voices"):
        await browser.post("/programs", {"name": name, "purpose": "To be heard.", "zone": "UTC"})
    page = words_of((await browser.get("/")).text)
    assert page.index("A voices") < page.index("B voices")
