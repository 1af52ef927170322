"""What a gate asks: its evidence for whoever sees it, and its changes for leads."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cohorts.criteria.rules import Criterion, CriterionKind
from cohorts.criteria.words import asked_text, capitalised
from cohorts.gate_changes.actions import (
    add_checklist_item,
    add_measure,
    change_criterion,
    change_month_settings,
    remove_criterion,
)
from cohorts.gate_changes.queries import GateAsks, gate_asks
from cohorts.gate_changes.rules import (
    MOST_MEMBERS,
    MOST_MONTHS,
    MOST_PAUSE_DAYS,
    TO_ADD,
    MonthSettings,
)
from cohorts.gate_changes.words import of_cohorts_text
from cohorts.gates.words import gate_name
from cohorts.measures.words import measure_formula, measure_name
from cohorts.months.rules import OfCohorts
from program.roles.rules import Role
from program.words import day_text
from program.words import gettext as _
from web.criterion_forms import (
    PERCENT,
    fields_of,
    typed_criterion,
    usual_comparison,
    values_of,
    values_of_settings,
)
from web.forms import LONGEST_TEXT, Form
from web.gate_rows import told_changes
from web.pages import at, page, see
from web.visit import UNPROCESSABLE, Visit, may

HERE = "/programs/{program:str}/gates/{gate:uuid}/criteria"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """Something that the gate asks, with who sees to it and by when, and where it is changed."""

    asked: str
    note: str
    required: bool
    href: str


@get(HERE, opt=may(Role.LEAD))
async def show(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], gate: FromPath[UUID]
) -> Template:
    """All that the gate asks, for a lead to change."""
    asks = await gate_asks(gate, seen_by=visit.reader)
    return page(
        request,
        "criteria/show.html",
        **_around(asks, visit),
        rows=[_row(each, asks, visit) for each in asks.criteria],
        settings=_settings_lines(asks.settings),
        changes=told_changes(asks.changes, visit.today, named=True, months=asks.settings.needed),
    )


@get(f"{HERE}/{{criterion:uuid}}/change", opt=may(Role.LEAD))
async def edit(
    request: Request[Any, Any, Any],
    visit: NamedDependency[Visit],
    gate: FromPath[UUID],
    criterion: FromPath[UUID],
) -> Template:
    asks = await gate_asks(gate, seen_by=visit.reader)
    found = asks.criterion(criterion)
    return _criterion_page(request, visit, asks, found, Form(values_of(found)))


@post(f"{HERE}/{{criterion:uuid}}/change", opt=may(Role.LEAD))
async def change(
    request: Request[Any, Any, Any],
    visit: NamedDependency[Visit],
    gate: FromPath[UUID],
    criterion: FromPath[UUID],
) -> Template | Redirect:
    asks = await gate_asks(gate, seen_by=visit.reader)
    found = asks.criterion(criterion)
    form = await Form.of(request)
    asked = typed_criterion(form, found, visit.today)
    reason = _reason(form, asks)
    if not form.problems:
        with form.refusals():
            await change_criterion(gate, criterion, asked, reason=reason, **_by(visit))
            return see(at(visit, "gates", gate, "criteria"), toast=_("Kept."))
    return _criterion_page(request, visit, asks, found, form)


@post(f"{HERE}/{{criterion:uuid}}/removal", opt=may(Role.LEAD))
async def remove(
    request: Request[Any, Any, Any],
    visit: NamedDependency[Visit],
    gate: FromPath[UUID],
    criterion: FromPath[UUID],
) -> Template | Redirect:
    asks = await gate_asks(gate, seen_by=visit.reader)
    found = asks.criterion(criterion)
    form = await Form.of(request)
    reason = _reason(form, asks, field="removal_reason")
    if not form.problems:
        with form.refusals():
            await remove_criterion(gate, criterion, reason=reason, **_by(visit))
            return see(at(visit, "gates", gate, "criteria"), toast=_("The gate asks for it no more."))
    return _criterion_page(request, visit, asks, found, Form(values_of(found)), removal=form)


@get(f"{HERE}/measures", opt=may(Role.LEAD))
async def new_measure(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], gate: FromPath[UUID]
) -> Template:
    """Choose a measure, then say what is asked of it."""
    asks = await gate_asks(gate, seen_by=visit.reader)
    measure = request.query_params.get("measure", "")
    if measure not in TO_ADD:
        return page(request, "criteria/measures.html", **_around(asks, visit), measures=_to_add(asks))
    empty = Criterion(id=gate, kind=CriterionKind.MEASURE, required=False, measure=measure, target=Decimal(0))
    return _new_page(request, visit, asks, empty, Form({"comparison": usual_comparison(measure)}))


@post(f"{HERE}/measures", opt=may(Role.LEAD))
async def ask_measure(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], gate: FromPath[UUID]
) -> Template | Redirect:
    asks = await gate_asks(gate, seen_by=visit.reader)
    form = await Form.of(request)
    measure = form.one_of("measure", TO_ADD)
    if not measure:
        return page(
            request,
            "criteria/measures.html",
            status=UNPROCESSABLE,
            **_around(asks, visit),
            measures=_to_add(asks),
        )
    empty = Criterion(id=gate, kind=CriterionKind.MEASURE, required=True, measure=measure)
    asked = typed_criterion(form, empty, visit.today)
    reason = _reason(form, asks)
    if not form.problems:
        with form.refusals():
            await add_measure(gate, measure, asked, reason=reason, sent=form.sent, **_by(visit))
            return see(at(visit, "gates", gate, "criteria"), toast=_("The gate asks for it now."))
    return _new_page(request, visit, asks, empty, form)


@get(f"{HERE}/items", opt=may(Role.LEAD))
async def new_item(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], gate: FromPath[UUID]
) -> Template:
    asks = await gate_asks(gate, seen_by=visit.reader)
    empty = Criterion(id=gate, kind=CriterionKind.CHECKLIST, required=True)
    return _new_page(request, visit, asks, empty, Form({"required": "yes"}))


@post(f"{HERE}/items", opt=may(Role.LEAD))
async def ask_item(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], gate: FromPath[UUID]
) -> Template | Redirect:
    asks = await gate_asks(gate, seen_by=visit.reader)
    form = await Form.of(request)
    empty = Criterion(id=gate, kind=CriterionKind.CHECKLIST, required=True)
    asked = typed_criterion(form, empty, visit.today)
    reason = _reason(form, asks)
    if not form.problems:
        with form.refusals():
            await add_checklist_item(gate, asked, reason=reason, sent=form.sent, **_by(visit))
            return see(at(visit, "gates", gate, "criteria"), toast=_("It stands on the checklist now."))
    return _new_page(request, visit, asks, empty, form)


@get(f"{HERE}/months", opt=may(Role.LEAD))
async def edit_months(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], gate: FromPath[UUID]
) -> Template:
    asks = await gate_asks(gate, seen_by=visit.reader)
    return _months_page(request, visit, asks, Form(values_of_settings(asks.settings)))


@post(f"{HERE}/months", opt=may(Role.LEAD))
async def change_months(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], gate: FromPath[UUID]
) -> Template | Redirect:
    asks = await gate_asks(gate, seen_by=visit.reader)
    form = await Form.of(request)
    stands = asks.settings
    settings = MonthSettings(
        needed=form.whole("needed", least=1, most=MOST_MONTHS, otherwise=stands.needed),
        in_a_row=form.yes("in_a_row"),
        at_least_eligible=form.whole(
            "at_least_eligible", least=1, most=MOST_MEMBERS, otherwise=stands.at_least_eligible
        ),
        took_part_percent=form.whole(
            "took_part_percent", least=1, most=PERCENT, otherwise=stands.took_part_percent
        ),
        pause_days=form.whole("pause_days", least=0, most=MOST_PAUSE_DAYS, otherwise=stands.pause_days),
        of_cohorts=form.choice("of_cohorts", OfCohorts, otherwise=stands.of_cohorts),
    )
    reason = _reason(form, asks)
    if not form.problems:
        with form.refusals():
            await change_month_settings(gate, settings, reason=reason, **_by(visit))
            return see(at(visit, "gates", gate, "criteria"), toast=_("Kept."))
    return _months_page(request, visit, asks, form)


def _by(visit: Visit) -> dict[str, Any]:
    return {"program": visit.program.id, "by": visit.by.person, "now": visit.now, "today": visit.today}


def _around(asks: GateAsks, visit: Visit) -> dict[str, Any]:
    """What every page of a gate's criteria shows around its matter."""
    gate = at(visit, "gates", asks.gate)
    return {
        "asks": asks,
        "gate_name": gate_name(asks.opens_name),
        "gate_at": gate,
        "here": f"{gate}/criteria",
        "rollout": at(visit, "rollout"),
    }


def _criterion_page(
    request: Request[Any, Any, Any],
    visit: Visit,
    asks: GateAsks,
    criterion: Criterion,
    form: Form,
    removal: Form | None = None,
) -> Template:
    refused = form.problems or (removal and removal.problems)
    return page(
        request,
        "criteria/change.html",
        status=UNPROCESSABLE if refused else 200,
        **_around(asks, visit),
        **fields_of(criterion, asks),
        criterion=criterion,
        asked=_asked_text(criterion, asks),
        form=form,
        removal=removal or Form(),
    )


def _new_page(
    request: Request[Any, Any, Any], visit: Visit, asks: GateAsks, empty: Criterion, form: Form
) -> Template:
    return page(
        request,
        "criteria/new.html",
        status=UNPROCESSABLE if form.problems else 200,
        **_around(asks, visit),
        **fields_of(empty, asks),
        criterion=empty,
        form=form,
    )


def _months_page(request: Request[Any, Any, Any], visit: Visit, asks: GateAsks, form: Form) -> Template:
    return page(
        request,
        "criteria/months.html",
        status=UNPROCESSABLE if form.problems else 200,
        **_around(asks, visit),
        of_cohorts=[(each.value, of_cohorts_text(each)) for each in OfCohorts],
        form=form,
    )


def _reason(form: Form, asks: GateAsks, *, field: str = "reason") -> str:
    return form.text(field, required=asks.asked.tracking_began, longest=LONGEST_TEXT)


def _to_add(asks: GateAsks) -> list[tuple[str, str, str]]:
    """The measures that the gate does not ask for yet, with what they are called and how they are worked out."""
    asked = {each.measure for each in asks.criteria}
    return [
        (name, capitalised(measure_name(name)), capitalised(measure_formula(name)))
        for name in TO_ADD
        if name not in asked
    ]


def _row(criterion: Criterion, asks: GateAsks, visit: Visit) -> AskedRow:
    href = at(visit, "gates", asks.gate, "criteria", criterion.id, "change")
    return AskedRow(
        asked=_asked_text(criterion, asks),
        note=_note(criterion, asks, visit.today),
        required=criterion.required,
        href=href,
    )


def _asked_text(criterion: Criterion, asks: GateAsks) -> str:
    months = criterion.kind is CriterionKind.MONTHS
    return asked_text(criterion, Fraction(asks.settings.needed if months else criterion.target))


def _note(criterion: Criterion, asks: GateAsks, today: date) -> str:
    if criterion.kind is CriterionKind.MEASURE:
        return capitalised(measure_formula(criterion.measure)) + "."
    if criterion.kind is CriterionKind.MONTHS:
        return _("How many, and when one counts, stands under “When a month counts”.")
    owner = asks.owner_names.get(criterion.owner) if criterion.owner else None
    told = {"name": owner, "day": day_text(criterion.due_on, today) if criterion.due_on else ""}
    if owner and criterion.due_on:
        return _("%(name)s sees to it by %(day)s.") % told
    if owner:
        return _("%(name)s sees to it.") % told
    return _("Due on %(day)s.") % told if criterion.due_on else _("Nobody is named for it yet.")


def _settings_lines(settings: MonthSettings) -> list[tuple[str, str]]:
    """How months are counted, as a list of what and how much."""
    return [
        (
            _("Tracked months needed"),
            _("%(number)d, in a row") % {"number": settings.needed}
            if settings.in_a_row
            else _("%(number)d, in any order") % {"number": settings.needed},
        ),
        (
            _("Members active all through a month"),
            _("at least %(number)d") % {"number": settings.at_least_eligible},
        ),
        (
            _("Of them took part"),
            _("at least %(number)d %%") % {"number": settings.took_part_percent},
        ),
        (_("Days of pause in a month"), _("at most %(number)d") % {"number": settings.pause_days}),
        (_("With several cohorts"), of_cohorts_text(settings.of_cohorts)),
    ]


HANDLERS = (
    show,
    edit,
    change,
    remove,
    new_measure,
    ask_measure,
    new_item,
    ask_item,
    edit_months,
    change_months,
)
