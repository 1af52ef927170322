"""Finding the program's people."""

from typing import Any
from uuid import UUID

import pytest

from program.people.queries import (
    Filter,
    PeoplePage,
    listed_person_at,
    people_page,
    person_page,
    role_holders,
)
from program.people_imports.queries import imports_of
from program.refusals import NotFound
from program.roles.rules import Reader, Role
from tests.cast import (
    a_listed_person,
    a_person,
    a_person_with,
    a_program,
    an_owner,
    counted_queries,
)

pytestmark = pytest.mark.usefixtures("database")


def reader(person: UUID, program: UUID, *granted: Role, owner: bool = False) -> Reader:
    return Reader(
        person=person,
        name="Reader",
        owner=owner,
        program=program,
        granted=frozenset(granted),
        listed=True,
        coached=frozenset(),
        memberships=(),
    )


async def found(program: UUID, by: UUID, number: int = 1, **asked: Any) -> PeoplePage:
    return await people_page(Filter(**asked), seen_by=reader(by, program, Role.LEAD), number=number)


async def test_people_are_found_by_name_address_department_and_by_every_filter() -> None:
    owner = await an_owner("Zoe Owner")
    program = await a_program(owner)
    await a_listed_person(
        program,
        owner,
        "Anna Berg",
        email="a@example.com",
        department="Legal_1",
        level=6,
        region="Ghent",
        job_function="Law",
    )
    await a_listed_person(program, owner, "Ben Kern", email="ben@example.org", department="HR", level=2)
    await a_person("Otto Outsider")
    for asked, names in (
        ({}, ["Anna Berg", "Ben Kern", "Zoe Owner"]),
        ({"search": "BERG"}, ["Anna Berg"]),
        ({"search": "example.org"}, ["Ben Kern"]),
        ({"search": "legal_"}, ["Anna Berg"]),
        ({"search": "%"}, []),
        ({"department": "HR"}, ["Ben Kern"]),
        ({"level": 6}, ["Anna Berg"]),
        ({"region": "Ghent", "job_function": "Law"}, ["Anna Berg"]),
        ({"region": "Ghent", "department": "HR"}, []),
    ):
        page = await found(program, owner, **asked)
        assert [person.name for person in page.people] == names, asked
        assert (page.found, page.listed, page.number, page.pages) == (len(names), 3, 1, 1)
    assert (page.there_is.departments, page.there_is.regions, page.there_is.job_functions) == (
        ("HR", "Legal_1"),
        ("Ghent",),
        ("Law",),
    )


async def test_fifty_people_stand_on_a_page_and_a_page_past_the_last_is_the_last() -> None:
    owner = await an_owner("Zoe Owner")
    program = await a_program(owner)
    for number in range(51):
        await a_listed_person(program, owner, f"Person {number:02}")
    first = await found(program, owner)
    assert (len(first.people), first.pages, first.found) == (50, 2, 52)
    for number in (2, 99):
        last = await found(program, owner, number=number)
        assert [person.name for person in last.people] == ["Person 50", "Zoe Owner"]
        assert last.number == 2
    assert (await found(program, owner, number=-3)).number == 1


async def test_the_number_of_queries_does_not_grow_with_the_people() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    counts = []
    for more in (0, 2, 47):
        for _ in range(more):
            await a_person_with(Role.REVIEWER, program, owner, "Rita Reviewer")
        with counted_queries() as queries:
            await found(program, owner)
        counts.append(len(queries))
    assert counts == [2, 2, 2]


async def test_a_person_shows_what_is_known_and_whether_they_sign_in() -> None:
    owner = await an_owner("Zoe Owner")
    program = await a_program(owner)
    anna = await a_listed_person(program, owner, "Anna Berg", manager=owner, networks=["x"])
    page = await person_page(anna, seen_by=reader(owner, program, owner=True))
    assert (page.name, page.manager_name, page.activity.networks, page.roles) == (
        "Anna Berg",
        "Zoe Owner",
        ("x",),
        (),
    )
    assert (page.owner, page.oneself, page.signs_in, page.departed_at) == (False, False, False, None)
    own = await person_page(owner, seen_by=reader(owner, program, owner=True))
    assert (own.owner, own.oneself, own.signs_in, own.roles, own.activity.networks) == (
        True,
        True,
        True,
        (Role.LEAD,),
        None,
    )


async def test_role_holders_stand_by_name() -> None:
    owner = await an_owner("Zoe Owner")
    program = await a_program(owner)
    await a_person_with(Role.SPONSOR, program, owner, "Sam Sponsor")
    holders = await role_holders(reader(owner, program, Role.LEAD))
    assert [(one.name, one.role, one.signs_in) for one in holders] == [
        ("Sam Sponsor", Role.SPONSOR, False),
        ("Zoe Owner", Role.LEAD, True),
    ]


async def test_nobody_of_another_program_is_found_and_nothing_by_whom_does_not_run_it() -> None:
    owner = await an_owner()
    program, other = await a_program(owner), await a_program(owner, name="Another")
    anna = await a_listed_person(program, owner, "Anna Berg", email="anna@example.com")
    here, elsewhere = reader(owner, program, Role.LEAD), reader(owner, other, Role.LEAD)
    assert await listed_person_at("anna@example.com", seen_by=here) == anna
    assert await listed_person_at("anna@example.com", seen_by=elsewhere) is None
    with pytest.raises(NotFound):
        await person_page(anna, seen_by=elsewhere)
    sponsor = reader(anna, program, Role.SPONSOR, Role.REVIEWER)
    for query in (
        people_page(Filter(), seen_by=sponsor),
        person_page(anna, seen_by=sponsor),
        role_holders(sponsor),
        listed_person_at("anna@example.com", seen_by=sponsor),
        imports_of(sponsor),
    ):
        with pytest.raises(NotFound):
            await query
