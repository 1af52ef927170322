"""Making, using and ending access tokens."""

import json
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from cohorts.enrolments.actions import note_departure
from cohorts.enrolments.queries import arrival_of_call
from program.access_tokens.actions import (
    LastsTooLong,
    MadeToken,
    NameMissing,
    ScopeMissing,
    TooManyTokens,
    count_call,
    make_access_token,
    revoke_access_token,
)
from program.access_tokens.queries import access_tokens_of
from program.access_tokens.rules import CALLS_COUNTED, MOST_TOKENS, Scope, is_well_formed
from program.database import execute, fetch, fetch_value
from program.form_keys.actions import Sent, SentBefore
from program.people.actions import take_back
from program.refusals import NotFound
from tests.cast import NOON, a_form, a_listed_person, a_person, a_program, an_owner

pytestmark = pytest.mark.usefixtures("database")


async def make(person: UUID, *, scopes: Collection[Scope] = (Scope.PROGRAM_READ,), **told: Any) -> MadeToken:
    asked = {"name": "Board report", "lasts_days": 30, "at": NOON, "sent": a_form(), **told}
    return await make_access_token(asked.pop("name"), scopes, by=person, **asked)


async def who(made: MadeToken, at: Any = NOON) -> UUID | None:
    found = await arrival_of_call(made.token, at, None)
    return found.person.person if found.person else None


async def test_a_token_acts_as_its_person_within_its_scopes() -> None:
    ada = await a_person()
    made = await make(ada, scopes=[Scope.EVENTS_READ, Scope.PROGRAM_READ])
    found = await arrival_of_call(made.token, NOON, None)
    assert found.person is not None
    assert (found.person.person, found.person.session) == (ada, made.id)
    assert found.scopes == {Scope.EVENTS_READ, Scope.PROGRAM_READ}


async def test_the_database_holds_no_token_and_events_tell_none() -> None:
    made = await make(await a_person())
    assert made.token is not None
    assert is_well_formed(made.token)
    kept = [
        dict(row)
        for table in ("access_token", "event", "form_key")
        for row in await fetch(f"SELECT * FROM {table}")
    ]
    assert made.token not in str(kept)
    (event,) = await fetch("SELECT name, program, subject, facts FROM event")
    assert (event["name"], event["program"], event["subject"]) == ("access_token_made", None, made.id)
    assert json.loads(event["facts"]) == {"scopes": ["program:read"], "days": 30}


async def test_the_same_form_makes_one_token_and_tells_it_once() -> None:
    ada, sent = await a_person(), a_form("a token")
    first, again = await make(ada, sent=sent), await make(ada, sent=sent)
    assert (again.id, again.token) == (first.id, None)
    assert await fetch_value("SELECT count(*) FROM access_token") == 1
    with pytest.raises(SentBefore):
        await make(ada, sent=Sent.of(sent.key, b"other words"))


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"name": "  "}, NameMissing),
        ({"name": "x" * 81}, NameMissing),
        ({"scopes": []}, ScopeMissing),
        ({"lasts_days": 4_000}, LastsTooLong),
    ],
)
async def test_a_token_has_a_name_something_to_do_and_an_end(
    told: dict[str, Any], refusal: type[Any]
) -> None:
    with pytest.raises(refusal) as refused:
        await make(await a_person(), **told)
    assert refused.value.sentence()
    assert await fetch_value("SELECT count(*) FROM access_token") == 0


async def test_nobody_has_more_valid_tokens_than_can_be_kept_in_mind() -> None:
    ada = await a_person()
    made = [await make(ada) for _ in range(MOST_TOKENS)]
    with pytest.raises(TooManyTokens) as refused:
        await make(ada)
    assert str(MOST_TOKENS) in refused.value.sentence()
    await revoke_access_token(made[0].id, by=ada, at=NOON)
    await make(ada)


async def test_a_token_ends_when_it_expires() -> None:
    ada = await a_person()
    made = await make(ada, lasts_days=7)
    assert await who(made, NOON + timedelta(days=7, seconds=-1)) == ada
    assert await who(made, NOON + timedelta(days=7)) is None


async def test_a_token_ends_when_it_is_revoked_once_and_for_all() -> None:
    ada = await a_person()
    made = await make(ada)
    await revoke_access_token(made.id, by=ada, at=NOON)
    await revoke_access_token(made.id, by=ada, at=NOON)
    assert await who(made) is None
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'access_token_revoked'") == 1


async def test_nobody_revokes_the_token_of_another() -> None:
    made = await make(await a_person())
    for token, person in ((made.id, await a_person("Bea")), (uuid4(), await a_person("Cleo"))):
        with pytest.raises(NotFound):
            await revoke_access_token(token, by=person, at=NOON)


async def test_a_token_ends_when_its_person_leaves_and_stays_so_when_they_return() -> None:
    olga = await an_owner()
    program = await a_program(olga)
    lisa = await a_listed_person(program, olga, "Lisa Listed")
    made = await make(lisa)
    await note_departure(lisa, program=program, by=olga, now=NOON)
    assert await who(made) is None
    await take_back(lisa, program=program, by=olga, now=NOON)
    assert await who(made) is None
    (line,) = await access_tokens_of(lisa, at=NOON)
    assert (line.valid, line.revoked_at) == (False, NOON)


async def test_calls_are_counted_for_a_minute_and_then_anew() -> None:
    made = await make(await a_person())
    first = await count_call(made.id, cost=1, at=NOON)
    second = await count_call(made.id, cost=10, at=NOON + timedelta(seconds=20))
    anew = await count_call(made.id, cost=1, at=NOON + timedelta(seconds=60))
    assert [each.left for each in (first, second, anew)] == [
        CALLS_COUNTED - 1,
        CALLS_COUNTED - 11,
        CALLS_COUNTED - 1,
    ]
    assert (second.anew_in_seconds, anew.anew_in_seconds) == (40, 60)


async def test_the_list_tells_when_a_token_was_used_and_shows_valid_ones_first() -> None:
    ada = await a_person()
    old = await make(ada, name="Old", lasts_days=7)
    await make(ada, name="New", lasts_days=365)
    await count_call(old.id, cost=1, at=NOON + timedelta(hours=1))
    lines = await access_tokens_of(ada, at=NOON + timedelta(days=8))
    assert [(line.name, line.valid, line.used_at) for line in lines] == [
        ("New", True, None),
        ("Old", False, NOON + timedelta(hours=1)),
    ]


async def test_what_is_counted_may_be_lost_without_harm() -> None:
    made = await make(await a_person())
    await count_call(made.id, cost=1, at=NOON)
    await execute("TRUNCATE access_token_use")
    assert (await count_call(made.id, cost=1, at=NOON)).left == CALLS_COUNTED - 1
