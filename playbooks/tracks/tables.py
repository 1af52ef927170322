from piccolo.constraints import Check, Unique
from piccolo.table import Table

from cohorts.gates.tables import Gate
from cohorts.phases.tables import Phase
from playbooks.editions.tables import Edition, EditionEntry
from program.columns import identity, moment, reference, several_words, whole, words, yes_or_no
from program.database import DB
from program.people.tables import Person
from program.programs.tables import Program


class Track(Table, db=DB):
    """An ordered list of modules for an audience, built from an edition; it opens with a gate, if it names one.

    `edition` is null until the first edition it can be built from is published. Null lists and levels ask for nobody in
    particular. `chapters` are those of the playbook that it teaches, its own one first, null for all of them; `grants` is
    the clearance that its certificate gives.
    """

    id = identity()
    program = reference(Program)
    name = words()
    purpose = words()
    edition = reference(Edition, optional=True)
    opens_with = reference(Gate, optional=True)
    job_functions = several_words(optional=True)
    regions = several_words(optional=True)
    level_from = whole(optional=True)
    level_to = whole(optional=True)
    chapters = several_words(optional=True)
    grants = words()
    pass_percent = whole()
    attempts_allowed = whole()
    wait_hours = whole()
    valid_months = whole()
    questions_asked = whole()
    made_at = moment()

    track_name_once = Unique(["program", "name"])
    track_grants_known = Check("grants IN ('share', 'speak', 'respond_in_a_crisis')")
    track_pass_sensible = Check("pass_percent BETWEEN 1 AND 100")
    track_attempts_sensible = Check("attempts_allowed >= 1 AND wait_hours >= 0")
    track_valid_sensible = Check("valid_months >= 1 AND questions_asked >= 1")


class TrackPhase(Table, db=DB):
    """A phase is in a track's audience; where `required`, passing it makes an enrolment of the phase active."""

    id = identity()
    track = reference(Track)
    phase = reference(Phase)
    required = yes_or_no()

    track_phase_once = Unique(["track", "phase"])


class Prerequisite(Table, db=DB):
    """A track that has to be passed before another."""

    id = identity()
    track = reference(Track)
    needs = reference(Track)

    prerequisite_once = Unique(["track", "needs"])
    prerequisite_other = Check("track <> needs")


class Module(Table, db=DB):
    """A step of a track: a reading of some entries of its edition, a scenario, or the assessment that ends it."""

    id = identity()
    track = reference(Track)
    edition = reference(Edition)
    position = whole()
    kind = words()
    title = words()

    module_position_once = Unique(["track", "edition", "position"])
    module_kind_told = Check("kind IN ('reading', 'scenario', 'assessment')")


class ModuleEntry(Table, db=DB):
    """An entry that a reading consists of, in order; of a scenario, the one entry that it plays."""

    id = identity()
    module = reference(Module)
    edition_entry = reference(EditionEntry)
    position = whole()

    module_entry_once = Unique(["module", "edition_entry"])


class Beginning(Table, db=DB):
    """A person began a track, on the edition it was built from then; it never locks for them again."""

    id = identity()
    track = reference(Track)
    person = reference(Person)
    edition = reference(Edition)
    begun_at = moment()

    beginning_once = Unique(["track", "person"])


class Completion(Table, db=DB):
    """A person finished a reading, or brought a scenario to a good end."""

    id = identity()
    module = reference(Module)
    person = reference(Person)
    done_at = moment()

    completion_once = Unique(["module", "person"])
