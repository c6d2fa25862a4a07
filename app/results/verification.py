"""What a scanned code is worth: signed by us, and still in force?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.core.identity import mask_name
from app.core.messages import Message
from app.core.signing import Statement, signer
from app.exams.choices import Level
from app.exams.words import LEVEL_NAMES
from app.registration.models import Registration
from app.registration.states import FormState
from app.results import queries
from app.results.certificate_numbers import format_certificate_number, level_letter
from app.results.content import CERTIFICATE, SCORE_REPORT
from app.results.points import format_points
from app.tickets.content import TICKET
from app.tickets.queries import find_ticket


class DocumentState(StrEnum):
    VALID = "valid"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DocumentOutcome:
    """What is told about a scanned code.

    :ivar document: its name, e.g. 成績單; None: the code is not ours
    :ivar facts: label and value, to be compared with the paper: what the code itself says, and the
        masked name. Nothing that the paper does not say stands there, and nothing of a revoked one.
    """

    state: DocumentState
    document: Message | None = None
    facts: tuple[tuple[Message, object], ...] = ()


UNKNOWN = DocumentOutcome(DocumentState.UNKNOWN)
_LEVELS = {level_letter(level): LEVEL_NAMES[level] for level in Level}


def check_document(text: str) -> DocumentOutcome:
    """Return what a scanned code says about the document it was printed on.

    :param text: as it stands in the address
    """
    statement = signer().read(text)
    check = _CHECKS.get(statement.kind) if statement else None
    return check(statement) if check and statement else UNKNOWN


def _check_ticket(statement: Statement) -> DocumentOutcome:
    ticket = find_ticket(statement.number)
    if ticket is None:
        return UNKNOWN
    registration = ticket.seat.registration
    if registration.form_state == FormState.CANCELLED:
        return DocumentOutcome(DocumentState.REVOKED, Message("准考證"))
    facts = (
        (Message("准考證號碼"), ticket.number),
        *_person(registration),
        (Message("認證日期"), ticket.seat.slot.exam_round.test_on),
        (Message("報考考區"), registration.offering.area),
    )
    return DocumentOutcome(_newest(statement.version, ticket.version), Message("准考證"), facts)


def _check_score_report(statement: Statement) -> DocumentOutcome:
    document = Message("成績單")
    ticket = find_ticket(statement.number)
    if ticket is None:
        return UNKNOWN
    standing = queries.find_standing(ticket.seat.registration)
    if standing is None:
        return DocumentOutcome(DocumentState.REVOKED, document)
    facts = (
        (Message("准考證號碼"), statement.number),
        *_person(ticket.seat.registration),
        *_claimed(statement.claim),
    )
    return DocumentOutcome(_newest(statement.version, standing.result.version), document, facts)


def _check_certificate(statement: Statement) -> DocumentOutcome:
    document = Message("合格證書")
    certificate = queries.find_certificate(statement.number)
    if certificate is None:
        return UNKNOWN
    registration = certificate.registration
    if certificate.revoked_at is not None or registration.form_state == FormState.CANCELLED:
        replaced = queries.has_certificate_in_force(registration.id)
        return DocumentOutcome(DocumentState.SUPERSEDED if replaced else DocumentState.REVOKED, document)
    facts = (
        (Message("證書號碼"), format_certificate_number(certificate.number)),
        *_person(registration),
        (Message("合格級別"), LEVEL_NAMES[certificate.level]),
        (Message("發證日期"), certificate.issued_on),
    )
    return DocumentOutcome(DocumentState.VALID, document, facts)


_CHECKS: dict[str, Callable[[Statement], DocumentOutcome]] = {
    TICKET: _check_ticket,
    SCORE_REPORT: _check_score_report,
    CERTIFICATE: _check_certificate,
}


def _newest(printed: int, current: int) -> DocumentState:
    return DocumentState.VALID if printed == current else DocumentState.SUPERSEDED


def _person(registration: Registration) -> tuple[tuple[Message, object], ...]:
    return (
        (Message("姓名"), mask_name(registration.chinese_name)),
        (Message("報考梯次"), registration.exam_round.name),
    )


def _claimed(claim: str) -> tuple[tuple[Message, object], ...]:
    """Return the outcome that the paper was printed with: of an older version this is the older one."""
    letter, _, total = claim.partition("-")
    if not total:
        return ((Message("認證結果"), Message("缺考")),)
    level = _LEVELS.get(letter)
    outcome = Message("%(level)s合格", {"level": level}) if level else Message("未通過")
    return ((Message("認證結果"), outcome), (Message("總分"), format_points(int(total))))
