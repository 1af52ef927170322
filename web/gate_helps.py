"""What would bring a gate nearer, for the lead who can do something about it; what can be done today comes first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from cohorts.criteria.rules import CriterionKind, FellShort, NotTicked, Standing
from cohorts.criteria.words import capitalised, item_text, topic_text
from cohorts.evidence.queries import Quiet, quiet_members
from cohorts.gates.queries import GatePage, Inside
from cohorts.gates.rules import ConditionUnmet, CriterionNotMet, HeldUntil
from cohorts.months.rules import CohortMonths
from playbooks.gate_evidence.queries import waiting_by_topic
from program.roles.rules import Role
from program.words import day_text, list_text, month_text, ngettext, number_text
from program.words import gettext as _
from web.pages import at
from web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Something that would bring the gate nearer, and where it is done; `now` where somebody can do it today."""

    text: str
    link: str = ""
    href: str = ""
    now: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known besides the gate: learnings that wait by topic, and who has been quiet."""

    gate: UUID
    inside: Inside
    waiting: Mapping[str, int]
    quiet: Sequence[Quiet]
    owners: Mapping[UUID, str]


async def helps(gate: GatePage, visit: Visit) -> list[Help]:
    """What a lead can do about each thing that holds the gate shut; nothing for others."""
    inside = gate.inside
    if inside is None or not inside.holding or not visit.reader.is_any(Role.LEAD):
        return []
    kept = [each.cohort for each in inside.cohorts if each.left_out is None]
    known = _Known(
        gate=gate.line.id,
        inside=inside,
        waiting=await waiting_by_topic(visit.reader),
        quiet=await quiet_members(kept, seen_by=visit.reader, today=visit.today),
        owners=dict(gate.panel.owners) if gate.panel else {},
    )
    found = [advice for each in inside.holding for advice in _helps(each, known, visit)]
    once = list(dict.fromkeys(found))
    return sorted(once, key=lambda each: not each.now)


def _helps(each: object, known: _Known, visit: Visit) -> Iterator[Help]:
    match each:
        case CriterionNotMet(standing) if standing.criterion.kind is CriterionKind.MONTHS:
            yield from _months_help(known.inside.cohorts, visit)
            yield from _quiet_help(known.quiet, visit)
        case CriterionNotMet(standing):
            yield from _criterion_help(standing, known, visit)
        case ConditionUnmet(condition):
            owner = known.owners.get(condition.owner)
            yield Help(
                text=_condition_text(
                    own=condition.owner == visit.by.person, late=condition.due_on < visit.today
                )
                % {
                    "name": owner or _("Somebody"),
                    "what": condition.what.rstrip(" ."),
                    "day": day_text(condition.due_on, visit.today),
                },
                link=_("To its gate"),
                href=at(visit, "gates", condition.gate) + "#decision",
            )
        case HeldUntil():
            yield Help(
                text=_("The hold ends by itself, or a lead lifts it."),
                link=_("To the decision"),
                href=at(visit, "gates", known.gate) + "#decision",
            )


def _condition_text(*, own: bool, late: bool) -> str:
    if own:
        return (
            _("You see to “%(what)s”, a condition of an earlier gate. It was due on %(day)s.")
            if late
            else _("You see to “%(what)s”, a condition of an earlier gate, due on %(day)s.")
        )
    return (
        _("%(name)s sees to “%(what)s”, a condition of an earlier gate. It was due on %(day)s: remind them.")
        if late
        else _("%(name)s sees to “%(what)s”, a condition of an earlier gate, due on %(day)s.")
    )


def _months_help(cohorts: Sequence[CohortMonths], visit: Visit) -> Iterator[Help]:
    if not cohorts:
        yield Help(
            text=_("No cohort goes through this phase yet. Form the first one, and invite people to it."),
            link=_("Form a cohort"),
            href=at(visit, "cohorts", "new"),
            now=True,
        )
    for cohort in cohorts:
        if cohort.left_out is None and not cohort.tracked.months:
            yield Help(
                text=_("“%(cohort)s” has not begun: its months count from the day on which tracking starts.")
                % {"cohort": cohort.name},
                link=_("To the cohort"),
                href=at(visit, "cohorts", cohort.cohort),
            )


def _quiet_help(quiet: Sequence[Quiet], visit: Visit) -> Iterator[Help]:
    for each in quiet:
        text = ngettext(
            "%(number)s member of “%(cohort)s” has been quiet since %(month)s.",
            "%(number)s members of “%(cohort)s” have been quiet since %(month)s.",
            each.count,
        ) % {
            "number": number_text(each.count),
            "cohort": each.name,
            "month": month_text(each.since_on, visit.today),
        }
        coach = (
            _("Ask %(coaches)s, who coach them.")
            if len(each.coaches) > 1
            else _("Ask %(coaches)s, their coach.")
            if each.coaches
            else _("They have no coach yet.")
        ) % {"coaches": list_text(each.coaches) if each.coaches else ""}
        yield Help(
            text=f"{capitalised(text)} {coach}",
            link=_("See who they are"),
            href=at(visit, "cohorts", each.cohort),
            now=True,
        )


def _criterion_help(standing: Standing, known: _Known, visit: Visit) -> Iterator[Help]:
    measure = standing.criterion.measure
    if measure == "topics_covered":
        yield from _topics_help(standing, known, visit)
    elif measure == "learnings_accepted":
        yield _desk_help(sum(known.waiting.values()), visit)
    elif measure == "took_part_share":
        yield from _quiet_help(known.quiet, visit)
        yield from _ask_help(known, visit)
    elif measure == "grave_incidents_open":
        yield Help(
            text=_("A reviewer closes the incident with what was learned from it."),
            link=_("To the incidents"),
            href=at(visit, "incidents"),
        )
    else:
        yield from (_item_help(why, known, visit) for why in standing.reasons if isinstance(why, NotTicked))


def _topics_help(standing: Standing, known: _Known, visit: Visit) -> Iterator[Help]:
    lacking = next((why.lacking for why in standing.reasons if isinstance(why, FellShort)), ())
    for topic in lacking:
        waiting = known.waiting.get(topic, 0)
        if waiting:
            text = ngettext(
                "%(number)s learning about %(topic)s waits at the desk. One entry closes the gap.",
                "%(number)s learnings about %(topic)s wait at the desk. One entry closes the gap.",
                waiting,
            ) % {"number": number_text(waiting), "topic": topic_text(topic)}
            yield Help(text=capitalised(text), link=_("To the desk"), href=at(visit, "desk"), now=True)
        else:
            yield Help(
                text=_(
                    "Nobody has sent a learning about %(topic)s yet: ask the members, or write the entry yourself."
                )
                % {"topic": topic_text(topic)},
                link=_("To the draft"),
                href=at(visit, "playbook", "draft"),
            )
    if not lacking:
        yield Help(
            text=_("A new edition that covers every topic closes the gap."),
            link=_("To the draft"),
            href=at(visit, "playbook", "draft"),
            now=True,
        )


def _desk_help(waiting: int, visit: Visit) -> Help:
    if not waiting:
        return Help(text=_("No learning waits at the desk: ask the members what they learned."))
    text = ngettext(
        "%(number)s learning waits at the desk to be read.",
        "%(number)s learnings wait at the desk to be read.",
        waiting,
    )
    return Help(
        text=capitalised(text % {"number": number_text(waiting)}),
        link=_("To the desk"),
        href=at(visit, "desk"),
        now=True,
    )


def _ask_help(known: _Known, visit: Visit) -> Iterator[Help]:
    quiet = {each.cohort for each in known.quiet}
    for cohort in known.inside.cohorts:
        if cohort.left_out is None and cohort.tracked.months and cohort.cohort not in quiet:
            yield Help(
                text=_("Ask the members of “%(cohort)s” what keeps them from taking part.")
                % {"cohort": cohort.name},
                link=_("To the cohort"),
                href=at(visit, "cohorts", cohort.cohort),
            )


def _item_help(why: NotTicked, known: _Known, visit: Visit) -> Help:
    owner = known.owners.get(why.owner) if why.owner else None
    told = {
        "name": owner,
        "item": item_text(why.item),
        "day": day_text(why.due_on, visit.today) if why.due_on else "",
    }
    if why.owner == visit.by.person:
        text = _("You see to “%(item)s” by %(day)s.") if why.due_on else _("You see to “%(item)s”.")
        return Help(text=f"{text % told} {_('Tick it off when it is done.')}", now=True)
    if owner and why.due_on:
        return Help(
            text=_("%(name)s sees to “%(item)s” by %(day)s. Remind them, or tick it off.") % told, now=True
        )
    if owner:
        return Help(text=_("%(name)s sees to “%(item)s”. Remind them, or tick it off.") % told, now=True)
    return Help(
        text=_("Nobody is named for “%(item)s”. Do it and tick it off, or name somebody.") % told,
        link=_("Name somebody"),
        href=at(visit, "gates", known.gate, "criteria"),
        now=True,
    )
