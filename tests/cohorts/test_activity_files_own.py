"""Lists that people keep themselves, in whatever shape."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cohorts.activities.rules import Kind, Network
from cohorts.activity_files.reading import template_csv
from cohorts.activity_files.rules import OUR_COLUMNS, Column, Format, Found, Measured, Why
from tests.cohorts.files import own_csv, own_xlsx, zipped
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

LINK = "https://www.linkedin.com/feed/update/urn:li:share:12"
ROW: dict[str, Any] = {
    "email": "robin@example.org",
    "published_at": "2026-10-14 09:30",
    "network": "LinkedIn",
    "kind": "post",
    "link": LINK,
    "text": "Größe; “zählt”, nicht",
    "impressions": "1234",
}


def columns(*said: tuple[str, str | None]) -> tuple[Column, ...]:
    return tuple(Column(header, meaning) for header, meaning in said)


def test_a_row_in_our_own_columns() -> None:
    assert the_one_in(own_csv(ROW)) == Found(
        line=2,
        part="",
        kind=Kind.POST,
        network=Network.LINKEDIN,
        post_id="share:12",
        link=LINK,
        text="Größe; “zählt”, nicht",
        done_at=datetime(2026, 10, 14, 9, 30, tzinfo=UTC),
        done_on=None,
        measured=Measured(impressions=1234),
        email="robin@example.org",
    )
    about = opened(own_csv(ROW))
    assert (about.format, about.handle) == (Format.OWN_FILE, None)
    assert about.columns == columns(*((name, name) for name in OUR_COLUMNS))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_delimiter_and_encoding_will_do(delimiter: str, encoding: str) -> None:
    file = own_csv(ROW, {**ROW, "text": "Two\nlines, „zitiert“"}, delimiter=delimiter, encoding=encoding)
    assert texts_in(file) == ["Größe; “zählt”, nicht", "Two\nlines, „zitiert“"]


def test_columns_may_stand_in_any_order_and_case() -> None:
    row = {
        "TEXT": "Hello",
        "E-Mail": "a@example.org",
        "Likes": "3",
        " Published At ": "2026-10-14",
        "URL": LINK,
    }
    found = the_one_in(own_csv(row, columns=list(row)))
    assert (found.text, found.email, found.link, found.done_on) == (
        "Hello",
        "a@example.org",
        LINK,
        date(2026, 10, 14),
    )
    assert measures_of(found) == {"reactions": 3}


def test_german_headings_are_understood() -> None:
    row = {
        "Datum": "14.10.2026",
        "Netzwerk": "LinkedIn",
        "Art": "Beitrag",
        "Adresse": LINK,
        "Klicks": "1.234",
    }
    found = the_one_in(own_csv(row, columns=list(row), delimiter=";"))
    assert (found.kind, found.done_on, found.measured) == (
        Kind.POST,
        date(2026, 10, 14),
        Measured(clicks=1234),
    )


def test_titles_may_stand_above_the_headings() -> None:
    assert the_one_in(b"sep=;\nOur posts;;\n\n" + own_csv(ROW, delimiter=";")).line == 5


def test_unknown_columns_are_shown_and_can_be_mapped_by_hand() -> None:
    row = {"Published": "2026-10-14", "Where": "X", "What I wrote": "Hello", "Mood": "good"}
    file = own_csv(row, columns=list(row))
    assert opened(file).columns == columns(
        ("Published", "published_at"), ("Where", None), ("What I wrote", None), ("Mood", None)
    )
    assert whys_in(file) == [Why.NO_NETWORK]
    meanings = {"where": "network", "what i wrote": "text", "mood": None}
    assert [column.meaning for column in opened(file, meanings).columns] == [
        "published_at",
        "network",
        "text",
        None,
    ]
    assert [(found.network, found.text) for found in found_in(file, meanings)] == [(Network.X, "Hello")]


def test_what_a_person_said_of_a_column_comes_first() -> None:
    row = {"Date": "2026-10-14", "Done on": "2026-10-15", "Text": "Title", "Body": "Words", "Link": LINK}
    file = own_csv(row, columns=list(row))
    meanings = {"done on": "published_at", "body": "text", "text": None, "link": "nonsense"}
    assert [column.meaning for column in opened(file, meanings).columns] == [
        None, "published_at", None, "text", None,
    ]  # fmt: skip


def test_the_first_of_two_columns_that_mean_the_same_counts() -> None:
    row = {"Date": "2026-10-14", "Created at": "2026-10-15", "Link": LINK}
    assert the_one_in(own_csv(row, columns=list(row))).done_on == date(2026, 10, 14)
    file = own_csv(row, columns=list(row))
    both = {"date": "published_at", "created at": "published_at"}
    assert [column.meaning for column in opened(file, both).columns] == ["published_at", None, "link"]


def test_a_table_in_words_that_nobody_knows_can_still_be_mapped() -> None:
    file = b"Quand,Ou,Quoi\n2026-10-14,LinkedIn,Bonjour\n"
    assert opened(file).columns == columns(("Quand", None), ("Ou", None), ("Quoi", None))
    meanings = {"quand": "published_at", "ou": "network", "quoi": "text"}
    assert [found.text for found in found_in(file, meanings)] == ["Bonjour"]


@pytest.mark.parametrize(
    "text",
    [
        "Dear all,\nthank you for coming.\n",
        "one column\nof words\n",
        "a,a,a\n1,2,3\n",
        "just one line, with, commas",
        "<!doctype html><table><tr><td>date</td></tr></table>",
        "# Notes\n\n- one\n- two\n",
        "a,b,c\n1,2\n",
    ],
)
def test_what_is_no_table_is_refused(text: str) -> None:
    assert trouble_with(text) == ("not_recognised", "")


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("2026-10-14", date(2026, 10, 14)),
        ("2026-10-14 09:30", datetime(2026, 10, 14, 9, 30, tzinfo=UTC)),
        ("2026-10-14T09:30:15Z", datetime(2026, 10, 14, 9, 30, 15, tzinfo=UTC)),
        ("2026-10-14T09:30:15.123456+02:00", datetime(2026, 10, 14, 7, 30, 15, tzinfo=UTC)),
        ("14.10.2026", date(2026, 10, 14)),
        ("4.1.2026 7:05", datetime(2026, 1, 4, 7, 5, tzinfo=UTC)),
        ("10/14/2026", date(2026, 10, 14)),
        ("14/10/2026, 9:30 PM", datetime(2026, 10, 14, 21, 30, tzinfo=UTC)),
        ("10/14/2026 12:00 a.m.", datetime(2026, 10, 14, tzinfo=UTC)),
        ("5/5/2026", date(2026, 5, 5)),
        ("14 Oct 2026", date(2026, 10, 14)),
        ("Wednesday, October 14, 2026", date(2026, 10, 14)),
        ("14. October 2026", date(2026, 10, 14)),
    ],
)
def test_moments_are_read_as_people_write_them(said: str, when: date) -> None:
    found = the_one_in(own_csv({**ROW, "published_at": said}))
    assert (found.done_at or found.done_on) == when
    assert (found.done_at is None) != (found.done_on is None)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "soon",
        "2026-13-01",
        "31.2.2026",
        "2026-10-14 25:00",
        "44848",
        "14 Okt 2026",
        "0000-01-01",
        "99/99/2026",
    ],
)
def test_what_is_no_moment_is_left_out(said: str) -> None:
    assert whys_in(own_csv({**ROW, "published_at": said})) == [Why.NO_DATE]


def test_the_first_moment_and_the_last_are_told_from_those_beyond() -> None:
    said = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59Z"]
    assert whys_in(own_csv(*({**ROW, "published_at": each} for each in said))) == [
        Why.NO_DATE,
        Why.NO_DATE,
        None,
    ]


def test_a_date_that_could_be_two_days_is_told_by_the_others() -> None:
    alone = own_csv({**ROW, "published_at": "3/4/2026"}, {**ROW, "published_at": "5/6/2026 10:00"})
    assert whys_in(alone) == [Why.AMBIGUOUS_DATE, Why.AMBIGUOUS_DATE]
    for other, first, second in (
        ("31/3/2026", date(2026, 4, 3), date(2026, 6, 5)),
        ("3/31/2026", date(2026, 3, 4), date(2026, 5, 6)),
    ):
        said = ["3/4/2026", "5/6/2026", other]
        found = found_in(own_csv(*({**ROW, "published_at": each} for each in said)))
        assert [each.done_on for each in found][:2] == [first, second]


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("0", 0), ("12", 12), ("12.0", 12), ("1,234", 1234), ("1.234", 1234), ("1 234 567", 1234567), ("1'234", 1234),
        ("1\u202f234", 1234), ("", None), (" - ", None), ("n/a", None), ("NULL", None),
    ],
)  # fmt: skip
def test_counts_are_read_as_people_write_them(said: str, count: int | None) -> None:
    assert the_one_in(own_csv({**ROW, "impressions": said})).measured.impressions == count


@pytest.mark.parametrize(
    "said", ["-1", "1.2K", "1,5", "1,23,456", "many", "1e5", "٣", "9" * 16, "1.234,5", "12 %"]
)
def test_what_is_no_count_is_left_out(said: str) -> None:
    assert whys_in(own_csv({**ROW, "clicks": said})) == [Why.NOT_A_NUMBER]


@pytest.mark.parametrize(
    ("word", "kind"),
    [("Post", Kind.POST), ("REPLY", Kind.REPLY), ("retweet", Kind.SHARE), ("answered question", Kind.ANSWERED_QUESTION),
     ("Vortrag", Kind.TALK), ("article", Kind.ARTICLE), ("Like", Kind.REACTION), ("", None)],
)  # fmt: skip
def test_kinds_are_known_by_their_words(word: str, kind: Kind | None) -> None:
    assert the_one_in(own_csv({**ROW, "kind": word})).kind is kind


@pytest.mark.parametrize(
    ("word", "link", "network"),
    [
        ("linkedin", "", Network.LINKEDIN),
        ("Twitter", "", Network.X),
        ("in person", "", Network.IN_PERSON),
        ("", LINK, Network.LINKEDIN),
        ("", "x.com/robin/status/5", Network.X),
        ("Mastodon", "https://pleroma.example/objects/1", Network.MASTODON),
        ("LinkedIn", "https://x.com/robin/status/5", Network.X),
    ],
)
def test_the_network_is_told_by_the_link_or_its_word(word: str, link: str, network: Network) -> None:
    assert the_one_in(own_csv({**ROW, "network": word, "link": link})).network is network


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"network": "", "link": ""}, Why.NO_NETWORK),
        ({"network": "", "link": "https://blog.example.org/a"}, Why.NO_NETWORK),
        ({"network": "MySpace", "link": ""}, Why.UNKNOWN_NETWORK),
        ({"kind": "haiku"}, Why.UNKNOWN_KIND),
        ({"kind": "x" * 100}, Why.UNKNOWN_KIND),
        ({"link": "see my profile"}, Why.NO_SUCH_LINK),
        ({"link": "https://example.org/" + "x" * 3_000}, Why.NO_SUCH_LINK),
        ({"link": "javascript:alert(1)"}, Why.NO_SUCH_LINK),
    ],
)
def test_a_row_that_cannot_be_kept_is_left_out_with_its_reason(change: dict[str, str], why: Why) -> None:
    rows = rows_of(own_csv(ROW, {**ROW, **change}, ROW))
    assert [getattr(row, "why", None) for row in rows] == [None, why, None]
    assert [row.line for row in rows] == [2, 3, 4]


def test_what_has_no_link_has_an_id_that_is_the_same_each_time() -> None:
    talk = {**ROW, "link": "", "kind": "talk", "network": "in person", "text": "At the fair"}
    one, two, three = (
        the_one_in(own_csv(row)).post_id for row in (talk, {**talk}, {**talk, "text": "Elsewhere"})
    )
    assert one == two != three
    assert one is not None
    assert one.startswith("row:")


def test_a_half_written_row_at_the_end_is_left_out() -> None:
    whole = own_csv(ROW).decode()
    assert whys_in(whole + "robin@example.org,2026-10-15,linkedin,post,https://www.linkedin.com/feed/upd") == [
        None, Why.CUT_OFF,
    ]  # fmt: skip
    assert whys_in(whole + 'robin@example.org,2026-10-15,linkedin,post,,"Half a te') == [None, Why.CUT_OFF]
    assert whys_in(whole + "robin@example.org,2026-10-15,linkedin\n") == [None, None]


def test_a_stray_quotation_mark_takes_no_other_row_along() -> None:
    lines = own_csv(ROW, {**ROW, "text": "plain"}, {**ROW, "text": 'a "real" quote'}).decode().split("\r\n")
    lines[2] = lines[2].replace("plain", '"never closed')
    assert whys_in("\n".join(lines)) == [None, Why.QUOTES_DO_NOT_MATCH, None]


def test_more_cells_than_headings_are_pointed_out() -> None:
    whole = own_csv(ROW).decode()
    assert whys_in(whole + "a@example.org,2026-10-15,linkedin,post,,Words, and more,,1,2,3,4,5\n") == [
        None, Why.TOO_MANY_CELLS,
    ]  # fmt: skip
    assert whys_in(whole + "a@example.org,2026-10-15,linkedin,post,,Words,,1,2,3,4,5,,,\n") == [None, None]


def test_letters_that_are_damaged_are_pointed_out() -> None:
    file = own_csv(*[ROW] * 20).replace("Größe".encode(), b"Gr\xff", 1)
    assert whys_in(file) == [Why.BROKEN_CHARACTERS, *[None] * 19]


def test_letters_of_no_known_alphabet_are_refused() -> None:
    assert trouble_with(own_csv(ROW, encoding="cp1252").replace(b"\xf6", b"\x81\x8d\x8f")) == ("encoding", "")


def test_empty_lines_are_passed_over() -> None:
    assert len(found_in(own_csv(ROW) + b"\n,,,,,,,,,,,\n\n" + own_csv(ROW).partition(b"\n")[2])) == 2


@pytest.mark.parametrize(
    ("at", "when"),
    [
        (datetime(2026, 10, 14, 9, 30), datetime(2026, 10, 14, 9, 30, tzinfo=UTC)),  # noqa: DTZ001
        (date(2026, 10, 14), date(2026, 10, 14)),
        ("14.10.2026", date(2026, 10, 14)),
    ],
)
def test_a_workbook_is_read_as_well(at: object, when: date) -> None:
    book = own_xlsx({**ROW, "published_at": at, "impressions": 1234, "text": "Two\nlines"})
    found = the_one_in(book)
    assert (found.done_at or found.done_on) == when
    assert (found.text, found.measured, found.post_id, found.line) == (
        "Two\nlines",
        Measured(impressions=1234),
        "share:12",
        2,
    )
    assert opened(book).format is Format.OWN_FILE


def test_a_workbook_without_a_list_is_refused() -> None:
    assert trouble_with(own_xlsx(columns=["Hello"])) == ("not_recognised", "")
    assert trouble_with(own_xlsx(columns=[])) == ("not_recognised", "")


def test_a_list_alone_in_an_archive_is_read() -> None:
    assert the_one_in(zipped({"posts.csv": own_csv(ROW)})).text == ROW["text"]


def test_the_template_can_be_sent_back_as_it_is() -> None:
    found = the_one_in(template_csv())
    assert (found.kind, found.network, found.email) == (Kind.POST, Network.LINKEDIN, "robin@example.org")
    assert [column.header for column in opened(template_csv()).columns] == list(OUR_COLUMNS)
    assert found.measured.clicks is None


def test_the_ids_of_two_rows_never_depend_on_the_order_of_columns() -> None:
    def id_of(order: Sequence[str]) -> str | None:
        return the_one_in(own_csv({**ROW, "link": ""}, columns=order)).post_id

    assert id_of(OUR_COLUMNS) == id_of(sorted(OUR_COLUMNS))
