import pytest

from playbooks.starting_set.actions import make_program
from program.database import fetch, fetch_value
from program.events.queries import broken_chains
from program.form_keys.actions import Sent
from program.refusals import NotAllowed
from tests.cast import NOON, a_form, a_person, a_program, an_owner

pytestmark = pytest.mark.usefixtures("database")


async def test_a_new_program_stands_with_all_that_it_starts_with() -> None:
    program = await a_program(await an_owner())
    phases = await fetch("SELECT name, capacity FROM phase WHERE program = $1 ORDER BY position", program)
    assert [tuple(phase) for phase in phases] == [
        ("Pilot", 12),
        ("First circle", 60),
        ("Second circle", 300),
        ("Company-wide", None),
    ]
    asked = await fetch(
        "SELECT count(*) AS asked, count(*) FILTER (WHERE k.required) AS required FROM criterion k"
        " JOIN gate g ON g.id = k.gate WHERE g.program = $1 GROUP BY g.id",
        program,
    )
    assert [tuple(gate) for gate in asked] == [(8, 6)] * 3
    tracks = await fetch(
        "SELECT e.number, t.opens_with IS NULL AS starter FROM track t LEFT JOIN edition e ON e.id = t.edition"
        " WHERE t.program = $1 ORDER BY starter DESC",
        program,
    )
    assert [tuple(track) for track in tracks] == [(0, True), (None, False), (None, False), (None, False)]
    assert await broken_chains() == []


async def test_only_owners_make_programs() -> None:
    somebody = await a_person()
    with pytest.raises(NotAllowed):
        await make_program("Mine", purpose="To be.", zone="UTC", by=somebody, now=NOON, sent=a_form())
    assert await fetch_value("SELECT count(*) FROM program") == 0


async def test_the_same_form_makes_one_program() -> None:
    owner, form = await an_owner(), a_form()
    slugs = [
        await make_program("Voices", purpose="To be.", zone="UTC", by=owner, now=NOON, sent=sent)
        for sent in (form, Sent(form.key, form.digest))
    ]
    assert slugs == ["voices", "voices"]
    assert await fetch_value("SELECT count(*) FROM program") == 1
