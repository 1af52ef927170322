"""The folder of an installation: made, checked, held by one, and keeping its secret."""

import stat
from pathlib import Path

import pytest

from program.settings import SHORTEST_SECRET_CHARACTERS, Settings, settings_from
from workers.command import home
from workers.command.home import HomeTrouble, held_home, settled


def settings_in(folder: Path, **environ: str) -> Settings:
    servers = {"DATABASE_URL": "postgresql://db/pilotage", "REDIS_URL": "redis://cache"}
    return settings_from(servers | {"PILOTAGE_HOME": str(folder)} | environ)


def test_the_folder_is_made_where_it_is_missing(tmp_path: Path) -> None:
    with held_home(tmp_path / "deep" / "down"):
        assert (tmp_path / "deep" / "down").is_dir()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "a-file").touch()
    with (
        pytest.raises(HomeTrouble, match=r"cannot write into .*a-file/home"),
        held_home(tmp_path / "a-file/home"),
    ):
        pass


def test_a_full_disk_is_named_before_anything_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "LEAST_FREE_MEGABYTES", 10**12)
    with (
        pytest.raises(HomeTrouble, match=r"Only \d+ MB are free where Pilotage keeps its data"),
        held_home(tmp_path),
    ):
        pass


def test_one_at_a_time_holds_it(tmp_path: Path) -> None:
    with (
        held_home(tmp_path),
        pytest.raises(HomeTrouble, match="Pilotage already runs from"),
        held_home(tmp_path),
    ):
        pass
    with held_home(tmp_path):
        pass


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    secret = settled(settings_in(tmp_path)).secret
    assert len(secret) >= SHORTEST_SECRET_CHARACTERS
    assert settled(settings_in(tmp_path)).secret == secret
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_secret_that_was_given_is_kept_nowhere(tmp_path: Path) -> None:
    given = "g" * SHORTEST_SECRET_CHARACTERS
    assert settled(settings_in(tmp_path, PILOTAGE_SECRET=given)).secret == given
    assert not (tmp_path / "secret").exists()
