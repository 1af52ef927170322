"""What came of moving the clock, in a sentence."""

from playbooks.clock.rules import Aftermath
from program.words import gettext as _
from program.words import list_text, ngettext, number_text


def aftermath_sentence(aftermath: Aftermath) -> str:
    """Such as “Two months were completed, one certificate lapsed and five letters went out.”."""
    told = [
        (
            aftermath.months,
            ngettext("%(count)s month was completed", "%(count)s months were completed", aftermath.months),
        ),
        (
            aftermath.certificates,
            ngettext("%(count)s certificate lapsed", "%(count)s certificates lapsed", aftermath.certificates),
        ),
        (
            aftermath.letters,
            ngettext("%(count)s letter went out", "%(count)s letters went out", aftermath.letters),
        ),
    ]
    parts = [text % {"count": number_text(count)} for count, text in told if count]
    if not parts:
        return _("Nothing became due in that time.")
    sentence = list_text(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}."
