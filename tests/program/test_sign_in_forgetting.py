"""What signing in leaves behind is forgotten, but for what still says something."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from program.database import execute, fetch, fetch_value, new_id, transaction
from program.sign_in.actions import SignedInBefore, begin_session, hand_over_link
from program.sign_in.forgetting import forget_old_sign_ins
from program.sign_in.queries import signed_in
from program.sign_in.rules import KEPT_AFTERWARDS, LINK_LASTS, SESSION_LASTS, TRIES_COUNTED_FOR
from tests.cast import NOON, a_listed_person, a_person, a_program, an_owner

A_MOMENT = timedelta(seconds=1)
pytestmark = pytest.mark.usefixtures("database")


async def a_session(person: UUID, at: datetime) -> str:
    async with transaction():
        return await begin_session(person, at)


async def sessions(person: UUID) -> list[datetime]:
    rows = await fetch("SELECT made_at FROM session WHERE person = $1 ORDER BY made_at", person)
    return [row["made_at"] for row in rows]


async def test_tries_are_forgotten_once_they_count_no_more() -> None:
    await execute("INSERT INTO sign_in_try (id, subject, tried_at) VALUES ($1, '', $2)", new_id(), NOON)
    await forget_old_sign_ins(NOON + TRIES_COUNTED_FOR)
    assert await fetch_value("SELECT count(*) FROM sign_in_try") == 1
    await forget_old_sign_ins(NOON + TRIES_COUNTED_FOR + A_MOMENT)
    assert await fetch_value("SELECT count(*) FROM sign_in_try") == 0


async def test_links_are_forgotten_a_month_after_they_ended() -> None:
    await execute(
        "INSERT INTO sign_in_link (id, person, nonce, made_at, expires_at) VALUES ($1, $2, '', $3, $4)",
        new_id(),
        await a_person(),
        NOON,
        NOON + LINK_LASTS,
    )
    await forget_old_sign_ins(NOON + LINK_LASTS + KEPT_AFTERWARDS)
    assert await fetch_value("SELECT count(*) FROM sign_in_link") == 1
    await forget_old_sign_ins(NOON + LINK_LASTS + KEPT_AFTERWARDS + A_MOMENT)
    assert await fetch_value("SELECT count(*) FROM sign_in_link") == 0


async def test_sessions_are_forgotten_a_month_after_they_ended_but_for_the_newest() -> None:
    person = await a_person()
    later = NOON + timedelta(days=5)
    for at in (NOON, later):
        await a_session(person, at)
    end = NOON + SESSION_LASTS + KEPT_AFTERWARDS
    await forget_old_sign_ins(end)
    assert await sessions(person) == [NOON, later]
    await forget_old_sign_ins(end + A_MOMENT)
    assert await sessions(person) == [later]
    await forget_old_sign_ins(end + timedelta(days=4000))
    assert await sessions(person) == [later]


async def test_a_session_that_was_ended_early_goes_as_early_and_one_that_goes_on_stays() -> None:
    person = await a_person()
    ended, token = await a_session(person, NOON), await a_session(person, NOON + A_MOMENT)
    await execute("UPDATE session SET ended_at = $1 WHERE made_at = $1", NOON)
    now = NOON + SESSION_LASTS
    await forget_old_sign_ins(NOON + KEPT_AFTERWARDS + A_MOMENT)
    assert await sessions(person) == [NOON + A_MOMENT]
    assert (await signed_in(token, now))[1] is not None
    assert (await signed_in(ended, now))[1] is None


async def test_nobody_who_ever_signed_in_becomes_somebody_who_never_did() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    person = await a_listed_person(program, owner, "Mia Member")
    await a_session(person, NOON)
    at = NOON + timedelta(days=4000)
    await forget_old_sign_ins(at)
    with pytest.raises(SignedInBefore):
        await hand_over_link(person, program=program, by=owner, secret="x" * 40, at=at)
