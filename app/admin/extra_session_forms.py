"""The office's answer to a request for an additional session."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.errors import InvalidValue
from app.core.fields import ReadAreaField, ReadField
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.groups.extra_session_models import ExtraSession
from app.groups.readers import read_places
from app.registration.readers import read_request

_LONGEST_REPLY = 300
_LONGEST_AREA = 10


def _read_area(text: str) -> str:
    area = "".join(text.split()).removesuffix("考區")
    if len(area) > _LONGEST_AREA:
        raise InvalidValue(Message("考區名稱最多 %(longest)s 個字", {"longest": _LONGEST_AREA}))
    return area


def _read_reply(text: str) -> str:
    reply = read_request(text)
    if len(reply) > _LONGEST_REPLY:
        raise InvalidValue(Message("請寫在 %(longest)s 個字以內", {"longest": _LONGEST_REPLY}))
    return reply


class GrantForm(RefusableForm):
    area = ReadField(_l("考區名稱"), _read_area, missing=Message("請填寫考區名稱"))
    site = ReadField(_l("試區"), lambda text: text.strip()[:60])
    capacity = ReadField(_l("名額"), read_places, missing=Message("請填寫名額"))
    note = ReadAreaField(_l("給團報負責人的說明"), _read_reply)

    def __init__(self, asked: ExtraSession, **options: Any) -> None:
        typed = {
            "area": asked.county.removesuffix("縣").removesuffix("市"),
            "site": asked.name if asked.address else "",
            "capacity": str(asked.expected),
        }
        super().__init__(data=typed, **options)


class RefuseForm(RefusableForm):
    reply = ReadAreaField(
        _l("不增開的原因"), _read_reply, missing=Message("請說明不增開的原因，這段文字會寄給團報負責人")
    )
