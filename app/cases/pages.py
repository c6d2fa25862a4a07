"""What pages and letters say about a case: its answers in order, its deadlines, who may see what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from app.accounts.models import Account
from app.cases.kind_types import CaseKind, FieldSpec, FieldType
from app.cases.kinds import outcome_label
from app.cases.models import Case
from app.cases.queries import find_ticket_number
from app.cases.states import CaseState
from app.core.clock import TAIPEI
from app.core.identity import mask_email, mask_id
from app.core.messages import Message, Wording
from app.core.phones import format_phone
from app.core.roc_dates import format_roc, format_roc_long
from app.registration.models import Registration

STATE_KINDS = {
    CaseState.RECEIVED: "waiting",
    CaseState.ASSIGNED: "waiting",
    CaseState.ACCEPTED: "waiting",
    CaseState.UNDERWAY: "waiting",
    CaseState.DECIDED: "done",
    CaseState.CLOSED: "neutral",
}

Row = tuple[Message, Message | str]


def answer_rows(case: Case, *, masked: bool) -> list[Row]:
    """Return what was written as (label, words), in the order of the form; the long statement is left out.

    :param masked: show the identity number with stars
    """
    content = case.content
    return [
        (spec.label, _words(case, spec, content[spec.key], masked))
        for spec in case.kind.fields
        if spec.type != FieldType.TEXT and spec.key in content
    ]


def statement_of(case: Case) -> str:
    return case.content.get("statement", "")


def excerpt_of(case: Case, longest: int = 24) -> str:
    """Return the beginning of the statement on one line (W023)."""
    line = " ".join(statement_of(case).split())
    return line if len(line) <= longest else line[:longest] + "…"


def masked_email(case: Case) -> str | None:
    """Return the applicant's e-mail as the public progress page shows it (W015); None: none was given."""
    address = case.content.get("email")
    return mask_email(address) if address else None


def result_words(case: Case) -> list[Message]:
    """Return the result and, below it, the finding and the measures; empty before there is one."""
    if case.result is None:
        return []
    words = [outcome_label(case.kind, case.result)]
    if case.finding:
        words.append(outcome_label(case.kind, case.finding))
    labels = {each.code: each.label for each in case.kind.measures}
    for code, text in case.measures.items():
        measure = labels.get(code, Message("%(code)s", {"code": code}))
        words.append(Message("處置方式：%(measure)s，%(text)s", {"measure": measure, "text": text}))
    return words


def prefilled(kind: CaseKind, account: Account | None, registration: Registration | None) -> dict[str, str]:
    """Return what is known of somebody who is signed in, by the keys of the kind's fields (W005)."""
    known: dict[str, str] = {}
    if account is not None:
        known["email"] = account.email
    if registration is not None:
        known |= {
            "name": registration.chinese_name,
            "phone": registration.mobile or registration.phone or "",
            "email": registration.email,
            "address": f"{registration.zip_code} {registration.county}{registration.district}"
            f"{registration.street}",
            "identity": registration.id_number,
            "ticket": find_ticket_number(registration.id) or "",
            "dialect": registration.dialect.value,
            "round": registration.exam_round.code,
        }
    return {key: value for key, value in known.items() if kind.field(key)}


def stamp(instant: datetime) -> Wording:
    """Return ``113/12/11 11:21``, the Taipei time of an instant, for tables (W043)."""
    local = instant.astimezone(TAIPEI)
    return Wording(f"{format_roc(local.date())} {local:%H:%M}", f"{local:%Y-%m-%d %H:%M}")


def due_kind(due_on: date | None, today: date) -> str:
    """Return a deadline's kind of status tag: officers are warned on the last two days (P014)."""
    if due_on is None:
        return "neutral"
    left = (due_on - today).days
    return "overdue" if left < 0 else "attention" if left <= 1 else "waiting"


def due_words(due_on: date, today: date) -> Message:
    """Return a deadline as a table shows it, in words that say when it is near (W043)."""
    left = (due_on - today).days
    if left < 0:
        return Message("%(day)s，逾期 %(days)s 天", {"day": format_roc(due_on), "days": -left})
    if left <= 1:
        when = Message("今天到期") if left == 0 else Message("明天到期")
        return Message("%(day)s，%(when)s", {"day": format_roc(due_on), "when": when})
    return Message("%(day)s", {"day": format_roc(due_on)})


def _words(case: Case, spec: FieldSpec, value: str, masked: bool) -> Message | str:
    if spec.type == FieldType.CHOICE:
        label = next((each.label for each in spec.choices if each.code == value), None)
        other = case.content.get(f"{spec.key}_other")
        shown = label or Message("%(code)s", {"code": value})
        return Message("%(label)s：%(other)s", {"label": shown, "other": other}) if other else shown
    if spec.type == FieldType.ROUND:
        return case.exam_round.name if case.exam_round else value
    if spec.type == FieldType.IDENTITY:
        return mask_id(value) if masked else value
    if spec.type == FieldType.PHONE:
        return format_phone(*value.partition("#")[::2])
    return format_roc_long(date.fromisoformat(value)) if spec.type == FieldType.DAY else value


def rows_of_progress(case: Case) -> Sequence[tuple[Message, str]]:
    """Return the dates of a case so far, for the applicant's own page."""
    dates = [
        (Message("送出日期"), case.filed_on),
        (Message("預定回覆日期"), case.answer_due_on),
    ]
    return [(label, format_roc_long(day)) for label, day in dates if day is not None]
