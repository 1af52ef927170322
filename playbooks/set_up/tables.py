from piccolo.constraints import Check, Unique
from piccolo.table import Table

from program.columns import identity, moment, reference, words
from program.database import DB
from program.people.tables import Person
from program.programs.tables import Program


class SetUpStep(Table, db=DB):
    """A step of a program's guided set-up was gone through; the set-up can be left and taken up again."""

    id = identity()
    program = reference(Program)
    step = words()
    done_at = moment()
    done_by = reference(Person)

    set_up_step_once = Unique(["program", "step"])
    set_up_step_known = Check(
        "step IN ('purpose', 'sponsor', 'playbook', 'rollout', 'people', 'pilot', 'invitations')"
    )
