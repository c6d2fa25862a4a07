"""The collection form on the downloads page, blank and filled in, as PDF and as ODF (R217, S012, S013)."""

from __future__ import annotations

from app.core.messages import Message
from app.groups.collection_form import SAMPLE_TITLE, TITLE, blank_content, sample_content
from app.groups.collection_odt import build_collection_odt
from app.groups.collection_pdf import build_collection_form
from app.site.models import DocumentCategory
from app.site.portal_documents import PortalDocument, register

_BLANK = {
    "name": "collection-form",
    "category": DocumentCategory.FORM,
    "title": TITLE,
    "content": blank_content,
}
_SAMPLE = {
    "name": "collection-form-sample",
    "category": DocumentCategory.SAMPLE,
    "title": SAMPLE_TITLE,
    "content": sample_content,
}

_COLLECT = Message("團報負責人收集紙本資料用")
_CHANGE = Message("可以在電腦上填寫或修改")
_INVENTED = Message("虛構的考生")

register(
    PortalDocument(**_BLANK, suffix="pdf", draw=build_collection_form, note=_COLLECT),
    PortalDocument(**_BLANK, suffix="odt", draw=build_collection_odt, note=_CHANGE),
    PortalDocument(**_SAMPLE, suffix="pdf", draw=build_collection_form, note=_INVENTED),
    PortalDocument(**_SAMPLE, suffix="odt", draw=build_collection_odt, note=_INVENTED),
)
