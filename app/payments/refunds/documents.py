"""The blank refund form on the downloads page (R110)."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.messages import Message
from app.exams.models import ExamYear, Round
from app.payments.refunds.content import blank_form_content
from app.payments.refunds.form_pdf import FormContent, build_refund_form
from app.site.models import DocumentCategory
from app.site.portal_documents import PortalDocument, register


def _content(year: ExamYear, _rounds: Sequence[Round]) -> FormContent:
    return blank_form_content(year)


register(
    PortalDocument(
        name="refund-form",
        suffix="pdf",
        category=DocumentCategory.FORM,
        title=Message("退費申請書"),
        note=Message("登入後線上申請，會帶入您的資料"),
        content=_content,
        draw=build_refund_form,
    )
)
