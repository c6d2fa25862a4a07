"""The forms of the desk for files."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms.validators import ValidationError

from app.admin.news_forms import read_line
from app.core.errors import InvalidValue
from app.core.fields import PickField, ReadField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.roc_dates import format_roc, parse_date
from app.core.text import compact
from app.site import words
from app.site.files import LARGEST_BYTES, PublicFile, read_public_file
from app.site.models import DocumentCategory, PublicDocument
from app.site.services import DocumentText


def _read_position(text: str) -> int:
    digits = compact(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 3):
        raise InvalidValue(Message("順序請填 0 到 999 的數字，小的排在前面"))
    return int(digits)


class FileForm(RefusableForm):
    """One file; `public_file` is what it holds, after a validation that passed."""

    file = FileField(_l("檔案"))
    public_file: PublicFile

    def validate_file(self, field: Any) -> None:
        if field.data is None or not getattr(field.data, "filename", ""):
            raise ValidationError(Message("請選擇要上傳的檔案"))
        try:
            self.public_file = read_public_file(field.data.stream.read(LARGEST_BYTES + 1))
        except InvalidValue as error:
            raise ValidationError(error.message) from error


class DescribeForm(RefusableForm):
    """What is said about a file."""

    category = PickField(
        _l("類別"),
        choices=choices_of((key.value, label) for key, label in words.DOCUMENT_CATEGORIES.items()),
        missing=Message("請選擇類別"),
    )
    title = ReadField(_l("名稱"), read_line(80), missing=Message("請填寫名稱，例如 112 年度簡章"))
    title_en = ReadField(_l("英文名稱"), read_line(160))
    note = ReadField(_l("說明"), read_line(200))
    opens_on = ReadField(_l("開放日期"), parse_date, missing=Message("請填寫開放下載的日期，例如 111/12/15"))
    position = ReadField(_l("順序"), _read_position, missing=Message("請填寫順序，小的排在前面"))

    def __init__(self, document: PublicDocument | None = None, **typed: Any) -> None:
        super().__init__(data=_written(document) if document else typed)

    def text(self) -> DocumentText:
        return DocumentText(
            category=DocumentCategory(self.category.data),
            title=self.title.value,
            title_en=self.title_en.value,
            note=self.note.value,
            opens_on=self.opens_on.value,
            position=self.position.value,
        )


class PublishForm(DescribeForm, FileForm):
    """A new file with what is said about it."""


def _written(document: PublicDocument) -> dict[str, str]:
    return {
        "category": document.category.value,
        "title": document.title,
        "title_en": document.title_en or "",
        "note": document.note or "",
        "opens_on": format_roc(document.opens_on),
        "position": str(document.position),
    }
