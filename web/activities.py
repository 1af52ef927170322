"""My activity: what I did in public, month by month, logging it, changing it, and taking it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cohorts.activities.actions import (
    KnownAlready,
    Told,
    delete_activity,
    edit_activity,
    log_activity,
    restore_activity,
)
from cohorts.activities.queries import (
    A_PAGE,
    ActivityPage,
    OwnCourse,
    OwnMonth,
    may_be_restored,
    own_activities,
    own_activity,
    own_activity_with,
    own_course,
)
from cohorts.activities.rules import LONGEST_LINK, Kind, Network, kind_at, post_at
from cohorts.activities.words import activity_text, figures_text, kind_text, network_text, source_text
from program.words import day_text, ngettext, number_text, short_month_text
from program.words import gettext as _
from web import pictures
from web.forms import Form
from web.pages import at, page, see
from web.visit import LEARNERS, UNPROCESSABLE, Visit, may

LONGEST_OWN_WORDS = 50_000


@get("/programs/{program:str}/activities", opt=may(*LEARNERS))
async def index(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    return await _index(request, visit, _fresh(visit))


@get("/programs/{program:str}/activities/new", opt=may(*LEARNERS))
async def new(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    """The form alone, for a phone."""
    return _new(request, visit, _fresh(visit))


@post("/programs/{program:str}/activities", opt=may(*LEARNERS))
async def log(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    told = _told(form, visit.today)
    if not form.problems:
        with form.refusals(), _naming_the_known(form):
            await log_activity(told, **_by(visit), sent=form.sent)
            return see(at(visit, "activities"), toast=_("Logged. Thank you."))
    if form.values.get("from") == "new":
        return _new(request, visit, form, status=UNPROCESSABLE)
    return await _index(request, visit, form, status=UNPROCESSABLE)


@post("/programs/{program:str}/activities/recognition", status_code=200, opt=may(*LEARNERS))
async def recognise(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    """What a link tells by itself, while the form is filled in. The link is not opened."""
    form = await Form.of(request)
    if (kind := kind_at(form.text("link", required=False))) is not None:
        form.values["kind"] = kind.value
    form.problems.clear()
    shown = _fields(visit, form) | await _recognised(visit, form)
    return page(request, "activities/_recognised.html", **shown)


@get("/programs/{program:str}/activities/{activity:uuid}", opt=may(*LEARNERS))
async def show(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], activity: FromPath[UUID]
) -> Template:
    found = await own_activity(activity, person=visit.by.person, program=visit.program.id)
    return _show(request, visit, found, _filled(found))


@post("/programs/{program:str}/activities/{activity:uuid}", opt=may(*LEARNERS))
async def edit(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], activity: FromPath[UUID]
) -> Template | Redirect:
    found = await own_activity(activity, person=visit.by.person, program=visit.program.id)
    form = await Form.of(request)
    told = _told(form, visit.today)
    if not form.problems:
        with form.refusals(), _naming_the_known(form):
            await edit_activity(activity, told, **_by(visit))
            return see(at(visit, "activities"), toast=_("Changed. Your months follow."))
    return _show(request, visit, found, form, status=UNPROCESSABLE)


@post("/programs/{program:str}/activities/{activity:uuid}/deletion", opt=may(*LEARNERS))
async def delete(visit: NamedDependency[Visit], activity: FromPath[UUID]) -> Redirect:
    await delete_activity(activity, **_by(visit))
    return see(f"{at(visit, 'activities')}?deleted={activity}")


@post("/programs/{program:str}/activities/{activity:uuid}/restoration", opt=may(*LEARNERS))
async def restore(visit: NamedDependency[Visit], activity: FromPath[UUID]) -> Redirect:
    await restore_activity(activity, **_by(visit))
    return see(at(visit, "activities"), toast=_("It is back, and counts again."))


async def _index(request: Request[Any, Any, Any], visit: Visit, form: Form, *, status: int = 200) -> Template:
    person, program = visit.by.person, visit.program.id
    asked = Form({name: request.query_params.get(name, "") for name in ("before", "deleted")})
    before, deleted = (next(iter(asked.ids(name)), None) for name in ("before", "deleted"))
    course = await own_course(person, program=program, today=visit.today)
    found = await own_activities(person, program=program, before=before, most=A_PAGE + 1)
    lines, more = found[:A_PAGE], len(found) > A_PAGE
    restores = deleted is not None and await may_be_restored(deleted, person=person, program=program)
    return page(
        request,
        "activities/index.html",
        status=status,
        lede=_lede(course),
        strip=_strip(course, visit.today) if course else None,
        lines=lines,
        older=f"{at(visit, 'activities')}?before={lines[-1].id}" if more else None,
        newer=before is not None,
        deleted=deleted if restores else None,
        course=course,
        logs=course is not None and course.start is not None and course.begun,
        activity_text=activity_text,
        figures_text=figures_text,
        **_fields(visit, form),
    )


def _new(request: Request[Any, Any, Any], visit: Visit, form: Form, *, status: int = 200) -> Template:
    return page(request, "activities/new.html", status=status, **_fields(visit, form))


def _show(
    request: Request[Any, Any, Any], visit: Visit, found: ActivityPage, form: Form, *, status: int = 200
) -> Template:
    return page(
        request,
        "activities/show.html",
        status=status,
        found=found,
        activity_text=activity_text,
        figures_text=figures_text,
        source_text=source_text,
        **_fields(visit, form),
    )


def _by(visit: Visit) -> dict[str, Any]:
    return {
        "program": visit.program.id,
        "by": visit.by.person,
        "now": visit.now,
        "today": visit.today,
    }


def _fields(visit: Visit, form: Form) -> dict[str, Any]:
    """What the form shows, wherever it stands."""
    return {
        "form": form,
        "known": form.values.get("known", ""),
        "here": at(visit, "activities"),
        "today": visit.today.isoformat(),
        "kinds": [(kind.value, kind_text(kind)) for kind in Kind],
        "networks": [(network.value, network_text(network)) for network in Network],
        "recognised": None,
        "network_told": False,
    }


async def _recognised(visit: Visit, form: Form) -> dict[str, Any]:
    """A sentence on what the link leads to, and whether it tells the network."""
    link = form.text("link", required=False)
    post = post_at(link)
    if post is None:
        said = _("This is not a whole address yet. It begins like https://…") if link else None
        return {"recognised": said, "network_told": False}
    if post.network is None:
        said = _("We do not know this site. Please say what it was, and where.")
        return {"recognised": said, "network_told": False}
    known = await own_activity_with(post.id, post.network, person=visit.by.person, program=visit.program.id)
    if known is not None:
        said = _("You have logged this already, for %(day)s. It counts once.") % {"day": day_text(known)}
    else:
        kind = Kind(str(form.values["kind"]))
        said = _("Recognised: %(activity)s.") % {"activity": activity_text(kind, post.network)}
    return {"recognised": said, "network_told": True}


@contextmanager
def _naming_the_known(form: Form) -> Iterator[None]:
    """A post that is known already is linked from the refusal."""
    try:
        yield
    except KnownAlready as known:
        form.values["known"] = str(known.activity or "")
        raise


def _fresh(visit: Visit) -> Form:
    return Form({"done_on": visit.today.isoformat()})


def _filled(found: ActivityPage) -> Form:
    line = found.activity
    return Form(
        {
            "kind": line.kind.value,
            "link": line.link,
            "network": line.network.value,
            "done_on": line.done_on.isoformat(),
            "text": line.text,
        }
    )


def _told(form: Form, today: date) -> Told:
    kind = form.one_of("kind", list(Kind), required=False)
    network = form.one_of("network", list(Network), required=False)
    return Told(
        kind=Kind(kind) if kind else None,
        done_on=form.day("done_on", otherwise=today),
        link=form.text("link", required=False, longest=LONGEST_LINK),
        network=Network(network) if network else None,
        text=form.text("text", required=False, longest=LONGEST_OWN_WORDS),
    )


def _lede(course: OwnCourse | None) -> str:
    """Whether one took part this month."""
    if course is None or course.start is None:
        return _(
            "Your cohort has not begun yet. From its first day on, what you do in public is logged here."
        )
    if not course.begun:
        return _(
            "Nothing is counted yet: first comes the track that your circle asks for. Then log what you do here."
        )
    if not course.active:
        return _("You are not an active member at the moment, so nothing is counted.")
    month = course.months[-1]
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
        months=tuple(_month(month, today) for month in course.months),
        counted=sum(month.activities > 0 for month in course.months),
        needed=len(course.months),
    )


def _month(month: OwnMonth, today: date) -> pictures.Month:
    running = month.until_on > today
    if month.activities:
        title = _("you took part")
        state = pictures.MonthState.COUNTED
    elif running:
        title = _("nothing yet")
        state = pictures.MonthState.NOW
    else:
        title = _("you did not take part")
        state = pictures.MonthState.MISSED
    return pictures.Month(
        label=short_month_text(month.from_on),
        state=state,
        title=title,
        share=(today - month.from_on).days / (month.until_on - month.from_on).days if running else 0.0,
    )


HANDLERS = (index, new, log, recognise, show, edit, delete, restore)
