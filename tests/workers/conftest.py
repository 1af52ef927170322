"""What the tests of the command share."""

from tests.workers.commands import pilotage

__all__ = ["pilotage"]
