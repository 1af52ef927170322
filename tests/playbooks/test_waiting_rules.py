from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from playbooks.waiting.rules import (
    DAYS_WITHOUT_A_WORD,
    JOINING,
    CohortAtWork,
    LeadFacts,
    MemberFacts,
    Task,
    Waiting,
    waiting_for_lead,
    waiting_for_member,
)
from playbooks.waiting.words import task_words

TODAY = date(2027, 3, 1)
LEAD = LeadFacts(
    set_up=None,
    listed=50,
    sponsors=1,
    phase_to_fill=None,
    cohorts=(),
    learnings=0,
    entries_changed=0,
    unticked=0,
    unticked_gate=None,
)
MEMBER = MemberFacts(
    state="active",
    networks_asked=True,
    accounts=1,
    consents=1,
    returned=0,
    drafts=0,
    last_activity_on=TODAY,
    last_learning_on=TODAY,
)


def cohort(state: str, *, invited: int = 0, active: int = 0) -> CohortAtWork:
    return CohortAtWork(id=uuid4(), state=state, invited=invited, active=active)


def test_where_all_is_done_nothing_waits() -> None:
    assert waiting_for_lead(LEAD) == ()
    assert waiting_for_member(MEMBER, TODAY) == ()


def test_the_set_up_comes_before_all_else_that_a_new_program_needs() -> None:
    begun = replace(
        LEAD, set_up=3, listed=1, sponsors=0, phase_to_fill=uuid4(), learnings=2, entries_changed=18
    )
    assert waiting_for_lead(begun) == (Waiting(Task.SET_UP, 3), Waiting(Task.READ_LEARNINGS, 2))


def test_a_new_program_first_needs_people() -> None:
    alone = replace(LEAD, listed=1, sponsors=0, phase_to_fill=uuid4())
    assert waiting_for_lead(alone) == (Waiting(Task.LIST_PEOPLE),)


def test_with_people_it_needs_a_sponsor_and_a_cohort() -> None:
    phase = uuid4()
    assert waiting_for_lead(replace(LEAD, sponsors=0, phase_to_fill=phase)) == (
        Waiting(Task.NAME_SPONSOR),
        Waiting(Task.FORM_COHORT, subject=phase),
    )


@pytest.mark.parametrize("state", ["forming", "preparing"])
def test_an_empty_cohort_needs_people(state: str) -> None:
    empty = cohort(state)
    assert waiting_for_lead(replace(LEAD, cohorts=(empty,))) == (
        Waiting(Task.INVITE_PEOPLE, subject=empty.id),
    )


def test_a_cohort_with_active_members_can_start() -> None:
    ready = cohort("preparing", invited=4, active=3)
    assert waiting_for_lead(replace(LEAD, cohorts=(ready,))) == (Waiting(Task.START_TRACKING, 3, ready.id),)


def test_a_cohort_whose_people_prepare_or_that_runs_needs_nothing() -> None:
    cohorts = (cohort("preparing", invited=4), cohort("running", invited=4, active=4))
    assert waiting_for_lead(replace(LEAD, cohorts=cohorts)) == ()


def test_a_running_program_has_learnings_a_draft_and_a_checklist() -> None:
    gate = uuid4()
    running = replace(
        LEAD,
        cohorts=(cohort("running", invited=4, active=4),),
        learnings=7,
        entries_changed=2,
        unticked=1,
        unticked_gate=gate,
    )
    assert waiting_for_lead(running) == (
        Waiting(Task.READ_LEARNINGS, 7),
        Waiting(Task.PUBLISH_EDITION, 2),
        Waiting(Task.TICK_CHECKLIST, 1, gate),
    )


def test_whoever_is_invited_answers_first() -> None:
    assert waiting_for_member(replace(MEMBER, state="invited", accounts=0), TODAY) == (
        Waiting(Task.ANSWER_INVITATION),
    )


def test_whoever_was_not_asked_yet_says_first_where_they_are_active() -> None:
    new = replace(MEMBER, state="preparing", networks_asked=False, accounts=0, consents=0)
    assert waiting_for_member(new, TODAY) == (Waiting(Task.SAY_NETWORKS),)
    assert {Task.SAY_NETWORKS, Task.REGISTER_ACCOUNT, Task.GIVE_CONSENT} == set(JOINING)


def test_an_account_comes_before_consent() -> None:
    preparing = replace(MEMBER, state="preparing", accounts=0, consents=0)
    assert waiting_for_member(preparing, TODAY) == (Waiting(Task.REGISTER_ACCOUNT),)
    assert waiting_for_member(replace(preparing, accounts=1), TODAY) == (Waiting(Task.GIVE_CONSENT),)


def test_learnings_that_came_back_and_drafts_wait() -> None:
    assert waiting_for_member(replace(MEMBER, returned=2, drafts=1), TODAY) == (
        Waiting(Task.MEND_LEARNING, 2),
        Waiting(Task.FINISH_LEARNING, 1),
    )


def test_a_fortnight_without_a_word_is_no_reason_to_ask_but_a_day_more_is() -> None:
    fortnight = TODAY - timedelta(days=DAYS_WITHOUT_A_WORD)
    quiet = replace(MEMBER, last_activity_on=fortnight, last_learning_on=fortnight)
    assert waiting_for_member(quiet, TODAY) == ()
    assert waiting_for_member(quiet, TODAY + timedelta(days=1)) == (
        Waiting(Task.LOG_ACTIVITY),
        Waiting(Task.LOG_LEARNING),
    )


def test_whoever_never_logged_anything_is_asked_and_nobody_without_consent_to_log_activities() -> None:
    silent = replace(MEMBER, last_activity_on=None, last_learning_on=None)
    assert waiting_for_member(silent, TODAY) == (Waiting(Task.LOG_ACTIVITY), Waiting(Task.LOG_LEARNING))
    assert waiting_for_member(replace(silent, consents=0), TODAY) == (
        Waiting(Task.GIVE_CONSENT),
        Waiting(Task.LOG_LEARNING),
    )


def test_nobody_is_asked_to_log_before_they_are_active() -> None:
    preparing = replace(MEMBER, state="preparing", last_activity_on=None, last_learning_on=None)
    assert waiting_for_member(preparing, TODAY) == ()


@pytest.mark.parametrize("task", Task)
@pytest.mark.parametrize("count", [1, 3])
def test_every_task_has_words(task: Task, count: int) -> None:
    words = task_words(Waiting(task, count))
    assert words.title
    assert words.why.endswith(".")
    assert words.button
    assert "%(" not in words.title + words.why
