from piccolo.constraints import Check, Unique
from piccolo.table import Table

from cohorts.phases.tables import Phase
from program.columns import day, document, identity, moment, octets, reference, words
from program.database import DB
from program.people.tables import Person
from program.programs.tables import Program


class Gate(Table, db=DB):
    """The end of a phase: shut or ready until it is opened or the program is stopped."""

    id = identity()
    program = reference(Program)
    phase = reference(Phase, unique=True)


class Hold(Table, db=DB):
    """A lead bars a gate from opening until a day; lifted early or not."""

    id = identity()
    gate = reference(Gate)
    until_on = day()
    reason = words()
    held_at = moment()
    held_by = reference(Person)
    lifted_at = moment(optional=True)

    hold_reason_said = Check("reason <> ''")


class Recycle(Table, db=DB):
    """A lead restarts a gate's month count from a day; the newest holds."""

    id = identity()
    gate = reference(Gate)
    from_on = day()
    reason = words()
    recycled_at = moment()
    recycled_by = reference(Person)

    recycle_reason_said = Check("reason <> ''")


class Vote(Table, db=DB):
    """What a gatekeeper wants of a gate; a newer vote of theirs replaces it, so one is current."""

    id = identity()
    gate = reference(Gate)
    person = reference(Person)
    choice = words()
    comment = words(optional=True)
    conditions = document(optional=True)
    cast_at = moment()
    replaced_at = moment(optional=True)

    vote_choice_known = Check("choice IN ('open', 'open_with_conditions', 'override', 'stop', 'keep_shut')")
    vote_override_reasoned = Check("choice <> 'override' OR comment <> ''")
    vote_conditions_told = Check("(choice = 'open_with_conditions') = (conditions IS NOT NULL)")


class Decision(Table, db=DB):
    """What became of a gate, with the evidence as it was, hashed. One for each gate, forever."""

    id = identity()
    gate = reference(Gate, unique=True)
    outcome = words()
    reason = words(optional=True)
    evidence = document()
    evidence_hash = octets()
    decided_at = moment()

    decision_outcome_known = Check("outcome IN ('opened', 'opened_with_conditions', 'overridden', 'stopped')")


class DecisionVote(Table, db=DB):
    """A vote that a decision rests on."""

    id = identity()
    decision = reference(Decision)
    vote = reference(Vote)

    decision_vote_once = Unique(["decision", "vote"])


class Condition(Table, db=DB):
    """What was asked for when a gate was opened with conditions; unmet, it holds the next gate shut."""

    id = identity()
    decision = reference(Decision)
    what = words()
    owner = reference(Person)
    due_on = day()
    met_at = moment(optional=True)
    met_by = reference(Person, optional=True)

    condition_said = Check("what <> ''")
    condition_met_whole = Check("(met_at IS NULL) = (met_by IS NULL)")


class Readiness(Table, db=DB):
    """A gate was found ready, which its gatekeepers were told once; it ends when the gate is found shut again."""

    id = identity()
    gate = reference(Gate)
    found_at = moment()
    ended_at = moment(optional=True)

    readiness_in_order = Check("ended_at >= found_at")
