"""The form of an announcement."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.core.errors import InvalidValue
from app.core.fields import PickField, ReadAreaField, ReadField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.roc_dates import format_roc, parse_date
from app.core.text import strip_invisible
from app.exams.models import Round
from app.site import words
from app.site.models import Announcement, NewsCategory
from app.site.services import NewsText

LONGEST_TITLE, LONGEST_TITLE_EN, LONGEST_BODY = 100, 200, 5000
_ALL_ROUNDS = ""


def read_line(longest: int) -> Any:
    """Return a reader of one line of at most so many characters."""

    def read(text: str) -> str:
        line = strip_invisible(text).strip()
        if len(line) > longest:
            raise InvalidValue(Message("最多 %(longest)s 個字，請精簡一些", {"longest": longest}))
        return line

    return read


def read_body(text: str) -> str:
    """Return a text of several paragraphs, without what cannot be seen."""
    body = "\n".join(strip_invisible(line).strip() for line in text.strip().splitlines())
    if len(body) > LONGEST_BODY:
        raise InvalidValue(Message("最多 %(longest)s 個字，請精簡一些", {"longest": LONGEST_BODY}))
    return body


class NewsForm(RefusableForm):
    """An announcement as it is typed; `text` is to be called after a validation that passed."""

    category = PickField(
        _l("類別"),
        choices=choices_of((key.value, label) for key, label in words.NEWS_CATEGORIES.items()),
        missing=Message("請選擇類別"),
    )
    round = SelectField(_l("相關梯次"))
    title = ReadField(_l("標題"), read_line(LONGEST_TITLE), missing=Message("請填寫標題"))
    body = ReadAreaField(_l("內容"), read_body, missing=Message("請填寫內容"))
    title_en = ReadField(_l("英文標題"), read_line(LONGEST_TITLE_EN))
    body_en = ReadAreaField(_l("英文內容"), read_body)
    starts_on = ReadField(_l("刊登日期"), parse_date)
    last_day = ReadField(_l("最後一天"), parse_date)

    def __init__(self, rounds: list[Round], announcement: Announcement | None = None) -> None:
        self._ids = {each.code: each.id for each in rounds}
        super().__init__(data=_written(announcement) if announcement else {})
        self.round.choices = choices_of(
            [(_ALL_ROUNDS, _l("全部梯次")), *((each.code, each.name) for each in rounds)]
        )

    def text(self) -> NewsText:
        return NewsText(
            category=NewsCategory(self.category.data),
            round_id=self._ids.get(self.round.data),
            title=self.title.value,
            body=self.body.value,
            title_en=self.title_en.value,
            body_en=self.body_en.value,
            starts_on=self.starts_on.value,
            last_day=self.last_day.value,
        )


def _written(announcement: Announcement) -> dict[str, str]:
    return {
        "category": announcement.category.value,
        "round": announcement.exam_round.code if announcement.exam_round else _ALL_ROUNDS,
        "title": announcement.title,
        "body": announcement.body,
        "title_en": announcement.title_en or "",
        "body_en": announcement.body_en or "",
        "starts_on": format_roc(announcement.starts_on) if announcement.starts_on else "",
        "last_day": format_roc(announcement.last_day) if announcement.last_day else "",
    }
