"""What would become of the rows of a people file, where the company knows more people than the program does."""

import json
from uuid import UUID, uuid4

import pytest

from program.people.rules import (
    AddressBelongsToAnother,
    Change,
    Field,
    KnownPerson,
    ManagerIsNoAddress,
    Missing,
    PersonInFile,
    ReadRow,
    TooFewCells,
)
from program.people_imports.rules import (
    AddressBelongsElsewhere,
    AddressStays,
    Company,
    Counts,
    ExternalIdBelongsElsewhere,
    Weighed,
    reason_told,
    row_told,
    told,
    told_of,
    weighed,
)


def known(email: str, *, id: UUID | None = None, **said: object) -> KnownPerson:
    return KnownPerson(id=id or uuid4(), email=email, **{"name": "Anna Berg", "locale": "en", **said})  # type: ignore[arg-type]


def row(email: str, line: int = 2, **said: object) -> ReadRow:
    return ReadRow(line=line, person=PersonInFile(email=email, **{"name": "Anna Berg", **said}))  # type: ignore[arg-type]


def outcome(
    *rows: ReadRow,
    listed: tuple[KnownPerson, ...] = (),
    elsewhere: tuple[KnownPerson, ...] = (),
    sign_in: tuple[KnownPerson, ...] = (),
) -> Weighed:
    company = Company(listed=listed, elsewhere=elsewhere, sign_in=frozenset(person.id for person in sign_in))
    return weighed(rows, company)


def test_whom_nobody_knows_is_new() -> None:
    found = outcome(row("a@example.com"))
    assert found.counts == Counts(new=1, joining=0, changed=0, unchanged=0, refused=0, leavers=0)
    assert found.counts.people == 1


@pytest.mark.parametrize("department", ["Legal", "Sales"])
def test_whom_the_company_knows_elsewhere_joins_and_is_not_changed(department: str) -> None:
    ben = known("b@example.com", department="Legal")
    found = outcome(row("b@example.com", department=department), elsewhere=(ben,))
    assert [one.known for one in found.joining] == [ben]
    assert found.counts == Counts(new=0, joining=1, changed=0, unchanged=0, refused=0, leavers=0)


def test_whom_the_program_lists_is_changed_or_stays_as_they_are() -> None:
    anna, ben = known("a@example.com", department="Legal"), known("b@example.com", department="Legal")
    found = outcome(
        row("a@example.com", department="Legal"), row("b@example.com", 3, department="HR"), listed=(anna, ben)
    )
    assert [one.changes for one in found.changed] == [(Change(Field.DEPARTMENT, "Legal", "HR"),)]
    assert found.counts == Counts(new=0, joining=0, changed=1, unchanged=1, refused=0, leavers=0)


def test_an_employee_number_may_bring_a_new_address_to_whom_never_signed_in() -> None:
    anna = known("a@example.com", external_id="7")
    found = outcome(row("anna@example.com", external_id="7"), listed=(anna,))
    assert [one.changes for one in found.changed] == [
        (Change(Field.EMAIL, "a@example.com", "anna@example.com"),)
    ]


def test_the_address_with_which_somebody_signs_in_is_never_changed() -> None:
    anna = known("a@example.com", external_id="7")
    found = outcome(row("anna@example.com", external_id="7"), listed=(anna,), sign_in=(anna,))
    assert [one.problems for one in found.refused] == [(AddressStays("Anna Berg", "a@example.com"),)]
    assert (found.changed, found.leavers) == ((), ())


def test_somebody_who_signs_in_is_changed_otherwise() -> None:
    anna = known("a@example.com", external_id="7")
    found = outcome(row("a@example.com", external_id="7", region="Ghent"), listed=(anna,), sign_in=(anna,))
    assert found.counts.changed == 1


def test_an_employee_number_of_another_program_refuses_the_row() -> None:
    ben = known("b@example.com", external_id="7")
    found = outcome(row("a@example.com", external_id="7"), elsewhere=(ben,))
    assert [one.problems for one in found.refused] == [(ExternalIdBelongsElsewhere("7"),)]


def test_an_address_of_another_program_refuses_the_row_and_names_nobody() -> None:
    anna, ben = known("a@example.com", external_id="7"), known("b@example.com", name="Ben Secret")
    found = outcome(row("b@example.com", external_id="7"), listed=(anna,), elsewhere=(ben,))
    assert [one.problems for one in found.refused] == [(AddressBelongsElsewhere("b@example.com"),)]


def test_an_address_of_somebody_listed_refuses_the_row_by_name() -> None:
    anna, ben = known("a@example.com", external_id="7"), known("b@example.com", name="Ben Kern")
    found = outcome(row("b@example.com", external_id="7"), listed=(anna, ben))
    assert [one.problems for one in found.refused] == [
        (AddressBelongsToAnother("b@example.com", "Ben Kern"),)
    ]


def test_leavers_are_those_of_the_program_alone() -> None:
    anna, ben = known("a@example.com"), known("b@example.com")
    found = outcome(row("c@example.com"), listed=(anna,), elsewhere=(ben,))
    assert found.leavers == (anna,)


def test_a_manager_counts_where_they_are_listed_afterwards() -> None:
    anna = known("a@example.com", external_id="7")
    boss = known("boss@example.com", external_id="8")
    cases = {
        "boss@example.com": 0,  # moves to another address in the same file
        "chief@example.com": 1,
        "new@example.com": 1,
        "joining@example.com": 1,
        "a@example.com": 0,  # nobody is their own manager
        "stranger@example.com": 0,
    }
    for address, changed in cases.items():
        found = outcome(
            row("a@example.com", external_id="7", manager_email=address),
            row("chief@example.com", 3, external_id="8"),
            row("new@example.com", 4),
            row("joining@example.com", 5),
            listed=(anna, boss),
            elsewhere=(known("joining@example.com"),),
        )
        assert found.counts.changed == 1 + changed, address
        assert found.counts.unchanged == 1 - changed, address


def test_refused_rows_stand_in_the_order_of_the_file() -> None:
    anna = known("a@example.com", external_id="7")
    found = outcome(
        row("anna@example.com", external_id="7"),
        ReadRow(line=3, problems=(Missing(Field.NAME),)),
        listed=(anna,),
        sign_in=(anna,),
    )
    assert [one.line for one in found.refused] == [2, 3]


@pytest.mark.parametrize(
    "read",
    [
        row("a@example.com", level=3, external_id="7"),
        ReadRow(
            line=2,
            person=PersonInFile(email="a@example.com", name="Anna"),
            remarks=(ManagerIsNoAddress("Frau Chefin"),),
        ),
        ReadRow(
            line=2,
            problems=(Missing(Field.NAME), TooFewCells(2, 3)),
            addresses=("a@example.com",),
            external_id="7",
        ),
    ],
)
def test_a_row_comes_back_from_json_as_it_was(read: ReadRow) -> None:
    assert row_told(2, json.loads(json.dumps(told_of(read)))) == read


def test_a_problem_comes_back_from_json_as_it_was() -> None:
    for problem in (AddressStays("Anna", "a@example.com"), Missing(Field.LEVEL)):
        assert reason_told(json.loads(json.dumps(told(problem)))) == problem
