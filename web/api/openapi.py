"""The description of the API (OpenAPI 3.1), made from its routes: what they take, and all that they may answer."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from functools import lru_cache
from typing import Any, cast, get_args, get_origin, get_type_hints

import msgspec
from litestar import Litestar
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.routes import HTTPRoute

from program.access_tokens.rules import CALLS_COUNTED, COST_OF_WRITING, Scope
from program.access_tokens.words import scope_text
from program.words import spoken_in
from web.api.bodies import BODY, KEY
from web.api.calls import POLICY
from web.api.examples import example_of
from web.api.paging import LIMIT, MOST, USUAL
from web.api.problems import MEDIA_TYPE, Kind, ProblemDetails, Wrong, meaning_of, title_of
from web.api.rooms import api_router
from web.visit import ASKED_SCOPE, SIGNED_IN

TITLE, VERSION = "Pilotage", "1"
SCHEMAS = "#/components/schemas/"
ALWAYS = (
    Kind.MALFORMED,
    Kind.NOBODY,
    Kind.SCOPE_MISSING,
    Kind.NOT_ACCEPTABLE,
    Kind.INVALID,
    Kind.TOO_MANY_CALLS,
    Kind.BROKEN,
    Kind.UNAVAILABLE,
)
WHERE_ONE_WRITES = (Kind.REFUSED, Kind.TOO_LARGE, Kind.WRONG_CONTENT_TYPE)
_PATH_MEANINGS = {"program": "The program’s “slug”."}
_NOISE = ("deprecated", "allowEmptyValue", "allowReserved")
_PAGE_NAME = re.compile(r"Page_(?:[\w.]*\.)?(\w+)_")


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The description, in English, as every reader gets it."""
    with spoken_in("en"):
        return _document()


def _document() -> dict[str, Any]:
    app = Litestar(
        route_handlers=[api_router()],
        dependencies={
            "visit": Provide(_visit, sync_to_thread=False),
            "settings": Provide(_settings, sync_to_thread=False),
        },
        openapi_config=OpenAPIConfig(
            title=TITLE, version=VERSION, path="/description", use_handler_docstrings=True
        ),
        logging_config=None,
    )
    told = _renamed(app.openapi_schema.to_schema())
    handlers = {handler.operation_id: handler for handler in _handlers(app)}
    schemas = told["components"]["schemas"]
    for operation in _operations(told):
        handler = handlers[operation["operationId"]]
        operation.update(_request(handler, operation, schemas))
        operation["responses"] = _responses(operation)
    schemas.update(_schemas_of(ProblemDetails, Wrong))
    _describe(schemas, _answered(handlers.values()))
    for operation in _operations(told):
        _exemplify(operation, schemas)
    return {
        "openapi": told["openapi"],
        "info": {"title": TITLE, "version": VERSION, "description": _introduction()},
        "servers": [{"url": "/"}],
        "security": [{"accessToken": []}],
        "tags": [{"name": name} for name in _tags(told)],
        "paths": told["paths"],
        "components": {
            "schemas": schemas,
            "responses": {kind.value: _problem(kind) for kind in Kind},
            "headers": _headers(),
            "securitySchemes": {"accessToken": {"type": "http", "scheme": "bearer"}},
        },
    }


def _visit() -> None:
    """Stands for the visit, which is none of the parameters."""


def _settings() -> None:
    """Stands for the settings, which are none of the parameters either."""


def _renamed(told: dict[str, Any]) -> dict[str, Any]:
    """A page of gates is called PageOfGate."""
    text = msgspec.json.encode(told).decode()
    return cast("dict[str, Any]", msgspec.json.decode(_PAGE_NAME.sub(r"PageOf\1", text)))


def _handlers(app: Litestar) -> Iterator[HTTPRouteHandler]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            yield from (handler for handler in route.route_handlers if ASKED_SCOPE in handler.opt)


def _operations(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in told["paths"].values():
        yield from path.values()


def _request(handler: HTTPRouteHandler, operation: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """Parameters without what nobody needs to read, the scope that it takes, and the body if it has one."""
    operation.pop("deprecated", None)
    parameters = [_parameter(each) for each in operation.get("parameters", [])]
    scope, roles = handler.opt[ASKED_SCOPE], sorted(handler.opt["may"] - {SIGNED_IN})
    told: dict[str, Any] = {
        "parameters": parameters,
        "security": [{"accessToken": [scope.value]}],
        "x-scope": scope.value,
        "x-roles": roles,
    }
    body = handler.opt.get(BODY)
    if body is not None:
        schemas.update(_schemas_of(body))
        reference = {"$ref": f"{SCHEMAS}{body.__name__}"}
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": reference}}}
        key = {"type": "string", "format": "uuid"}
        parameters.append(
            {
                "name": KEY,
                "in": "header",
                "required": True,
                "schema": key,
                "description": "A UUID of your own making: the same body under the same key is kept once.",
            }
        )
    return told


def _parameter(told: dict[str, Any]) -> dict[str, Any]:
    """Null is left out rather than sent."""
    kept = {name: value for name, value in told.items() if name not in _NOISE}
    schema = dict(kept["schema"])
    if "oneOf" in schema:
        (only,) = [each for each in schema.pop("oneOf") if each.get("type") != "null"]
        schema |= only
    schema |= {bound: int(schema[bound]) for bound in ("minimum", "maximum") if bound in schema}
    schema.pop("description", None)
    if kept["name"] == LIMIT:
        schema = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
    told = {"description": _PATH_MEANINGS[kept["name"]]} if kept["name"] in _PATH_MEANINGS else {}
    return {**kept, **told, "schema": schema}


def _responses(operation: dict[str, Any]) -> dict[str, Any]:
    kinds = set(ALWAYS)
    parameters = operation["parameters"]
    kinds |= {Kind.NOT_FOUND} if any(each["in"] == "path" for each in parameters) else set()
    kinds |= set(WHERE_ONE_WRITES) if "requestBody" in operation else set()
    told = {}
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            names = ["RateLimit", "RateLimit-Policy", *(["Link"] if _is_list(answer) else [])]
            told[status] = {
                "description": "What was asked for.",
                "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
                "content": answer["content"],
            }
    for kind in sorted(kinds, key=lambda each: each.status):
        told[str(kind.status)] = {"$ref": f"#/components/responses/{kind.value}"}
    return told


def _is_list(answer: dict[str, Any]) -> bool:
    schema = answer["content"].get("application/json", {}).get("schema", {})
    return str(schema.get("$ref", "")).startswith(f"{SCHEMAS}PageOf")


def _schemas_of(*structs: Any) -> dict[str, Any]:
    _references, found = msgspec.json.schema_components(structs, ref_template=SCHEMAS + "{name}")
    return found


def _describe(schemas: dict[str, Any], classes: dict[str, type[Any]]) -> None:
    """Each object says what it is, in the words of its class."""
    for name, schema in schemas.items():
        schema.pop("title", None)
        known = classes.get("Page" if name.startswith("PageOf") else name)
        text = schema.get("description") or (known.__doc__ if known else None)
        if text:
            schema["description"] = " ".join(text.split())


def _answered(handlers: Iterable[HTTPRouteHandler]) -> dict[str, type[Any]]:
    """The classes that answers are made of, by their names."""
    answers = [handler.parsed_return_field.annotation for handler in handlers]
    return {each.__name__: each for answer in answers for each in _classes_in(answer)}


def _classes_in(annotation: Any) -> Iterator[type[Any]]:
    for part in get_args(annotation):
        yield from _classes_in(part)
    of = get_origin(annotation) or annotation
    if is_dataclass(of) or issubclass(type(of), msgspec.StructMeta):
        yield of
        for part in get_type_hints(of).values():
            yield from _classes_in(part)


def _exemplify(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    contents = [answer.get("content", {}) for answer in operation["responses"].values()]
    for content in [*contents, operation.get("requestBody", {}).get("content", {})]:
        for media in content.values():
            media["example"] = example_of(media["schema"], schemas)


def _problem(kind: Kind) -> dict[str, Any]:
    both = kind is Kind.SCOPE_MISSING
    example: dict[str, Any] = {
        "type": f"/api/problems/{kind.value}",
        "title": title_of(kind),
        "status": kind.status,
        "detail": meaning_of(kind),
    }
    told: dict[str, Any] = {
        "description": f"{title_of(kind)}. {meaning_of(kind)}"
        + (f" Or: {title_of(Kind.NOT_ALLOWED)}." if both else ""),
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"{SCHEMAS}ProblemDetails"}, "example": example}},
    }
    names = {
        Kind.NOBODY: "WWW-Authenticate",
        Kind.TOO_MANY_CALLS: "Retry-After",
        Kind.UNAVAILABLE: "Retry-After",
    }
    if kind in names:
        told["headers"] = {names[kind]: {"$ref": f"#/components/headers/{names[kind]}"}}
    return told


def _headers() -> dict[str, Any]:
    meanings = {
        "RateLimit": "How many calls are left (r), and in how many seconds they begin anew (t).",
        "RateLimit-Policy": f"How many calls (q) there are within so many seconds (w): {POLICY}.",
        "Link": "The address of the next page (rel=next), where there is one.",
        "Retry-After": "After how many seconds to try again.",
        "WWW-Authenticate": "What is asked for: an access token.",
    }
    return {
        name: {"description": meaning, "schema": {"type": "string"}} for name, meaning in meanings.items()
    }


def _tags(told: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(operation["tags"][0] for operation in _operations(told)))


def _introduction() -> str:
    scopes = "\n".join(f"- `{scope.value}`: {scope_text(scope)}" for scope in Scope)
    return (
        "Everything that a person may see in Pilotage, for the programs that work for them.\n\n"
        "A call acts as the person who made its access token, with their roles of that moment, within the scopes of the"
        f" token:\n\n{scopes}\n\n"
        f"A token has {CALLS_COUNTED} calls a minute; one that writes counts as {COST_OF_WRITING}."
        " Moments are in UTC, days are days of the program’s zone. Lists come in pages: follow `next`."
        " Figures that stand on fewer than five people are left out for readers who may not see people by name."
        " Whatever goes wrong is told as a problem (RFC 9457)."
    )
