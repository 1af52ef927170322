"""What keeps us from working for a while, through nobody's mistake: told from the errors that the database and the machine give."""

import errno
from enum import StrEnum

import asyncpg


class Outage(StrEnum):
    """`GONE`: the database cannot be reached. `FULL`: there is no room to write. `BUSY`: too much goes on at once."""

    GONE = "gone"
    FULL = "full"
    BUSY = "busy"


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_BUSY = (
    TimeoutError,
    asyncpg.InsufficientResourcesError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.TransactionRollbackError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)
_GONE = (
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
)


def outage_of(error: BaseException) -> Outage | None:
    """Which outage an error tells of; None where it is a mistake of ours."""
    if isinstance(error, asyncpg.DiskFullError) or (isinstance(error, OSError) and error.errno in _NO_ROOM):
        return Outage.FULL
    if isinstance(error, _BUSY):
        return Outage.BUSY
    if isinstance(error, _GONE):
        return Outage.GONE
    return None
