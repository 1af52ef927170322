from piccolo.constraints import Check, Unique
from piccolo.table import Table

from cohorts.phases.tables import Phase
from program.columns import day, identity, moment, reference, words
from program.database import DB
from program.people.tables import Person
from program.programs.tables import Program


class Cohort(Table, db=DB):
    """People going through a phase together. From its tracking start on, zone and start never change."""

    id = identity()
    program = reference(Program)
    phase = reference(Phase)
    name = words()
    state = words()
    zone = words()
    tracking_start_on = day(optional=True)
    made_at = moment()
    made_by = reference(Person)

    cohort_name_once = Unique(["program", "name"])
    cohort_state_known = Check("state IN ('forming', 'preparing', 'running', 'finished', 'stopped')")
    cohort_start_known = Check(
        "(state IN ('forming', 'preparing') AND tracking_start_on IS NULL)"
        " OR (state IN ('running', 'finished') AND tracking_start_on IS NOT NULL) OR state = 'stopped'"
    )


class CohortPause(Table, db=DB):
    """A running cohort paused from a day until another; open-ended while `until_on` is null."""

    id = identity()
    cohort = reference(Cohort)
    from_on = day()
    until_on = day(optional=True)
    reason = words()
    paused_by = reference(Person)

    cohort_pause_in_order = Check("until_on >= from_on")
    cohort_pause_reason_said = Check("reason <> ''")


class CohortLeftOut(Table, db=DB):
    """A lead leaves a cohort out when the phase's gate is judged, with a reason, until it is taken back."""

    id = identity()
    cohort = reference(Cohort)
    reason = words()
    left_out_at = moment()
    left_out_by = reference(Person)
    taken_back_at = moment(optional=True)

    cohort_left_out_reason_said = Check("reason <> ''")


class Coaching(Table, db=DB):
    """A person coaches a cohort until the appointment ends."""

    id = identity()
    cohort = reference(Cohort)
    person = reference(Person)
    appointed_at = moment()
    appointed_by = reference(Person)
    ended_at = moment(optional=True)
