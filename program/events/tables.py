from piccolo.constraints import Check, Unique
from piccolo.table import Table

from program.columns import document, identity, large, moment, octets, reference, same_as, whole, words
from program.database import DB
from program.people.tables import Person
from program.programs.tables import Program


class Chain(Table, db=DB):
    """The head of a chain of events: a program's, under the program's id, or the installation's, under the nil id."""

    id = identity()
    number = large()
    hash = octets()


class Event(Table, db=DB):
    """Who did what to what, when. Hashed over everything here but `id`; people stand in it as ids, never as names."""

    id = identity()
    chain = reference(Chain)
    number = large()
    program = reference(Program, optional=True)
    name = words()
    by = reference(Person, optional=True)
    about = reference(Person, optional=True)
    subject = same_as(optional=True)
    facts = document()
    at = moment()
    hash_before = octets()
    hash = octets()

    event_number_once = Unique(["chain", "number"])
    event_number_positive = Check("number > 0")


class Delivery(Table, db=DB):
    """What must follow from an event: one letter to one person. Sent once, under one Message-ID."""

    id = identity()
    event = reference(Event)
    recipient = reference(Person)
    letter = words()
    facts = document()
    due_at = moment()
    tries = whole()
    done_at = moment(optional=True)
    given_up_at = moment(optional=True)
    trouble = words(optional=True)

    delivery_ended_once = Check("done_at IS NULL OR given_up_at IS NULL")
