from piccolo.constraints import Check, Unique
from piccolo.table import Table

from program.columns import identity, moment, reference, words
from program.database import DB
from program.people.tables import Person


class Program(Table, db=DB):
    """One ambassador program. `slug` is its name in addresses; `zone` decides what a day is."""

    id = identity()
    slug = words(unique=True)
    name = words()
    purpose = words()
    zone = words()
    made_at = moment()
    made_by = reference(Person)

    program_slug_formed = Check("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'")
    program_name_said = Check("name <> ''")


class Listing(Table, db=DB):
    """A person belongs to a program's people: its leads see them and may invite them."""

    id = identity()
    program = reference(Program)
    person = reference(Person)
    listed_at = moment()
    listed_by = reference(Person)

    listing_once = Unique(["program", "person"])


class PastListing(Table, db=DB):
    """A person belonged to a program's people until `ended_at`; the listing itself is gone, so nobody else need ask."""

    id = identity()
    program = reference(Program)
    person = reference(Person)
    listed_at = moment()
    listed_by = reference(Person)
    ended_at = moment()
    ended_by = reference(Person)

    past_listing_in_order = Check("ended_at >= listed_at")
