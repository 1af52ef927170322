import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.outsiders.rules import (
    Insiders,
    Mention,
    MentionKind,
    handle,
    masked,
    mentions,
    outsiders,
    surname,
)

PERSON, EMAIL, PHONE, ACCOUNT, PROFILE = MentionKind


def words_in(text: str, kind: MentionKind | None = None) -> list[str]:
    return [each.words for each in mentions([text]) if kind in (None, each.kind)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A customer, M. Ferrand, was cross.", ["M. Ferrand"]),
        ("M. Ferrand was cross.", ["M. Ferrand"]),
        ("I met J. R. Smith and J.K. Rowling.", ["J. R. Smith", "J.K. Rowling"]),
        ("Then Mr Berg and Frau Müller called Dr. House.", ["Mr Berg", "Frau Müller", "Dr. House"]),
        ("Prof. A. Weiss wrote.", ["Prof. A. Weiss"]),
        ("I told Maria Lopez so.", ["Maria Lopez"]),
        ("Maria Lopez asked me.", ["Maria Lopez"]),
        ("Yesterday Maria Lopez asked me.", ["Maria Lopez"]),
        ("It was Ludwig van Beethoven’s friend.", ["Ludwig van Beethoven"]),
        ("Then John F. Kennedy and Anna O’Brien spoke.", ["John F. Kennedy", "Anna O’Brien"]),
        ("We asked Jean-Luc Picard; Łukasz Żak said no.", ["Jean-Luc Picard"]),
        ("We asked Łukasz Żak.", ["Łukasz Żak"]),
        ("Maria\N{NO-BREAK SPACE}Lopez and Maria\nLopez", ["Maria\N{NO-BREAK SPACE}Lopez"]),
    ],
)
def test_people_are_recognised_by_how_they_are_written(text: str, names: list[str]) -> None:
    assert words_in(text, PERSON) == names


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Angry Customers never wait.",
        "We asked the Product Marketing team on Black Friday in May.",
        "I posted on LinkedIn. Later IBM Research replied on Mastodon.",
        "It was better than I. Then we left, as in plan B. We had no other.",
        "The dr said so: Mr. then left.",
        "It took from Monday. Tuesday was worse: Nothing Happened",
        "Dear all, “Thank you” is enough. M.",
        "Our Mr",
        "we spoke of ludwig van beethoven, van Gogh",
        "the company of Robert",
    ],
)
def test_what_is_no_name_is_not_taken_for_one(text: str) -> None:
    assert words_in(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Write to anna.b+x@mail.example.org, or", EMAIL, ["anna.b+x@mail.example.org"]),
        ("mailto:anna@example.org.", EMAIL, ["mailto:anna@example.org"]),
        ("anna@localhost", EMAIL, []),
        ("Ask @anna_b or (@berg@mas.to)!", ACCOUNT, ["@anna_b", "@berg@mas.to"]),
        ("at 5 @ noon", ACCOUNT, []),
        (
            "see https://www.linkedin.com/in/anna-b/?x=1.",
            PROFILE,
            ["https://www.linkedin.com/in/anna-b/?x=1"],
        ),
        ("x.com/annab/status/12345678901", PROFILE, ["x.com/annab/status/12345678901"]),
        (
            "https://mas.to/@anna and bsky.app/profile/anna.b",
            PROFILE,
            ["https://mas.to/@anna", "bsky.app/profile/anna.b"],
        ),
        (
            "https://linkedin.com/company/foo x.com/home example.com/in/x https://a\u2100.com/x a/b.",
            PROFILE,
            [],
        ),
        ("Ring +49 30 1234567.", PHONE, ["+49 30 1234567"]),
        ("Ring 030/1234567 or (555) 123-4567.", PHONE, ["030/1234567", "(555) 123-4567"]),
        ("Ring 555-123-4567.", PHONE, ["555-123-4567"]),
        ("On 2026-06-01, 12.05.2026: order 123456789 for 1.000 Euro, 12345678901234567 and 1234", PHONE, []),
        ("0123 456", PHONE, ["0123 456"]),
        ("01 23", PHONE, []),
    ],
)
def test_addresses_numbers_and_accounts_are_recognised(
    text: str, kind: MentionKind, found: list[str]
) -> None:
    assert words_in(text, kind) == found


def test_each_is_told_once_in_the_order_in_which_it_is_read() -> None:
    found = mentions(["Frau Berg rang, @berg wrote.", "Then Frau Berg again; berg@example.org"])
    assert found == (
        Mention(PERSON, "Frau Berg"),
        Mention(ACCOUNT, "@berg"),
        Mention(EMAIL, "berg@example.org"),
    )


def test_insiders_and_what_is_kept_are_not_pointed_out() -> None:
    text = (
        "We met Mia Member, Dr Member, Mia Stranger, Frau Stranger for Employee Voices. Then @Mia, @mia@mas.to,"
        " x.com/mia, @other, mailto:Mia@example.com, other@example.com and 030 1234567."
    )
    found = mentions([text])
    insiders = Insiders(
        names=frozenset({"mia member"}),
        surnames=frozenset({"member"}),
        emails=frozenset({"mia@example.com"}),
        handles=frozenset({"mia"}),
        program_words=frozenset({"employee", "voices"}),
    )
    left = ["Mia Stranger", "Frau Stranger", "@other", "other@example.com", "030 1234567"]
    assert [each.words for each in outsiders(found, insiders)] == left
    assert [each.words for each in outsiders(found, insiders, kept=["Frau Stranger"])] == [
        each for each in left if each != "Frau Stranger"
    ]


def test_a_namesake_of_an_insider_is_still_pointed_out_by_their_full_name() -> None:
    found = mentions(["Then Paula Member wrote."])
    insiders = Insiders(names=frozenset({"mia member"}), surnames=frozenset({"member"}))
    assert [each.words for each in outsiders(found, insiders)] == ["Paula Member"]


def test_a_mask_stands_wherever_the_words_stood_and_begins_a_sentence_with_a_capital() -> None:
    text = "M. Ferrand came. I saw M. Ferrand’s bike; xM. Ferrand and M. Ferrandi.\n- M. Ferrand “M. Ferrand”"
    assert masked(text, "M. Ferrand", "a customer") == (
        "A customer came. I saw a customer’s bike; xM. Ferrand and M. Ferrandi.\n- A customer “A customer”"
    )
    assert masked("See @a.b (x)", "@a.b", "[account]") == "See [account] (x)"


def test_names_and_handles_are_compared_in_small_letters() -> None:
    assert surname("Dr. Anna VON Berg") == "berg"
    assert handle(Mention(ACCOUNT, "@Berg@mas.to")) == "berg@mas.to"
    assert handle(Mention(PROFILE, "https://X.com/Berg/status/1")) == "berg"


@given(st.text(max_size=200))
def test_whatever_is_pointed_out_stands_in_the_text_and_can_be_masked_away(text: str) -> None:
    for mention in mentions([text]):
        assert mention.words in text
        assert mention not in mentions([masked(text, mention.words, "somebody")])


@pytest.mark.parametrize("piece", ["a.", "a@", "A. ", "Aa ", "0 ", "@a", "a/", "x.com/", "(0"])
def test_a_long_text_is_read_in_no_time(piece: str) -> None:
    assert isinstance(mentions([piece * 5_000]), tuple)
