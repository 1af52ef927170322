"""Registering one's own accounts, and the yes or no to having them tracked."""

from datetime import date, datetime
from uuid import UUID

from program.database import execute, fetch_row, new_id, transaction
from program.events.actions import record
from program.form_keys.actions import Sent, first_result
from program.refusals import NotFound, Refusal
from program.social_accounts.rules import Account, account_bars, consent_bar, plain_handle
from program.social_accounts.words import bar_sentence
from program.words import gettext as _


class AccountNotFit(Refusal):
    def sentence(self) -> str:
        return " ".join(bar_sentence(bar) for bar in self.reasons)


class HasThisAccount(Refusal):
    field = "handle"

    def sentence(self) -> str:
        return _("You have added this account already.")


class ConsentTooEarly(Refusal):
    field = "from_on"

    def sentence(self) -> str:
        return bar_sentence(self.reasons[0])


class ConsentedAlready(Refusal):
    def sentence(self) -> str:
        return _("You have said yes for this account already. To choose another day, say no first.")


class NoConsent(Refusal):
    def sentence(self) -> str:
        return _("There is no consent for this account, so nothing of it is tracked.")


async def add_account(account: Account, *, program: UUID, by: UUID, now: datetime, sent: Sent) -> UUID:
    """Add an account of one's own. Nothing of it is tracked before its owner consents."""
    bars = account_bars(account)
    if bars:
        raise AccountNotFit(*bars)
    async with transaction():
        id = new_id()
        earlier = await first_result(sent, by=by, at=now, result=id)
        if earlier is not None:
            return earlier
        added = await execute(
            "INSERT INTO social_account (id, person, network, handle, address, stance, disclosure, added_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            " ON CONFLICT (person, network, lower(handle)) WHERE removed_at IS NULL DO NOTHING",
            id,
            by,
            account.network.value,
            plain_handle(account.handle),
            account.address or None,
            account.stance.value,
            account.disclosure.strip(),
            now,
        )
        if not added:
            raise HasThisAccount
        await record(
            "social_account_added",
            program=program,
            by=by,
            at=now,
            subject=id,
            facts={"network": account.network.value},
        )
        return id


async def remove_account(account: UUID, *, program: UUID, by: UUID, now: datetime) -> None:
    """Remove an account of one's own; its tracking ends with it, in every program."""
    async with transaction():
        network = await _own_network(account, by)
        await execute(
            "UPDATE consent SET withdrawn_at = greatest($2, given_at) WHERE account = $1 AND withdrawn_at IS NULL",
            account,
            now,
        )
        await execute("UPDATE social_account SET removed_at = $2 WHERE id = $1", account, now)
        await record(
            "social_account_removed",
            program=program,
            by=by,
            at=now,
            subject=account,
            facts={"network": network},
        )


async def consent(
    account: UUID,
    *,
    from_on: date,
    tracking_start: date | None,
    program: UUID,
    by: UUID,
    now: datetime,
    today: date,
) -> None:
    """Say yes to tracking an account of one's own from a day on, never before `tracking_start`, that of one's cohort."""
    bar = consent_bar(from_on, tracking_start=tracking_start, today=today)
    if bar:
        raise ConsentTooEarly(bar)
    async with transaction():
        network = await _own_network(account, by)
        given = await execute(
            "INSERT INTO consent (id, account, program, from_on, given_at) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (account, program) WHERE withdrawn_at IS NULL DO NOTHING",
            new_id(),
            account,
            program,
            from_on,
            now,
        )
        if not given:
            raise ConsentedAlready
        await record(
            "consent_given",
            program=program,
            by=by,
            at=now,
            subject=account,
            facts={"network": network, "from_on": from_on.isoformat()},
        )


async def withdraw_consent(account: UUID, *, program: UUID, by: UUID, now: datetime) -> None:
    """Say no again: nothing of the account is tracked from this moment on. What was kept stays until it is deleted."""
    async with transaction():
        network = await _own_network(account, by)
        withdrawn = await execute(
            "UPDATE consent SET withdrawn_at = greatest($3, given_at)"
            " WHERE account = $1 AND program = $2 AND withdrawn_at IS NULL",
            account,
            program,
            now,
        )
        if not withdrawn:
            raise NoConsent
        await record(
            "consent_withdrawn",
            program=program,
            by=by,
            at=now,
            subject=account,
            facts={"network": network},
        )


async def end_consents(person: UUID, *, program: UUID | None, now: datetime) -> int:
    """Within a transaction: every consent of a person to a program (None: to any) ends. Answers how many did."""
    return await execute(
        "UPDATE consent SET withdrawn_at = greatest($3, given_at)"
        " WHERE ($2::uuid IS NULL OR program = $2) AND withdrawn_at IS NULL"
        " AND account IN (SELECT id FROM social_account WHERE person = $1)",
        person,
        program,
        now,
    )


async def _own_network(account: UUID, person: UUID) -> str:
    """The network of a person's own account, which is locked. Raises `NotFound` for anybody else's."""
    row = await fetch_row(
        "SELECT network FROM social_account WHERE id = $1 AND person = $2 AND removed_at IS NULL FOR UPDATE",
        account,
        person,
    )
    if row is None:
        raise NotFound
    return str(row["network"])
