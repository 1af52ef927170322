"""Which rows of which table are about a person, and which tables are left out of their data, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from piccolo.table import Table

from cohorts.activities.tables import Activity, DeletedActivity, MemberMonth, Observation, PostAlias
from cohorts.activity_imports.tables import ActivityImport, ActivityImportRow, ColumnMeaning
from cohorts.cohorts.tables import Coaching
from cohorts.criteria.tables import Criterion
from cohorts.enrolments.tables import Enrolment, Invitation, Spell
from cohorts.gates.tables import Condition, DecisionVote, Vote
from cohorts.incidents.tables import Incident
from playbooks.assessments.tables import Attempt
from playbooks.certificates.tables import Certificate, Revocation
from playbooks.editions.tables import EditionSeen
from playbooks.entries.tables import Entry
from playbooks.learnings.tables import EntryLearning, Learning, Review
from playbooks.scenarios.tables import ScenarioRun
from playbooks.tracks.tables import Beginning, Completion
from program.access_tokens.tables import AccessToken, AccessTokenUse
from program.events.tables import Delivery, Event
from program.people.tables import Departure, Owner, Person
from program.programs.tables import Listing, PastListing
from program.reminders.tables import Reminder
from program.roles.tables import RoleGrant
from program.sign_in.tables import Password, Session, SignInLink
from program.social_accounts.tables import Consent, SocialAccount

OF_THE_PROGRAM = {
    "program": "t.program = $2",
    "cohort": "t.cohort IN (SELECT c.id FROM cohort c WHERE c.program = $2)",
    "gate": "t.gate IN (SELECT g.id FROM gate g WHERE g.program = $2)",
    "decision": "t.decision IN (SELECT d.id FROM decision d JOIN gate g ON g.id = d.gate WHERE g.program = $2)",
    "edition": "t.edition IN (SELECT n.id FROM edition n WHERE n.program = $2)",
    "track": "t.track IN (SELECT k.id FROM track k WHERE k.program = $2)",
    "event": "t.event IN (SELECT v.id FROM event v WHERE v.program = $2 OR v.program IS NULL)",
    "module": "t.module IN (SELECT m.id FROM module m JOIN track k ON k.id = m.track WHERE k.program = $2)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """Rows of a table that are about a person: those that name them in a column of `by`, or that belong to such rows of
    another portion, which `under` names with the column that leads there. `hidden` columns are not theirs to read.

    With `company`, rows count that belong to no program; `unless` leaves rows out that `by` would find.
    """

    table: type[Table]
    by: tuple[str, ...] = ()
    under: "tuple[str, Portion] | None" = None
    hidden: tuple[str, ...] = ()
    company: bool = False
    unless: str = ""
    told: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.table._meta.tablename)  # noqa: SLF001 -- Piccolo tells its tables there

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for name in _columns(self.table) if name not in self.hidden)

    @property
    def heads(self) -> tuple[str, ...]:
        """What stands above the columns: those of the table, then what is told of the things that they name."""
        return (*self.columns, *self.told)

    @property
    def where(self) -> str:
        """Which rows of the table `t`, with the person as $1 and the program as $2."""
        scopes = OF_THE_PROGRAM if self.under is None else {"program": OF_THE_PROGRAM["program"]}
        named = (sql for name, sql in scopes.items() if name in _columns(self.table))
        scope = next(named, "$2::uuid IS NOT NULL")
        if self.company:
            scope = f"({scope} OR t.program IS NULL)"
        return f"{self._whose} AND {scope}" + (f" AND NOT ({self.unless})" if self.unless else "")

    @property
    def _whose(self) -> str:
        if self.under is None:
            return "(" + " OR ".join(f't."{column}" = $1' for column in self.by) + ")"
        column, above = self.under
        keyed = "cohort" in _columns(self.table) and "cohort" in _columns(above.table)
        own, theirs = (f't.cohort, t."{column}"', "t.cohort, t.id") if keyed else (f't."{column}"', "t.id")
        return f"({own}) IN (SELECT {theirs} FROM {above.name} t WHERE {above.where})"


def _columns(table: type[Table]) -> tuple[str, ...]:
    return tuple(column._meta.name for column in table._meta.columns)  # noqa: SLF001


_TOKEN = Portion(table=AccessToken, by=("person",), hidden=("digest", "revoked_by"))
_ENROLMENT = Portion(
    table=Enrolment,
    by=("person",),
    told={"cohort_name": "(SELECT c.name FROM cohort c WHERE c.id = t.cohort)"},
)
_ACTIVITY = Portion(table=Activity, under=("enrolment", _ENROLMENT))
_IMPORT = Portion(table=ActivityImport, by=("person",))
_ACCOUNT = Portion(table=SocialAccount, by=("person",))
_LEARNING = Portion(table=Learning, by=("author",), hidden=("searched",))
_CERTIFICATE = Portion(
    table=Certificate,
    by=("person",),
    told={"track_name": "(SELECT k.name FROM track k WHERE k.id = t.track)"},
)
_TRACK = {"track_name": "(SELECT k.name FROM track k WHERE k.id = t.track)"}
_MODULE = {
    "track_name": "(SELECT k.name FROM track k JOIN module m ON m.track = k.id WHERE m.id = t.module)",
    "module_title": "(SELECT m.title FROM module m WHERE m.id = t.module)",
}
_PHASE = {"phase_name": "(SELECT f.name FROM gate g JOIN phase f ON f.id = g.phase WHERE g.id = t.gate)"}
_VOTE = Portion(table=Vote, by=("person",), told=_PHASE)

PORTIONS: tuple[Portion, ...] = (
    Portion(table=Person, by=("id",)),
    Portion(table=Owner, by=("person",)),
    Portion(table=Listing, by=("person",)),
    Portion(table=PastListing, by=("person",)),
    Portion(table=RoleGrant, by=("person",)),
    Portion(table=Departure, by=("person",)),
    Portion(table=Password, by=("person",), hidden=("hashed",)),
    Portion(table=SignInLink, by=("person",), hidden=("nonce",)),
    Portion(table=Session, by=("person",), hidden=("digest",)),
    _TOKEN,
    Portion(table=AccessTokenUse, under=("token", _TOKEN)),
    _ACCOUNT,
    Portion(table=Consent, under=("account", _ACCOUNT)),
    _ENROLMENT,
    Portion(table=Spell, under=("enrolment", _ENROLMENT)),
    Portion(table=Invitation, under=("enrolment", _ENROLMENT), hidden=("nonce",)),
    Portion(table=Coaching, by=("person",)),
    _ACTIVITY,
    Portion(table=Observation, under=("activity", _ACTIVITY)),
    Portion(table=PostAlias, under=("activity", _ACTIVITY)),
    Portion(table=DeletedActivity, under=("enrolment", _ENROLMENT)),
    Portion(table=MemberMonth, under=("enrolment", _ENROLMENT)),
    _IMPORT,
    Portion(table=ActivityImportRow, under=("activity_import", _IMPORT)),
    Portion(table=ColumnMeaning, by=("person",)),
    _LEARNING,
    Portion(table=Review, under=("learning", _LEARNING)),
    Portion(
        table=EntryLearning,
        under=("learning", _LEARNING),
        told={"entry_title": "(SELECT e.title FROM entry e WHERE e.id = t.entry)"},
    ),
    Portion(table=EditionSeen, by=("person",)),
    Portion(table=Beginning, by=("person",), told=_TRACK),
    Portion(table=Completion, by=("person",), told=_MODULE),
    Portion(table=ScenarioRun, by=("person",), told=_MODULE),
    Portion(table=Attempt, by=("person",), hidden=("questions",), told=_MODULE),
    _CERTIFICATE,
    Portion(table=Revocation, under=("certificate", _CERTIFICATE)),
    Portion(table=Entry, by=("verifier",), hidden=("body", "question", "scenario", "searched")),
    Portion(table=Criterion, by=("owner",), told=_PHASE),
    Portion(table=Condition, by=("owner",)),
    _VOTE,
    Portion(table=DecisionVote, under=("vote", _VOTE)),
    Portion(table=Incident, by=("reported_by",), hidden=("about", "closed_by")),
    Portion(
        table=Event,
        by=("by", "about"),
        hidden=("chain", "hash_before", "hash"),
        company=True,
        unless="t.by IS DISTINCT FROM $1 AND t.name IN ('incident_reported', 'incident_closed')",
    ),
    Portion(table=Delivery, by=("recipient",), hidden=("facts", "trouble")),
    Portion(table=Reminder, by=("person",)),
)
LEFT_OUT = ("form_key", "activity_import_piece", "people_import_row", "choice", "sign_in_try")
"""What is about people all the same and not in their data; `words.why_left_out` tells them why."""

DONE_BY: dict[str, tuple[str, ...]] = {
    "access_token": ("revoked_by",),
    "cohort": ("made_by",),
    "cohort_left_out": ("left_out_by",),
    "cohort_pause": ("paused_by",),
    "coaching": ("appointed_by",),
    "condition": ("met_by",),
    "departure": ("by",),
    "edition": ("published_by",),
    "enrolment": ("made_by",),
    "gate_change": ("changed_by",),
    "hold": ("held_by",),
    "incident": ("about", "closed_by"),
    "invitation": ("invited_by",),
    "listing": ("listed_by",),
    "past_listing": ("listed_by", "ended_by"),
    "people_import": ("by",),
    "person": ("manager", "networks_said_by"),
    "program": ("made_by",),
    "recycle": ("recycled_by",),
    "review": ("reviewed_by",),
    "revision": ("made_by",),
    "revocation": ("revoked_by",),
    "role_grant": ("granted_by", "revoked_by"),
    "set_up_step": ("done_by",),
    "spell": ("by",),
    "tick": ("done_by",),
    "verification": ("verified_by",),
}
"""Columns that name somebody whom the row is not about: who did it, of which their own events tell; and, in what is
another’s, their manager, and whom a report to the reviewers is about.
"""
