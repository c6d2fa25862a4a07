"""The page on which an order is paid; the rooms that own orders show it at an address of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.errors import Refused
from app.core.messages import N_, Message
from app.core.money import format_twd
from app.exams.queries import find_current_year
from app.payments import queries
from app.payments.code39 import code39_svg
from app.payments.forms import MethodForm
from app.payments.gateways import find_gateway, gateway_for
from app.payments.gateways.base import Method, RedirectForm
from app.payments.models import Attempt, Order
from app.payments.reconciliation.queries import find_files_read_until
from app.payments.services import check_can_start, is_held_up, start_attempt
from app.payments.states import AttemptState, ReceiptOutcome
from app.payments.status import PaymentKind
from app.web import current_actor

# How long the page of a LINE Pay request can be used (payments.md 2.2).
_PAGE_LIVES: Final = timedelta(minutes=20)

# Two or three working days, over a weekend (R095).
_LONGEST_REPORT: Final = timedelta(days=5)

# The banks behind ECPay's accounts: who transfers at a counter has to write the name (payments.md 1.2).
_BANKS: Final = {
    "004": N_("臺灣銀行"),
    "005": N_("臺灣土地銀行"),
    "007": N_("第一商業銀行"),
    "013": N_("國泰世華商業銀行"),
    "118": N_("板信商業銀行"),
    "812": N_("台新國際商業銀行"),
    "822": N_("中國信託商業銀行"),
}


@dataclass(frozen=True, slots=True)
class ShownCode:
    """An account, three bars or a store code, ready to be shown.

    :ivar last_day: inclusive
    :ivar until: the minute up to which it can be paid, None when it is good through the whole of its last day
    """

    method: Method
    amount_twd: int
    last_day: date
    until: datetime | None
    store_code: str | None
    bank_code: str | None
    bank_name: str | None
    account: str | None
    account_grouped: str
    bars: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Offer:
    """A method that the track allows; `refusal` says why it cannot be used now, None when it can."""

    method: Method
    refusal: Message | None


@dataclass(frozen=True, slots=True)
class FreshStart:
    """How a payer who is too late can register anew.

    :ivar closes_on: last day of registration, inclusive
    :ivar cancel_url: where the unpaid registration is withdrawn; None: it cannot be, by a button
    """

    closes_on: date
    cancel_url: str | None


def pay(
    order: Order,
    *,
    subject_facts: Sequence[tuple[str, Any]],
    back_url: str,
    fresh_start: FreshStart | None = None,
    group: bool = False,
    links: Sequence[tuple[str, str]] = (),
) -> ResponseReturnValue:
    """Answer GET and POST of the payment page of an order; the caller has checked whose it is.

    GET shows what is owed and by when, the ways to pay, and what has been issued or received. POST
    with a method takes the browser to the gateway, or back here when there is a code to show (R090-R100).

    :param subject_facts: (label, value) of who and what is paid for: name or group, round, dialect, area
    :param back_url: the page about the registration or group, below which lie receipt.pdf, bill.pdf and
        pay.ics
    :param fresh_start: what to offer after the last day of payment
    :param group: whether a group pays, whose way has one step more (R201)
    :param links: (label, address) of what else helps the payer (R261)
    """
    form = MethodForm()
    refusal = None
    if form.validate_on_submit():
        try:
            going = start_attempt(order, method=form.method.data, actor=current_actor())
        except Refused as error:
            refusal = error.message
        else:
            if going is None:
                return redirect(f"{request.path}#codes", 303)
            page = "to_gateway.html" if isinstance(going, RedirectForm) else "to_line_pay.html"
            return render_template(f"payments/{page}", going=going, method=form.method.data, order=order)
    elif form.is_submitted():
        refusal = form.method.errors[0] if form.method.errors else None
    facts = _page_facts(order, clock.now())
    page = render_template(
        "payments/pay.html",
        order=order,
        refusal=refusal,
        subject_facts=subject_facts,
        back_url=back_url,
        fresh_start=fresh_start,
        group=group,
        links=links,
        **facts,
    )
    return page, 409 if refusal else 200


def _page_facts(order: Order, now: datetime) -> dict[str, Any]:
    status = queries.payer_status_of(order, now=now)
    held_up = status.confirming and is_held_up(order, now=now)
    live = queries.list_live_codes(order, now=now) if status.can_pay else []
    codes = [_shown(attempt) for attempt in live]
    report_may_follow = status.kind == PaymentKind.EXPIRED and _may_be_reported(order, now)
    waiting = live or ([a for a in order.attempts if a.code_expires_at] if report_may_follow else [])
    latest = order.attempts[-1] if order.attempts and status.can_pay else None
    year = find_current_year()
    return {
        "status": status,
        "codes": codes,
        "offers": [_offer(order, method, now) for method in _offered(order)]
        if status.can_pay and not held_up
        else [],
        "missing": [method for method in _allowed(order) if gateway_for(method) is None],
        "card_under_way": latest is not None and _is_card(latest, AttemptState.STARTED),
        "line_pay_url": _open_page(latest, now) if latest else None,
        "failure": failure_of(latest) if latest else None,
        "failed_method": latest.method if latest else None,
        "report_may_follow": report_may_follow,
        "days_allowed": (order.last_day - order.issued_on).days + 1,
        "calendar_url": _calendar_url(order) if status.can_pay else None,
        "reported_until": queries.find_last_report_at() if codes else None,
        "files_until": find_files_read_until({attempt.gateway for attempt in waiting}),
        "cards": year.facts["payment"]["methods"]["credit_card"]["brands"] if year else [],
        "refund_deduction_twd": year.facts["refund"]["deduction"] if year else None,
        "show_receipts": any(r.outcome != ReceiptOutcome.APPLIED for r in order.receipts)
        or len(order.receipts) > 1,
    }


def _allowed(order: Order) -> list[Method]:
    return [Method(value) for value in order.methods]


def _offered(order: Order) -> list[Method]:
    return [method for method in _allowed(order) if gateway_for(method) is not None]


def _offer(order: Order, method: Method, now: datetime) -> Offer:
    decision = check_can_start(order, method, now=now)
    return Offer(method, None if decision else decision.reason)


def _may_be_reported(order: Order, now: datetime) -> bool:
    """Return whether money given to a store or a bank in time may still be under way to us (R095)."""
    issued = any(attempt.code_expires_at is not None for attempt in order.attempts)
    return issued and now < clock.end_of_day(order.last_day) + _LONGEST_REPORT


def _is_card(attempt: Attempt, state: AttemptState) -> bool:
    return attempt.method == Method.CARD and attempt.state == state


def _open_page(attempt: Attempt, now: datetime) -> str | None:
    """Return where the payer can still agree to an attempt; None where that is over or never was."""
    waits = attempt.state == AttemptState.STARTED and now < attempt.started_at + _PAGE_LIVES
    return attempt.payment_url if waits else None


def failure_of(attempt: Attempt) -> Message | None:
    """Return why a card or LINE Pay was refused, as the gateway told; None unless it was."""
    gateway = find_gateway(attempt.gateway)
    at_once = attempt.method in (Method.CARD, Method.LINE_PAY)
    if attempt.state != AttemptState.FAILED or not at_once or gateway is None:
        return None
    return gateway.failure_reason(queries.find_failure_code(attempt) or "")


def _shown(attempt: Attempt) -> ShownCode:
    if attempt.code_expires_at is None:
        raise ValueError("this attempt has no code")
    # A code asked for late on the gateway's page may outlive the order; what is paid then is late (R087).
    order_end = clock.end_of_day(attempt.order.last_day)
    ends_at = min(attempt.code_expires_at, order_end)
    account = attempt.account_number or ""
    return ShownCode(
        method=attempt.method,
        amount_twd=attempt.amount_twd,
        # Gateways name the last second or the first one after; both mean the same last day.
        last_day=clock.taipei_day(ends_at - timedelta(microseconds=1)),
        until=ends_at if attempt.store_code and ends_at < order_end else None,
        store_code=attempt.store_code,
        bank_code=attempt.bank_code,
        bank_name=_BANKS.get(attempt.bank_code or ""),
        account=attempt.account_number,
        account_grouped=" ".join(account[start : start + 4] for start in range(0, len(account), 4)),
        bars=[(code39_svg(text), text) for text in attempt.barcodes or []],
    )


def _calendar_url(order: Order) -> str:
    """Return Google Calendar's page that adds the last day as a whole-day entry (R099)."""
    day = f"{order.last_day:%Y%m%d}/{order.last_day + timedelta(days=1):%Y%m%d}"
    entry = {
        "action": "TEMPLATE",
        "text": _(
            "繳費期限：%(title)s %(amount)s", title=order.title, amount=format_twd(order.outstanding_twd)
        ),
        "dates": day,
    }
    return "https://calendar.google.com/calendar/render?" + urlencode(entry)
