"""Choosing whom to invite into a cohort: finding people, a good mix, and the letter that they will get."""

from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cohorts.choosing.actions import choose
from cohorts.choosing.queries import Mix, candidates, mix_of
from cohorts.choosing.words import activity_text, mix_problem, suggestion_text
from cohorts.invitations.actions import NobodyChosen
from cohorts.invitations.words import invitation_words
from playbooks.set_up.actions import go_through
from playbooks.set_up.queries import SetUp, set_up_of
from playbooks.set_up.rules import Step
from program.letters.texts import letter_text
from program.people.words import level_name
from program.roles.rules import Role
from program.settings import Settings
from program.words import gettext as _
from program.words import ngettext, spoken_in
from web.forms import Form
from web.pages import at, page, see
from web.people import asked_of, filter_of, filter_options, page_addresses, page_number
from web.set_up import way
from web.visit import Visit, may

LINK_TO_COME = "…"


@get("/programs/{program:str}/cohorts/{cohort:uuid}/invitations/new", opt=may(Role.LEAD))
async def show(
    request: Request[Any, Any, Any], cohort: FromPath[UUID], visit: NamedDependency[Visit]
) -> Template:
    return await _choosing_page(request, cohort, visit, Form())


@post("/programs/{program:str}/cohorts/{cohort:uuid}/choice", opt=may(Role.LEAD))
async def keep(
    request: Request[Any, Any, Any], cohort: FromPath[UUID], visit: NamedDependency[Visit]
) -> Template | Redirect:
    """Keeps whom the form ticks among those whom it shows; then the mix anew, the same people again, or the letter."""
    form = await Form.of(request)
    await choose(
        form.ids("people"),
        among=form.ids("shown"),
        cohort=cohort,
        program=visit.program.id,
        by=visit.by.person,
        now=visit.now,
    )
    here = at(visit, "cohorts", cohort, "invitations")
    query = urlencode(parse_qsl(form.text("asked", required=False, longest=2_000).partition("?")[2]))
    asked = f"?{query}" if query else ""
    if request.headers.get("HX-Target") == "mix":
        mix = await mix_of(cohort, seen_by=visit.reader)
        return page(request, "choosing/_mix.html", asked=asked, **_mix_words(mix, visit, form))
    if "letter" in form.list("then"):
        return await _to_the_letter(visit, cohort, here)
    return see(f"{here}/new{asked}")


@get("/programs/{program:str}/cohorts/{cohort:uuid}/invitations/letter", opt=may(Role.LEAD))
async def letter(
    request: Request[Any, Any, Any],
    cohort: FromPath[UUID],
    visit: NamedDependency[Visit],
    settings: NamedDependency[Settings],
) -> Template:
    return await letter_page(request, cohort, visit, settings, Form())


async def letter_page(
    request: Request[Any, Any, Any],
    cohort: UUID,
    visit: Visit,
    settings: Settings,
    form: Form,
    *,
    status: int = 200,
) -> Template:
    """Who is about to be invited, and the very letter that they will get."""
    mix = await mix_of(cohort, seen_by=visit.reader)
    set_up = await set_up_of(visit.program.id)
    return page(
        request,
        "choosing/letter.html",
        status=status,
        form=form,
        here=at(visit, "cohorts", cohort),
        edition=set_up.facts.editions > 0,
        draft_at=at(visit, "playbook", "draft") if set_up.over else at(visit, "set-up", Step.PLAYBOOK.value),
        sender=settings.mail_from,
        **_letter_words(mix, visit, settings),
        **_mix_words(mix, visit, form),
        **_way(visit, set_up, mix, Step.INVITATIONS),
    )


async def _to_the_letter(visit: Visit, cohort: UUID, here: str) -> Redirect:
    if not (await mix_of(cohort, seen_by=visit.reader)).chosen:
        return see(f"{here}/new", toast=NobodyChosen().sentence())
    set_up = await set_up_of(visit.program.id)
    if not set_up.over and set_up.pilot == cohort:
        await go_through(Step.PILOT, program=visit.program.id, by=visit.by.person, now=visit.now)
    return see(f"{here}/letter")


async def _choosing_page(request: Request[Any, Any, Any], cohort: UUID, visit: Visit, form: Form) -> Template:
    asked = asked_of(request)
    filter = filter_of(asked)
    mix = await mix_of(cohort, seen_by=visit.reader)
    found = await candidates(cohort, filter, seen_by=visit.reader, number=page_number(request))
    set_up = await set_up_of(visit.program.id)
    here = at(visit, "cohorts", cohort, "invitations", "new")
    return page(
        request,
        "choosing/show.html",
        form=asked,
        found=found,
        filtered=filter.chosen,
        options=filter_options(found.there_is),
        here=here,
        asked=f"?{request.url.query}" if request.url.query else "",
        pages_at=page_addresses(here, asked),
        **_mix_words(mix, visit, form),
        **_way(visit, set_up, mix, Step.PILOT),
    )


def _mix_words(mix: Mix, visit: Visit, form: Form) -> dict[str, Any]:
    return {
        "mix": mix,
        "choice_at": at(visit, "cohorts", mix.cohort, "choice"),
        "cohort_at": at(visit, "cohorts", mix.cohort),
        "problems": [mix_problem(problem) for problem in mix.problems],
        "suggested": [(each.somebody, suggestion_text(each)) for each in mix.suggestions],
        "activity_text": activity_text,
        "level_name": level_name,
        "places": _places(mix),
        "choice": form,
    }


def _letter_words(mix: Mix, visit: Visit, settings: Settings) -> dict[str, Any]:
    """The letter as the first of those chosen will read it; each link is made only when it is sent."""
    first = mix.chosen[0] if mix.chosen else None
    with spoken_in(first.locale if first else "en", visit.program.zone):
        words = invitation_words(visit.program.name, LINK_TO_COME)
        text = letter_text(
            "invitation", words, name=first.somebody.name if first else "", address=settings.address
        )
    return {"subject": words.subject, "text": text, "first": first}


def _way(visit: Visit, set_up: SetUp, mix: Mix, step: Step) -> dict[str, Any]:
    """Where one is in the set-up, while it goes on."""
    going_on = not set_up.over and mix.pilot
    return {"way": way(visit, set_up, step) if going_on else None}


def _places(mix: Mix) -> str:
    """How many places are free, and once those chosen have theirs, how many then; too many of them are a problem of the mix."""
    if mix.free is None:
        return _("There is room for everybody.")
    left = mix.free - len(mix.chosen)
    if mix.chosen and left >= 0:
        text = ngettext(
            "With them, %(free)d of %(capacity)d places is still free.",
            "With them, %(free)d of %(capacity)d places are still free.",
            left,
        )
        return text % {"free": left, "capacity": mix.capacity}
    text = ngettext(
        "%(free)d of %(capacity)d places is free.", "%(free)d of %(capacity)d places are free.", mix.free
    )
    return text % {"free": mix.free, "capacity": mix.capacity}


HANDLERS = (show, keep, letter)
