from piccolo.constraints import Check, Unique
from piccolo.table import Table

from cohorts.cohorts.tables import Cohort
from program.columns import day, identity, large, moment, reference, several_words, whole, words
from program.database import DB
from program.programs.tables import Program


class Reading(Table, db=DB):
    """A measure of a cohort over the days [from_on, until_on). Keyed by (cohort, id)."""

    id = identity()
    cohort = reference(Cohort)
    measure = words()
    span = words()
    from_on = day()
    until_on = day()
    numerator = large()
    denominator = large()
    people = whole()
    taken_at = moment()

    reading_once = Unique(["cohort", "measure", "span", "from_on"])
    reading_span_known = Check("span IN ('month', 'day', 'trailing')")
    reading_in_order = Check("until_on > from_on")
    reading_not_negative = Check("denominator >= 0 AND people >= 0")


class ProgramReading(Table, db=DB):
    """A measure of a whole program as it stood at the end of a day, such as the topics its playbook covers.

    `lacking` names what keeps it from its full measure, such as the topics without an entry.
    """

    id = identity()
    program = reference(Program)
    measure = words()
    read_on = day()
    numerator = large()
    denominator = large()
    people = whole()
    lacking = several_words()
    taken_at = moment()

    program_reading_once = Unique(["program", "measure", "read_on"])
    program_reading_not_negative = Check("denominator >= 0 AND people >= 0")
