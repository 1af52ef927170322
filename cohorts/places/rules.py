"""Answers in which cohort and month an activity has its place, or why it has none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from cohorts.activities.rules import Kind, Network, WhyNot, why_not_on
from cohorts.months.rules import Stretch, month_windows


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A member's time in a cohort that is tracked; `active` are the days on which their enrolment was."""

    cohort: UUID
    enrolment: UUID
    zone: str
    start: date
    active: tuple[Stretch, ...]

    def was_active_on(self, day: date) -> bool:
        return any(
            each.from_on <= day and (each.until_on is None or day < each.until_on) for each in self.active
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """What a member agreed to have tracked in a program: their memberships, the newest first, and their consents."""

    memberships: tuple[Membership, ...]
    consented_from: Mapping[Network, date]


@dataclass(frozen=True, slots=True)
class Place:
    """The enrolment that an activity belongs to, and the month of its cohort."""

    cohort: UUID
    enrolment: UUID
    month: int


def membership_on(day: date, tracking: Tracking) -> Membership:
    """Where the member was active on that day, else their newest membership; they have one at least."""
    there = (each for each in tracking.memberships if each.was_active_on(day))
    return next(there, tracking.memberships[0])


def day_of(moment: datetime, tracking: Tracking) -> date:
    """The day on which something happened, in the zone of the cohort in which the member was active on it."""
    days = [(each, moment.astimezone(ZoneInfo(each.zone)).date()) for each in tracking.memberships]
    return next((day for each, day in days if each.was_active_on(day)), days[0][1])


def place_on(day: date, tracking: Tracking, *, today: date, kind: Kind, network: Network) -> Place | WhyNot:
    """The place of an activity of that day, or why it is not kept."""
    membership = membership_on(day, tracking)
    why = why_not_on(
        day,
        today=today,
        start=membership.start,
        active=membership.was_active_on(day),
        kind=kind,
        network=network,
        consented_from=tracking.consented_from.get(network),
    )
    if why is not None:
        return why
    month = month_windows(membership.start, day)[-1].number
    return Place(membership.cohort, membership.enrolment, month)
