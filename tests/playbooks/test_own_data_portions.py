"""No table with a person in it is forgotten: it is in their data, or left out with a reason that they are told."""

from typing import Any

import pytest
from piccolo.columns import ForeignKey
from piccolo.table import Table

from cohorts.piccolo_app import APP_CONFIG as COHORTS
from playbooks.own_data.portions import DONE_BY, LEFT_OUT, PORTIONS
from playbooks.piccolo_app import APP_CONFIG as PLAYBOOKS
from program.people.tables import Person
from program.piccolo_app import APP_CONFIG as PROGRAM

TABLES: dict[str, type[Table]] = {
    table._meta.tablename: table for app in (PROGRAM, COHORTS, PLAYBOOKS) for table in app.table_classes
}
IN_THEIR_DATA = {portion.name: portion for portion in PORTIONS}
LEADS_TO_SOMEBODY = {
    *IN_THEIR_DATA,
    *(portion.under[0] for portion in PORTIONS if portion.under is not None),
} - {"criterion", "entry"}


def people_in(table: type[Table]) -> set[str]:
    return {
        column._meta.name
        for column in table._meta.columns
        if isinstance(column, ForeignKey) and column._foreign_key_meta.resolved_references is Person
    }


def columns_of(table: type[Table]) -> set[str]:
    return {column._meta.name for column in table._meta.columns}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_column_that_names_a_person_is_accounted_for(name: str) -> None:
    """What it takes when this fails: a portion, a reason to leave it out, or the note that it names who did something."""
    if name in LEFT_OUT:
        return
    own = set(IN_THEIR_DATA[name].by) if name in IN_THEIR_DATA else set()
    assert people_in(TABLES[name]) == (own - {"id"}) | set(DONE_BY.get(name, ()))


@pytest.mark.parametrize("name", sorted(set(TABLES) - set(IN_THEIR_DATA) - set(LEFT_OUT)))
def test_a_table_that_is_about_nobody_does_not_belong_to_somebodys_row(name: str) -> None:
    assert not columns_of(TABLES[name]) & LEADS_TO_SOMEBODY - people_in(TABLES[name])


def test_nothing_is_both_in_their_data_and_left_out_and_all_of_it_exists() -> None:
    assert not set(IN_THEIR_DATA) & set(LEFT_OUT)
    assert {*IN_THEIR_DATA, *LEFT_OUT, *DONE_BY} <= set(TABLES)
    assert len(IN_THEIR_DATA) == len(PORTIONS)


@pytest.mark.parametrize("portion", PORTIONS, ids=lambda portion: portion.name)
def test_a_portion_hides_only_columns_that_there_are_and_never_a_secret_forgotten(portion: Any) -> None:
    assert set(portion.hidden) <= columns_of(portion.table) | {"searched"}
    assert not {"nonce", "hashed", "digest", "hash", "hash_before", "octets"} & set(portion.columns)
