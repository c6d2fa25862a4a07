"""The page on which an order is paid, read as its payer would."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask, make_response
from werkzeug.wrappers import Response

from app.core.actors import SYSTEM
from app.core.db import transaction
from app.exams.queries import find_current_year
from app.payments import pages
from app.payments.gateways.base import Method
from app.payments.models import Order
from app.payments.services import OrderLineSpec, cancel_order, record_message
from tests.client import check_page
from tests.conftest import taipei
from tests.factories.orders import (
    account_message,
    barcode_message,
    declined_message,
    make_attempt,
    make_order,
    paid_message,
    store_code_message,
)
from tests.factories.reconciliation import take_trades, trade_row

PATH = "/registrations/abc/pay"
FACTS = [("姓名", "王小明"), ("報名梯次", "全國認證第一梯次"), ("報名腔調", "海陸"), ("報名考區", "臺南")]


@pytest.fixture
def answer(app: Flask) -> Callable[..., Response]:
    """What the page's address answers about an order, asked as the rooms above ask it."""

    def answer(order: Order, **posted: str) -> Response:
        verb: dict[str, Any] = {"method": "POST", "data": posted} if posted else {}
        with app.test_request_context(PATH, **verb):
            app.preprocess_request()
            return make_response(pages.pay(order, subject_facts=FACTS, back_url="/registrations/abc"))

    return answer


@pytest.fixture
def show(answer: Callable[..., Response]) -> Callable[..., BeautifulSoup]:
    def show(order: Order, *, status: int = 200, **posted: str) -> BeautifulSoup:
        response = answer(order, **posted)
        html = response.get_data(as_text=True)
        assert response.status_code == status
        check_page(html, where=PATH)
        return BeautifulSoup(html, "html5lib").main

    return show


def report(body: bytes) -> None:
    record_message("ecpay", body, address=None, actor=SYSTEM)


def words(part: Any) -> str:
    return " ".join(part.get_text(" ", strip=True).split())


def buttons(page: BeautifulSoup) -> list[str]:
    return [button["value"] for button in page.select(".methods button")]


def test_the_answer_comes_first_how_much_by_when_and_how_long(show):
    page = show(make_order())

    assert words(page.find(class_="answer")) == "請在 112 年 5 月 7 日（日）23:59 前繳 NT$250 ，還有 6 天。"


@pytest.mark.requirement("S010")
def test_the_deadline_is_explained_with_its_clause(show):
    page = show(make_order())

    assert "112 年 5 月 1 日（一）是第 1 天，第 7 天就是最後一天" in words(page.find(class_="why"))
    assert "捌、二、(四)5" in words(page.find(class_="why"))


@pytest.mark.requirement("W021")
def test_on_the_last_day_the_page_says_so_and_offers_only_what_is_immediate(show, at):
    order = make_order()
    at("2023-05-07 20:00")

    page = show(order)

    assert "今天是最後一天" in words(page.find(class_="answer"))
    # A store code is counted in minutes and can still end at midnight.
    assert buttons(page) == ["store_code", "card"]
    assert words(page).count("來不及取號繳費") == 2


@pytest.mark.requirement("R100")
def test_who_what_and_how_much_stand_on_the_bill(show):
    page = show(make_order())

    bill = words(page.find(class_="bill"))
    assert all(word in bill for fact in FACTS for word in fact)
    assert "NT$250" in bill


@pytest.mark.requirement("R078", "R226")
def test_a_group_sees_how_many_are_free_and_how_many_pay(show):
    page = show(make_order(lines=(OrderLineSpec("免繳費", 1, 0), OrderLineSpec("繳費", 2, 250))))

    assert "免繳費 NT$0 × 1" in words(page.find(class_="bill"))
    assert "繳費 NT$250 × 2" in words(page.find(class_="bill"))
    assert "NT$500" in words(page.find(class_="bill-amount"))


@pytest.mark.requirement("R090")
def test_the_terms_stand_before_the_methods(show):
    page = show(make_order())

    headings = [words(heading) for heading in page.find_all("h2")]
    assert headings.index("繳費須知與退費辦理") < headings.index("選擇繳費方式")
    assert "扣除郵資及行政費 58 元" in words(page.find(class_="terms"))
    assert "就表示您已確認繳費項目，並同意繳費須知與退費辦理" in words(page)


@pytest.mark.requirement("R081")
def test_a_multi_round_offers_no_store(show):
    page = show(make_order(methods=(Method.ATM, Method.CARD, Method.LINE_PAY), days_allowed=3))

    assert buttons(page) == ["atm", "card"]
    assert "LINE Pay 目前暫停服務" in words(page)


@pytest.mark.requirement("R099")
def test_the_deadline_can_be_put_into_a_calendar(show):
    link = show(make_order()).find("a", class_="bill-calendar")

    entry = parse_qs(urlsplit(link["href"]).query)
    assert link["href"].startswith("https://calendar.google.com/")
    assert entry["dates"] == ["20230507/20230508"]
    assert entry["text"] == ["繳費期限：全國認證第一梯次報名費 NT$250"]


@pytest.mark.requirement("R092")
def test_choosing_a_method_leads_to_the_gateway_and_works_by_a_button_too(show):
    order = make_order()

    page = show(order, method="card")

    form = page.find("form", attrs={"data-gateway": True})
    sent = {field["name"]: field["value"] for field in form.find_all("input")}
    assert form["action"] == "http://127.0.0.1:8001/Cashier/AioCheckOut/V5"
    assert sent["MerchantTradeNo"] == order.attempts[0].trade_number
    assert words(form.button) == "繼續前往"


@pytest.mark.parametrize("method", ["gold", "line_pay"])
def test_a_method_that_is_not_offered_brings_the_page_back_with_a_sentence(show, method):
    page = show(make_order(), status=409, method=method)

    assert page.find(role="alert")
    assert "方式" in words(page.find(role="alert"))
    assert buttons(page)


@pytest.mark.requirement("R092", "R094", "R095")
def test_an_issued_account_stands_there_to_be_copied(show):
    order = make_order()
    report(account_message(make_attempt(order)))

    page = show(order)

    copied = [button["data-copy"] for button in page.select("[data-copy]")]
    assert copied == ["005", "5219111913209840"]
    assert "5219 1119 1320 9840" in words(page)
    assert "臺灣土地銀行" in words(page)
    assert "2 至 3 個工作天" in words(page.find(id="codes"))
    assert "到銀行、郵局匯款都可以" in words(page.find(id="codes"))
    assert "請不要兩種都繳" in words(page.find(class_="other-methods"))
    assert "atm" not in buttons(page)


@pytest.mark.requirement("R092", "R093")
def test_issued_bars_stand_there_to_be_scanned_with_their_numbers(show):
    order = make_order()
    report(barcode_message(make_attempt(order, Method.STORE_BARCODE)))

    page = show(order)

    assert [words(code) for code in page.select(".barcodes code")] == [
        "1205076EA",
        "3453011539919569",
        "050177000000250",
    ]
    assert len(page.select(".barcodes svg path")) == 3
    assert "112 年 5 月 7 日" in words(page.find(class_="code-card"))
    assert "請調亮螢幕；紙本請用雷射印表機列印" in words(page.find(class_="code-card"))


@pytest.mark.requirement("R092", "R095", "S019")
def test_an_issued_store_code_stands_there_to_be_copied_with_the_steps_at_the_kiosk(show):
    order = make_order()
    report(store_code_message(make_attempt(order, Method.STORE_CODE)))

    page = show(order)

    assert [button["data-copy"] for button in page.select("[data-copy]")] == ["LLL23121004711"]
    card = words(page.find(class_="code-card"))
    assert "繳到 112 年 5 月 7 日（日）23:50 為止" in card
    assert "ibon" in card
    assert "2 至 3 個工作天" in card
    assert "store_code" not in buttons(page)


@pytest.mark.requirement("R087")
def test_a_code_that_outlives_the_order_is_shown_with_the_orders_last_day(show):
    order = make_order()
    late = store_code_message(make_attempt(order, Method.STORE_CODE), ExpireDate="2023/05/08 00:20:00")
    report(late)

    assert "繳到 112 年 5 月 7 日（日） 為止" in words(show(order).find(class_="code-card"))


@pytest.mark.requirement("R096")
def test_asking_for_an_account_that_is_there_leads_back_to_it(answer):
    order = make_order()
    report(account_message(make_attempt(order)))

    response = answer(order, method="atm")

    assert (response.status_code, response.location) == (303, f"{PATH}#codes")


def test_after_a_refused_card_the_page_says_what_to_do(show):
    order = make_order()
    report(declined_message(make_attempt(order, Method.CARD)))

    page = show(order)

    assert "額度不足，沒有扣款" in words(page.find(class_="notice"))
    assert "card" in buttons(page)


@pytest.mark.requirement("R096")
def test_who_comes_back_from_the_card_page_before_the_report_is_asked_to_wait(show):
    order = make_order()
    make_attempt(order, Method.CARD)

    assert "不要馬上再刷一次" in words(show(order).find(class_="notice"))


def test_a_paid_order_says_so_with_its_time_and_nothing_more_to_pay(show):
    order = make_order()
    report(paid_message(make_attempt(order), at=taipei("2023-05-03 10:00")))

    page = show(order)

    assert words(page.h1) == "繳費完成"
    assert "112 年 5 月 3 日（三）10:00" in words(page.find(class_="answer"))
    assert page.find(class_="methods") is None
    assert page.find("a", class_="btn-primary")["href"] == "/registrations/abc"


def test_who_paid_twice_sees_both_payments_and_that_one_is_refunded(show):
    order = make_order()
    report(paid_message(make_attempt(order, Method.CARD)))
    attempt = order.attempts[0]
    report(paid_message(attempt))

    page = show(order)

    rows = [words(row) for row in page.select("tbody tr")]
    assert ["已入帳" in rows[0], "溢繳，將退費" in rows[1]] == [True, True]


@pytest.mark.requirement("R102", "Q21")
def test_what_is_settled_is_not_promised_any_more(show):
    order = make_order()
    report(paid_message(make_attempt(order, Method.CARD)))
    report(paid_message(order.attempts[0], TradeAmt="50"))

    page = show(order)

    assert "溢繳，退費已辦完" in words(page.select("tbody tr")[1])
    assert "將退費" not in words(page)


def test_too_little_is_said_plainly_and_the_rest_can_be_paid(show):
    order = make_order()
    report(paid_message(make_attempt(order), TradeAmt="200"))

    page = show(order)

    assert "還差 NT$50" in words(page.find(class_="notice"))
    assert "前繳 NT$50" in words(page.find(class_="answer"))


@pytest.mark.requirement("R087")
def test_after_the_deadline_nothing_can_be_paid(show, at):
    order = make_order()
    at("2023-05-08 00:00")

    page = show(order)

    assert words(page.h1) == "繳費期限已過"
    assert page.find(class_="methods") is None
    assert page.find(class_="notice") is None


@pytest.mark.parametrize(("now", "told"), [("2023-05-12 23:59", True), ("2023-05-13 00:00", False)])
def test_who_has_an_account_is_told_for_some_days_that_a_report_may_be_under_way(show, at, now, told):
    order = make_order()
    report(account_message(make_attempt(order)))
    at(now)

    page = show(order)

    assert ("已經在期限內繳了嗎" in words(page)) == told
    assert page.find(id="codes") is None


def test_pressing_a_button_after_the_deadline_is_refused(show, at):
    order = make_order()
    at("2023-05-08 00:00")

    page = show(order, status=409, method="card")

    assert "繳費期限已過" in words(page.find(role="alert"))


def test_a_cancelled_order_asks_for_no_money(show):
    order = make_order()
    cancel_order(order, actor=SYSTEM)

    page = show(order)

    assert "請不要再繳費" in words(page.find(class_="answer"))
    assert page.find(class_="methods") is None


@pytest.mark.requirement("R095")
def test_who_waits_for_a_report_sees_how_far_reports_have_come(show, at):
    order = make_order()
    report(account_message(make_attempt(order)))
    before = words(show(order).find(id="codes"))
    at("2023-05-02 14:30")
    report(paid_message(make_attempt(make_order())))
    at("2023-05-03 09:00")

    after = words(show(order).find(id="codes"))

    assert "收到入帳通知" not in before
    assert "最近一次收到入帳通知（不一定是您這筆）： 112 年 5 月 2 日（二）14:30" in after


@pytest.mark.requirement("R095")
def test_who_waits_sees_up_to_which_day_the_files_of_the_gateway_have_been_read(show, at):
    order, late = make_order(), make_order()
    for each in (order, late):
        report(account_message(make_attempt(each)))
    at("2023-05-03 09:00")
    assert "入帳檔" not in words(show(order))
    take_trades(trade_row("NOTOURS", paid_at="2023-05-02 10:00"))

    assert "本站已讀到 112 年 5 月 2 日（二） 的入帳檔。" in words(show(order).find(id="codes"))
    at("2023-05-08 09:00")
    assert "本站已讀到 112 年 5 月 2 日（二） 的入帳檔。" in words(show(late))


@pytest.mark.requirement("R096")
def test_the_terms_say_not_to_press_twice_and_how_long_to_wait(show):
    terms = words(show(make_order()).find(class_="terms"))

    assert "刷卡時請勿重複點選；超過 30 秒沒有回應，再重新嘗試。" in terms


@pytest.mark.requirement("R097")
def test_the_cards_that_are_taken_are_the_years(show):
    year = find_current_year()
    before = words(show(make_order()).find(class_="methods"))
    methods = year.facts["payment"]["methods"]
    cards = methods | {"credit_card": methods["credit_card"] | {"brands": ["VISA", "UnionPay"]}}
    with transaction():
        year.facts = year.facts | {"payment": year.facts["payment"] | {"methods": cards}}

    after = words(show(make_order()).find(class_="methods"))

    assert "接受 VISA、MasterCard、JCB。" in before
    assert "接受 VISA、UnionPay。" in after
