"""Signing in and out."""

from typing import Any

from litestar import Request, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from program.settings import Settings
from program.sign_in.actions import (
    LinkIsSpent,
    Try,
    ask_for_link,
    sign_in,
    sign_out,
    sign_out_everywhere,
    use_link,
)
from program.sign_in.queries import link_owner
from program.sign_in.rules import SESSION_LASTS, SIGN_IN_LINK, unsealed
from web.forms import Form
from web.pages import page
from web.signed_out import Typed, carried_by
from web.visit import ANYONE, SESSION_COOKIE, SIGNED_IN, UNPROCESSABLE, Visit, may


@get("/sign-in", opt=may(ANYONE))
async def sign_in_page(request: Request[Any, Any, Any]) -> Template:
    form = Form({"next": own_path(request.query_params.get("next", "/"))})
    return page(request, "sign_in/show.html", form=form)


@post("/sign-in", opt=may(ANYONE))
async def sign_in_with_password(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], settings: NamedDependency[Settings]
) -> Template | Redirect:
    form = await Form.of(request)
    email, password = form.text("email"), form.text("password", longest=1_000)
    typed = carried_by(form)
    if not form.problems:
        with form.refusals():
            token = await sign_in(email, password, tried=_tried(request, settings), at=visit.machine_now)
            if typed:
                return _signed_in_again(request, typed, token, settings)
            return signed_in_response(own_path(form.text("next", required=False)), token, settings)
    form.values.pop("password", None)
    return page(request, "sign_in/show.html", status=UNPROCESSABLE, form=form, typed=typed)


@post("/sign-in/links", opt=may(ANYONE))
async def send_link(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], settings: NamedDependency[Settings]
) -> Template:
    form = await Form.of(request)
    email = form.email("email")
    typed = carried_by(form)
    if not form.problems:
        with form.refusals():
            await ask_for_link(email, tried=_tried(request, settings), at=visit.machine_now)
            return page(
                request,
                "sign_in/link_sent.html",
                email=email,
                mails=settings.mail_server is not None,
                typed=typed,
            )
    return page(request, "sign_in/show.html", status=UNPROCESSABLE, form=form, typed=typed)


@get("/sign-in/{token:str}", opt=may(ANYONE))
async def link_page(
    request: Request[Any, Any, Any],
    token: FromPath[str],
    visit: NamedDependency[Visit],
    settings: NamedDependency[Settings],
) -> Template:
    """Opening the link changes nothing, so that a mail scanner does not use it up; the button does."""
    nonce = unsealed(token, purpose=SIGN_IN_LINK, secret=settings.secret)
    name = await link_owner(nonce, visit.machine_now) if nonce else None
    if name is None:
        return page(request, "sign_in/link_spent.html", status=410, refusal=LinkIsSpent())
    return page(request, "sign_in/link.html", token=token, name=name, form=Form())


@post("/sign-in/{token:str}", opt=may(ANYONE))
async def sign_in_with_link(
    request: Request[Any, Any, Any],
    token: FromPath[str],
    visit: NamedDependency[Visit],
    settings: NamedDependency[Settings],
) -> Template | Redirect:
    try:
        session = await use_link(token, secret=settings.secret, at=visit.machine_now)
    except LinkIsSpent as spent:
        return page(request, "sign_in/link_spent.html", status=410, refusal=spent)
    return signed_in_response("/", session, settings)


@post("/sign-out", opt=may(SIGNED_IN))
async def leave(visit: NamedDependency[Visit]) -> Redirect:
    await sign_out(visit.by.session, by=visit.by.person, at=visit.machine_now)
    return _signed_out_response()


@post("/sign-out/everywhere", opt=may(SIGNED_IN))
async def leave_everywhere(visit: NamedDependency[Visit]) -> Redirect:
    await sign_out_everywhere(visit.by.person, at=visit.machine_now)
    return _signed_out_response()


def signed_in_response(path: str, token: str, settings: Settings) -> Redirect:
    """Go to `path` with a session cookie that scripts cannot read."""
    return Redirect(path, status_code=303, cookies=[_session_cookie(token, settings)])


def _signed_in_again(
    request: Request[Any, Any, Any], typed: Typed, token: str, settings: Settings
) -> Template:
    """The way back to a form that somebody was typing into when their session ended."""
    answer = page(request, "sign_in/again.html", typed=typed)
    answer.set_cookie(_session_cookie(token, settings))
    return answer


def _session_cookie(token: str, settings: Settings) -> Cookie:
    return Cookie(
        key=SESSION_COOKIE,
        value=token,
        path="/",
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        secure=settings.secure_cookies,
        samesite="lax",
    )


def _signed_out_response() -> Redirect:
    gone = Cookie(key=SESSION_COOKIE, value="", path="/", max_age=0, httponly=True, samesite="lax")
    return Redirect("/sign-in", status_code=303, cookies=[gone])


def _tried(request: Request[Any, Any, Any], settings: Settings) -> Try:
    source = request.client.host if request.client else "unknown"
    return Try(source=source, secret=settings.secret)


def own_path(path: str) -> str:
    """A path on this site, so that a crafted link sends nobody elsewhere."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


HANDLERS = (
    sign_in_page,
    sign_in_with_password,
    send_link,
    link_page,
    sign_in_with_link,
    leave,
    leave_everywhere,
)
