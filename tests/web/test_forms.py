"""Forms: every problem at once, at its field; what was typed is kept; nothing that is sent breaks them."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from program.database import fetch, fetch_value
from program.refusals import NotAllowed, NotFound, Refusal
from tests.cast import Browser, an_owner, words_of
from web.forms import Form

OTHERWISE = date(2026, 6, 1)
ANYTHING = st.one_of(st.text(), st.lists(st.text(), min_size=2, max_size=3))


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class NameTaken(Refusal):
    field = "name"

    def sentence(self) -> str:
        return "Somebody else has this name."

    def reason_sentences(self) -> list[str]:
        return ["It is Ada."]


def refuse() -> None:
    raise NameTaken


def test_a_line_loses_the_white_space_around_it() -> None:
    form = Form({"name": "  Ada \n"})
    assert form.text("name") == "Ada"
    assert form.problems == {}


def test_what_is_missing_and_what_is_too_long_is_said_at_its_field() -> None:
    form = Form({"name": "   ", "short": "x" * 12, "shorter": "x" * 11})
    form.text("name")
    form.text("nothing")
    form.text("short", longest=10)
    form.text("shorter", longest=10)
    form.text("optional", required=False)
    assert form.problems == {
        "name": ["Please fill this in."],
        "nothing": ["Please fill this in."],
        "short": ["This is 2 characters too long."],
        "shorter": ["This is 1 character too long."],
    }


@pytest.mark.parametrize(
    "typed", ["ada@example.com", " Ada@Example.COM ", "a.b+c@sub.example.co", "ü@exämple.de"]
)
def test_an_address_is_kept_in_small_letters(typed: str) -> None:
    form = Form({"email": typed})
    assert form.email("email") == typed.strip().lower()
    assert form.problems == {}


@pytest.mark.parametrize(
    "typed",
    [
        "ada",
        "@example.com",
        "ada@",
        "ada@example",
        "a da@example.com",
        "ada@exa mple.com",
        "a\tb@c.de",
        "a@b@c.de",
        "ada@.",
        "a\nb@c.de",
    ],
)
def test_what_is_no_address_is_said(typed: str) -> None:
    form = Form({"email": typed})
    form.email("email")
    assert form.problems == {
        "email": ["This does not look like an e-mail address, such as name@company.com."]
    }


def test_a_missing_address_is_said_once() -> None:
    form = Form()
    assert form.email("email") == ""
    assert form.problems == {"email": ["Please fill this in."]}


def test_choices_take_what_there_is_and_nothing_else() -> None:
    form = Form({"a": "red", "b": "green", "c": "x", "d": ["x", "y", "z"]})
    assert form.choice("a", Colour, Colour.BLUE) is Colour.RED
    assert form.choice("b", Colour, Colour.BLUE) is Colour.BLUE
    assert form.one_of("c", ["x", "y"]) == "x"
    assert form.some_of("d", ["x", "y"]) == ["x", "y"]
    assert form.one_of("nothing", ["x"], required=False) == ""
    assert form.one_of("missing", ["x"]) == ""
    assert form.one_of("b", ["x"], required=False) == ""
    assert form.problems == {
        "b": ["Please choose one of these."] * 2,
        "d": ["Please choose among these."],
        "missing": ["Please choose one of these."],
    }


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "Please give a day, such as 2027-01-14."),
        ("14.01.2027", "Please give a day, such as 2027-01-14."),
        ("2027-02-30", "Please give a day, such as 2027-01-14."),
        ("0001-01-01", "Please give a day between 2000 and 2999."),
        ("9999-12-31", "Please give a day between 2000 and 2999."),
    ],
)
def test_what_is_no_day_is_said(typed: str, problem: str) -> None:
    form = Form({"day": typed})
    assert form.day("day", OTHERWISE) == OTHERWISE
    assert form.problems == {"day": [problem]}


def test_a_day_is_read() -> None:
    assert Form({"day": " 2027-01-14 "}).day("day", OTHERWISE) == date(2027, 1, 14)


@pytest.mark.parametrize("typed", ["", "0", "11", "1.5", "-1", "²", "٣", "1_0", "9" * 30])
def test_what_is_no_number_between_the_bounds_is_said(typed: str) -> None:
    form = Form({"number": typed})
    assert form.whole("number", least=1, most=10, otherwise=7) == 7
    assert form.problems == {"number": ["Please give a whole number from 1 to 10."]}


def test_ids_are_read_and_what_is_none_is_said_or_left_out() -> None:
    one, other = uuid4(), uuid4()
    form = Form({"one": str(one), "bad": "x", "some": [str(one), "x", str(other)]})
    assert form.id("one") == one
    assert form.id("bad") is None
    assert form.ids("some") == [one, other]
    assert form.ids("nothing") == []
    assert form.problems == {"bad": ["Please choose one of these."]}


def test_a_checkbox_is_yes_when_it_is_sent() -> None:
    form = Form({"a": "yes", "b": "on", "c": "no", "d": ""})
    assert [form.yes(name) for name in "abcde"] == [True, True, False, False, False]


@given(value=ANYTHING)
def test_no_value_breaks_any_kind_of_field(value: str | list[str]) -> None:
    form = Form({"field": value})
    form.text("field")
    form.email("field")
    form.choice("field", Colour, Colour.RED)
    form.one_of("field", ["x"])
    form.some_of("field", ["x"])
    form.day("field", OTHERWISE)
    form.whole("field", least=0, most=10, otherwise=0)
    form.id("field")
    form.ids("field")
    form.yes("field")
    assert form.values == {"field": value}
    assert len(form.sent.digest) == 32


@given(st.dictionaries(st.text(), ANYTHING))
def test_the_same_words_have_the_same_digest_in_whatever_order(values: dict[str, Any]) -> None:
    turned = dict(reversed(values.items()))
    assert Form(values).sent.digest == Form(turned).sent.digest


def test_other_words_have_another_digest() -> None:
    told: list[dict[str, str | list[str]]] = [
        {},
        {"a": "b"},
        {"a": ["b", "c"]},
        {"a": "['b', 'c']"},
        {"ab": ""},
    ]
    assert len({Form(values).sent.digest for values in told}) == len(told)


def test_a_refusal_becomes_a_problem_of_the_field_it_names() -> None:
    form = Form({"name": "Ada"})
    with form.refusals():
        refuse()
    assert form.problems == {"name": ["Somebody else has this name. It is Ada."]}


def test_a_refusal_of_a_field_that_was_not_sent_becomes_one_of_the_whole_form() -> None:
    form = Form()
    with form.refusals():
        refuse()
    assert form.problems == {"": ["Somebody else has this name. It is Ada."]}


@pytest.mark.parametrize("refusal", [NotFound, NotAllowed])
def test_not_found_and_not_allowed_are_pages_of_their_own(refusal: type[Refusal]) -> None:
    with pytest.raises(refusal), Form().refusals():
        raise refusal


async def test_every_problem_is_said_at_once_and_nothing_typed_is_lost(browser: Browser) -> None:
    await browser.sign_in(await an_owner())
    typed = {"name": "x" * 81, "purpose": " ", "zone": "Middle/Earth"}
    answer = await browser.post("/programs", typed, on="/programs/new")
    assert answer.status_code == 422
    for field in typed:
        assert f'id="{field}-problem"' in answer.text
    assert "3 places need mending" in words_of(answer.text)
    assert 'href="#name"' in answer.text
    assert "x" * 81 in answer.text
    assert "What you typed is still here" in words_of(answer.text)
    assert await fetch_value("SELECT count(*) FROM program") == 0


async def test_what_was_typed_is_text_and_not_markup(browser: Browser) -> None:
    await browser.sign_in(await an_owner())
    typed = {"name": '"><script>alert(1)</script>', "purpose": "</textarea><img src=x>", "zone": "nowhere"}
    answer = await browser.post("/programs", typed, on="/programs/new")
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "<img src=x>" not in answer.text


async def test_a_password_is_never_sent_back(browser: Browser) -> None:
    answer = await browser.post("/sign-in", {"email": "ada@example.com", "password": "my secret words"})
    assert answer.status_code == 422
    assert "my secret words" not in answer.text
    assert "ada@example.com" in answer.text


async def test_a_refused_form_keeps_its_key_so_that_mending_it_sends_the_same_one(browser: Browser) -> None:
    await browser.sign_in(await an_owner())
    key = str(uuid4())
    answer = await browser.post("/programs", {"name": ""}, form_key=key)
    assert f'name="form_key" value="{key}"' in answer.text


@pytest.mark.parametrize("key", ["", "x", "\x00", "0" * 400])
async def test_a_broken_key_is_replaced_by_a_new_one(browser: Browser, key: str) -> None:
    await browser.sign_in(await an_owner())
    values = {"name": "Voices", "purpose": "To be heard.", "zone": "UTC"}
    for _ in range(2):
        assert (await browser.post("/programs", values, form_key=key)).status_code == 303
    assert await fetch_value("SELECT count(*) FROM program") == 2


async def test_the_same_form_sent_twice_makes_one_program(browser: Browser) -> None:
    await browser.sign_in(await an_owner())
    key, values = str(uuid4()), {"name": "Voices", "purpose": "To be heard.", "zone": "UTC"}
    answers = [await browser.post("/programs", values, form_key=key) for _ in range(2)]
    assert [answer.headers["location"] for answer in answers] == ["/programs/voices/set-up"] * 2
    assert len(await fetch("SELECT FROM program")) == 1


async def test_the_same_key_with_other_words_is_refused_and_the_other_words_are_kept(
    browser: Browser,
) -> None:
    await browser.sign_in(await an_owner())
    key, values = str(uuid4()), {"name": "Voices", "purpose": "To be heard.", "zone": "UTC"}
    await browser.post("/programs", values, form_key=key)
    answer = await browser.post("/programs", values | {"name": "Other voices"}, form_key=key)
    assert answer.status_code == 422
    assert "This form was already sent once, with other words" in words_of(answer.text)
    assert "Other voices" in answer.text
    assert len(await fetch("SELECT FROM program")) == 1


async def test_characters_that_the_database_cannot_hold_do_no_harm(browser: Browser) -> None:
    await browser.sign_in(await an_owner())
    token = await _token(browser)
    body = b"name=Voi%00ces%ED%A0%80%FF&purpose=%F0%9F%8E%88&zone=UTC&_csrf_token=" + token.encode()
    answer = await browser.client.post(
        "/programs", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 303
    assert (await fetch_value("SELECT name FROM program")).startswith("Voices")


async def test_a_field_sent_several_times_is_a_list_and_a_file_is_none_of_its_words(browser: Browser) -> None:
    await browser.sign_in(await an_owner())
    answer = await browser.post(
        "/programs", {"name": ["One", "Two"], "zone": "UTC"}, files={"purpose": ("a.txt", b"Words")}
    )
    assert answer.status_code == 422
    assert 'id="purpose-problem"' in answer.text


async def _token(browser: Browser) -> str:
    await browser.get("/programs/new")
    return browser.client.cookies["pilotage_csrf"]


def test_a_form_has_a_key_of_its_own() -> None:
    assert isinstance(Form().key, UUID)
    assert Form().key != Form().key
