"""The first way in, and the way back in: a one-time sign-in link for an owner of the installation."""

from collections.abc import Sequence
from uuid import UUID

from program.database import close_pool, open_pool
from program.installation.queries import machine_now
from program.settings import Settings
from program.sign_in.actions import owner_link
from program.sign_in.queries import OwnerLine, owners
from program.words import gettext as _
from program.words import list_text
from workers.command.home import kept_secret
from workers.command.terminal import WrongUse


async def owner_link_line(settings: Settings) -> str:
    """A new link for the first owner, in a sentence for the terminal, when everything starts."""
    await open_pool(settings.database_url, most=1)
    try:
        return await _link(settings, None)
    finally:
        await close_pool()


async def owner_link_for(settings: Settings, email: str) -> str:
    """A new link for the owner with that address, or for the only one, in a sentence; the pool is open."""
    owner = _owner(await owners(), email.strip().lower())
    return await _link(settings, owner.person if owner else None)


async def _link(settings: Settings, to: UUID | None) -> str:
    secret = settings.secret or kept_secret(settings.home)
    token = await owner_link(secret=secret, at=machine_now(), to=to)
    return _("The owner signs in here, once: %(address)s") % {
        "address": f"{settings.address}/sign-in/{token}"
    }


def _owner(known: Sequence[OwnerLine], email: str) -> OwnerLine | None:
    """None where nobody owns the installation yet: the link makes somebody."""
    here = [owner for owner in known if not owner.left]
    if email:
        here = [owner for owner in here if owner.email == email]
    if len(here) == 1:
        return here[0]
    if not known and not email:
        return None
    told = list_text([f"{owner.name} <{owner.email}>" for owner in known if not owner.left])
    if not told:
        raise WrongUse(_("Every owner of this installation has left the company."))
    if email:
        raise WrongUse(_("%(email)s is no owner. Owners are %(owners)s.") % {"email": email, "owners": told})
    raise WrongUse(
        _("This installation has several owners: %(owners)s. Say for whom: --email") % {"owners": told}
    )
