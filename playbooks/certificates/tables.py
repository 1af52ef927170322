from piccolo.constraints import Check
from piccolo.table import Table

from cohorts.cohorts.tables import Cohort
from playbooks.assessments.tables import Attempt
from playbooks.editions.tables import Edition
from playbooks.tracks.tables import Track
from program.columns import day, identity, moment, reference, same_as, words, yes_or_no
from program.database import DB
from program.people.tables import Person
from program.programs.tables import Program


class Certificate(Table, db=DB):
    """Proof that a person passed a track. `token` is its public address, shown while the person allows it."""

    id = identity()
    token = words(unique=True)
    program = reference(Program)
    person = reference(Person)
    track = reference(Track)
    edition = reference(Edition)
    cohort = reference(Cohort)
    enrolment = same_as()
    attempt = reference(Attempt, unique=True)
    issued_on = day()
    valid_until_on = day()
    issued_at = moment()
    public = yes_or_no()

    certificate_in_order = Check("valid_until_on > issued_on")


class Revocation(Table, db=DB):
    """A certificate was taken back, with the reason."""

    id = identity()
    certificate = reference(Certificate, unique=True)
    reason = words()
    revoked_at = moment()
    revoked_by = reference(Person)

    revocation_reason_said = Check("reason <> ''")
