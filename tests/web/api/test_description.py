"""The description of the API: for people at /api, for programs at /api/openapi.json."""

import re
from typing import Any

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from program.access_tokens.rules import Scope
from tests.cast import Browser, a_person, words_of
from web.api.openapi import document
from web.api.problems import Kind
from web.visit import ASKED_SCOPE

OPERATIONS = [
    (method, path, operation)
    for path, methods in document()["paths"].items()
    for method, operation in methods.items()
]


def references_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references_in(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(references_in(each) for each in value))
    return set()


async def test_it_tells_of_every_call_and_of_nothing_else(own_application: Litestar) -> None:
    routes = {
        (method.lower(), re.sub(r":\w+", "", route.path))
        for route in own_application.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if ASKED_SCOPE in handler.opt
        for method in handler.http_methods
    }
    assert {(method, path) for method, path, _operation in OPERATIONS} == routes
    assert len({operation["operationId"] for _method, _path, operation in OPERATIONS}) == len(OPERATIONS)


def test_everything_that_it_refers_to_is_there() -> None:
    told = document()
    for reference in references_in(told):
        place: Any = told
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
    assert not any("web." in name for name in told["components"]["schemas"])


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=lambda value: str(value)[:60])
def test_a_call_tells_its_scope_what_it_answers_and_what_may_go_wrong(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    assert operation["description"]
    assert operation["security"] == [{"accessToken": [operation["x-scope"]]}]
    assert operation["x-scope"] in set(Scope)
    (success,) = [answer for status, answer in operation["responses"].items() if status < "3"]
    assert "RateLimit" in success["headers"]
    assert "example" in success["content"]["application/json"]
    always = {"400", "401", "403", "406", "422", "429", "500", "503"}
    always |= {"404"} if "{" in path else set()
    always |= {"409", "413", "415"} if method == "post" else set()
    assert always <= set(operation["responses"])


def test_every_kind_of_problem_has_an_example() -> None:
    told = document()["components"]["responses"]
    assert set(told) == set(Kind)
    for kind in Kind:
        (media,) = told[kind]["content"].values()
        assert media["example"]["status"] == kind.status


async def test_everybody_may_read_it(browser: Browser) -> None:
    answer = await browser.get("/api/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["openapi"].startswith("3.1")
    assert answer.json()["info"]["title"] == "Pilotage"
    page = await browser.get("/api")
    assert page.status_code == 200
    for _method, path, operation in OPERATIONS:
        assert f'id="{operation["operationId"]}"' in page.text
        assert path in page.text


async def test_every_link_within_the_page_leads_somewhere(browser: Browser) -> None:
    await browser.sign_in(await a_person())
    page = (await browser.get("/api")).text
    there = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= there
    for status in {*re.findall(r'href="(/api/problems/[\w-]+)"', page)}:
        assert (await browser.get(status)).status_code == 200


@pytest.mark.parametrize("kind", Kind)
async def test_what_a_problem_means_can_be_read_where_its_type_leads(browser: Browser, kind: Kind) -> None:
    page = await browser.get(f"/api/problems/{kind.value}")
    assert page.status_code == 200
    assert str(kind.status) in words_of(page.text)


async def test_the_page_names_this_installation_in_its_examples(browser: Browser) -> None:
    assert "PILOTAGE=http://" in (await browser.get("/api")).text
