"""Signing in and out: links used once, tries counted, passwords, sessions that end."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from program.database import execute, fetch, fetch_value, new_id, transaction
from program.people.rules import PLACEHOLDER_EMAIL
from program.programs.actions import BelongsElsewhere, list_people
from program.refusals import NotAllowed, NotFound
from program.roles.rules import Role
from program.sign_in.actions import (
    LinkIsSpent,
    NotSignedIn,
    PasswordTooLong,
    PasswordTooShort,
    SignedInBefore,
    TooManyTries,
    Try,
    ask_for_link,
    begin_session,
    demo_link,
    hand_over_link,
    owner_link,
    set_password,
    sign_in,
    sign_out,
    sign_out_everywhere,
    use_link,
)
from program.sign_in.queries import SignedIn, link_owner, signed_in
from program.sign_in.rules import (
    LINK_LASTS,
    SESSION_LASTS,
    SIGN_IN_LINK,
    TRIES_COUNTED_FOR,
    TRIES_PER_ADDRESS,
    TRIES_PER_SOURCE,
    sealed,
    subject_of,
    unsealed,
)
from tests.cast import NOON, a_listed_person, a_person, a_person_with, a_program, an_owner, counted_queries

SECRET = "a secret that is long enough for us"
HERE = Try(source="192.0.2.1", secret=SECRET)
GOOD_PASSWORD = "a short sentence that I remember"
A_MOMENT = timedelta(seconds=1)


async def a_link(person: UUID, at: datetime = NOON) -> str:
    """The link that somebody asked for, as the letter will carry it."""
    email = await fetch_value("SELECT email FROM person WHERE id = $1", person)
    await ask_for_link(email, tried=HERE, at=at)
    nonce = await fetch_value(
        "SELECT nonce FROM sign_in_link WHERE person = $1 ORDER BY made_at DESC, id DESC LIMIT 1", person
    )
    return sealed(nonce, purpose=SIGN_IN_LINK, secret=SECRET)


async def a_session(person: UUID, at: datetime = NOON) -> tuple[str, SignedIn]:
    async with transaction():
        token = await begin_session(person, at)
    _, found = await signed_in(token, at)
    assert found is not None
    return token, found


async def who(token: str | None, at: datetime = NOON) -> UUID | None:
    _, found = await signed_in(token, at)
    return found.person if found else None


async def depart(person: UUID, by: UUID) -> None:
    await execute(
        "INSERT INTO departure (id, person, departed_at, by) VALUES ($1, $2, $3, $4)",
        new_id(),
        person,
        NOON,
        by,
    )


async def test_a_link_signs_in_the_person_who_asked_for_it(database: str) -> None:
    person = await a_person()
    session = await use_link(await a_link(person), secret=SECRET, at=NOON)
    assert await who(session) == person


async def test_the_letter_carries_what_the_link_is_made_of(database: str) -> None:
    person = await a_person()
    token = await a_link(person)
    facts = await fetch_value(
        "SELECT facts ->> 'nonce' FROM delivery WHERE recipient = $1 AND letter = 'sign_in_link'", person
    )
    assert unsealed(token, purpose=SIGN_IN_LINK, secret=SECRET) == bytes.fromhex(facts)


async def test_a_link_is_used_once(database: str) -> None:
    token = await a_link(await a_person())
    await use_link(token, secret=SECRET, at=NOON)
    with pytest.raises(LinkIsSpent) as refused:
        await use_link(token, secret=SECRET, at=NOON)
    assert "Ask for a new one" in refused.value.sentence()


async def test_a_link_is_used_once_even_by_twenty_at_once(database: str) -> None:
    token = await a_link(await a_person())
    results = await asyncio.gather(
        *(use_link(token, secret=SECRET, at=NOON) for _ in range(20)), return_exceptions=True
    )
    assert sum(isinstance(result, str) for result in results) == 1
    assert sum(isinstance(result, LinkIsSpent) for result in results) == 19
    assert await fetch_value("SELECT count(*) FROM session") == 1


async def test_a_link_expires(database: str) -> None:
    token = await a_link(await a_person())
    with pytest.raises(LinkIsSpent):
        await use_link(token, secret=SECRET, at=NOON + LINK_LASTS)
    assert await use_link(token, secret=SECRET, at=NOON + LINK_LASTS - A_MOMENT)


@pytest.mark.parametrize("token", ["", "x", "ä", "A" * 43, "=" * 44])
async def test_a_forged_link_signs_nobody_in(database: str, token: str) -> None:
    await a_link(await a_person())
    with pytest.raises(LinkIsSpent):
        await use_link(token, secret=SECRET, at=NOON)


async def test_a_link_sealed_elsewhere_or_for_something_else_signs_nobody_in(database: str) -> None:
    person = await a_person()
    await a_link(person)
    nonce = await fetch_value("SELECT nonce FROM sign_in_link WHERE person = $1", person)
    for token in (
        sealed(nonce, purpose=SIGN_IN_LINK, secret="another installation's secret"),
        sealed(nonce, purpose="invitation", secret=SECRET),
    ):
        with pytest.raises(LinkIsSpent):
            await use_link(token, secret=SECRET, at=NOON)


async def test_asking_for_an_unknown_address_looks_the_same_and_sends_nothing(database: str) -> None:
    await ask_for_link("nobody@example.com", tried=HERE, at=NOON)
    assert await fetch_value("SELECT count(*) FROM delivery") == 0
    assert await fetch_value("SELECT count(*) FROM event") == 0


async def test_a_person_who_left_gets_no_link_and_cannot_use_an_earlier_one(database: str) -> None:
    owner, person = await an_owner(), await a_person("Gone Girl", email="gone@example.com")
    token = await a_link(person)
    await depart(person, owner)
    await ask_for_link("gone@example.com", tried=HERE, at=NOON)
    assert await fetch_value("SELECT count(*) FROM sign_in_link WHERE person = $1", person) == 1
    with pytest.raises(LinkIsSpent):
        await use_link(token, secret=SECRET, at=NOON)


async def test_a_person_who_left_is_signed_out_at_once_and_their_password_is_refused(database: str) -> None:
    owner, person = await an_owner(), await a_person("Gone Girl", email="gone@example.com")
    token, session = await a_session(person)
    await set_password(person, GOOD_PASSWORD, keep_session=session.session, at=NOON)
    await depart(person, owner)
    assert await who(token) is None
    with pytest.raises(NotSignedIn):
        await sign_in("gone@example.com", GOOD_PASSWORD, tried=HERE, at=NOON)


async def test_a_person_who_returned_can_sign_in_again(database: str) -> None:
    owner, person = await an_owner(), await a_person()
    await depart(person, owner)
    await execute("UPDATE departure SET returned_at = $1", NOON)
    assert await who(await use_link(await a_link(person), secret=SECRET, at=NOON)) == person


async def test_looking_at_a_link_names_its_owner_until_it_is_spent(database: str) -> None:
    owner, person = await an_owner(), await a_person("Ada Lovelace")
    token = await a_link(person)
    nonce = unsealed(token, purpose=SIGN_IN_LINK, secret=SECRET) or b""
    assert await link_owner(nonce, NOON) == "Ada Lovelace"
    assert await link_owner(nonce, NOON + LINK_LASTS) is None
    assert await link_owner(b"no such nonce", NOON) is None
    await depart(person, owner)
    assert await link_owner(nonce, NOON) is None
    await execute("DELETE FROM departure")
    await use_link(token, secret=SECRET, at=NOON)
    assert await link_owner(nonce, NOON) is None


async def test_a_password_signs_in_whatever_the_letters_of_the_address(database: str) -> None:
    person = await a_person(email="ada@example.com")
    _, session = await a_session(person)
    await set_password(person, GOOD_PASSWORD, keep_session=session.session, at=NOON)
    assert await who(await sign_in(" Ada@Example.COM ", GOOD_PASSWORD, tried=HERE, at=NOON)) == person


async def test_a_wrong_password_an_unknown_address_and_no_password_say_the_same(database: str) -> None:
    person = await a_person(email="ada@example.com")
    await a_person("Bob Stone", email="bob@example.com")
    _, session = await a_session(person)
    await set_password(person, GOOD_PASSWORD, keep_session=session.session, at=NOON)
    said = set()
    for email in ("ada@example.com", "bob@example.com", "nobody@example.com"):
        with pytest.raises(NotSignedIn) as refused:
            await sign_in(email, "not the password", tried=HERE, at=NOON)
        said.add(refused.value.sentence())
    assert len(said) == 1


async def test_a_new_password_replaces_the_old_and_ends_other_sessions(database: str) -> None:
    person = await a_person(email="ada@example.com")
    other, _ = await a_session(person)
    token, session = await a_session(person)
    await set_password(person, GOOD_PASSWORD, keep_session=session.session, at=NOON)
    await set_password(person, GOOD_PASSWORD + "!", keep_session=session.session, at=NOON)
    assert (await who(token), await who(other)) == (person, None)
    with pytest.raises(NotSignedIn):
        await sign_in("ada@example.com", GOOD_PASSWORD, tried=HERE, at=NOON)
    assert await sign_in("ada@example.com", GOOD_PASSWORD + "!", tried=HERE, at=NOON)


async def test_a_password_must_be_of_a_fit_length(database: str) -> None:
    person = await a_person()
    _, session = await a_session(person)
    for password, refusal, sentence in (
        ("too short", PasswordTooShort, "Use at least 10 characters: a short sentence is easy to remember."),
        ("x" * 201, PasswordTooLong, "Use at most 200 characters."),
    ):
        with pytest.raises(refusal) as refused:
            await set_password(person, password, keep_session=session.session, at=NOON)
        assert refused.value.sentence() == sentence
    assert await fetch_value("SELECT count(*) FROM password") == 0


async def test_only_the_hash_of_a_password_is_kept(database: str) -> None:
    person = await a_person()
    _, session = await a_session(person)
    await set_password(person, GOOD_PASSWORD, keep_session=session.session, at=NOON)
    assert str(await fetch_value("SELECT hashed FROM password")).startswith("$argon2id$")


async def test_too_many_tries_for_one_address_are_refused_wherever_they_come_from(database: str) -> None:
    await a_person(email="ada@example.com")
    for number in range(TRIES_PER_ADDRESS):
        tried = Try(source=f"192.0.2.{number}", secret=SECRET)
        await ask_for_link("ada@example.com", tried=tried, at=NOON)
    with pytest.raises(TooManyTries) as refused:
        await ask_for_link("ADA@example.com", tried=Try(source="192.0.2.99", secret=SECRET), at=NOON)
    assert "Wait 15 minutes" in refused.value.sentence()
    with pytest.raises(TooManyTries):
        await sign_in("ada@example.com", GOOD_PASSWORD, tried=HERE, at=NOON)
    await ask_for_link("bob@example.com", tried=HERE, at=NOON)
    await ask_for_link("ada@example.com", tried=HERE, at=NOON + TRIES_COUNTED_FOR + A_MOMENT)


async def test_too_many_tries_from_one_source_are_refused_whatever_the_address(database: str) -> None:
    for number in range(TRIES_PER_SOURCE):
        await ask_for_link(f"person{number}@example.com", tried=HERE, at=NOON)
    with pytest.raises(TooManyTries):
        await ask_for_link("another@example.com", tried=HERE, at=NOON)
    await ask_for_link("another@example.com", tried=Try(source="192.0.2.2", secret=SECRET), at=NOON)


async def test_tries_at_the_same_time_are_all_counted(database: str) -> None:
    tries = TRIES_PER_ADDRESS * 2
    await asyncio.gather(
        *(ask_for_link("ada@example.com", tried=HERE, at=NOON) for _ in range(tries)), return_exceptions=True
    )
    subject = subject_of("address", "ada@example.com", secret=SECRET)
    assert await fetch_value("SELECT count(*) FROM sign_in_try WHERE subject = $1", subject) == tries
    with pytest.raises(TooManyTries):
        await ask_for_link("ada@example.com", tried=HERE, at=NOON)


async def test_each_sign_in_has_a_token_of_its_own(database: str) -> None:
    person = await a_person()
    one, _ = await a_session(person)
    other, _ = await a_session(person)
    assert one != other
    assert await fetch_value("SELECT count(DISTINCT digest) FROM session") == 2
    assert not await fetch("SELECT FROM session WHERE digest = $1", one.encode())


@pytest.mark.parametrize("token", [None, "", "an id that an attacker chose", "\x00", "ü" * 300])
async def test_a_cookie_that_we_did_not_make_signs_nobody_in(database: str, token: str | None) -> None:
    await a_session(await a_person())
    assert await who(token) is None
    assert await fetch_value("SELECT count(*) FROM session") == 1


async def test_a_session_ends_by_itself(database: str) -> None:
    person = await a_person()
    token, _ = await a_session(person)
    assert await who(token, NOON + SESSION_LASTS - A_MOMENT) == person
    assert await who(token, NOON + SESSION_LASTS) is None


async def test_signing_out_ends_this_session_only_and_only_ones_own(database: str) -> None:
    person, other = await a_person(), await a_person("Bob Stone")
    token, session = await a_session(person)
    second, _ = await a_session(person)
    await sign_out(session.session, by=other, at=NOON)
    assert await who(token) == person
    await sign_out(session.session, by=person, at=NOON)
    assert (await who(token), await who(second)) == (None, person)


async def test_signing_out_everywhere_ends_every_session_of_mine_and_of_nobody_else(database: str) -> None:
    person, other = await a_person(), await a_person("Bob Stone")
    tokens = [(await a_session(person))[0] for _ in range(3)]
    others, _ = await a_session(other)
    await sign_out_everywhere(person, at=NOON)
    assert [await who(token) for token in tokens] == [None, None, None]
    assert await who(others) == other


async def test_the_first_owner_is_made_once_however_often_a_link_is_made(database: str) -> None:
    links = await asyncio.gather(*(owner_link(secret=SECRET, at=NOON) for _ in range(4)))
    assert await fetch_value("SELECT count(*) FROM owner") == 1
    email = await fetch_value("SELECT p.email FROM owner o JOIN person p ON p.id = o.person")
    assert email == PLACEHOLDER_EMAIL
    tokens = [await use_link(link, secret=SECRET, at=NOON) for link in links]
    found = {await who(token) for token in tokens}
    assert found == {await fetch_value("SELECT person FROM owner")}


async def test_the_owners_link_signs_in_the_owner_who_is_there(database: str) -> None:
    owner = await an_owner()
    link = await owner_link(secret=SECRET, at=NOON)
    token = await use_link(link, secret=SECRET, at=NOON)
    _, found = await signed_in(token, NOON)
    assert found is not None
    assert (found.person, found.owner) == (owner, True)


async def test_an_owners_link_is_for_whom_it_is_asked_and_for_owners_only(database: str) -> None:
    await an_owner("Olga Owner")
    second = await an_owner("Otto Owner")
    await owner_link(secret=SECRET, at=NOON, to=second)
    assert await fetch_value("SELECT about FROM event WHERE name = 'owner_link_made'") == second
    with pytest.raises(NotFound):
        await owner_link(secret=SECRET, at=NOON, to=new_id())


async def test_a_lead_hands_over_a_first_link_that_works_once(database: str) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    lead = await a_person_with(Role.LEAD, program, owner, "Lena Lead")
    person = await a_listed_person(program, lead, "New Person")
    link = await hand_over_link(person, program=program, by=lead, secret=SECRET, at=NOON)
    assert await who(await use_link(link, secret=SECRET, at=NOON)) == person
    with pytest.raises(LinkIsSpent):
        await use_link(link, secret=SECRET, at=NOON)


async def test_once_somebody_signed_in_nobody_else_gets_a_link_for_them(database: str) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    person = await a_listed_person(program, owner, "New Person")
    _, session = await a_session(person)
    await sign_out(session.session, by=person, at=NOON)
    with pytest.raises(SignedInBefore) as refused:
        await hand_over_link(person, program=program, by=owner, secret=SECRET, at=NOON)
    assert "only they can ask for a new link" in refused.value.sentence()


async def test_nobody_gets_a_link_that_signs_them_in_as_an_owner(database: str) -> None:
    owner, other = await an_owner(), await an_owner("Otto Owner")
    program = await a_program(owner)
    async with transaction():
        await list_people(program, [other], by=owner, now=NOON)
    with pytest.raises(SignedInBefore):
        await hand_over_link(other, program=program, by=owner, secret=SECRET, at=NOON)


async def test_somebody_outside_the_program_is_not_found_for_a_first_link(database: str) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    with pytest.raises(NotFound):
        await hand_over_link(await a_person(), program=program, by=owner, secret=SECRET, at=NOON)


async def test_whom_another_program_lists_gets_a_first_link_from_an_owner_only(database: str) -> None:
    owner = await an_owner()
    program, elsewhere = await a_program(owner), await a_program(owner, "Another")
    lead = await a_person_with(Role.LEAD, program, owner, "Lena Lead")
    person = await a_listed_person(program, owner, "New Person")
    async with transaction():
        await list_people(elsewhere, [person], by=owner, now=NOON)
    with pytest.raises(BelongsElsewhere):
        await hand_over_link(person, program=program, by=lead, secret=SECRET, at=NOON)
    link = await hand_over_link(person, program=program, by=owner, secret=SECRET, at=NOON)
    assert await who(await use_link(link, secret=SECRET, at=NOON)) == person


@pytest.mark.parametrize("role", [Role.SPONSOR, Role.REVIEWER])
async def test_only_leads_and_owners_hand_over_first_links(database: str, role: Role) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    other = await a_person_with(role, program, owner, "Olaf Other")
    person = await a_listed_person(program, owner, "New Person")
    with pytest.raises(NotAllowed):
        await hand_over_link(person, program=program, by=other, secret=SECRET, at=NOON)
    assert await fetch_value("SELECT count(*) FROM sign_in_link") == 0


async def test_who_is_signed_in_is_one_query_and_needs_an_installation(database: str) -> None:
    token, _ = await a_session(await a_person())
    with counted_queries() as seen:
        await signed_in(token, NOON)
    assert len(seen) == 1
    await execute("DELETE FROM installation")
    with pytest.raises(LookupError, match="not migrated"):
        await signed_in(token, NOON)


async def test_a_demo_has_links_for_anybody_and_no_other_installation_has(database: str) -> None:
    person = await a_person()
    with pytest.raises(NotAllowed):
        await demo_link(person, secret=SECRET, at=NOON)
    await execute("UPDATE installation SET mark = 'demo', clock_offset_seconds = 3600")
    for _again in range(2):
        link = await demo_link(person, secret=SECRET, at=NOON)
        assert await who(await use_link(link, secret=SECRET, at=NOON)) == person
    told = await fetch("SELECT about FROM event WHERE name = 'demo_link_made'")
    assert [row["about"] for row in told] == [person, person]
