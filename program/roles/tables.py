from piccolo.constraints import Check
from piccolo.table import Table

from program.columns import identity, moment, reference, words
from program.database import DB
from program.people.tables import Person
from program.programs.tables import Program


class RoleGrant(Table, db=DB):
    """A person holds a role in a program from `granted_at` until `revoked_at`; at most one grant of it is current."""

    id = identity()
    program = reference(Program)
    person = reference(Person)
    role = words()
    granted_at = moment()
    granted_by = reference(Person)
    revoked_at = moment(optional=True)
    revoked_by = reference(Person, optional=True)

    role_grant_role_known = Check("role IN ('lead', 'sponsor', 'reviewer')")
    role_grant_revoked_whole = Check("(revoked_at IS NULL) = (revoked_by IS NULL)")
