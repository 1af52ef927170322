"""What leads change of people, and people of themselves."""

from typing import Any
from uuid import uuid4

import pytest

from cohorts.enrolments.actions import note_departure
from program.database import execute, fetch, fetch_row, fetch_value, transaction
from program.form_keys.actions import SentBefore
from program.network_activity.rules import SaidBy
from program.people.actions import (
    AddressIsGiven,
    AddressIsTheirs,
    AddressTaken,
    HowOftenMissing,
    ListedAlready,
    ManagerNotKnown,
    ManagerNotListed,
    NobodyThere,
    NoNetworkNamed,
    NotOneself,
    OwnersStay,
    Particulars,
    add_person,
    change_person,
    choose_language,
    choose_theme,
    introduce_oneself,
    state_networks,
    take_back,
)
from program.people.queries import OwnStatement, own_statement
from program.people.rules import PLACEHOLDER_EMAIL
from program.people.words import EVENTS
from program.programs.actions import BelongsElsewhere, list_people
from program.refusals import NotAllowed, NotFound, Refusal
from program.roles.rules import Role
from program.sign_in.actions import begin_session, keep_password
from program.sign_in.queries import signed_in
from tests.cast import (
    NOON,
    a_form,
    a_listed_person,
    a_person,
    a_person_with,
    a_program,
    an_owner,
)

pytestmark = pytest.mark.usefixtures("database")


def told(**said: Any) -> Particulars:
    nothing: dict[str, Any] = dict.fromkeys(Particulars.__slots__)
    return Particulars(**{**nothing, "name": "Anna Berg", "email": "anna@example.com", **said})


async def events(name: str) -> list[dict[str, Any]]:
    return [dict(row) for row in await fetch("SELECT * FROM event WHERE name = $1 ORDER BY number", name)]


async def test_a_person_is_added_with_all_that_is_told() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    boss = await a_listed_person(program, owner, "Bo Boss", email="boss@example.com")
    person = await add_person(
        told(
            job_title="Counsel",
            job_function="Law",
            department="Legal",
            level=5,
            region="Ghent",
            manager_email="boss@example.com",
            networks=("linkedin", "blog"),
            how_often="weekly",
        ),
        program=program,
        by=owner,
        now=NOON,
        sent=a_form(),
    )
    row = await fetch_row("SELECT * FROM person WHERE id = $1", person)
    assert row is not None
    assert {name: row[name] for name in ("name", "email", "job_title", "level", "manager", "how_often")} == {
        "name": "Anna Berg",
        "email": "anna@example.com",
        "job_title": "Counsel",
        "level": 5,
        "manager": boss,
        "how_often": "weekly",
    }
    assert row["networks"] == ["linkedin", "blog"]
    assert await fetch_value("SELECT listed_by FROM listing WHERE person = $1", person) == owner
    (event,) = await events("person_added")
    assert (event["program"], event["by"], event["about"]) == (program, owner, person)
    assert EVENTS["person_added"]({}) == "added a person"


async def test_the_same_form_adds_one_person_and_another_under_its_key_none() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    form = a_form("anna")
    first = await add_person(told(), program=program, by=owner, now=NOON, sent=form)
    assert await add_person(told(), program=program, by=owner, now=NOON, sent=form) == first
    assert len(await events("person_added")) == 1
    other = type(form)(form.key, b"other")
    with pytest.raises(SentBefore):
        await add_person(told(email="b@example.com"), program=program, by=owner, now=NOON, sent=other)


async def test_whom_the_company_knows_is_listed_and_stays_as_they_are() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    known = await a_person("Anna Berg-Roth", email="anna@example.com", department="Secret")
    person = await add_person(told(department="HR"), program=program, by=owner, now=NOON, sent=a_form())
    assert person == known
    row = await fetch_row("SELECT name, department FROM person WHERE id = $1", known)
    assert tuple(row or ()) == ("Anna Berg-Roth", "Secret")
    with pytest.raises(ListedAlready) as refused:
        await add_person(told(), program=program, by=owner, now=NOON, sent=a_form())
    assert refused.value.field == "email"
    assert refused.value.sentence() == "Somebody with this address is among the program’s people already."


async def test_a_manager_is_one_of_the_programs_people_and_not_oneself() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    await a_person("Bo Boss", email="boss@example.com")
    for manager in ("boss@example.com", "nobody@example.com", "anna@example.com"):
        with pytest.raises(ManagerNotListed) as refused:
            await add_person(told(manager_email=manager), program=program, by=owner, now=NOON, sent=a_form())
        assert refused.value.sentence() == "Nobody else among the program’s people has this address."
    assert await fetch_value("SELECT count(*) FROM person WHERE email = 'anna@example.com'") == 0


async def test_changing_a_person_tells_what_was_changed_and_nothing_where_nothing_was() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    elsewhere = await a_person("Bo Boss", email="boss@example.com")
    person = await a_listed_person(
        program, owner, "Anna", email="anna@example.com", manager=elsewhere, networks=["x"]
    )
    same = told(name="Anna", manager_email="boss@example.com", networks=("x",))
    await change_person(person, same, program=program, by=owner, now=NOON)
    assert await events("person_changed") == []
    changed = told(email="a@example.com", manager_email="boss@example.com", how_often="never")
    await change_person(person, changed, program=program, by=owner, now=NOON)
    (event,) = await events("person_changed")
    assert event["facts"] == '{"changed": ["name", "email", "networks", "how_often"]}'
    row = await fetch_row("SELECT name, email, manager, networks FROM person WHERE id = $1", person)
    assert tuple(row or ()) == ("Anna Berg", "a@example.com", elsewhere, None)
    assert EVENTS["person_changed"]({"changed": ["name", "networks", "how_often"]}) == (
        "changed what is known: name, networks and how often they are active there"
    )


async def test_nobody_changes_the_address_with_which_somebody_signs_in() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    lead = await a_person_with(Role.LEAD, program, owner, "Lea Lead")
    by_link = await a_listed_person(program, owner, "Lin Link", email="lin@example.com")
    by_password = await a_listed_person(program, owner, "Pia Password", email="pia@example.com")
    async with transaction():
        await begin_session(by_link, NOON)
        await keep_password(by_password, "hash", NOON)
    for person in (by_link, by_password, owner):
        with pytest.raises(AddressIsTheirs) as refused:
            await change_person(person, told(email="mine@example.com"), program=program, by=lead, now=NOON)
        assert "only an owner of this installation can change it" in refused.value.sentence()
    await change_person(by_link, told(email="lin.link@example.com"), program=program, by=owner, now=NOON)
    assert await fetch_value("SELECT email FROM person WHERE id = $1", by_link) == "lin.link@example.com"
    await change_person(
        by_link, told(name="Lin K. Link", email="lin.link@example.com"), program=program, by=lead, now=NOON
    )
    assert await fetch_value("SELECT name FROM person WHERE id = $1", by_link) == "Lin K. Link"


async def test_an_address_belongs_to_one_person() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    person = await a_listed_person(program, owner, "Anna")
    await a_person("Bo", email="bo@example.com")
    with pytest.raises(AddressTaken) as refused:
        await change_person(person, told(email="bo@example.com"), program=program, by=owner, now=NOON)
    assert refused.value.sentence() == "Somebody else has this e-mail address."
    await execute("UPDATE person SET email = $2 WHERE id = $1", person, PLACEHOLDER_EMAIL)
    with pytest.raises(AddressTaken):
        await introduce_oneself(person, name="Anna", email="bo@example.com", now=NOON)
    await introduce_oneself(person, name="Anna", email="anna@example.com", now=NOON)
    assert await fetch_value("SELECT email FROM person WHERE id = $1", person) == "anna@example.com"


async def test_nobody_chooses_another_address_than_they_were_given() -> None:
    person = await a_person("Anna", email="anna@example.com")
    with pytest.raises(AddressIsGiven) as refused:
        await introduce_oneself(person, name="Anna", email="the.boss@example.com", now=NOON)
    assert "An owner of this installation can correct it" in refused.value.sentence()
    await introduce_oneself(person, name="Anna Bell", email="anna@example.com", now=NOON)
    assert await fetch_value("SELECT name FROM person WHERE id = $1", person) == "Anna Bell"


async def test_what_reaches_beyond_the_program_is_for_owners() -> None:
    owner = await an_owner()
    program, other = await a_program(owner), await a_program(owner, "Another")
    lead = await a_person_with(Role.LEAD, program, owner, "Lea Lead")
    shared = await a_listed_person(program, owner, "Sam Shared")
    async with transaction():
        await list_people(other, [shared], by=owner, now=NOON)
    with pytest.raises(BelongsElsewhere) as refused:
        await note_departure(shared, program=program, by=lead, now=NOON)
    assert "only an owner" in refused.value.sentence()
    with pytest.raises(BelongsElsewhere):
        await change_person(shared, told(email="mine@example.com"), program=program, by=lead, now=NOON)
    await note_departure(shared, program=program, by=owner, now=NOON)
    assert await fetch_value("SELECT true FROM departure WHERE person = $1", shared)


async def test_only_those_who_run_the_program_change_its_people_and_only_its_people() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    sponsor = await a_person_with(Role.SPONSOR, program, owner, "Sam Sponsor")
    listed = await a_listed_person(program, owner, "Anna")
    outsider = await a_person("Otto Outsider")
    with pytest.raises(NotAllowed):
        await add_person(told(), program=program, by=sponsor, now=NOON, sent=a_form())
    with pytest.raises(NotAllowed):
        await change_person(listed, told(), program=program, by=sponsor, now=NOON)
    for action in (note_departure, take_back):
        with pytest.raises(NotAllowed):
            await action(listed, program=program, by=sponsor, now=NOON)
        with pytest.raises(NotFound):
            await action(outsider, program=program, by=owner, now=NOON)
    for stranger in (outsider, uuid4()):
        with pytest.raises(NotFound):
            await change_person(stranger, told(), program=program, by=owner, now=NOON)


async def test_who_left_is_signed_out_at_once_until_they_are_taken_back() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    person = await a_listed_person(program, owner, "Anna")
    async with transaction():
        token = await begin_session(person, NOON)
    await note_departure(person, program=program, by=owner, now=NOON)
    await note_departure(person, program=program, by=owner, now=NOON)
    assert await fetch_value("SELECT ended_at FROM session WHERE person = $1", person) == NOON
    assert (await signed_in(token, NOON))[1] is None
    assert len(await events("person_departed")) == 1
    await take_back(person, program=program, by=owner, now=NOON)
    await take_back(person, program=program, by=owner, now=NOON)
    assert (await signed_in(token, NOON))[1] is None
    assert len(await events("person_returned")) == 1
    async with transaction():
        again = await begin_session(person, NOON)
    assert (await signed_in(again, NOON))[1] is not None
    assert EVENTS["person_departed"]({}) == "noted that they left the company"
    assert EVENTS["person_returned"]({}) == "took them back"


async def test_nobody_says_that_an_owner_or_they_themselves_left() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    lead = await a_person_with(Role.LEAD, program, owner, "Lea Lead")
    with pytest.raises(OwnersStay) as owners:
        await note_departure(owner, program=program, by=lead, now=NOON)
    with pytest.raises(NotOneself) as oneself:
        await note_departure(lead, program=program, by=lead, now=NOON)
    assert owners.value.sentence().startswith("They own this installation")
    assert oneself.value.sentence().startswith("You cannot say this of yourself")
    assert NobodyThere().sentence().endswith("Add them first.")


async def test_a_theme_is_kept() -> None:
    person = await a_person()
    await choose_theme(person, "dark")
    assert await fetch_value("SELECT theme FROM person WHERE id = $1", person) == "dark"


async def test_what_people_say_of_themselves_is_their_own_word() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    ada = await a_listed_person(program, owner, "Ada Lovelace")
    await state_networks(ada, ["linkedin", "x"], "weekly", program=program, now=NOON)
    row = await fetch_row("SELECT networks, how_often, networks_said_by FROM person WHERE id = $1", ada)
    assert row is not None
    assert tuple(row) == (["linkedin", "x"], "weekly", ada)
    assert await own_statement(ada) == OwnStatement(
        networks=("linkedin", "x"), how_often="weekly", asked=True
    )
    await state_networks(ada, [], "never", program=program, now=NOON)
    assert await own_statement(ada) == OwnStatement(networks=(), how_often="never", asked=True)
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'networks_stated'") == 2


async def test_whoever_would_rather_not_say_stays_unknown_and_is_not_asked_again() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    ada = await a_listed_person(program, owner, "Ada Lovelace")
    assert await own_statement(ada) == OwnStatement(networks=None, how_often=None, asked=False)
    await state_networks(ada, None, None, program=program, now=NOON)
    assert await own_statement(ada) == OwnStatement(networks=None, how_often=None, asked=True)


@pytest.mark.parametrize(
    ("networks", "how_often", "refusal"),
    [(["x"], None, HowOftenMissing), ([], None, HowOftenMissing), ([], "weekly", NoNetworkNamed)],
)
async def test_where_and_how_often_are_said_together(
    networks: list[str], how_often: str | None, refusal: type[Refusal]
) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    with pytest.raises(refusal) as no:
        await state_networks(owner, networks, how_often, program=program, now=NOON)
    assert no.value.sentence()
    assert no.value.field in ("networks", "how_often")


async def test_people_choose_how_dates_are_written() -> None:
    ada = await a_person()
    await choose_language(ada, "en_US")
    assert await fetch_value("SELECT locale FROM person WHERE id = $1", ada) == "en_US"


async def test_a_lead_notes_what_a_manager_or_they_themselves_said_of_networks() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    boss = await a_listed_person(program, owner, "Bea Boss", email="boss@example.com")
    weekly: dict[str, Any] = {"networks": ("x",), "how_often": "weekly", "manager_email": "boss@example.com"}
    person = await add_person(
        told(**weekly, said_by=SaidBy.MANAGER), program=program, by=owner, now=NOON, sent=a_form()
    )
    said_by = "SELECT networks_said_by FROM person WHERE id = $1"
    assert await fetch_value(said_by, person) == boss
    own = told(**weekly, said_by=SaidBy.ONESELF)
    await change_person(person, own, program=program, by=owner, now=NOON)
    assert await fetch_value(said_by, person) == person
    await change_person(person, told(**weekly), program=program, by=owner, now=NOON)
    assert await fetch_value(said_by, person) == person
    await change_person(person, told(**weekly, said_by=SaidBy.FILE), program=program, by=owner, now=NOON)
    assert await fetch_value(said_by, person) is None


async def test_a_managers_word_needs_a_manager() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    person = await a_listed_person(program, owner, "Anna Berg", email="anna@example.com")
    hearsay = told(networks=("x",), said_by=SaidBy.MANAGER)
    with pytest.raises(ManagerNotKnown) as refusal:
        await change_person(person, hearsay, program=program, by=owner, now=NOON)
    assert refusal.value.field == "said_by"
    assert refusal.value.sentence().startswith("Say who their manager is")
