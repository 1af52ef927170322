from datetime import date
from uuid import uuid4

import pytest

from cohorts.activities.rules import Kind, Network
from cohorts.activity_files.rules import Format
from cohorts.activity_imports.rules import (
    Fate,
    Outside,
    network_of,
    place_or_outside,
    seems_anothers,
    source_of,
)
from cohorts.activity_imports.words import came_sentence, fate_text, format_text, left_out_sentence
from cohorts.months.rules import Stretch
from cohorts.places.rules import Membership, Place, Tracking

START, TODAY = date(2026, 4, 10), date(2026, 6, 1)
COHORT = uuid4()
TRACKING = Tracking(
    memberships=(
        Membership(
            cohort=COHORT,
            enrolment=COHORT,
            zone="UTC",
            start=START,
            active=(Stretch(START, date(2026, 5, 20)),),
        ),
    ),
    consented_from={Network.X: date(2026, 4, 20)},
)


@pytest.mark.parametrize(
    ("day", "network", "why"),
    [
        (date(2026, 6, 2), Network.X, Outside.IN_THE_FUTURE),
        (date(2026, 4, 9), Network.X, Outside.BEFORE_TRACKING),
        (date(2026, 5, 20), Network.X, Outside.NOT_ACTIVE),
        (date(2026, 5, 19), Network.LINKEDIN, Outside.NO_CONSENT),
        (date(2026, 4, 19), Network.X, Outside.BEFORE_CONSENT),
    ],
)
def test_what_is_left_out_says_why(day: date, network: Network, why: Outside) -> None:
    assert place_or_outside(day, TRACKING, today=TODAY, kind=Kind.POST, network=network) is why
    assert left_out_sentence(Fate.OUTSIDE, why, network)


def test_what_fits_has_its_place() -> None:
    found = place_or_outside(date(2026, 5, 19), TRACKING, today=TODAY, kind=Kind.POST, network=Network.X)
    assert found == Place(COHORT, COHORT, 1)


def test_an_archive_is_anothers_only_where_it_names_none_of_ones_own_accounts() -> None:
    assert seems_anothers("robin", ["@Mia", "mia@social.example"])
    assert not seems_anothers("Mia", ["@mia"])
    assert not seems_anothers("https://social.example/users/mia", ["@mia@social.example"])
    assert not seems_anothers("robin", [])
    assert not seems_anothers(None, ["mia"])


def test_every_format_has_a_name_and_a_source() -> None:
    for format in Format:
        assert format_text(format)
        assert source_of(format) in {
            "linkedin_archive", "linkedin_analytics", "x_archive", "x_analytics", "mastodon_archive", "own_file",
        }  # fmt: skip
    assert network_of(Format.MASTODON_OUTBOX) is Network.MASTODON
    assert network_of(Format.OWN_FILE) is None
    for fate in Fate:
        assert fate_text(fate)


def test_what_came_of_a_file_is_said_in_one_sentence() -> None:
    came = dict.fromkeys(("new", "reactions", "merged", "known", "measured", "outside", "not_understood"), 0)
    assert came_sentence(came) == "It held nothing."
    assert came_sentence(came | {"new": 214, "known": 31}) == "214 new activities and 31 known already."
