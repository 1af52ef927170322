"""Programs over the API: whose they are, and what one is in them."""

from tests.cast import Browser, a_listed_person, a_person, a_program, an_owner
from tests.web.api.caller import Caller, a_token


async def test_a_program_lists_the_programs_of_its_person(browser: Browser) -> None:
    olga = await an_owner()
    program = await a_program(olga, "Employee voices")
    await a_program(olga, "Another one")
    lisa = await a_listed_person(program, olga, "Lisa Listed")
    answer = await Caller(browser.client, await a_token(lisa)).get("/api/v1/programs")
    assert answer.status_code == 200
    assert [each["slug"] for each in answer.json()["items"]] == ["employee-voices"]
    assert answer.json()["next"] is None
    assert answer.headers["cache-control"] == "private, no-store"


async def test_pages_of_a_list_follow_each_other(browser: Browser) -> None:
    olga = await an_owner()
    for name in ("A", "B", "C"):
        await a_program(olga, name)
    caller = Caller(browser.client, await a_token(olga))
    first = await caller.get("/api/v1/programs", limit=2)
    assert [each["name"] for each in first.json()["items"]] == ["A", "B"]
    assert first.links["next"]["url"] == f"/api/v1/programs?limit=2&after={first.json()['next']}"
    second = await caller.get(first.links["next"]["url"])
    assert [each["name"] for each in second.json()["items"]] == ["C"]
    assert "link" not in second.headers


async def test_one_reads_ones_roles_in_a_program_and_others_find_nothing(browser: Browser) -> None:
    olga = await an_owner()
    await a_program(olga)
    told = await Caller(browser.client, await a_token(olga)).get("/api/v1/programs/employee-voices")
    assert told.json()["roles"] == ["lead", "listed", "owner"]
    stranger = Caller(browser.client, await a_token(await a_person()))
    refused = await stranger.get("/api/v1/programs/employee-voices")
    assert refused.status_code == 404
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "/api/problems/not-found"
