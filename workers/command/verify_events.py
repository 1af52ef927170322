"""Is the record of what happened whole?"""

from playbooks.events.words import SENTENCES
from program.events.queries import BrokenChain, broken_chains, harmed_events
from program.events.rules import Harm
from program.words import gettext as _
from program.words import moment_text
from workers.command.terminal import GOOD, TROUBLE, say


async def tell_of_events() -> int:
    """Says where each chain of events is broken, or that all are whole; answers the exit code. The pool is open."""
    lines = await broken_chain_lines()
    for line in lines:
        say(line)
    if not lines:
        say(_("Every chain of events is whole."))
    return TROUBLE if lines else GOOD


async def broken_chain_lines() -> list[str]:
    """A line for each chain that is not whole: the first event that does not fit, and what is wrong with it."""
    return [_line(chain) for chain in await harmed_events(await broken_chains())]


def _line(chain: BrokenChain) -> str:
    whose = _("of “%(program)s”") % {"program": chain.program} if chain.program else _("of the installation")
    told = {"whose": whose, "number": chain.number, "event": _event(chain)}
    match chain.harm:
        case Harm.CHANGED:
            return (
                _(
                    "The events %(whose)s are not whole: number %(number)d%(event)s was changed after it was recorded."
                )
                % told
            )
        case Harm.REMOVED:
            return _("The events %(whose)s are not whole: number %(number)d was removed.") % told
        case Harm.EXCHANGED:
            return (
                _(
                    "The events %(whose)s are not whole: number %(number)d%(event)s does not follow from the one"
                    " before it. One of them was put in the place of another."
                )
                % told
            )
        case Harm.CUT_OFF:
            return (
                _(
                    "The events %(whose)s are not whole: they end before number %(number)d, and not with what the head"
                    " of the chain says. The newest were removed, or the head was changed."
                )
                % told
            )


def _event(chain: BrokenChain) -> str:
    """“, of 3 May 2027, 09:30 UTC (“opened the gate”),”: as far as it can still be told."""
    if chain.at is None or chain.name is None:
        return ""
    told = {"moment": moment_text(chain.at), "what": _sentence(chain)}
    return _(", of %(moment)s UTC (“%(what)s”),") % told


def _sentence(chain: BrokenChain) -> str:
    """What the event says; its bare name where its facts no longer fit a sentence."""
    try:
        return SENTENCES[str(chain.name)](chain.facts)
    except (LookupError, TypeError, ValueError, AttributeError):
        return str(chain.name)
