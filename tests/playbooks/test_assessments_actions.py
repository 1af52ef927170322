import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from playbooks.assessments.actions import AnswersIncomplete, NoAttemptNow, begin_attempt, hand_in
from playbooks.assessments.queries import attempt_page
from playbooks.assessments.rules import (
    AlreadyPassed,
    AttemptsUsedUp,
    NotAnOption,
    PractiseFirst,
    ReadFirst,
    Unanswered,
    WaitUntil,
)
from playbooks.tracks.actions import TrackIsLocked, begin_track, change_assessment
from program.database import execute, fetch, fetch_value
from program.refusals import NotFound
from program.roles.rules import Reader
from tests.cast import NOON, a_form, a_listed_person, a_program
from tests.playbooks.learners import (
    TODAY,
    School,
    a_school,
    an_attempt,
    certified,
    days_later,
    hand_in_right,
    hand_in_wrong,
    move_to,
    own_track,
    publish_edition_one,
    read_everything,
    right_answers,
    state_of,
    the_row,
    wrong_answers,
)


async def answer(school: School, attempt: UUID, answers: dict[str, frozenset[int]], by: UUID | None = None):
    await hand_in(attempt, answers, program=school.program, by=by or school.member, now=NOON, today=TODAY)


def reader(school: School, person: UUID) -> Reader:
    return Reader(
        person=person,
        name="Somebody",
        owner=False,
        program=school.program,
        granted=frozenset(),
        listed=True,
        coached=frozenset(),
        memberships=(),
    )


async def test_an_attempt_waits_until_everything_is_read(database: str) -> None:
    school = await a_school()
    track = await own_track(school)
    with pytest.raises(NotFound):
        await an_attempt(school)
    await begin_track(track.id, program=school.program, by=school.member, now=NOON, today=TODAY)
    with pytest.raises(NoAttemptNow) as refused:
        await an_attempt(school)
    assert refused.value.bars == (
        ReadFirst(tuple(reading.title for reading in track.readings)),
        PractiseFirst(tuple(scenario.title for scenario in track.scenarios)),
    )
    assert "First read" in refused.value.sentence()
    assert "Play “Practise being called a paid mouthpiece” and " in refused.value.sentence()
    assert await fetch_value("SELECT count(*) FROM attempt") == 0


async def test_its_questions_are_drawn_from_the_edition_and_kept_as_they_are_asked(database: str) -> None:
    school = await a_school()
    await read_everything(school)
    attempt = await an_attempt(school)
    kept = json.loads(await fetch_value("SELECT questions FROM attempt WHERE id = $1", attempt))
    bank = await fetch(
        "SELECT n.entry FROM edition_entry n JOIN edition e ON e.id = n.edition WHERE e.number = 0"
        " AND n.question IS NOT NULL"
    )
    assert kept["pass_percent"] == 80
    assert len({question["id"] for question in kept["asked"]}) == 8
    assert {question["id"] for question in kept["asked"]} <= {str(row["entry"]) for row in bank}


async def test_begun_again_it_goes_on_where_it_was(database: str) -> None:
    school = await a_school()
    await read_everything(school)
    assert await an_attempt(school) == await an_attempt(school)
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'attempt_begun'") == 1


async def test_the_same_form_begins_one_attempt_even_when_that_is_over(database: str) -> None:
    school = await a_school()
    track = await read_everything(school)
    assert track.assessment is not None
    sent = a_form()
    told: dict[str, Any] = {"track": track.id, "program": school.program, "by": school.member, "sent": sent}
    first = await begin_attempt(track.assessment.id, **told, now=NOON, today=TODAY)
    await answer(school, first, await wrong_answers(first))
    later, on = days_later(2)
    assert await begin_attempt(track.assessment.id, **told, now=later, today=on) == first


async def test_of_two_tabs_that_begin_the_last_try_at_once_there_is_one_attempt(database: str) -> None:
    school = await a_school()
    await read_everything(school)
    for day in (0, 2):
        await hand_in_wrong(school, now=days_later(day)[0])
    at = days_later(4)[0]
    begun = await asyncio.gather(*(an_attempt(school, now=at) for _tab in range(5)))
    assert len(set(begun)) == 1
    assert await fetch_value("SELECT count(*) FROM attempt") == 3


async def test_passing_earns_the_certificate_and_makes_active(database: str) -> None:
    school = await a_school()
    await read_everything(school)
    attempt = await hand_in_right(school)
    kept = await the_row("SELECT passed, right_answers FROM attempt WHERE id = $1", attempt)
    assert (kept["passed"], kept["right_answers"]) == (True, 8)
    certificate = await the_row("SELECT * FROM certificate WHERE attempt = $1", attempt)
    assert (certificate["person"], certificate["cohort"], certificate["enrolment"]) == (
        school.member,
        school.cohort,
        school.enrolment,
    )
    assert (certificate["issued_on"], certificate["valid_until_on"]) == (TODAY, TODAY.replace(year=2027))
    assert certificate["public"] is False
    assert await state_of(school.member) == "active"
    names = [row["name"] for row in await fetch("SELECT name FROM event ORDER BY at, number")]
    assert names[-2:] == ["assessment_passed", "certificate_issued"]
    letter = await the_row(
        "SELECT recipient, letter, facts FROM delivery WHERE letter = 'certificate_issued'"
    )
    assert letter["recipient"] == school.member
    assert json.loads(letter["facts"])["certificate"] == str(certificate["id"])


async def test_two_hand_ins_at_once_have_one_result(database: str) -> None:
    school = await a_school()
    await read_everything(school)
    attempt = await an_attempt(school)
    right, wrong = await right_answers(attempt), await wrong_answers(attempt)
    await asyncio.gather(*(answer(school, attempt, each) for each in (right, wrong) * 4))
    passed = await fetch_value("SELECT passed FROM attempt WHERE id = $1", attempt)
    assert await fetch_value("SELECT count(*) FROM certificate") == int(passed)
    assert (
        await fetch_value(
            "SELECT count(*) FROM event WHERE name IN ('assessment_passed', 'assessment_failed')"
        )
        == 1
    )


async def test_answers_that_are_missing_or_no_options_are_named_and_nothing_is_handed_in(
    database: str,
) -> None:
    school = await a_school()
    await read_everything(school)
    attempt = await an_attempt(school)
    answers = await right_answers(attempt)
    first, second, *_others = answers
    with pytest.raises(AnswersIncomplete) as refused:
        await answer(school, attempt, answers | {first: frozenset(), second: frozenset({-1})})
    assert set(refused.value.problems) == {Unanswered(first), NotAnOption(second)}
    assert refused.value.sentence()
    assert await fetch_value("SELECT handed_in_at FROM attempt WHERE id = $1", attempt) is None


async def test_a_failed_try_waits_a_day_and_after_three_a_lead_is_asked(database: str) -> None:
    school = await a_school()
    await read_everything(school)
    await hand_in_wrong(school)
    with pytest.raises(NoAttemptNow) as refused:
        await an_attempt(school, now=NOON + timedelta(hours=23))
    assert refused.value.bars == (WaitUntil(NOON + timedelta(days=1)),)
    await hand_in_wrong(school, now=days_later(1)[0])
    await hand_in_wrong(school, now=days_later(2)[0])
    with pytest.raises(NoAttemptNow) as refused:
        await an_attempt(school, now=days_later(9)[0])
    assert refused.value.bars == (AttemptsUsedUp(3),)
    assert await state_of(school.member) == "preparing"


async def test_a_lead_who_allows_more_tries_lets_people_go_on(database: str) -> None:
    school = await a_school()
    track = await read_everything(school)
    await change_assessment(
        track.id,
        pass_percent=80,
        attempts_allowed=1,
        wait_hours=0,
        questions_asked=8,
        program=school.program,
        by=school.lead,
        now=NOON,
    )
    await hand_in_wrong(school)
    with pytest.raises(NoAttemptNow):
        await an_attempt(school)
    await change_assessment(
        track.id,
        pass_percent=80,
        attempts_allowed=2,
        wait_hours=0,
        questions_asked=8,
        program=school.program,
        by=school.lead,
        now=NOON,
    )
    await hand_in_right(school)
    assert await state_of(school.member) == "active"


async def test_an_attempt_keeps_the_pass_mark_that_it_began_with(database: str) -> None:
    school = await a_school()
    track = await read_everything(school)
    attempt = await an_attempt(school)
    await change_assessment(
        track.id,
        pass_percent=100,
        attempts_allowed=3,
        wait_hours=0,
        questions_asked=8,
        program=school.program,
        by=school.lead,
        now=NOON,
    )
    answers = await right_answers(attempt)
    missed = next(iter(answers))
    answers[missed] = (await wrong_answers(attempt))[missed]
    await answer(school, attempt, answers)
    assert await fetch_value("SELECT passed FROM attempt WHERE id = $1", attempt) is True


async def test_what_was_published_since_changes_nothing_in_an_attempt(database: str) -> None:
    school = await a_school()
    await read_everything(school)
    attempt = await an_attempt(school)
    await publish_edition_one(school)
    await answer(school, attempt, await right_answers(attempt))
    assert await state_of(school.member) == "active"


@pytest.mark.parametrize("state", ["withdrawn", "suspended"])
async def test_whoever_left_or_is_suspended_hands_nothing_in_and_begins_nothing(
    database: str, state: str
) -> None:
    school = await a_school()
    await read_everything(school)
    attempt = await an_attempt(school)
    await move_to(school, state)
    with pytest.raises(TrackIsLocked):
        await answer(school, attempt, await right_answers(attempt))
    with pytest.raises(TrackIsLocked):
        await an_attempt_of(school)
    assert await fetch_value("SELECT count(*) FROM certificate") == 0


async def an_attempt_of(school: School) -> UUID:
    module = await the_row(
        "SELECT m.id, m.track FROM module m JOIN beginning b ON b.track = m.track AND b.edition = m.edition"
        " WHERE m.kind = 'assessment' AND b.person = $1",
        school.member,
    )
    return await begin_attempt(
        module["id"],
        track=module["track"],
        program=school.program,
        by=school.member,
        now=NOON,
        today=TODAY,
        sent=a_form(),
    )


async def test_a_passed_assessment_is_not_taken_again_until_its_certificate_is_due(database: str) -> None:
    school = await a_school()
    first = await certified(school)
    with pytest.raises(NoAttemptNow) as refused:
        await an_attempt(school, now=days_later(300)[0])
    assert refused.value.bars == (AlreadyPassed(),)
    await hand_in_right(school, now=days_later(340)[0])
    until = await fetch("SELECT id, valid_until_on FROM certificate ORDER BY issued_at")
    assert until[0]["id"] == first
    assert until[1]["valid_until_on"] > until[0]["valid_until_on"]


async def test_whoever_passes_while_merely_invited_is_certified_but_not_active(database: str) -> None:
    school = await a_school("invited")
    await certified(school)
    assert await state_of(school.member) == "invited"


async def test_an_assessment_without_questions_is_not_begun(database: str) -> None:
    school = await a_school()
    await read_everything(school)
    await execute("UPDATE edition_entry SET question = NULL")
    with pytest.raises(NoAttemptNow) as refused:
        await an_attempt(school)
    assert "no questions yet" in refused.value.sentence()


async def test_an_attempt_is_its_person_s_alone(database: str) -> None:
    school = await a_school()
    track = await read_everything(school)
    attempt = await an_attempt(school)
    other = await a_program(school.lead, name="Another")
    stranger = await a_listed_person(school.program, school.lead, "Sam Stranger")
    with pytest.raises(NotFound):
        await answer(school, attempt, {}, by=stranger)
    with pytest.raises(NotFound):
        await hand_in(attempt, {}, program=other, by=school.member, now=NOON, today=TODAY)
    with pytest.raises(NotFound):
        await attempt_page(attempt, track=track.id, seen_by=reader(school, stranger))
    with pytest.raises(NotFound):
        await attempt_page(attempt, track=uuid4(), seen_by=reader(school, school.member))


async def test_an_attempt_does_not_say_what_is_right_before_it_is_handed_in(database: str) -> None:
    school = await a_school()
    track = await read_everything(school)
    attempt = await an_attempt(school)
    asked = await attempt_page(attempt, track=track.id, seen_by=reader(school, school.member))
    assert asked.score is None
    assert not hasattr(asked.questions[0], "right")
    await answer(school, attempt, await right_answers(attempt))
    done = await attempt_page(attempt, track=track.id, seen_by=reader(school, school.member))
    assert done.score is not None
    assert (done.score.right, done.needed) == (8, 7)
    assert done.certificate is not None
    assert all(each.question.why for each in done.score.feedback)
