"""What is said of signing in and out."""

from collections.abc import Callable, Mapping
from typing import Any

from program.words import gettext as _

EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "sign_in_link_asked": lambda _facts: _("asked for a sign-in link"),
    "signed_in": lambda _facts: _("signed in"),
    "signed_out": lambda _facts: _("signed out"),
    "signed_out_everywhere": lambda _facts: _("signed out everywhere"),
    "password_set": lambda _facts: _("set a new password"),
    "owner_link_made": lambda _facts: _("made a sign-in link for the owner"),
    "demo_link_made": lambda _facts: _("made a sign-in link for the demo"),
    "first_link_made": lambda _facts: _("made a first sign-in link, to be handed over"),
}
