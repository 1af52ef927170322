"""The tables of this floor, for Piccolo's migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="playbooks",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=table_finder(
        [
            "playbooks.entries.tables",
            "playbooks.learnings.tables",
            "playbooks.editions.tables",
            "playbooks.tracks.tables",
            "playbooks.assessments.tables",
            "playbooks.certificates.tables",
            "playbooks.scenarios.tables",
            "playbooks.set_up.tables",
        ],
        exclude_imported=True,
    ),
    migration_dependencies=["cohorts.piccolo_app"],
)
