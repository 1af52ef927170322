"""The same form sent twice has one result."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from program.database import fetch_value, new_id, transaction
from program.form_keys.actions import KEPT_FOR, Sent, SentBefore, first_result, forget_old_forms
from program.refusals import Refusal
from tests.cast import NOON, a_person


class Unwilling(Refusal):
    def sentence(self) -> str:
        return "No."


async def claim(sent: Sent, by: UUID, result: UUID) -> UUID | None:
    async with transaction():
        return await first_result(sent, by=by, at=NOON, result=result)


async def test_a_new_form_has_no_earlier_result(database: str) -> None:
    assert await claim(Sent.of(uuid4(), b"x"), await a_person(), new_id()) is None


async def test_the_same_form_again_answers_the_first_result(database: str) -> None:
    person, sent, result = await a_person(), Sent.of(uuid4(), b"x"), new_id()
    await claim(sent, person, result)
    assert await claim(sent, person, new_id()) == result
    assert await claim(sent, person, new_id()) == result


async def test_the_same_key_with_other_words_is_refused_and_names_the_first_result(database: str) -> None:
    person, key, result = await a_person(), uuid4(), new_id()
    await claim(Sent.of(key, b"x"), person, result)
    with pytest.raises(SentBefore) as refused:
        await claim(Sent.of(key, b"y"), person, new_id())
    assert refused.value.reasons == (result,)
    assert "What was sent first was kept" in refused.value.sentence()


async def test_somebody_elses_key_is_refused_without_naming_their_result(database: str) -> None:
    sent = Sent.of(uuid4(), b"x")
    await claim(sent, await a_person("Ada Lovelace"), new_id())
    with pytest.raises(SentBefore) as refused:
        await claim(sent, await a_person("Bob Stone"), new_id())
    assert refused.value.reasons == (None,)


async def test_a_refusal_uses_no_key_up(database: str) -> None:
    person, sent, result = await a_person(), Sent.of(uuid4(), b"x"), new_id()

    async def refused() -> None:
        async with transaction():
            await first_result(sent, by=person, at=NOON, result=new_id())
            raise Unwilling

    with pytest.raises(Unwilling):
        await refused()
    assert await claim(sent, person, result) is None


async def test_the_same_form_sent_twenty_times_at_once_has_one_result(database: str) -> None:
    person, sent = await a_person(), Sent.of(uuid4(), b"x")

    async def one() -> UUID:
        own = new_id()
        return await claim(sent, person, own) or own

    results = await asyncio.gather(*(one() for _ in range(20)))
    assert len(set(results)) == 1
    assert await fetch_value("SELECT count(*) FROM form_key") == 1
    assert await fetch_value("SELECT result FROM form_key") == results[0]


async def test_when_the_first_is_refused_the_one_that_waited_goes_on(database: str) -> None:
    person, sent, holding = await a_person(), Sent.of(uuid4(), b"x"), asyncio.Event()

    async def first() -> None:
        async with transaction():
            await first_result(sent, by=person, at=NOON, result=new_id())
            holding.set()
            await _somebody_waits_for_a_lock()
            raise Unwilling

    async def second() -> UUID | None:
        await holding.wait()
        return await claim(sent, person, new_id())

    refused, claimed = await asyncio.gather(first(), second(), return_exceptions=True)
    assert isinstance(refused, Unwilling)
    assert claimed is None


async def _somebody_waits_for_a_lock() -> None:
    while not await fetch_value(
        "SELECT true FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' LIMIT 1"
    ):
        await fetch_value("SELECT pg_stat_clear_snapshot()")


async def test_forms_are_forgotten_after_a_month_and_not_before(database: str) -> None:
    person, sent, result = await a_person(), Sent.of(uuid4(), b"x"), new_id()
    await claim(sent, person, result)
    await forget_old_forms(NOON + KEPT_FOR)
    assert await claim(sent, person, new_id()) == result
    await forget_old_forms(NOON + KEPT_FOR + timedelta(seconds=1))
    assert await claim(sent, person, new_id()) is None
