from piccolo.constraints import Unique
from piccolo.table import Table

from cohorts.cohorts.tables import Cohort
from program.columns import identity, moment, reference
from program.database import DB
from program.people.tables import Person


class Choice(Table, db=DB):
    """A lead has a person in mind for a cohort, who knows nothing of it yet; gone once they are invited."""

    id = identity()
    cohort = reference(Cohort)
    person = reference(Person)
    chosen_at = moment()
    chosen_by = reference(Person)

    choice_once = Unique(["cohort", "person"])
