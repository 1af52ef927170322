from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from program.database import fetch_row, fetch_value, transaction
from program.refusals import NotFound
from program.roles.rules import Reader
from program.social_accounts.actions import (
    AccountNotFit,
    ConsentedAlready,
    ConsentTooEarly,
    HasThisAccount,
    NoConsent,
    add_account,
    consent,
    end_consents,
    remove_account,
    withdraw_consent,
)
from program.social_accounts.queries import own_accounts
from program.social_accounts.rules import Account, Network, Stance
from tests.cast import NOON, a_form, a_listed_person, a_program, an_owner

TODAY = date(2026, 6, 1)
ACCOUNT = Account(
    network=Network.LINKEDIN,
    handle="@ada",
    address="",
    stance=Stance.PROFESSIONAL,
    disclosure=" I work at Example. ",
)
pytestmark = pytest.mark.usefixtures("database")


class Stage:
    def __init__(self, program: UUID, mia: UUID, noa: UUID) -> None:
        self.program, self.mia, self.noa = program, mia, noa

    async def adds(self, account: Account = ACCOUNT) -> UUID:
        return await add_account(account, program=self.program, by=self.mia, now=NOON, sent=a_form())

    async def consents(self, account: UUID, **told: Any) -> None:
        await consent(
            account,
            **{
                "from_on": TODAY,
                "tracking_start": None,
                "program": self.program,
                "by": self.mia,
                "now": NOON,
                "today": TODAY,
                **told,
            },
        )

    def reader(self, person: UUID) -> Reader:
        return Reader(
            person=person,
            name="",
            owner=False,
            program=self.program,
            granted=frozenset(),
            listed=True,
            coached=frozenset(),
            memberships=(),
        )


@pytest.fixture
async def stage(database: str) -> Stage:
    lead = await an_owner()
    program = await a_program(lead)
    mia, noa = [await a_listed_person(program, lead, name) for name in ("Mia Member", "Noa Novice")]
    return Stage(program, mia, noa)


async def test_an_account_is_seen_by_its_owner_only_and_not_tracked(stage: Stage) -> None:
    await stage.adds()
    (line,) = await own_accounts(seen_by=stage.reader(stage.mia))
    assert (line.network, line.handle, line.address) == (Network.LINKEDIN, "ada", None)
    assert (line.stance, line.disclosure, line.consented_from) == (
        Stance.PROFESSIONAL,
        "I work at Example.",
        None,
    )
    assert await own_accounts(seen_by=stage.reader(stage.noa)) == []


async def test_an_account_without_a_finished_disclosure_is_refused(stage: Stage) -> None:
    with pytest.raises(AccountNotFit) as refused:
        await stage.adds(replace(ACCOUNT, disclosure="I work at …"))
    assert "where you work" in refused.value.sentence()


async def test_the_same_account_is_added_once_whatever_its_letters(stage: Stage) -> None:
    account = await stage.adds()
    with pytest.raises(HasThisAccount):
        await stage.adds(replace(ACCOUNT, handle="ADA"))
    await remove_account(account, program=stage.program, by=stage.mia, now=NOON)
    await stage.adds()


async def test_the_same_form_sent_twice_adds_one_account(stage: Stage) -> None:
    sent = a_form("ada")
    told: dict[str, Any] = {"program": stage.program, "by": stage.mia, "now": NOON, "sent": sent}
    assert await add_account(ACCOUNT, **told) == await add_account(ACCOUNT, **told)


async def test_consent_holds_from_the_day_chosen_until_it_is_withdrawn(stage: Stage) -> None:
    account = await stage.adds()
    await stage.consents(account, from_on=TODAY + timedelta(days=3))
    (line,) = await own_accounts(seen_by=stage.reader(stage.mia))
    assert line.consented_from == TODAY + timedelta(days=3)
    with pytest.raises(ConsentedAlready):
        await stage.consents(account)
    await withdraw_consent(account, program=stage.program, by=stage.mia, now=NOON)
    (line,) = await own_accounts(seen_by=stage.reader(stage.mia))
    assert line.consented_from is None
    with pytest.raises(NoConsent):
        await withdraw_consent(account, program=stage.program, by=stage.mia, now=NOON)
    await stage.consents(account)


async def test_consent_does_not_reach_back_before_the_tracking_start(stage: Stage) -> None:
    account = await stage.adds()
    with pytest.raises(ConsentTooEarly) as refused:
        await stage.consents(account, from_on=TODAY - timedelta(days=1))
    assert "today, 1 June 2026" in refused.value.sentence()
    start = TODAY - timedelta(days=30)
    with pytest.raises(ConsentTooEarly) as refused:
        await stage.consents(account, from_on=start - timedelta(days=1), tracking_start=start)
    assert "2 May 2026" in refused.value.sentence()
    await stage.consents(account, from_on=start, tracking_start=start)


async def test_the_account_of_somebody_else_is_not_found(stage: Stage) -> None:
    account = await stage.adds()
    with pytest.raises(NotFound):
        await stage.consents(account, by=stage.noa)
    with pytest.raises(NotFound):
        await withdraw_consent(account, program=stage.program, by=stage.noa, now=NOON)
    with pytest.raises(NotFound):
        await remove_account(account, program=stage.program, by=stage.noa, now=NOON)


async def test_removing_an_account_withdraws_its_consent(stage: Stage) -> None:
    account = await stage.adds()
    await stage.consents(account)
    await remove_account(account, program=stage.program, by=stage.mia, now=NOON - timedelta(hours=1))
    assert await fetch_value("SELECT count(*) FROM consent WHERE withdrawn_at IS NULL") == 0
    assert await own_accounts(seen_by=stage.reader(stage.mia)) == []
    with pytest.raises(NotFound):
        await stage.consents(account)


async def test_events_tell_the_network_and_no_handle(stage: Stage) -> None:
    account = await stage.adds()
    await stage.consents(account)
    row = await fetch_row(
        "SELECT name, facts, subject FROM event WHERE program IS NOT NULL ORDER BY number DESC"
    )
    assert row is not None
    assert (row["name"], row["subject"]) == ("consent_given", account)
    assert "ada" not in row["facts"]


async def test_after_a_no_the_day_of_the_last_yes_is_known_for_the_way_back(stage: Stage) -> None:
    account = await stage.adds()
    assert [line.consented_before for line in await own_accounts(seen_by=stage.reader(stage.mia))] == [None]
    for days in (3, 5):
        await stage.consents(account, from_on=TODAY + timedelta(days=days))
        (line,) = await own_accounts(seen_by=stage.reader(stage.mia))
        assert (line.consented_from, line.consented_before) == (TODAY + timedelta(days=days), None)
        later = NOON + timedelta(hours=days)
        await withdraw_consent(account, program=stage.program, by=stage.mia, now=later)
    (line,) = await own_accounts(seen_by=stage.reader(stage.mia))
    assert (line.consented_from, line.consented_before) == (None, TODAY + timedelta(days=5))


async def test_all_consents_of_a_person_to_a_program_end_at_once(stage: Stage) -> None:
    for network in (Network.X, Network.MASTODON):
        await stage.consents(await stage.adds(replace(ACCOUNT, network=network)))
    async with transaction():
        assert await end_consents(stage.noa, program=stage.program, now=NOON) == 0
        assert await end_consents(stage.mia, program=stage.program, now=NOON) == 2
        assert await end_consents(stage.mia, program=stage.program, now=NOON) == 0
