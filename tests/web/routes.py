"""Every route, and what each kind of visitor gets there; and how a valid request to it is made.

~ is /programs/{program}. What they get: `in`: they are asked to sign in · `out`: they are signed out · 200: the page · 303: it is
done, and they are sent on · 403: this is for somebody else to do · 404: there is nothing for them · 409, 422: refused by a rule.
`gone` left the company, `foreign` leads another program, `owner` has no role in this one; the pilot member’s things are asked for
where a thing is somebody’s own, and in ~/training the ambassador’s.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.world import ACTIVITIES_FILE, PASSWORD, PEOPLE_FILE, TODAY, World

TABLE = """
                                                          stranger gone foreign listed ambassador pilot coach lead sponsor reviewer owner
GET  /health/live                                         200      200  200     200    200        200   200   200  200     200      200
GET  /health/ready                                        200      200  200     200    200        200   200   200  200     200      200
GET  /metrics                                             404      404  404     404    404        404   404   404  404     404      404
GET  /sign-in                                             200      200  200     200    200        200   200   200  200     200      200
POST /sign-in                                             303      303  303     303    303        303   303   303  303     303      303
POST /sign-in/links                                       200      200  200     200    200        200   200   200  200     200      200
GET  /sign-in/{token}                                     200      200  200     200    200        200   200   200  200     200      200
POST /sign-in/{token}                                     303      303  303     303    303        303   303   303  303     303      303
POST /sign-out                                            in       in   out     out    out        out   out   out  out     out      out
POST /sign-out/everywhere                                 in       in   out     out    out        out   out   out  out     out      out
GET  /me                                                  in       in   200     200    200        200   200   200  200     200      200
POST /me                                                  in       in   303     303    303        303   303   303  303     303      303
POST /me/password                                         in       in   303     303    303        303   303   303  303     303      303
POST /me/theme                                            in       in   303     303    303        303   303   303  303     303      303
POST /me/language                                         in       in   303     303    303        303   303   303  303     303      303
POST /me/letters                                          in       in   303     303    303        303   303   303  303     303      303
GET  /clock                                               in       in   403     403    403        403   403   403  403     403      200
GET  /access-tokens                                       in       in   200     200    200        200   200   200  200     200      200
POST /access-tokens                                       in       in   200     200    200        200   200   200  200     200      200
POST /access-tokens/{access_token}/revocation             in       in   404     404    404        303   404   404  404     404      404
GET  /api                                                 200      200  200     200    200        200   200   200  200     200      200
GET  /api/openapi.json                                    200      200  200     200    200        200   200   200  200     200      200
GET  /api/problems/{problem}                              200      200  200     200    200        200   200   200  200     200      200
GET  /api/v1/measures                                     401      401  200     200    200        200   200   200  200     200      200
GET  /api/v1/programs                                     401      401  200     200    200        200   200   200  200     200      200
GET  /api/v1~                                             401      401  404     200    200        200   200   200  200     200      200
GET  /api/v1~/cohorts                                     401      401  404     200    200        200   200   200  200     200      403
GET  /api/v1~/cohorts/{cohort}                            401      401  404     403    404        200   200   200  200     200      403
GET  /api/v1~/cohorts/{cohort}/members                    401      401  404     403    404        200   200   200  403     403      403
GET  /api/v1~/cohorts/{cohort}/months                     401      401  404     403    404        200   200   200  200     200      403
GET  /api/v1~/gates                                       401      401  404     200    200        200   200   200  200     200      403
GET  /api/v1~/gates/{gate}                                401      401  404     200    200        200   200   200  200     200      403
GET  /api/v1~/phases                                      401      401  404     200    200        200   200   200  200     200      403
GET  /api/v1~/readings                                    401      401  404     403    200        200   200   200  200     200      403
GET  /api/v1~/activities                                  401      401  404     403    200        200   403   403  403     403      403
POST /api/v1~/activities                                  401      401  404     403    409        200   403   403  403     403      403
GET  /api/v1~/activities/{activity}                       401      401  404     403    404        200   403   403  403     403      403
GET  /api/v1~/certificates                                401      401  404     200    200        200   200   200  200     200      403
GET  /api/v1~/certificates/{certificate}                  401      401  404     404    404        200   200   200  404     200      403
GET  /api/v1~/editions                                    401      401  404     200    200        200   200   200  200     200      200
GET  /api/v1~/editions/{number}                           401      401  404     200    200        200   200   200  200     200      200
GET  /api/v1~/entries                                     401      401  404     200    200        200   200   200  200     200      200
GET  /api/v1~/entries/{entry}                             401      401  404     200    200        200   200   200  200     200      200
GET  /api/v1~/events                                      401      401  404     200    200        200   200   200  200     200      200
GET  /api/v1~/learnings                                   401      401  404     403    200        200   200   200  403     403      403
GET  /api/v1~/learnings/{learning}                        401      401  404     403    404        200   200   200  403     403      403
GET  /api/v1~/tracks                                      401      401  404     403    200        200   403   403  403     403      403
GET  /api/v1~/tracks/{track}                              401      401  404     403    200        404   403   403  403     403      403
POST /clock                                               in       in   403     403    403        403   403   403  403     403      303
GET  /clock/news                                          in       in   403     403    403        403   403   403  403     403      200
GET  /letters                                             in       in   403     403    403        403   403   403  403     403      200
GET  /                                                    in       in   303     303    303        303   303   303  303     303      200
GET  /programs                                            in       in   200     200    200        200   200   200  200     200      200
POST /programs                                            in       in   403     403    403        403   403   403  403     403      303
GET  /programs/new                                        in       in   403     403    403        403   403   403  403     403      200
GET  /c/{token}                                           200      200  200     200    200        200   200   200  200     200      200
GET  /invitations/{token}                                 200      200  200     200    200        200   200   200  200     200      200
POST /invitations/{token}/accept                          303      303  409     409    409        409   409   409  409     409      409
POST /invitations/{token}/decline                         303      303  409     409    409        409   409   409  409     409      409
GET  ~                                                    in       in   404     200    200        200   200   200  200     200      200
GET  ~/accounts                                           in       in   404     403    200        200   403   403  403     403      403
POST ~/accounts                                           in       in   404     403    303        303   403   403  403     403      403
POST ~/accounts/{account}/consent                         in       in   404     403    404        303   403   403  403     403      403
POST ~/accounts/{account}/consent/withdrawal              in       in   404     403    404        303   403   403  403     403      403
POST ~/accounts/{account}/removal                         in       in   404     403    404        303   403   403  403     403      403
GET  ~/activities                                         in       in   404     403    200        200   403   403  403     403      403
POST ~/activities                                         in       in   404     403    422        303   403   403  403     403      403
GET  ~/activities/imports                                 in       in   404     403    200        200   403   403  403     403      403
POST ~/activities/imports                                 in       in   404     403    422        303   403   403  403     403      403
GET  ~/activities/imports/template                        in       in   404     403    200        200   403   403  403     403      403
GET  ~/activities/imports/{activity_import}               in       in   404     403    404        200   403   403  403     403      403
POST ~/activities/imports/{activity_import}/cancellation  in       in   404     403    404        303   403   403  403     403      403
POST ~/activities/imports/{activity_import}/columns       in       in   404     403    404        303   403   403  403     403      403
POST ~/activities/imports/{activity_import}/confirmation  in       in   404     403    404        303   403   403  403     403      403
POST ~/activities/imports/{activity_import}/twins         in       in   404     403    404        303   403   403  403     403      403
GET  ~/activities/new                                     in       in   404     403    200        200   403   403  403     403      403
POST ~/activities/recognition                             in       in   404     403    200        200   403   403  403     403      403
GET  ~/activities/{activity}                              in       in   404     403    404        200   403   403  403     403      403
POST ~/activities/{activity}                              in       in   404     403    404        303   403   403  403     403      403
POST ~/activities/{activity}/deletion                     in       in   404     403    404        303   403   403  403     403      403
POST ~/activities/{activity}/restoration                  in       in   404     403    404        303   403   403  403     403      403
GET  ~/certificates                                       in       in   404     200    200        200   200   200  200     200      403
GET  ~/certificates/{certificate}                         in       in   404     404    404        200   200   200  404     200      403
GET  ~/certificates/{certificate}/pdf                     in       in   404     404    404        200   404   404  404     404      403
POST ~/certificates/{certificate}/publicity               in       in   404     404    404        303   404   404  404     404      403
POST ~/certificates/{certificate}/revocation              in       in   404     403    403        403   403   303  403     403      403
GET  ~/clearance                                          in       in   404     403    200        200   403   403  403     403      403
POST ~/cohorts                                            in       in   404     403    403        403   403   303  403     403      403
GET  ~/cohorts/new                                        in       in   404     403    403        403   403   200  403     403      403
GET  ~/cohorts/{cohort}                                   in       in   404     403    404        200   200   200  200     200      403
POST ~/cohorts/{cohort}/coaches                           in       in   404     403    403        403   403   303  403     403      403
GET  ~/cohorts/{cohort}/coaches/new                       in       in   404     403    403        403   403   200  403     403      403
POST ~/cohorts/{cohort}/coaches/{person}/end              in       in   404     403    403        403   403   303  403     403      403
POST ~/cohorts/{cohort}/invitations                       in       in   404     403    403        403   403   303  403     403      403
POST ~/cohorts/{cohort}/choice                            in       in   404     403    403        403   403   303  403     403      403
GET  ~/cohorts/{cohort}/invitations/letter                in       in   404     403    403        403   403   200  403     403      403
GET  ~/cohorts/{cohort}/invitations/new                   in       in   404     403    403        403   403   200  403     403      403
POST ~/cohorts/{cohort}/invitations/{enrolment}/withdrawal in       in   404     403    403        403   403   303  403     403      403
GET  ~/cohorts/{cohort}/members/{enrolment}               in       in   404     404    404        404   404   200  404     404      403
POST ~/cohorts/{cohort}/members/{enrolment}/leave         in       in   404     404    404        303   404   404  404     404      403
POST ~/cohorts/{cohort}/members/{enrolment}/steps         in       in   404     403    403        403   403   303  403     403      403
POST ~/cohorts/{cohort}/steps                             in       in   404     403    403        403   403   303  403     403      403
GET  ~/desk                                               in       in   404     403    403        403   403   200  403     403      403
GET  ~/desk/all                                           in       in   404     403    403        403   403   200  403     403      403
POST ~/desk                                               in       in   404     403    403        403   403   303  403     403      403
GET  ~/desk/{learning}                                    in       in   404     403    403        403   403   200  403     403      403
POST ~/desk/{learning}/decline                            in       in   404     403    403        403   403   303  403     403      403
POST ~/desk/{learning}/return                             in       in   404     403    403        403   403   303  403     403      403
GET  ~/events                                             in       in   404     403    403        403   403   200  403     200      403
GET  ~/events/mine                                        in       in   404     200    200        200   200   200  200     200      200
GET  ~/gates/{gate}                                       in       in   404     200    200        200   200   200  200     200      403
POST ~/gates/{gate}/checklist/{criterion}                 in       in   404     403    403        403   403   303  403     403      403
POST ~/gates/{gate}/cohorts/{cohort}/leave                in       in   404     403    403        403   403   303  403     403      403
POST ~/gates/{gate}/cohorts/{cohort}/return               in       in   404     403    403        403   403   303  403     403      403
POST ~/gates/{gate}/conditions/{condition}                in       in   404     403    403        403   403   303  403     403      403
GET  ~/gates/{gate}/criteria                              in       in   404     403    403        403   403   200  403     403      403
GET  ~/gates/{gate}/criteria/items                        in       in   404     403    403        403   403   200  403     403      403
POST ~/gates/{gate}/criteria/items                        in       in   404     403    403        403   403   303  403     403      403
GET  ~/gates/{gate}/criteria/measures                     in       in   404     403    403        403   403   200  403     403      403
POST ~/gates/{gate}/criteria/measures                     in       in   404     403    403        403   403   303  403     403      403
GET  ~/gates/{gate}/criteria/months                       in       in   404     403    403        403   403   200  403     403      403
POST ~/gates/{gate}/criteria/months                       in       in   404     403    403        403   403   303  403     403      403
GET  ~/gates/{gate}/criteria/{criterion}                  in       in   404     404    200        404   404   200  200     200      403
GET  ~/gates/{gate}/criteria/{criterion}/change           in       in   404     403    403        403   403   200  403     403      403
POST ~/gates/{gate}/criteria/{criterion}/change           in       in   404     403    403        403   403   303  403     403      403
POST ~/gates/{gate}/criteria/{criterion}/removal          in       in   404     403    403        403   403   303  403     403      403
GET  ~/gates/{gate}/decision                              in       in   404     403    403        403   403   200  200     200      403
POST ~/gates/{gate}/holds                                 in       in   404     403    403        403   403   303  403     403      403
POST ~/gates/{gate}/holds/lifting                         in       in   404     403    403        403   403   303  403     403      403
POST ~/gates/{gate}/recycles                              in       in   404     403    403        403   403   303  403     403      403
POST ~/gates/{gate}/votes                                 in       in   404     403    403        403   403   303  303     403      403
GET  ~/incidents                                          in       in   404     200    200        200   200   200  200     200      403
POST ~/incidents                                          in       in   404     303    303        303   303   303  303     303      403
GET  ~/incidents/new                                      in       in   404     200    200        200   200   200  200     200      403
GET  ~/incidents/{incident_id}                            in       in   404     200    404        404   404   404  404     200      403
POST ~/incidents/{incident_id}/closure                    in       in   404     403    403        403   403   403  403     303      403
GET  ~/invitation                                         in       in   404     403    303        303   403   403  403     403      403
GET  ~/joining                                            in       in   404     403    303        303   403   403  403     403      403
GET  ~/joining/accounts                                   in       in   404     403    200        200   403   403  403     403      403
POST ~/joining/accounts                                   in       in   404     403    303        303   403   403  403     403      403
GET  ~/joining/consent                                    in       in   404     403    303        200   403   403  403     403      403
POST ~/joining/consent/{account}                          in       in   404     403    404        303   403   403  403     403      403
GET  ~/joining/networks                                   in       in   404     403    200        200   403   403  403     403      403
POST ~/joining/networks                                   in       in   404     403    303        303   403   403  403     403      403
GET  ~/joining/next                                       in       in   404     403    200        200   403   403  403     403      403
GET  ~/leaving                                            in       in   404     403    200        200   403   403  403     403      403
POST ~/leaving                                            in       in   404     403    303        303   403   403  403     403      403
GET  ~/me                                                 in       in   404     200    200        200   200   200  200     200      200
POST ~/me/activities/{activity}/deletion                  in       in   404     404    404        303   404   404  404     404      404
POST ~/me/activities/{activity}/restoration               in       in   404     404    404        303   404   404  404     404      404
GET  ~/me/data.json                                       in       in   404     200    200        200   200   200  200     200      200
GET  ~/me/data.zip                                        in       in   404     200    200        200   200   200  200     200      200
GET  ~/learnings                                          in       in   404     403    200        200   303   403  403     403      403
POST ~/learnings                                          in       in   404     403    422        303   403   403  403     403      403
GET  ~/learnings/cohort                                   in       in   404     403    200        200   200   403  403     403      403
POST ~/learnings/names                                    in       in   404     403    200        200   403   403  403     403      403
GET  ~/learnings/new                                      in       in   404     403    200        200   403   403  403     403      403
GET  ~/learnings/{learning}                               in       in   404     403    404        200   200   200  403     403      403
POST ~/learnings/{learning}                               in       in   404     403    404        303   403   403  403     403      403
GET  ~/people                                             in       in   404     403    403        403   403   200  403     403      200
POST ~/people                                             in       in   404     403    403        403   403   303  403     403      303
POST ~/people/imports                                     in       in   404     403    403        403   403   303  403     403      303
GET  ~/people/imports/new                                 in       in   404     403    403        403   403   200  403     403      200
GET  ~/people/imports/{people_import}                     in       in   404     403    403        403   403   200  403     403      200
POST ~/people/imports/{people_import}/cancellation        in       in   404     403    403        403   403   303  403     403      303
POST ~/people/imports/{people_import}/confirmation        in       in   404     403    403        403   403   303  403     403      303
GET  ~/people/new                                         in       in   404     403    403        403   403   200  403     403      200
GET  ~/people/roles                                       in       in   404     403    403        403   403   200  403     403      200
POST ~/people/roles                                       in       in   404     403    403        403   403   303  403     403      303
GET  ~/people/{person}                                    in       in   404     403    403        403   403   200  403     403      200
POST ~/people/{person}                                    in       in   404     403    403        403   403   303  403     403      303
POST ~/people/{person}/departure                          in       in   404     403    403        403   403   303  403     403      303
GET  ~/people/{person}/edit                               in       in   404     403    403        403   403   200  403     403      200
GET  ~/people/{person}/first-link                         in       in   404     403    403        403   403   303  403     403      303
POST ~/people/{person}/first-link                         in       in   404     403    403        403   403   200  403     403      200
POST ~/people/{person}/return                             in       in   404     403    403        403   403   303  403     403      303
POST ~/people/{person}/roles/{role}/revocation            in       in   404     403    403        403   403   303  403     403      303
GET  ~/playbook                                           in       in   404     200    200        200   200   200  200     200      200
GET  ~/playbook/chapters                                  in       in   404     403    403        403   403   200  403     403      403
POST ~/playbook/chapters/name                             in       in   404     403    403        403   403   303  403     403      403
POST ~/playbook/chapters/place                            in       in   404     403    403        403   403   303  403     403      403
GET  ~/playbook/comparison                                in       in   404     200    200        200   200   200  200     200      200
GET  ~/playbook/draft                                     in       in   404     403    403        200   200   200  403     403      403
POST ~/playbook/draft                                     in       in   404     403    403        403   403   303  403     403      403
GET  ~/playbook/draft/new                                 in       in   404     403    403        403   403   200  403     403      403
POST ~/playbook/draft/preview                             in       in   404     403    403        403   403   200  403     403      403
GET  ~/playbook/draft/{entry}                             in       in   404     403    403        403   403   200  403     403      403
POST ~/playbook/draft/{entry}                             in       in   404     403    403        403   403   303  403     403      403
POST ~/playbook/draft/{entry}/care                        in       in   404     403    403        403   403   303  403     403      403
POST ~/playbook/draft/{entry}/place                       in       in   404     403    403        403   403   303  403     403      403
POST ~/playbook/draft/{entry}/return                      in       in   404     403    403        403   403   303  403     403      403
GET  ~/playbook/draft/{entry}/revisions                   in       in   404     403    403        403   403   200  403     403      403
POST ~/playbook/draft/{entry}/revisions/{number}/restoration in    in   404     403    403        403   403   303  403     403      403
POST ~/playbook/draft/{entry}/verification                in       in   404     403    403        403   403   303  403     403      403
POST ~/playbook/draft/{entry}/withdrawal                  in       in   404     403    403        403   403   303  403     403      403
GET  ~/playbook/due                                       in       in   404     403    403        403   200   200  403     200      403
POST ~/playbook/editions                                  in       in   404     403    403        403   403   303  403     403      403
GET  ~/playbook/editions/new                              in       in   404     403    403        403   403   200  403     403      403
GET  ~/playbook/editions/{number}                         in       in   404     200    200        200   200   200  200     200      200
POST ~/playbook/editions/{number}/reading                 in       in   404     303    303        303   303   303  303     303      303
GET  ~/playbook/entries/{entry}                           in       in   404     200    200        200   200   200  200     200      200
GET  ~/playbook/export                                    in       in   404     403    403        403   403   200  403     403      403
GET  ~/playbook/search                                    in       in   404     200    200        200   200   200  200     200      200
GET  ~/rollout                                            in       in   404     200    200        200   200   200  200     200      200
GET  ~/set-up                                             in       in   404     403    403        403   403   200  403     403      403
GET  ~/set-up/invitations                                 in       in   404     403    403        403   403   303  403     403      403
GET  ~/set-up/people                                      in       in   404     403    403        403   403   200  403     403      403
POST ~/set-up/people                                      in       in   404     403    403        403   403   303  403     403      403
POST ~/set-up/people/enough                               in       in   404     403    403        403   403   303  403     403      403
GET  ~/set-up/pilot                                       in       in   404     403    403        403   403   303  403     403      403
POST ~/set-up/pilot                                       in       in   404     403    403        403   403   303  403     403      403
GET  ~/set-up/playbook                                    in       in   404     403    403        403   403   200  403     403      403
POST ~/set-up/playbook                                    in       in   404     403    403        403   403   303  403     403      403
GET  ~/set-up/playbook/{entry}                            in       in   404     403    403        403   403   200  403     403      403
POST ~/set-up/playbook/{entry}                            in       in   404     403    403        403   403   303  403     403      403
POST ~/set-up/playbook/{entry}/return                     in       in   404     403    403        403   403   303  403     403      403
POST ~/set-up/playbook/{entry}/withdrawal                 in       in   404     403    403        403   403   303  403     403      403
GET  ~/set-up/purpose                                     in       in   404     403    403        403   403   200  403     403      403
POST ~/set-up/purpose                                     in       in   404     403    403        403   403   303  403     403      403
GET  ~/set-up/rollout                                     in       in   404     403    403        403   403   200  403     403      403
POST ~/set-up/rollout                                     in       in   404     403    403        403   403   303  403     403      403
GET  ~/set-up/sponsor                                     in       in   404     403    403        403   403   200  403     403      403
POST ~/set-up/sponsor                                     in       in   404     403    403        403   403   303  403     403      403
POST ~/set-up/sponsor/later                               in       in   404     403    403        403   403   303  403     403      403
GET  ~/tracks                                             in       in   404     403    403        403   200   200  403     403      403
POST ~/tracks                                             in       in   404     403    403        403   403   303  403     403      403
GET  ~/tracks/new                                         in       in   404     403    403        403   403   200  403     403      403
GET  ~/tracks/{track}                                     in       in   404     403    403        403   200   200  403     403      403
POST ~/tracks/{track}                                     in       in   404     403    403        403   403   303  403     403      403
GET  ~/training                                           in       in   404     403    200        200   403   403  403     403      403
GET  ~/training/{track}                                   in       in   404     403    200        404   403   403  403     403      403
GET  ~/training/{track}/attempts/{attempt}                in       in   404     403    200        404   403   403  403     403      403
POST ~/training/{track}/attempts/{attempt}                in       in   404     403    303        404   403   403  403     403      403
POST ~/training/{track}/beginning                         in       in   404     403    303        404   403   403  403     403      403
GET  ~/training/{track}/modules/{module}                  in       in   404     403    200        404   403   403  403     403      403
POST ~/training/{track}/modules/{module}/answers          in       in   404     403    303        404   403   403  403     403      403
POST ~/training/{track}/modules/{module}/attempts         in       in   404     403    303        404   403   403  403     403      403
POST ~/training/{track}/modules/{module}/completion       in       in   404     403    303        404   403   403  403     403      403
POST ~/training/{track}/modules/{module}/return           in       in   404     403    303        404   403   403  403     403      403
"""
_HEAD, *_LINES = [line.split() for line in TABLE.strip().splitlines()]
VISITORS = tuple(_HEAD)
ROUTES = {
    f"{method} {path}": dict(zip(VISITORS, outcomes, strict=True)) for method, path, *outcomes in _LINES
}


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
ENTRY_CHAPTER = "When a journalist calls"
LEARNING = {"kind": "do", "topic": "other", "lesson": "Ask first.", "situation": "At a fair.", "then": "send"}
PERSON = {"name": "Lisa Newname", "email": "lisa@example.com"}
AS_PLANNED = {
    "name-0": "Pilot",
    "capacity-0": "12",
    "name-1": "First circle",
    "capacity-1": "60",
    "name-2": "Second circle",
    "capacity-2": "400",
    "name-3": "Everybody",
    "capacity-3": "",
    "months": "6",
    "took_part": "60",
    "learnings": "12",
}
IN_A_MONTH = TODAY.replace(month=TODAY.month + 1).isoformat()

SENDINGS = {
    "GET /c/{token}": sends(token="certificate_token"),
    "POST /clock": sends({"days": "7"}),
    "GET /invitations/{token}": sends(token="invitation"),
    "POST /invitations/{token}/accept": sends({"password": PASSWORD}, token="invitation"),
    "POST /invitations/{token}/decline": sends({"reason": "Not now."}, token="invitation"),
    "POST /me": sends({"name": "New Name", "email": "new.name@example.com"}),
    "POST /me/language": sends({"locale": "en_US"}),
    "POST /me/letters": sends({"letters": "gates"}),
    "POST /me/password": sends({"password": PASSWORD}),
    "POST /me/theme": sends({"theme": "dark", "next": "/me"}),
    "POST /programs": sends({"name": "A third one", "purpose": "To be heard.", "zone": "UTC"}),
    "GET /sign-in/{token}": sends(token="sign_in_link"),
    "POST /sign-in": sends({"email": "lisa@example.com", "password": PASSWORD}),
    "POST /sign-in/links": sends({"email": "lisa@example.com"}),
    "POST /sign-in/{token}": sends(token="sign_in_link"),
    "POST ~/accounts": sends(
        {
            "network": "x",
            "handle": "me",
            "address": "",
            "stance": "personal",
            "disclosure": "I work at Example.",
        }
    ),
    "POST ~/accounts/{account}/consent": sends(
        {"from_on": TODAY.isoformat()}, account="account_without_consent"
    ),
    "POST ~/me/activities/{activity}/restoration": sends(activity="deleted_activity"),
    "POST ~/joining/accounts": sends(
        {
            "network": "x",
            "handle": "me",
            "address": "",
            "stance": "personal",
            "disclosure": "I work at Example.",
        }
    ),
    "POST ~/joining/consent/{account}": sends(
        {"from_on": TODAY.isoformat()}, account="account_without_consent"
    ),
    "POST ~/joining/networks": sends({"networks": "linkedin", "how_often": "weekly"}),
    "POST ~/activities": sends(
        {"kind": "talk", "network": "in_person", "done_on": TODAY.isoformat(), "text": "Another talk."}
    ),
    "POST ~/activities/imports": sends(files={"file": ("activities.csv", ACTIVITIES_FILE)}),
    "POST ~/activities/imports/{activity_import}/twins": sends({"apart": "yes"}),
    "POST ~/activities/recognition": sends({"link": "https://x.com/paula/status/1"}),
    "POST ~/activities/{activity}": sends(
        {"kind": "talk", "network": "in_person", "done_on": TODAY.isoformat(), "text": "Another talk."}
    ),
    "POST /access-tokens": sends({"name": "Board report", "scopes": "program:read", "days": "90"}),
    "GET /api/problems/{problem}": sends(problem="=not-found"),
    "GET /api/v1~/editions/{number}": sends(number="=1"),
    "POST /api/v1~/activities": sends(
        {"activities": [{"kind": "talk", "network": "in_person", "done_on": TODAY.isoformat()}]}
    ),
    "GET /api/v1~/readings": sends({"measure": "took_part_share"}),
    "POST ~/activities/{activity}/restoration": sends(activity="deleted_activity"),
    "POST ~/certificates/{certificate}/publicity": sends({"public": "yes"}),
    "POST ~/certificates/{certificate}/revocation": sends({"reason": "A mistake."}),
    "POST ~/cohorts": sends(lambda world: {"name": "South", "phase": world.ids["phase"]}),
    "POST ~/cohorts/{cohort}/coaches": sends(lambda world: {"person": world.ids["listed"]}),
    "POST ~/cohorts/{cohort}/coaches/{person}/end": sends(person="coach"),
    "POST ~/cohorts/{cohort}/choice": sends(lambda world: {"people": world.ids["listed"]}),
    "POST ~/cohorts/{cohort}/invitations": sends(lambda world: {"people": world.ids["listed"]}),
    "POST ~/cohorts/{cohort}/invitations/{enrolment}/withdrawal": sends(enrolment="invited_enrolment"),
    "POST ~/cohorts/{cohort}/members/{enrolment}/leave": sends(enrolment="own_enrolment"),
    "POST ~/cohorts/{cohort}/members/{enrolment}/steps": sends(
        {"step": "pause", "reason": "A long holiday."}
    ),
    "POST ~/cohorts/{cohort}/steps": sends({"step": "pause", "reason": "A reorganisation."}),
    "POST ~/desk": sends(lambda world: {**ENTRY, "take": world.ids["learning"]}),
    "POST ~/desk/{learning}/decline": sends({"reason": "We know it already."}),
    "POST ~/desk/{learning}/return": sends({"note": "Which paper was it?"}),
    "POST ~/gates/{gate}/checklist/{criterion}": sends({"done": "yes"}),
    "POST ~/gates/{gate}/cohorts/{cohort}/leave": sends(
        lambda world: {f"leave_{world.ids['circle']}": "It is too small."}, cohort="circle"
    ),
    "POST ~/gates/{gate}/cohorts/{cohort}/return": sends(cohort="circle"),
    "POST ~/gates/{gate}/conditions/{condition}": sends(gate="opened_gate"),
    "POST ~/gates/{gate}/criteria/items": sends({"item": "A talk was given", "required": "yes"}),
    "POST ~/gates/{gate}/criteria/measures": sends(
        {"measure": "reach", "comparison": "at_least", "target": "100", "required": "yes"}
    ),
    "POST ~/gates/{gate}/criteria/months": sends(
        {
            "needed": "5",
            "at_least_eligible": "3",
            "took_part_percent": "50",
            "pause_days": "7",
            "of_cohorts": "every",
        }
    ),
    "POST ~/gates/{gate}/criteria/{criterion}/change": sends({"item": "She was told", "required": "yes"}),
    "POST ~/gates/{gate}/criteria/{criterion}/removal": sends({"removal_reason": "Not needed."}),
    "GET ~/gates/{gate}/decision": sends(gate="opened_gate"),
    "POST ~/gates/{gate}/holds": sends({"hold_until": IN_A_MONTH, "hold_reason": "A merger."}),
    "POST ~/gates/{gate}/recycles": sends(
        {"recycle_from": TODAY.isoformat(), "recycle_reason": "A new team."}
    ),
    "POST ~/gates/{gate}/votes": sends({"choice": "keep_shut", "comment": ""}),
    "POST ~/incidents": sends({"gravity": "minor", "what_happened": "A wrong tag."}),
    "POST ~/incidents/{incident_id}/closure": sends({"learned": "Ask first."}),
    "POST ~/learnings": sends(LEARNING),
    "POST ~/learnings/names": sends({"situation": "Frau Berg wrote to me."}),
    "POST ~/learnings/{learning}": sends(LEARNING, learning="draft_learning"),
    "POST ~/people": sends({"name": "Ned New", "email": "ned@example.com"}),
    "POST ~/people/imports": sends(files={"file": ("people.csv", PEOPLE_FILE)}),
    "POST ~/people/roles": sends({"email": "lisa@example.com", "role": "sponsor"}),
    "POST ~/people/{person}": sends(PERSON),
    "POST ~/people/{person}/first-link": sends(person="new"),
    "POST ~/people/{person}/return": sends(person="gone"),
    "POST ~/people/{person}/roles/{role}/revocation": sends(person="sponsor", role="=sponsor"),
    "POST ~/playbook/draft": sends(ENTRY),
    "POST ~/playbook/draft/{entry}": sends({**ENTRY, "revision": "1"}),
    "POST ~/playbook/chapters/name": sends({"of": ENTRY_CHAPTER, "name": "When a paper calls"}),
    "POST ~/playbook/chapters/place": sends({"of": ENTRY_CHAPTER, "way": "up"}),
    "POST ~/playbook/draft/preview": sends({"body": "**Ask** first."}),
    "POST ~/playbook/draft/{entry}/care": sends({"verifier": "", "every_days": "90"}),
    "POST ~/playbook/draft/{entry}/place": sends({"way": "up"}),
    "POST ~/playbook/draft/{entry}/revisions/{number}/restoration": sends(number="=1"),
    "POST ~/playbook/draft/{entry}/verification": sends({"revision": "1"}),
    "POST ~/playbook/editions/{number}/reading": sends(number="=1"),
    "POST ~/playbook/editions": sends({"what_changed": "One more entry.", "after": "1"}),
    "GET ~/playbook/editions/{number}": sends(number="=1"),
    "POST ~/set-up/people": sends({"name": "Nils New", "email": "nils@example.com"}),
    "POST ~/set-up/pilot": sends({"name": "Another pilot"}),
    "POST ~/set-up/playbook/{entry}": sends({"title": "Ask first", "body": "Then answer.", "revision": "1"}),
    "POST ~/set-up/purpose": sends({"name": "Employee voices", "purpose": "To be heard."}),
    "POST ~/set-up/rollout": sends(AS_PLANNED),
    "POST ~/set-up/sponsor": sends({"name": "Sofia Sponsor", "email": "sofia@example.com"}),
    "POST ~/tracks": sends(
        lambda world: {
            "name": "Critics",
            "purpose": "For whoever is shouted at.",
            "own": "When someone is angry",
            "phases": world.ids["phase"],
            "grants": "speak",
            "questions_asked": "4",
        }
    ),
    "POST ~/tracks/{track}": sends(
        {"pass_percent": "70", "attempts_allowed": "3", "wait_hours": "24", "questions_asked": "8"}
    ),
    "POST ~/training/{track}/attempts/{attempt}": sends(lambda world: world.right_answers),
    "POST ~/training/{track}/modules/{module}/answers": sends(
        {"number": "2", "after": "0", "answer": "0"}, module="scenario"
    ),
    "POST ~/training/{track}/modules/{module}/return": sends({"number": "2", "to": "0"}, module="scenario"),
    "POST ~/training/{track}/modules/{module}/attempts": sends(module="assessment"),
}

THING = re.compile(r"\{(\w+)\}")
Name = Callable[[str], str]


def address_of(path: str, slug: str, thing: Name) -> str:
    """The address of a route of the table in that program, with the things that `thing` names."""
    own = THING.sub(lambda found: thing(found.group(1)), path)
    return own.replace("~", f"/programs/{slug}", 1)


def named_in(world: World, at: Mapping[str, str]) -> Name:
    """What a valid request to a route names: `at` says which thing of the world stands for a parameter, or, after =,
    the value itself.
    """

    def name(parameter: str) -> str:
        thing = at.get(parameter, parameter)
        return thing[1:] if thing.startswith("=") else world.ids[thing]

    return name
