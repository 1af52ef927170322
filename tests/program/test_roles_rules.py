"""Which roles a reader has: they add up, and membership counts while one takes part."""

from uuid import UUID, uuid4

import pytest

from program.roles.rules import JOINED, Membership, Reader, Role


def a_reader(
    *,
    owner: bool = False,
    granted: frozenset[Role] = frozenset(),
    listed: bool = False,
    coached: frozenset[UUID] = frozenset(),
    memberships: tuple[Membership, ...] = (),
) -> Reader:
    return Reader(
        person=uuid4(),
        name="Ada Lovelace",
        owner=owner,
        program=uuid4(),
        granted=granted,
        listed=listed,
        coached=coached,
        memberships=memberships,
    )


def a_membership(state: str, *, pilot: bool) -> Membership:
    return Membership(cohort=uuid4(), enrolment=uuid4(), state=state, pilot=pilot)


def test_who_has_no_part_has_no_role() -> None:
    assert a_reader().roles == frozenset()


def test_roles_add_up() -> None:
    reader = a_reader(
        owner=True,
        granted=frozenset({Role.LEAD, Role.SPONSOR}),
        listed=True,
        coached=frozenset({uuid4()}),
        memberships=(a_membership("active", pilot=True), a_membership("invited", pilot=False)),
    )
    assert reader.roles == frozenset(Role) - {Role.REVIEWER}
    assert reader.is_any(Role.REVIEWER, Role.COACH)
    assert not reader.is_any(Role.REVIEWER)


@pytest.mark.parametrize("state", ["declined", "withdrawn", "suspended"])
@pytest.mark.parametrize("pilot", [True, False])
def test_who_does_not_take_part_is_no_member(state: str, *, pilot: bool) -> None:
    assert a_reader(memberships=(a_membership(state, pilot=pilot),)).roles == frozenset()


@pytest.mark.parametrize("state", sorted(JOINED))
def test_who_takes_part_is_a_pilot_member_in_the_pilot_and_an_ambassador_elsewhere(state: str) -> None:
    assert a_reader(memberships=(a_membership(state, pilot=True),)).roles == {Role.PILOT_MEMBER}
    assert a_reader(memberships=(a_membership(state, pilot=False),)).roles == {Role.AMBASSADOR}


def test_who_is_merely_invited_to_the_pilot_is_not_inside_it_yet() -> None:
    assert a_reader(memberships=(a_membership("invited", pilot=True),)).roles == {Role.AMBASSADOR}


def test_an_enrolment_is_found_by_its_cohort() -> None:
    one, other = a_membership("active", pilot=True), a_membership("active", pilot=False)
    reader = a_reader(memberships=(one, other))
    assert reader.enrolment_in(other.cohort) == other
    assert reader.enrolment_in(uuid4()) is None
