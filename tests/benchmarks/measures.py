"""Each measurement, as lines of the table: what was measured, here, its anchor, the ratio and the goal."""

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import asyncpg
import httpx

from cohorts.activities.actions import Told, log_activity
from cohorts.activities.rules import Kind
from cohorts.gates.judged import the_gate
from cohorts.months.queries import cohort_months, readings_that_differ
from program.database import close_pool, execute, fetch, fetch_value, new_id, open_pool, transaction
from program.installation.queries import machine_now
from program.people_imports.actions import preview_import, take_in
from program.settings import Settings
from tests.benchmarks.clocks import Server, heard
from tests.benchmarks.company import Company
from tests.cast import a_form
from web.app import application
from web.visit import SESSION_COOKIE

TURNS, SECONDS, CONNECTIONS = 4, 2.0, 4
RUNS, REPLAYS, ROWS = 40, 300, 20_000
FORM_TOKEN = "pilotage_csrf"
ID_IN_WORDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Line(NamedTuple):
    what: str
    here: str
    anchor: str
    ratio: str
    goal: str = ""


def asking(path: str, session: str = "", token: str = "") -> str:
    """What a browser sends that has been here before: its session, and the token of its forms."""
    cookies = f"{SESSION_COOKIE}={session}; {FORM_TOKEN}={token}"
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n\r\n"


async def page_lines(web: Server, bare: Server, company: Company, settings: Settings) -> list[Line]:
    """The cohort page in turns with the bare one, each the best of its turns; then alone, beside its own SQL."""
    cohort_page = company.at("cohorts", company.cohort)
    ours, held, asked = asking(cohort_page, company.lead), asking("/held"), asking("/asked")
    turns = []
    for _ in range(TURNS):
        for server, request in ((web, ours), (bare, held), (bare, asked)):
            turns.append(await server.load(lambda: request, connections=CONNECTIONS, seconds=SECONDS))  # noqa: B023
    page, held_page, asked_page = (
        max(turns[place::3], key=lambda load: load.per_second) for place in range(3)
    )
    alone = await web.load(lambda: ours, connections=1, seconds=SECONDS)
    async with _something_happening(settings):
        anew = await web.load(lambda: ours, connections=CONNECTIONS, seconds=SECONDS)
    sql, trips, _ = await _sql_of(lambda: _opened(settings, company, cohort_page), settings)
    here = f"{page.per_second:.0f}/s"
    return [
        Line("Cohort page of 50 members", here, f"{held_page.per_second:.0f}/s bare, rows in memory",
             f"{page.per_second / held_page.per_second:.2f}", "≥ 0.5 (gentler: 0.4)"),
        Line("", here, f"{asked_page.per_second:.0f}/s bare, rows by one query",
             f"{page.per_second / asked_page.per_second:.2f}"),
        Line("  looked up anew each time", f"{anew.per_second:.0f}/s", f"{asked_page.per_second:.0f}/s bare, rows by one query",
             f"{anew.per_second / asked_page.per_second:.2f}"),
        Line("  process time a page", f"{page.cpu_ms:.2f} ms", f"{held_page.cpu_ms:.2f} ms bare, rows in memory",
             f"{held_page.cpu_ms / page.cpu_ms:.2f}"),
        Line("  p50 on one connection", f"{alone.p50_ms:.2f} ms", f"{sql:.2f} ms its SQL",
             f"{alone.p50_ms / sql:.1f} ×", "≤ 3.5 ×"),
        Line("  round trips", f"{trips}", "", "", "≤ 5"),
    ]  # fmt: skip


@asynccontextmanager
async def _something_happening(settings: Settings) -> AsyncIterator[None]:
    """The head of a chain changes about a thousand times a second, so that nothing is shown as it is remembered."""
    connection = await asyncpg.connect(settings.database_url)

    async def happen() -> None:
        while True:
            await connection.execute("UPDATE chain SET hash = decode(md5(random()::text), 'hex')")

    happening = asyncio.create_task(happen())
    yield
    happening.cancel()
    with suppress(asyncio.CancelledError):
        await happening
    await connection.close()


async def gate_lines(small: Settings, large: Settings, company: Company, activities: int) -> list[Line]:
    """The same gate over 1,000 and over all activities, in two databases, in turns."""
    gate_page = company.at("gates", company.gate)
    taken: dict[tuple[str, Settings], list[float]] = {}
    trips: dict[str, int] = {}
    for _ in range(TURNS):
        for settings in (small, large):
            for what, look in (
                ("Gate page, its SQL", lambda: _opened(settings, company, gate_page)),  # noqa: B023
                ("Judging it, its SQL", lambda: _judged(company)),
            ):
                sql, trips[what], _ = await _sql_of(look, settings)
                taken.setdefault((what, settings), []).append(sql)
    return [
        Line(f"{what} ({count} trips)", f"{min(taken[what, large]):.2f} ms with {activities:,}",
             f"{min(taken[what, small]):.2f} ms with 1,000", f"{min(taken[what, large]) / min(taken[what, small]):.2f} ×",
             "≤ 1.2 ×")
        for what, count in trips.items()
    ]  # fmt: skip


async def log_lines(web: Server, company: Company, settings: Settings) -> list[Line]:
    """Logging over HTTP, one after another on one connection; then one such transaction’s own SQL, played again."""
    async with httpx.AsyncClient() as client:
        token = (await client.get(f"http://127.0.0.1:{web.port}/sign-in")).cookies[FORM_TOKEN]

    def form() -> str:
        body = f"kind=talk&done_on={company.today}&form_key={uuid4()}&_csrf_token={token}"
        return (
            f"POST {company.at('activities')} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
            f"Cookie: {SESSION_COOKIE}={company.talker}; {FORM_TOKEN}={token}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}"
        )  # fmt: skip

    over_http = await web.load(form, connections=1, seconds=SECONDS * 2, status=303)
    replay = await _replay(company, settings)
    return [
        Line("Logging an activity over HTTP", f"{over_http.per_second:.0f}/s", f"{replay:.0f}/s its bare transaction",
             f"{over_http.per_second / replay:.2f}", "≥ 0.2")
    ]  # fmt: skip


async def import_lines(company: Company) -> list[Line]:
    """A file of new people looked at and taken in, beside COPY of the people that came of it into a table like theirs."""
    lines = [
        f"{number:05},person.{number}@example.com,Person {number},Engineer,Sales,Berlin"
        for number in range(ROWS)
    ]
    content = "\n".join(["Employee ID,E-mail,Full name,Job title,Department,Region", *lines]).encode()
    by: dict[str, Any] = {"program": company.program, "by": company.owner, "now": machine_now()}
    begun = time.perf_counter()
    file = await preview_import(content, file_name="people.csv", sent=a_form(), **by)
    seen = time.perf_counter() - begun
    await take_in(file, leavers=(), taking_part=(), **by)
    taken = time.perf_counter() - begun
    people = await fetch("SELECT * FROM person WHERE external_id IS NOT NULL")
    copied = min([await _copied(people) for _ in range(TURNS)])
    return [
        Line(f"Importing {len(people):,} people", f"{taken:.2f} s (preview {seen:.2f} s)",
             f"{copied:.2f} s COPY of the same rows", f"{copied / taken:.2f}")
    ]  # fmt: skip


def process_lines(
    web: Server, bare: Server, starts: tuple[float, float], before: tuple[float, float]
) -> list[Line]:
    """`before` is how large both were before the load."""
    return [
        Line("Web process, start to first page", f"{starts[0]:.2f} s", f"{starts[1]:.2f} s bare, best of 3 each",
             f"{starts[0] / starts[1]:.2f} ×", "≤ 1.5 s"),
        Line("  memory after the first page", f"{before[0]:.0f} MB", f"{before[1]:.0f} MB bare",
             f"{before[0] / before[1]:.2f} ×", "≤ 120 MB"),
        Line("  memory after all this", f"{web.megabytes:.0f} MB", f"{bare.megabytes:.0f} MB bare",
             f"{web.megabytes / bare.megabytes:.2f} ×", "≤ 120 MB"),
    ]  # fmt: skip


async def reading_lines(company: Company, settings: Settings) -> list[Line]:
    kept, _, _ = await _sql_of(lambda: cohort_months([company.cohort], today=company.today), settings)
    checked, _, differing = await _sql_of(lambda: readings_that_differ(today=company.today), settings)
    added_up, _, _ = await _sql_of(lambda: fetch(
        "SELECT month, count(DISTINCT enrolment) FROM activity WHERE cohort = $1 AND kind <> 'reaction' GROUP BY month",
        company.cohort,
    ), settings, runs=TURNS)  # fmt: skip
    held = await fetch_value("SELECT count(*) FROM reading WHERE span = 'month'")
    return [
        Line("Readings equal a recomputation", f"{held - len(differing)} of {held}", "",
             "equal" if not differing else "DIFFERENT", "always"),
        Line("  months as kept, their SQL", f"{kept:.2f} ms", f"{checked:.2f} ms looked up in the raw",
             f"{checked / kept:.1f} ×"),
        Line("", f"{kept:.2f} ms", f"{added_up:.1f} ms adding up the raw", f"{added_up / kept:.0f} ×", "≥ 1,000 × (10 M)"),
    ]  # fmt: skip


async def _opened(settings: Settings, company: Company, path: str) -> None:
    """A page of the real application, in this process and on its pool."""
    transport = httpx.ASGITransport(app=_application(settings))
    cookies = {SESSION_COOKIE: company.lead}
    async with httpx.AsyncClient(transport=transport, base_url=settings.address, cookies=cookies) as client:
        (await client.get(path)).raise_for_status()


@lru_cache
def _application(settings: Settings) -> Any:
    return application(settings)


async def _judged(company: Company) -> None:
    await the_gate(company.gate, program=company.program, today=company.today)


async def _sql_of(
    look: Callable[[], Awaitable[Any]], settings: Settings, *, runs: int = RUNS
) -> tuple[float, int, Any]:
    """The milliseconds that its queries take as asyncpg sees it (the median), how many there are, and what it answers."""
    await open_pool(settings.database_url, most=1)
    await look()
    spent: list[float] = []
    trips, answer = 0, None
    for _ in range(runs):
        with heard() as queries:
            answer = await look()
        trips = len(queries)
        spent.append(sum(query.elapsed for query in queries) * 1000)
    return median(spent), trips, answer


async def _replay(company: Company, settings: Settings) -> float:
    """How often a second the statements of one logged activity run, with fresh keys, on one bare connection."""
    await open_pool(settings.database_url, most=1)
    await fetch("SELECT 1")
    told = Told(kind=Kind.TALK, done_on=company.today)
    by: dict[str, Any] = {
        "program": company.program,
        "by": company.member,
        "now": machine_now(),
        "today": company.today,
    }
    thrice = []
    for _ in range(3):
        with heard() as queries:
            await log_activity(told, sent=a_form(), **by)
        thrice.append(queries)
    await close_pool()
    connection = await asyncpg.connect(settings.database_url)
    begun = time.perf_counter()
    for turn in range(1, REPLAYS + 1):
        ids: dict[UUID, UUID] = {}
        for first, second in zip(*thrice[1:], strict=True):
            if second.args:
                await connection.fetch(second.query, *_fresh(list(first.args), list(second.args), turn, ids))
            else:
                await connection.execute(second.query)
    seconds = time.perf_counter() - begun
    await connection.close()
    return REPLAYS / seconds


def _fresh(first: Any, second: Any, turn: int, ids: dict[UUID, UUID]) -> Any:
    """What differed between two recordings is made anew: keys, digests, and the number of the event."""
    match second:
        case list():
            return [_fresh(one, other, turn, ids) for one, other in zip(first, second, strict=True)]
        case UUID() if first != second:
            return ids.setdefault(second, new_id())
        case str():
            return ID_IN_WORDS.sub(
                lambda found: (
                    found[0] if found[0] in first else str(ids.setdefault(UUID(found[0]), new_id()))
                ),
                second,
            )
        case bytes() if first != second:
            return os.urandom(len(second))
        case int() if first != second:
            return second + turn
        case _:
            return second


async def _copied(people: list[asyncpg.Record]) -> float:
    async with transaction() as connection:
        await execute("CREATE TABLE person_again (LIKE person INCLUDING ALL)")
        begun = time.perf_counter()
        await connection.copy_records_to_table("person_again", records=people)
        seconds = time.perf_counter() - begun
        await execute("DROP TABLE person_again")
    return seconds
