"""Mastodon's outbox, alone and within the archive of an account."""

import json
from datetime import UTC, datetime

import pytest

from cohorts.activities.rules import Kind, Network
from cohorts.activity_files.mastodon import text_of_html
from cohorts.activity_files.rules import Format, Found, Why
from tests.cohorts.files import ACTOR, PUBLIC, boost, mastodon_archive, mastodon_outbox, tarred, toot, zipped
from tests.cohorts.reading_files import found_in, opened, rows_of, the_one_in, trouble_with, whys_in

LONG_LINK = (
    '<p><a href="https://e.example/long/path"><span class="invisible">https://</span><span class="ellipsis">'
    'e.example/long</span><span class="invisible">/path</span></a></p>'
)
MENTION = (
    '<p><span class="h-card"><a href="https://a.example/@ada" class="u-url mention">@<span>ada</span></a></span>'
    ' see <a href="https://s.example/tags/x" class="mention hashtag" rel="tag">#<span>x</span></a></p>'
)


def test_a_post_of_the_outbox() -> None:
    outbox = mastodon_outbox(toot(113, "2026-10-14T20:19:24Z", "<p>Hello, <b>world</b></p>"))
    assert the_one_in(outbox) == Found(
        line=1,
        part="",
        kind=Kind.POST,
        network=Network.MASTODON,
        post_id="social.example/113",
        link="https://social.example/@robin/113",
        text="Hello, world",
        done_at=datetime(2026, 10, 14, 20, 19, 24, tzinfo=UTC),
        done_on=None,
    )
    assert (opened(outbox).format, opened(outbox).handle) == (Format.MASTODON_OUTBOX, "robin@social.example")


def test_an_answer_is_a_reply() -> None:
    assert (
        the_one_in(mastodon_outbox(toot(1, reply_to="https://a.example/users/ada/statuses/9"))).kind
        is Kind.REPLY
    )


def test_a_boost_is_a_share_of_what_its_link_leads_to() -> None:
    found = the_one_in(mastodon_outbox(boost(5, "https://a.example/users/ada/statuses/9")))
    assert (found.kind, found.text, found.post_id) == (Kind.SHARE, "", "social.example/5")
    assert found.link == "https://a.example/users/ada/statuses/9"


def test_what_was_boosted_may_stand_there_whole() -> None:
    item = {**boost(5, ""), "object": toot(4)["object"]}
    assert the_one_in(mastodon_outbox(item)).link == f"{ACTOR}/statuses/4"


@pytest.mark.parametrize("tar", [False, True])
def test_the_archive_of_an_account_holds_the_outbox(tar: bool) -> None:
    archive = mastodon_archive(toot(1), boost(2, "https://a.example/users/ada/statuses/9"), tar=tar)
    assert opened(archive).handle == "robin@social.example"
    assert [found.part for found in found_in(archive)] == ["outbox.json"] * 2


def test_a_tar_with_the_outbox_in_a_folder() -> None:
    folder = "a" * 90 + "/" + "b" * 40
    archive = tarred(
        {f"{folder}/picture.png": b"x" * 3_000, f"{folder}/outbox.json": mastodon_outbox(toot(1))}
    )
    assert the_one_in(archive).post_id == "social.example/1"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<p>One<br>Two<br />Three</p>", "One\nTwo\nThree"),
        ("<p>1 &lt; 2 &amp;&amp; &quot;x&quot; &#39;y&#39;</p>", "1 < 2 && \"x\" 'y'"),
        (LONG_LINK, "https://e.example/long/path"),
        (MENTION, "@ada see #x"),
        ("<p>List:</p><ul><li>one</li><li>two</li></ul><p>End</p>", "List:\n\none\ntwo\n\nEnd"),
        ("<blockquote><p>Said</p></blockquote><p>So</p>", "Said\n\nSo"),
        ("plain, without any mark", "plain, without any mark"),
        ("<p>a <not a tag</p>", "a <not a tag"),
        ("", ""),
    ],
)
def test_the_text_is_what_readers_see(html: str, text: str) -> None:
    assert text_of_html(html) == text


def test_a_flood_of_angles_is_read_at_once() -> None:
    assert text_of_html("<" * 200_000) == "<" * 200_000
    assert len(text_of_html("<p " * 100_000)) == 300_000


@pytest.mark.parametrize(
    "audience", [[], ["https://social.example/users/ada"], [f"{ACTOR}/followers"], None, "x"]
)
def test_what_was_not_for_everybody_is_left_out_unread(audience: object) -> None:
    outbox = mastodon_outbox(
        toot(1, html="<p>Between us</p>", to=audience, cc=[]), toot(2, to=[], cc=[PUBLIC])
    )
    hidden, unlisted = rows_of(outbox)
    assert getattr(hidden, "why", None) is Why.NOT_PUBLIC
    assert "Between" not in str(hidden)
    assert isinstance(unlisted, Found)


def test_everybody_may_be_named_alone_and_by_a_short_name() -> None:
    assert len(found_in(mastodon_outbox(toot(1, to="as:Public", cc=None), toot(2, to=PUBLIC)))) == 2


def test_a_server_with_addresses_of_its_own() -> None:
    item = toot(1, url=None)
    item["object"]["id"] = "https://pleroma.example/objects/0d1c"
    found = the_one_in(mastodon_outbox(item))
    assert (found.network, found.post_id) == (Network.MASTODON, "https://pleroma.example/objects/0d1c")


def test_a_moment_may_have_fractions() -> None:
    assert the_one_in(mastodon_outbox(toot(1, "2026-10-14T22:19:24.123+02:00"))).done_at == datetime(
        2026, 10, 14, 20, 19, 24, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ({**toot(1), "type": "Delete"}, Why.NOT_AN_ACTIVITY),
        ({**toot(1), "object": "https://social.example/1"}, Why.NOT_AN_ACTIVITY),
        ({**toot(1), "published": "once"}, Why.NO_DATE),
        ({**toot(1), "object": {**toot(1)["object"], "url": None, "id": 7}}, Why.NO_LINK),
        ({**boost(1, "https://a.example/1"), "id": None}, Why.NO_LINK),
        ("https://social.example/1", Why.NOT_AN_ACTIVITY),
        (None, Why.NOT_AN_ACTIVITY),
    ],
)
def test_an_item_that_is_no_activity_is_left_out_with_its_reason(item: object, why: Why) -> None:
    assert whys_in(mastodon_outbox(toot(1), item, toot(2))) == [None, why, None]  # type: ignore[arg-type]


def test_an_item_that_is_no_json_takes_no_other_along() -> None:
    text = mastodon_outbox(toot(1), toot(2), toot(3)).decode()
    broken = text.replace(
        '"published": "2026-10-14T20:19:24Z", "to"', '"published" "2026-10-14T20:19:24Z", "to"', 1
    )
    assert whys_in(broken) == [Why.NOT_JSON, None, None]


def test_an_outbox_that_breaks_off_keeps_what_is_whole() -> None:
    text = mastodon_outbox(toot(1), toot(2), toot(3)).decode()
    assert whys_in(text[:-200]) == [None, None, Why.CUT_OFF]


def test_an_outbox_with_nothing_in_it() -> None:
    assert rows_of(mastodon_outbox()) == []
    assert opened(mastodon_outbox()).handle is None


def test_other_json_is_not_taken_for_an_outbox() -> None:
    assert trouble_with(json.dumps({"type": "Person", "id": ACTOR})) == ("not_recognised", "")
    assert trouble_with(tarred({"actor.json": b"{}"})) == ("not_recognised", "")
    assert trouble_with(zipped({"outbox.json": '{"type": "OrderedCollection"}', "a": ""})) == (
        "not_json",
        "outbox.json",
    )
