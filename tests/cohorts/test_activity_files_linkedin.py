"""LinkedIn's archive and analytics, with every quirk they have."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.activities.rules import Kind, Network
from cohorts.activity_files.rules import Format, Found, Why
from tests.cohorts.files import (
    Comment,
    Measures,
    Reaction,
    Repost,
    Share,
    comment_link,
    comments_csv,
    linkedin_analytics,
    linkedin_archive,
    post_link,
    reactions_csv,
    shares_csv,
    zipped,
)
from tests.cohorts.reading_files import found_in, measures_of, opened, rows_of, texts_in, the_one_in, whys_in

AT = "2026-07-01 14:33:22"
MOMENT = datetime(2026, 7, 1, 14, 33, 22, tzinfo=UTC)
SEVERAL_LINES = 'He said “no”.\n\n"Never", she said,\nand "that was it"'
HEADER = "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n"


def test_a_share_with_words_of_ones_own_is_a_post() -> None:
    archive = linkedin_archive(shares=[Share(AT, post_link(7345821826846990338), "Hello, world")])
    assert the_one_in(archive) == Found(
        line=1,
        part="Shares.csv",
        kind=Kind.POST,
        network=Network.LINKEDIN,
        post_id="share:7345821826846990338",
        link="https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7345821826846990338",
        text="Hello, world",
        done_at=MOMENT,
        done_on=None,
    )
    assert opened(archive).format is Format.LINKEDIN_ARCHIVE
    assert opened(archive).handle is None


@pytest.mark.parametrize("folder", ["", "Basic_LinkedInDataExport_07-02-2026/", "Complete/deeper/"])
@pytest.mark.parametrize("member", ["", "17529409"])
def test_the_tables_are_found_in_any_folder_and_with_the_members_id(folder: str, member: str) -> None:
    archive = linkedin_archive(
        shares=[Share(AT, post_link(1), "One")],
        comments=[Comment(AT, post_link(2), "Two")],
        reactions=[Reaction(AT, post_link(3))],
        folder=folder,
        member=member,
    )
    assert [found.kind for found in found_in(archive)] == [Kind.POST, Kind.REPLY, Kind.REACTION]


@pytest.mark.parametrize("urn", ["share", "ugcPost", "activity", "groupPost"])
def test_every_kind_of_address_tells_its_id(urn: str) -> None:
    assert the_one_in(linkedin_archive(shares=[Share(AT, post_link(12, urn), "x")])).post_id == f"{urn}:12"
    plain = f"https://www.linkedin.com/feed/update/urn:li:{urn}:12"
    assert the_one_in(linkedin_archive(shares=[Share(AT, plain, "x")])).post_id == f"{urn}:12"


@pytest.mark.parametrize("escape", ['""', '\\"'])
@pytest.mark.parametrize("stray", [False, True])
@pytest.mark.parametrize("columns", [6, 5, 4, 3])
@pytest.mark.parametrize(
    "text",
    [
        "Two\nlines",
        "One\n\nThree\n\n\nSix",
        SEVERAL_LINES,
        '"Quoted at the start"\nand at the "end"',
        'Ends with a "quote"\n"begins" with one',
        "Commas, and; semicolons\n\tand tabs, too",
        '“Typographic” and "plain"\n\n#hashtag @somebody https://example.org/?a=1&b=2',
        "2026-07-01 is a day\n2026-07-02 another",
    ],
)
def test_a_text_of_several_lines_comes_out_as_it_was_written(
    text: str, columns: int, stray: bool, escape: str
) -> None:
    share = Share(AT, post_link(1), text, "https://example.org/a")
    csv = shares_csv([share, Share(AT, post_link(2), "Next")], columns=columns, stray=stray, escape=escape)
    assert texts_in(linkedin_archive(shares=csv)) == [text, "Next"]


def test_an_empty_line_reads_two_quotation_marks_in_the_file_itself() -> None:
    csv = HEADER + f'{AT},{post_link(1)},"First""\n""""\n""Third""",,,MEMBER_NETWORK\n'
    assert texts_in(csv) == ["First\n\nThird"]


def test_line_breaks_that_are_quoted_without_being_escaped_are_understood_too() -> None:
    csv = HEADER + (
        f'{AT},{post_link(1)},"First"\n"Second, with a comma"\n""\n"Last",,,MEMBER_NETWORK\n'
        f"{AT},{post_link(2)},Next,,,MEMBER_NETWORK\n"
    )
    assert texts_in(csv) == ["First\nSecond, with a comma\n\nLast", "Next"]


def test_a_file_without_the_quirk_keeps_every_quotation_mark() -> None:
    shares = [
        Share(AT, post_link(1), '"Be yourself."\n"Everybody else is taken."'),
        Share(AT, post_link(2), "A plain\nline break"),
    ]
    assert texts_in(shares_csv(shares, wrapped=False)) == [share.text for share in shares]


def test_a_text_that_can_only_be_wrapped_is_unwrapped_in_a_file_that_mostly_is_not() -> None:
    csv = shares_csv([Share(AT, post_link(1), "A plain\nline break")], wrapped=False)
    csv += shares_csv([Share(AT, post_link(2), "Wrapped\n\nlines")]).partition("\n")[2]
    assert texts_in(csv) == ["A plain\nline break", "Wrapped\n\nlines"]


def test_a_quotation_over_several_lines_keeps_its_end() -> None:
    text = '"A quotation\nof two lines."'
    assert texts_in(shares_csv([Share(AT, post_link(1), text)])) == [text]
    assert texts_in(shares_csv([Share(AT, post_link(1), text)], stray=True)) == [text]


def test_a_single_line_may_end_with_a_quotation_mark() -> None:
    assert texts_in(shares_csv([Share(AT, post_link(1), 'A screen of 27"')], stray=True)) == [
        'A screen of 27"'
    ]


def test_line_breaks_of_windows_make_no_difference() -> None:
    csv = shares_csv([Share(AT, post_link(1), SEVERAL_LINES)]).replace("\n", "\r\n")
    assert texts_in(csv) == [SEVERAL_LINES]


def test_a_mark_at_the_beginning_makes_no_difference() -> None:
    csv = shares_csv([Share(AT, post_link(1), "Größe")]).encode("utf-8-sig")
    assert texts_in(csv) == ["Größe"]
    assert texts_in(zipped({"Shares.csv": csv, "Profile.csv": ""})) == ["Größe"]


def test_a_backslash_of_ones_own_stays() -> None:
    text = "C:\\temp\\ and ¯\\_(ツ)_/¯"
    assert texts_in(shares_csv([Share(AT, post_link(1), text)])) == [text]
    ends = shares_csv([Share(AT, post_link(1), "Ends, with \\"), Share(AT, post_link(2), "Next")])
    assert texts_in(ends) == ["Ends, with \\", "Next"]


@pytest.mark.parametrize("nothing", ["", '""', '""""""', '""""'])
def test_a_share_without_words_is_a_bare_repost(nothing: str) -> None:
    found = the_one_in(HEADER + f"{AT},{post_link(5)},{nothing},https://example.org/,,MEMBER_NETWORK\n")
    assert (found.kind, found.text, found.post_id) == (Kind.SHARE, "", "share:5")


def test_a_text_that_quotes_a_line_of_the_archive_is_one_text() -> None:
    text = f"Look what my archive says:\n{AT},https://example.org/x,Hello\nFunny, is it not"
    assert texts_in(shares_csv([Share(AT, post_link(1), text), Share(AT, post_link(2), "Next")])) == [
        text,
        "Next",
    ]


def test_a_comment_is_a_reply_with_its_quotes() -> None:
    archive = linkedin_archive(comments=[Comment(AT, comment_link(3, 5), 'I said "no",\nand meant it')])
    found = the_one_in(archive)
    assert (found.kind, found.text, found.done_at) == (Kind.REPLY, 'I said "no",\nand meant it', MOMENT)
    assert found.post_id == "comment:5"
    assert found.link == comment_link(3, 5)


def test_a_comment_known_by_its_post_only_is_told_by_its_second() -> None:
    comments = [
        Comment(AT, post_link(3, "activity"), "One"),
        Comment("2026-07-01 14:33:23", post_link(3, "activity"), "Two"),
    ]
    ids = [found.post_id for found in found_in(linkedin_archive(comments=comments))]
    assert ids == ["comment-on:activity:3@1782916402", "comment-on:activity:3@1782916403"]
    assert ids == [found.post_id for found in found_in(linkedin_archive(comments=comments))]


def test_quotes_in_a_comment_may_also_be_doubled() -> None:
    csv = comments_csv([Comment(AT, post_link(1), 'Say "yes", please')], escape='""')
    assert texts_in(csv) == ['Say "yes", please']


def test_a_link_with_bare_parentheses_and_a_comma_is_one_cell() -> None:
    link = "https://www.linkedin.com/feed/update/urn:li:activity:1?commentUrn=urn:li:comment:(activity:1,2)"
    found = the_one_in(f"Date,Link,Message\n{AT},{link},Thanks, Ada\n")
    assert (found.post_id, found.text, found.link) == ("comment:2", "Thanks, Ada", link)


def test_a_reaction_counts_as_one_and_says_nothing() -> None:
    found = the_one_in(linkedin_archive(reactions=[Reaction(AT, post_link(9, "ugcPost"), "PRAISE")]))
    assert (found.kind, found.text, found.post_id) == (Kind.REACTION, "", "reaction-to:ugcPost:9@1782916402")
    assert measures_of(found) == {}


def test_an_instant_repost_is_a_share() -> None:
    found = the_one_in(linkedin_archive(reposts=[Repost(AT, post_link(9, "activity"))]))
    assert (found.kind, found.text, found.post_id) == (Kind.SHARE, "", "repost-of:activity:9@1782916402")


@pytest.mark.parametrize(
    "csv",
    [
        shares_csv([Share(AT, post_link(1), "x")]),
        comments_csv([Comment(AT, post_link(1), "x")]),
        reactions_csv([Reaction(AT, post_link(1))]),
    ],
)
def test_a_table_alone_is_understood_as_well(csv: str) -> None:
    assert opened(csv).format is Format.LINKEDIN_ARCHIVE
    assert the_one_in(csv).part == ""


def test_a_day_with_its_zone_named_is_the_same_moment() -> None:
    assert the_one_in(shares_csv([Share(f"{AT} UTC", post_link(1), "x")])).done_at == MOMENT


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (f"{AT},https://www.linkedin.com/feed/up", Why.CUT_OFF),
        (f'{AT},{post_link(2)},"Half a commen', Why.CUT_OFF),
        (f"{AT},{post_link(2)},Half a commen", Why.CUT_OFF),
        (f"2026-13-41 14:33:22,{post_link(2)},x,,,MEMBER_NETWORK\n", Why.NO_DATE),
        (f"{AT},nowhere,x,,,MEMBER_NETWORK\n", Why.NO_SUCH_LINK),
        (f"{AT},,,,,MEMBER_NETWORK\n", Why.NO_LINK),
    ],
)
def test_a_line_that_says_too_little_is_left_out_with_its_reason(line: str, why: Why) -> None:
    assert whys_in(shares_csv([Share(AT, post_link(1), "Whole")]) + line) == [None, why]


def test_what_cannot_be_told_apart_takes_no_other_line_along() -> None:
    broken = f'{AT},{post_link(2)},"Never closed,,,MEMBER_NETWORK\n'
    after = shares_csv([Share(AT, post_link(3), 'After, with "quotes"')]).partition("\n")[2]
    rows = rows_of(shares_csv([Share(AT, post_link(1), "Before")]) + broken + after)
    assert [row.line for row in rows] == [1, 2, 3]
    assert [getattr(row, "text", None) for row in rows] == ["Before", None, 'After, with "quotes"']


def test_quotes_that_nobody_escaped_are_kept_where_the_columns_can_be_told() -> None:
    csv = HEADER + f'{AT},{post_link(1)},"She said "no", and left",,,MEMBER_NETWORK\n'
    assert texts_in(csv) == ['She said "no", and left']


def test_a_share_without_a_link_is_known_by_its_second() -> None:
    found = the_one_in(HEADER + f"{AT},,Words only,,,MEMBER_NETWORK\n")
    assert (found.post_id, found.link, found.text) == ("share@1782916402", None, "Words only")


def test_broken_letters_are_pointed_out() -> None:
    csv = shares_csv([Share(AT, post_link(place), f"Grün {place}") for place in range(40)]).encode()
    damaged = csv.replace("Grün 7".encode(), b"Gr\xffn 7")
    assert [place for place, why in enumerate(whys_in(damaged)) if why] == [7]
    assert whys_in(damaged)[7] is Why.BROKEN_CHARACTERS


def test_a_text_longer_than_any_post_is_left_out() -> None:
    csv = (
        HEADER
        + f'{AT},{post_link(1)},"{"x" * 300_000}",,,MEMBER_NETWORK\n{AT},{post_link(2)},Next,,,PUBLIC\n'
    )
    assert whys_in(csv) == [Why.TOO_LONG, None]


plain_lines = st.text(st.characters(blacklist_categories=("Cs", "Co", "Cc", "Zl", "Zp")), max_size=30).map(
    str.strip
)


@given(
    texts=st.lists(st.lists(plain_lines, min_size=1, max_size=6).map("\n".join), max_size=6),
    escape=st.sampled_from(['""', '\\"']),
)
def test_whatever_was_written_comes_out_as_it_was(texts: list[str], escape: str) -> None:
    """But for backslashes before quotation marks, and texts of nothing but marks: these a file cannot tell."""
    texts = [text.replace("\\", "/") for text in texts]
    texts = [text for text in texts if text.strip('" \n') and text.count('"') % 2 == 0]
    shares = [Share(AT, post_link(place), text) for place, text in enumerate(texts)]
    assert texts_in(shares_csv(shares, escape=escape)) == texts


@pytest.mark.parametrize("dates", [False, True])
def test_the_two_tables_of_top_posts_are_read_as_one_list(dates: bool) -> None:
    one, two, three = (f"https://www.linkedin.com/feed/update/urn:li:activity:{id}" for id in (1, 2, 3))
    analytics = linkedin_analytics(
        impressions=[Measures(one, "7/14/2026", 1358), Measures(two, "12/3/2026", 631)],
        engagements=[Measures(three, "7/15/2026", 9), Measures(one, "7/14/2026", 3)],
        dates=dates,
    )
    assert opened(analytics).format is Format.LINKEDIN_ANALYTICS
    found = found_in(analytics)
    assert [(each.link, each.post_id, each.done_on) for each in found] == [
        (one, "activity:1", date(2026, 7, 14)),
        (two, "activity:2", date(2026, 12, 3)),
        (three, "activity:3", date(2026, 7, 15)),
    ]
    assert [measures_of(each) for each in found] == [{"impressions": 1358}, {"impressions": 631}, {}]
    assert {(each.kind, each.text, each.done_at, each.network) for each in found} == {
        (None, "", None, Network.LINKEDIN)
    }
    assert len({each.line for each in found}) == 3


def test_days_of_top_posts_may_be_written_day_first() -> None:
    rows = [Measures(post_link(1), "3/4/2026", 1), Measures(post_link(2), "14/7/2026", 2)]
    assert [found.done_on for found in found_in(linkedin_analytics(rows))] == [
        date(2026, 4, 3),
        date(2026, 7, 14),
    ]


def test_a_top_post_that_says_nonsense_is_left_out_with_its_reason() -> None:
    rows = [
        Measures("481", "7/14/2026", 1),
        Measures(post_link(1), "481", 2),
        Measures(post_link(2), "7/1/2026", -1),
    ]
    assert whys_in(linkedin_analytics(rows)) == [Why.NO_SUCH_LINK, Why.NO_DATE, Why.NOT_A_NUMBER]
