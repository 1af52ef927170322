"""An export holds every row about the person and no other, and opens safely wherever it is opened."""

import csv
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any
from uuid import UUID

import pytest

from playbooks.own_data import exports
from playbooks.own_data.exports import csv_export, json_export
from playbooks.own_data.portions import LEFT_OUT, PORTIONS, Portion
from playbooks.own_data.rules import BEGINS_A_FORMULA
from playbooks.own_data.words import why_left_out
from program.database import execute, fetch, fetch_value
from program.settings import Settings
from tests.cast import NOON, a_listed_person, a_program, an_owner
from tests.world import World, make_world

AT = datetime(2027, 2, 15, 12, 30, tzinfo=UTC)
PEOPLE = (
    "Paula Pilot",
    "Mona Member",
    "Anna Ambassador",
    "Lisa Listed",
    "Lena Lead",
    "Sam Sponsor",
    "Rudi Reviewer",
    "Cora Coach",
    "Ina Invited",
)
# Of which rows of a table the program is, where it says so itself; what belongs to the company is in every export.
IN_THE_PROGRAM = {
    "program": "t.program = $2",
    "cohort": "t.cohort IN (SELECT id FROM cohort WHERE program = $2)",
    "gate": "t.gate IN (SELECT id FROM gate WHERE program = $2)",
}


async def whole(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def as_json(person: UUID, program: UUID) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(await whole(json_export(person, program, name="Voices", at=AT)))
    return told


async def as_tables(person: UUID, program: UUID) -> dict[str, list[dict[str, str]]]:
    """The CSV files of the ZIP, read as a spreadsheet would."""
    with zipfile.ZipFile(BytesIO(await whole(csv_export(person, program, name="Voices", at=AT)))) as archive:
        assert archive.testzip() is None
        texts = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    assert all(why_left_out(table) in texts["read-me.txt"] for table in LEFT_OUT)
    tables = {name.removesuffix(".csv"): text for name, text in texts.items() if name.endswith(".csv")}
    assert all(text.startswith("\ufeff") for text in tables.values())
    return {name: list(csv.DictReader(StringIO(text[1:], newline=""))) for name, text in tables.items()}


async def rows_about(portion: Portion, person: UUID, program: UUID) -> set[str]:
    """The ids of the rows that name the person, found without the sentence that the export is made with."""
    rows: set[str] = set()
    scope = next(
        (sql for column, sql in IN_THE_PROGRAM.items() if column in portion.columns), "$2::uuid IS NOT NULL"
    )
    if portion.company:
        scope = f"({scope} OR t.program IS NULL)"
    for column in portion.by:
        found = await fetch(
            f'SELECT t.id FROM {portion.name} t WHERE t."{column}" = $1 AND {scope}', person, program
        )
        rows |= {str(row["id"]) for row in found}
    if portion.under is not None:
        column, above = portion.under
        parents = [UUID(id) for id in await rows_about(above, person, program)]
        found = await fetch(f'SELECT t.id FROM {portion.name} t WHERE t."{column}" = ANY($1)', parents)
        rows |= {str(row["id"]) for row in found}
    return rows


async def test_the_export_holds_every_row_about_each_person_and_no_other(settings: Settings) -> None:
    world = await make_world(settings.secret)
    hidden = await _hidden_events(world)
    filled = set()
    for name in PEOPLE:
        person = await fetch_value("SELECT id FROM person WHERE name = $1", name)
        told = await as_json(person, world.program)
        tables = await as_tables(person, world.program)
        assert set(tables) == {portion.name for portion in PORTIONS}
        for portion in PORTIONS:
            wanted = await rows_about(portion, person, world.program)
            if portion.name == "event" and name != "Rudi Reviewer":
                wanted -= hidden - {row["id"] for row in told["event"] if row["by"] == str(person)}
            rows = told[portion.name]
            assert {row["id"] for row in rows} == wanted, (name, portion.name)
            assert [row["id"] for row in rows] == [row["id"] for row in tables[portion.name]]
            assert all(set(row) == set(portion.heads) for row in (*rows, *tables[portion.name]))
            filled |= {portion.name} if rows else set()
    assert {"activity", "observation", "learning", "review", "attempt", "certificate", "vote"} <= filled


async def _hidden_events(world: World) -> set[str]:
    rows = await fetch(
        "SELECT id FROM event WHERE program = $1 AND name IN ('incident_reported', 'incident_closed')",
        world.program,
    )
    return {str(row["id"]) for row in rows}


async def test_no_secret_and_nobody_else_is_in_an_export(settings: Settings) -> None:
    world = await make_world(settings.secret)
    person = await fetch_value("SELECT id FROM person WHERE name = 'Paula Pilot'")
    text = (await whole(json_export(person, world.program, name="Voices", at=AT))).decode()
    for secret in (
        "SELECT encode(nonce, 'hex') FROM invitation",
        "SELECT encode(digest, 'hex') FROM session",
    ):
        assert not [row[0] for row in await fetch(secret) if row[0] in text]
    others = await fetch("SELECT name, email FROM person WHERE id <> $1", person)
    assert not [row["name"] for row in others if row["name"] in text or row["email"] in text]
    assert json.loads(text)["left_out"] == {table: why_left_out(table) for table in LEFT_OUT}


@pytest.mark.usefixtures("database")
async def test_what_people_wrote_is_never_taken_for_a_formula_and_comes_out_as_it_was() -> None:
    lead = await an_owner()
    program = await a_program(lead)
    title = '=HYPERLINK("http://x.example";"a, b")\r\nand "more"; ✓'
    ada = await a_listed_person(
        program, lead, "@Ada", job_title=title, department="+49 30", networks=["x", "blog"]
    )
    (row,) = (await as_tables(ada, program))["person"]
    assert row["job_title"] == f"'{title}"
    assert (row["name"], row["department"], row["networks"]) == ("'@Ada", "'+49 30", "x; blog")
    assert (row["level"], row["letters_unwanted"]) == ("", "")
    tables = await as_tables(ada, program)
    cells = [cell for rows in tables.values() for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(BEGINS_A_FORMULA)]
    (told,) = (await as_json(ada, program))["person"]
    assert (told["job_title"], told["networks"], told["level"]) == (title, ["x", "blog"], None)


@pytest.mark.usefixtures("database")
async def test_yes_no_and_documents_read_well_in_a_table() -> None:
    lead = await an_owner()
    program = await a_program(lead)
    tables = await as_tables(lead, program)
    assert {row["facts"][:1] for row in tables["event"]} == {"{"}
    (told,) = [row for row in (await as_json(lead, program))["event"] if row["name"] == "edition_published"]
    assert isinstance(told["facts"], dict)
    assert datetime.fromisoformat(told["at"]) == NOON
    assert exports._cell(True) == "yes"
    assert exports._cell(False) == "no"


@pytest.mark.usefixtures("database")
async def test_a_long_export_comes_in_pieces_and_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "ROWS_AT_A_TIME", 7)
    lead = await an_owner()
    program = await a_program(lead)
    ada = await a_listed_person(program, lead, "Ada Lovelace")
    await execute(
        "INSERT INTO column_meaning (id, person, header, said_at)"
        " SELECT gen_random_uuid(), $1, 'column ' || n, $2 FROM generate_series(1, 50) n",
        ada,
        NOON,
    )
    pieces = [piece async for piece in json_export(ada, program, name="Voices", at=AT)]
    assert max(piece.count(b'"header"') for piece in pieces) == 7
    assert len({row["header"] for row in json.loads(b"".join(pieces))["column_meaning"]}) == 50
    assert len((await as_tables(ada, program))["column_meaning"]) == 50
