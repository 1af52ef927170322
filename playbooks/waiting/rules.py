"""What waits for a person, the most needed first: what they can do themselves, never what somebody else must."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

DAYS_WITHOUT_A_WORD = 14
LEAST_LISTED = 2


class Task(StrEnum):
    """Something to do; each leads to one room."""

    SET_UP = "set_up"
    LIST_PEOPLE = "list_people"
    NAME_SPONSOR = "name_sponsor"
    FORM_COHORT = "form_cohort"
    INVITE_PEOPLE = "invite_people"
    START_TRACKING = "start_tracking"
    READ_LEARNINGS = "read_learnings"
    PUBLISH_EDITION = "publish_edition"
    TICK_CHECKLIST = "tick_checklist"
    READ_AGAIN = "read_again"
    VOTE = "vote"
    MEET_CONDITION = "meet_condition"
    CLOSE_INCIDENTS = "close_incidents"
    ANSWER_INVITATION = "answer_invitation"
    SAY_NETWORKS = "say_networks"
    REGISTER_ACCOUNT = "register_account"
    GIVE_CONSENT = "give_consent"
    MEND_LEARNING = "mend_learning"
    FINISH_LEARNING = "finish_learning"
    LOG_ACTIVITY = "log_activity"
    LOG_LEARNING = "log_learning"


JOINING = (Task.SAY_NETWORKS, Task.REGISTER_ACCOUNT, Task.GIVE_CONSENT)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task, how many there are of it, and the thing that it concerns, where there is one."""

    task: Task
    count: int = 1
    subject: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortAtWork:
    """A cohort that has not ended, of a phase that may begin."""

    id: UUID
    state: str
    invited: int
    active: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFacts:
    """What a lead's next steps follow from. `set_up` is the number of the step at which the set-up stands, None once it is
    over; `phase_to_fill` is open to cohorts and has none; `unticked` counts what the
    checklist of `unticked_gate` still asks, the first gate that a running cohort leads to.
    """

    set_up: int | None
    listed: int
    sponsors: int
    phase_to_fill: UUID | None
    cohorts: tuple[CohortAtWork, ...]
    learnings: int
    entries_changed: int
    unticked: int
    unticked_gate: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFacts:
    """What a member's next steps follow from; `last_*` are None where there never was one.

    `networks_asked`: where they are active is known, or they would rather not say.
    """

    state: str
    networks_asked: bool
    accounts: int
    consents: int
    returned: int
    drafts: int
    last_activity_on: date | None
    last_learning_on: date | None


def waiting_for_lead(facts: LeadFacts) -> tuple[Waiting, ...]:
    """What a lead can do next, in the order in which a program comes to life."""
    return tuple(_setting_up(facts)) + tuple(_running(facts))


def waiting_for_member(facts: MemberFacts, today: date) -> tuple[Waiting, ...]:
    """What a member can do next besides their training. Suggestions, never quotas."""
    return tuple(_as_member(facts, today))


def _setting_up(facts: LeadFacts) -> Iterator[Waiting]:
    if facts.set_up is not None:
        yield Waiting(Task.SET_UP, facts.set_up)
        return
    if facts.listed < LEAST_LISTED:
        yield Waiting(Task.LIST_PEOPLE)
    if facts.sponsors == 0 and facts.listed >= LEAST_LISTED:
        yield Waiting(Task.NAME_SPONSOR)
    if facts.phase_to_fill is not None and facts.listed >= LEAST_LISTED:
        yield Waiting(Task.FORM_COHORT, subject=facts.phase_to_fill)
    for cohort in facts.cohorts:
        if cohort.state == "preparing" and cohort.active > 0:
            yield Waiting(Task.START_TRACKING, cohort.active, cohort.id)
        elif cohort.state in ("forming", "preparing") and cohort.invited == 0:
            yield Waiting(Task.INVITE_PEOPLE, subject=cohort.id)


def _running(facts: LeadFacts) -> Iterator[Waiting]:
    if facts.learnings:
        yield Waiting(Task.READ_LEARNINGS, facts.learnings)
    if facts.entries_changed and facts.set_up is None:
        yield Waiting(Task.PUBLISH_EDITION, facts.entries_changed)
    if facts.unticked:
        yield Waiting(Task.TICK_CHECKLIST, facts.unticked, facts.unticked_gate)


def _as_member(facts: MemberFacts, today: date) -> Iterator[Waiting]:
    if facts.state == "invited":
        yield Waiting(Task.ANSWER_INVITATION)
        return
    if not facts.networks_asked:
        yield Waiting(Task.SAY_NETWORKS)
    elif facts.accounts == 0:
        yield Waiting(Task.REGISTER_ACCOUNT)
    elif facts.consents == 0:
        yield Waiting(Task.GIVE_CONSENT)
    if facts.returned:
        yield Waiting(Task.MEND_LEARNING, facts.returned)
    if facts.drafts:
        yield Waiting(Task.FINISH_LEARNING, facts.drafts)
    if facts.state == "active" and facts.consents and _long_ago(facts.last_activity_on, today):
        yield Waiting(Task.LOG_ACTIVITY)
    if facts.state == "active" and _long_ago(facts.last_learning_on, today):
        yield Waiting(Task.LOG_LEARNING)


def _long_ago(day: date | None, today: date) -> bool:
    return day is None or (today - day).days > DAYS_WITHOUT_A_WORD
