"""The migrations make what the tables say."""

import importlib

import pytest
from piccolo.apps.migrations.commands.new import AutoMigrationManager

FLOORS = ("program", "cohorts", "playbooks")


@pytest.mark.parametrize("floor", FLOORS)
async def test_no_table_differs_from_what_the_migrations_make_of_it(
    floor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PICCOLO_CONF", "program.piccolo_conf")
    app = importlib.import_module(f"{floor}.piccolo_app").APP_CONFIG
    found = await AutoMigrationManager().get_alter_statements(app_config=app)
    assert [statement for each in found for statement in each.statements] == []
