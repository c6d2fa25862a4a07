"""What the pages of an additional session show, the leader's and the office's."""

from __future__ import annotations

from flask_babel import gettext as _

from app.core.messages import Message
from app.core.phones import format_phone
from app.core.roc_dates import format_roc_long
from app.exams.choices import OfferingOrigin
from app.groups.extra_session_forms import SCHOOL_LABELS
from app.groups.extra_session_mails import KIND_WORDS
from app.groups.extra_session_models import ExtraSession
from app.groups.extra_session_rules import ExtraSessionState
from app.registration.pages import Rows

STATE_TAGS = {
    ExtraSessionState.WAITING: ("waiting", Message("等候審核")),
    ExtraSessionState.APPROVED: ("done", Message("已核准")),
    ExtraSessionState.REFUSED: ("neutral", Message("未核准")),
}


def request_rows(asked: ExtraSession) -> Rows:
    """Return what was asked for."""
    digits, _hash, extension = asked.contact_phone.partition("#")
    rows: Rows = [
        (_("申請項目"), KIND_WORDS[asked.kind]),
        (_("認證梯次"), asked.exam_round.name),
        (_("認證日期"), format_roc_long(asked.exam_round.test_on)),
        (_("團體名稱"), asked.name),
        (_("團體屬於"), SCHOOL_LABELS[asked.school]),
        (_("預估人數"), _("%(count)s 人", count=asked.expected)),
        (_("希望的縣市"), asked.county),
    ]
    if asked.kind == OfferingOrigin.ON_CAMPUS:
        rows += [
            (_("學校地址"), asked.address),
            (_("電腦教室"), _("%(count)s 間", count=asked.rooms)),
            (_("可用電腦"), _("%(count)s 台", count=asked.computers)),
        ]
    return [
        *rows,
        (_("聯絡人"), asked.contact_name),
        (_("聯絡人電話"), format_phone(digits, extension)),
        (_("申請理由"), asked.reason),
    ]
