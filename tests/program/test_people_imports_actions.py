"""Taking people files in."""

import asyncio
import json
from datetime import timedelta
from time import process_time
from uuid import UUID, uuid4

import pytest

from program.database import execute, fetch, fetch_value, transaction
from program.people.actions import add_person
from program.people.rules import MAX_PEOPLE_IN_A_FILE, EmptyFile
from program.people_imports.actions import (
    WAITS_FOR_A_LEAD,
    NotAListOfPeople,
    TakenInAlready,
    cancel_import,
    forget_abandoned_previews,
    preview_import,
    take_in,
)
from program.refusals import NotAllowed, NotFound
from program.roles.rules import Role
from program.sign_in.actions import begin_session
from tests.cast import (
    NOON,
    a_form,
    a_listed_person,
    a_person,
    a_person_with,
    a_program,
    an_owner,
)
from tests.program.test_people_actions import told

pytestmark = pytest.mark.usefixtures("database")


async def preview(content: str, program: UUID, by: UUID) -> UUID:
    return await preview_import(
        content.encode(), file_name="people.csv", program=program, by=by, now=NOON, sent=a_form(content)
    )


async def confirm(people_import: UUID, program: UUID, by: UUID, *leavers: UUID) -> dict[str, int]:
    await take_in(people_import, program=program, leavers=leavers, taking_part=frozenset(), by=by, now=NOON)
    counts: dict[str, int] = json.loads(
        await fetch_value("SELECT summary -> 'counts' FROM people_import WHERE id = $1", people_import)
    )
    return counts


async def taken_in(content: str, program: UUID, by: UUID) -> dict[str, int]:
    return await confirm(await preview(content, program, by), program, by)


async def test_particulars_and_managers_are_kept() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    await taken_in(
        "id;mail;name;title;function;department;level;region;language;manager e-mail\n"
        "7;anna@example.com;Anna Berg;Counsel;Law;Legal;VP;Ghent;de;boss@example.com\n"
        "8;boss@example.com;Bo Boss;;;;;;;boss@example.com\n"
        "9;cem@example.com;Cem Can;;;;;;;stranger@example.com\n",
        program,
        owner,
    )
    rows = await fetch(
        "SELECT p.external_id, p.email, p.name, p.job_title, p.job_function, p.department, p.level, p.region, p.locale,"
        " m.email AS manager FROM person p LEFT JOIN person m ON m.id = p.manager"
        " WHERE p.external_id IS NOT NULL ORDER BY p.external_id"
    )
    anna = ("7", "anna@example.com", "Anna Berg", "Counsel", "Law", "Legal", 6, "Ghent", "de")
    assert [tuple(row) for row in rows] == [
        (*anna, "boss@example.com"),
        ("8", "boss@example.com", "Bo Boss", None, None, None, None, None, "en", None),
        ("9", "cem@example.com", "Cem Can", None, None, None, None, None, "en", None),
    ]


async def test_what_a_second_file_leaves_out_is_kept_and_what_it_says_is_changed() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    await taken_in(
        "id,mail,name,department,manager e-mail\n7,anna@example.com,Anna Berg,Legal,\n"
        "8,boss@example.com,Bo Boss,Legal,\n",
        program,
        owner,
    )
    counts = await taken_in(
        "id,mail,name,region,manager e-mail\n7,a.berg@example.com,Anna Berg,Ghent,boss@example.com\n",
        program,
        owner,
    )
    assert (counts["changed"], counts["leavers"], counts["ended"]) == (1, 2, 0)
    rows = await fetch(
        "SELECT p.email, p.department, p.region, m.name FROM person p JOIN person m ON m.id = p.manager"
    )
    assert [tuple(row) for row in rows] == [("a.berg@example.com", "Legal", "Ghent", "Bo Boss")]


async def test_the_same_file_again_changes_nothing_whatever_its_managers() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    await a_person("Cleo Elsewhere", email="cleo@example.com")
    content = (
        "mail,name,manager e-mail\n"
        "anna@example.com,Anna Berg,anna@example.com\n"
        "ben@example.com,Ben Kern,stranger@example.com\n"
        "cleo@example.com,Cleo Elsewhere,anna@example.com\n"
    )
    first = await taken_in(content, program, owner)
    assert (first["new"], first["joining"]) == (2, 1)
    second = await taken_in(content, program, owner)  # only now is Cleo one of the program's people
    assert (second["changed"], second["unchanged"]) == (1, 2)
    third = await taken_in(content, program, owner)
    assert (third["changed"], third["unchanged"]) == (0, 3)


async def test_a_manager_of_somebody_joining_is_left_to_their_own_program() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    await a_person("Cleo Elsewhere", email="cleo@example.com")
    await taken_in(
        "mail,name,manager e-mail\ncleo@example.com,Cleo Elsewhere,anna@example.com\nanna@example.com,Anna Berg,\n",
        program,
        owner,
    )
    assert await fetch_value("SELECT manager FROM person WHERE email = 'cleo@example.com'") is None


async def test_the_address_of_an_owner_or_of_whom_signed_in_stays() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    signed_in = await a_listed_person(
        program, owner, "Sina Signed", email="sina@example.com", external_id="7"
    )
    never = await a_listed_person(program, owner, "Nino Never", email="nino@example.com", external_id="8")
    second = await a_listed_person(program, owner, "Otto Owner", email="otto@example.com", external_id="9")
    await execute("INSERT INTO owner (id, person, since_at) VALUES ($1, $2, $3)", uuid4(), second, NOON)
    async with transaction():
        await begin_session(signed_in, NOON)
    counts = await taken_in(
        "id,mail,name\n7,new.sina@example.com,Sina Signed\n8,new.nino@example.com,Nino Never\n"
        "9,new.otto@example.com,Otto Owner\n",
        program,
        owner,
    )
    assert (counts["changed"], counts["refused"]) == (1, 2)
    rows = await fetch("SELECT id, email FROM person WHERE external_id IS NOT NULL ORDER BY external_id")
    assert [tuple(row) for row in rows] == [
        (signed_in, "sina@example.com"),
        (never, "new.nino@example.com"),
        (second, "otto@example.com"),
    ]


async def test_confirming_takes_things_as_they_stand_then() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    waiting = await preview("mail,name\nanna@example.com,Anna Berg\n", program, owner)
    await add_person(
        told(name="Anna", email="anna@example.com"), program=program, by=owner, now=NOON, sent=a_form()
    )
    counts = await confirm(waiting, program, owner)
    assert (counts["new"], counts["changed"]) == (0, 1)
    assert await fetch_value("SELECT name FROM person WHERE email = 'anna@example.com'") == "Anna Berg"


async def test_a_file_confirmed_by_two_at_once_is_taken_in_once() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    waiting = await preview("mail,name\nanna@example.com,Anna Berg\n", program, owner)
    await asyncio.gather(*(confirm(waiting, program, owner) for _ in range(4)))
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'people_imported'") == 1
    assert await fetch_value("SELECT count(*) FROM listing WHERE program = $1", program) == 2


async def test_two_files_with_the_same_people_confirmed_at_once_make_each_person_once() -> None:
    owner = await an_owner()
    program, other = await a_program(owner), await a_program(owner, name="Another")
    content = "id,mail,name\n" + "".join(f"{n},p{n}@example.com,P {n}o\n" for n in range(200))
    first, second = await preview(content, program, owner), await preview(content, other, owner)
    await asyncio.gather(confirm(first, program, owner), confirm(second, other, owner))
    assert await fetch_value("SELECT count(*) FROM person WHERE email LIKE 'p%@example.com'") == 200
    assert await fetch_value("SELECT count(*) FROM listing") == 402


async def test_a_listing_ends_for_leavers_who_are_chosen_and_free_to_go() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    gone = await a_listed_person(program, owner, "Gil Gone")
    sponsor = await a_person_with(Role.SPONSOR, program, owner, "Sam Sponsor")
    present = await a_listed_person(program, owner, "Anna Berg", email="anna@example.com")
    outsider = await a_person("Otto Outsider")
    waiting = await preview("mail,name\nanna@example.com,Anna Berg\n", program, owner)
    counts = await confirm(waiting, program, owner, gone, sponsor, present, outsider, owner, uuid4())
    assert counts["ended"] == 1
    rows = await fetch("SELECT person, listed_by, ended_at FROM past_listing")
    assert [tuple(row) for row in rows] == [(gone, owner, NOON)]
    again = await taken_in(
        f"mail,name\n{await fetch_value('SELECT email FROM person WHERE id = $1', gone)},Gil Gone\n",
        program,
        owner,
    )
    assert again["joining"] == 1


async def test_a_file_that_is_no_list_of_people_leaves_nothing_behind() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    with pytest.raises(NotAListOfPeople) as refused:
        await preview("", program, owner)
    assert refused.value.problem == EmptyFile()
    assert refused.value.sentence() == "The file is empty."
    assert await fetch_value("SELECT count(*) FROM people_import") == 0


async def test_only_those_who_run_the_program_may() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    lead = await a_person_with(Role.LEAD, program, owner, "Lea Lead")
    sponsor = await a_person_with(Role.SPONSOR, program, owner, "Sam Sponsor")
    other = await a_program(owner, name="Another")
    content = "mail,name\nanna@example.com,Anna Berg\n"
    waiting = await preview(content, program, lead)
    with pytest.raises(NotAllowed):
        await preview(content, program, sponsor)
    with pytest.raises(NotAllowed):
        await confirm(waiting, program, sponsor)
    with pytest.raises(NotAllowed):
        await cancel_import(waiting, program=program, by=sponsor)
    with pytest.raises(NotAllowed):
        await confirm(waiting, other, lead)
    with pytest.raises(NotFound):
        await confirm(waiting, other, owner)
    with pytest.raises(NotFound):
        await cancel_import(waiting, program=other, by=owner)


async def test_a_forgotten_file_is_gone_and_one_taken_in_stays() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    content = "mail,name\nanna@example.com,Anna Berg\n"
    waiting = await preview(content, program, owner)
    await cancel_import(waiting, program=program, by=owner)
    assert await fetch_value("SELECT count(*) FROM people_import_row") == 0
    with pytest.raises(NotFound):
        await confirm(waiting, program, owner)
    done = await preview(content, program, owner)
    await confirm(done, program, owner)
    with pytest.raises(TakenInAlready) as refused:
        await cancel_import(done, program=program, by=owner)
    assert refused.value.sentence() == "This file was taken in already."


async def test_200_000_people_are_taken_in_within_a_minute_of_work() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    assert MAX_PEOPLE_IN_A_FILE >= 200_000
    content = "id,mail,name,department,level,manager e-mail\n" + "".join(
        f"{n},p{n}@example.com,Pat Number{n},Unit {n % 50},Manager,p{n // 10}@example.com\n"
        for n in range(200_000)
    )
    begun = process_time()
    counts = await taken_in(content, program, owner)
    assert counts["new"] == 200_000
    assert process_time() - begun < 60
    assert await fetch_value("SELECT count(*) FROM person WHERE manager IS NOT NULL") == 199_999


async def test_a_file_that_nobody_confirms_is_forgotten_after_a_week_and_one_that_was_taken_in_is_kept() -> (
    None
):
    owner = await an_owner()
    program = await a_program(owner)
    await taken_in("mail;name\nanna@example.com;Anna", program, owner)
    await preview("mail;name\nbo@example.com;Bo\ncy@example.com;Cy", program, owner)
    counts = "SELECT (SELECT count(*) FROM people_import), (SELECT count(*) FROM people_import_row)"
    await forget_abandoned_previews(NOON + WAITS_FOR_A_LEAD)
    (kept,) = await fetch(counts)
    assert kept[0] == 2
    assert kept[1] > 0
    for _again in range(2):
        await forget_abandoned_previews(NOON + WAITS_FOR_A_LEAD + timedelta(seconds=1))
        assert [tuple(row) for row in await fetch(counts)] == [(1, 0)]
