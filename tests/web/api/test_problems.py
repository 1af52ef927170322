"""Refusals, mistakes of ours and outages, as the API tells them."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest
from litestar import get
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from program.access_tokens.rules import Scope
from program.refusals import NotAllowed, NotFound, Refusal
from program.settings import Settings
from tests.cast import an_owner
from tests.web.api.caller import Caller, a_token
from web.api.problems import Kind, Problem, Wrong
from web.app import application
from web.visit import SIGNED_IN, may_call


class DoorStaysShut(Refusal):
    field = "door"

    def sentence(self) -> str:
        return "The door stays shut."

    def reason_sentences(self) -> list[str]:
        return ["It is night.", "Nobody is in."]


RAISED: dict[str, Exception] = {
    "refusal": DoorStaysShut(),
    "not-found": NotFound(),
    "not-allowed": NotAllowed(),
    "invalid": Problem(Kind.INVALID, errors=[Wrong(detail="Too long.", pointer="/name")]),
    "mistake": KeyError("a secret that nobody may read"),
    "teapot": HTTPException(status_code=418),
    "gateway": HTTPException(status_code=502),
    "full": asyncpg.DiskFullError(),
    "busy": TimeoutError(),
    "gone": ConnectionResetError(),
}


@get("/api/v1/raised/{what:str}", opt=may_call(Scope.PROGRAM_READ, SIGNED_IN))
async def raised(what: FromPath[str]) -> None:
    raise RAISED[what]


@pytest.fixture
async def caller(settings: Settings) -> AsyncIterator[Caller]:
    app: Any = application(settings, handlers=[raised])
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=settings.address) as client:
        yield Caller(client, await a_token(await an_owner()))


async def told(caller: Caller, what: str) -> dict[str, Any]:
    answer = await caller.get(f"/api/v1/raised/{what}")
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found.pop("instance")
    assert found["status"] == answer.status_code
    return found


async def test_a_refusal_is_told_with_its_code_its_reasons_and_where_to_mend_it(caller: Caller) -> None:
    assert await told(caller, "refusal") == {
        "type": "/api/problems/refused",
        "title": "Refused by a rule",
        "status": 409,
        "detail": "The door stays shut.",
        "code": "door_stays_shut",
        "reasons": ["It is night.", "Nobody is in."],
        "errors": [{"detail": "The door stays shut.", "pointer": "/door"}],
    }


async def test_everything_that_a_route_finds_wrong_is_told(caller: Caller) -> None:
    found = await told(caller, "invalid")
    assert (found["status"], found["errors"]) == (422, [{"detail": "Too long.", "pointer": "/name"}])


@pytest.mark.parametrize(
    ("what", "status", "kind"),
    [
        ("not-found", 404, "not-found"),
        ("not-allowed", 403, "not-allowed"),
        ("teapot", 400, "malformed"),
        ("gateway", 500, "broken"),
        ("mistake", 500, "broken"),
    ],
)
async def test_every_error_is_one_of_the_kinds_that_are_explained(
    caller: Caller, what: str, status: int, kind: str
) -> None:
    found = await told(caller, what)
    assert (found["status"], found["type"]) == (status, f"/api/problems/{kind}")
    assert "secret" not in str(found)


@pytest.mark.parametrize("what", ["full", "busy", "gone"])
async def test_an_outage_says_when_to_try_again(caller: Caller, what: str) -> None:
    answer = await caller.get(f"/api/v1/raised/{what}")
    assert (answer.status_code, answer.json()["type"]) == (503, "/api/problems/unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["detail"]
