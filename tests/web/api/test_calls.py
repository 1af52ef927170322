"""What every call goes through: who comes with which token, how often, and how problems are told."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from program.access_tokens.rules import CALLS_COUNTED, Scope, token_of
from program.database import execute, fetch_value
from tests.cast import Browser, a_listed_person, a_person, a_program, an_owner, counted_queries
from tests.web.api.caller import Caller, a_token

PROGRAMS = "/api/v1/programs"


def problem(answer: httpx.Response) -> Mapping[str, Any]:
    """The problem that an answer tells, as RFC 9457 has it."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "private, no-store"
    told: Mapping[str, Any] = answer.json()
    assert told["status"] == answer.status_code
    assert told["type"].startswith("/api/problems/")
    assert told["title"]
    assert told["detail"]
    assert told["instance"] == f"urn:pilotage:request:{answer.headers['x-request-id']}"
    return told


async def test_a_cookie_counts_for_nothing(browser: Browser) -> None:
    await browser.sign_in(await an_owner())
    answer = await Caller(browser.client).get(PROGRAMS)
    assert answer.status_code == 401
    assert problem(answer)["type"] == "/api/problems/no-token"
    assert answer.headers["www-authenticate"] == 'Bearer realm="Pilotage"'
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "sent", ["Bearer", "Bearer x", f"Bearer {token_of('a' * 43)}", "Basic YTpi", "Bearer é"]
)
async def test_what_is_no_token_of_anybody_is_refused(browser: Browser, sent: str) -> None:
    answer = await browser.client.get(PROGRAMS, headers=[(b"authorization", sent.encode())])
    problem(answer)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="Pilotage", error="invalid_token"'


async def test_bearer_is_written_as_one_likes(browser: Browser) -> None:
    token = await a_token(await a_person())
    answer = await browser.client.get(PROGRAMS, headers={"Authorization": f"bearer  {token}"})
    assert answer.status_code == 200


async def test_a_missing_scope_is_named(browser: Browser) -> None:
    caller = Caller(browser.client, await a_token(await an_owner(), [Scope.EVENTS_READ]))
    told = problem(await caller.get(PROGRAMS))
    assert (told["status"], told["type"], told["scope"]) == (
        403,
        "/api/problems/scope-missing",
        "program:read",
    )
    assert "program:read" in told["detail"]


async def test_a_missing_scope_does_not_tell_whether_a_program_is_there(browser: Browser) -> None:
    await a_program(await an_owner())
    caller = Caller(browser.client, await a_token(await a_person(), [Scope.EVENTS_READ]))
    answers = [await caller.get(f"{PROGRAMS}/{slug}") for slug in ("employee-voices", "no-such-program")]
    assert [answer.status_code for answer in answers] == [403, 403]


async def test_a_role_taken_away_counts_at_once(browser: Browser) -> None:
    olga = await an_owner()
    program = await a_program(olga)
    lisa = await a_listed_person(program, olga, "Lisa Listed")
    caller = Caller(browser.client, await a_token(lisa))
    assert (await caller.get(f"{PROGRAMS}/employee-voices")).status_code == 200
    await execute("DELETE FROM listing WHERE person = $1", lisa)
    assert (await caller.get(f"{PROGRAMS}/employee-voices")).status_code == 404


async def test_whoever_may_not_is_told_so(browser: Browser) -> None:
    olga = await an_owner()
    program = await a_program(olga)
    lisa = await a_listed_person(program, olga, "Lisa Listed")
    answer = await Caller(browser.client, await a_token(lisa)).get(
        f"{PROGRAMS}/employee-voices/readings", measure="reach"
    )
    assert problem(answer)["type"] == "/api/problems/not-allowed"


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/api/v1", 404, "not-found"),
        ("/api/v2/programs", 404, "not-found"),
        (f"{PROGRAMS}/x/gates/no-uuid", 404, "not-found"),
        (f"{PROGRAMS}/%00", 400, "malformed"),
        (f"{PROGRAMS}?after=%00", 400, "malformed"),
        (f"{PROGRAMS}?after=%ff", 400, "malformed"),
        (f"{PROGRAMS}?limit=0", 422, "invalid"),
        (f"{PROGRAMS}?limit=201", 422, "invalid"),
        (f"{PROGRAMS}?limit=9999999999999999999999", 422, "invalid"),
        (f"{PROGRAMS}?limit=many", 422, "invalid"),
        (f"{PROGRAMS}?after=forged", 422, "invalid"),
        (f"{PROGRAMS}?after=%F0%9F%A6%94", 422, "invalid"),
        (f"{PROGRAMS}?after=", 422, "invalid"),
        ("/api/problems/no-such-kind", 404, "not-found"),
    ],
)
async def test_what_cannot_be_asked_is_told_as_a_problem(
    browser: Browser, path: str, status: int, kind: str
) -> None:
    answer = await Caller(browser.client, await a_token(await an_owner())).get(path)
    assert answer.status_code == status
    assert problem(answer)["type"] == f"/api/problems/{kind}"


async def test_every_parameter_that_is_wrong_is_named(browser: Browser) -> None:
    olga = await an_owner()
    await a_program(olga)
    answer = await Caller(browser.client, await a_token(olga)).get(
        f"{PROGRAMS}/employee-voices/readings",
        measure="",
        cohort="x",
        since="yesterday",
        limit="0",
        after="forged",
    )
    assert {each["parameter"] for each in problem(answer)["errors"]} == {
        "measure",
        "cohort",
        "since",
        "limit",
        "after",
    }


async def test_a_mistyped_parameter_is_named(browser: Browser) -> None:
    answer = await Caller(browser.client, await a_token(await an_owner())).get(PROGRAMS, limt="5", page="2")
    assert answer.status_code == 422
    assert [each["parameter"] for each in problem(answer)["errors"]] == ["limt", "page"]


async def test_a_parameter_that_is_missing_is_named(browser: Browser) -> None:
    olga = await an_owner()
    await a_program(olga)
    answer = await Caller(browser.client, await a_token(olga)).get(f"{PROGRAMS}/employee-voices/readings")
    assert [each["parameter"] for each in problem(answer)["errors"]] == ["measure"]


async def test_a_wrong_method_is_told_with_those_that_there_are(browser: Browser) -> None:
    answer = await browser.client.put(PROGRAMS)
    assert problem(answer)["type"] == "/api/problems/wrong-method"
    assert set(answer.headers["allow"].split(", ")) == {"GET", "OPTIONS"}


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("*/*", 200),
        ("application/*", 200),
        ("text/html", 406),
        ("text/csv, image/*", 406),
    ],
)
async def test_only_json_is_spoken(browser: Browser, accept: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {await a_token(await an_owner())}", "Accept": accept}
    assert (await browser.client.get(PROGRAMS, headers=headers)).status_code == status


async def test_every_answer_says_how_many_calls_are_left(browser: Browser) -> None:
    caller = Caller(browser.client, await a_token(await an_owner()))
    for left, path in ((1, PROGRAMS), (2, f"{PROGRAMS}/none"), (3, f"{PROGRAMS}?limit=0")):
        answer = await caller.get(path)
        assert answer.headers["ratelimit-policy"] == f'"calls";q={CALLS_COUNTED};w=60'
        assert answer.headers["ratelimit"].startswith(f'"calls";r={CALLS_COUNTED - left};t=')


async def test_too_many_calls_wait_until_their_minute_is_over(browser: Browser) -> None:
    caller = Caller(browser.client, await a_token(await an_owner()))
    await caller.get(PROGRAMS)
    await execute("UPDATE access_token_use SET calls = $1", CALLS_COUNTED)
    answer = await caller.get(PROGRAMS)
    assert answer.status_code == 429
    assert problem(answer)["type"] == "/api/problems/too-many-calls"
    assert 0 < int(answer.headers["retry-after"]) <= 60
    assert answer.headers["ratelimit"].startswith('"calls";r=0;t=')
    await execute("UPDATE access_token_use SET counted_from = counted_from - interval '1 minute'")
    assert (await caller.get(PROGRAMS)).status_code == 200


async def test_calls_at_the_same_time_are_all_counted(browser: Browser) -> None:
    caller = Caller(browser.client, await a_token(await an_owner()))
    await asyncio.gather(*(caller.get(PROGRAMS) for _ in range(8)))
    assert await fetch_value("SELECT calls FROM access_token_use") == 8


async def test_a_call_costs_two_queries_beside_its_own(browser: Browser) -> None:
    caller = Caller(browser.client, await a_token(await an_owner()))
    await caller.get("/api/v1/measures")
    with counted_queries() as seen:
        await caller.get("/api/v1/measures")
    assert len(seen) == 2


async def test_problems_are_told_in_the_language_of_the_token_s_person(browser: Browser) -> None:
    olga = await an_owner()
    await execute("UPDATE person SET locale = 'de' WHERE id = $1", olga)
    answer = await Caller(browser.client, await a_token(olga)).get(f"{PROGRAMS}/none")
    assert problem(answer)["type"] == "/api/problems/not-found"


async def test_a_place_holds_in_its_own_list_only(browser: Browser) -> None:
    olga = await an_owner()
    for name in ("One", "Two"):
        await a_program(olga, name)
    caller = Caller(browser.client, await a_token(olga))
    place = (await caller.get(PROGRAMS, limit=1)).json()["next"]
    assert (await caller.get(PROGRAMS, limit=1, after=place)).status_code == 200
    assert (await caller.get("/api/v1/measures", limit=1, after=place)).status_code == 422
    assert (await caller.get(PROGRAMS, after=place[:-1])).status_code == 422
