"""What Piccolo's command line and migrations need to know; nobody imports this."""

from piccolo.conf.apps import AppRegistry

from program.database import DB  # noqa: F401

APP_REGISTRY = AppRegistry(apps=["program.piccolo_app", "cohorts.piccolo_app", "playbooks.piccolo_app"])
