"""What a refund case says when its official form is printed (R110, R111)."""

from __future__ import annotations

from app.core.clock import taipei_day
from app.core.phones import format_phone
from app.exams.models import ExamYear, Round
from app.exams.queries import find_current_year
from app.exams.words import exam_wording, name_wording
from app.payments.models import RefundCase
from app.payments.refunds.form_pdf import FormContent
from app.payments.refunds.subjects import find_subject


def refund_form_content(case: RefundCase, *, language: str = "zh") -> FormContent:
    """Return the form of a case, filled in from the registration and the application."""
    subject = find_subject(case.order)
    digits, _hash, extension = (case.payee_phone or "").partition("#")
    names = [member.name for member in subject.members if member.key in case.subjects] if subject else []
    exam_round = case.exam_round
    return blank_form_content(exam_round.exam_year if exam_round else None).filled(
        language=language,
        number=case.number,
        applicant_name=subject.applicant_name if subject else "",
        round_choice=_choice_of(exam_round),
        multi_number=str(exam_round.number) if exam_round and exam_round.track.value == "multi" else "",
        area=case.area or "",
        reason=case.reason,
        overpaid=str(case.basis_twd) if case.reason.value == "overpaid" else "",
        id_number=(subject.id_number or "") if subject else "",
        payee_name=case.payee_name or "",
        address=case.payee_address or "",
        phone=format_phone(digits, extension) if digits else "",
        applied_on=taipei_day(case.opened_at),
        members=tuple(names) if subject and subject.is_group else (),
        apply_by=case.apply_by,
    )


def blank_form_content(year: ExamYear | None = None) -> FormContent:
    """Return the form with nothing filled in, for the downloads page."""
    year = year or find_current_year()
    if year is None:
        raise ValueError("no exam year is loaded")
    contacts = year.facts["contacts"]
    return FormContent(
        exam_title=exam_wording(year.title),
        organiser=year.facts["organiser"]["name"],
        implementer=year.facts["implementer"]["name"],
        roc_year=year.roc_year,
        mailbox=name_wording(contacts["mailbox"]),
    )


def _choice_of(exam_round: Round | None) -> str:
    if exam_round is None:
        return ""
    return "multi" if exam_round.track.value == "multi" else f"national_{exam_round.number}"
