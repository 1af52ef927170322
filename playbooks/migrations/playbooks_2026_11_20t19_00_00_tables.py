from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Array
from piccolo.columns.column_types import Text
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-20T19:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "The chapters that a track teaches."


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="playbooks", description=DESCRIPTION
    )

    manager.add_column(
        table_class_name="Track",
        tablename="track",
        column_name="chapters",
        db_column_name="chapters",
        column_class_name="Array",
        column_class=Array,
        params={
            "default": None,
            "base_column": Text(
                default=None,
                null=False,
                primary_key=False,
                unique=False,
                index=False,
                index_method=IndexMethod.btree,
                choices=None,
                db_column_name=None,
                secret=False,
            ),
            "null": True,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    return manager
