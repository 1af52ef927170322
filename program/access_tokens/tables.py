from piccolo.constraints import Check, Unique
from piccolo.table import Table

from program.columns import identity, moment, octets, reference, several_words, whole, words
from program.database import DB
from program.people.tables import Person


class AccessToken(Table, db=DB):
    """What lets a program of a person's own call the API as them, within its scopes. It is shown once, when it is made;
    here stands only its SHA-256 digest.
    """

    id = identity()
    person = reference(Person)
    name = words()
    digest = octets()
    scopes = several_words()
    made_at = moment()
    expires_at = moment()
    revoked_at = moment(optional=True)
    revoked_by = reference(Person, optional=True)

    access_token_digest_once = Unique(["digest"])
    access_token_in_order = Check("expires_at > made_at")
    access_token_may_something = Check("cardinality(scopes) > 0")
    access_token_revoked_by_somebody = Check("(revoked_at IS NULL) = (revoked_by IS NULL)")


class AccessTokenUse(Table, db=DB):
    """How much a token was used in the stretch of time that limits count: `calls` counts one that writes as several.
    `used_at` is the last time of all.

    Kept without the log that survives a crash: what it says may be lost, and is then counted anew.
    """

    id = identity()
    token = reference(AccessToken, unique=True)
    counted_from = moment()
    calls = whole()
    used_at = moment()
