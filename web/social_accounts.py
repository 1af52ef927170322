"""One's own accounts, and the yes or no to having them tracked."""

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
from program.social_accounts.words import bar_sentence, network_text, stance_text
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
    return await _page(request, visit, _fresh_form())


@post("/programs/{program:str}/accounts", opt=may(*LEARNERS))
async def add(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    account = _account(form)
    if not form.problems:
        with form.refusals():
            await add_account(
                account, program=visit.program.id, by=visit.by.person, now=visit.now, sent=form.sent
            )
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
    from_on = form.day("from_on", visit.today)
    if not form.problems:
        with form.refusals():
            await consent(
                account,
                from_on=from_on,
                tracking_start=await own_tracking_start(seen_by=visit.reader),
                program=visit.program.id,
                by=visit.by.person,
                now=visit.now,
                today=visit.today,
            )
            return see(at(visit, "accounts"), toast=_("Thank you. You can say no again at any time."))
    return await _page(request, visit, _fresh_form(), consent_form=form, asked=account, status=UNPROCESSABLE)


@post("/programs/{program:str}/accounts/{account:uuid}/consent/withdrawal", opt=may(*LEARNERS))
async def say_no(account: FromPath[UUID], visit: NamedDependency[Visit]) -> Redirect:
    await withdraw_consent(account, program=visit.program.id, by=visit.by.person, now=visit.now)
    return see(at(visit, "accounts"), toast=_("Nothing of this account is tracked from now on."))


def _fresh_form() -> Form:
    return Form({"stance": Stance.PERSONAL.value, "disclosure": _("I work at …")})


def _account(form: Form) -> Account:
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


async def _page(
    request: Request[Any, Any, Any],
    visit: Visit,
    form: Form,
    *,
    consent_form: Form | None = None,
    asked: UUID | None = None,
    status: int = 200,
) -> Template:
    start = await own_tracking_start(seen_by=visit.reader)
    earliest = first_day(tracking_start=start, today=visit.today)
    return page(
        request,
        "social_accounts/index.html",
        status=status,
        form=form,
        consent_form=consent_form,
        fresh_consent=Form({"from_on": earliest.isoformat()}),
        asked=asked,
        accounts=await own_accounts(seen_by=visit.reader),
        earliest=earliest,
        networks=[(network.value, network_text(network)) for network in Network],
        stances=[(stance.value, stance_text(stance)) for stance in Stance],
        network_text=network_text,
        stance_text=stance_text,
        here=at(visit, "accounts"),
    )


HANDLERS = (index, add, remove, say_yes, say_no)
