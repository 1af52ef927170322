"""Joining: from a yes to the first training, one short screen at a time. It can be left and taken up again."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cohorts.invitations.queries import own_open_invitation
from cohorts.invitations.rules import INVITATION
from playbooks.tracks.queries import next_step
from playbooks.waiting.queries import waiting_for
from playbooks.waiting.rules import JOINING, Task
from program.network_activity.rules import HowOften
from program.people.actions import state_networks
from program.people.queries import own_statement
from program.people.words import how_often_name
from program.roles.rules import JOINED
from program.settings import Settings
from program.sign_in.rules import sealed
from program.social_accounts.queries import AccountLine, own_accounts
from program.social_accounts.rules import Network
from program.social_accounts.words import network_text
from program.words import gettext as _
from web.forms import Form
from web.pages import at, page, see
from web.pictures import Step, StepState
from web.social_accounts import account_choices, added, consent_words, fresh_account, said_yes
from web.training import shown_step
from web.visit import LEARNERS, UNPROCESSABLE, Visit, may

SCREEN_OF = {
    Task.SAY_NETWORKS: "networks",
    Task.REGISTER_ACCOUNT: "accounts",
    Task.GIVE_CONSENT: "consent",
}


@get("/programs/{program:str}/invitation", opt=may(*LEARNERS))
async def invitation(visit: NamedDependency[Visit], settings: NamedDependency[Settings]) -> Redirect:
    """To the reader's own invitation, where one waits for their answer."""
    nonce = await own_open_invitation(visit.reader)
    if nonce is None:
        return see(at(visit))
    return see(f"/invitations/{sealed(nonce, purpose=INVITATION, secret=settings.secret)}")


@get("/programs/{program:str}/joining", opt=may(*LEARNERS))
async def go_on(visit: NamedDependency[Visit]) -> Redirect:
    """To the first screen that asks for something still unknown."""
    tasks = [waiting.task for waiting in await waiting_for(visit.reader, today=visit.today)]
    screen = next((SCREEN_OF[task] for task in JOINING if task in tasks), "next")
    return see(at(visit, "joining", screen))


@get("/programs/{program:str}/joining/networks", opt=may(*LEARNERS))
async def networks(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    said = await own_statement(visit.by.person)
    form = Form({"networks": list(said.networks or ()), "how_often": said.how_often or ""})
    return _networks_page(request, visit, form)


@post("/programs/{program:str}/joining/networks", opt=may(*LEARNERS))
async def say_networks(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    silent = form.values.get("then") == "not_saying"
    chosen = form.some_of("networks", list(Network))
    how_often = form.one_of("how_often", list(HowOften), required=False)
    form.values = {"networks": [], "how_often": "", **form.values}
    if silent or not form.problems:
        with form.refusals():
            await state_networks(
                visit.by.person,
                None if silent else chosen,
                None if silent else how_often or None,
                program=visit.program.id,
                now=visit.now,
            )
            return see(at(visit, "joining", "accounts"))
    return _networks_page(request, visit, form, status=UNPROCESSABLE)


@get("/programs/{program:str}/joining/accounts", opt=may(*LEARNERS))
async def accounts(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    return await _accounts_page(request, visit, None)


@post("/programs/{program:str}/joining/accounts", opt=may(*LEARNERS))
async def register(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    if await added(form, visit):
        return see(at(visit, "joining", "accounts"), toast=_("Added. Nothing of it is tracked yet."))
    return await _accounts_page(request, visit, form, status=UNPROCESSABLE)


@get("/programs/{program:str}/joining/consent", opt=may(*LEARNERS))
async def decide(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    after = Form({"after": request.query_params.get("after", "")}).ids("after")
    return await _consent_page(request, visit, after=after[0] if after else None)


@post("/programs/{program:str}/joining/consent/{account:uuid}", opt=may(*LEARNERS))
async def say_yes(
    request: Request[Any, Any, Any], account: FromPath[UUID], visit: NamedDependency[Visit]
) -> Template | Redirect:
    form = await Form.of(request)
    if await said_yes(account, form, visit):
        return see(
            f"{at(visit, 'joining', 'consent')}?after={account}",
            toast=_("Thank you. You can say no again at any time."),
        )
    return await _consent_page(request, visit, asked=account, form=form, status=UNPROCESSABLE)


@get("/programs/{program:str}/joining/next", opt=may(*LEARNERS))
async def what_comes_next(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    step = await next_step(visit.reader, today=visit.today, now=visit.now)
    said = await own_statement(visit.by.person)
    mine = await own_accounts(seen_by=visit.reader)
    return page(
        request,
        "joining/next.html",
        step=shown_step(visit, step),
        way=_way(visit, asked=said.asked, mine=mine),
        form=Form(),
    )


def _networks_page(
    request: Request[Any, Any, Any], visit: Visit, form: Form, *, status: int = 200
) -> Template:
    return page(
        request,
        "joining/networks.html",
        status=status,
        form=form,
        here=at(visit, "joining"),
        networks=[(network.value, network_text(network)) for network in Network],
        how_often=[(often.value, how_often_name(often)) for often in HowOften],
    )


async def _accounts_page(
    request: Request[Any, Any, Any], visit: Visit, form: Form | None, *, status: int = 200
) -> Template:
    mine = await own_accounts(seen_by=visit.reader)
    said = await own_statement(visit.by.person)
    registered = {account.network.value for account in mine}
    first = next((network for network in said.networks or () if network not in registered), "")
    return page(
        request,
        "joining/accounts.html",
        status=status,
        form=form or fresh_account(first),
        accounts=mine,
        open=form is not None or not mine,
        here=at(visit, "joining"),
        network_text=network_text,
        **account_choices(),
    )


async def _consent_page(
    request: Request[Any, Any, Any],
    visit: Visit,
    *,
    after: UUID | None = None,
    asked: UUID | None = None,
    form: Form | None = None,
    status: int = 200,
) -> Template | Redirect:
    """One account at a time: the one that was asked for, or the first without consent after the one told."""
    mine = await own_accounts(seen_by=visit.reader)
    place = next((number for number, each in enumerate(mine, 1) if each.id == after), 0)
    waiting = [each for each in mine[place:] if each.consented_from is None]
    account = next((each for each in mine if each.id == asked), waiting[0] if waiting else None)
    if account is None:
        return see(at(visit, "joining", "next" if mine else "accounts"))
    return page(
        request,
        "joining/consent.html",
        status=status,
        account=account,
        here=at(visit, "joining"),
        network_text=network_text,
        form=form,
        **await consent_words(visit),
    )


def _way(visit: Visit, *, asked: bool, mine: list[AccountLine]) -> list[Step]:
    """What joining consists of, and how much of it is done; nothing of it has to be."""
    tracked = sum(account.consented_from is not None for account in mine)
    told = (
        (_("You said yes"), any(each.state in JOINED for each in visit.reader.memberships), ""),
        (_("Where you are active"), asked, "networks"),
        (_("Your accounts"), bool(mine), "accounts"),
        (_("What is tracked"), tracked > 0, "consent" if tracked < len(mine) else ""),
    )
    return [
        Step(
            title=title,
            state=StepState.DONE if done else StepState.TODO,
            href=at(visit, "joining", screen) if screen else "",
        )
        for title, done, screen in told
    ]


HANDLERS = (
    invitation,
    go_on,
    networks,
    say_networks,
    accounts,
    register,
    decide,
    say_yes,
    what_comes_next,
)
