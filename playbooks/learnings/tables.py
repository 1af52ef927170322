from piccolo.constraints import Check, Unique
from piccolo.table import Table

from cohorts.cohorts.tables import Cohort
from playbooks.entries.tables import Entry
from program.columns import identity, moment, reference, same_as, several_words, words, yes_or_no
from program.database import DB
from program.people.tables import Person
from program.programs.tables import Program


class Learning(Table, db=DB):
    """What a member learned in public. A draft is its author's alone."""

    id = identity()
    program = reference(Program)
    cohort = reference(Cohort)
    enrolment = same_as()
    author = reference(Person)
    state = words()
    kind = words()
    topic = words()
    lesson = words()
    situation = words(optional=True)
    conversation = words(optional=True)
    what_i_did = words(optional=True)
    resources = words(optional=True)
    outcome = words(optional=True)
    channel = words(optional=True)
    faced = several_words()
    named = yes_or_no()
    made_at = moment()
    submitted_at = moment(optional=True)

    learning_state_known = Check("state IN ('draft', 'submitted', 'accepted', 'returned', 'declined')")
    learning_kind_known = Check("kind IN ('do', 'dont', 'question')")
    learning_lesson_said = Check("lesson <> ''")
    learning_submitted_whole = Check("state = 'draft' OR submitted_at IS NOT NULL")
    learning_faced_known = Check("faced <@ ARRAY['critic', 'advocate', 'customer', 'press', 'colleague']")


class Review(Table, db=DB):
    """What a lead made of a submitted learning: returned with a note, declined with a reason, or accepted into an entry."""

    id = identity()
    learning = reference(Learning)
    outcome = words()
    note = words(optional=True)
    entry = reference(Entry, optional=True)
    reviewed_at = moment()
    reviewed_by = reference(Person)

    review_outcome_known = Check("outcome IN ('accepted', 'returned', 'declined')")
    review_accepted_whole = Check("(outcome = 'accepted') = (entry IS NOT NULL)")
    review_note_said = Check("outcome = 'accepted' OR note <> ''")


class EntryLearning(Table, db=DB):
    """A learning stands behind an entry."""

    id = identity()
    entry = reference(Entry)
    learning = reference(Learning, unique=True)
    linked_at = moment()

    entry_learning_once = Unique(["entry", "learning"])
