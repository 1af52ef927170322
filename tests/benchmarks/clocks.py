"""What takes the time: servers of one process each, a lean client for them, and what SQL takes of it."""

import asyncio
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any, Self

import psutil

from program.database import DB

HOST = "127.0.0.1"
STARTS_WITHIN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Load:
    """What a server answered while clients kept asking; `cpu` is what its process spent, in seconds."""

    taken: list[float]
    seconds: float
    cpu: float

    @property
    def per_second(self) -> float:
        return len(self.taken) / self.seconds

    @property
    def p50_ms(self) -> float:
        return median(self.taken) * 1000

    @property
    def cpu_ms(self) -> float:
        return self.cpu / len(self.taken) * 1000


class Server:
    """uvicorn with one process, as `make run` starts it; `started` is the seconds to its first answer of `request`."""

    def __init__(self, factory: str, environment: Mapping[str, str], request: str) -> None:
        with socket.socket() as trial:
            trial.bind((HOST, 0))
            self.port: int = trial.getsockname()[1]
        quiet = ("--no-server-header", "--no-access-log", "--log-level", "warning")
        where = ("--host", HOST, "--port", str(self.port))
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "--factory", factory, *where, *quiet],
            env={**os.environ, **environment},
        )
        self._self = psutil.Process(self.process.pid)
        self._wait_for(request, begun + STARTS_WITHIN_SECONDS)
        self.started = time.perf_counter() - begun

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()

    @property
    def megabytes(self) -> float:
        return self._self.memory_info().rss / 2**20

    async def load(
        self, request: Callable[[], str], *, connections: int, seconds: float, status: int = 200
    ) -> Load:
        """Ask again and again on each connection, as soon as it has answered. Any other answer raises."""
        before, begun = self._cpu(), time.perf_counter()
        asking = [self._ask(request, begun + seconds, status) for _ in range(connections)]
        taken = [one for some in await asyncio.gather(*asking) for one in some]
        return Load(taken, time.perf_counter() - begun, self._cpu() - before)

    async def _ask(self, request: Callable[[], str], until: float, status: int) -> list[float]:
        reader, writer = await asyncio.open_connection(HOST, self.port)
        taken: list[float] = []
        while (begun := time.perf_counter()) < until:
            writer.write(request().encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if int(head.split(maxsplit=2)[1]) != status:
                raise RuntimeError(f"not what was asked for: {head!r}")
            length = re.search(rb"content-length: (\d+)", head)
            await reader.readexactly(int(length[1]) if length else 0)
            taken.append(time.perf_counter() - begun)
        writer.close()
        return taken

    def _wait_for(self, request: str, until: float) -> None:
        while self.process.poll() is None and time.perf_counter() < until:
            try:
                with socket.create_connection((HOST, self.port)) as connection:
                    connection.sendall(request.encode())
                    if connection.recv(12).endswith(b" 200"):
                        return
            except OSError:
                time.sleep(0.005)
        raise RuntimeError("the server does not start; what it said stands above")

    def _cpu(self) -> float:
        spent = self._self.cpu_times()
        return float(spent.user + spent.system)


def quickest_start(factory: str, environment: Mapping[str, str], request: str) -> float:
    """The seconds from a process's start to its first answer: the best of three."""
    starts = []
    for _ in range(3):
        with Server(factory, environment, request) as server:
            starts.append(server.started)
    return min(starts)


@contextmanager
def heard() -> Iterator[list[Any]]:
    """The queries that run inside on the pool's open connections, as asyncpg tells of them: with arguments and time."""
    told: list[Any] = []
    note = told.append
    connections = [holder._con for holder in DB.pool._holders if holder._con]  # type: ignore[union-attr]
    for connection in connections:
        connection.add_query_logger(note)
    try:
        yield told
    finally:
        for connection in connections:
            connection.remove_query_logger(note)
