"""`pilotage gate show` and `owner link`: what holds a gate shut, and the way back in."""

import json

import pytest

from tests.databases import inhabited, made_database
from tests.workers.commands import Command, asked
from workers.command.embedded import EmbeddedPostgres

SLUG = "employee-voices"
LAST_LINK = (
    "SELECT p.name FROM event e JOIN person p ON p.id = e.about WHERE e.name = 'owner_link_made'"
    " ORDER BY e.number DESC LIMIT 1"
)
OLGA = "(SELECT email FROM person WHERE name = 'Olga Owner')"


@pytest.fixture(scope="module")
def url(postgres: EmbeddedPostgres, template: str) -> str:
    made_database(postgres.url("postgres"), "gated", like=template)
    inhabited(postgres.url("gated"))
    return postgres.url("gated")


def test_a_shut_gate_says_what_holds_it_shut(pilotage: Command, url: str) -> None:
    said = pilotage("gate", "show", SLUG, DATABASE_URL=url)
    assert said.code == 3
    assert said.out.startswith("Employee voices · 15 February 2027\n")
    assert "Gate to “First circle”: This gate has been opened." in said.words
    assert "Five things hold this gate shut: six more months have to be tracked" in said.words
    assert "✓ No grave incident open none" in said.words
    assert "North: 0 of 6 months counted" in said.words


def test_months_stand_in_a_strip_with_what_became_of_them(
    pilotage: Command, postgres: EmbeddedPostgres, url: str
) -> None:
    made_database(postgres.url("postgres"), "undecided", like="gated")
    undecided = postgres.url("undecided")
    asked(undecided, "DELETE FROM activity WHERE month = 2")
    asked(undecided, "UPDATE member_month SET activities = 0 WHERE month = 2")
    asked(
        undecided,
        "UPDATE reading SET numerator = 0 WHERE measure = 'took_part_share' AND from_on = '2026-09-01'",
    )
    asked(undecided, "ALTER TABLE condition DROP CONSTRAINT condition_decision_fkey CASCADE")
    asked(undecided, "DELETE FROM condition")
    asked(undecided, "TRUNCATE decision CASCADE")
    said = pilotage("gate", "show", SLUG, DATABASE_URL=undecided)
    assert "■ ■ □ ■ ■ ■ ■ ◧ Jul Aug Sept Oct Nov Dec Jan Feb" in said.words
    assert "from 1 September 2026: not counted, as nobody took part" in said.words


def test_the_same_is_there_for_scripts(pilotage: Command, url: str) -> None:
    said = pilotage("gate", "show", SLUG, "--json", DATABASE_URL=url)
    told = json.loads(said.out)
    assert said.code == 3
    assert (told["program"], told["today"]) == (SLUG, "2027-02-15")
    assert [gate["state"] for gate in told["gates"]] == ["opened", "shut", "shut"]
    opened, shut, _ = told["gates"]
    assert opened["sentence"].startswith("Decided on ")
    assert opened["decided_at"].endswith("Z")
    strip = opened["inside"]["cohorts"][0]
    assert strip["name"] == "Pilot"
    assert [month["state"] for month in strip["months"]][:6] == ["counted"] * 6
    assert strip["months"][0]["took_part"] == {"value": 1.0, "numerator": 3, "denominator": 3, "people": 3}
    assert len(shut["inside"]["held_by"]) == 5
    months = shut["inside"]["criteria"][0]
    assert (months["kind"], months["value"], months["target"], months["met"]) == ("months", 0, 6, False)


def test_a_gate_that_is_ready_ends_with_all_is_good(
    pilotage: Command, postgres: EmbeddedPostgres, url: str
) -> None:
    made_database(postgres.url("postgres"), "ready", like="gated")
    ready = postgres.url("ready")
    asked(ready, "UPDATE criterion SET required = false")
    asked(ready, "UPDATE condition SET met_at = now(), met_by = owner")
    said = pilotage("gate", "show", SLUG, DATABASE_URL=ready)
    assert said.code == 0, said.out
    assert "Nothing holds this gate shut: it is ready to be opened." in said.words


def test_an_unknown_program_names_those_that_there_are(pilotage: Command, url: str) -> None:
    said = pilotage("gate", "show", "nowhere", DATABASE_URL=url)
    assert (said.code, said.out) == (2, "")
    assert said.err == "There is no program “nowhere”. There is “another-one” or “employee-voices”.\n"


def test_of_several_owners_one_has_to_be_named(pilotage: Command, url: str) -> None:
    said = pilotage("owner", "link", DATABASE_URL=url)
    assert said.code == 2
    assert "This installation has several owners: Olga Owner <" in said.words
    email = asked(url, f"SELECT {OLGA}")
    named = pilotage("owner", "link", "--email", email.upper(), DATABASE_URL=url)
    assert named.code == 0
    assert named.out.startswith("The owner signs in here, once: http://localhost:8000/sign-in/")
    assert asked(url, LAST_LINK) == "Olga Owner"


def test_nobody_else_gets_an_owners_link(pilotage: Command, url: str) -> None:
    said = pilotage("owner", "link", "--email", "lisa@example.com", DATABASE_URL=url)
    assert said.code == 2
    assert "lisa@example.com is no owner. Owners are Olga Owner <" in said.words


def test_whoever_left_the_company_gets_none(pilotage: Command, postgres: EmbeddedPostgres, url: str) -> None:
    made_database(postgres.url("postgres"), "left_by_one", like="gated")
    left = postgres.url("left_by_one")
    asked(
        left,
        "INSERT INTO departure (id, person, departed_at, by)"
        " SELECT gen_random_uuid(), person, now(), person FROM owner ORDER BY since_at LIMIT 1",
    )
    said = pilotage("owner", "link", DATABASE_URL=left)
    assert said.code == 0
    assert asked(left, LAST_LINK) == "Otto Owner"
    asked(
        left,
        "INSERT INTO departure (id, person, departed_at, by) SELECT gen_random_uuid(), person, now(), person FROM owner"
        " WHERE person NOT IN (SELECT person FROM departure WHERE returned_at IS NULL)",
    )
    assert (
        "Every owner of this installation has left the company."
        in pilotage("owner", "link", DATABASE_URL=left).words
    )


def test_where_there_is_no_installation_it_is_said(pilotage: Command, postgres: EmbeddedPostgres) -> None:
    said = pilotage("owner", "link", DATABASE_URL="")
    assert said.code == 1
    assert "There is no installation in" in said.words
    made_database(postgres.url("postgres"), "nothing_in_it", like="template0")
    empty = pilotage("owner", "link", DATABASE_URL=postgres.url("nothing_in_it"))
    assert empty.code == 1
    assert "This database holds no installation." in empty.words


def test_migrate_says_what_it_did(pilotage: Command, postgres: EmbeddedPostgres) -> None:
    made_database(postgres.url("postgres"), "to_migrate", like="template0")
    first = pilotage("migrate", DATABASE_URL=postgres.url("to_migrate"))
    assert first.code == 0
    assert "migrations were run." in first.words
    second = pilotage("migrate", DATABASE_URL=postgres.url("to_migrate"))
    assert second.out == "The database is as this version expects it.\n"


@pytest.mark.parametrize(
    "words",
    [(), ("--help",), ("gate", "show", "--help"), ("import", "people", "--help"), ("restore", "--help")],
)
def test_help_is_plain_where_nobody_looks(pilotage: Command, words: tuple[str, ...]) -> None:
    assert "Usage:" in pilotage(*words).words
