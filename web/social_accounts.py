"""One's own accounts, and the yes or no to having them tracked."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cohorts.enrolments.queries import own_tracking_start
from program.social_accounts.actions import add_account, consent, remove_account, withdraw_consent
from program.social_accounts.queries import own_accounts
from program.social_accounts.rules import (
    LONGEST_DISCLOSURE,
    LONGEST_HANDLE,
    Account,
    AccountBar,
    AddressIsNoLink,
    DisclosureUnfinished,
    HandleMissing,
    Network,
    Stance,
    account_bars,
    first_day,
)
from program.social_accounts.words import bar_sentence, network_text, stance_meaning, stance_text
from program.words import gettext as _
from web.forms import Form
from web.pages import at, page, see
from web.visit import LEARNERS, UNPROCESSABLE, Visit, may

LONGEST_ADDRESS = 500
FIELDS: dict[type[AccountBar], str] = {
    HandleMissing: "handle",
    AddressIsNoLink: "address",
    DisclosureUnfinished: "disclosure",
}


@get("/programs/{program:str}/accounts", opt=may(*LEARNERS))
async def index(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    """With an account that was just said no to, the way back."""
    withdrawn = Form({"withdrawn": request.query_params.get("withdrawn", "")}).ids("withdrawn")
    return await _page(request, visit, fresh_account(), withdrawn=withdrawn[0] if withdrawn else None)


@post("/programs/{program:str}/accounts", opt=may(*LEARNERS))
async def add(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    if await added(form, visit):
        return see(at(visit, "accounts"), toast=_("Added. Nothing of it is tracked unless you say yes."))
    return await _page(request, visit, form, status=UNPROCESSABLE)


@post("/programs/{program:str}/accounts/{account:uuid}/removal", opt=may(*LEARNERS))
async def remove(account: FromPath[UUID], visit: NamedDependency[Visit]) -> Redirect:
    await remove_account(account, program=visit.program.id, by=visit.by.person, now=visit.now)
    return see(at(visit, "accounts"), toast=_("Removed. Nothing of it is tracked any more."))


@post("/programs/{program:str}/accounts/{account:uuid}/consent", opt=may(*LEARNERS))
async def say_yes(
    request: Request[Any, Any, Any], account: FromPath[UUID], visit: NamedDependency[Visit]
) -> Template | Redirect:
    form = await Form.of(request)
    if await said_yes(account, form, visit):
        return see(at(visit, "accounts"), toast=_("Thank you. You can say no again at any time."))
    return await _page(
        request, visit, fresh_account(), consent_form=form, asked=account, status=UNPROCESSABLE
    )


@post("/programs/{program:str}/accounts/{account:uuid}/consent/withdrawal", opt=may(*LEARNERS))
async def say_no(account: FromPath[UUID], visit: NamedDependency[Visit]) -> Redirect:
    await withdraw_consent(account, program=visit.program.id, by=visit.by.person, now=visit.now)
    return see(f"{at(visit, 'accounts')}?withdrawn={account}")


def fresh_account(network: str = "") -> Form:
    """The form of an account, with the beginning of the line that says where one works."""
    told = {"network": network, "stance": Stance.PERSONAL.value, "disclosure": _("I work at …")}
    return Form(told)


async def added(form: Form, visit: Visit) -> bool:
    """Adds the account that a form describes. False where it cannot: why not stands in the form."""
    account = _account_told(form)
    if not form.problems:
        with form.refusals():
            await add_account(
                account, program=visit.program.id, by=visit.by.person, now=visit.now, sent=form.sent
            )
    return not form.problems


async def said_yes(account: UUID, form: Form, visit: Visit) -> bool:
    """Keeps the yes to tracking an account, from the day that the form says. False where it cannot: why not stands in the form."""
    start = await own_tracking_start(seen_by=visit.reader)
    from_on = _day_told(form, start, visit.today)
    if not form.problems:
        with form.refusals():
            await consent(
                account,
                from_on=from_on,
                tracking_start=start,
                program=visit.program.id,
                by=visit.by.person,
                now=visit.now,
                today=visit.today,
            )
    return not form.problems


def _account_told(form: Form) -> Account:
    """What is wrong with it stands at its fields."""
    account = Account(
        network=form.choice("network", Network, Network.OTHER),
        handle=form.text("handle", required=False, longest=LONGEST_HANDLE),
        address=form.text("address", required=False, longest=LONGEST_ADDRESS),
        stance=form.choice("stance", Stance, Stance.PERSONAL),
        disclosure=form.text("disclosure", required=False, longest=LONGEST_DISCLOSURE),
    )
    for bar in account_bars(account):
        form.refuse(FIELDS[type(bar)], bar_sentence(bar))
    return account


def _day_told(form: Form, tracking_start: date | None, today: date) -> date:
    """The day from which somebody says yes: the first one, or the one that they chose."""
    earliest = first_day(tracking_start=tracking_start, today=today)
    return earliest if form.values.get("when") == "first" else form.day("from_on", earliest)


def account_choices() -> dict[str, Any]:
    """What the form of an account offers."""
    return {
        "networks": [(network.value, network_text(network)) for network in Network],
        "stances": [(stance.value, stance_text(stance), stance_meaning(stance)) for stance in Stance],
    }


async def consent_words(visit: Visit) -> dict[str, Any]:
    """From when one may say yes; `tracked` says that the cohort’s tracking has started."""
    start = await own_tracking_start(seen_by=visit.reader)
    return {"tracked": start is not None, "earliest": first_day(tracking_start=start, today=visit.today)}


async def _page(
    request: Request[Any, Any, Any],
    visit: Visit,
    form: Form,
    *,
    consent_form: Form | None = None,
    asked: UUID | None = None,
    withdrawn: UUID | None = None,
    status: int = 200,
) -> Template:
    mine = await own_accounts(seen_by=visit.reader)
    return page(
        request,
        "social_accounts/index.html",
        status=status,
        form=form,
        consent_form=consent_form,
        asked=asked,
        undo=next((each for each in mine if each.id == withdrawn and each.consented_before), None),
        accounts=mine,
        network_text=network_text,
        stance_text=stance_text,
        here=at(visit, "accounts"),
        **account_choices(),
        **await consent_words(visit),
    )


HANDLERS = (index, add, remove, say_yes, say_no)
