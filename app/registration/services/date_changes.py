"""Moving published dates of a round: on record, announced, and mailed to all who are registered (R009)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import db, transaction
from app.core.errors import InvalidValue, Refused
from app.core.messages import Message, Wording
from app.core.roc_dates import format_roc_long
from app.core.translation import translate_for
from app.exams.date_changes import DateChange
from app.exams.models import Round
from app.exams.queries import get_round
from app.exams.round_dates import DATE_FIELDS, DateField, find_refusals
from app.exams.services import show
from app.payments.refunds.queries import list_open_of_round
from app.payments.refunds.services import move_apply_by, move_pay_by
from app.registration import queries
from app.registration.date_change_mails import tell_moved
from app.registration.signals import test_day_moved
from app.site.models import NewsCategory
from app.site.services import NewsText, announce

# The instant that belongs to a day: it moves along and keeps its hour.
_INSTANTS = {"ticket_from": "ticket_opens_at", "score_from": "score_opens_at"}


@dataclass(frozen=True, slots=True)
class MovedDate:
    field: DateField
    old: date
    new: date

    def __str__(self) -> str:
        return str(self.message)

    @property
    def message(self) -> Message:
        values = {
            "what": self.field.label,
            "old": format_roc_long(self.old),
            "new": format_roc_long(self.new),
        }
        return Message("%(what)s：原定 %(old)s，改為 %(new)s", values)


def dates_of(exam_round: Round) -> dict[str, date]:
    """Return all dates of a round that can be moved, by the names of `DATE_FIELDS`."""
    return {field.name: getattr(exam_round, field.name) for field in DATE_FIELDS}


def moved_dates(exam_round: Round, wanted: Mapping[str, date]) -> list[MovedDate]:
    """Return what would move, in the order of the year."""
    current = dates_of(exam_round)
    return [
        MovedDate(field, current[field.name], wanted[field.name])
        for field in DATE_FIELDS
        if wanted[field.name] != current[field.name]
    ]


def move_dates(
    round_code: str,
    wanted: Mapping[str, date],
    *,
    seen: Mapping[str, date],
    reason: str,
    reason_en: str | None = None,
    actor: Actor,
) -> list[MovedDate]:
    """Move dates of a round: each is on record, together they are one announcement and one mail.

    The announcement is in Chinese and in English, the mail in its receiver's language.

    The hour of a release stays. Open refund cases get later days, never earlier ones. The birth date line of
    the fee stays as printed, because people have paid by it.

    :param wanted: all dates as they shall be
    :param seen: all dates as they stood when it was confirmed
    :param reason_en: the reason for English readers; None: they read the Chinese one
    :raises NotFound: when there is no such round
    :raises InvalidValue: when nothing moves, or the dates do not fit together
    :raises Refused: when somebody else has moved a date meanwhile
    """
    with transaction() as session:
        exam_round = get_round(round_code)
        session.execute(sa.select(Round.id).where(Round.id == exam_round.id).with_for_update(key_share=True))
        session.refresh(exam_round)
        current = dates_of(exam_round)
        if current != seen:
            raise Refused(Message("這個梯次的日期剛剛被改過，請看過現在的日期再確認一次"))
        moved = moved_dates(exam_round, wanted)
        if not moved:
            raise InvalidValue(Message("沒有要移動的日期，請先改日期"))
        for name, message in find_refusals(current, wanted, today=clock.today()):
            raise InvalidValue(message, field=name)
        for each in moved:
            _move(exam_round, each, reason)
        _move_along(exam_round, moved, actor=actor)
        addresses = queries.list_mail_addresses(exam_round.id, None)
        why = Wording(reason, reason_en or reason)
        for address, language in addresses.items():
            tell_moved(address, exam_round, [each.message for each in moved], why, language=language)
        announce(_announcement(exam_round, moved, why), actor=actor)
        audit.record(
            "exams.move_dates",
            exam_round,
            actor,
            moved={each.field.name: [each.old.isoformat(), each.new.isoformat()] for each in moved},
            reason=reason,
            told=len(addresses),
        )
    return moved


def _move(exam_round: Round, moved: MovedDate, reason: str) -> None:
    _set(exam_round, moved.field.name, moved.new, reason)
    instant = _INSTANTS.get(moved.field.name)
    if instant is not None:
        _set(exam_round, instant, getattr(exam_round, instant) + (moved.new - moved.old), reason)


def _set(exam_round: Round, name: str, new: Any, reason: str) -> None:
    old = getattr(exam_round, name)
    setattr(exam_round, name, new)
    db.session.add(
        DateChange(
            exam_round=exam_round,
            field=name,
            old=show(old),
            new=show(new),
            reason=reason,
            changed_at=clock.now(),
        )
    )


def _move_along(exam_round: Round, moved: list[MovedDate], *, actor: Actor) -> None:
    """Let what was derived from the dates follow."""
    shift = {each.field.name: each.new - each.old for each in moved}
    if "refund_apply_by" in shift:
        move_apply_by(list_open_of_round(exam_round.id, None), exam_round.refund_apply_by, actor=actor)
    if "refund_pay_by" in shift:
        move_pay_by(list_open_of_round(exam_round.id, None), exam_round.refund_pay_by, actor=actor)
    days = shift.get("test_on", timedelta(0)).days
    if days:
        test_day_moved.send(exam_round, days=days, actor=actor)


def _announcement(exam_round: Round, moved: list[MovedDate], reason: Wording) -> NewsText:
    facts = {"round": exam_round.name, "reason": reason}
    title = Message("%(round)s日期調整", facts)
    opening = Message("%(round)s的日期調整如下。原因：%(reason)s", facts)

    def body(language: str) -> str:
        lines = [str(translate_for(language, each.message)) for each in moved]
        return "\n\n".join([str(translate_for(language, opening)), "\n".join(lines)])

    return NewsText(
        category=NewsCategory.CHANGES,
        round_id=exam_round.id,
        title=str(title),
        body=body("zh"),
        title_en=str(translate_for("en", title)),
        body_en=body("en"),
    )
