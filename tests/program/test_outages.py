"""Which errors tell of an outage, and which of a mistake."""

import errno
import socket

import asyncpg
import pytest

from program.database import OutOfReach
from program.outages import Outage, outage_of


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (OutOfReach("the connection broke"), Outage.GONE),
        (ConnectionRefusedError(), Outage.GONE),
        (ConnectionResetError(), Outage.GONE),
        (asyncpg.CannotConnectNowError("the database system is starting up"), Outage.GONE),
        (asyncpg.AdminShutdownError("terminating connection"), Outage.GONE),
        (asyncpg.ReadOnlySQLTransactionError("this is a replica"), Outage.GONE),
        (asyncpg.InvalidCatalogNameError("no such database"), Outage.GONE),
        (asyncpg.PostgresIOError("could not read block"), Outage.GONE),
        (asyncpg.DiskFullError("could not extend file"), Outage.FULL),
        (OSError(errno.ENOSPC, "No space left on device"), Outage.FULL),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), Outage.FULL),
        (asyncpg.TooManyConnectionsError("sorry, too many clients already"), Outage.BUSY),
        (asyncpg.OutOfMemoryError("out of memory"), Outage.BUSY),
        (asyncpg.QueryCanceledError("statement timeout"), Outage.BUSY),
        (asyncpg.LockNotAvailableError("lock timeout"), Outage.BUSY),
        (asyncpg.DeadlockDetectedError("deadlock detected"), Outage.BUSY),
        (TimeoutError(), Outage.BUSY),
        (asyncpg.UniqueViolationError("duplicate key"), None),
        (asyncpg.UndefinedTableError("no such table"), None),
        (asyncpg.InterfaceError("another operation is in progress"), None),
        (FileNotFoundError(errno.ENOENT, "No such file"), None),
        (socket.gaierror(-2, "Name or service not known"), None),
        (LookupError(), None),
    ],
)
def test_an_outage_is_told_from_a_mistake(error: Exception, outage: Outage | None) -> None:
    assert outage_of(error) is outage
