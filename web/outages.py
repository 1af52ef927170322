"""What a visitor is told while the database is gone, the disk full, or too much going on: what happened, what was kept, what to do."""

from typing import Any

from litestar import Request
from litestar.response import Template

from program.database import perhaps_saved
from program.outages import Outage
from program.words import gettext as _
from web.pages import page
from web.signed_out import typed_in
from web.visit import READS

TRY_AGAIN_SECONDS = 10


def outage_page(request: Request[Any, Any, Any], outage: Outage) -> Template:
    """A page of its own, which carries along what was typed, to be sent once more."""
    sent = request.method not in READS
    told = page(
        request,
        "problems/outage.html",
        status=503,
        happened=outage_sentence(outage),
        kept=kept_sentence() if sent else "",
        typed=typed_in(request) if sent else None,
        sent=sent,
    )
    told.headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return told


def outage_sentence(outage: Outage) -> str:
    return {
        Outage.GONE: _("Pilotage cannot reach its database just now. It mostly comes back within a minute."),
        Outage.FULL: _(
            "The disk on which Pilotage keeps everything is full. What was kept is safe; nothing new can be kept"
            " until whoever runs Pilotage has made room."
        ),
        Outage.BUSY: _("More is being done at once than Pilotage can keep up with, so this was given up."),
    }[outage]


def kept_sentence() -> str:
    """Whether what was sent is kept, as far as that can be known."""
    if perhaps_saved():
        return _(
            "It cannot be said whether what you sent was kept. Send it once more: the same form is kept only once."
        )
    return _("What you sent was not kept.")
