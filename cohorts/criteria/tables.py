from piccolo.columns import Numeric
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from cohorts.gates.tables import Gate
from program.columns import day, document, identity, moment, reference, whole, words, yes_or_no
from program.database import DB
from program.people.tables import Person


class Criterion(Table, db=DB):
    """What a gate asks: tracked months, a measure against a target, or a checklist item. Shares are targets of 0 to 1."""

    id = identity()
    gate = reference(Gate)
    position = whole()
    kind = words()
    required = yes_or_no()
    measure = words(optional=True)
    comparison = words(optional=True)
    target = Numeric(null=True, default=None)
    over_months = whole(optional=True)
    item = words(optional=True)
    owner = reference(Person, optional=True)
    due_on = day(optional=True)
    removed_at = moment(optional=True)

    criterion_position_once = Unique(["gate", "position"])
    criterion_kind_known = Check("kind IN ('months', 'measure', 'checklist')")
    criterion_measure_whole = Check(
        "(kind = 'measure') = (measure IS NOT NULL AND comparison IS NOT NULL AND target IS NOT NULL)"
    )
    criterion_comparison_known = Check("comparison IN ('at_least', 'at_most')")
    criterion_item_whole = Check("(kind = 'checklist') = (item IS NOT NULL AND item <> '')")
    criterion_over_positive = Check("over_months > 0")


class GateChange(Table, db=DB):
    """A lead changed what a gate asks: a criterion, or (null) how its phase counts months. Null `before`: added; null
    `after`: removed. A change after tracking began has a reason.
    """

    id = identity()
    gate = reference(Gate)
    criterion = reference(Criterion, optional=True)
    before = document(optional=True)
    after = document(optional=True)
    reason = words(optional=True)
    changed_at = moment()
    changed_by = reference(Person)

    gate_change_said = Check("before IS NOT NULL OR after IS NOT NULL")
    gate_change_reason_said = Check("reason <> ''")


class Tick(Table, db=DB):
    """A checklist item was done, until it is taken back."""

    id = identity()
    criterion = reference(Criterion)
    done_at = moment()
    done_by = reference(Person)
    taken_back_at = moment(optional=True)
