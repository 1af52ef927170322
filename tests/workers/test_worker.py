"""The worker process: it begins, delivers and sweeps, lives without Redis, and ends when it is asked to."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from cohorts.activity_imports.actions import confirm
from playbooks.editions.actions import publish
from playbooks.entries.actions import add_entry
from program.database import execute, fetch_row, fetch_value, transaction
from program.events.actions import Letter, record
from program.installation.actions import move_clock
from program.installation.queries import clock, machine_now
from program.settings import Settings
from tests.cast import NOON, a_form, a_listed_person, a_person, a_program, an_owner
from tests.cohorts.files import own_csv
from tests.cohorts.importers import a_read_file, a_sent_file
from tests.cohorts.scene import a_cohort, a_member, a_ready_pilot
from tests.playbooks.writers import ENTRY
from tests.workers.mail import COMES_WITHIN_SECONDS, Letterbox, a_mail_server
from tests.world import make_world
from workers.activity_imports import read_next_import
from workers.command.embedded import EmbeddedValkey

CHECKOUT = Path(__file__).parents[2]
ENDS_WITHIN_SECONDS = 10
NO_REDIS = "redis://localhost:1"
WAITS_FOR_A_TABLE = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND wait_event = 'relation'"
)
CONDITION_IS_DUE = datetime(2027, 4, 1, 12, tzinfo=UTC)


@pytest.fixture
def mail() -> Iterator[tuple[Letterbox, str]]:
    with a_mail_server() as found:
        yield found


@asynccontextmanager
async def a_worker(
    settings: Settings, *, redis_url: str, smtp_url: str, told: int | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m workers`, killed at the end if it is still there."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "workers",
        cwd=CHECKOUT,
        env=os.environ
        | {
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": redis_url,
            "SMTP_URL": smtp_url,
            "PILOTAGE_SECRET": settings.secret,
        },
        stderr=told,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def a_gate_that_nobody_was_told_is_ready() -> None:
    owner, now = await an_owner(), machine_now()
    program = await a_program(owner, now=now)
    await a_ready_pilot(program, owner, today=now.date())
    lead: dict[str, Any] = {"by": owner, "now": now, "today": now.date()}
    await add_entry(program, ENTRY, sent=a_form(), **lead)
    await publish(program, "A chapter on journalists.", sent=a_form(), **lead)


async def letter_to_somebody() -> None:
    person = await a_person()
    async with transaction():
        letter = Letter(to=person, letter="sign_in_link", facts={"nonce": "00" * 16})
        await record(
            "sign_in_link_asked", program=None, by=person, at=(await clock()).now(), letters=[letter]
        )


async def ends_when_asked(process: asyncio.subprocess.Process, number: signal.Signals) -> int:
    process.send_signal(number)
    return await asyncio.wait_for(process.wait(), ENDS_WITHIN_SECONDS)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_without_redis_letters_go_out_and_the_worker_ends_when_asked(
    settings: Settings, mail: tuple[Letterbox, str], tmp_path: Path, number: signal.Signals
) -> None:
    letterbox, smtp_url = mail
    redis_url = f"unix://{tmp_path}/no-such-socket"
    async with a_worker(settings, redis_url=redis_url, smtp_url=smtp_url) as process:
        await letter_to_somebody()
        await letterbox.next_letter()
        assert await ends_when_asked(process, number) == 0


async def test_the_sweep_at_the_start_tells_of_a_ready_gate_and_the_worker_outlives_redis(
    settings: Settings, mail: tuple[Letterbox, str], tmp_path: Path
) -> None:
    letterbox, smtp_url = mail
    await a_gate_that_nobody_was_told_is_ready()
    valkey = EmbeddedValkey(tmp_path)
    valkey.start()
    try:
        async with a_worker(settings, redis_url=valkey.url(), smtp_url=smtp_url) as process:
            while not (await letterbox.next_letter())["Subject"].startswith("A gate is ready"):
                pass
            await asyncio.to_thread(valkey.stop)
            await letter_to_somebody()
            while (await letterbox.next_letter())["Subject"] != "Your sign-in link":
                pass
            assert await ends_when_asked(process, signal.SIGTERM) == 0
    finally:
        valkey.stop()


async def test_a_moved_clock_is_followed_without_redis_and_reminders_go_out(
    settings: Settings, mail: tuple[Letterbox, str], tmp_path: Path
) -> None:
    letterbox, smtp_url = mail
    world = await make_world(settings.secret)
    redis_url = f"unix://{tmp_path}/no-such-socket"
    async with a_worker(settings, redis_url=redis_url, smtp_url=smtp_url) as process:
        while "entries to read again" not in (await letterbox.next_letter())["Subject"]:
            pass
        assert not [letter for letter in letterbox.seen if "You took this on" in letter["Subject"]]
        await move_clock(CONDITION_IS_DUE, by=UUID(world.ids["owner"]))
        while "You took this on" not in (await letterbox.next_letter())["Subject"]:
            pass
        assert await ends_when_asked(process, signal.SIGTERM) == 0


async def test_a_letter_that_is_being_handed_over_is_finished_before_the_worker_ends(
    settings: Settings, mail: tuple[Letterbox, str], tmp_path: Path
) -> None:
    letterbox, smtp_url = mail
    letterbox.may_answer.clear()
    redis_url = f"unix://{tmp_path}/no-such-socket"
    async with a_worker(settings, redis_url=redis_url, smtp_url=smtp_url) as process:
        await letter_to_somebody()
        await letterbox.next_letter()
        process.send_signal(signal.SIGTERM)
        letterbox.may_answer.set()
        assert await asyncio.wait_for(process.wait(), ENDS_WITHIN_SECONDS) == 0
    assert len(letterbox.taken) == 1
    assert await fetch_value("SELECT count(*) FROM delivery WHERE done_at IS NOT NULL") == 1


async def test_a_database_that_is_not_there_yet_is_waited_for(
    settings: Settings, mail: tuple[Letterbox, str], tmp_path: Path
) -> None:
    letterbox, smtp_url = mail
    await letter_to_somebody()
    way = tmp_path / "sockets"
    away = replace(settings, database_url=settings.database_url.partition("host=")[0] + f"host={way}")
    async with a_worker(away, redis_url=NO_REDIS, smtp_url=smtp_url, told=asyncio.subprocess.PIPE) as process:
        assert process.stderr is not None
        while b"an outage" not in await asyncio.wait_for(process.stderr.readline(), COMES_WITHIN_SECONDS):
            pass
        way.symlink_to(settings.database_url.partition("host=")[2])
        await letterbox.next_letter()
        assert await ends_when_asked(process, signal.SIGTERM) == 0


@asynccontextmanager
async def a_reader_at_work(settings: Settings, table: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker that has begun to write into a table, and cannot go on as long as somebody holds it."""
    holder = await asyncpg.connect(settings.database_url)
    held = holder.transaction()
    await held.start()
    await holder.execute(f"LOCK TABLE {table} IN SHARE MODE")
    async with a_worker(settings, redis_url=NO_REDIS, smtp_url="") as process:
        async with asyncio.timeout(COMES_WITHIN_SECONDS):
            while not await fetch_value(WAITS_FOR_A_TABLE):  # noqa: ASYNC110 -- nobody tells
                await asyncio.sleep(0.05)
        yield process
        await held.rollback()
        await holder.close()


async def a_file_that_waits(*, confirmed: bool, monkeypatch: pytest.MonkeyPatch) -> UUID:
    monkeypatch.setattr("cohorts.activity_imports.actions.TAKEN_IN_AT_ONCE_ROWS", 0)
    owner, start = await an_owner(), NOON.date() - timedelta(days=40)
    program = await a_program(owner)
    member = await a_listed_person(program, owner, "Mia Member")
    await a_member(await a_cohort(program, owner, start=start), [("active", start, None)], member)
    by: dict[str, Any] = {"program": program, "by": member}
    talk = own_csv({"kind": "talk", "network": "in_person", "published_at": str(start), "text": "Hello."})
    if not confirmed:
        return await a_sent_file(talk, **by)
    id = await a_read_file(talk, **by)
    await confirm(id, mine=True, reactions=True, **by, now=NOON)
    return id


async def state_and_tries(id: UUID) -> tuple[str, int]:
    row = await fetch_row(
        "SELECT state, COALESCE((summary->>'tries')::int, 0) AS tries FROM activity_import WHERE id = $1", id
    )
    assert row is not None
    return row["state"], row["tries"]


@pytest.mark.parametrize(("confirmed", "state"), [(False, "sent"), (True, "confirmed")])
async def test_a_worker_that_is_stopped_in_the_middle_of_a_file_leaves_it_as_it_was(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, confirmed: bool, state: str
) -> None:
    id = await a_file_that_waits(confirmed=confirmed, monkeypatch=monkeypatch)
    async with a_reader_at_work(settings, "activity" if confirmed else "activity_import_row") as process:
        assert await ends_when_asked(process, signal.SIGTERM) == 0
    assert await state_and_tries(id) == (state, 0)


@pytest.mark.parametrize(("confirmed", "state"), [(False, "sent"), (True, "confirmed")])
async def test_a_file_that_kills_its_worker_has_been_tried(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, confirmed: bool, state: str
) -> None:
    id = await a_file_that_waits(confirmed=confirmed, monkeypatch=monkeypatch)
    async with a_reader_at_work(settings, "activity" if confirmed else "activity_import_row") as process:
        process.kill()
        await process.wait()
    assert await state_and_tries(id) == (state, 1)
    await execute("UPDATE activity_import SET summary = summary || jsonb_build_object('tries', 3)")
    assert not await read_next_import()
    assert await fetch_value("SELECT (state, trouble)::text FROM activity_import") == "(unreadable,broke)"
