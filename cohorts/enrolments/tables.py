from piccolo.constraints import Check, Unique
from piccolo.table import Table

from cohorts.cohorts.tables import Cohort
from program.columns import day, identity, moment, octets, reference, same_as, words
from program.database import DB
from program.people.tables import Person


class Enrolment(Table, db=DB):
    """A person's membership of a cohort. Keyed by (cohort, id)."""

    id = identity()
    cohort = reference(Cohort)
    person = reference(Person)
    made_at = moment()
    made_by = reference(Person)

    enrolment_once = Unique(["cohort", "person"])


class Spell(Table, db=DB):
    """A stretch of days [from_on, until_on) in which an enrolment was in one state; one spell of each is open."""

    id = identity()
    cohort = reference(Cohort)
    enrolment = same_as()
    state = words()
    from_on = day()
    until_on = day(optional=True)
    since_at = moment()
    by = reference(Person)
    reason = words(optional=True)

    spell_state_known = Check(
        "state IN ('invited', 'declined', 'preparing', 'active', 'paused', 'finished', 'withdrawn', 'suspended')"
    )
    spell_in_order = Check("until_on >= from_on")


class Invitation(Table, db=DB):
    """A person was invited to take up an enrolment; a newer one withdraws it. The link is sealed with the secret."""

    id = identity()
    cohort = reference(Cohort)
    enrolment = same_as()
    nonce = octets()
    invited_at = moment()
    invited_by = reference(Person)
    expires_at = moment()
    answered_at = moment(optional=True)
    answer = words(optional=True)
    withdrawn_at = moment(optional=True)

    invitation_nonce_once = Unique(["nonce"])
    invitation_answer_known = Check("answer IN ('accepted', 'declined')")
    invitation_answer_whole = Check("(answered_at IS NULL) = (answer IS NULL)")
    invitation_ended_once = Check("answered_at IS NULL OR withdrawn_at IS NULL")
