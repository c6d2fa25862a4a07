"""The payments desk: orders, receipts and gateway messages, for looking at only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from app.accounts.permissions import Permission
from app.accounts.policy import may_open, permission_required
from app.admin import services
from app.admin.chips import chip_row
from app.admin.labels import NOTICE_TAGS, PAYMENT_TAG_KINDS, RECEIPT_TAGS
from app.admin.order_story import story_of
from app.admin.paging import asked_page
from app.admin.queries import payments
from app.core import clock
from app.core.identity import mask_name
from app.groups.models import Group
from app.payments.books.papers import hand_out_receipt
from app.payments.queries import status_of
from app.payments.refunds.rules import RULES
from app.payments.refunds.states import STATE_LABELS
from app.payments.states import NoticeOutcome
from app.payments.words import METHOD_NAMES
from app.registration.models import Registration
from app.web import current_actor

bp = Blueprint("payments", __name__, url_prefix="/payments")


@bp.get("/")
@permission_required(Permission.PAYMENTS)
def index() -> str:
    refundable = request.args.get("refundable") == "yes"
    every, to_refund = payments.count_orders()
    page = asked_page(to_refund if refundable else every)
    orders = payments.list_orders(refundable=refundable, page=page)
    chips = [
        (_l("全部訂單"), url_for(".index"), every, not refundable),
        (_l("有款項要退"), url_for(".index", refundable="yes"), to_refund, refundable),
        (_l("金流通知"), url_for(".messages"), None, False),
        (_l("繳費方式"), url_for(".methods"), None, False),
    ]
    return render_template(
        "admin/payments.html",
        lines=[(order, status_of(order, now=clock.now())) for order in orders],
        chips=chips,
        page=page,
        url_of=lambda number: url_for(".index", refundable="yes" if refundable else None, page=number),
        payment_tag_kinds=PAYMENT_TAG_KINDS,
    )


@bp.get("/orders/<public_id>")
@permission_required(Permission.PAYMENTS)
def show(public_id: str) -> str:
    order = payments.get_order(public_id)
    status = status_of(order, now=clock.now())
    return render_template(
        "admin/order.html",
        order=order,
        status=status,
        subject=_subject(payments.find_subject(order)),
        status_kind=PAYMENT_TAG_KINDS[status.kind],
        story=story_of(order),
        receipt_tags=RECEIPT_TAGS,
        method_names=METHOD_NAMES,
        refund_rules=RULES,
        refund_labels=STATE_LABELS,
    )


@bp.get("/orders/<public_id>/receipt.pdf")
@permission_required(Permission.PAYMENTS)
def receipt(public_id: str) -> Response:
    return hand_out_receipt(services.look_at_receipt(public_id, actor=current_actor()))


@bp.get("/messages")
@permission_required(Permission.PAYMENTS)
def messages() -> str:
    asked = request.args.get("outcome")
    outcome = NoticeOutcome(asked) if asked in set(NoticeOutcome) else None
    counts = payments.count_messages()
    total = sum(counts.values()) if outcome is None else counts.get(outcome, 0)
    page = asked_page(total)
    found = payments.list_messages(outcome, page=page)

    def url_of(value: str | None, **more: Any) -> str:
        return url_for(".messages", outcome=value, **more)

    return render_template(
        "admin/messages.html",
        messages=found,
        orders=payments.orders_by_trade_number(found),
        chips=chip_row(
            {key or "": number for key, number in counts.items()},
            [(each.value, label) for each, (_kind, label) in NOTICE_TAGS.items()],
            outcome,
            url_of,
            every=_l("全部通知"),
        ),
        page=page,
        url_of=lambda number: url_of(outcome, page=number),
        notice_tags=NOTICE_TAGS,
    )


def _subject(found: Group | Registration | None) -> tuple[str, str | None] | None:
    if found is None:
        return None
    if isinstance(found, Group):
        name, endpoint = found.name, "admin.groups.show"
    else:
        name, endpoint = mask_name(found.chinese_name), "admin.review.case"
    return name, url_for(endpoint, public_id=found.public_id) if may_open(endpoint) else None
