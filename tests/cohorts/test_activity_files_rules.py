"""Words for everything that can be said of a file, and links that are told at a glance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.activities.rules import post_at
from cohorts.activity_files.links import post_of
from cohorts.activity_files.rules import (
    MOST_SIGNS_SAID,
    OUR_COLUMNS,
    Trouble,
    Unreadable,
    Why,
    clean,
    not_understood,
)
from cohorts.activity_files.vocabulary import column_named
from cohorts.activity_files.words import column_text, trouble_text, why_text


@pytest.mark.parametrize("why", Why)
def test_every_reason_is_a_sentence(why: Why) -> None:
    assert why_text(why).endswith(".")


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_is_told_in_sentences(trouble: Trouble) -> None:
    assert trouble_text(trouble).endswith(".")
    assert Unreadable(trouble, "Shares.csv").part == "Shares.csv"


@pytest.mark.parametrize("column", OUR_COLUMNS)
def test_every_column_of_ours_is_known_by_its_own_name(column: str) -> None:
    assert column_named(column) == column
    assert column_text(column)


def test_a_line_is_told_by_its_beginning_without_what_nobody_can_keep() -> None:
    said = not_understood(1, "", Why.NO_DATE, "a\x00b\ud83d \n\n" + "word " * 100).said
    assert said.startswith("ab\N{REPLACEMENT CHARACTER} word")
    assert len(said) <= MOST_SIGNS_SAID
    assert clean("as it was") == "as it was"


hosts = st.sampled_from(
    ["www.linkedin.com", "linkedin.com", "x.com", "twitter.com", "mobile.twitter.com", "social.example", "bsky.app",
     "www.social.example", "mastodon.x.com", "tiktok.com", "fb.com", "a.b-c.example", "youtu.be", "lnkd.in", "UPPER.example"]
)  # fmt: skip
paths = st.sampled_from(
    ["feed/update/urn:li:share:{}", "feed/update/urn%3Ali%3AugcPost%3A{}", "feed/update/urn%3ali%3aactivity%3a{}/",
     "robin/status/{}", "i/web/status/{}", "@robin/{}", "@robin@a.example/{}", "robin/status/{}?s=20", "@robin/{}/", "@r/{}#x",
     "feed/update/urn:li:activity:{}?commentUrn=urn:li:comment:(activity:1,2)"]
)  # fmt: skip


@given(scheme=st.sampled_from(["https://", "http://", ""]), host=hosts, path=paths, id=st.integers(0, 10**19))
def test_a_link_told_at_a_glance_leads_where_it_always_does(
    scheme: str, host: str, path: str, id: int
) -> None:
    link = f"{scheme}{host}/{path.format(id)}"
    assert post_of(link) == post_at(link)


def test_a_link_that_is_too_long_leads_nowhere() -> None:
    link = "https://x.com/robin/status/" + "1" * 2_000
    assert post_of(link) == post_at(link) is None


@pytest.mark.parametrize(
    "slug", ["robin_activity-12-AbCd", "robin_some-words-activity-12-AbCd?utm_source=share"]
)
def test_a_link_copied_from_linkedin_has_the_id_of_its_post(slug: str) -> None:
    found = post_of(f"https://www.linkedin.com/posts/{slug}")
    assert found is not None
    assert found.id == "activity:12"
