"""X's archive and both kinds of its analytics."""

import json
from datetime import UTC, date, datetime

import pytest

from cohorts.activities.rules import Kind, Network
from cohorts.activity_files.rules import Format, Found, Measured, Why
from tests.cohorts.files import (
    X_ANALYTICS,
    X_ANALYTICS_CLASSIC,
    assigned,
    note,
    short_link,
    tweet,
    x_analytics,
    x_analytics_classic,
    x_archive,
    zipped,
)
from tests.cohorts.reading_files import (
    found_in,
    measures_of,
    opened,
    rows_of,
    texts_in,
    the_one_in,
    trouble_with,
    whys_in,
)

LONG = "A thought that goes on. " * 15


def test_a_post_of_the_archive() -> None:
    post = tweet(
        1050118621198921728,
        "Wed Oct 10 20:19:24 +0000 2018",
        "Tom &amp; Ada: 1 &lt; 2, see https://t.co/abc",
        entities={"urls": [short_link("https://t.co/abc", "https://example.org/?a=1&b=2")]},
        favorite_count="1234",
        retweet_count="7",
    )
    archive = x_archive(post)
    assert the_one_in(archive) == Found(
        line=1,
        part="data/tweets.js",
        kind=Kind.POST,
        network=Network.X,
        post_id="1050118621198921728",
        link="https://x.com/robin/status/1050118621198921728",
        text="Tom & Ada: 1 < 2, see https://example.org/?a=1&b=2",
        done_at=datetime(2018, 10, 10, 20, 19, 24, tzinfo=UTC),
        done_on=None,
        measured=Measured(reactions=1234, shares=7),
    )
    assert (opened(archive).format, opened(archive).handle) == (Format.X_ARCHIVE, "robin")


def test_an_answer_to_a_post_is_a_reply() -> None:
    assert the_one_in(x_archive(tweet(2, in_reply_to_status_id_str="1"))).kind is Kind.REPLY


def test_a_repost_has_no_words_and_no_measures_of_ones_own() -> None:
    found = the_one_in(x_archive(tweet(3, text="RT @ada: Well said", retweet_count="900")))
    assert (found.kind, found.text, found.measured) == (Kind.SHARE, "", Measured())
    assert found.post_id == "3"


def test_measures_that_are_missing_or_no_numbers_are_not_measured() -> None:
    post = tweet(4, favorite_count="many")
    del post["retweet_count"]
    assert the_one_in(x_archive(post)).measured == Measured()


@pytest.mark.parametrize("old", [False, True])
def test_all_parts_are_read_whatever_they_are_called(old: bool) -> None:
    archive = x_archive(*(tweet(id) for id in range(1, 8)), parts=3, old=old)
    found = found_in(archive)
    assert {each.post_id for each in found} == {str(id) for id in range(1, 8)}
    assert [each.line for each in found] == list(range(1, 8))
    assert len({each.part for each in found}) == 3


def test_posts_to_communities_count_and_deleted_ones_do_not() -> None:
    community = assigned("community_tweet", [{"tweet": tweet(9, text="To the community")}])
    archive = x_archive(tweet(8, text="To all"), more={"data/community-tweet.js": community})
    assert texts_in(archive) == ["To all", "To the community"]


def test_an_archive_in_a_folder_of_its_own() -> None:
    archive = x_archive(tweet(8), folder="twitter-2026-11-01/")
    assert the_one_in(archive).part == "twitter-2026-11-01/data/tweets.js"
    assert opened(archive).handle == "robin"


def test_what_a_mac_adds_to_archives_is_passed_over() -> None:
    archive = x_archive(
        tweet(8), more={"__MACOSX/data/._tweets.js": "\x00\x05\x16\x07", "data/._tweets.js": "\x00"}
    )
    assert the_one_in(archive).post_id == "8"


def test_without_an_account_links_still_lead_to_the_post() -> None:
    archive = x_archive(tweet(8), username=None)
    assert opened(archive).handle is None
    assert the_one_in(archive).link == "https://x.com/i/status/8"


@pytest.mark.parametrize(
    "account", ["nonsense", "window.YTD.account.part0 = [", '[{"account": {"username": "<b>"}}]']
)
def test_an_account_that_cannot_be_read_names_nobody(account: str) -> None:
    assert opened(x_archive(tweet(8), username=None, more={"data/account.js": account})).handle is None


def test_the_file_of_posts_alone_is_enough() -> None:
    text = assigned("tweets", [{"tweet": tweet(8, text="Hello")}])
    assert opened(text).format is Format.X_ARCHIVE
    assert texts_in(text) == texts_in("\ufeff" + text) == texts_in(text.partition("=")[2]) == ["Hello"]
    assert texts_in(text.encode("utf-16")) == ["Hello"]


def test_the_first_archives_did_not_wrap_their_posts() -> None:
    assert texts_in(assigned("tweet", [tweet(8, text="Hello")])) == ["Hello"]


def test_short_links_to_pictures_are_no_part_of_the_text() -> None:
    picture = short_link("https://t.co/pic", "https://x.com/robin/status/8/photo/1")
    entities = {"urls": [short_link("https://t.co/a", "https://a.example/")], "media": [picture]}
    text = "See https://t.co/a and https://t.co/ab https://t.co/pic"
    only_extended = tweet(9, text="Look https://t.co/pic", extended_entities={"media": [picture]})
    assert texts_in(x_archive(tweet(8, text=text, entities=entities), only_extended)) == [
        "See https://a.example/ and https://t.co/ab",
        "Look",
    ]


def test_a_long_post_is_whole_again() -> None:
    post = tweet(8, text=LONG[:270].rstrip() + "… https://t.co/self")
    whole = note("2026-10-14T20:19:24.000Z", LONG + "Tom &amp; Ada https://t.co/x")
    whole["noteTweet"]["core"]["urls"] = [
        {"shortUrl": "https://t.co/x", "expandedUrl": "https://example.org/"}
    ]
    others = note("2026-10-14T20:19:24.000Z", "Another one of that second. " * 12)
    reply = tweet(9, text="@ada " + LONG[:270] + "…", in_reply_to_status_id_str="1")
    archive = x_archive(post, tweet(10, text="Short"), reply, notes=[others, whole])
    assert texts_in(archive) == [
        LONG + "Tom & Ada https://example.org/",
        "Short",
        LONG + "Tom & Ada https://example.org/",
    ]


def test_notes_that_cannot_be_read_change_nothing() -> None:
    for notes in ("nonsense", 'window.YTD.note_tweet.part0 = [1, {}, {"noteTweet": {"createdAt": "x"}}'):
        assert texts_in(x_archive(tweet(8, text="Hello"), more={"data/note-tweet.js": notes})) == ["Hello"]


def test_the_versions_of_an_edited_post_are_one() -> None:
    versions = ["90", "91", "102"]
    first = tweet(90, edit_info={"initial": {"editTweetIds": versions}})
    last = tweet(
        102, edit_info={"edit": {"initialTweetId": "90", "editControlInitial": {"editTweetIds": versions}}}
    )
    alone = tweet(7, edit_info={"initial": {"editTweetIds": ["8", "9"]}})
    assert [found.post_id for found in found_in(x_archive(first, last, alone))] == ["102", "102", "7"]


def test_half_a_character_is_shown_as_such() -> None:
    archive = x_archive(tweet(8, text="Cut \ud83d in half, \x00 none"))
    assert the_one_in(archive).text == "Cut \N{REPLACEMENT CHARACTER} in half,  none"


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"tweet": {**tweet(8), "created_at": "yesterday"}}, Why.NO_DATE),
        ({"tweet": {**tweet(8), "created_at": None}}, Why.NO_DATE),
        ({"tweet": {**tweet(8), "created_at": "Wed Foo 10 20:19:24 +0000 2018"}}, Why.NO_DATE),
        ({"tweet": {**tweet(8), "created_at": "Wed Feb 30 20:19:24 +0000 2018"}}, Why.NO_DATE),
        ({"tweet": {**tweet(8), "id_str": "8; DROP TABLE"}}, Why.NOT_AN_ACTIVITY),
        ({"tweet": {**tweet(8), "full_text": 7}}, Why.NOT_AN_ACTIVITY),
        ({"tweet": "text"}, Why.NOT_AN_ACTIVITY),
        ("tweet", Why.NOT_AN_ACTIVITY),
        (None, Why.NOT_AN_ACTIVITY),
        ([[[]]], Why.NOT_AN_ACTIVITY),
    ],
)
def test_an_entry_that_is_no_post_is_left_out_with_its_reason(entry: object, why: Why) -> None:
    assert whys_in(assigned("tweets", [{"tweet": tweet(1)}, entry, {"tweet": tweet(2)}])) == [None, why, None]


def test_a_post_that_is_no_json_takes_no_other_along() -> None:
    broken = '{"tweet": {"id_str": "2", "full_text": "unfinished }},'
    text = assigned("tweets", [{"tweet": tweet(1)}, "HERE", {"tweet": tweet(3)}]).replace('"HERE",', broken)
    rows = rows_of(text)
    assert [row.line for row in rows] == [1, 2, 3]
    assert whys_in(text) == [None, Why.NOT_JSON, None]


def test_an_archive_that_breaks_off_keeps_what_is_whole() -> None:
    text = assigned("tweets", [{"tweet": tweet(id)} for id in range(50)])
    whys = whys_in(zipped({"data/tweets.js": text[: len(text) // 2]}))
    assert whys[-1] is Why.CUT_OFF
    assert set(whys[:-1]) == {None}
    assert 20 < len(whys) < 30


@pytest.mark.parametrize(
    "text",
    [
        "window.YTD.tweets.part0 = function () { alert(1) }",
        "window.YTD.tweets.part0 = [ this is no JSON ]",
        "window.YTD.tweets.part0 = ",
        "window.YTD.tweets.part0 = [" + "[" * 200_000,
        "window.YTD.tweets.part0 = {}",
    ],
)
def test_posts_that_are_no_json_are_refused(text: str) -> None:
    assert trouble_with(zipped({"data/tweets.js": text}))[0] == "not_json"
    assert trouble_with(text)[0] == "not_json"


def test_the_part_that_is_no_json_is_named() -> None:
    archive = x_archive(tweet(1), more={"data/tweets-part1.js": "window.YTD.tweets.part1 = oops"})
    assert trouble_with(archive) == ("not_json", "data/tweets-part1.js")


def test_an_archive_without_posts_is_one() -> None:
    assert rows_of(x_archive()) == []


def test_numbers_without_end_harm_nobody() -> None:
    text = '[{"tweet": {"id_str": "1", "n": ' + "9" * 10_000 + '}}, {"tweet": ' + json.dumps(tweet(2)) + "}]"
    assert whys_in(text) == [Why.NOT_JSON, None]


def test_a_row_of_todays_analytics() -> None:
    row = {
        "Post id": "2063000000000000001",
        "Date": "Fri, Jun 5, 2026",
        "Post text": "Two\nlines, “quoted”",
        "Post Link": "https://x.com/robin/status/2063000000000000001",
        "Impressions": "1,234",
        "Likes": "34",
        "Engagements": "99",
        "Shares": "3",
        "Replies": "5",
        "Reposts": "2",
        "URL Clicks": "0",
    }
    found = the_one_in(x_analytics(row))
    assert found == Found(
        line=2,
        part="",
        kind=None,
        network=Network.X,
        post_id="2063000000000000001",
        link="https://x.com/robin/status/2063000000000000001",
        text="Two\nlines, “quoted”",
        done_at=None,
        done_on=date(2026, 6, 5),
        measured=Measured(impressions=1234, reactions=34, comments=5, shares=2, clicks=0),
    )
    about = opened(x_analytics(row))
    assert (about.format, about.handle) == (Format.X_ANALYTICS, "robin")
    assert found_in(x_analytics(row, mark=False)) == [found]


def test_a_row_of_classic_analytics() -> None:
    row = {
        "Tweet id": "1050118621198921728",
        "Tweet permalink": "https://twitter.com/robin/status/1050118621198921728",
        "Tweet text": "Hello",
        "time": "2026-10-01 10:00 +0000",
        "impressions": "1240.0",
        "engagements": "17.0",
        "engagement rate": "0.0137",
        "retweets": "3.0",
        "replies": "1.0",
        "likes": "11.0",
        "url clicks": "2.0",
    }
    found = the_one_in(x_analytics_classic(row))
    assert (found.post_id, found.done_at, found.done_on) == (
        "1050118621198921728",
        datetime(2026, 10, 1, 10, tzinfo=UTC),
        None,
    )
    assert measures_of(found) == {
        "impressions": 1240,
        "reactions": 11,
        "comments": 1,
        "shares": 3,
        "clicks": 2,
    }
    about = opened(x_analytics_classic(row))
    assert (about.format, about.handle) == (Format.X_ANALYTICS_CLASSIC, "robin")


def test_columns_that_are_missing_were_not_measured() -> None:
    row = {
        "Post id": "1",
        "Date": "Fri, Jun 5, 2026",
        "Post Link": "https://x.com/robin/status/1",
        "Likes": "-",
    }
    assert measures_of(the_one_in(x_analytics(row, columns=[*X_ANALYTICS[:4], "Likes"]))) == {}


def test_an_id_that_a_spreadsheet_rounded_is_taken_from_the_link() -> None:
    row = {
        "Post id": "2.063E+18",
        "Date": "Fri, Jun 5, 2026",
        "Post Link": "https://x.com/robin/status/2063000000000000001",
    }
    assert the_one_in(x_analytics(row)).post_id == "2063000000000000001"
    mobile = {**row, "Post Link": "https://mobile.twitter.com/i/web/status/7?s=20"}
    assert the_one_in(x_analytics(mobile)).post_id == "7"
    assert whys_in(x_analytics({**row, "Post Link": ""})) == [Why.NO_LINK]
    assert whys_in(x_analytics({**row, "Post Link": "https://example.org/"})) == [Why.NO_LINK]


def test_without_a_link_the_id_leads_to_the_post() -> None:
    found = the_one_in(x_analytics({"Post id": "12", "Date": "Fri, Jun 5, 2026"}))
    assert (found.post_id, found.link) == ("12", "https://x.com/i/status/12")
    assert opened(x_analytics({"Post id": "12", "Date": "Fri, Jun 5, 2026"})).handle is None


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('2,"Fri, Jun 5, 2026",Half a ro', Why.CUT_OFF),
        ('2,"Fri, Jun 5, 2026","Half a ro', Why.CUT_OFF),
        ("2,soon,x,https://x.com/robin/status/2,1,1,1,1,1,1,1,1,1,1,1,1,1\n", Why.NO_DATE),
        ('2,"Fri, Jun 5, 2026",x,https://x.com/a/status/2,many,1,1,1,1,1,1,1,1,1,1,1,1\n', Why.NOT_A_NUMBER),
        (
            '2,"Fri, Jun 5, 2026",a, b,https://x.com/a/status/2,1,1,1,1,1,1,1,1,1,1,1,1,1\n',
            Why.TOO_MANY_CELLS,
        ),
        (
            '2,"Fri, Jun 5, 2026,x,https://x.com/a/status/2,1,1,1,1,1,1,1,1,1,1,1,1,1\n',
            Why.QUOTES_DO_NOT_MATCH,
        ),
        (f"2,x,x,x{',' * 13}\n", Why.NO_LINK),
    ],
)
def test_a_row_that_says_too_little_is_left_out_with_its_reason(line: str, why: Why) -> None:
    row = {"Post id": "1", "Date": "Fri, Jun 5, 2026", "Post Link": "https://x.com/robin/status/1"}
    after = x_analytics({**row, "Post text": 'After "it"'}, mark=False).decode().partition("\n")[2]
    assert whys_in(x_analytics(row).decode() + line) == [None, why]
    if line.endswith("\n"):
        assert whys_in(x_analytics(row).decode() + line + after) == [None, why, None]


def test_letters_that_are_damaged_are_pointed_out() -> None:
    rows = [
        {
            "Post id": "1",
            "Date": "Fri, Jun 5, 2026",
            "Post Link": "https://x.com/robin/status/1",
            "Post text": text,
        }
        for text in ["Größe"] * 20
    ]
    damaged = x_analytics(*rows, mark=False).replace("Größe".encode(), b"Gr\xff\xfee", 1)
    assert whys_in(damaged) == [Why.BROKEN_CHARACTERS, *[None] * 19]


def test_an_overview_by_day_is_told_from_the_posts() -> None:
    header = "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,Replies,Reposts,Create Post\n"
    assert trouble_with(header + '"Fri, Jun 5, 2026",1,2,3,4,5,6,7,8,9,0\n') == ("x_overview", "")


def test_other_files_of_the_archive_are_told_from_the_posts() -> None:
    assert trouble_with(assigned("like", [{"like": {"tweetId": "1"}}])) == ("x_without_posts", "")
    archive = zipped({"data/account.js": assigned("account", []), "data/like.js": assigned("like", [])})
    assert trouble_with(archive) == ("x_without_posts", "")


def test_only_the_columns_decide_which_analytics_they_are() -> None:
    shuffled = sorted(X_ANALYTICS)
    row = {
        "Post id": "1",
        "Date": "Fri, Jun 5, 2026",
        "Post Link": "https://x.com/robin/status/1",
        "Likes": "3",
    }
    assert measures_of(the_one_in(x_analytics(row, columns=shuffled))) == {"reactions": 3}
    assert (
        opened(x_analytics_classic(columns=sorted(X_ANALYTICS_CLASSIC))).format is Format.X_ANALYTICS_CLASSIC
    )
