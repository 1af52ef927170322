"""The `pilotage` command, called as from a terminal that is none, on the databases of the tests."""

import asyncio
import re
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.databases import SECRET
from workers.command.__main__ import main


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said; `words` is all of it on one line."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        return " ".join((self.out + self.err).split())


Command = Callable[..., Said]


@pytest.fixture
def pilotage(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Calls the command with these words and settings; nothing that it says may hold a control code or a traceback."""

    def call(*words: object, **environ: str) -> Said:
        given = {"PILOTAGE_HOME": str(tmp_path / "home"), "PILOTAGE_SECRET": SECRET} | environ
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["pilotage", *map(str, words)])
        handler = signal.getsignal(signal.SIGTERM)
        try:
            with pytest.raises(SystemExit) as ended:
                main()
        finally:
            signal.signal(signal.SIGTERM, handler)
        out, err = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        assert not re.search(r"\x1b|Traceback", out + err), out + err
        return Said(code, out, err)

    return call


def asked(url: str, sql: str, *values: Any) -> Any:
    """The first value of the first row."""

    async def ask() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(sql, *values)
        finally:
            await connection.close()

    return asyncio.run(ask())
