"""The page on which one makes and revokes access tokens of one's own."""

import re

from program.access_tokens.rules import Scope
from program.database import execute, fetch_value
from tests.cast import Browser, a_person, counted_queries, words_of
from tests.web.api.caller import Caller, a_token

HERE = "/access-tokens"
VALID = {"name": "Board report", "scopes": ["program:read", "people:read"], "days": "30"}


async def test_a_token_is_shown_once_and_works(browser: Browser) -> None:
    ada = await a_person()
    await browser.sign_in(ada)
    answer = await browser.post(HERE, VALID, on=HERE)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    (token,) = set(re.findall(r"pilotage_\w{49}", answer.text))
    assert f"Authorization: Bearer {token}" in answer.text.replace("&#34;", '"')
    assert token not in (await browser.get(HERE)).text
    called = await Caller(browser.client, token).get("/api/v1/programs")
    assert called.status_code == 200


async def test_sending_the_same_form_again_says_that_it_was_made_and_shows_nothing(browser: Browser) -> None:
    await browser.sign_in(await a_person())
    key = "6f7a9c1e-0c52-4b1f-9f3c-2d7d5f3d3c11"
    await browser.post(HERE, VALID, form_key=key)
    again = await browser.post(HERE, VALID, form_key=key)
    assert "“Board report” was made already, and cannot be shown again." in words_of(again.text)
    assert re.search(r"pilotage_\w{49}", again.text) is None
    assert await fetch_value("SELECT count(*) FROM access_token") == 1


async def test_whatever_is_missing_is_said_at_its_place_and_nothing_typed_is_lost(browser: Browser) -> None:
    await browser.sign_in(await a_person())
    refused = await browser.post(HERE, {"name": "", "scopes": ["people:read"], "days": "9999"}, on=HERE)
    assert refused.status_code == 422
    assert 'id="name-problem"' in refused.text
    assert 'id="days-problem"' in refused.text
    assert re.search(r'value="people:read" checked', refused.text)
    nothing = await browser.post(HERE, {"name": "Board report", "days": "30"}, on=HERE)
    assert "Choose at least one thing that the token may do." in nothing.text
    assert 'value="Board report"' in nothing.text
    unknown = await browser.post(HERE, {**VALID, "scopes": "everything"}, on=HERE)
    assert unknown.status_code == 422


async def test_a_revoked_token_works_no_more_and_the_list_says_so(browser: Browser) -> None:
    ada = await a_person()
    token = await a_token(ada, [Scope.PROGRAM_READ])
    await browser.sign_in(ada)
    (path,) = re.findall(r'action="(/access-tokens/[^"]+/revocation)"', (await browser.get(HERE)).text)
    assert (await browser.post(path)).status_code == 303
    assert (await Caller(browser.client, token).get("/api/v1/programs")).status_code == 401
    page = words_of((await browser.get(HERE)).text)
    assert "revoked on" in page
    assert "never used" in page


async def test_an_expired_token_is_told_as_such(browser: Browser) -> None:
    ada = await a_person()
    token = await a_token(ada)
    await execute(
        "UPDATE access_token SET made_at = now() - interval '9 days', expires_at = now() - interval '2 days'"
    )
    await browser.sign_in(ada)
    assert "expired on" in words_of((await browser.get(HERE)).text)
    assert (await Caller(browser.client, token).get("/api/v1/programs")).status_code == 401


async def test_somebody_elses_token_is_not_found(browser: Browser) -> None:
    await a_token(await a_person("Bea"))
    await browser.sign_in(await a_person())
    id = await fetch_value("SELECT id FROM access_token")
    assert (await browser.post(f"{HERE}/{id}/revocation")).status_code == 404
    assert "A test" not in (await browser.get(HERE)).text


async def test_the_list_asks_the_same_however_long_it_is(browser: Browser) -> None:
    ada = await a_person()
    await browser.sign_in(ada)
    await browser.get(HERE)
    counts = []
    for made in (1, 2, 15):
        for _ in range(made):
            await a_token(ada)
        with counted_queries() as seen:
            await browser.get(HERE)
        counts.append(len(seen))
    assert counts == [counts[0]] * 3


async def test_me_and_my_data_leads_there(browser: Browser) -> None:
    await browser.sign_in(await a_person())
    assert f'href="{HERE}"' in (await browser.get("/me")).text
