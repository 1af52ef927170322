"""What is sent to the API: only JSON that can be kept gets through, and everything wrong with it is named."""

import json
from typing import Any

import httpx
import pytest

from tests.web.api.visitors import Visitors

KEY = "6f7a9c1e-0c52-4b1f-9f3c-2d7d5f3d3c11"


async def send(here: Visitors, body: bytes, kind: str = "application/json") -> httpx.Response:
    headers = {
        "Authorization": f"Bearer {here.world.tokens['pilot']}",
        "Content-Type": kind,
        "Idempotency-Key": KEY,
    }
    address = f"/api/v1/programs/{here.world.slug}/activities"
    return await here.client.post(address, content=body, headers=headers)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
async def test_only_json_is_taken(here: Visitors, kind: str) -> None:
    answer = await send(here, b"{}", kind)
    assert (answer.status_code, answer.json()["type"]) == (415, "/api/problems/wrong-content-type")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b'{"a": \xff}', b"NaN", b'{"a": 1}}', b"[" * 100_000, b'{"a":' * 100_000],
    ids=repr,
)
async def test_what_is_no_json_is_told_as_such(here: Visitors, body: bytes) -> None:
    answer = await send(here, body)
    assert (answer.status_code, answer.json()["type"]) == (400, "/api/problems/malformed")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        (
            {"activities": [{"text": "a\x00b"}, {"text": "fine"}, {"link": "\x00"}]},
            ["/activities/0/text", "/activities/2/link"],
        ),
        ({"a/b~c": "\x00"}, ["/a~1b~0c"]),
        ({"a": 2**63, "b": -(2**60)}, ["/a", "/b"]),
        ({"a": [[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]}, ["/a" + "/0" * 20]),
    ],
)
async def test_what_cannot_be_kept_is_named_where_it_stands(
    here: Visitors, body: Any, pointers: list[str]
) -> None:
    answer = await send(here, json.dumps(body).encode())
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == pointers


async def test_too_much_at_once_is_refused(here: Visitors) -> None:
    answer = await send(here, b'"' + b"x" * 11_000_000 + b'"')
    assert (answer.status_code, answer.json()["type"]) == (413, "/api/problems/too-large")
