from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from cohorts.activities.rules import BeforeConsent, BeforeTracking, Kind, Network, NotActiveThen
from cohorts.months.rules import Stretch
from cohorts.places.rules import Membership, Place, Tracking, day_of, membership_on, place_on

PILOT, CIRCLE = uuid4(), uuid4()
START, MOVED, TODAY = date(2026, 4, 10), date(2026, 5, 20), date(2026, 6, 1)


def a_membership(cohort: UUID, start: date, *active: Stretch, zone: str = "Europe/Berlin") -> Membership:
    return Membership(cohort=cohort, enrolment=cohort, zone=zone, start=start, active=active)


TRACKING = Tracking(
    memberships=(
        a_membership(CIRCLE, MOVED, Stretch(MOVED)),
        a_membership(PILOT, START, Stretch(START, date(2026, 5, 1)), zone="America/New_York"),
    ),
    consented_from={Network.X: date(2026, 4, 20)},
)


def place(day: date, *, kind: Kind = Kind.TALK, network: Network = Network.IN_PERSON) -> object:
    return place_on(day, TRACKING, today=TODAY, kind=kind, network=network)


def test_a_day_belongs_where_the_member_was_active_and_else_to_their_newest_cohort() -> None:
    assert membership_on(date(2026, 4, 30), TRACKING).cohort == PILOT
    assert membership_on(date(2026, 5, 1), TRACKING).cohort == CIRCLE
    assert membership_on(MOVED, TRACKING).cohort == CIRCLE


def test_the_place_has_the_month_of_its_cohort() -> None:
    assert place(date(2026, 4, 30)) == Place(PILOT, PILOT, 0)
    assert place(MOVED) == Place(CIRCLE, CIRCLE, 0)


def test_a_day_without_a_place_says_why() -> None:
    assert place(date(2026, 5, 10)) == BeforeTracking(MOVED)
    assert place(date(2026, 4, 12), kind=Kind.POST, network=Network.X) == BeforeConsent(
        Network.X, date(2026, 4, 20)
    )
    paused = Tracking(memberships=(a_membership(PILOT, START, Stretch(START, MOVED)),), consented_from={})
    found = place_on(MOVED, paused, today=TODAY, kind=Kind.TALK, network=Network.IN_PERSON)
    assert found == NotActiveThen()


def test_a_moment_has_the_day_of_the_zone_in_which_it_was_lived() -> None:
    assert day_of(datetime(2026, 4, 21, 2, tzinfo=UTC), TRACKING) == date(2026, 4, 20)
    assert day_of(datetime(2026, 5, 29, 23, tzinfo=UTC), TRACKING) == date(2026, 5, 30)
    assert day_of(datetime(2026, 1, 1, 23, 30, tzinfo=UTC), TRACKING) == date(2026, 1, 2)
