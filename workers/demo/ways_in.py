"""A way into the demo for each kind of person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from program.database import close_pool, fetch_value, open_pool
from program.installation.queries import machine_now
from program.settings import Settings
from program.sign_in.actions import demo_link
from program.words import gettext as _
from workers.demo.casting import ANNEKE, BEATRIZ, CALLUM, INES, JONAS, KATHARINA, MIGUEL, RUTH, TOM
from workers.demo.names import person


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    email: str
    says: Callable[[], str]

    @property
    def name(self) -> str:
        return person(self.email).name

    @property
    def is_what(self) -> str:
        return self.says()


WAYS_IN = (
    WayIn(email=INES, says=lambda: _("owns the installation and leads “Tidewell voices”")),
    WayIn(email=TOM, says=lambda: _("leads “Service stories”, whose pilot is in its fifth month")),
    WayIn(email=KATHARINA, says=lambda: _("sponsor of both programs")),
    WayIn(email=MIGUEL, says=lambda: _("reviewer of both programs, for Legal")),
    WayIn(email=ANNEKE, says=lambda: _("coach of the second circle of “Tidewell voices”")),
    WayIn(email=CALLUM, says=lambda: _("pilot member of “Service stories”")),
    WayIn(email=BEATRIZ, says=lambda: _("ambassador in the second circle, active since last week")),
    WayIn(email=JONAS, says=lambda: _("ambassador in the second circle, still learning")),
    WayIn(email=RUTH, says=lambda: _("pilot member of “Tidewell voices” whose certificate is due")),
)


async def links(settings: Settings) -> Mapping[str, str]:
    """A new one-time link for each of them, by their addresses."""
    await open_pool(settings.database_url, most=1)
    try:
        return {way.email: f"{settings.address}/sign-in/{await _token(way, settings)}" for way in WAYS_IN}
    finally:
        await close_pool()


async def _token(way: WayIn, settings: Settings) -> str:
    person_id = await fetch_value("SELECT id FROM person WHERE email = $1", way.email)
    return await demo_link(person_id, secret=settings.secret, at=machine_now())
