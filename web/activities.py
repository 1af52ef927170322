"""My activity: what I did in public, month by month, and logging it."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cohorts.activities.actions import KnownAlready, Told, delete_activity, log_activity
from cohorts.activities.queries import A_PAGE, OwnCourse, OwnMonth, own_activities, own_course
from cohorts.activities.rules import LONGEST_LINK, Kind, Network
from cohorts.activities.words import kind_text, network_text
from program.words import gettext as _
from program.words import month_text, ngettext, number_text, short_month_text
from web import pictures
from web.forms import LONGEST_TEXT, Form
from web.pages import at, page, see
from web.visit import LEARNERS, UNPROCESSABLE, Visit, may


@get("/programs/{program:str}/activities", opt=may(*LEARNERS))
async def index(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    before = Form({"before": request.query_params.get("before", "")}).ids("before")
    return await _index(request, visit, _fresh(visit), before=before[0] if before else None)


@get("/programs/{program:str}/activities/new", opt=may(*LEARNERS))
async def new(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    """The form alone, for a phone."""
    return _new(request, visit, _fresh(visit))


@post("/programs/{program:str}/activities", opt=may(*LEARNERS))
async def log(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    told = _told(form, visit.today)
    if not form.problems:
        with form.refusals():
            try:
                await log_activity(
                    told,
                    program=visit.program.id,
                    by=visit.by.person,
                    now=visit.now,
                    today=visit.today,
                    sent=form.sent,
                )
            except KnownAlready as known:
                form.values["known"] = str(known.activity or "")
                raise
            return see(at(visit, "activities"), toast=_("Logged. Thank you."))
    if form.values.get("from") == "new":
        return _new(request, visit, form, status=UNPROCESSABLE)
    return await _index(request, visit, form, status=UNPROCESSABLE)


@post("/programs/{program:str}/activities/{activity:uuid}/deletion", opt=may(*LEARNERS))
async def delete(visit: NamedDependency[Visit], activity: FromPath[UUID]) -> Redirect:
    await delete_activity(
        activity, program=visit.program.id, by=visit.by.person, now=visit.now, today=visit.today
    )
    return see(at(visit, "activities"), toast=_("Deleted, and no longer counted."))


async def _index(
    request: Request[Any, Any, Any],
    visit: Visit,
    form: Form,
    *,
    before: UUID | None = None,
    status: int = 200,
) -> Template:
    course = await own_course(visit.by.person, program=visit.program.id, today=visit.today)
    found = await own_activities(visit.by.person, program=visit.program.id, before=before, most=A_PAGE + 1)
    lines, more = found[:A_PAGE], len(found) > A_PAGE
    return page(
        request,
        "activities/index.html",
        status=status,
        lede=_lede(course),
        strip=_strip(course, visit.today) if course else None,
        lines=lines,
        older=f"{at(visit, 'activities')}?before={lines[-1].id}" if more else None,
        newer=before is not None,
        course=course,
        logs=course is not None and course.start is not None,
        kind_text=kind_text,
        network_text=network_text,
        **_fields(visit, form),
    )


def _new(request: Request[Any, Any, Any], visit: Visit, form: Form, *, status: int = 200) -> Template:
    return page(request, "activities/new.html", status=status, **_fields(visit, form))


def _fields(visit: Visit, form: Form) -> dict[str, Any]:
    """What the form shows, wherever it stands."""
    return {
        "form": form,
        "known": form.values.get("known", ""),
        "here": at(visit, "activities"),
        "today": visit.today.isoformat(),
        "kinds": [(kind.value, kind_text(kind)) for kind in Kind],
        "networks": [(network.value, network_text(network)) for network in Network],
    }


def _fresh(visit: Visit) -> Form:
    return Form({"kind": Kind.POST.value, "done_on": visit.today.isoformat()})


def _told(form: Form, today: date) -> Told:
    network = form.one_of("network", list(Network), required=False)
    return Told(
        kind=form.choice("kind", Kind, otherwise=Kind.POST),
        done_on=form.day("done_on", otherwise=today),
        link=form.text("link", required=False, longest=LONGEST_LINK),
        network=Network(network) if network else None,
        text=form.text("text", required=False, longest=LONGEST_TEXT),
    )


def _lede(course: OwnCourse | None) -> str:
    """Whether one took part this month."""
    if course is None or course.start is None:
        return _(
            "Your cohort has not begun yet. From its first day on, what you do in public is logged here."
        )
    month = course.months[-1]
    if not course.active:
        return _("You are not an active member at the moment, so nothing is counted.")
    if month.activities:
        done = ngettext(
            "You took part this month: %(number)s activity so far.",
            "You took part this month: %(number)s activities so far.",
            month.activities,
        )
        return done % {"number": number_text(month.activities)}
    return _("Nothing is logged for this month yet. One activity is enough to take part; nobody has to.")


def _strip(course: OwnCourse, today: date) -> pictures.MonthStrip:
    return pictures.MonthStrip(
        months=[_month(month, today) for month in course.months],
        counted=sum(month.activities > 0 for month in course.months),
        needed=len(course.months),
    )


def _month(month: OwnMonth, today: date) -> pictures.Month:
    name = month_text(month.from_on, today)
    running = month.until_on > today
    if month.activities:
        title = _("%(month)s: you took part") % {"month": name}
        state = pictures.MonthState.COUNTED
    elif running:
        title = _("%(month)s: nothing yet") % {"month": name}
        state = pictures.MonthState.NOW
    else:
        title = _("%(month)s: you did not take part") % {"month": name}
        state = pictures.MonthState.MISSED
    return pictures.Month(
        label=short_month_text(month.from_on),
        state=state,
        title=title,
        share=(today - month.from_on).days / (month.until_on - month.from_on).days if running else 0.0,
    )


HANDLERS = (index, new, log, delete)
