from piccolo.constraints import Check, Unique
from piccolo.table import Table

from playbooks.entries.tables import Entry
from program.columns import document, identity, moment, reference, whole, words, yes_or_no
from program.database import DB
from program.people.tables import Person
from program.programs.tables import Program


class Edition(Table, db=DB):
    """A numbered, published playbook; frozen. Edition 0 is the starting set."""

    id = identity()
    program = reference(Program)
    number = whole()
    what_changed = words()
    published_at = moment()
    published_by = reference(Person)

    edition_number_once = Unique(["program", "number"])
    edition_number_known = Check("number >= 0")


class EditionEntry(Table, db=DB):
    """An entry as an edition published it. `material` says that it is new or changed in what it asks of people."""

    id = identity()
    edition = reference(Edition)
    entry = reference(Entry)
    position = whole()
    chapter = words()
    kind = words()
    topic = words()
    title = words()
    body = words()
    question = document(optional=True)
    scenario = document(optional=True)
    revision = whole()
    material = yes_or_no()

    edition_entry_once = Unique(["edition", "entry"])
    edition_entry_position_once = Unique(["edition", "position"])


class EditionSeen(Table, db=DB):
    """A person opened an edition for the first time; what is new since then is theirs to read."""

    id = identity()
    edition = reference(Edition)
    person = reference(Person)
    seen_at = moment()

    edition_seen_once = Unique(["edition", "person"])
