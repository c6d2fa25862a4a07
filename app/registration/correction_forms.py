"""Forms for what is put right after submission."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms.validators import ValidationError

from app.accounts.emails import parse_email
from app.core.errors import InvalidValue
from app.core.fields import (
    DISTRICT_GROUPS,
    DISTRICTS,
    PickField,
    PickGroupedField,
    ReadAreaField,
    ReadField,
    choices_of,
)
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.uploads import LARGEST_BYTES, Document, read_document
from app.registration import readers
from app.registration.contact import Contact
from app.registration.models import Registration

MOST_FILES = 5
MISTAKE, OFFICE = "mistake", "office"


class ContactForm(RefusableForm):
    """Phone, e-mail and address, which may change at any time (R143)."""

    mobile = ReadField(_l("手機"), readers.read_mobile)
    phone = ReadField(_l("市內電話"), readers.read_phone)
    email = ReadField(
        _l("電子信箱"), lambda text: parse_email(text).address, missing=Message("請填寫電子信箱")
    )
    district = PickGroupedField(
        _l("縣市與鄉鎮市區"), groups=DISTRICT_GROUPS, missing=Message("請選擇縣市與鄉鎮市區")
    )
    street = ReadField(_l("路名與門牌"), str, missing=Message("請填寫路名和門牌號碼"))

    def __init__(self, registration: Registration) -> None:
        self._registration = registration
        names = ("mobile", "phone", "email", "street")
        written = {name: getattr(registration, name) for name in names}
        super().__init__(data={**written, "district": registration.county + registration.district})
        self.street.read = lambda text: readers.read_street(text, district=self.district.data or "")

    def validate_mobile(self, _field: Any) -> None:
        if not (self.mobile.data or "").strip() and not (self.phone.data or "").strip():
            raise ValidationError(Message("手機和市內電話請至少填一項"))

    def contact(self) -> Contact:
        place = DISTRICTS[self.district.data]
        before = self._registration
        # A longer postcode holds for the address it came with.
        moved = (before.county + before.district, before.street) != (self.district.data, self.street.value)
        return Contact(
            mobile=self.mobile.value,
            phone=self.phone.value,
            email=self.email.value,
            zip_code=place.zip3 if moved else before.zip_code,
            county=place.county,
            district=place.name,
            street=self.street.value,
        )


def read_documents(uploads: Any, *, most: int) -> tuple[Document, ...]:
    """Return the files of a field as documents; raises ValidationError with what is wrong with them."""
    contents = [file.read(LARGEST_BYTES + 1) for file in uploads or [] if file and file.filename]
    if len(contents) > most:
        raise ValidationError(Message("一次最多 %(most)s 個檔案", {"most": most}))
    if len(contents) > 1 and sum(map(len, contents)) > LARGEST_BYTES:
        raise ValidationError(Message("檔案合計超過 5 MB，請縮小或減少檔案"))
    try:
        return tuple(read_document(content) for content in contents)
    except InvalidValue as error:
        raise ValidationError(error.message) from error


class CorrectionForm(RefusableForm):
    """The answer to what a review found missing: words, documents, or both (R068)."""

    answer = ReadAreaField(_l("說明"), readers.read_request)
    files = MultipleFileField(_l("文件"))
    documents: tuple[Document, ...] = ()

    def validate_files(self, field: Any) -> None:
        self.documents = read_documents(field.data, most=MOST_FILES)


class AmendmentForm(RefusableForm):
    """A request to correct identity data (R141): what is wrong, and whose mistake it is (Q6)."""

    cause = PickField(
        _l("哪裡錯了"),
        choices=choices_of(
            [
                (MISTAKE, _l("報名時填錯了")),
                (OFFICE, _l("報名資料正確，但准考證或網站顯示錯誤")),
            ]
        ),
        missing=Message("請選擇哪裡錯了"),
    )
    wish = ReadAreaField(
        _l("要更正的內容"), readers.read_request, missing=Message("請寫出哪一項要更正、正確的內容是什麼")
    )
