"""What stands in front of every route: tokens, headers, sizes, and an answer to whatever a client can send."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import get
from litestar.middleware.csrf import generate_csrf_token

from program.settings import Settings
from tests.cast import Browser, an_owner, words_of
from tests.conftest import settings_for
from web import rooms
from web.app import SECURE_HEADERS, _form_tokens, application, static
from web.form_requests import FormTokens
from web.visit import ANYONE, SESSION_COOKIE, may

TOO_LARGE = 1_000_001


@get("/broken", opt=may(ANYONE))
async def broken() -> str:
    secret = "what nobody outside should read"
    raise RuntimeError(secret)


@asynccontextmanager
async def a_client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The application with one route that breaks, as its server sees it: errors are answered, not raised."""
    app: Any = application(settings, handlers=(*rooms.HANDLERS, broken))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=settings.address) as client:
        yield client


def _secured(answer: httpx.Response) -> bool:
    return all(answer.headers.get(name) == value for name, value in SECURE_HEADERS.items())


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sign-in", 200),
        ("/health/live", 200),
        ("/static/pilotage.css", 200),
        ("/", 303),
        ("/nothing/here", 404),
        ("/static/nothing.css", 404),
        ("/static/%2e%2e/app.py", 404),
        ("/static/../app.py", 404),
        ("/static/%00", 404),
        (f"/static/{'x' * 5_000}", 404),
        ("/me", 303),
        ("/sign-in/forged", 410),
    ],
)
async def test_every_answer_bears_the_secure_headers(browser: Browser, path: str, status: int) -> None:
    answer = await browser.get(path)
    assert answer.status_code == status
    assert _secured(answer)


async def test_the_policy_lets_no_foreign_and_no_inline_script_run(browser: Browser) -> None:
    policy = (await browser.get("/sign-in")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


async def test_transport_security_is_asked_for_where_the_address_has_it(database: str) -> None:
    for address, told in (("https://pilotage.example.com", True), ("http://localhost:8000", False)):
        async with a_client(settings_for(database, PILOTAGE_ADDRESS=address)) as client:
            answer = await client.get("/sign-in")
            assert ("strict-transport-security" in answer.headers) is told
            cookie = answer.headers["set-cookie"]
            assert ("Secure" in cookie) is told
            assert "HttpOnly" in cookie
            assert "SameSite=lax" in cookie


@pytest.mark.parametrize(
    "method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "NONSENSE"]
)
@pytest.mark.parametrize("path", ["/sign-in", "/me", "/nothing/here", "/static/pilotage.css"])
async def test_no_method_breaks_anything(browser: Browser, method: str, path: str) -> None:
    await browser.sign_in(await an_owner())
    answer = await browser.client.request(method, path)
    assert answer.status_code < 500
    assert _secured(answer)


async def test_a_form_without_its_token_is_refused_with_a_page_that_says_what_to_do(browser: Browser) -> None:
    await browser.get("/sign-in")
    answer = await browser.client.post("/sign-in", data={"email": "ada@example.com"})
    assert answer.status_code == 403
    assert _secured(answer)
    assert "load the page again and send it once more" in words_of(answer.text)


@pytest.mark.parametrize("token", ["", "x", "f" * 128, "é" * 128, "\x00" * 128])
async def test_a_forged_token_is_refused(browser: Browser, token: str) -> None:
    await browser.get("/sign-in")
    answer = await browser.client.post("/sign-in", data={"email": "x", "_csrf_token": token})
    assert answer.status_code == 403


async def test_a_token_made_elsewhere_is_refused_even_with_its_own_cookie(browser: Browser) -> None:
    token = generate_csrf_token("a secret of another installation")
    browser.client.cookies.set("pilotage_csrf", token)
    answer = await browser.client.post("/sign-in", data={"email": "x", "_csrf_token": token})
    assert answer.status_code == 403


async def test_a_token_of_another_browser_is_refused(browser: Browser, settings: Settings) -> None:
    await browser.get("/sign-in")
    other = generate_csrf_token(settings.secret)
    answer = await browser.client.post("/sign-in", data={"email": "x", "_csrf_token": other})
    assert answer.status_code == 403


def test_a_file_in_place_of_the_token_is_no_token(settings: Settings) -> None:
    async def nothing(*_: object) -> None: ...

    assert FormTokens(nothing, _form_tokens(settings))._decode_csrf_token(object()) is None


async def test_a_body_that_is_too_large_is_refused_with_a_page(browser: Browser) -> None:
    answer = await browser.post("/sign-in", {"email": "x" * TOO_LARGE})
    assert answer.status_code == 413
    assert _secured(answer)
    assert "larger than we take" in words_of(answer.text)


async def test_what_a_stranger_sends_where_they_may_not_is_not_even_read(browser: Browser) -> None:
    answer = await browser.client.post("/me", content=b"x" * TOO_LARGE)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in"


async def test_an_unknown_address_answers_a_page_with_a_way_back(browser: Browser) -> None:
    answer = await browser.get("/nothing/here")
    assert answer.status_code == 404
    assert "The address may be mistyped" in words_of(answer.text)
    assert 'href="/"' in answer.text


async def test_what_breaks_on_our_side_answers_a_page_that_tells_nothing(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_client(settings) as client:
        answer = await client.get("/broken")
    assert answer.status_code == 500
    assert _secured(answer)
    assert "Something broke on our side" in words_of(answer.text)
    assert "what nobody outside should read" not in answer.text
    assert answer.headers["x-request-id"] in answer.text
    (failed,) = caplog.records
    assert (failed.levelname, failed.getMessage()) == ("ERROR", "a request failed")
    assert vars(failed)["facts"] == {"method": "GET", "route": "/broken"}


JUNK_BODIES = [
    ("application/x-www-form-urlencoded", b"\xff\xfe%zz&&==%ED%A0%80=%00&email=%ED%A0%80&email=x"),
    ("application/x-www-form-urlencoded", b"&".join(b"field%d=x" % number for number in range(5_000))),
    ("application/json", b"{"),
    ("application/json", b'{"email": 1}'),
    ("text/plain", b"email=x"),
    ("nonsense", b"\x00"),
    ("multipart/form-data", b"abc"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data"),
    ("multipart/form-data; boundary=x", b"--x\r\n\r\n--x--"),
    *(
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="email"\r\nContent-Type: text/plain; charset=%s\r\n\r\n%s'
            b"\r\n--x--\r\n" % told,
        )
        for told in ((b"utf-8", b"\xed\xa0\x80"), (b"nonsense", b"x"), (b"unicode_escape", rb"\ud800@x.y"))
    ),
]


@pytest.mark.parametrize(("kind", "body"), JUNK_BODIES)
async def test_no_body_breaks_a_form(browser: Browser, kind: str, body: bytes) -> None:
    await browser.get("/sign-in")
    token = browser.client.cookies["pilotage_csrf"]
    answer = await browser.client.post(
        "/sign-in", content=body, headers={"content-type": kind, "x-csrftoken": token}
    )
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in?next=%ff%00%ED&&==&next[]=1&next=//evil.example",
        "/sign-in?" + "x" * 20_000,
        "/sign-in/%ff%00",
        "/sign-in/" + "x" * 20_000,
        "/programs/%00",
        "/programs/%ff/events",
        "/programs/" + "x" * 20_000,
        "/programs/../../etc/passwd",
        "//evil.example",
    ],
)
async def test_no_address_breaks_a_page(browser: Browser, path: str) -> None:
    await browser.sign_in(await an_owner())
    assert (await browser.get(path)).status_code < 500


@pytest.mark.parametrize(
    "cookies",
    [
        b"pilotage_session=\xff",
        b"a; ;=;==",
        b"pilotage_csrf=x",
        b"pilotage_toast=%ff%00",
        b"x" * 20_000,
        b"\x80",
    ],
)
async def test_no_cookie_breaks_a_page(browser: Browser, cookies: bytes) -> None:
    answer = await browser.client.get("/sign-in", headers=[(b"cookie", cookies)])
    assert answer.status_code == 200


async def test_what_a_cookie_says_is_text_and_not_markup(browser: Browser) -> None:
    answer = await browser.client.get(
        "/sign-in", headers={"cookie": "pilotage_toast=%3Cscript%3Ealert(1)%3C/script%3E"}
    )
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil", "javascript:alert(1)"]
)
async def test_signing_in_sends_nobody_to_another_site(browser: Browser, wanted: str) -> None:
    await browser.sign_in(await an_owner())
    answer = await browser.post("/me/theme", {"theme": "dark", "next": wanted})
    assert answer.headers["location"] == "/"


async def test_a_page_is_never_kept_by_a_cache_and_a_static_file_always(browser: Browser) -> None:
    assert (await browser.get("/sign-in")).headers["cache-control"] == "no-store"
    kept = (await browser.get(static("pilotage.css"))).headers["cache-control"]
    assert "immutable" in kept
    assert "max-age=31536000" in kept


async def test_a_static_files_address_carries_its_hash_and_is_answered(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = (await browser.get("/sign-in")).text
    linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert static("pilotage.css") in linked
    for address in linked:
        assert (await browser.get(address)).status_code == 200, address
    before = static("pilotage.css")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "pilotage.css").write_text("body {}")
    monkeypatch.setattr("web.app.HERE", tmp_path)
    static.cache_clear()
    assert static("pilotage.css").split("?")[0] == before.split("?")[0]
    assert static("pilotage.css") != before


@pytest.fixture(autouse=True)
def fresh_addresses() -> Iterator[None]:
    static.cache_clear()
    yield
    static.cache_clear()


async def test_a_session_that_we_did_not_begin_is_no_session_and_never_becomes_one(browser: Browser) -> None:
    browser.client.cookies.set(SESSION_COOKIE, "an id that an attacker chose")
    assert (await browser.get("/me")).status_code == 303
    assert (await browser.get("/sign-in")).status_code == 200
    assert (await browser.get("/me")).status_code == 303
