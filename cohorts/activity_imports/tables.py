from piccolo.constraints import Check, Unique
from piccolo.table import Table

from program.columns import (
    day,
    document,
    identity,
    large,
    moment,
    octets,
    reference,
    same_as,
    whole,
    words,
    yes_or_no,
)
from program.database import DB
from program.people.tables import Person
from program.programs.tables import Program


class ActivityImport(Table, db=DB):
    """A file of what a member did: sent, read, previewed and confirmed or given up. Its bytes are dropped once it is read,
    its rows once it has ended.

    `format` and `handle` are what the file says of itself; `trouble` names why it could not be read; `summary` counts what
    became of its rows.
    """

    id = identity()
    program = reference(Program)
    person = reference(Person)
    state = words()
    file_name = words()
    size = large()
    format = words(optional=True)
    handle = words(optional=True)
    trouble = words(optional=True)
    rows_read = whole()
    summary = document()
    made_at = moment()
    read_at = moment(optional=True)
    confirmed_at = moment(optional=True)
    ended_at = moment(optional=True)

    activity_import_state_known = Check(
        "state IN ('sent', 'read', 'confirmed', 'done', 'unreadable', 'given_up')"
    )
    activity_import_size_positive = Check("size >= 0 AND rows_read >= 0")


class ActivityImportPiece(Table, db=DB):
    """A piece of an uploaded file, in order, until it has been read."""

    id = identity()
    activity_import = reference(ActivityImport)
    number = whole()
    octets = octets()

    activity_import_piece_once = Unique(["activity_import", "number"])


class ActivityImportRow(Table, db=DB):
    """What a line of a file tells of one activity, and what would become of it. Keyed by (activity_import, line).

    `id` is that of the activity it would become. `twin` is the activity that it seems to be another id of, unless it is
    said to be `apart`. `why` names why it is left out; a line that is not understood has its beginning in `text`.
    """

    id = identity()
    activity_import = same_as()
    line = whole()
    part = words(optional=True)
    fate = words()
    why = words(optional=True)
    cohort = same_as(optional=True)
    enrolment = same_as(optional=True)
    twin = same_as(optional=True)
    apart = yes_or_no()
    kind = words(optional=True)
    network = words(optional=True)
    post_id = words(optional=True)
    link = words(optional=True)
    text = words(optional=True)
    done_on = day(optional=True)
    done_at = moment(optional=True)
    month = whole(optional=True)
    impressions = large(optional=True)
    reactions = large(optional=True)
    comments = large(optional=True)
    shares = large(optional=True)
    clicks = large(optional=True)

    activity_import_row_fate_known = Check("fate IN ('new', 'known', 'twin', 'outside', 'not_understood')")


class ColumnMeaning(Table, db=DB):
    """What a person said that a column of their own files means, by its header in small letters; null: nothing of ours."""

    id = identity()
    person = reference(Person)
    header = words()
    meaning = words(optional=True)
    said_at = moment()

    column_meaning_once = Unique(["person", "header"])
