"""`pilotage backup` and `restore`: what comes back is what was there, or nothing is."""

import asyncio
import hashlib
import json
import os
import resource
import shutil
import signal
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import asyncpg
import pytest

from tests.conftest import SYSTEM_POSTGRES
from tests.databases import SECRET, inhabited, made_database
from tests.workers.commands import Command, Said, asked
from workers.command.embedded import EmbeddedPostgres
from workers.command.migrate import migrations_known

EMPTY = "template0"


@pytest.fixture(scope="module")
def url(postgres: EmbeddedPostgres, template: str) -> str:
    made_database(postgres.url("postgres"), "backed_up", like=template)
    inhabited(postgres.url("backed_up"))
    return postgres.url("backed_up")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The one good backup that the tests share, once the first has made it."""
    return {"in": tmp_path_factory.mktemp("backups")}


@pytest.fixture
def backup(kept: dict[str, Path], pilotage: Command, url: str) -> Path:
    if "backup" not in kept:
        said = pilotage("backup", kept["in"], DATABASE_URL=url)
        assert said.code == 0, said.err
        (kept["backup"],) = kept["in"].iterdir()
    return kept["backup"]


@pytest.fixture
def empty(postgres: EmbeddedPostgres) -> str:
    """The address of a database in which there is nothing."""
    made_database(postgres.url("postgres"), "fresh", like=EMPTY)
    return postgres.url("fresh")


def tables(url: str) -> int:
    return int(asked(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))


def manifest_of(backup: Path) -> dict[str, object]:
    told: dict[str, object] = json.loads((backup / "manifest.json").read_text())
    return told


def with_manifest(backup: Path, **changed: object) -> None:
    (backup / "manifest.json").write_text(json.dumps(manifest_of(backup) | changed))


def test_a_backup_is_dated_whole_and_for_its_owner_alone(backup: Path) -> None:
    assert backup.name.startswith("pilotage-20")
    assert sorted(file.name for file in backup.iterdir()) == ["database.dump", "manifest.json", "secret"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in backup.iterdir()} == {0o600}
    assert stat.S_IMODE(backup.stat().st_mode) == 0o700
    assert (backup / "secret").read_text() == SECRET


def test_a_backup_comes_back_as_it_was_and_is_proved(
    pilotage: Command, backup: Path, empty: str, url: str
) -> None:
    said = pilotage("restore", backup, DATABASE_URL=empty)
    assert said.code == 0, said.err
    assert "as many as were backed up." in said.words
    assert "events in 3 chains follow from each other." in said.words
    assert "All 46 kept figures are what the raw data come to." in said.words
    then = "SELECT md5(string_agg(hash, '' ORDER BY id)) FROM event WHERE name <> 'installation_restored'"
    assert asked(empty, then) == asked(url, then)
    for command in (("readings", "verify"), ("verify-events",)):
        assert pilotage(*command, DATABASE_URL=empty).code == 0


def test_sessions_and_links_of_then_do_not_work_any_more(
    pilotage: Command, backup: Path, empty: str, url: str
) -> None:
    assert asked(url, "SELECT count(*) FROM session WHERE ended_at IS NULL") > 0
    pilotage("restore", backup, DATABASE_URL=empty)
    assert asked(empty, "SELECT count(*) FROM session WHERE ended_at IS NULL") == 0
    assert asked(empty, "SELECT count(*) FROM sign_in_link WHERE used_at IS NULL AND expires_at > now()") == 0
    assert asked(empty, "SELECT count(*) FROM password") == asked(url, "SELECT count(*) FROM password")
    said = asked(empty, "SELECT facts->>'made_at' FROM event WHERE name = 'installation_restored'")
    assert said == manifest_of(backup)["made_at"]


def test_a_fresh_home_runs_from_a_backup_with_its_secret(
    pilotage: Command, backup: Path, tmp_path: Path
) -> None:
    home = tmp_path / "elsewhere"
    given = {"PILOTAGE_HOME": str(home), "PILOTAGE_SECRET": ""}
    said = pilotage("restore", backup, **given)
    assert said.code == 0, said.err
    assert said.out.splitlines()[-1] == f"Start it: PILOTAGE_HOME={home} make run"
    assert sorted(path.name for path in home.iterdir()) == ["lock", "postgres", "secret"]
    assert (home / "secret").read_text() == SECRET
    assert pilotage("readings", "verify", **given).code == 0
    again = pilotage("restore", backup, **given)
    assert again.code == 1
    assert f"{home} holds an installation already" in again.words
    assert pilotage("backup", tmp_path / "again", **given).code == 0


def test_a_backup_holds_one_moment_while_people_work(
    pilotage: Command, url: str, empty: str, tmp_path: Path
) -> None:
    """Rows are added all the while; what is restored is counted as it was at the moment of the backup."""
    enough = Event()

    async def write() -> None:
        connection = await asyncpg.connect(url)
        while not enough.is_set():
            await connection.execute(
                "INSERT INTO sign_in_try SELECT gen_random_uuid(), 'x', now() FROM generate_series(1, 50)"
            )
        await connection.close()

    people = Thread(target=lambda: asyncio.run(write()))
    people.start()
    said = pilotage("backup", tmp_path / "backups", DATABASE_URL=url)
    enough.set()
    people.join()
    assert said.code == 0, said.err
    (made,) = (tmp_path / "backups").iterdir()
    assert pilotage("restore", made, DATABASE_URL=empty).code == 0


def refused(pilotage: Command, backup: Path, empty: str, *words: str) -> Said:
    """A restore that fails: nothing of it is left, in the database or in a folder."""
    said = pilotage("restore", backup, *words, DATABASE_URL=empty)
    assert said.code == 1
    assert tables(empty) == 0
    assert asked(empty, "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace") == 0
    assert not Path(os.environ["PILOTAGE_HOME"]).exists()
    return said


@pytest.fixture
def damaged(backup: Path, tmp_path: Path) -> Path:
    """A copy of the backup, to be damaged."""
    return Path(shutil.copytree(backup, tmp_path / "damaged"))


def test_a_damaged_dump_is_refused(pilotage: Command, damaged: Path, empty: str) -> None:
    content = (damaged / "database.dump").read_bytes()
    (damaged / "database.dump").write_bytes(content[:5000] + b"!" + content[5001:])
    assert "is damaged: it is not what was backed up" in refused(pilotage, damaged, empty).words


def test_a_dump_that_was_cut_off_leaves_nothing(pilotage: Command, damaged: Path, empty: str) -> None:
    """Somebody who mended the manifest too deceives nobody."""
    content = (damaged / "database.dump").read_bytes()
    (damaged / "database.dump").write_bytes(content[: len(content) // 2])
    digest = hashlib.sha256(content[: len(content) // 2]).hexdigest()
    files = manifest_of(damaged)["files"]
    assert isinstance(files, dict)
    with_manifest(damaged, files=files | {"database.dump": digest})
    assert "The backup could not be loaded; nothing of it was kept" in refused(pilotage, damaged, empty).words


def test_other_rows_than_were_backed_up_are_named(pilotage: Command, damaged: Path, empty: str) -> None:
    contents = manifest_of(damaged)["contents"]
    assert isinstance(contents, dict)
    with_manifest(damaged, contents=contents | {"rows": contents["rows"] | {"person": 3}})
    said = refused(pilotage, damaged, empty)
    assert "What was restored is not what was backed up: person (" in said.words
    assert " rows instead of 3)" in said.words


def test_another_head_of_a_chain_is_named(pilotage: Command, damaged: Path, empty: str) -> None:
    contents = manifest_of(damaged)["contents"]
    assert isinstance(contents, dict)
    chains = dict.fromkeys(contents["chains"], "1 00")
    with_manifest(damaged, contents=contents | {"chains": chains})
    assert "the chains of events" in refused(pilotage, damaged, empty).words


@pytest.mark.parametrize("manifest", ["", "{", "[]", "{}", '{"format": 1, "contents": 3}', '{"format": "x"}'])
def test_a_damaged_manifest_is_refused(pilotage: Command, damaged: Path, empty: str, manifest: str) -> None:
    (damaged / "manifest.json").write_text(manifest)
    assert "manifest.json is damaged" in refused(pilotage, damaged, empty).words


def test_a_missing_file_is_named(pilotage: Command, damaged: Path, empty: str) -> None:
    (damaged / "secret").unlink()
    assert "secret is missing, so this backup is not whole." in refused(pilotage, damaged, empty).words


def test_a_backup_of_a_newer_version_is_refused(pilotage: Command, damaged: Path, empty: str) -> None:
    contents = manifest_of(damaged)["contents"]
    assert isinstance(contents, dict)
    later = [*contents["migrations"], "program 2031-01-01T00:00:00:000000"]
    with_manifest(damaged, version="9.9", contents=contents | {"migrations": later})
    assert "was made by a newer version of Pilotage (9.9)" in refused(pilotage, damaged, empty).words
    with_manifest(damaged, format=2)
    assert "was made by a newer version of Pilotage (9.9)" in refused(pilotage, damaged, empty).words


def test_the_folder_of_all_backups_is_no_backup_and_names_the_newest(
    pilotage: Command, backup: Path, empty: str
) -> None:
    said = refused(pilotage, backup.parent, empty)
    assert f"The newest backup in it is {backup}." in said.words


def test_a_database_that_holds_something_is_refused(pilotage: Command, backup: Path, url: str) -> None:
    said = pilotage("restore", backup, DATABASE_URL=url)
    assert said.code == 1
    assert "The database of DATABASE_URL is not empty: it holds public.access_token" in said.words


def test_the_secret_of_another_installation_is_not_overwritten(
    pilotage: Command, backup: Path, empty: str, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("another secret, and just as long as it must be")
    said = pilotage("restore", backup, DATABASE_URL=empty, PILOTAGE_HOME=str(tmp_path), PILOTAGE_SECRET="")
    assert said.code == 1
    assert "is the secret of another installation." in said.words


def test_another_secret_than_the_backups_is_said(pilotage: Command, backup: Path, empty: str) -> None:
    said = pilotage("restore", backup, DATABASE_URL=empty, PILOTAGE_SECRET=SECRET[::-1])
    assert said.code == 0
    assert "PILOTAGE_SECRET is another secret than the backup’s" in said.words


@pytest.fixture
def tampered(pilotage: Command, postgres: EmbeddedPostgres, url: str, tmp_path: Path) -> Path:
    """A backup of an installation in which somebody changed a row by hand before it was made."""
    made_database(postgres.url("postgres"), "tampered_with", like="backed_up")
    address = postgres.url("tampered_with")
    asked(address, "UPDATE reading SET numerator = 1 WHERE from_on = '2026-07-01'")
    assert pilotage("backup", tmp_path / "tampered", DATABASE_URL=address).code == 0
    (made,) = (tmp_path / "tampered").iterdir()
    return made


def test_what_does_not_hold_together_is_named_and_not_kept_unless_one_says_so(
    pilotage: Command, tampered: Path, empty: str
) -> None:
    said = refused(pilotage, tampered, empty)
    assert "the share who took part is kept as 1 of 3, but is 3 of 3." in said.words
    assert "nothing of it was kept. With --anyway it is." in said.words
    anyway = pilotage("restore", tampered, "--anyway", DATABASE_URL=empty)
    assert anyway.code == 0
    assert "the share who took part is kept as 1 of 3, but is 3 of 3." in anyway.words
    assert tables(empty) > 50


def test_an_older_backup_is_brought_to_this_version(
    pilotage: Command, postgres: EmbeddedPostgres, template: str, url: str, empty: str, tmp_path: Path
) -> None:
    """The newest migration that only makes an index is taken back before the backup is made."""
    made_database(postgres.url("postgres"), "older", like="backed_up")
    older = postgres.url("older")
    asked(older, "DROP INDEX access_token_of_person")
    asked(older, "DROP INDEX reminder_of_person")
    newest = asked(
        older,
        "DELETE FROM migration WHERE app_name = 'program' AND name = '2026-11-20T19:00:01:000001' RETURNING name",
    )
    assert f"program {newest}" in migrations_known()
    assert pilotage("backup", tmp_path / "old", DATABASE_URL=older).code == 0
    (made,) = (tmp_path / "old").iterdir()
    said = pilotage("restore", made, DATABASE_URL=empty)
    assert said.code == 0, said.err
    assert "It was older than this version: 1 migration was run." in said.words
    assert asked(empty, "SELECT to_regclass('reminder_of_person') IS NOT NULL")


def test_where_nothing_can_be_written_it_is_said(pilotage: Command, url: str, tmp_path: Path) -> None:
    (tmp_path / "a-file").touch()
    said = pilotage("backup", tmp_path / "a-file" / "backups", DATABASE_URL=url)
    assert said.code == 1
    assert "The backup cannot be written into" in said.words
    assert "Not a directory" in said.words


def test_a_backup_that_is_just_being_made_there_is_left_alone(
    pilotage: Command, url: str, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    for seconds in range(120):
        name = f"pilotage-{now + timedelta(seconds=seconds):%Y-%m-%d-%H%M%S}"
        other = tmp_path / f".{name}.being-made"
        other.mkdir()
        (other / "database.dump").touch()
    said = pilotage("backup", tmp_path, DATABASE_URL=url)
    assert said.code == 1
    assert "The backup cannot be written into" in said.words
    assert len(list(tmp_path.glob(".*.being-made/database.dump"))) == 120


def test_a_full_disk_is_said_and_nothing_is_left(pilotage: Command, url: str, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    try:
        said = pilotage("backup", full, DATABASE_URL=url)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert said.code == 1
    assert "The database could not be dumped:" in said.words
    assert list(full.iterdir()) == []


def test_a_secret_that_is_not_known_is_not_made_up(pilotage: Command, url: str, tmp_path: Path) -> None:
    said = pilotage("backup", tmp_path / "b", DATABASE_URL=url, PILOTAGE_SECRET="")
    assert said.code == 1
    assert "The secret of this installation is not known here" in said.words
    assert not (tmp_path / "home" / "secret").exists()


def test_a_database_without_an_installation_is_not_backed_up(
    pilotage: Command, empty: str, tmp_path: Path
) -> None:
    said = pilotage("backup", tmp_path / "b", DATABASE_URL=empty)
    assert said.code == 1
    assert "This database holds no installation that could be backed up." in said.words
    assert list((tmp_path / "b").iterdir()) == []


@pytest.fixture(scope="module")
def fifteen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of one’s own: Debian’s PostgreSQL 15 where the machine has it, else another embedded one."""
    binaries = SYSTEM_POSTGRES if (SYSTEM_POSTGRES / "postgres").exists() else None
    with EmbeddedPostgres(tmp_path_factory.mktemp("own"), for_tests=True, binaries=binaries) as server:
        yield server.url("company")


def test_a_backup_comes_back_into_an_older_server_and_from_it(
    pilotage: Command, backup: Path, fifteen: str, empty: str, tmp_path: Path
) -> None:
    said = pilotage("restore", backup, DATABASE_URL=fifteen)
    assert said.code == 0, said.err
    assert pilotage("readings", "verify", DATABASE_URL=fifteen).code == 0
    assert pilotage("backup", tmp_path / "from-15", DATABASE_URL=fifteen).code == 0
    (made,) = (tmp_path / "from-15").iterdir()
    assert pilotage("restore", made, DATABASE_URL=empty).code == 0
