"""The program's people: finding, adding and changing them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cohorts.choosing.words import activity_text
from cohorts.enrolments.actions import note_departure
from program.network_activity.rules import HowOften, SaidBy
from program.people.actions import Particulars, add_person, change_person, take_back
from program.people.queries import UNKNOWN, Filter, PersonPage, WhatThereIs, people_page, person_page
from program.people.words import how_often_name, level_name, said_by_name
from program.roles.words import role_name
from program.settings import Settings
from program.sign_in.actions import hand_over_link
from program.social_accounts.rules import Network
from program.social_accounts.words import network_text
from program.words import gettext as _
from program.words import list_text
from web.forms import Form
from web.pages import at, page, see
from web.visit import RUNS_IT, UNPROCESSABLE, Visit, may

LEVELS = range(1, 8)
LONGEST_NAME = 120
MOST_PAGES = 1_000_000


@get("/programs/{program:str}/people", opt=may(*RUNS_IT))
async def index(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    asked = asked_of(request)
    filter = filter_of(asked)
    found = await people_page(filter, seen_by=visit.reader, number=page_number(request))
    return page(
        request,
        "people/index.html",
        form=asked,
        found=found,
        filtered=filter.chosen,
        options=filter_options(found.there_is),
        level_name=level_name,
        activity_text=activity_text,
        role_name=role_name,
        here=at(visit, "people"),
        pages_at=page_addresses(at(visit, "people"), asked),
    )


@get("/programs/{program:str}/people/new", opt=may(*RUNS_IT))
async def new(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    return _form_page(request, visit, Form(), person=None)


@post("/programs/{program:str}/people", opt=may(*RUNS_IT))
async def add(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    told = _particulars(form)
    if not form.problems:
        with form.refusals():
            person = await add_person(
                told, program=visit.program.id, by=visit.by.person, now=visit.now, sent=form.sent
            )
            return see(at(visit, "people", person), toast=_("Added to your program’s people."))
    return _form_page(request, visit, form, person=None, status=UNPROCESSABLE)


@get("/programs/{program:str}/people/{person:uuid}", opt=may(*RUNS_IT))
async def show(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], person: FromPath[UUID]
) -> Template:
    return await _person_page(request, visit, person, link=None)


@get("/programs/{program:str}/people/{person:uuid}/edit", opt=may(*RUNS_IT))
async def edit(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], person: FromPath[UUID]
) -> Template:
    known = await person_page(person, seen_by=visit.reader)
    return _form_page(request, visit, Form(_values_of(known)), person=known)


@post("/programs/{program:str}/people/{person:uuid}", opt=may(*RUNS_IT))
async def change(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], person: FromPath[UUID]
) -> Template | Redirect:
    known = await person_page(person, seen_by=visit.reader)
    form = await Form.of(request)
    told = _particulars(form)
    if not form.problems:
        with form.refusals():
            await change_person(person, told, program=visit.program.id, by=visit.by.person, now=visit.now)
            return see(at(visit, "people", person), toast=_("Saved."))
    return _form_page(request, visit, form, person=known, status=UNPROCESSABLE)


@get("/programs/{program:str}/people/{person:uuid}/first-link", opt=may(*RUNS_IT))
async def first_link(visit: NamedDependency[Visit], person: FromPath[UUID]) -> Redirect:
    """Where a browser comes back to after the link was shown; it is never shown twice."""
    await person_page(person, seen_by=visit.reader)
    return see(at(visit, "people", person))


@post("/programs/{program:str}/people/{person:uuid}/first-link", opt=may(*RUNS_IT))
async def make_first_link(
    request: Request[Any, Any, Any],
    visit: NamedDependency[Visit],
    settings: NamedDependency[Settings],
    person: FromPath[UUID],
) -> Template:
    token = await hand_over_link(
        person, program=visit.program.id, by=visit.by.person, secret=settings.secret, at=visit.machine_now
    )
    return await _person_page(request, visit, person, link=f"{settings.address}/sign-in/{token}")


@post("/programs/{program:str}/people/{person:uuid}/departure", opt=may(*RUNS_IT))
async def depart(visit: NamedDependency[Visit], person: FromPath[UUID]) -> Redirect:
    await note_departure(person, program=visit.program.id, by=visit.by.person, now=visit.now)
    return see(at(visit, "people", person), toast=_("They can no longer sign in."))


@post("/programs/{program:str}/people/{person:uuid}/return", opt=may(*RUNS_IT))
async def come_back(visit: NamedDependency[Visit], person: FromPath[UUID]) -> Redirect:
    await take_back(person, program=visit.program.id, by=visit.by.person, now=visit.now)
    return see(at(visit, "people", person), toast=_("They can sign in again."))


def asked_of(request: Request[Any, Any, Any]) -> Form:
    """What the address asks for."""
    return Form({name: request.query_params[name].replace("\x00", "") for name in request.query_params})


def filter_of(asked: Form) -> Filter:
    """Which people an address asks for; what it cannot mean lets everybody through."""
    return Filter(
        search=asked.text("search", required=False),
        job_function=asked.text("job_function", required=False),
        department=asked.text("department", required=False),
        level=level_of(asked),
        region=asked.text("region", required=False),
        network=asked.one_of("network", [*Network, UNKNOWN], required=False),
        how_often=asked.one_of("how_often", [*HowOften, UNKNOWN], required=False),
        said_by=asked.one_of("said_by", list(SaidBy), required=False),
    )


def page_number(request: Request[Any, Any, Any]) -> int:
    """The page that the address asks for; the first where it asks for none."""
    asked = request.query_params.get("page", "")
    return min(int(asked), MOST_PAGES) if asked.isascii() and asked.isdigit() and len(asked) <= 9 else 1  # noqa: PLR2004


def page_addresses(path: str, asked: Form) -> str:
    """What stands before the number of a page in its address."""
    kept = {name: value for name, value in asked.values.items() if name != "page" and value}
    return f"{path}?{urlencode({**kept, 'page': ''}, doseq=True)}"


def _particulars(form: Form) -> Particulars:
    networks = tuple(form.some_of("networks", [network.value for network in Network]))
    how_often = form.one_of("how_often", list(HowOften), required=False) or None
    said_by = form.one_of("said_by", list(SaidBy), required=False)
    return Particulars(
        name=form.text("name", longest=LONGEST_NAME),
        email=form.email("email"),
        job_title=form.text("job_title", required=False) or None,
        job_function=form.text("job_function", required=False) or None,
        department=form.text("department", required=False) or None,
        level=level_of(form),
        region=form.text("region", required=False) or None,
        manager_email=_address(form, "manager_email"),
        networks=tuple(network.value for network in Network if network.value in networks) or None,
        how_often=how_often,
        said_by=SaidBy(said_by or SaidBy.FILE) if networks or how_often else None,
    )


def level_of(form: Form) -> int | None:
    level = form.one_of("level", [str(level) for level in LEVELS], required=False)
    return int(level) if level else None


def _address(form: Form, name: str) -> str | None:
    return form.email(name) if form.text(name, required=False) else None


def _values_of(person: PersonPage) -> dict[str, str | list[str]]:
    return {
        "name": person.name,
        "email": person.email,
        "job_title": person.job_title or "",
        "job_function": person.job_function or "",
        "department": person.department or "",
        "level": str(person.level or ""),
        "region": person.region or "",
        "manager_email": person.manager_email or "",
        "networks": list(person.activity.networks or ()),
        "how_often": person.activity.how_often or "",
        "said_by": person.activity.said_by or "",
    }


def _form_page(
    request: Request[Any, Any, Any], visit: Visit, form: Form, *, person: PersonPage | None, status: int = 200
) -> Template:
    return page(
        request,
        "people/form.html",
        status=status,
        form=form,
        person=person,
        here=at(visit, "people"),
        level_options=level_options(),
        network_options=[(network.value, network_text(network)) for network in Network],
        how_often_options=_how_often_options(),
        said_by_options=_said_by_options(),
    )


async def _person_page(
    request: Request[Any, Any, Any], visit: Visit, person: UUID, *, link: str | None
) -> Template:
    known = await person_page(person, seen_by=visit.reader)
    return page(
        request,
        "people/show.html",
        person=known,
        form=Form(),
        link=link,
        here=at(visit, "people"),
        facts=_facts(known),
        roles=list_text([role_name(role) for role in known.roles]),
        role_name=role_name,
    )


def _facts(person: PersonPage) -> Sequence[tuple[str, str]]:
    """What is known of a person, in words; "" where nothing is."""
    activity = person.activity
    networks = ", ".join(network_text(Network(network)) for network in activity.networks or ())
    return (
        (_("E-mail address"), person.email),
        (_("Employee number"), person.external_id or ""),
        (_("Job title"), person.job_title or ""),
        (_("Job function"), person.job_function or ""),
        (_("Department"), person.department or ""),
        (_("Level"), level_name(person.level)),
        (_("Region"), person.region or ""),
        (_("Manager"), person.manager_name or ""),
        (_("On networks"), networks),
        (_("Active there"), how_often_name(activity.how_often) if activity.how_often else ""),
        (_("By whose word"), said_by_name(activity.said_by) if activity.said_by else ""),
    )


def filter_options(there_is: WhatThereIs) -> dict[str, list[tuple[str, str]]]:
    """What people can be filtered by, each with its words."""
    return {
        "job_functions": [(name, name) for name in there_is.job_functions],
        "departments": [(name, name) for name in there_is.departments],
        "levels": level_options(),
        "regions": [(name, name) for name in there_is.regions],
        "networks": [
            *((network.value, network_text(network)) for network in Network),
            (UNKNOWN, _("not known")),
        ],
        "how_often": [*_how_often_options(), (UNKNOWN, _("not known"))],
        "said_by": _said_by_options(),
    }


def _how_often_options() -> list[tuple[str, str]]:
    return [(often.value, how_often_name(often)) for often in HowOften]


def _said_by_options() -> list[tuple[str, str]]:
    return [(said_by.value, said_by_name(said_by)) for said_by in SaidBy]


def level_options() -> list[tuple[str, str]]:
    return [(str(level), level_name(level)) for level in LEVELS]


HANDLERS = (
    index,
    new,
    add,
    show,
    edit,
    change,
    first_link,
    make_first_link,
    depart,
    come_back,
)
