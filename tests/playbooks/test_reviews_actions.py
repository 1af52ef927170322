import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from playbooks.assessments.rules import Question
from playbooks.entries.actions import EntryChangedMeanwhile, EntryIsWithdrawn, change_entry, withdraw_entry
from playbooks.entries.queries import draft_copies
from playbooks.entries.rules import EntryText
from playbooks.reviews.actions import (
    ReviewedBefore,
    accept_learnings,
    decline_learning,
    return_learning,
)
from program.database import execute, fetch, fetch_row, fetch_value
from program.form_keys.actions import Sent
from program.refusals import NotAllowed, NotFound
from program.roles.actions import revoke_role
from program.roles.rules import Role
from tests.cast import NOON, a_form, a_program
from tests.playbooks.writers import (
    ENTRY,
    LATER,
    LATER_ON,
    TODAY,
    Scene,
    a_cohort,
    a_learning,
    a_member,
    a_scene,
    column,
    letters,
    newest_event,
    some_entry,
)

pytestmark = pytest.mark.usefixtures("database")


async def accept(
    scene: Scene, *learnings: UUID, text: EntryText = ENTRY, sent: Sent | None = None, **more: Any
) -> UUID:
    return await accept_learnings(
        scene.program,
        learnings,
        text,
        **{"by": scene.lead, "now": NOON, "today": TODAY, "sent": sent or a_form(), **more},
    )


async def test_a_returned_learning_goes_back_with_its_note_and_a_letter() -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    await return_learning(scene.program, learning, "Which paper?", by=scene.lead, now=LATER, sent=a_form())
    assert await column("state", learning) == "returned"
    review = await fetch_row("SELECT * FROM review WHERE learning = $1", learning)
    assert (review["outcome"], review["note"], review["reviewed_by"]) == (  # type: ignore[index]
        "returned",
        "Which paper?",
        scene.lead,
    )
    assert await letters("learning_returned") == [scene.member]
    event = await newest_event(scene.program)
    assert (event["name"], event["about"]) == ("learning_returned", scene.member)
    assert "Which paper?" not in event["facts"]


async def test_a_declined_learning_keeps_its_reason() -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    await decline_learning(scene.program, learning, "We know this.", by=scene.lead, now=LATER, sent=a_form())
    assert await column("state", learning) == "declined"
    assert await fetch_value("SELECT note FROM review WHERE outcome = 'declined'") == "We know this."
    assert await letters("learning_declined") == [scene.member]


async def test_accepting_makes_a_new_entry_at_its_first_revision() -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    entry = await accept(scene, learning)
    copy = next(each for each in await draft_copies(scene.program) if each.entry == entry)
    assert (copy.text, copy.revision) == (ENTRY, 1)
    assert await column("state", learning) == "accepted"
    assert await fetch_value("SELECT entry FROM entry_learning WHERE learning = $1", learning) == entry
    assert await letters("learning_accepted") == [scene.member]


async def test_several_learnings_go_into_one_entry_and_each_author_hears_of_it() -> None:
    scene = await a_scene()
    learnings = [
        await a_learning(scene),
        await a_learning(scene, scene.friend),
        await a_learning(scene, scene.friend),
    ]
    entry = await accept(scene, *learnings)
    assert await fetch_value("SELECT count(*) FROM entry_learning WHERE entry = $1", entry) == 3
    assert sorted(await letters("learning_accepted")) == sorted([scene.member, scene.friend, scene.friend])
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'learning_accepted'") == 3


async def test_accepting_into_an_entry_changes_its_words_and_keeps_its_question() -> None:
    scene = await a_scene()
    standing = await some_entry(scene)
    assert standing.text.question is not None
    merged = replace(standing.text, body=standing.text.body + "\n\nMore.", question=None)
    entry = await accept(
        scene, await a_learning(scene), text=merged, into=standing.entry, revision=standing.revision
    )
    now = await some_entry(scene)
    assert entry == standing.entry
    assert now.revision == 2
    assert now.text == replace(merged, question=standing.text.question)


async def test_an_entry_that_somebody_changed_meanwhile_is_not_overwritten() -> None:
    scene = await a_scene()
    standing, learning = await some_entry(scene), await a_learning(scene)
    await change_entry(
        scene.program,
        standing.entry,
        replace(standing.text, body="Theirs."),
        revision=1,
        by=scene.second_lead,
        now=NOON,
        today=TODAY,
        sent=a_form(),
    )
    with pytest.raises(EntryChangedMeanwhile) as refusal:
        await accept(scene, learning, text=ENTRY, into=standing.entry, revision=1)
    assert "Leo Lead" in refusal.value.sentence()
    assert await column("state", learning) == "submitted"
    assert (await some_entry(scene)).text.body == "Theirs."


async def test_an_entry_taken_out_meanwhile_takes_no_learning() -> None:
    scene = await a_scene()
    standing, learning = await some_entry(scene), await a_learning(scene)
    await withdraw_entry(scene.program, standing.entry, by=scene.lead, now=NOON)
    with pytest.raises(EntryIsWithdrawn) as refusal:
        await accept(scene, learning, into=standing.entry, revision=1)
    assert refusal.value.sentence()
    assert await column("state", learning) == "submitted"


async def test_the_reading_counts_what_was_accepted_and_by_how_many() -> None:
    scene = await a_scene()
    await accept(scene, await a_learning(scene), await a_learning(scene))
    await accept(scene, await a_learning(scene, scene.friend), now=LATER, today=LATER_ON)
    await a_learning(scene)
    rows = await fetch(
        "SELECT from_on, numerator, denominator, people FROM reading WHERE cohort = $1"
        " AND measure = 'learnings_accepted' AND span = 'day' ORDER BY from_on",
        scene.cohort,
    )
    assert [tuple(row) for row in rows] == [(TODAY, 2, 1, 1), (LATER_ON, 3, 1, 2)]


async def test_each_cohort_has_its_own_reading() -> None:
    scene = await a_scene()
    circle = await a_cohort(scene.program, scene.lead, position=1, name="Berlin")
    ambassador = await a_member(scene.program, circle, scene.lead, "Amy Ambassador")
    await accept(scene, await a_learning(scene), await a_learning(scene, ambassador))
    rows = await fetch("SELECT cohort, numerator FROM reading WHERE measure = 'learnings_accepted'")
    assert {row["cohort"]: row["numerator"] for row in rows} == {scene.cohort: 1, circle: 1}


@pytest.mark.parametrize("first", ["accepted", "returned", "declined"])
async def test_the_second_of_two_leads_is_told_what_became_of_it(first: str) -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    told: dict[str, Any] = {"by": scene.second_lead, "now": NOON, "sent": a_form()}
    if first == "accepted":
        await accept(scene, learning, **told)
    elif first == "returned":
        await return_learning(scene.program, learning, "Why?", **told)
    else:
        await decline_learning(scene.program, learning, "No.", **told)
    for again in (
        accept(scene, learning),
        return_learning(scene.program, learning, "Hm?", by=scene.lead, now=NOON, sent=a_form()),
        decline_learning(scene.program, learning, "No.", by=scene.lead, now=NOON, sent=a_form()),
    ):
        with pytest.raises(ReviewedBefore) as refusal:
            await again
        assert refusal.value.became.state == first
        assert "Leo Lead" in refusal.value.sentence()
    assert await fetch_value("SELECT count(*) FROM review") == 1


async def test_of_two_leads_at_once_one_decides() -> None:
    scene = await a_scene()
    learnings = [await a_learning(scene, lesson=f"Lesson {number}") for number in range(10)]
    for learning in learnings:
        answers = await asyncio.gather(
            accept(scene, learning),
            decline_learning(scene.program, learning, "No.", by=scene.second_lead, now=NOON, sent=a_form()),
            return_exceptions=True,
        )
        assert sum(isinstance(answer, ReviewedBefore) for answer in answers) == 1
        assert sum(isinstance(answer, BaseException) for answer in answers) == 1
    assert await fetch_value("SELECT count(*) FROM review") == 10
    accepted = await fetch_value("SELECT count(*) FROM learning WHERE state = 'accepted'")
    assert await fetch_value("SELECT count(*) FROM entry_learning") == accepted


async def test_two_acceptances_at_once_are_both_counted() -> None:
    scene = await a_scene()
    first, second = await a_learning(scene), await a_learning(scene, scene.friend)
    await asyncio.gather(accept(scene, first), accept(scene, second, by=scene.second_lead))
    assert await fetch_value("SELECT numerator FROM reading WHERE measure = 'learnings_accepted'") == 2


async def test_the_same_form_sent_twice_has_one_result() -> None:
    scene = await a_scene()
    learning, other = await a_learning(scene), await a_learning(scene)
    sent, note = a_form("accept"), a_form("note")
    assert await accept(scene, learning, sent=sent) == await accept(scene, learning, sent=sent)
    for _time in range(2):
        await return_learning(scene.program, other, "Why?", by=scene.lead, now=NOON, sent=note)
    assert await fetch_value("SELECT count(*) FROM review") == 2
    assert len(await letters("learning_returned")) == 1


async def test_only_leads_review() -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    await revoke_role(Role.LEAD, program=scene.program, of=scene.second_lead, by=scene.lead, now=NOON)
    for other in (scene.member, scene.coach, scene.bystander, scene.second_lead):
        with pytest.raises(NotAllowed):
            await accept(scene, learning, by=other)
        with pytest.raises(NotAllowed):
            await return_learning(scene.program, learning, "Why?", by=other, now=NOON, sent=a_form())


async def test_drafts_and_learnings_of_other_programs_are_not_there() -> None:
    scene = await a_scene()
    draft, sent = await a_learning(scene, send=False), await a_learning(scene)
    elsewhere = await a_program(scene.lead, "Another program")
    for program, learnings in (
        (scene.program, [draft]),
        (scene.program, [sent, draft]),
        (scene.program, []),
        (scene.program, [uuid4()]),
        (elsewhere, [sent]),
        (uuid4(), [sent]),
    ):
        with pytest.raises(NotFound):
            await accept(replace(scene, program=program), *learnings)
    entry = next(iter(await draft_copies(elsewhere))).entry
    with pytest.raises(NotFound):
        await accept(scene, sent, into=entry, revision=1)


async def test_a_question_that_does_not_work_never_reaches_an_entry() -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    broken = Question(id="q", prompt="?", options=("a",), right=frozenset(), why="")
    with pytest.raises(Exception, match="TooFewOptions"):
        await accept(scene, learning, text=replace(ENTRY, question=broken))
    await execute("SELECT 1")
    assert await column("state", learning) == "submitted"
