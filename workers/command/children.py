"""A child process that is started again when it dies, and says what it has to say under its name."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from workers.command.embedded import ServerTrouble

STARTS_WITHIN_SECONDS = 60
POLL_SECONDS = 0.05
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 10
STEADY_AFTER_SECONDS = 5
CHUNK_BYTES = 65_536
NAME_WIDTH = 9


class ChildTrouble(Exception):  # noqa: N818 -- its words are shown as they are
    """A child does not start; the words say which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is to run. `command` is asked before every start, and may clear the way first."""

    name: str
    command: Callable[[], list[str]]
    is_ready: Callable[[int], bool]
    folder: Path
    environment: Mapping[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    stops_within_seconds: int = 10


class Child:
    """One part, kept running from `start` to `stop`."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self._process: asyncio.subprocess.Process | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._forwarding: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Run the part and return when it is ready; from then on it is started again whenever it dies."""
        process = await self._spawn()
        until = time.monotonic() + STARTS_WITHIN_SECONDS
        while not self.part.is_ready(process.pid):
            if process.returncode is not None or time.monotonic() > until:
                raise ChildTrouble(f"{self.part.name} does not start; what it said stands above.")
            await asyncio.sleep(POLL_SECONDS)
        self._keeping = asyncio.create_task(self._keep(process))

    async def stop(self) -> None:
        """Ask the part to end, insist when that takes too long, and leave nothing of its process group."""
        await _cancelled(self._keeping)
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.send_signal(self.part.stop_signal)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), self.part.stops_within_seconds)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        if self._forwarding is not None:
            await asyncio.wait([self._forwarding], timeout=1)

    async def _keep(self, process: asyncio.subprocess.Process) -> None:
        pause: float = 0
        while True:
            pause = pause_after(pause, ready_for=await self._ready_for(process))
            say(self.part.name, f"ended ({_ending(process)}); starts again in {pause:g} s")
            await asyncio.sleep(pause)
            try:
                process = await self._spawn()
            except (OSError, ServerTrouble) as trouble:
                say(self.part.name, str(trouble))

    async def _ready_for(self, process: asyncio.subprocess.Process) -> float:
        """How many seconds the process, which has ended when this answers, was ready; 0 if it never was."""
        while process.returncode is None and not await asyncio.to_thread(  # noqa: ASYNC110 -- a child tells nobody
            self.part.is_ready, process.pid
        ):
            await asyncio.sleep(POLL_SECONDS)
        since = time.monotonic()
        if process.returncode is not None:
            return 0
        await process.wait()
        return time.monotonic() - since

    async def _spawn(self) -> asyncio.subprocess.Process:
        self._process = await asyncio.create_subprocess_exec(
            *self.part.command(),
            cwd=self.part.folder,
            env=self.part.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        self._forwarding = asyncio.create_task(_forward(self.part.name, self._process.stdout))
        return self._process


def pause_after(before: float, *, ready_for: float) -> float:
    """How many seconds a part that ended waits until it is started again; `before` is how many it waited last time.

    One that was ready for a while met with an accident and comes back at once; one that ends while it starts, or soon
    after, would do so again, and waits twice as long each time.
    """
    if ready_for >= STEADY_AFTER_SECONDS:
        return FIRST_PAUSE_SECONDS
    return min(max(before * 2, FIRST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)


def say(name: str, line: str) -> None:
    """One line on the terminal, under its speaker's name; a terminal that went away is no reason to stop."""
    with suppress(OSError):
        print(f"{name:<{NAME_WIDTH}}| {line}", flush=True)


async def _forward(name: str, stream: asyncio.StreamReader | None) -> None:
    rest = b""
    while stream is not None and (chunk := await stream.read(CHUNK_BYTES)):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            say(name, line.decode(errors="replace"))
    if rest:
        say(name, rest.decode(errors="replace"))


async def _cancelled(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _ending(process: asyncio.subprocess.Process) -> str:
    code = process.returncode or 0
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
