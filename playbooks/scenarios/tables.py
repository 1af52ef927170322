from piccolo.columns import Boolean
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from playbooks.tracks.tables import Module
from program.columns import document, identity, moment, reference, whole
from program.database import DB
from program.people.tables import Person


class ScenarioRun(Table, db=DB):
    """A person's way through a scenario: the choices made, in order, and whether its end was a good one."""

    id = identity()
    module = reference(Module)
    person = reference(Person)
    number = whole()
    choices = document()
    begun_at = moment()
    ended_at = moment(optional=True)
    held = Boolean(null=True, default=None)

    scenario_run_number_once = Unique(["module", "person", "number"])
    scenario_run_ended_whole = Check("(ended_at IS NULL) = (held IS NULL)")
