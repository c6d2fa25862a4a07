"""The payer's pages: the merchant's form comes in, the payer acts, the browser goes back."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import clock
from app.payments.gateways.base import MalformedNotice
from app.payments.gateways.ecpay import CHECKOUT_PATH
from app.payments.gateways.ecpay_fields import PAID, PENDING_AT_ACQUIRER
from app.payments.gateways.form_body import parse_form_body
from simulator.book import DuplicateTrade
from simulator.desk import Payment, current_desk
from simulator.notices import Outcome
from simulator.orders import DUPLICATE_NUMBER, WRONG_FIELD, OrderRefused, read_order
from simulator.trade import Status, Trade

blueprint = Blueprint("checkout", __name__)

#: ECPay's published test card.
TEST_CARD: Final = "4311952222222222"
TEST_CVV: Final = "222"

# What the buttons of the card's page come to.
_RESULTS: Final = {"authorise": PAID, "refuse": "10100248", "pending": PENDING_AT_ACQUIRER}


@blueprint.post(CHECKOUT_PATH)
def take_order() -> ResponseReturnValue:
    try:
        order = read_order(dict(parse_form_body(request.get_data())), current_desk().merchant)
        trade = current_desk().book.add(order, at=clock.now())
    except MalformedNotice:
        return _refuse(WRONG_FIELD, "表單格式不正確。")
    except OrderRefused as refusal:
        return _refuse(refusal.code, refusal.sentence)
    except DuplicateTrade:
        return _refuse(DUPLICATE_NUMBER, "訂單編號重複（MerchantTradeNo）。")
    return redirect(url_for("checkout.show", page_key=trade.page_key), 303)


@blueprint.get("/trades/<page_key>")
def show(page_key: str) -> str:
    trade = _trade(page_key)
    return render_template("simulator/checkout.html", trade=trade, back=_back(trade), mistake=None)


@blueprint.post("/trades/<page_key>/code")
def issue_code(page_key: str) -> ResponseReturnValue:
    trade = _trade(page_key)
    if trade.order.choice == "Credit":
        abort(404)
    trade = current_desk().issue_code(trade, at=clock.now())
    return render_template("simulator/returning.html", trade=trade, back=_back(trade))


@blueprint.post("/trades/<page_key>/card")
def charge_card(page_key: str) -> ResponseReturnValue:
    trade = _trade(page_key)
    if trade.order.choice != "Credit":
        abort(404)
    if trade.status is Status.PAID:
        return redirect(url_for("checkout.show", page_key=page_key), 303)
    code = _RESULTS.get(request.form.get("action", "authorise"), PAID)
    if code == PAID and not _is_test_card(request.form):
        mistake = "卡號或安全碼不是測試卡的，請照下方提示填寫。"
        page = render_template("simulator/checkout.html", trade=trade, back=None, mistake=mistake)
        return page, 422
    at = clock.now()
    trade, _ = current_desk().pay(trade, Payment(result_code=code), at=at)
    outcome = Outcome(code, trade.order.amount, at)
    back = current_desk().browser_result(trade, outcome) if trade.order.browser_url else None
    return render_template("simulator/returning.html", trade=trade, back=back)


def _refuse(code: str, sentence: str) -> ResponseReturnValue:
    return render_template("simulator/refused.html", code=code, sentence=sentence), 400


def _trade(page_key: str) -> Trade:
    trade = current_desk().book.find_by_page_key(page_key)
    if trade is None:
        abort(404)
    return trade


def _back(trade: Trade) -> dict[str, str] | None:
    """Return the signed fields to carry back, or None when there is nothing to tell or nowhere to go."""
    if not trade.order.browser_url:
        return None
    if trade.paid_at is not None and trade.paid_amount is not None and trade.order.choice == "Credit":
        return current_desk().browser_result(trade, Outcome(PAID, trade.paid_amount, trade.paid_at))
    return current_desk().browser_code(trade) if trade.code is not None else None


def _is_test_card(form: dict[str, str]) -> bool:
    number = re.sub(r"[\s-]", "", form.get("number", ""))
    return number == TEST_CARD and form.get("cvv", "").strip() == TEST_CVV


@blueprint.after_request
def forbid_framing(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    response.headers["Cache-Control"] = "no-store"
    return response
