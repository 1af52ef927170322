"""What hinders a connection to a database, in words that help."""

import asyncpg

CONNECTS_WITHIN_SECONDS = 5.0

_HINDRANCES: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    (
        (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError),
        "it does not accept the user or the password of DATABASE_URL. Mend them there, or in pg_hba.conf.",
    ),
    (
        (asyncpg.InvalidCatalogNameError,),
        "its server has no database of that name. Make it (createdb), or let “pilotage migrate” do so.",
    ),
    (
        (asyncpg.TooManyConnectionsError,),
        "all its connections are taken. Raise max_connections, or close what holds them.",
    ),
    ((asyncpg.CannotConnectNowError,), "it is just starting or stopping. Try again in a moment."),
    (
        (TimeoutError,),
        "it does not answer. Is the address in DATABASE_URL right, and does a firewall stand between?",
    ),
    (
        (ConnectionRefusedError, FileNotFoundError),
        "nothing listens there. Is its server up, and DATABASE_URL right?",
    ),
)


def what_hinders(error: BaseException) -> str:
    """Why PostgreSQL did not let us in, and what to do about it."""
    known = (words for kinds, words in _HINDRANCES if isinstance(error, kinds))
    return next(known, f"{error or type(error).__name__}")
