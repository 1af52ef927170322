from dataclasses import replace

import pytest

from playbooks.entries.rules import EntryTopic
from playbooks.learnings.actions import (
    LearningIsWithTheDesk,
    LearningsComeLater,
    change_learning,
    log_learning,
)
from playbooks.learnings.queries import learning_view
from playbooks.reviews.actions import return_learning
from program.database import execute, fetch_value
from program.form_keys.actions import SentBefore
from program.refusals import NotFound
from tests.cast import NOON, a_form
from tests.playbooks.writers import (
    LATER,
    LESSON,
    a_cohort,
    a_learning,
    a_member,
    a_scene,
    column,
    enrol,
    newest_event,
    reader,
)

pytestmark = pytest.mark.usefixtures("database")


async def test_what_is_sent_stands_as_it_was_written_under_the_authors_enrolment() -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    view = await learning_view(learning, await reader(scene, scene.member))
    assert view.text == LESSON
    assert view.state == "submitted"
    assert await column("cohort", learning) == scene.cohort
    event = await newest_event(scene.program)
    assert (event["name"], event["by"], event["subject"]) == ("learning_submitted", scene.member, learning)


async def test_a_draft_leaves_no_event() -> None:
    scene = await a_scene()
    before = await newest_event(scene.program)
    learning = await a_learning(scene, send=False)
    assert await column("state", learning) == "draft"
    assert await column("submitted_at", learning) is None
    assert await newest_event(scene.program) == before


async def test_the_same_form_sent_twice_is_one_learning() -> None:
    scene, sent = await a_scene(), a_form("a lesson")
    first = await log_learning(scene.program, LESSON, send=True, by=scene.member, now=NOON, sent=sent)
    again = await log_learning(scene.program, LESSON, send=True, by=scene.member, now=NOON, sent=sent)
    assert again == first
    assert await fetch_value("SELECT count(*) FROM learning") == 1


@pytest.mark.parametrize("state", ["paused", "finished"])
async def test_who_paused_or_finished_still_logs_learnings(state: str) -> None:
    scene = await a_scene()
    member = await a_member(scene.program, scene.cohort, scene.lead, "Pia Past", state)
    assert await column("author", await a_learning(scene, member)) == member


@pytest.mark.parametrize("state", ["invited", "preparing", "withdrawn", "suspended", "declined"])
async def test_who_is_not_active_yet_or_left_does_not(state: str) -> None:
    scene = await a_scene()
    member = await a_member(scene.program, scene.cohort, scene.lead, "Nora New", state)
    with pytest.raises(LearningsComeLater):
        await a_learning(scene, member)
    assert LearningsComeLater().sentence()


async def test_who_is_in_two_cohorts_writes_in_the_one_where_they_are_active() -> None:
    scene = await a_scene()
    circle = await a_cohort(scene.program, scene.lead, position=1, name="Berlin")
    member = await a_member(scene.program, circle, scene.lead, "Tua Two", "finished")
    await enrol(scene.cohort, member, scene.lead, "active")
    assert await column("cohort", await a_learning(scene, member)) == scene.cohort


async def test_the_author_changes_a_draft_and_then_sends_it() -> None:
    scene = await a_scene()
    learning = await a_learning(scene, send=False)
    other = replace(LESSON, lesson="Wait.", topic=EntryTopic.OTHER, named=True, channel=None, faced=())
    await change_learning(
        scene.program, learning, other, send=False, by=scene.member, now=LATER, sent=a_form()
    )
    assert await column("state", learning) == "draft"
    await change_learning(
        scene.program, learning, other, send=True, by=scene.member, now=LATER, sent=a_form()
    )
    view = await learning_view(learning, await reader(scene, scene.member))
    assert (view.text, view.state, view.submitted_at) == (other, "submitted", LATER)


async def test_what_was_sent_stays_as_it_is() -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    with pytest.raises(LearningIsWithTheDesk):
        await change_learning(
            scene.program,
            learning,
            replace(LESSON, lesson="No."),
            send=True,
            by=scene.member,
            now=LATER,
            sent=a_form(),
        )
    assert await column("lesson", learning) == LESSON.lesson
    assert LearningIsWithTheDesk().sentence()


async def test_what_came_back_keeps_its_state_until_it_is_sent_again() -> None:
    scene = await a_scene()
    learning = await a_learning(scene)
    await return_learning(scene.program, learning, "Which paper?", by=scene.lead, now=NOON, sent=a_form())
    for send, state in ((False, "returned"), (True, "submitted")):
        await change_learning(
            scene.program, learning, LESSON, send=send, by=scene.member, now=LATER, sent=a_form()
        )
        assert await column("state", learning) == state
    assert await column("submitted_at", learning) == LATER


async def test_sending_the_same_change_twice_is_one_change() -> None:
    scene, sent = await a_scene(), a_form("sent")
    learning = await a_learning(scene, send=False)
    for _time in range(2):
        await change_learning(
            scene.program, learning, LESSON, send=True, by=scene.member, now=LATER, sent=sent
        )
    with pytest.raises(SentBefore):
        await change_learning(
            scene.program,
            learning,
            LESSON,
            send=True,
            by=scene.member,
            now=LATER,
            sent=replace(sent, digest=b"x"),
        )
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'learning_submitted'") == 1


async def test_nobody_changes_the_draft_of_another() -> None:
    scene = await a_scene()
    learning = await a_learning(scene, send=False)
    for stranger in (scene.friend, scene.lead, scene.coach):
        with pytest.raises(NotFound):
            await change_learning(
                scene.program, learning, LESSON, send=True, by=stranger, now=LATER, sent=a_form()
            )


async def test_who_left_does_not_send_a_draft_any_more() -> None:
    scene = await a_scene()
    learning = await a_learning(scene, send=False)
    await execute("UPDATE spell SET state = 'withdrawn'")
    with pytest.raises(LearningsComeLater):
        await change_learning(
            scene.program, learning, LESSON, send=True, by=scene.member, now=LATER, sent=a_form()
        )
