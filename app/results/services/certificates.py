"""Issuing certificates with a round's results, and revoking them."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.errors import NotFound, Refused
from app.core.messages import N_, Message
from app.exams.choices import Level
from app.exams.models import ExamYear, Round
from app.registration.models import Registration
from app.results import queries
from app.results.certificate_numbers import certificate_number, certificate_prefix, serial_of
from app.results.models import Certificate

_RESULT_CHANGED = N_("成績更正")


def bring_certificates_up_to_date(
    session: Session, exam_round: Round, people: Iterable[tuple[Registration, Level | None]], *, actor: Actor
) -> None:
    """Give everybody who passed a certificate of their level, and revoke what no longer holds (R059, R060).

    A certificate that the office has revoked by itself is not issued again.
    """
    # All rounds of a year number from one series, so that the year is locked, not the round.
    session.execute(
        sa.select(ExamYear.id).where(ExamYear.id == exam_round.exam_year_id).with_for_update(key_share=True)
    )
    in_force = {
        each.registration_id: each for each in queries.list_certificates_in_force(session, exam_round.id)
    }
    barred = _barred(session, exam_round.id)
    serials: dict[str, int] = {}
    for registration, level in people:
        held = in_force.get(registration.id)
        if held is not None and held.level == level:
            continue
        if held is not None:
            _revoke(held, _RESULT_CHANGED, actor=actor)
            session.flush()
        if level is not None and registration.id not in barred:
            prefix = certificate_prefix(exam_round.exam_year.roc_year, level)
            if prefix not in serials:
                last = queries.find_last_certificate_number(session, prefix)
                serials[prefix] = serial_of(last) if last else 0
            serials[prefix] += 1
            number = certificate_number(prefix, serials[prefix])
            issued_on = max(exam_round.certificate_from, clock.today())
            session.add(
                Certificate(registration=registration, number=number, level=level, issued_on=issued_on)
            )
            audit.record("certificate.issue", registration, actor, number=number)


def revoke_certificate(number: str, *, reason: str, actor: Actor) -> Certificate:
    """Revoke a certificate; its code says so from now on, and it cannot be downloaded any more.

    :param reason: why, in words of the trade and never the person's own data
    :raises NotFound: when there is no such certificate
    :raises Refused: when it is revoked already
    """
    with transaction() as session:
        query = sa.select(Certificate).where(Certificate.number == number).with_for_update(key_share=True)
        certificate = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
        if certificate is None:
            raise NotFound(Message("沒有這個證書號碼，請再確認一次"), field="number")
        if certificate.revoked_at is not None:
            raise Refused(Message("這張證書已經撤銷了"))
        _revoke(certificate, reason, actor=actor)
    return certificate


def _revoke(certificate: Certificate, reason: str, *, actor: Actor) -> None:
    certificate.revoked_at, certificate.revoke_reason = clock.now(), reason
    details = {"number": certificate.number, "reason": reason}
    audit.record("certificate.revoke", certificate.registration, actor, **details)


def _barred(session: Session, round_id: int) -> set[int]:
    """Return who has had a certificate revoked for another reason than a changed result."""
    query = (
        sa.select(Certificate.registration_id)
        .join(Certificate.registration)
        .where(Registration.round_id == round_id, Certificate.revoke_reason != _RESULT_CHANGED)
    )
    return set(session.scalars(query))
