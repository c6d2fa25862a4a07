"""Aids and proof for special arrangements (R185, R253)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField

from app.core.fields import ReadAreaField
from app.core.forms import RefusableForm
from app.core.uploads import Document
from app.registration import readers
from app.registration.arrangement_rules import MOST_FILES
from app.registration.correction_forms import read_documents
from app.registration.models import Registration


class ArrangementForm(RefusableForm):
    aids = ReadAreaField(_l("要帶進試場的輔具或醫療器材"), readers.read_request)
    files = MultipleFileField(_l("證明文件"))
    documents: tuple[Document, ...] = ()

    def __init__(self, registration: Registration) -> None:
        known = registration.arrangement
        super().__init__(data={"aids": known.aids if known else None})

    def validate_files(self, field: Any) -> None:
        self.documents = read_documents(field.data, most=MOST_FILES)
