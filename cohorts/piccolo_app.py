"""The tables of this floor, for Piccolo's migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="cohorts",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=table_finder(
        [
            "cohorts.phases.tables",
            "cohorts.cohorts.tables",
            "cohorts.enrolments.tables",
            "cohorts.choosing.tables",
            "cohorts.activities.tables",
            "cohorts.activity_imports.tables",
            "cohorts.readings.tables",
            "cohorts.gates.tables",
            "cohorts.criteria.tables",
            "cohorts.incidents.tables",
        ],
        exclude_imported=True,
    ),
    migration_dependencies=["program.piccolo_app"],
)
