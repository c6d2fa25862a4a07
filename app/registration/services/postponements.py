"""Publishing a postponement notice: it opens the full refund and goes to everybody concerned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.errors import InvalidValue
from app.core.messages import Message
from app.exams.models import Round
from app.exams.notices import NoticeCause, PostponementNotice
from app.exams.queries import get_round
from app.payments.refunds.queries import list_open_of_round
from app.payments.refunds.rules import notice_due
from app.payments.refunds.services import move_pay_by
from app.registration import queries
from app.registration.postponement_mails import tell_postponed


@dataclass(frozen=True, slots=True)
class Notice:
    """What is published; the fields are those of `PostponementNotice`."""

    cause: NoticeCause
    area: str | None
    reason: str
    event_on: date | None = None
    new_test_on: date | None = None
    new_place: str | None = None
    mass_pay_by: date | None = None


def check_notice(exam_round: Round, notice: Notice) -> None:
    """Refuse a notice that does not say what it has to: time and place of the new test (R176).

    :raises InvalidValue: with the field that is missing or makes no sense
    """
    if notice.area is not None and notice.area not in {each.area for each in exam_round.offerings}:
        raise InvalidValue(Message("這個梯次沒有這個考區，請重新選擇"), field="area")
    if notice.cause == NoticeCause.POSTPONED and notice.new_test_on is None:
        raise InvalidValue(Message("延期公告要寫明改到哪一天，請填寫新的認證日期"), field="new_test_on")
    if notice.new_test_on is not None and notice.new_test_on <= exam_round.test_on:
        raise InvalidValue(Message("新的認證日期要在原定日期之後"), field="new_test_on")
    if notice.new_test_on is not None and not notice.new_place:
        raise InvalidValue(Message("請填寫新的時間與地點，例如 上午 9 時，各考區原試場"), field="new_place")
    if notice.event_on is not None and notice.event_on < exam_round.test_on:
        raise InvalidValue(Message("認證當天或之後發生的事才填這一欄"), field="event_on")


def publish_notice(round_code: str, notice: Notice, *, actor: Actor) -> PostponementNotice:
    """Publish a notice, tell every candidate concerned by mail, and move the payday if it says so.

    From then on the round's candidates can ask for the full refund. 拾肆、四; R176-R178, R109.

    :raises NotFound: when there is no such round
    :raises InvalidValue: as `check_notice`
    """
    with transaction() as session:
        exam_round, now = get_round(round_code), clock.now()
        check_notice(exam_round, notice)
        row = PostponementNotice(
            exam_round=exam_round,
            cause=notice.cause,
            area=notice.area,
            reason=notice.reason,
            event_on=notice.event_on,
            new_test_on=notice.new_test_on,
            new_place=notice.new_place,
            mass_pay_by=notice.mass_pay_by,
            published_at=now,
        )
        session.add(row)
        session.flush()
        addresses = queries.list_mail_addresses(exam_round.id, notice.area)
        for address, language in addresses.items():
            tell_postponed(address, row, language=language)
        if notice.mass_pay_by is not None:
            move_pay_by(list_open_of_round(exam_round.id, notice.area), notice.mass_pay_by, actor=actor)
        due = notice_due(test_on=exam_round.test_on, event_on=notice.event_on)
        audit.record(
            "exams.publish_notice",
            row,
            actor,
            round=exam_round.code,
            cause=notice.cause.value,
            area=notice.area,
            told=len(addresses),
            due=due.isoformat(),
            late=clock.taipei_day(now) > due,
        )
    return row
