"""The tables of this floor, for Piccolo's migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="program",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=table_finder(
        [
            "program.installation.tables",
            "program.people.tables",
            "program.programs.tables",
            "program.roles.tables",
            "program.sign_in.tables",
            "program.social_accounts.tables",
            "program.form_keys.tables",
            "program.events.tables",
            "program.access_tokens.tables",
            "program.reminders.tables",
        ],
        exclude_imported=True,
    ),
    migration_dependencies=[],
)
