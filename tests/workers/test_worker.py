"""The worker process: it begins, delivers and sweeps, lives without Redis, and ends when it is asked to."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from playbooks.editions.actions import publish
from playbooks.entries.actions import add_entry
from program.database import fetch_value, transaction
from program.events.actions import Letter, record
from program.installation.queries import clock, machine_now
from program.settings import Settings
from tests.cast import a_form, a_person, a_program, an_owner
from tests.cohorts.scene import a_ready_pilot
from tests.playbooks.writers import ENTRY
from tests.workers.mail import COMES_WITHIN_SECONDS, Letterbox, a_mail_server
from workers.command.embedded import EmbeddedValkey

CHECKOUT = Path(__file__).parents[2]
ENDS_WITHIN_SECONDS = 10


@pytest.fixture
def mail() -> Iterator[tuple[Letterbox, str]]:
    with a_mail_server() as found:
        yield found


@asynccontextmanager
async def a_worker(
    settings: Settings, *, redis_url: str, smtp_url: str
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


async def test_a_database_that_is_not_there_ends_the_worker_so_that_it_is_started_again(
    settings: Settings, tmp_path: Path
) -> None:
    gone = replace(settings, database_url=f"postgresql://postgres@/none?host={tmp_path}")
    async with a_worker(gone, redis_url="redis://localhost:1", smtp_url="") as process:
        assert await asyncio.wait_for(process.wait(), COMES_WITHIN_SECONDS) == 1
