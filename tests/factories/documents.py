"""Files as the office would have published them."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.core.actors import SYSTEM
from app.site.files import PublicFile
from app.site.models import DocumentCategory, PublicDocument
from app.site.services import DocumentText, publish_document

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def make_document(**changes: Any) -> PublicDocument:
    values = {
        "category": DocumentCategory.BROCHURE,
        "title": "112 年度簡章",
        "opens_on": date(2022, 12, 15),
        "position": 10,
    }
    return publish_document(DocumentText(**(values | changes)), PublicFile("pdf", PDF), actor=SYSTEM)
