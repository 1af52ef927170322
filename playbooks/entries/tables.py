from piccolo.columns import Integer
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from program.columns import day, document, identity, moment, reference, whole, words
from program.database import DB
from program.people.tables import Person
from program.programs.tables import Program


class Entry(Table, db=DB):
    """A do, don't, guidance or scenario of the playbook's draft. `revision` counts its changes from 1.

    `scenario` is the branching conversation of an entry of that kind; `verifier` looks after it.
    """

    id = identity()
    program = reference(Program)
    chapter = words()
    position = whole()
    kind = words()
    topic = words()
    title = words()
    body = words()
    question = document(optional=True)
    scenario = document(optional=True)
    revision = whole()
    verify_every_days = Integer(null=False, default=180)
    verified_on = day()
    verifier = reference(Person, optional=True)
    made_at = moment()
    withdrawn_at = moment(optional=True)

    entry_kind_known = Check("kind IN ('do', 'dont', 'guidance', 'scenario')")
    entry_said = Check("chapter <> '' AND title <> '' AND body <> '' AND topic <> ''")
    entry_interval_sensible = Check("verify_every_days > 0")


class Revision(Table, db=DB):
    """An entry as it stood after a change, and whose change it was."""

    id = identity()
    entry = reference(Entry)
    number = whole()
    chapter = words()
    kind = words()
    topic = words()
    title = words()
    body = words()
    question = document(optional=True)
    scenario = document(optional=True)
    made_at = moment()
    made_by = reference(Person)

    revision_once = Unique(["entry", "number"])


class Verification(Table, db=DB):
    """Somebody read an entry again and found that it still holds."""

    id = identity()
    entry = reference(Entry)
    revision = whole()
    verified_on = day()
    verified_at = moment()
    verified_by = reference(Person)
