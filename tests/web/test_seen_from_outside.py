"""What machines ask of the house: is it alive, is it ready, how is it doing; and what its log tells."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from program.database import DB, execute, open_pool
from program.logs import log_of, write_logs
from program.settings import Settings
from tests.cast import Browser, a_program, an_owner
from web.app import application

WORD = {"Authorization": "Bearer a-word-between-us-two"}


@asynccontextmanager
async def a_client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app: Any = application(replace(settings, metrics_token="a-word-between-us-two"))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=settings.address) as client:
        yield client


@pytest.fixture
def written_logs(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Whatever a test does to how logs are written, is undone."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], level = before
    root.setLevel(level)


async def figures(client: httpx.AsyncClient) -> dict[str, float]:
    """What `/metrics` says, by the name with its labels."""
    answer = await client.get("/metrics", headers=WORD)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        " ".join(
            [sample.name, *(f"{name}={value}" for name, value in sorted(sample.labels.items()))]
        ): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_an_installation_whose_database_answers_is_ready(browser: Browser) -> None:
    answer = await browser.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": "ok"}
    assert answer.headers["cache-control"] == "no-store"


async def test_without_its_database_it_lives_and_is_not_ready(settings: Settings) -> None:
    async with a_client(settings) as client:
        url = DB.config["dsn"]
        await DB.pool.close()  # type: ignore[union-attr]
        try:
            ready, live = await client.get("/health/ready"), await client.get("/health/live")
        finally:
            await open_pool(url)
        healed = await client.get("/health/ready")
    assert (live.status_code, ready.status_code, healed.status_code) == (200, 503, 200)
    assert ready.json() == {"ready": False, "database": "InterfaceError"}


async def test_a_database_that_was_not_migrated_is_not_ready(browser: Browser) -> None:
    await execute("DELETE FROM installation")
    try:
        answer = await browser.get("/health/ready")
    finally:
        await execute("INSERT INTO installation (id, mark, clock_offset_seconds) VALUES (1, 'test', 0)")
    assert answer.status_code == 503
    assert answer.json()["database"] == "LookupError"


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer another-word-than-ours"}, {"Authorization": "é"}]
)
async def test_figures_are_not_there_for_whoever_lacks_the_word(
    settings: Settings, headers: dict[str, str]
) -> None:
    async with a_client(settings) as client:
        encoded = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
        assert (await client.get("/metrics", headers=encoded)).status_code == 404


async def test_figures_are_there_for_nobody_where_no_word_was_set(browser: Browser) -> None:
    answer = await browser.client.get("/metrics", headers={"Authorization": "Bearer "})
    assert answer.status_code == 404


async def test_requests_are_counted_by_route_and_never_by_address(settings: Settings) -> None:
    async with a_client(settings) as client:
        before = await figures(client)
        await client.get("/sign-in/a-link-that-nobody-made")
        await client.get("/nothing/here")
        await client.request("BREW", "/")
        after = await figures(client)
    route = "pilotage_http_requests_total method=GET route=/sign-in/{token} status=410"
    assert after[route] - before.get(route, 0) == 1
    assert any("route=no route" in name for name in after)
    assert any("method=other" in name for name in after)
    assert "a-link-that-nobody-made" not in " ".join(after)
    assert after["pilotage_http_requests_running"] == 1


async def test_figures_tell_of_letters_files_events_and_sweeps(settings: Settings) -> None:
    async with a_client(settings) as client:
        owner = await an_owner()
        await a_program(owner)
        before = await figures(client)
        event = "(SELECT id FROM event ORDER BY at LIMIT 1)"
        for end in ("NULL, NULL", "NULL, now()"):
            await execute(
                "INSERT INTO delivery (id, event, recipient, letter, facts, due_at, tries, done_at, given_up_at)"
                f" VALUES (gen_random_uuid(), {event}, $1, 'gate_ready', '{{}}', now() - interval '1 hour', 0, {end})",
                owner,
            )
        await execute("UPDATE installation SET swept_at = to_timestamp(1800000000)")
        after = await figures(client)
    assert after["pilotage_deliveries state=waiting"] - before["pilotage_deliveries state=waiting"] == 1
    assert after["pilotage_deliveries state=given_up"] - before["pilotage_deliveries state=given_up"] == 1
    assert after["pilotage_delivery_oldest_seconds"] >= 3600
    assert after["pilotage_last_sweep_timestamp_seconds"] == 1_800_000_000
    assert after["pilotage_activity_imports_waiting"] == 0
    assert after["pilotage_events"] > 1
    assert after["pilotage_database_connections state=open"] >= 1


@pytest.mark.usefixtures("written_logs")
async def test_each_request_is_one_line_of_the_log_without_who_came_or_what_they_asked_for(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    async with a_client(settings) as client:
        write_logs("json")
        answer = await client.get(
            "/sign-in/a-link-that-nobody-made?next=ada@example.com",
            headers={"X-Request-ID": "from-the-proxy-1"},
        )
    line, _asked_by_the_test_itself = map(json.loads, capsys.readouterr().err.splitlines())
    assert answer.headers["x-request-id"] == "from-the-proxy-1"
    assert line.pop("ms") >= 0
    assert datetime.fromisoformat(line.pop("at")).tzinfo == UTC
    assert line == {
        "happening": "request",
        "from": "web.observed",
        "level": "info",
        "method": "GET",
        "route": "/sign-in/{token}",
        "status": 410,
        "request": "from-the-proxy-1",
    }


@pytest.mark.parametrize("given", ["short", "with a space in it", "x" * 65, "line\tbreak-in-it"])
async def test_an_id_that_looks_like_none_is_not_taken_over(settings: Settings, given: str) -> None:
    async with a_client(settings) as client:
        answer = await client.get("/health/live", headers={"X-Request-ID": given})
    assert answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 32


async def test_requests_side_by_side_keep_their_own_ids(settings: Settings) -> None:
    async with a_client(settings) as client:
        answers = await asyncio.gather(
            *(client.get("/health/ready", headers={"X-Request-ID": f"side-by-side-{n}"}) for n in range(8))
        )
    assert [answer.headers["x-request-id"] for answer in answers] == [f"side-by-side-{n}" for n in range(8)]


@pytest.mark.usefixtures("written_logs")
def test_a_json_log_has_one_object_a_line_and_no_words_of_errors(capsys: pytest.CaptureFixture[str]) -> None:
    write_logs("json")
    log_of("ours").info("request", status=200)
    typed = "ada@example.com"
    try:
        int(typed)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("theirs")
    ours, theirs = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (ours["happening"], ours["status"], ours["level"]) == ("request", 200, "info")
    assert (theirs["happening"], theirs["trouble"], theirs["level"]) == ("theirs", "ValueError", "error")
    assert "test_seen_from_outside" in theirs["frames"]
    assert typed not in str(theirs)


@pytest.mark.usefixtures("written_logs")
def test_libraries_that_quote_an_error_are_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    write_logs("json")
    trouble = ExceptionGroup("not every step ended well", [ValueError("ada@example.com"), OSError("Ada")])
    for words in (str(trouble), repr(trouble)):
        logging.getLogger("arq.worker").error("a job failed: %s", words, exc_info=trouble)
    for line in capsys.readouterr().err.splitlines():
        told = json.loads(line)
        assert (told["happening"], told["trouble"]) == ("a job failed: …", "ExceptionGroup")
        assert told["frames"].splitlines() == ["ValueError", "OSError"]


@pytest.mark.usefixtures("written_logs")
def test_a_plain_log_tells_only_what_went_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    write_logs("plain")
    log_of("ours").info("request", status=200)
    log_of("ours").warning("a letter was not taken", trouble="SMTPError")
    (line,) = capsys.readouterr().err.splitlines()
    assert "a letter was not taken" in line
    assert "SMTPError" in line
