"""The web process: routes, templates, and what stands in front of every one of them."""

import hashlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Response
from litestar.config.compression import CompressionConfig
from litestar.config.csrf import CSRFConfig
from litestar.di import NamedDependency, Provide
from litestar.exceptions import (
    HTTPException,
    InternalServerException,
    NotAuthorizedException,
    NotFoundException,
)
from litestar.middleware import DefineMiddleware
from litestar.plugins.htmx import HTMXPlugin
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Redirect, Template
from litestar.static_files import create_static_files_router
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR
from litestar.template.config import TemplateConfig
from litestar.types import ControllerRouterHandler, Message, Scope
from markupsafe import Markup

from program.database import Limits, close_pool, open_pool
from program.logs import log_of, request_id, write_logs
from program.outages import outage_of
from program.refusals import NotAllowed, NotFound, Refusal
from program.settings import Settings, complete, settings_from
from program.words import day_text, figure_text, gettext, moment_text, month_text, ngettext, percent_text
from web import rooms
from web.api.calls import Calls, tell_allowance
from web.api.problems import answer_to, is_call
from web.api.rooms import api_router
from web.form_requests import FormRequest, FormTokens
from web.forms import FORM_COOKIE, Form
from web.fragments import fragments_of, translated
from web.markdown import markdown
from web.observed import Observed, route_of
from web.outages import outage_page
from web.pages import form_token, page
from web.visit import Visit, VisitMiddleware, WhoMay, provide_visit, sign_in_address

HERE = Path(__file__).parent
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

LIMITS = Limits(query=30, lock=20, idle=60)

_log = log_of(__name__)


def create() -> Litestar:
    """The application that this process's environment asks for."""
    settings = complete(settings_from(os.environ))
    write_logs(settings.log)
    return application(settings)


def application(settings: Settings, handlers: Sequence[ControllerRouterHandler] = rooms.HANDLERS) -> Litestar:
    """The application for these settings, with its own pool to `settings.database_url`."""

    @asynccontextmanager
    async def pool_open(_app: Litestar) -> AsyncIterator[None]:
        await open_pool(settings.database_url, limits=LIMITS)
        yield
        await close_pool()

    def settings_after_visit(visit: NamedDependency[Visit]) -> Settings:  # noqa: ARG001 -- see below
        """Litestar looks up dependencies that ask nothing of each other side by side, in tasks that cost more than they save."""
        return settings

    return Observed(
        route_handlers=[
            *handlers,
            api_router(),
            create_static_files_router(
                path="/static",
                directories=[HERE / "static"],
                opt=rooms.STATIC,
                cache_control=rooms.STATIC_CACHE,
                exception_handlers={InternalServerException: _no_such_file, ValueError: _no_such_file},
            ),
        ],
        lifespan=[pool_open],
        middleware=[
            VisitMiddleware(),
            Calls(),
            WhoMay(),
            DefineMiddleware(FormTokens, config=_form_tokens(settings)),
        ],
        dependencies={
            "visit": Provide(provide_visit, sync_to_thread=False),
            "settings": Provide(settings_after_visit, sync_to_thread=False),
        },
        plugins=[HTMXPlugin()],
        template_config=TemplateConfig(instance=_templates()),
        before_send=[_with_secure_headers(settings), tell_allowance],
        exception_handlers={
            NotAuthorizedException: _also_for_calls(_ask_to_sign_in),
            Refusal: _also_for_calls(_refused),
            HTTPException: _also_for_calls(_http_problem),
            Exception: _broken,
        },
        compression_config=CompressionConfig(
            backend="gzip", gzip_compress_level=5, minimum_size=1_000, exclude=r"\.woff2$"
        ),
        openapi_config=None,
        logging_config=None,
        request_class=FormRequest,
        request_max_body_size=1_000_000,
    )


def _form_tokens(settings: Settings) -> CSRFConfig:
    return CSRFConfig(
        secret=settings.secret,
        cookie_name=FORM_COOKIE,
        cookie_secure=settings.secure_cookies,
        cookie_samesite="lax",
        cookie_httponly=True,
    )


def _with_secure_headers(settings: Settings) -> Callable[[Message, Scope], Awaitable[None]]:
    """On every answer, also on those that no route gives."""
    told = SECURE_HEADERS | (
        {"Strict-Transport-Security": "max-age=31536000"} if settings.secure_cookies else {}
    )
    headers = [(name.lower().encode(), value.encode()) for name, value in told.items()]

    async def add(message: Message, _scope: Scope) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *headers]

    return add


def _templates() -> JinjaTemplateEngine:
    engine = JinjaTemplateEngine(directory=HERE / "templates")
    environment = engine.engine
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        _=translated,
        gettext=translated,
        static=static,
        icon=icon,
        fragment=fragments_of(environment),
        form_token=form_token,
    )
    environment.auto_reload = False
    environment.filters.update(
        day=day_text,
        month=month_text,
        moment=moment_text,
        percent=percent_text,
        figure=figure_text,
        markdown=markdown,
    )
    environment.globals["f"] = environment.get_template("forms/_fields.html").module
    return engine


@lru_cache(maxsize=256)
def icon(name: str) -> Markup:
    """A decorative picture from the sprite; the words beside it say the same."""
    return Markup(
        '<svg class="icon" width="20" height="20" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>'
    ).format(static("icons.svg"), name)


@lru_cache(maxsize=256)
def static(name: str) -> str:
    """The address of a static file, which changes when the file does."""
    digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def _also_for_calls(told: Callable[..., Response[Any]]) -> Callable[..., Response[Any]]:
    """What a page tells to a person, told to a program where one calls the API."""

    def answer(request: Request[Any, Any, Any], error: Any) -> Response[Any]:
        return answer_to(request, error) if is_call(request) else told(request, error)

    return answer


def _ask_to_sign_in(request: Request[Any, Any, Any], _problem: NotAuthorizedException) -> Response[Any]:
    typed = request.scope["state"].get("typed")
    if typed is not None:
        return page(request, "sign_in/show.html", status=401, form=Form({"next": "/"}), typed=typed)
    return Redirect(sign_in_address(request), status_code=303)


def _refused(request: Request[Any, Any, Any], refusal: Refusal) -> Template:
    if isinstance(refusal, NotFound):
        return page(request, "problems/not_found.html", status=404)
    not_theirs = isinstance(refusal, NotAllowed)
    status = 403 if not_theirs else 409
    looked = not_theirs and request.method in {"GET", "HEAD"}
    return page(request, "problems/refused.html", status=status, refusal=refusal, looked=looked)


def _http_problem(request: Request[Any, Any, Any], problem: HTTPException) -> Template:
    """Whatever else a client can send: unknown addresses, wrong methods, bodies too large, forms without their token."""
    template = "problems/not_found.html" if problem.status_code == 404 else "problems/http.html"  # noqa: PLR2004
    number = request_id.get() if problem.status_code >= HTTP_500_INTERNAL_SERVER_ERROR else None
    return page(request, template, status=problem.status_code, problem=problem, refusal=None, number=number)


def _no_such_file(request: Request[Any, Any, Any], _error: Exception) -> Template:
    """A name that no file can have: Litestar breaks on it, or says that it could not look."""
    return _http_problem(request, NotFoundException())


def _broken(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The log names the route and where it broke; the address may hold a sign-in link, the message what was typed."""
    outage = outage_of(error)
    if outage is not None:
        _log.warning("an outage", method=request.method, route=route_of(request.scope), kind=outage.value)
        return answer_to(request, error) if is_call(request) else outage_page(request, outage)
    _log.error("a request failed", method=request.method, route=route_of(request.scope), exc_info=error)
    return _also_for_calls(_http_problem)(request, InternalServerException())
