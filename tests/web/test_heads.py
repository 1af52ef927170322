"""HEAD is answered as GET, without a body."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from program.settings import Settings
from tests.cast import Browser, a_program, an_owner
from web.app import application

PROGRAM = "/programs/employee-voices"


@pytest.mark.parametrize(
    "path", ["/sign-in", "/health/live", "/me", PROGRAM, f"{PROGRAM}/rollout", "/no/such/page", "/sign-out"]
)
@pytest.mark.parametrize("signed_in", [False, True])
async def test_the_head_of_a_page_is_what_the_page_begins_with(
    browser: Browser, path: str, signed_in: bool
) -> None:
    owner = await an_owner()
    await a_program(owner)
    if signed_in:
        await browser.sign_in(owner)
    whole = await browser.get(path)
    head = await browser.client.head(path, follow_redirects=False)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    changing = {"x-request-id", "content-length", "set-cookie"}
    assert head.headers.keys() - changing == whole.headers.keys() - changing
    assert head.headers.get("location") == whole.headers.get("location")


async def test_a_head_is_counted_under_the_route_that_answered_it(settings: Settings) -> None:
    app: Any = application(replace(settings, metrics_token="a-word-between-us-two"))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=settings.address) as client:
        await client.head("/sign-in")
        told = await client.get("/metrics", headers={"Authorization": "Bearer a-word-between-us-two"})
    assert 'method="HEAD",route="/sign-in",status="200"' in told.text
