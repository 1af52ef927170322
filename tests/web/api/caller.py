"""A program that calls the API with an access token of somebody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from program.access_tokens.actions import make_access_token
from program.access_tokens.rules import Scope
from program.installation.queries import machine_now
from tests.cast import Browser, a_form, a_program, an_owner


async def a_token(person: UUID, scopes: Iterable[Scope] = Scope, *, lasts_days: int = 30) -> str:
    """A new access token, made for all that there is unless said otherwise."""
    made = await make_access_token(
        "A test", list(scopes), lasts_days=lasts_days, by=person, at=machine_now(), sent=a_form()
    )
    assert made.token is not None
    return made.token


@dataclass(slots=True)
class Caller:
    """Calls the API; `token` is sent as it stands, unless it is empty."""

    client: httpx.AsyncClient
    token: str = ""

    async def get(self, path: str, **asked: Any) -> httpx.Response:
        return await self.client.get(path, params=asked or None, headers=self._headers({}))

    async def items(self, path: str, **asked: Any) -> list[dict[str, Any]]:
        """What stands on a page of a list."""
        answer = await self.get(path, **asked)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    async def post(self, path: str, told: Any, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return await self.client.post(path, json=told, headers=self._headers(headers or {}))

    def _headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {**({"Authorization": f"Bearer {self.token}"} if self.token else {}), **headers}


async def begun(browser: Browser) -> tuple[UUID, UUID, Caller]:
    """A lead, their program, and a caller with a token of theirs."""
    lead = await an_owner()
    program = await a_program(lead)
    return lead, program, Caller(browser.client, await a_token(lead))
