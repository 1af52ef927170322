"""The ways in which the domain says no. One handler in `web` turns each into an answer."""

import re

from program.words import gettext as _


class Refusal(Exception):  # noqa: N818 -- a refusal is a statement of the domain, not an error
    """A domain "no": nothing was changed. `sentence` says why and what can be done about it.

    `field` names the form field where it can be mended, where there is one; `reasons` are the facts behind it.
    """

    field: str | None = None

    def __init__(self, *reasons: object) -> None:
        super().__init__(*reasons)
        self.reasons = reasons

    def sentence(self) -> str:
        raise NotImplementedError

    def reason_sentences(self) -> list[str]:
        """Each reason in words, where there is more to say than the one sentence."""
        return []


class NotFound(Refusal):
    """What was asked for does not exist, or not for this reader: the two look the same."""

    def sentence(self) -> str:
        return _("There is nothing here that you can see.")


class NotAllowed(Refusal):
    """The reader may see this, but this is for somebody else to do."""

    def sentence(self) -> str:
        return _("This is for somebody else in the program to do.")


def code_of(fact: object) -> str:
    """The kind of a reason or refusal as a code that never changes: TooFewEligible is too_few_eligible."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(fact).__name__).lower()
