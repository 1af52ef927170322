from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from playbooks.entries.actions import EntryChangedMeanwhile, EntryIsWithdrawn, change_entry, withdraw_entry
from playbooks.entries.queries import draft_copies, draft_entry
from playbooks.verifications.actions import CannotLookAfter, look_after, verify_entry
from playbooks.verifications.queries import care_of, due_entries, keepers
from program.database import fetch_row, fetch_value, new_id
from program.refusals import NotAllowed, NotFound
from program.roles.actions import revoke_role
from program.roles.rules import Role
from tests.cast import NOON, a_form, a_person_with
from tests.playbooks.writers import TODAY, Scene, a_scene, newest_event, reader, some_entry

pytestmark = pytest.mark.usefixtures("database")

HALF_A_YEAR = timedelta(days=180)
DUE_ON = TODAY + HALF_A_YEAR


def then(scene: Scene, by: UUID | None = None) -> dict[str, Any]:
    return {"by": by or scene.lead, "now": NOON + HALF_A_YEAR, "today": DUE_ON}


async def freshness(scene: Scene, on: date) -> tuple[int, int]:
    row = await fetch_row(
        "SELECT numerator, denominator FROM program_reading WHERE program = $1 AND measure = 'freshness' AND read_on = $2",
        scene.program,
        on,
    )
    assert row is not None
    return int(row["numerator"]), int(row["denominator"])


async def test_an_entry_that_still_holds_is_fresh_again() -> None:
    scene = await a_scene()
    lead, entry = await reader(scene, scene.lead), (await some_entry(scene)).entry
    everything = len(await draft_copies(scene.program))
    assert await due_entries(lead, today=DUE_ON - timedelta(days=1)) == ()
    due = await due_entries(lead, today=DUE_ON)
    assert len(due) == everything
    assert (due[0].due_on, due[0].last_by_name) == (DUE_ON, None)
    for _time in range(2):
        await verify_entry(scene.program, entry, revision=1, **then(scene))
    assert await fetch_value("SELECT count(*) FROM verification") == 1
    assert len(await due_entries(lead, today=DUE_ON)) == everything - 1
    care = await care_of(entry, lead)
    assert care is not None
    assert (care.verified_on, care.last_by_name, care.may_verify) == (DUE_ON, "Lena Lead", True)
    assert await freshness(scene, DUE_ON) == (1, everything)
    assert (await newest_event(scene.program))["name"] == "entry_verified"


async def test_a_verifier_who_is_no_lead_looks_after_their_own_entries_only() -> None:
    scene = await a_scene()
    own, other, *_rest = await draft_copies(scene.program)
    reviewer = await a_person_with(Role.REVIEWER, scene.program, scene.lead, "Rudi Reviewer")
    assert [each.name for each in await keepers(scene.program)] == [
        "Cora Coach",
        "Lena Lead",
        "Leo Lead",
        "Rudi Reviewer",
    ]
    for _time in range(2):
        await look_after(
            scene.program, own.entry, verifier=reviewer, every_days=90, by=scene.lead, now=NOON, today=TODAY
        )
    event = await newest_event(scene.program)
    assert (event["name"], event["about"]) == ("entry_given_to", reviewer)
    found = await draft_entry(own.entry, await reader(scene, scene.lead))
    assert (found.verifier, found.verifier_name, found.verify_every_days) == (reviewer, "Rudi Reviewer", 90)
    seen = await reader(scene, reviewer)
    assert [each.copy.entry for each in await due_entries(seen, today=DUE_ON)] == [own.entry]
    care = await care_of(own.entry, seen)
    assert care is not None
    assert care.may_verify
    assert await care_of(other.entry, seen) is None
    with pytest.raises(NotAllowed):
        await verify_entry(scene.program, other.entry, revision=1, **then(scene, reviewer))
    await verify_entry(scene.program, own.entry, revision=1, **then(scene, reviewer))
    assert await due_entries(seen, today=DUE_ON) == ()
    await revoke_role(Role.REVIEWER, program=scene.program, of=reviewer, by=scene.lead, now=NOON)
    with pytest.raises(NotAllowed):
        await verify_entry(
            scene.program, own.entry, revision=1, **then(scene, reviewer) | {"today": DUE_ON + HALF_A_YEAR}
        )


async def test_only_somebody_who_can_look_after_an_entry_is_named() -> None:
    scene = await a_scene()
    entry = (await some_entry(scene)).entry
    told: dict[str, Any] = {"every_days": 90, "by": scene.lead, "now": NOON, "today": TODAY}
    with pytest.raises(CannotLookAfter) as refused:
        await look_after(scene.program, entry, verifier=scene.member, **told)
    assert "coaches" in refused.value.sentence()
    await look_after(scene.program, entry, verifier=None, **told)
    with pytest.raises(NotAllowed):
        await look_after(scene.program, entry, verifier=None, **told | {"by": scene.coach})


async def test_what_somebody_changed_meanwhile_is_read_first() -> None:
    scene = await a_scene()
    standing = await some_entry(scene)
    await change_entry(
        scene.program,
        standing.entry,
        replace(standing.text, body="Other."),
        revision=1,
        by=scene.second_lead,
        now=NOON,
        today=TODAY,
        sent=a_form(),
    )
    with pytest.raises(EntryChangedMeanwhile):
        await verify_entry(scene.program, standing.entry, revision=1, **then(scene))


async def test_what_is_not_there_is_not_verified() -> None:
    scene = await a_scene()
    entry = (await some_entry(scene)).entry
    with pytest.raises(NotFound):
        await verify_entry(new_id(), entry, revision=1, **then(scene))
    with pytest.raises(NotFound):
        await verify_entry(scene.program, new_id(), revision=1, **then(scene))
    await withdraw_entry(scene.program, entry, by=scene.lead, now=NOON)
    with pytest.raises(EntryIsWithdrawn):
        await verify_entry(scene.program, entry, revision=1, **then(scene))
    assert await care_of(entry, await reader(scene, scene.lead)) is None


async def test_who_looks_after_nothing_sees_no_list() -> None:
    scene = await a_scene()
    with pytest.raises(NotFound):
        await due_entries(await reader(scene, scene.member), today=DUE_ON)
    entry = (await some_entry(scene)).entry
    assert await care_of(entry, await reader(scene, scene.member)) is None
    care = await care_of(entry, await reader(scene, scene.coach))
    assert care is not None
    assert not care.may_verify
