from typing import Any

from piccolo.columns import UUID, Array, ForeignKey, LazyTableReference, Text
from piccolo.columns.base import OnDelete
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from program.columns import document, identity, moment, reference, several_words, whole, words
from program.database import DB


class Person(Table, db=DB):
    """Someone in the company. One row for all programs; who sees it follows from `Listing`.

    `networks_said_by` is who stated where they are active, themselves or their manager; null where a file did.
    """

    id = identity()
    email = words(unique=True)
    external_id = words(optional=True, unique=True)
    name = words()
    job_title = words(optional=True)
    job_function = words(optional=True)
    department = words(optional=True)
    level = whole(optional=True)
    region = words(optional=True)
    locale = Text(null=False, default="en")
    theme = Text(null=False, default="system")
    manager: ForeignKey[Any] = ForeignKey(
        LazyTableReference("Person", module_path=__name__),
        null=True,
        default=None,
        on_delete=OnDelete.set_null,
    )
    networks = several_words(optional=True)
    how_often = words(optional=True)
    networks_said_by: ForeignKey[Any] = ForeignKey(
        LazyTableReference("Person", module_path=__name__),
        null=True,
        default=None,
        on_delete=OnDelete.set_null,
    )
    letters_unwanted = Array(Text(null=False, default=None), null=False, default=[])
    made_at = moment()

    person_email_lower = Check("email = lower(email) AND email LIKE '%_@_%'")
    person_level_known = Check("level BETWEEN 1 AND 7")
    person_theme_known = Check("theme IN ('system', 'light', 'dark')")
    person_how_often_known = Check("how_often IN ('never', 'monthly', 'weekly', 'daily')")
    person_name_said = Check("name <> ''")


class Owner(Table, db=DB):
    """A person who sets up programs, sign-in and integrations of this installation."""

    id = identity()
    person = reference(Person, unique=True)
    since_at = moment()


class Departure(Table, db=DB):
    """A person left the company: they can no longer sign in, until they return."""

    id = identity()
    person = reference(Person)
    departed_at = moment()
    by = reference(Person)
    returned_at = moment(optional=True)

    departure_in_order = Check("returned_at >= departed_at")


class PeopleImport(Table, db=DB):
    """A file of people that is being previewed, or was taken in. Its rows are dropped once it is confirmed."""

    id = identity()
    program = UUID(null=False, default=None)
    by = reference(Person)
    file_name = words()
    summary = document()
    made_at = moment()
    confirmed_at = moment(optional=True)


class PeopleImportRow(Table, db=DB):
    """A line of a previewed file: what it says, and what would become of it. A leaver, who is in no line, has a row too."""

    id = identity()
    people_import = reference(PeopleImport)
    line = whole(optional=True)
    fate = words()
    known = reference(Person, optional=True)
    said = document(optional=True)
    findings = document(optional=True)

    people_import_row_fate_known = Check(
        "fate IN ('new', 'joining', 'changed', 'unchanged', 'refused', 'leaver')"
    )
    people_import_row_placed = Check("(fate = 'leaver') = (line IS NULL)")
    people_import_row_once = Unique(["people_import", "fate", "line"])
