"""The API, described: for people at /api, for programs at /api/openapi.json; and what each problem means."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, get
from litestar.enums import MediaType
from litestar.params import FromPath
from litestar.response import Template
from markupsafe import Markup, escape

from program.access_tokens.rules import CALLS_COUNTED, COST_OF_WRITING, Scope
from program.access_tokens.words import scope_text
from program.refusals import NotFound
from program.roles.rules import Role
from program.roles.words import role_name
from web.api.bodies import KEY
from web.api.openapi import SCHEMAS, document
from web.api.problems import Kind, meaning_of, title_of
from web.pages import page
from web.visit import ANYONE, WITHOUT_VISIT, may

EXAMPLES = {"program": "employee-voices"}
TOLD_ONCE = frozenset({"limit", "after", KEY})
"""Parameters that the page explains at its top, so that each call tells only what is its own; as its path does too."""


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a part of an object; `of` names the object that its values are, if they are one."""

    name: str
    kind: str
    of: str
    required: bool
    text: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One call: what it takes, what it answers, and how it is made."""

    id: str
    method: str
    path: str
    text: Markup
    scope: str
    parameters: tuple[Field, ...]
    for_whom: str
    sends: str
    answers: str
    is_list: bool
    statuses: tuple[tuple[str, str], ...]
    call: str
    example: str


@dataclass(frozen=True, slots=True)
class Shape:
    """An object that calls take or answer; one of fixed words names its `words`."""

    name: str
    text: Markup
    fields: tuple[Field, ...]
    words: tuple[str, ...]


@get("/api", opt=may(ANYONE))
async def show(request: Request[Any, Any, Any]) -> Template:
    return page(
        request,
        "api/show.html",
        chapters=_chapters(),
        shapes=_shapes(),
        scopes=[(scope.value, scope_text(scope)) for scope in Scope],
        kinds=[(kind.value, kind.status, title_of(kind)) for kind in Kind],
        calls=CALLS_COUNTED,
        cost=COST_OF_WRITING,
        address=str(request.base_url).rstrip("/"),
    )


@get("/api/openapi.json", opt={**may(ANYONE), WITHOUT_VISIT: True, "exclude_from_csrf": True})
async def openapi() -> Response[bytes]:
    return Response(
        _description(), media_type=MediaType.JSON, headers={"Cache-Control": "public, max-age=300"}
    )


@get("/api/problems/{problem:str}", opt=may(ANYONE))
async def problem(request: Request[Any, Any, Any], problem: FromPath[str]) -> Template:
    if problem not in set(Kind):
        raise NotFound
    kind = Kind(problem)
    return page(
        request, "api/problem.html", status_of_it=kind.status, name=title_of(kind), meaning=meaning_of(kind)
    )


@lru_cache(maxsize=1)
def _description() -> bytes:
    return msgspec.json.encode(document())


@lru_cache(maxsize=1)
def _chapters() -> list[tuple[str, list[Told]]]:
    """The calls by what they are about."""
    found: dict[str, list[Told]] = {}
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append(_told(method.upper(), path, operation))
    return list(found.items())


def _told(method: str, path: str, operation: dict[str, Any]) -> Told:
    status, answer = next((status, each) for status, each in operation["responses"].items() if status < "3")
    (media,) = answer["content"].values()
    sent = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return Told(
        id=operation["operationId"],
        method=method,
        path=path,
        text=_text(operation["description"]),
        scope=operation["x-scope"],
        for_whom=_for_whom(operation["x-roles"]),
        parameters=tuple(
            _field(each["name"], each["schema"], each["required"], each.get("description", ""))
            for each in operation["parameters"]
            if each["in"] != "path" and each["name"] not in TOLD_ONCE
        ),
        sends=_kind(sent["schema"])[1] if sent else "",
        answers=_kind(media["schema"])[1],
        is_list=_kind(media["schema"])[0] == "list",
        statuses=((status, ""), *_refusals(operation)),
        call=_call(method, operation, path, sent),
        example=_pretty(media["example"]),
    )


def _for_whom(roles: list[str]) -> str:
    everybody = Role.LISTED in roles or not roles
    return "" if everybody else ", ".join(role_name(Role(role)) for role in roles)


def _refusals(operation: dict[str, Any]) -> list[tuple[str, str]]:
    found = [(status, each.get("$ref", "")) for status, each in operation["responses"].items()]
    return [(status, reference.rsplit("/", 1)[-1]) for status, reference in found if reference]


def _call(method: str, operation: dict[str, Any], path: str, sent: dict[str, Any] | None) -> str:
    address = path
    for name, value in EXAMPLES.items():
        address = address.replace(f"{{{name}}}", value)
    asked = {
        each["name"]: each["schema"].get("examples", ["…"])[0]
        for each in operation["parameters"]
        if each["in"] == "query" and each["required"]
    }
    address += f"?{urlencode(asked)}" if asked else ""
    lines = ['curl -H "Authorization: Bearer $TOKEN"']
    if sent:
        lines += [
            f'-X {method} -H "Content-Type: application/json" -H "{KEY}: $(uuidgen)"',
            f"-d '{msgspec.json.encode(sent['example']).decode()}'",
        ]
    return " \\\n  ".join([*lines, f'"$PILOTAGE{address}"'])


def _pretty(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


@lru_cache(maxsize=1)
def _shapes() -> list[Shape]:
    """The objects by name; pages of them are told once, at the top."""
    schemas = document()["components"]["schemas"]
    return [_shape(name, schemas[name]) for name in sorted(schemas) if not name.startswith("PageOf")]


def _shape(name: str, schema: dict[str, Any]) -> Shape:
    required = schema.get("required", [])
    return Shape(
        name=name,
        text=_text(schema.get("description", "")),
        fields=tuple(
            _field(each, inside, each in required, inside.get("description", ""))
            for each, inside in schema.get("properties", {}).items()
        ),
        words=tuple(str(each) for each in schema.get("enum", ())),
    )


def _text(words: str) -> Markup:
    """Words of a description, with names of fields set as such."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(words))))  # noqa: S704 -- escaped just before


def _field(name: str, schema: dict[str, Any], required: bool, text: str) -> Field:
    kind, of = _kind(schema)
    return Field(name=name, kind=kind, of=of, required=required, text=_text(text))


def _kind(schema: dict[str, Any]) -> tuple[str, str]:
    """What kind of value it is, in a word or two, and of which object; a page is told as a list of its items."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(SCHEMAS)
        return ("list", name.removeprefix("PageOf")) if name.startswith("PageOf") else ("", name)
    several = schema.get("oneOf") or schema.get("anyOf")
    if several:
        kinds = [_kind(each) for each in several]
        return " | ".join(kind for kind, _of in kinds if kind), next((of for _kind, of in kinds if of), "")
    if schema.get("type") == "array":
        kind, of = _kind(schema.get("items", {}))
        return f"list {kind}".strip(), of
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"]), ""
    return str(schema.get("format") or schema.get("type") or "any"), ""


HANDLERS = (show, openapi, problem)
