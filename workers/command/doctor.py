"""What is wrong on this machine and with this installation, and how to mend it. Changes nothing."""

import asyncio
from collections.abc import Iterable, Mapping

from program.settings import Settings, WrongSetting, settings_from
from program.words import figure_text, ngettext
from program.words import gettext as _
from workers.command.doctor_installation import installation_findings
from workers.command.doctor_machine import address_findings, machine_findings
from workers.command.doctor_servers import database_findings, mail_findings, queue_findings
from workers.command.findings import Finding, State, ok, wrong
from workers.command.terminal import GOOD, TROUBLE, say

_STYLES = {State.OK: "", State.LOOK: "yellow", State.WRONG: "bold red"}
MARK_WIDTH = 7


def examine(environ: Mapping[str, str]) -> int:
    """Looks at everything and says what it found; answers the exit code."""
    try:
        settings = settings_from(environ)
    except WrongSetting as told:
        known = {name: value for name, value in environ.items() if name not in {w.name for w in told.wrong}}
        settings = settings_from(known)
        found = [
            wrong(
                _("%(name)s is “%(value)s”.") % {"name": each.name, "value": each.value},
                _("Right would be: %(right)s.") % {"right": each.right},
            )
            for each in told.wrong
        ]
    else:
        found = [ok(_("The settings can be read."))]
    counts = dict.fromkeys(State, 0)
    for heading, findings in _parts(settings, found):
        say(heading, style="bold")
        for finding in findings:
            counts[finding.state] += 1
            _tell(finding)
    say(_summary(counts))
    return TROUBLE if counts[State.WRONG] else GOOD


def _parts(settings: Settings, of_settings: list[Finding]) -> Iterable[tuple[str, Iterable[Finding]]]:
    yield _("Settings"), [*of_settings, *address_findings(settings)]
    yield _("This machine"), machine_findings(settings)
    yield _("PostgreSQL"), asyncio.run(database_findings(settings))
    yield _("Valkey or Redis"), asyncio.run(queue_findings(settings))
    yield _("Mail"), asyncio.run(mail_findings(settings))
    found = asyncio.run(installation_findings(settings))
    if found:
        yield _("The installation"), found


def _tell(finding: Finding) -> None:
    mark = {State.OK: _("ok"), State.LOOK: _("look"), State.WRONG: _("wrong")}[finding.state]
    say(f"  {mark:<{MARK_WIDTH}}{finding.what}", style=_STYLES[finding.state])
    if finding.mend:
        for line in finding.mend.splitlines():
            say(" " * (MARK_WIDTH + 2) + line)


def _summary(counts: Mapping[State, int]) -> str:
    told = {"n": figure_text(counts[State.WRONG]), "looks": figure_text(counts[State.LOOK])}
    if not counts[State.WRONG] and not counts[State.LOOK]:
        return _("Nothing is wrong.")
    if not counts[State.WRONG]:
        return (
            ngettext(
                "Nothing is wrong; %(looks)s thing is worth a look.",
                "Nothing is wrong; %(looks)s things are worth a look.",
                counts[State.LOOK],
            )
            % told
        )
    return ngettext("%(n)s thing is wrong.", "%(n)s things are wrong.", counts[State.WRONG]) % told
