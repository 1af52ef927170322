from piccolo.table import Table

from program.columns import identity, moment, octets, reference, same_as
from program.database import DB
from program.people.tables import Person


class FormKey(Table, db=DB):
    """A form that was sent: its key, the digest of what it said, and the id of what came of it."""

    id = identity()
    person = reference(Person)
    digest = octets()
    result = same_as()
    kept_at = moment()
