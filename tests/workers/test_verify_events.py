"""`pilotage verify-events`: whether anybody changed what was recorded."""

import os
import subprocess
import sys
from pathlib import Path

from program.database import execute, fetch_value
from program.settings import Settings
from tests.cast import a_program, an_owner
from workers.command.verify_events import broken_chain_lines

CHECKOUT = Path(__file__).parents[2]


def verify_events(settings: Settings) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "workers.command", "verify-events"],
        cwd=CHECKOUT,
        env=os.environ
        | {
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": "redis://localhost:1",
            "PILOTAGE_SECRET": settings.secret,
        },
        capture_output=True,
        text=True,
        check=False,
    )


async def test_whole_chains_are_said_to_be_whole(settings: Settings) -> None:
    await a_program(await an_owner())
    result = verify_events(settings)
    assert (result.returncode, result.stdout) == (0, "Every chain of events is whole.\n")


async def test_a_broken_chain_is_named_with_the_first_event_that_does_not_fit(settings: Settings) -> None:
    program = await a_program(await an_owner())
    last = await fetch_value("SELECT number FROM chain WHERE id = $1", program)
    await execute("ALTER TABLE event DISABLE TRIGGER event_stays")
    await execute("UPDATE event SET name = 'nothing' WHERE chain = $1 AND number = $2", program, last)
    result = verify_events(settings)
    said = f"Chain {program} is broken at event {last}: it was changed, moved or removed.\n"
    assert (result.returncode, result.stdout) == (1, said)


async def test_every_broken_chain_is_named(settings: Settings) -> None:
    owner = await an_owner()
    programs = {await a_program(owner), await a_program(owner, "Another one")}
    await execute("ALTER TABLE event DISABLE TRIGGER event_stays")
    await execute("UPDATE event SET at = at + interval '1 day' WHERE program IS NOT NULL")
    lines = await broken_chain_lines(settings)
    assert len(lines) == 2
    assert all(any(str(program) in line for line in lines) for program in programs)
