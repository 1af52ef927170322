from piccolo.constraints import Check, Unique
from piccolo.table import Table

from program.columns import day, identity, moment, reference, same_as, words
from program.database import DB
from program.people.tables import Person


class Reminder(Table, db=DB):
    """Somebody was reminded of what is due. Of one thing, of one kind, for one due day, somebody is reminded once."""

    id = identity()
    kind = words()
    subject = same_as()
    person = reference(Person)
    due_on = day()
    reminded_at = moment()

    reminder_once = Unique(["kind", "subject", "person", "due_on"])
    reminder_kind_known = Check(
        "kind IN ('certificate_due', 'certificate_lapsed', 'condition_due', 'checklist_due', 'entries_due')"
    )
