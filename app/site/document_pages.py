"""What the downloads page lists: the office's files and the portal's own, by category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from app.core import clock
from app.core.messages import Message
from app.exams.models import Round
from app.exams.queries import list_rounds
from app.site import queries, words
from app.site.files import format_size
from app.site.models import DocumentCategory, PublicDocument
from app.site.portal_documents import PortalDocument, portal_documents
from app.web import reads_english


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """:ivar url: None before the day it opens
    :ivar lang: of the title, where it is not the page's own; else None
    """

    category: DocumentCategory
    title: Message | str
    lang: str | None
    format: str
    size: str
    opens_on: date
    url: str | None
    note: Message | str | None


def document_rows() -> list[DocumentRow]:
    """Return all files, the office's before the portal's own."""
    rounds, today = list_rounds(), clock.today()
    rows = [_uploaded(each, today) for each in queries.list_public_documents()]
    if rounds:
        rows += [_drawn(each, rounds, today) for each in portal_documents()]
    return rows


def by_category(rows: Sequence[DocumentRow]) -> list[tuple[Message, list[DocumentRow]]]:
    """Return the rows under the name of their category; a category without files is left out."""
    parts = [
        (label, [row for row in rows if row.category == category])
        for category, label in words.DOCUMENT_CATEGORIES.items()
    ]
    return [(label, part) for label, part in parts if part]


def _uploaded(document: PublicDocument, today: date) -> DocumentRow:
    use_english = reads_english() and document.title_en is not None
    current = document.current
    return DocumentRow(
        category=document.category,
        title=document.title_en or document.title if use_english else document.title,
        lang="zh-Hant-TW" if reads_english() and not use_english else None,
        format=current.suffix.upper(),
        size=format_size(current.size_bytes),
        opens_on=document.opens_on,
        url=url_for("site.document", public_id=document.public_id) if document.opens_on <= today else None,
        note=document.note,
    )


def _drawn(document: PortalDocument, rounds: list[Round], today: date) -> DocumentRow:
    year = rounds[0].exam_year
    opens_on = document.opens_on(year)
    url = url_for("site.portal_document", name=document.name, suffix=document.suffix)
    return DocumentRow(
        category=document.category,
        title=document.title,
        lang=None,
        format=document.suffix.upper(),
        size=format_size(len(document.file(year, rounds))),
        opens_on=opens_on,
        url=url if opens_on <= today else None,
        note=document.note,
    )
