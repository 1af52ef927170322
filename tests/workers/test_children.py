"""A part that is kept running: back at once after an accident, later and later where it dies while it starts."""

import asyncio
import os
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path

import pytest

from workers.command.children import (
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    STEADY_AFTER_SECONDS,
    Child,
    Part,
    pause_after,
)

LIVES, DIES = ["sleep", "1000"], ["false"]
SAYS_WITHIN_SECONDS = 30


def test_a_part_that_was_ready_for_a_while_is_back_at_once_however_often_it_is_killed() -> None:
    pause: float = 0
    for _ in range(60):
        pause = pause_after(pause, ready_for=STEADY_AFTER_SECONDS)
        assert pause == FIRST_PAUSE_SECONDS


def test_a_part_that_dies_while_it_starts_waits_twice_as_long_each_time_up_to_a_bound() -> None:
    pauses: list[float] = [0]
    for _ in range(8):
        pauses.append(pause_after(pauses[-1], ready_for=0))
    assert pauses[1:] == [0.5, 1, 2, 4, 8, *[LONGEST_PAUSE_SECONDS] * 3]
    assert pause_after(pauses[-1], ready_for=STEADY_AFTER_SECONDS) == FIRST_PAUSE_SECONDS


def test_one_that_is_killed_soon_after_it_was_ready_counts_as_one_that_died_while_it_started() -> None:
    assert pause_after(FIRST_PAUSE_SECONDS, ready_for=STEADY_AFTER_SECONDS / 2) == 2 * FIRST_PAUSE_SECONDS


async def test_a_part_that_does_not_come_up_again_is_started_later_and_later_and_stays_up_once_it_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: Iterator[list[str]] = chain([LIVES], repeat(DIES, 2), repeat(LIVES))
    started: list[list[str]] = []

    def command() -> list[str]:
        started.append(next(commands))
        return started[-1]

    child = Child(
        Part(
            name="part",
            command=command,
            is_ready=lambda _pid: started[-1] == LIVES,
            folder=tmp_path,
            environment=os.environ,
        )
    )
    await child.start()
    try:
        assert child._process is not None
        child._process.kill()
        said = ""
        async with asyncio.timeout(SAYS_WITHIN_SECONDS):
            while len(started) < 4:  # noqa: ASYNC110 -- nobody tells
                await asyncio.sleep(0.02)
        said += capsys.readouterr().out
    finally:
        await child.stop()
    pauses = [line.rpartition(" again in ")[2] for line in said.splitlines()]
    assert pauses == ["0.5 s", "1 s", "2 s"]
    assert "ended (SIGKILL)" in said
    assert "ended (exit code 1)" in said
