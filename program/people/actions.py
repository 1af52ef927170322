"""What people change of themselves, and what leads change of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from program.access_tokens.actions import end_access_tokens
from program.database import execute, fetch_row, fetch_value, new_id, transaction
from program.events.actions import record
from program.form_keys.actions import Sent, first_result
from program.network_activity.rules import SaidBy
from program.people.queries import SAID_BY
from program.people.rules import PLACEHOLDER_EMAIL
from program.programs.actions import list_people, require_ours_alone
from program.refusals import NotFound, Refusal
from program.roles.actions import require_lead_or_owner
from program.words import gettext as _


class AddressTaken(Refusal):
    field = "email"

    def sentence(self) -> str:
        return _("Somebody else has this e-mail address.")


class AddressIsTheirs(Refusal):
    field = "email"

    def sentence(self) -> str:
        return _("They sign in with this address, so only an owner of this installation can change it.")


class ListedAlready(Refusal):
    field = "email"

    def sentence(self) -> str:
        return _("Somebody with this address is among the program’s people already.")


class ManagerNotListed(Refusal):
    field = "manager_email"

    def sentence(self) -> str:
        return _("Nobody else among the program’s people has this address.")


class ManagerNotKnown(Refusal):
    field = "said_by"

    def sentence(self) -> str:
        return _("Say who their manager is too, so that it is known whose word this is.")


class NobodyThere(Refusal):
    field = "email"

    def sentence(self) -> str:
        return _("Nobody among the program’s people has this address. Add them first.")


class OwnersStay(Refusal):
    def sentence(self) -> str:
        return _("They own this installation, so they cannot be signed out of it here.")


class NotOneself(Refusal):
    def sentence(self) -> str:
        return _("You cannot say this of yourself. Ask another lead.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What a lead tells of a person; None where it is not known.

    `said_by` is by whose word `networks` and `how_often` are known: their own, their manager’s, or neither; None
    leaves it as it was.
    """

    name: str
    email: str
    job_title: str | None = None
    job_function: str | None = None
    department: str | None = None
    level: int | None = None
    region: str | None = None
    manager_email: str | None = None
    networks: tuple[str, ...] | None = None
    how_often: str | None = None
    said_by: SaidBy | None = None


class AddressIsGiven(Refusal):
    field = "email"

    def sentence(self) -> str:
        return _("You sign in with your address. An owner of this installation can correct it.")


class HowOftenMissing(Refusal):
    field = "how_often"

    def sentence(self) -> str:
        return _("How often is it, about? A guess is enough.")


class NoNetworkNamed(Refusal):
    field = "networks"

    def sentence(self) -> str:
        return _("Tick where that is; or say “not at all” below, if that is how it is.")


async def hold_people_still() -> None:
    """Within a transaction: until its end nobody else adds people or changes whom an address means."""
    await execute("SELECT pg_advisory_xact_lock(hashtext('pilotage people'))")


async def introduce_oneself(person: UUID, *, name: str, email: str, now: datetime) -> None:
    """Say who one is: one's name and, for the first owner, who has none yet, the e-mail address (in small letters).

    Refused where the address is somebody else's, and where it would replace one that a lead gave: whoever chose their
    own address could be taken for its holder.
    """
    async with transaction():
        await hold_people_still()
        before = await fetch_value("SELECT email FROM person WHERE id = $1", person)
        if before not in (email, PLACEHOLDER_EMAIL):
            raise AddressIsGiven
        if await _holder_of(email, other_than=person):
            raise AddressTaken
        await execute("UPDATE person SET name = $2, email = $3 WHERE id = $1", person, name, email)
        await record("person_introduced", program=None, by=person, about=person, at=now)


async def choose_theme(person: UUID, theme: str) -> None:
    """“system”, “light” or “dark”."""
    await execute("UPDATE person SET theme = $2 WHERE id = $1", person, theme)


async def choose_language(person: UUID, locale: str) -> None:
    """One of `program.words.LOCALES`: the words, and how days, times and numbers are written."""
    await execute("UPDATE person SET locale = $2 WHERE id = $1", person, locale)


async def state_networks(
    person: UUID,
    networks: Sequence[str] | None,
    how_often: str | None,
    *,
    program: UUID,
    now: datetime,
) -> None:
    """Say oneself on which networks one is active, and how often; None for both where one would rather not say.

    What is not said is unknown, which is not the same as “not active”. Refused where the two do not go together.
    """
    if networks is not None and how_often is None:
        raise HowOftenMissing
    if not networks and how_often not in (None, "never"):
        raise NoNetworkNamed
    async with transaction():
        await execute(
            "UPDATE person SET networks = $2, how_often = $3, networks_said_by = $1 WHERE id = $1",
            person,
            None if networks is None else list(networks),
            how_often,
        )
        await record("networks_stated", program=program, by=person, about=person, subject=person, at=now)


async def add_person(told: Particulars, *, program: UUID, by: UUID, now: datetime, sent: Sent) -> UUID:
    """List somebody among the program's people. Whom the company knows already, by address, stays as they are.

    For leads and owners. Refused where somebody with this address is listed already.
    """
    async with transaction():
        await hold_people_still()
        await require_lead_or_owner(program, by)
        known: UUID | None = await fetch_value("SELECT id FROM person WHERE email = $1", told.email)
        person = known or new_id()
        if earlier := await first_result(sent, by=by, at=now, result=person):
            return earlier
        if known and await _is_listed(program, known):
            raise ListedAlready
        if known is None:
            await execute(
                "INSERT INTO person (id, email, name, made_at) VALUES ($1, $2, $3, $4)",
                person,
                told.email,
                told.name,
                now,
            )
            await _write(person, told, await _manager(told.manager_email, program=program, of=person))
            await _note_whose_word(person, told.said_by)
        await list_people(program, [person], by=by, now=now)
        await record("person_added", program=program, by=by, about=person, subject=person, at=now)
    return person


async def change_person(person: UUID, told: Particulars, *, program: UUID, by: UUID, now: datetime) -> None:
    """Change what is known of one of the program's people. For leads and owners.

    Refused where the address is somebody else's, and where it is that of an owner or of somebody who signed in before:
    whoever may change it could sign in in their place. An owner may, but not another owner's.
    """
    async with transaction():
        await hold_people_still()
        await require_lead_or_owner(program, by)
        before = await _locked(person, program)
        told = replace(told, said_by=told.said_by or before.said_by)
        if told.email != before.email:
            if await _signs_in(person) and not await _owner_over(person, by):
                raise AddressIsTheirs
            await require_ours_alone(person, program=program, by=by)
            if await _holder_of(told.email, other_than=person):
                raise AddressTaken
        old, new = asdict(before), asdict(told)
        changed = [name for name in new if new[name] != old[name]]
        if not changed:
            return
        manager = await _manager(told.manager_email, program=program, of=person)
        await _write(person, told, manager)
        if told.said_by != before.said_by:
            await _note_whose_word(person, told.said_by)
        await record(
            "person_changed",
            program=program,
            by=by,
            about=person,
            subject=person,
            at=now,
            facts={"changed": changed},
        )


async def depart(person: UUID, *, program: UUID, by: UUID, now: datetime) -> bool:
    """Within a transaction: every session of theirs ends at once, and they cannot sign in until they are taken back.

    For leads and owners. Refused for owners and for oneself. False where it is known already.
    """
    await require_lead_or_owner(program, by)
    await _locked(person, program)
    await require_ours_alone(person, program=program, by=by)
    if person == by:
        raise NotOneself
    if await fetch_value("SELECT true FROM owner WHERE person = $1", person):
        raise OwnersStay
    noted = await execute(
        "INSERT INTO departure (id, person, departed_at, by) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (person) WHERE returned_at IS NULL DO NOTHING",
        new_id(),
        person,
        now,
        by,
    )
    await execute("UPDATE session SET ended_at = $2 WHERE person = $1 AND ended_at IS NULL", person, now)
    await end_access_tokens(person, by=by, at=now)
    return bool(noted)


async def take_back(person: UUID, *, program: UUID, by: UUID, now: datetime) -> None:
    """They are with the company again and may sign in. For leads and owners."""
    async with transaction():
        await require_lead_or_owner(program, by)
        await _locked(person, program)
        returned = await execute(
            "UPDATE departure SET returned_at = $2 WHERE person = $1 AND returned_at IS NULL", person, now
        )
        if returned:
            await record("person_returned", program=program, by=by, about=person, subject=person, at=now)


async def _locked(person: UUID, program: UUID) -> Particulars:
    """What is known of one of the program's people; nobody changes it, nor signs in as them, until the transaction ends."""
    row = await fetch_row(
        "SELECT p.name, p.email, p.job_title, p.job_function, p.department, p.level, p.region, p.networks,"
        f" p.how_often, {SAID_BY} AS said_by, m.email AS manager_email FROM person p LEFT JOIN person m ON m.id = p.manager"
        " WHERE p.id = $1 AND EXISTS (SELECT FROM listing l WHERE l.program = $2 AND l.person = p.id)"
        " FOR UPDATE OF p",
        person,
        program,
    )
    if row is None:
        raise NotFound
    known: dict[str, Any] = dict(row)
    known["networks"] = tuple(known["networks"]) if known["networks"] is not None else None
    known["said_by"] = SaidBy(known["said_by"]) if known["said_by"] else None
    return Particulars(**known)


async def _write(person: UUID, told: Particulars, manager: UUID | None) -> None:
    await execute(
        "UPDATE person SET name = $2, email = $3, job_title = $4, job_function = $5, department = $6, level = $7,"
        " region = $8, manager = $9, networks = $10, how_often = $11 WHERE id = $1",
        person,
        told.name,
        told.email,
        told.job_title,
        told.job_function,
        told.department,
        told.level,
        told.region,
        manager,
        list(told.networks) if told.networks is not None else None,
        told.how_often,
    )


async def _note_whose_word(person: UUID, said_by: SaidBy | None) -> None:
    noted = await execute(
        "UPDATE person SET networks_said_by = CASE $2 WHEN 'oneself' THEN id WHEN 'manager' THEN manager END"
        " WHERE id = $1 AND ($2 <> 'manager' OR manager IS NOT NULL)",
        person,
        (said_by or SaidBy.FILE).value,
    )
    if not noted:
        raise ManagerNotKnown


async def _manager(email: str | None, *, program: UUID, of: UUID) -> UUID | None:
    """Whom the address means: one of the program's people, or the manager they have already."""
    if email is None:
        return None
    manager: UUID | None = await fetch_value(
        "SELECT m.id FROM person m WHERE m.email = $1 AND m.id <> $3"
        " AND (EXISTS (SELECT FROM listing l WHERE l.program = $2 AND l.person = m.id)"
        "  OR EXISTS (SELECT FROM person p WHERE p.id = $3 AND p.manager = m.id))",
        email,
        program,
        of,
    )
    if manager is None:
        raise ManagerNotListed
    return manager


async def _is_listed(program: UUID, person: UUID) -> bool:
    return bool(
        await fetch_value("SELECT true FROM listing WHERE program = $1 AND person = $2", program, person)
    )


async def _holder_of(email: str, *, other_than: UUID) -> UUID | None:
    holder: UUID | None = await fetch_value(
        "SELECT id FROM person WHERE email = $1 AND id <> $2", email, other_than
    )
    return holder


async def _owner_over(person: UUID, by: UUID) -> bool:
    """An owner corrects anybody's address but another owner's."""
    return bool(
        await fetch_value(
            "SELECT EXISTS (SELECT FROM owner WHERE person = $2)"
            " AND ($1 = $2 OR NOT EXISTS (SELECT FROM owner WHERE person = $1))",
            person,
            by,
        )
    )


async def _signs_in(person: UUID) -> bool:
    return bool(
        await fetch_value(
            "SELECT EXISTS (SELECT FROM owner WHERE person = $1) OR EXISTS (SELECT FROM session WHERE person = $1)"
            " OR EXISTS (SELECT FROM password WHERE person = $1)",
            person,
        )
    )
