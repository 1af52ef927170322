"""`pilotage doctor`: what is wrong, and how to mend it."""

import asyncio
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.databases import inhabited, made_database
from tests.workers.commands import Command, asked
from tests.workers.mail import a_mail_server
from tests.workers.test_supervisor import free_port
from tests.workers.test_supervisor import pilotage as running_pilotage
from workers.command.embedded import EmbeddedPostgres, EmbeddedValkey
from workers.command.home import held_home

MADE_UP_REDIS = "redis://127.0.0.1:1/0"


@pytest.fixture(scope="module")
def url(postgres: EmbeddedPostgres, template: str) -> str:
    made_database(postgres.url("postgres"), "examined", like=template)
    inhabited(postgres.url("examined"))
    return postgres.url("examined")


@pytest.fixture
def sick(postgres: EmbeddedPostgres, url: str) -> str:
    """An installation in which things go wrong."""
    made_database(postgres.url("postgres"), "sick", like="examined")
    return postgres.url("sick")


@contextmanager
def listening(port: int) -> Iterator[None]:
    with closing(socket.create_server(("127.0.0.1", port))):
        yield


def test_a_machine_on_which_nothing_runs_yet_is_well(pilotage: Command) -> None:
    said = pilotage("doctor", DATABASE_URL="", REDIS_URL="", PORT=str(free_port()))
    assert said.code == 0, said.out
    assert " wrong " not in said.words
    assert "ok postgres (PostgreSQL) 18" in said.words
    assert "It runs while Pilotage does, which it does not now" in said.words
    assert not Path(os.environ["PILOTAGE_HOME"]).exists()


async def test_a_running_installation_is_well(tmp_path: Path) -> None:
    port = free_port()
    async with running_pilotage(tmp_path, port) as running:
        await running.until_said("The owner signs in here")
        examined = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "workers.command", "doctor"),
            cwd=Path(__file__).parents[2],
            env=os.environ | {"PILOTAGE_HOME": str(tmp_path), "PORT": str(port)},
            stdout=asyncio.subprocess.PIPE,
        )
        said = " ".join((await examined.communicate())[0].decode().split())
    assert f"ok Pilotage runs (process {running.process.pid}) and answers on port {port}" in said
    assert "ok The data are of the version that runs here." in said
    assert "ok The secret is readable for its owner alone." in said
    assert "ok It is as this version expects it." in said
    assert "ok Its clock and this machine’s agree." in said
    assert "ok The queue at" in said


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"PORT": "0"}, "wrong PORT is “0”. Right would be: a whole number from 1 to 65535."),
        (
            {"PILOTAGE_ADDRESS": "http://pilotage.example.com"},
            "wrong People use http://pilotage.example.com, which everybody on the way can read",
        ),
        (
            {"PILOTAGE_ADDRESS": "https://pilotage.example.com", "PILOTAGE_MARK": "demo"},
            "look PILOTAGE_MARK is “demo” at a public address.",
        ),
        (
            {"DATABASE_URL": "postgresql://ada@127.0.0.1:1/pilotage"},
            "wrong The database at 127.0.0.1:1/pilotage",
        ),
        ({"REDIS_URL": MADE_UP_REDIS}, "wrong The queue at 127.0.0.1:1/0 cannot be reached"),
        ({"SMTP_URL": "smtp://127.0.0.1:1"}, "wrong The mail server at 127.0.0.1:1 cannot be used"),
        (
            {"PILOTAGE_HOME": "/dev/null/home"},
            "wrong /dev/null is a file, so /dev/null/home cannot be the folder",
        ),
    ],
)
def test_each_wrong_setting_is_named_with_what_would_be_right(
    pilotage: Command, given: dict[str, str], told: str
) -> None:
    said = pilotage("doctor", **({"DATABASE_URL": "", "REDIS_URL": "", "PORT": str(free_port())} | given))
    assert told in said.words
    assert said.code == (1 if told.startswith("wrong") else 0)


def test_no_password_is_shown(pilotage: Command) -> None:
    said = pilotage(
        "doctor",
        DATABASE_URL="postgresql://ada:pass-word@127.0.0.1:1/pilotage",
        REDIS_URL="redis://:pass-word@127.0.0.1:1/0",
        SMTP_URL="smtp://ada:pass-word@127.0.0.1:1",
    )
    assert said.code == 1
    assert "pass-word" not in said.words


def test_a_port_that_somebody_else_has_is_named(pilotage: Command) -> None:
    port = free_port()
    with listening(port):
        said = pilotage("doctor", DATABASE_URL="", REDIS_URL="", PORT=str(port))
    assert f"wrong Pilotage does not run, and another program has port {port} of 127.0.0.1." in said.words


def test_a_pilotage_that_does_not_answer_is_named(pilotage: Command, tmp_path: Path) -> None:
    with held_home(tmp_path / "home"):
        said = pilotage("doctor", DATABASE_URL="", REDIS_URL="", PORT=str(free_port()))
    assert f"wrong Pilotage runs (process {os.getpid()}), but nothing answers on port" in said.words


@pytest.mark.parametrize(
    ("content", "mode", "told"),
    [
        ("s" * 40, 0o644, "wrong Others on this machine can read the secret"),
        ("short", 0o600, "is damaged."),
        ("s" * 40, 0o600, "ok The secret is readable for its owner alone."),
    ],
)
def test_the_secret_is_looked_at(
    pilotage: Command, tmp_path: Path, content: str, mode: int, told: str
) -> None:
    (tmp_path / "secret").write_text(content)
    (tmp_path / "secret").chmod(mode)
    said = pilotage("doctor", DATABASE_URL="", REDIS_URL="", PILOTAGE_HOME=str(tmp_path), PILOTAGE_SECRET="")
    assert told in said.words


def test_data_of_another_version_are_named(pilotage: Command, tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("14\n")
    said = pilotage("doctor", DATABASE_URL="", REDIS_URL="", PILOTAGE_HOME=str(tmp_path))
    assert "wrong The data do not fit the server." in said.words
    assert "are of PostgreSQL 14, but this is" in said.words


def test_a_worker_that_stands_still_is_named(pilotage: Command, sick: str) -> None:
    asked(sick, "UPDATE installation SET swept_at = now() - interval '5 hours'")
    said = pilotage("doctor", DATABASE_URL=sick, REDIS_URL=MADE_UP_REDIS)
    assert "look No worker was at work since" in said.words


def test_a_worker_that_stands_still_while_pilotage_runs_is_wrong(
    pilotage: Command, sick: str, tmp_path: Path
) -> None:
    with held_home(tmp_path / "home"):
        said = pilotage("doctor", DATABASE_URL=sick, REDIS_URL=MADE_UP_REDIS)
    assert "wrong No worker was ever at work here." in said.words


def test_letters_that_wait_and_that_were_given_up_are_named(pilotage: Command, sick: str) -> None:
    asked(
        sick,
        "UPDATE delivery SET given_up_at = now(), trouble = '550 no such user'"
        " WHERE id = (SELECT id FROM delivery WHERE done_at IS NULL ORDER BY id LIMIT 1)",
    )
    said = pilotage("doctor", DATABASE_URL=sick, REDIS_URL=MADE_UP_REDIS)
    assert "look 1 letter was given up. The last one because: 550 no such user" in said.words
    assert "wrong Letters wait to be sent, the oldest since" in said.words


def test_a_marked_database_at_a_public_address_is_named(pilotage: Command, sick: str) -> None:
    said = pilotage("doctor", DATABASE_URL=sick, PILOTAGE_ADDRESS="https://pilotage.example.com")
    assert "look This is a database marked “test”, at the address https://pilotage.example.com." in said.words


def test_an_installation_that_nobody_owns_is_named(pilotage: Command, sick: str) -> None:
    asked(sick, "DELETE FROM owner")
    assert "look Nobody who is still here owns" in pilotage("doctor", DATABASE_URL=sick).words


def test_migrations_that_are_missing_or_of_another_time_are_named(pilotage: Command, sick: str) -> None:
    asked(sick, "DELETE FROM migration WHERE name = '2026-11-20T19:00:01:000001'")
    said = pilotage("doctor", DATABASE_URL=sick)
    assert "look 1 migration was not run yet. The next start runs them" in said.words
    asked(sick, "INSERT INTO migration (name, app_name, ran_on) VALUES ('2031-01-01', 'program', now())")
    said = pilotage("doctor", DATABASE_URL=sick)
    assert "wrong The database belongs to a newer version of Pilotage (program 2031-01-01)." in said.words


def test_a_database_that_is_not_there_or_does_not_let_one_in_is_told_apart(
    pilotage: Command, postgres: EmbeddedPostgres
) -> None:
    said = pilotage("doctor", DATABASE_URL=postgres.url("nothing_of_that_name"))
    assert "Its server has no database of that name." in said.words
    stranger = postgres.url("postgres").replace("postgres@", "stranger@")
    assert "does not accept the user or the password" in pilotage("doctor", DATABASE_URL=stranger).words


def test_servers_that_answer_are_well(pilotage: Command, url: str, tmp_path: Path) -> None:
    with a_mail_server() as (letterbox, smtp_url), EmbeddedValkey(tmp_path) as valkey:
        said = pilotage("doctor", DATABASE_URL=url, REDIS_URL=valkey.url(), SMTP_URL=smtp_url)
        wrong_password = smtp_url.replace("smtp://", "smtp://ada:secret@")
        refused = pilotage("doctor", DATABASE_URL=url, REDIS_URL=valkey.url(), SMTP_URL=wrong_password)
    assert "look The mail server at 127.0.0.1:" in said.words
    assert "answers, but without encryption." in said.words
    assert "wrong The mail server at 127.0.0.1:" in refused.words
    assert "ok The queue at" in said.words
    assert letterbox.seen == []


def test_a_server_that_is_too_old_is_named(
    pilotage: Command, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setattr("workers.command.doctor_servers.OLDEST_POSTGRES", 99)
    said = pilotage("doctor", DATABASE_URL=url)
    assert said.code == 1
    assert "Pilotage needs PostgreSQL 99 or newer." in said.words
