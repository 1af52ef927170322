from typing import Any
from uuid import UUID, uuid4

import pytest

from playbooks.certificates.actions import (
    ReasonMissing,
    RevokedAlready,
    choose_publicity,
    issue_certificate,
    revoke_certificate,
    take_up_certificates,
)
from playbooks.certificates.queries import (
    Certificate,
    OwnCertificate,
    certificate_page,
    my_certificates,
    public_certificate,
)
from playbooks.certificates.rules import CertificateState
from playbooks.clearances.queries import standing_of
from playbooks.clearances.rules import CertificateLapsed, CertificateRevoked, Clearance, NotEnrolled
from program.database import fetch_value, transaction
from program.refusals import NotAllowed, NotFound
from program.roles.rules import Reader, Role
from tests.cast import NOON, a_listed_person, a_program
from tests.cohorts.scene import a_member
from tests.playbooks.learners import (
    TODAY,
    School,
    a_school,
    an_attempt,
    certified,
    days_later,
    hand_in_right,
    move_to,
    open_gate,
    publish_edition_one,
    read_everything,
    someone_in_the_first_circle,
    state_of,
    the_row,
)


def reader(
    school: School, person: UUID, *roles: Role, coached: tuple[UUID, ...] = (), program: UUID | None = None
) -> Reader:
    return Reader(
        person=person,
        name="Somebody",
        owner=False,
        program=program or school.program,
        granted=frozenset(roles),
        listed=True,
        coached=frozenset(coached),
        memberships=(),
    )


async def revoke(
    school: School, certificate: UUID, reason: str = "It was someone else who answered."
) -> None:
    await revoke_certificate(
        certificate, reason, program=school.program, by=school.lead, now=NOON, today=TODAY
    )


async def share(cohort: UUID) -> tuple[int, int]:
    row = await the_row(
        "SELECT numerator, denominator FROM reading WHERE cohort = $1 AND measure = 'certified_share'", cohort
    )
    assert row is not None
    return row["numerator"], row["denominator"]


async def test_issuing_and_revoking_keep_the_certified_share_of_the_cohort(database: str) -> None:
    school = await a_school()
    await a_member(school.cohort, [("preparing", TODAY, None)])
    await a_member(school.cohort, [("withdrawn", TODAY, None)])
    certificate = await certified(school)
    assert await share(school.cohort) == (1, 2)
    await revoke(school, certificate)
    assert await share(school.cohort) == (0, 2)


async def test_a_certificate_of_the_core_track_names_cohort_and_edition(database: str) -> None:
    school = await a_school()
    newcomer = await someone_in_the_first_circle(school)
    await publish_edition_one(school)
    await open_gate(school.program)
    certificate = await certified(school, newcomer)
    found = await certificate_page(certificate, seen_by=reader(school, newcomer), today=TODAY)
    assert isinstance(found, OwnCertificate)
    assert (found.certificate.cohort_name, found.certificate.edition_number) == ("First circle", 1)
    assert found.certificate.track_name == "Ready to speak: First circle"
    assert await state_of(newcomer) == "active"


async def test_who_accepts_with_a_certificate_from_before_is_active_at_once(database: str) -> None:
    school = await a_school("invited")
    await certified(school)
    await take_up_certificates(school.member, program=school.program, now=NOON)
    assert await state_of(school.member) == "invited"
    await move_to(school, "preparing")
    await take_up_certificates(school.member, program=school.program, now=NOON)
    assert await state_of(school.member) == "active"
    assert await share(school.cohort) == (1, 1)
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'certificates_taken_up'") == 1


async def test_a_lapsed_certificate_makes_nobody_active(database: str) -> None:
    school = await a_school("invited")
    await certified(school)
    await move_to(school, "preparing")
    later, _on = days_later(400)
    await take_up_certificates(school.member, program=school.program, now=later)
    assert await state_of(school.member) == "preparing"


async def test_only_its_owner_shows_a_certificate_and_closes_it_again(database: str) -> None:
    school = await a_school()
    certificate = await certified(school)
    token = await fetch_value("SELECT token FROM certificate WHERE id = $1", certificate)
    with pytest.raises(NotFound):
        await public_certificate(token, now=NOON)
    with pytest.raises(NotFound):
        await choose_publicity(certificate, public=True, program=school.program, by=school.lead, now=NOON)
    told: dict[str, Any] = {"program": school.program, "by": school.member, "now": NOON}
    await choose_publicity(certificate, public=True, **told)
    shown = await public_certificate(token, now=NOON)
    assert (shown.person_name, shown.edition_number, shown.state) == ("Mia Member", 0, CertificateState.VALID)
    await choose_publicity(certificate, public=False, **told)
    with pytest.raises(NotFound):
        await public_certificate(token, now=NOON)


async def test_the_public_page_says_when_it_lapsed_or_was_revoked_but_not_why(database: str) -> None:
    school = await a_school()
    certificate = await certified(school)
    await choose_publicity(certificate, public=True, program=school.program, by=school.member, now=NOON)
    token = await fetch_value("SELECT token FROM certificate WHERE id = $1", certificate)
    assert (await public_certificate(token, now=days_later(366)[0])).state is CertificateState.LAPSED
    await revoke(school, certificate)
    shown = await public_certificate(token, now=NOON)
    assert shown.state is CertificateState.REVOKED
    assert not hasattr(shown, "revoked")


async def test_a_certificate_is_revoked_once_by_a_lead_with_a_reason(database: str) -> None:
    school = await a_school()
    certificate = await certified(school)
    told: dict[str, Any] = {"program": school.program, "now": NOON, "today": TODAY}
    with pytest.raises(NotAllowed):
        await revoke_certificate(certificate, "Why not", **told, by=school.member)
    with pytest.raises(ReasonMissing) as unsaid:
        await revoke(school, certificate, " ")
    assert unsaid.value.sentence()
    await revoke(school, certificate)
    with pytest.raises(RevokedAlready) as again:
        await revoke(school, certificate)
    assert again.value.sentence()
    other = await a_program(school.lead, name="Another")
    with pytest.raises(NotFound):
        await revoke_certificate(certificate, "Why not", program=other, by=school.lead, now=NOON, today=TODAY)
    with pytest.raises(NotFound):
        await revoke(school, uuid4())
    event = await the_row("SELECT about, subject, facts FROM event WHERE name = 'certificate_revoked'")
    assert (event["about"], event["subject"]) == (school.member, certificate)
    assert "someone else" not in event["facts"]


async def test_a_revoked_certificate_can_be_earned_again(database: str) -> None:
    school = await a_school()
    await revoke(school, await certified(school))
    await hand_in_right(school)
    mine = await my_certificates(reader(school, school.member), today=TODAY)
    assert [own.certificate.state for own in mine] == [CertificateState.VALID, CertificateState.REVOKED]
    assert mine[1].certificate.revoked_by == "Olga Owner"


async def test_owner_lead_reviewer_and_the_cohort_s_coach_see_a_certificate_and_nobody_else(
    database: str,
) -> None:
    school = await a_school()
    certificate = await certified(school)
    other = await a_listed_person(school.program, school.lead, "Olaf Other")
    for role in (Role.LEAD, Role.REVIEWER):
        seen = await certificate_page(certificate, seen_by=reader(school, other, role), today=TODAY)
        assert isinstance(seen, Certificate)
    coach = reader(school, other, coached=(school.cohort,))
    assert isinstance(await certificate_page(certificate, seen_by=coach, today=TODAY), Certificate)
    for stranger in (
        reader(school, other),
        reader(school, other, Role.SPONSOR),
        reader(school, other, coached=(uuid4(),)),
        reader(school, school.member, program=uuid4()),
    ):
        with pytest.raises(NotFound):
            await certificate_page(certificate, seen_by=stranger, today=TODAY)


async def test_clearance_follows_from_certificate_and_enrolment(database: str) -> None:
    school = await a_school()
    assert (await standing_of(school.member, school.program, TODAY)).clearance is Clearance.LISTEN
    certificate = await certified(school)
    assert (await standing_of(school.member, school.program, TODAY)).clearance is Clearance.SPEAK
    lapsed = await standing_of(school.member, school.program, days_later(365)[1])
    assert lapsed.clearance is Clearance.LISTEN
    assert [type(why) for why in lapsed.why_not_higher] == [CertificateLapsed]
    await revoke(school, certificate)
    revoked = await standing_of(school.member, school.program, TODAY)
    assert revoked.clearance is Clearance.LISTEN
    assert [type(why) for why in revoked.why_not_higher] == [CertificateRevoked]
    assert NotEnrolled() in (await standing_of(school.lead, school.program, TODAY)).why_not_higher


async def test_no_certificate_is_made_out_to_somebody_who_takes_no_part(database: str) -> None:
    school = await a_school()
    await read_everything(school)
    attempt = await an_attempt(school)
    await move_to(school, "withdrawn")
    async with transaction():
        with pytest.raises(LookupError):
            await issue_certificate(attempt, now=NOON, today=TODAY)
