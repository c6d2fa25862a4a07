"""The papers about an order as answers: its receipt, its bill, its last day for a calendar.

The caller has checked whose the order is, or that it is a member of staff who asks.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import Response

from app.core import clock
from app.core.downloads import attachment
from app.core.errors import NotFound, Refused
from app.core.ics import MIMETYPE, Event, write_calendar
from app.core.messages import Message
from app.core.money import format_twd
from app.core.roc_dates import format_deadline
from app.core.translation import reader_language, translate
from app.payments import queries
from app.payments.books.bill_pdf import build_bill
from app.payments.books.content import bill_content, receipt_content
from app.payments.books.receipt_pdf import build_receipt
from app.payments.models import Order

_PDF: Final = "application/pdf"
_NO_ORDER: Final = Message("這份報名不用繳費，沒有收據或繳費單。")
_NOTHING_DUE: Final = Message("這筆費用現在不用繳，沒有期限可以加入行事曆。")
_REMIND: Final = timedelta(hours=15)  # 09:00 on the day before


def hand_out_receipt(order: Order | None) -> Response:
    """Return the receipt as a file; raises Refused while it is not paid, NotFound without an order."""
    content = receipt_content(_needed(order), now=clock.now(), language=reader_language())
    return attachment(
        build_receipt(content),
        mimetype=_PDF,
        name=f"收據-{content.number}.pdf",
        plain_name=f"receipt-{content.number}.pdf",
    )


def hand_out_bill(order: Order | None) -> Response:
    """Return the convenience store's bill as a file; raises Refused when no bars can be paid (R093)."""
    content = bill_content(_needed(order), now=clock.now(), language=reader_language())
    return attachment(
        build_bill(content), mimetype=_PDF, name="便利商店繳費單.pdf", plain_name="store-bill.pdf"
    )


def hand_out_deadline(order: Order | None, *, uid: str, page_url: str) -> Response:
    """Return the last day as a whole-day entry that rings the day before (R099).

    :param uid: the same as in other files of ours that hold this deadline, so that it is never there twice
    :param page_url: the payment page's whole address
    :raises Refused: when nothing can be paid any more
    """
    order, now = _needed(order), clock.now()
    if not queries.status_of(order, now=now).can_pay:
        raise Refused(_NOTHING_DUE)
    amount = format_twd(order.outstanding_twd)
    title = Message("繳費期限：%(title)s %(amount)s", {"title": order.title, "amount": amount})
    until = Message(
        "請在 %(until)s 前繳 %(amount)s。", {"until": format_deadline(order.last_day), "amount": amount}
    )
    event = Event(uid, order.last_day, translate(title), text=translate(until), url=page_url, remind=_REMIND)
    content = write_calendar(translate(order.title), [event], written_at=now)
    return attachment(content, mimetype=MIMETYPE, name="繳費期限.ics", plain_name="payment-deadline.ics")


def _needed(order: Order | None) -> Order:
    if order is None:
        raise NotFound(_NO_ORDER)
    return order
