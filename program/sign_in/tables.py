from piccolo.constraints import Check, Unique
from piccolo.table import Table

from program.columns import identity, moment, octets, reference, words
from program.database import DB
from program.people.tables import Person


class Password(Table, db=DB):
    """The argon2id hash of a person's password."""

    id = identity()
    person = reference(Person, unique=True)
    hashed = words()
    set_at = moment()


class SignInLink(Table, db=DB):
    """A link that signs one person in once. The link is sealed with the installation's secret; only its nonce stands here."""

    id = identity()
    person = reference(Person)
    nonce = octets()
    made_at = moment()
    expires_at = moment()
    used_at = moment(optional=True)

    sign_in_link_nonce_once = Unique(["nonce"])


class Session(Table, db=DB):
    """A browser that is signed in. The cookie's value stands here only as its SHA-256 digest."""

    id = identity()
    person = reference(Person)
    digest = octets()
    made_at = moment()
    expires_at = moment()
    ended_at = moment(optional=True)

    session_digest_once = Unique(["digest"])
    session_in_order = Check("expires_at > made_at")


class SignInTry(Table, db=DB):
    """A try to sign in, counted against its address and its source, both kept only as keyed digests."""

    id = identity()
    subject = octets()
    tried_at = moment()
