from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.activities.rules import (
    BeforeConsent,
    BeforeTracking,
    Counts,
    InTheFuture,
    Kind,
    Network,
    NoConsent,
    NotActiveThen,
    Post,
    WhyNot,
    counts_of,
    kind_at,
    post_at,
    why_not_on,
)

START, TODAY = date(2026, 3, 1), date(2026, 6, 1)
DAY = date(2026, 5, 1)


@pytest.mark.parametrize(
    "link",
    [
        "https://www.linkedin.com/feed/update/urn:li:activity:7345821826846990338",
        "https://www.linkedin.com/feed/update/urn:li:activity:7345821826846990338/",
        "https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A7345821826846990338?utm_source=share",
        "https://www.linkedin.com/posts/mia-member_voices-activity-7345821826846990338-aBcD?rcm=xyz",
        "linkedin.com/posts/mia-member-activity-7345821826846990338",
        " https://de.linkedin.com/feed/update/urn:li:activity:7345821826846990338 ",
    ],
)
def test_every_link_to_one_linkedin_post_gives_the_same_id(link: str) -> None:
    assert post_at(link) == Post(Network.LINKEDIN, "activity:7345821826846990338")


@pytest.mark.parametrize(
    ("link", "post"),
    [
        ("https://www.linkedin.com/feed/update/urn:li:share:73", Post(Network.LINKEDIN, "share:73")),
        ("https://www.linkedin.com/feed/update/urn:li:ugcPost:73", Post(Network.LINKEDIN, "ugcPost:73")),
        ("https://www.linkedin.com/posts/mia_x-ugcPost-73-zz", Post(Network.LINKEDIN, "ugcPost:73")),
        (
            "https://www.linkedin.com/feed/update/urn:li:activity:73?commentUrn=urn%3Ali%3Acomment%3A%28activity%3A73%2C99%29",
            Post(Network.LINKEDIN, "comment:99"),
        ),
        (
            "https://www.linkedin.com/pulse/our-night-shift",
            Post(Network.LINKEDIN, "https://linkedin.com/pulse/our-night-shift"),
        ),
        ("https://lnkd.in/dX3?trk=1", Post(Network.LINKEDIN, "https://lnkd.in/dX3")),
        ("https://x.com/mia/status/123?s=20", Post(Network.X, "123")),
        ("https://twitter.com/mia/status/123", Post(Network.X, "123")),
        ("https://mobile.twitter.com/i/web/status/123/photo/1", Post(Network.X, "123")),
        ("https://x.com/mia", Post(Network.X, "https://x.com/mia")),
        ("https://mastodon.social/@mia/1109", Post(Network.MASTODON, "mastodon.social/1109")),
        ("https://mastodon.social/@mia@other.example/1109", Post(Network.MASTODON, "mastodon.social/1109")),
        ("https://hachyderm.io/users/mia/statuses/1109", Post(Network.MASTODON, "hachyderm.io/1109")),
        ("https://bsky.app/profile/mia.bsky.social/post/3kabc2", Post(Network.BLUESKY, "3kabc2")),
        ("https://bsky.app/profile/did:plc:xyz/post/3kabc2", Post(Network.BLUESKY, "3kabc2")),
        (
            "https://bsky.app/profile/mia.bsky.social",
            Post(Network.BLUESKY, "https://bsky.app/profile/mia.bsky.social"),
        ),
        ("https://youtu.be/abc?si=1", Post(Network.YOUTUBE, "https://youtu.be/abc")),
        ("https://medium.example/@mia/123-things", Post(None, "https://medium.example/@mia/123-things")),
        (
            "HTTP://www.Example.com/talk/?b=2&utm_source=x&a=1#part",
            Post(None, "https://example.com/talk?a=1&b=2"),
        ),
    ],
)
def test_a_link_gives_its_network_and_the_id_of_the_post(link: str, post: Post) -> None:
    assert post_at(link) == post


@pytest.mark.parametrize(
    "link",
    [
        "",
        "hello",
        "two words.com",
        "ftp://example.com/a",
        "mailto:mia@example.com",
        "https://[::1",
        "x" * 3_000,
        "https://.",
    ],
)
def test_what_is_no_link_is_not_taken_for_one(link: str) -> None:
    assert post_at(link) is None


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_post_or_nothing(link: str) -> None:
    post = post_at(f"https://example.com/{link}")
    assert post is None or post.id


@pytest.mark.parametrize("kind", list(Kind))
def test_everything_but_a_reaction_is_taking_part(kind: Kind) -> None:
    expected = {
        Kind.REACTION: Counts(0, 0, 1),
        Kind.REPLY: Counts(1, 1, 0),
        Kind.ANSWERED_QUESTION: Counts(1, 1, 0),
    }.get(kind, Counts(1, 0, 0))
    assert counts_of(kind) == expected


def why_not(
    day: date = DAY,
    *,
    active: bool = True,
    kind: Kind = Kind.POST,
    network: Network = Network.LINKEDIN,
    consented_from: date | None = START,
) -> WhyNot | None:
    return why_not_on(
        day,
        today=TODAY,
        start=START,
        active=active,
        kind=kind,
        network=network,
        consented_from=consented_from,
    )


def test_a_day_between_consent_and_today_is_kept() -> None:
    assert why_not() is None
    assert why_not(START) is None
    assert why_not(TODAY) is None


def test_a_day_to_come_is_not_kept() -> None:
    assert why_not(TODAY + timedelta(days=1)) == InTheFuture(TODAY)


def test_nothing_from_before_the_tracking_start_is_kept() -> None:
    assert why_not(START - timedelta(days=1), consented_from=date(2020, 1, 1)) == BeforeTracking(START)


def test_a_day_on_which_the_enrolment_was_not_active_is_not_kept() -> None:
    assert why_not(active=False) == NotActiveThen()


def test_a_network_needs_consent_from_that_day_on() -> None:
    assert why_not(consented_from=None) == NoConsent(Network.LINKEDIN)
    later = DAY + timedelta(days=1)
    assert why_not(consented_from=later) == BeforeConsent(Network.LINKEDIN, later)
    assert why_not(consented_from=DAY) is None


@pytest.mark.parametrize(
    ("kind", "network"),
    [(Kind.TALK, Network.LINKEDIN), (Kind.ANSWERED_QUESTION, Network.OTHER), (Kind.POST, Network.IN_PERSON)],
)
def test_what_needs_no_account_needs_no_consent(kind: Kind, network: Network) -> None:
    assert why_not(kind=kind, network=network, consented_from=None) is None


def test_a_link_tells_what_it_probably_was() -> None:
    told = {
        "https://www.linkedin.com/feed/update/urn:li:activity:1": Kind.POST,
        "https://www.linkedin.com/feed/update/urn:li:activity:1?commentUrn=urn%3Ali%3Acomment%3A%28activity%3A1%2C2%29": Kind.REPLY,
        "https://www.linkedin.com/pulse/what-i-learned-mia": Kind.ARTICLE,
        "https://www.youtube.com/watch?v=1&lc=2": Kind.REPLY,
        "https://x.com/mia/status/1": Kind.POST,
        "https://conference.example/talk": None,
        "my post": None,
    }
    assert {link: kind_at(link) for link in told} == told
