from piccolo.columns import Text
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from program.columns import identity, reference, whole, words, yes_or_no
from program.database import DB
from program.programs.tables import Program


class Phase(Table, db=DB):
    """One step of a rollout, for whom it is, and what it takes for a month of its cohorts to count.

    `of_cohorts` says whether every cohort of the phase needs its months, or any one.
    """

    id = identity()
    program = reference(Program)
    position = whole()
    name = words()
    audience = words(optional=True)
    capacity = whole(optional=True)
    months_needed = whole()
    months_in_a_row = yes_or_no()
    at_least_eligible = whole()
    took_part_percent = whole()
    pause_days_allowed = whole()
    of_cohorts = Text(null=False, default="every")

    phase_position_once = Unique(["program", "position"])
    phase_name_once = Unique(["program", "name"])
    phase_position_known = Check("position >= 0")
    phase_capacity_positive = Check("capacity > 0")
    phase_months_sensible = Check("months_needed BETWEEN 1 AND 60")
    phase_eligible_sensible = Check("at_least_eligible >= 1")
    phase_percent_sensible = Check("took_part_percent BETWEEN 1 AND 100")
    phase_pause_sensible = Check("pause_days_allowed >= 0")
    phase_of_cohorts_known = Check("of_cohorts IN ('every', 'any')")
