"""One's own place: name, language, theme, letters, password and sessions."""

from typing import Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from program.letters.actions import choose_letters
from program.letters.queries import letters_wanted
from program.letters.rules import LetterKind
from program.letters.words import letter_kind_text
from program.people.actions import choose_language, choose_theme, introduce_oneself
from program.people.rules import PLACEHOLDER_EMAIL
from program.programs.queries import programs_of
from program.sign_in.actions import set_password
from program.sign_in.queries import open_sessions
from program.words import LOCALES, locale_text, moment_text, nearest_locale, spoken_in
from program.words import gettext as _
from web.forms import Form
from web.pages import page, see
from web.sign_in import own_path
from web.visit import SIGNED_IN, UNPROCESSABLE, Visit, may

THEMES = ("system", "light", "dark")


@get("/me", opt=may(SIGNED_IN))
async def show(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    return await _page(request, visit)


@post("/me", opt=may(SIGNED_IN))
async def introduce(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    new = _is_new(visit)
    name = form.text("name", longest=120)
    email = form.email("email") if new else visit.by.email
    if not form.problems:
        with form.refusals():
            await introduce_oneself(visit.by.person, name=name, email=email, now=visit.now)
            return see("/" if new else "/me", toast=_("Saved."))
    return await _page(request, visit, form=form, status=UNPROCESSABLE)


@post("/me/language", opt=may(SIGNED_IN))
async def speak(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    locale = form.one_of("locale", LOCALES)
    if form.problems:
        return await _page(request, visit, language_form=form, status=UNPROCESSABLE)
    await choose_language(visit.by.person, locale)
    with spoken_in(locale):
        return see("/me", toast=_("Saved."))


@post("/me/theme", opt=may(SIGNED_IN))
async def change_theme(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Redirect:
    form = await Form.of(request)
    theme = form.one_of("theme", THEMES) or "system"
    await choose_theme(visit.by.person, theme)
    return see(own_path(form.text("next", required=False)))


@post("/me/letters", opt=may(SIGNED_IN))
async def choose(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    wanted = form.some_of("letters", list(LetterKind))
    if form.problems:
        return await _page(request, visit, letters_form=form, status=UNPROCESSABLE)
    await choose_letters(visit.by.person, [LetterKind(kind) for kind in wanted], now=visit.now)
    return see("/me", toast=_("Saved. From now on you get these letters."))


@post("/me/password", opt=may(SIGNED_IN))
async def change_password(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit]
) -> Template | Redirect:
    form = await Form.of(request)
    password = form.text("password", longest=1_000)
    if not form.problems:
        with form.refusals():
            await set_password(visit.by.person, password, keep_session=visit.by.session, at=visit.machine_now)
            return see("/me", toast=_("Your password is set. Other browsers were signed out."))
    form.values.pop("password", None)
    return await _page(request, visit, password_form=form, status=UNPROCESSABLE)


async def _page(
    request: Request[Any, Any, Any],
    visit: Visit,
    *,
    form: Form | None = None,
    language_form: Form | None = None,
    letters_form: Form | None = None,
    password_form: Form | None = None,
    status: int = 200,
) -> Template:
    new = _is_new(visit)
    own = {} if new else {"name": visit.by.name}
    wanted = [kind.value for kind in await letters_wanted(visit.by.person)]
    return page(
        request,
        "me/show.html",
        status=status,
        new=new,
        form=form or Form(own),
        language_form=language_form or Form({"locale": nearest_locale(visit.by.locale)}),
        letters_form=letters_form or Form({"letters": wanted}),
        password_form=password_form or Form(),
        locales=[(locale, _locale_with_example(locale, visit)) for locale in LOCALES],
        letters=[(kind.value, letter_kind_text(kind)) for kind in LetterKind],
        programs=await programs_of(visit.by.person, owner=False),
        sessions=await open_sessions(visit.by.person, visit.machine_now),
    )


def _locale_with_example(locale: str, visit: Visit) -> str:
    with spoken_in(locale):
        return f"{locale_text(locale)} · {moment_text(visit.now)}"


def _is_new(visit: Visit) -> bool:
    """Whether this is the first owner, of whom nobody knows yet who they are."""
    return visit.by.email == PLACEHOLDER_EMAIL


HANDLERS = (show, introduce, speak, change_theme, choose, change_password)
