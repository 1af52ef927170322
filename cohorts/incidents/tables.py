from piccolo.constraints import Check
from piccolo.table import Table

from program.columns import identity, moment, reference, words
from program.database import DB
from program.people.tables import Person
from program.programs.tables import Program


class Incident(Table, db=DB):
    """Misuse, or a post gone wrong. Private to reviewers; a lead sees that one is open, and how grave."""

    id = identity()
    program = reference(Program)
    gravity = words()
    what_happened = words()
    about = reference(Person, optional=True)
    reported_by = reference(Person)
    reported_at = moment()
    closed_at = moment(optional=True)
    closed_by = reference(Person, optional=True)
    learned = words(optional=True)

    incident_gravity_known = Check("gravity IN ('minor', 'major', 'grave')")
    incident_said = Check("what_happened <> ''")
    incident_closed_whole = Check(
        "(closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (learned IS NULL) AND learned <> ''"
    )
