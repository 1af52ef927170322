from piccolo.columns import Boolean
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from playbooks.tracks.tables import Module
from program.columns import document, identity, moment, reference, whole
from program.database import DB
from program.people.tables import Person


class Attempt(Table, db=DB):
    """A person's try at an assessment, with its questions as they were asked."""

    id = identity()
    module = reference(Module)
    person = reference(Person)
    number = whole()
    questions = document()
    answers = document(optional=True)
    right_answers = whole(optional=True)
    passed = Boolean(null=True, default=None)
    begun_at = moment()
    handed_in_at = moment(optional=True)

    attempt_number_once = Unique(["module", "person", "number"])
    attempt_handed_in_whole = Check(
        "(handed_in_at IS NULL) = (answers IS NULL) AND (handed_in_at IS NULL) = (right_answers IS NULL)"
        " AND (handed_in_at IS NULL) = (passed IS NULL)"
    )
