"""Every route, and what each kind of visitor gets there; and how a valid request to it is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.world import NOW, PASSWORD, PEOPLE_FILE, TODAY, World

VISITORS = (
    "stranger", "gone", "foreign", "listed", "ambassador", "pilot", "coach", "lead", "sponsor", "reviewer", "owner",
)  # fmt: skip

ROUTES: dict[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What a valid request to a route sends; `at` says which of the world’s things its address names.

    A parameter of the address that is missing in `at` names the thing of its own name; “=x” is x itself.
    """

    form: Mapping[str, Any] | Callable[[World], Mapping[str, Any]]
    files: Mapping[str, Any] | None
    at: Mapping[str, str]


def sends(
    form: Mapping[str, Any] | Callable[[World], Mapping[str, Any]] | None = None,
    *,
    files: Mapping[str, Any] | None = None,
    **at: str,
) -> Sending:
    return Sending(form=form or {}, files=files, at=at)


ENTRY = {
    "chapter": "Journalists",
    "kind": "do",
    "topic": "journalists",
    "title": "Ask which paper it is for",
    "body": "Then send their questions to the press office.",
}
LEARNING = {"kind": "do", "topic": "other", "lesson": "Ask first.", "situation": "At a fair.", "then": "send"}
PERSON = {"name": "Lisa Newname", "email": "lisa@example.com"}
IN_A_MONTH = TODAY.replace(month=TODAY.month + 1).isoformat()
OWN_COHORT = "/programs/{program:str}/cohorts/{cohort:uuid}"
GATE = "/programs/{program:str}/gates/{gate:uuid}"
TRAINING = "/programs/{program:str}/training/{track:uuid}"

SENDINGS = {
    "GET /c/{token:str}": sends(token="certificate_token"),
    "POST /clock": sends({"days": "7"}),
    "GET /invitations/{token:str}": sends(token="invitation"),
    "POST /invitations/{token:str}/accept": sends({"password": PASSWORD}, token="invitation"),
    "POST /invitations/{token:str}/decline": sends({"reason": "Not now."}, token="invitation"),
    "POST /me": sends({"name": "New Name", "email": "new.name@example.com"}),
    "POST /me/password": sends({"password": PASSWORD}),
    "POST /me/theme": sends({"theme": "dark", "next": "/me"}),
    "POST /programs": sends({"name": "A third one", "purpose": "To be heard.", "zone": "UTC"}),
    "GET /sign-in/{token:str}": sends(token="sign_in_link"),
    "POST /sign-in": sends({"email": "lisa@example.com", "password": PASSWORD}),
    "POST /sign-in/links": sends({"email": "lisa@example.com"}),
    "POST /sign-in/{token:str}": sends(token="sign_in_link"),
    "POST /programs/{program:str}/accounts": sends(
        {
            "network": "x",
            "handle": "me",
            "address": "",
            "stance": "personal",
            "disclosure": "I work at Example.",
        }
    ),
    "POST /programs/{program:str}/accounts/{account:uuid}/consent": sends(
        {"from_on": TODAY.isoformat()}, account="account_without_consent"
    ),
    "POST /programs/{program:str}/activities": sends(
        {"kind": "talk", "network": "in_person", "done_on": TODAY.isoformat(), "text": "Another talk."}
    ),
    "POST /programs/{program:str}/certificates/{certificate:uuid}/publicity": sends({"public": "yes"}),
    "POST /programs/{program:str}/certificates/{certificate:uuid}/revocation": sends(
        {"reason": "A mistake."}
    ),
    "POST /programs/{program:str}/cohorts": sends(
        lambda world: {"name": "South", "phase": world.ids["phase"]}
    ),
    f"POST {OWN_COHORT}/coaches": sends(lambda world: {"person": world.ids["listed"]}),
    f"POST {OWN_COHORT}/coaches/{{person:uuid}}/end": sends(person="coach"),
    f"POST {OWN_COHORT}/invitations": sends(lambda world: {"people": world.ids["listed"]}),
    f"POST {OWN_COHORT}/invitations/{{enrolment:uuid}}/withdrawal": sends(enrolment="invited_enrolment"),
    f"POST {OWN_COHORT}/members/{{enrolment:uuid}}/leave": sends(enrolment="own_enrolment"),
    f"POST {OWN_COHORT}/members/{{enrolment:uuid}}/steps": sends(
        {"step": "pause", "reason": "A long holiday."}
    ),
    f"POST {OWN_COHORT}/steps": sends({"step": "pause", "reason": "A reorganisation."}),
    "POST /programs/{program:str}/desk": sends(lambda world: {**ENTRY, "take": world.ids["learning"]}),
    "POST /programs/{program:str}/desk/{learning:uuid}/decline": sends({"reason": "We know it already."}),
    "POST /programs/{program:str}/desk/{learning:uuid}/return": sends({"note": "Which paper was it?"}),
    f"POST {GATE}/checklist/{{criterion:uuid}}": sends({"done": "yes"}),
    f"POST {GATE}/conditions/{{condition:uuid}}": sends(gate="opened_gate"),
    f"POST {GATE}/holds": sends({"hold_until": IN_A_MONTH, "hold_reason": "A merger."}),
    f"POST {GATE}/recycles": sends({"recycle_from": TODAY.isoformat(), "recycle_reason": "A new team."}),
    f"POST {GATE}/votes": sends({"choice": "keep_shut", "comment": ""}),
    "POST /programs/{program:str}/incidents": sends({"gravity": "minor", "what_happened": "A wrong tag."}),
    "POST /programs/{program:str}/incidents/{incident_id:uuid}/closure": sends({"learned": "Ask first."}),
    "POST /programs/{program:str}/learnings": sends(LEARNING),
    "POST /programs/{program:str}/learnings/{learning:uuid}": sends(LEARNING, learning="draft_learning"),
    "POST /programs/{program:str}/people": sends({"name": "Ned New", "email": "ned@example.com"}),
    "POST /programs/{program:str}/people/imports": sends(files={"file": ("people.csv", PEOPLE_FILE)}),
    "POST /programs/{program:str}/people/roles": sends({"email": "lisa@example.com", "role": "sponsor"}),
    "POST /programs/{program:str}/people/{person:uuid}": sends(PERSON),
    "POST /programs/{program:str}/people/{person:uuid}/first-link": sends(person="new"),
    "POST /programs/{program:str}/people/{person:uuid}/return": sends(person="gone"),
    "POST /programs/{program:str}/people/{person:uuid}/roles/{role:str}/revocation": sends(
        person="sponsor", role="=sponsor"
    ),
    "POST /programs/{program:str}/playbook/draft": sends(ENTRY),
    "POST /programs/{program:str}/playbook/draft/{entry:uuid}": sends({**ENTRY, "revision": "1"}),
    "POST /programs/{program:str}/playbook/editions": sends(
        {"what_changed": "One more entry.", "after": "1"}
    ),
    "GET /programs/{program:str}/playbook/editions/{number:int}": sends(number="=1"),
    "POST /programs/{program:str}/tracks/{track:uuid}": sends(
        {"pass_percent": "70", "attempts_allowed": "3", "wait_hours": "24", "questions_asked": "8"}
    ),
    f"POST {TRAINING}/attempts/{{attempt:uuid}}": sends(lambda world: world.right_answers),
    f"POST {TRAINING}/modules/{{module:uuid}}/attempts": sends(module="assessment"),
}
