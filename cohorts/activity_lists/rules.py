"""Answers what became of each activity that a member sent in a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from cohorts.activities.rules import Kind, Network
from cohorts.activity_files.rules import NOT_MEASURED, Measured
from cohorts.activity_imports.rules import Fate, Outside

MOST_ITEMS = 1_000


class Outcome(StrEnum):
    """What became of one activity. A merged one is another id of a post that is known."""

    KEPT = "kept"
    KNOWN = "known"
    MERGED = "merged"
    OUTSIDE = "outside"
    NO_CONSENT = "no_consent"
    REFUSED = "refused"


class Refused(StrEnum):
    """Why an activity cannot be understood."""

    DAY_MISSING = "day_missing"
    KIND_MISSING = "kind_missing"
    LINK_NOT_UNDERSTOOD = "link_not_understood"
    NETWORK_MISSING = "network_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a member says that they did. The day follows from the moment, where that is told; `apart`: a post of its own,
    though it may look like another id of a known one.
    """

    kind: Kind | None = None
    network: Network | None = None
    link: str = ""
    text: str = ""
    done_on: date | None = None
    done_at: datetime | None = None
    measured: Measured = NOT_MEASURED
    apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one item; `activity` is the one that was kept or known, `why` says why nothing was kept."""

    outcome: Outcome
    activity: UUID | None = None
    why: Outside | Refused | None = None

    @property
    def field(self) -> str | None:
        """What of the item would have to be otherwise; a day stands for the moment that tells it."""
        return _FIELDS[self.why] if self.why else None


_FIELDS: Mapping[Outside | Refused, str] = MappingProxyType(
    {
        Refused.DAY_MISSING: "done_on",
        Refused.KIND_MISSING: "kind",
        Refused.LINK_NOT_UNDERSTOOD: "link",
        Refused.NETWORK_MISSING: "network",
        Outside.IN_THE_FUTURE: "done_on",
        Outside.BEFORE_TRACKING: "done_on",
        Outside.NOT_ACTIVE: "done_on",
        Outside.BEFORE_CONSENT: "done_on",
        Outside.NO_CONSENT: "network",
        Outside.SOMEBODY_ELSES_POST: "link",
    }
)
_LEFT_OUT: Mapping[Outside, Outcome] = MappingProxyType(
    {Outside.NO_CONSENT: Outcome.NO_CONSENT, Outside.SOMEBODY_ELSES_POST: Outcome.REFUSED}
)


def answer_of(fate: Fate, *, why: Outside | None, apart: bool, activity: UUID | None) -> Answer:
    """What became of an item that was understood, once its list was taken in."""
    if why is not None:
        return Answer(outcome=_LEFT_OUT.get(why, Outcome.OUTSIDE), why=why)
    if fate is Fate.KNOWN:
        return Answer(outcome=Outcome.KNOWN, activity=activity)
    merged = fate is Fate.TWIN and not apart
    return Answer(outcome=Outcome.MERGED if merged else Outcome.KEPT, activity=activity)


def refused(why: Refused) -> Answer:
    return Answer(outcome=Outcome.REFUSED, why=why)
