from uuid import UUID, uuid4

import pytest

from playbooks.entries.rules import EntryTopic
from playbooks.learnings.rules import (
    Channel,
    Faced,
    LearningFacts,
    LearningKind,
    LearningState,
    LearningText,
    may_change,
    may_name,
    may_read,
    may_review,
    writes_as,
)
from playbooks.learnings.words import channel_text, entry_body, faced_text, kind_text
from program.roles.rules import Membership, Reader, Role

COHORT, OTHER_COHORT, AUTHOR = uuid4(), uuid4(), uuid4()
STATES = list(LearningState)


def a_reader(
    *,
    person: UUID | None = None,
    lead: bool = False,
    coached: UUID | None = None,
    here: str = "",
    elsewhere: str = "",
) -> Reader:
    return Reader(
        person=person or uuid4(),
        name="Rita Reader",
        owner=False,
        program=uuid4(),
        granted=frozenset({Role.LEAD} if lead else ()),
        listed=True,
        coached=frozenset({coached} if coached else ()),
        memberships=tuple(
            Membership(cohort=cohort, enrolment=uuid4(), state=state, pilot=True)
            for cohort, state in ((COHORT, here), (OTHER_COHORT, elsewhere))
            if state
        ),
    )


def a_learning(state: LearningState, *, named: bool = False) -> LearningFacts:
    return LearningFacts(author=AUTHOR, cohort=COHORT, state=state, named=named)


def readable_by(reader: Reader) -> set[LearningState]:
    return {state for state in STATES if may_read(a_learning(state), reader)}


def test_an_author_changes_drafts_and_what_came_back_and_nothing_else() -> None:
    assert [state for state in STATES if may_change(state)] == [LearningState.DRAFT, LearningState.RETURNED]


def test_only_what_was_sent_can_be_reviewed() -> None:
    assert [state for state in STATES if may_review(state)] == [LearningState.SUBMITTED]


def test_an_author_reads_everything_of_their_own() -> None:
    assert readable_by(a_reader(person=AUTHOR)) == set(STATES)


def test_a_lead_reads_what_is_not_with_its_author() -> None:
    assert readable_by(a_reader(lead=True)) == {
        LearningState.SUBMITTED,
        LearningState.ACCEPTED,
        LearningState.DECLINED,
    }


@pytest.mark.parametrize("state", ["preparing", "active", "paused", "finished"])
def test_the_own_cohort_reads_what_was_sent_or_accepted(state: str) -> None:
    assert readable_by(a_reader(here=state)) == {LearningState.SUBMITTED, LearningState.ACCEPTED}


@pytest.mark.parametrize("state", ["invited", "declined", "withdrawn", "suspended"])
def test_who_is_not_in_the_cohort_yet_or_any_more_reads_nothing(state: str) -> None:
    assert readable_by(a_reader(here=state)) == set()


def test_another_cohort_and_the_rest_of_the_program_read_nothing() -> None:
    assert readable_by(a_reader(elsewhere="active")) == set()
    assert readable_by(a_reader()) == set()


def test_a_coach_reads_what_the_coached_cohort_sent() -> None:
    assert readable_by(a_reader(coached=COHORT)) == {LearningState.SUBMITTED, LearningState.ACCEPTED}
    assert readable_by(a_reader(coached=OTHER_COHORT)) == set()


def test_the_author_is_named_to_leads_and_coaches_and_to_others_only_if_they_agreed() -> None:
    unnamed = a_learning(LearningState.ACCEPTED)
    named = a_learning(LearningState.ACCEPTED, named=True)
    friend = a_reader(here="active")
    assert not may_name(unnamed, friend)
    assert may_name(named, friend)
    assert may_name(unnamed, a_reader(lead=True))
    assert may_name(unnamed, a_reader(coached=COHORT))
    assert may_name(unnamed, a_reader(person=AUTHOR))


@pytest.mark.parametrize(
    ("here", "elsewhere", "expected"),
    [
        ("finished", "active", OTHER_COHORT),
        ("active", "finished", COHORT),
        ("paused", "", COHORT),
        ("finished", "finished", OTHER_COHORT),
    ],
)
def test_one_writes_as_the_member_that_one_is_now(here: str, elsewhere: str, expected: UUID) -> None:
    membership = writes_as(a_reader(here=here, elsewhere=elsewhere))
    assert membership is not None
    assert membership.cohort == expected


@pytest.mark.parametrize("state", ["invited", "preparing", "declined", "withdrawn", "suspended"])
def test_nobody_writes_before_being_active_or_after_leaving(state: str) -> None:
    assert writes_as(a_reader(here=state)) is None


def test_learnings_become_paragraphs_with_what_was_said_as_a_quotation() -> None:
    first = LearningText(
        kind=LearningKind.DO,
        topic=EntryTopic.OTHER,
        lesson="Listen.",
        situation="She was angry.",
        conversation="Why?\n\nBecause.",
        what_i_did="I listened.",
        outcome="She thanked me.",
        resources="Tea",
    )
    second = LearningText(kind=LearningKind.DONT, topic=EntryTopic.OTHER, lesson="Wait.", situation="He too.")
    assert entry_body([first, second]) == (
        "She was angry.\n\n> Why?\n>\n> Because.\n\nI listened.\n\nShe thanked me.\n\nWhat helped: Tea\n\nHe too."
    )


def test_every_choice_has_a_name() -> None:
    assert all(kind_text(kind) for kind in LearningKind)
    assert all(faced_text(faced) for faced in Faced)
    assert all(channel_text(channel) for channel in Channel)
