"""Answers what may become of a learning, who may write one, and who may read it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from cohorts.enrolments.rules import EnrolmentState
from playbooks.entries.rules import EntryKind, EntryTopic
from program.roles.rules import Membership, Reader, Role


class LearningKind(StrEnum):
    DO = "do"
    DONT = "dont"
    QUESTION = "question"


class LearningState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    DECLINED = "declined"


class Faced(StrEnum):
    CRITIC = "critic"
    ADVOCATE = "advocate"
    CUSTOMER = "customer"
    PRESS = "press"
    COLLEAGUE = "colleague"


class Channel(StrEnum):
    LINKEDIN = "linkedin"
    X = "x"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    INSTAGRAM = "instagram"
    FACEBOOK = "facebook"
    YOUTUBE = "youtube"
    TIKTOK = "tiktok"
    BLOG = "blog"
    IN_PERSON = "in_person"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningText:
    """All that a learning says. `named`: the author's name may stand beside it."""

    kind: LearningKind
    topic: EntryTopic
    lesson: str
    situation: str = ""
    conversation: str = ""
    what_i_did: str = ""
    resources: str = ""
    outcome: str = ""
    channel: Channel | None = None
    faced: tuple[Faced, ...] = ()
    named: bool = False


WITH_THE_AUTHOR = frozenset({LearningState.DRAFT, LearningState.RETURNED})
SHARED = frozenset({LearningState.SUBMITTED, LearningState.ACCEPTED})
WRITING = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.FINISHED)
OF_THE_COHORT = frozenset({EnrolmentState.PREPARING, *WRITING})

ENTRY_KINDS: Mapping[LearningKind, EntryKind] = MappingProxyType(
    {
        LearningKind.DO: EntryKind.DO,
        LearningKind.DONT: EntryKind.DONT,
        LearningKind.QUESTION: EntryKind.GUIDANCE,
    }
)


TOPICS_FACED: Mapping[Faced, EntryTopic] = MappingProxyType(
    {
        Faced.CRITIC: EntryTopic.ANGRY_CRITICS,
        Faced.ADVOCATE: EntryTopic.ADVOCATES,
        Faced.PRESS: EntryTopic.JOURNALISTS,
    }
)


def likely_topic(faced: Collection[Faced]) -> EntryTopic:
    """What a learning helps with, as far as it follows from whom its author faced; the desk may know better."""
    topics = [topic for person, topic in TOPICS_FACED.items() if person in faced]
    return topics[0] if len(topics) == 1 else EntryTopic.OTHER


def may_change(state: LearningState) -> bool:
    """Whether the author may change a learning, and send it to the desk."""
    return state in WITH_THE_AUTHOR


def may_review(state: LearningState) -> bool:
    """Whether a lead may return, decline or accept a learning."""
    return state is LearningState.SUBMITTED


def writes_as(reader: Reader) -> Membership | None:
    """The enrolment under which the reader logs a learning now: an active one before a paused or finished one."""
    for state in WRITING:
        for membership in reversed(reader.memberships):
            if membership.state == state:
                return membership
    return None


def shared_cohorts(reader: Reader) -> frozenset[UUID]:
    """The cohorts whose learnings the reader may read: their own, and those that they coach."""
    own = {membership.cohort for membership in reader.memberships if membership.state in OF_THE_COHORT}
    return reader.coached | own


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningFacts:
    """What decides who may read a learning."""

    author: UUID
    cohort: UUID
    state: LearningState
    named: bool


def may_read(learning: LearningFacts, reader: Reader) -> bool:
    """The author always; what has been sent: leads, and the cohort with its coaches as long as it was not declined."""
    if learning.author == reader.person:
        return True
    if learning.state in WITH_THE_AUTHOR:
        return False
    return Role.LEAD in reader.granted or (
        learning.state in SHARED and learning.cohort in shared_cohorts(reader)
    )


def may_name(learning: LearningFacts, reader: Reader) -> bool:
    """Whether one who may read a learning may know who wrote it."""
    return (
        learning.named
        or learning.author == reader.person
        or Role.LEAD in reader.granted
        or learning.cohort in reader.coached
    )
