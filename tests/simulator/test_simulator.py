"""The simulator over real HTTP, with the portal's own client as the merchant."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import urljoin

import pytest
import requests
from bs4 import BeautifulSoup

from app.core import clock
from app.core.clock import TAIPEI
from app.core.errors import GatewayError
from app.payments.gateways import barcode, check_mac
from app.payments.gateways.base import ForgedNotice, Method, NoticeKind, TradeState
from app.payments.gateways.ecpay import STAGE, EcpayGateway
from app.payments.gateways.form_body import parse_form_body
from tests.simulator.conftest import LAST_DAY, MORNING

TEST_CARD = {"number": "4311-9522-2222-2222", "expiry": "12/30", "cvv": "222"}


class Payer:
    """A person at a browser: opens the gateway's page, presses a button, is sent back."""

    def __init__(self, simulator_url: str, gateway: EcpayGateway) -> None:
        self._url = simulator_url
        self._gateway = gateway
        self._answer: requests.Response | None = None

    @property
    def page(self) -> BeautifulSoup:
        return BeautifulSoup(self._answer.text, "html.parser")

    @property
    def status_code(self) -> int:
        return self._answer.status_code

    @property
    def heading(self) -> str:
        return self.page.h1.get_text(strip=True)

    def open(self, charge) -> "Payer":
        form = self._gateway.start(charge)
        return self.post_order(form.fields)

    def post_order(self, fields: dict[str, str]) -> "Payer":
        self._answer = requests.post(f"{self._url}/Cashier/AioCheckOut/V5", data=fields, timeout=10)
        return self

    def press(self, button: str, **typed: str) -> "Payer":
        """Press the button with these words, everything hidden sent along as a browser would."""
        pressed = next(tag for tag in self.page("button") if tag.get_text(strip=True) == button)
        form = pressed.find_parent("form")
        fields = {tag["name"]: tag.get("value", "") for tag in form("input")} | typed
        if pressed.get("name"):
            fields[pressed["name"]] = pressed["value"]
        self._answer = requests.post(urljoin(self._answer.url, form["action"]), data=fields, timeout=10)
        return self


@pytest.fixture
def payer(simulator_url, gateway) -> Payer:
    return Payer(simulator_url, gateway)


@pytest.fixture
def pay(simulator_url):
    """Return a function that plays the bank or the store: (status, answer) of the control API."""

    def pay_trade(charge, **how):
        url = f"{simulator_url}/simulator/trades/{charge.trade_number}/pay"
        answer = requests.post(url, json=how, timeout=20)
        return answer.status_code, answer.json()

    return pay_trade


@pytest.fixture
def issued(payer, a_charge):
    """Return a charge whose account has been issued."""
    payer.open(a_charge).press("取得繳費帳號")
    return a_charge


def listed(simulator_url: str, charge) -> dict:
    trades = requests.get(f"{simulator_url}/simulator/trades", timeout=10).json()["trades"]
    return next(trade for trade in trades if trade["trade_number"] == charge.trade_number)


def undelivered(simulator_url: str, charge) -> list[dict]:
    owed = requests.get(f"{simulator_url}/simulator/trades", timeout=10).json()["undelivered"]
    return [notice for notice in owed if notice["trade_number"] == charge.trade_number]


def deliver_again(simulator_url: str, charge) -> list[dict]:
    answers = requests.post(f"{simulator_url}/simulator/deliver", timeout=20).json()["deliveries"]
    return [answer for answer in answers if answer["trade_number"] == charge.trade_number]


# --- the payer's pages --------------------------------------------------------------------------


def test_account_is_issued_told_to_the_merchant_and_carried_back(payer, gateway, merchant, a_charge):
    payer.open(a_charge)
    assert payer.heading == "ATM 轉帳付款"
    assert "NT$250" in payer.page.get_text()

    payer.press("取得繳費帳號")
    payer.press("回到報名網站")

    [told] = merchant.notices(gateway, "/code")
    [carried] = merchant.notices(gateway, "/return")
    assert told.kind is carried.kind is NoticeKind.CODE_ISSUED
    assert told.code == carried.code
    assert told.code.bank_code == "005"
    assert len(told.code.account) == 16
    assert told.code.expires_on == LAST_DAY
    assert told.amount_twd == 250


def test_barcodes_are_issued_with_right_check_characters(payer, gateway, merchant, a_charge):
    payer.open(replace(a_charge, method=Method.STORE_BARCODE)).press("取得繳費條碼")

    [told] = merchant.notices(gateway, "/code")
    assert told.method is Method.STORE_BARCODE
    assert barcode.is_valid(told.code.barcodes)
    assert told.code.barcodes[0].startswith("120507")  # ROC 112-05-07, its last two digits
    assert told.code.barcodes[2].endswith("000000250")
    assert told.code.expires_on == LAST_DAY


def test_store_code_is_issued_and_lives_through_the_last_minutes_of_the_last_day(
    payer, gateway, merchant, pay, a_charge
):
    charge = replace(a_charge, method=Method.STORE_CODE)
    payer.open(charge).press("取得繳費代碼")

    [notice] = merchant.notices(gateway, "/code")
    assert notice.kind is NoticeKind.CODE_ISSUED
    assert notice.method is Method.STORE_CODE
    assert notice.code.store_code.startswith("LLL23121")  # 1 May is day 121
    assert len(notice.code.store_code) == 14
    assert notice.code.expires_at == datetime(2023, 5, 7, 23, 50, tzinfo=TAIPEI)
    assert notice.code.store_code in payer.page.get_text()

    clock.set_demo_time(datetime(2023, 5, 7, 23, 50, tzinfo=TAIPEI))
    assert pay(charge)[0] == 409
    clock.set_demo_time(datetime(2023, 5, 7, 23, 49, tzinfo=TAIPEI))
    assert pay(charge)[0] == 200
    [paid] = merchant.notices(gateway, "/notify")
    assert (paid.fee_twd, paid.method) == (30, Method.STORE_CODE)


def test_code_pressed_twice_stays_the_same_and_is_told_once(payer, gateway, merchant, a_charge):
    payer.open(a_charge)
    checkout = payer._answer
    payer.press("取得繳費帳號")
    payer._answer = checkout
    payer.press("取得繳費帳號")

    [told] = merchant.notices(gateway, "/code")
    assert " ".join(told.code.account[at : at + 4] for at in (0, 4, 8, 12)) in payer.page.get_text()


def test_authorised_card_is_paid_by_the_server_and_shown_by_the_browser(payer, gateway, merchant, a_charge):
    payer.open(replace(a_charge, method=Method.CARD)).press("授權", **TEST_CARD)
    assert payer.heading == "付款完成"
    payer.press("回到報名網站")

    [paid] = merchant.notices(gateway, "/notify")
    [carried] = merchant.notices(gateway, "/return")
    assert paid.kind is carried.kind is NoticeKind.PAID
    assert paid.method is Method.CARD
    assert paid.paid_at == MORNING
    assert paid.fee_twd == 7
    assert paid.raw["RtnMsg"] == "交易成功"
    assert paid.raw["card4no"] == "2222"
    assert carried.raw["RtnMsg"] == "Succeeded"


def test_refused_card_is_reported_and_can_be_tried_again(payer, gateway, merchant, a_charge):
    payer.open(replace(a_charge, method=Method.CARD))
    page = payer._answer
    payer.press("模擬拒絕")
    assert payer.heading == "付款沒有成功"

    payer._answer = page
    payer.press("授權", **TEST_CARD)

    kinds = [notice.kind for notice in merchant.notices(gateway, "/notify")]
    assert kinds == [NoticeKind.FAILED, NoticeKind.PAID]


@pytest.mark.parametrize("wrong", [{"number": "4000-2211-1111-1111"}, {"cvv": "000"}, {"number": ""}])
def test_card_that_is_not_the_test_card_is_asked_for_again(payer, merchant, a_charge, wrong):
    payer.open(replace(a_charge, method=Method.CARD)).press("授權", **{**TEST_CARD, **wrong})

    assert payer.status_code == 422
    assert "測試卡" in payer.page.find(role="alert").get_text()
    assert payer.page.find(id="number")["value"] == {**TEST_CARD, **wrong}["number"]
    assert not payer.page.find(id="cvv").get("value")
    assert merchant.received == []


def test_pages_label_themselves_and_work_without_inline_script(payer, a_charge):
    payer.open(replace(a_charge, method=Method.CARD))

    page = payer.page
    assert page.html["lang"] == "zh-TW"
    assert "金流模擬器" in page.title.get_text()
    assert "金流模擬器" in page.header.get_text()
    assert all(script.get("src") for script in page("script"))
    assert not page.find(style=True)
    assert {label["for"] for label in page("label")} == {field["id"] for field in page("input")}
    assert "default-src 'none'" in payer._answer.headers["Content-Security-Policy"]


def test_going_back_without_paying_is_offered(payer, a_charge):
    assert payer.open(a_charge).page.find("a", href=a_charge.client_back_url)


# --- orders the gateway refuses -----------------------------------------------------------------


def test_number_used_before_is_refused(payer, a_charge):
    payer.open(a_charge)

    payer.open(a_charge)

    assert payer.status_code == 400
    assert "10300028" in payer.page.get_text()


def test_order_changed_after_signing_is_refused(payer, gateway, a_charge):
    payer.post_order({**gateway.start(a_charge).fields, "TotalAmount": "1"})

    assert payer.status_code == 400
    assert "10200073" in payer.page.get_text()


@pytest.mark.parametrize(
    "changes",
    [
        {"MerchantID": "2000132"},
        {"MerchantTradeNo": "HK-1"},
        {"MerchantTradeDate": "2023-05-01 09:00:00"},
        {"PaymentType": "cash"},
        {"EncryptType": "0"},
        {"TotalAmount": "10"},
        {"TotalAmount": "50000"},
        {"TotalAmount": "250.5"},
        {"TradeDesc": ""},
        {"ItemName": ""},
        {"ReturnURL": ""},
        {"ReturnURL": "javascript:alert(1)"},
        {"ChoosePayment": "CVS", "TotalAmount": "32"},
        {"ChoosePayment": "CVS", "StoreExpireDate": "43201"},
        {"ChoosePayment": "WebATM"},
        {"ExpireDate": "0"},
        {"ExpireDate": "61"},
        {"OrderResultURL": "https://portal.example/return"},  # not for accounts
        {"ChoosePayment": "BARCODE", "StoreExpireDate": "31"},
    ],
    ids=str,
)
def test_signed_order_with_a_wrong_field_is_refused(payer, gateway, simulator_url, a_charge, changes):
    fields = gateway.start(a_charge).fields | changes

    payer.post_order(check_mac.sign(fields, STAGE.hash_key, STAGE.hash_iv))

    assert payer.status_code == 400
    assert payer.heading == "無法付款"
    assert gateway.query(a_charge.trade_number, MORNING).state is TradeState.NOT_FOUND


def test_result_addresses_of_server_and_browser_must_differ(payer, gateway, a_charge):
    fields = gateway.start(replace(a_charge, method=Method.CARD)).fields
    fields["OrderResultURL"] = fields["ReturnURL"]

    payer.post_order(check_mac.sign(fields, STAGE.hash_key, STAGE.hash_iv))

    assert payer.status_code == 400


# --- paying -------------------------------------------------------------------------------------


def test_paid_account_is_told_to_the_merchant(simulator_url, gateway, merchant, pay, issued):
    status, answer = pay(issued)

    [paid] = merchant.notices(gateway, "/notify")
    assert (status, answer["trade"]["status"]) == (200, "paid")
    assert answer["deliveries"] == [
        {
            "trade_number": issued.trade_number,
            "attempt": 1,
            "accepted": True,
            "status_code": 200,
            "body": "1|OK",
        }
    ]
    assert paid.kind is NoticeKind.PAID
    assert paid.amount_twd == 250
    assert listed(simulator_url, issued)["status"] == "paid"


def test_list_shows_what_the_payer_needs(simulator_url, merchant, gateway, issued):
    trade = listed(simulator_url, issued)

    [told] = merchant.notices(gateway, "/code")
    assert trade["method"] == "atm"
    assert trade["amount"] == 250
    assert trade["status"] == "code_issued"
    assert trade["account"] == told.code.account
    assert trade["expire"] == "2023-05-07"
    assert trade["expired"] is False


@pytest.mark.parametrize(
    ("at", "status"),
    [
        (datetime(2023, 5, 7, 23, 59, 59, tzinfo=TAIPEI), 200),
        (datetime(2023, 5, 8, 0, 0, 0, tzinfo=TAIPEI), 409),
    ],
)
def test_account_is_paid_through_its_last_day_only(pay, issued, at, status):
    clock.set_demo_time(at)

    answered, body = pay(issued)

    assert answered == status
    assert ("過期" in body.get("error", "")) is (status == 409)


def test_barcode_is_paid_through_the_day_on_its_first_bar(payer, pay, a_charge):
    payer.open(replace(a_charge, method=Method.STORE_BARCODE)).press("取得繳費條碼")

    clock.set_demo_time(datetime(2023, 5, 8, 0, 0, tzinfo=TAIPEI))
    late, _ = pay(a_charge)
    clock.set_demo_time(datetime(2023, 5, 7, 23, 59, tzinfo=TAIPEI))
    in_time, _ = pay(a_charge)

    assert (late, in_time) == (409, 200)


def test_late_payment_can_be_forced(gateway, merchant, pay, issued):
    clock.set_demo_time(datetime(2023, 5, 9, 10, 0, tzinfo=TAIPEI))

    status, _ = pay(issued, force=True)

    [paid] = merchant.notices(gateway, "/notify")
    assert status == 200
    assert clock.taipei_day(paid.paid_at) == date(2023, 5, 9)


def test_nothing_is_paid_before_a_code_is_issued(payer, pay, a_charge):
    payer.open(a_charge)

    status, answer = pay(a_charge)

    assert status == 409
    assert "取號" in answer["error"]


def test_paying_twice_is_refused(pay, issued):
    pay(issued)

    status, answer = pay(issued)

    assert status == 409
    assert "已經付過款" in answer["error"]


def test_another_amount_can_be_paid(gateway, merchant, pay, issued):
    pay(issued, amount=200)

    [paid] = merchant.notices(gateway, "/notify")
    assert paid.amount_twd == 200
    assert gateway.query(issued.trade_number, MORNING).amount_twd == 200


def test_simulated_payment_moves_no_money(simulator_url, gateway, merchant, pay, issued):
    pay(issued, simulate_paid=True)

    [notice] = merchant.notices(gateway, "/notify")
    assert notice.kind is NoticeKind.SIMULATED
    assert listed(simulator_url, issued)["status"] == "code_issued"


def test_wrong_digest_reaches_the_merchant_as_a_forgery(gateway, merchant, pay, issued):
    pay(issued, wrong_digest=True)

    [body] = merchant.bodies("/notify")
    with pytest.raises(ForgedNotice):
        gateway.read_notice(parse_form_body(body))


def test_notice_can_come_several_times(merchant, pay, issued):
    pay(issued, times=3)

    bodies = merchant.bodies("/notify")
    assert len(bodies) == 3
    assert len(set(bodies)) == 1


@pytest.mark.parametrize(
    ("code", "kind", "state"),
    [
        ("10100248", NoticeKind.FAILED, TradeState.FAILED),
        ("10300066", NoticeKind.PENDING, TradeState.UNPAID),
    ],
)
def test_card_can_be_refused_or_left_pending(payer, gateway, merchant, pay, a_charge, code, kind, state):
    payer.open(replace(a_charge, method=Method.CARD))

    pay(a_charge, rtn_code=code)

    [notice] = merchant.notices(gateway, "/notify")
    assert notice.kind is kind
    assert gateway.query(a_charge.trade_number, MORNING).state is state


def test_failure_told_after_success_leaves_the_trade_paid(gateway, pay, issued):
    pay(issued)

    pay(issued, rtn_code="10100248", force=True)

    assert gateway.query(issued.trade_number, MORNING).state is TradeState.PAID


@pytest.mark.parametrize(
    "how",
    [
        {"amount": 0},
        {"amount": "250"},
        {"times": 11},
        {"times": True},
        {"rtn_code": 1},
        {"force": 1},
        {"sum": 1},
    ],
    ids=str,
)
def test_senseless_order_to_the_payer_is_refused(merchant, pay, issued, how):
    status, answer = pay(issued, **how)

    assert status == 422
    assert answer["error"]
    assert merchant.bodies("/notify") == []


def test_unknown_trade_cannot_be_paid(pay, a_charge):
    assert pay(a_charge)[0] == 404


# --- delivery -----------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [b"0|Error", b"1|OK\n", b'"1|OK"', b""])
def test_anything_but_the_exact_answer_leaves_the_notice_owed(simulator_url, merchant, pay, issued, answer):
    merchant.answer = answer

    _, result = pay(issued)

    assert result["deliveries"][0]["accepted"] is False
    [owed] = undelivered(simulator_url, issued)
    assert (owed["result_code"], owed["attempts"], owed["given_up"]) == ("1", 1, False)


def test_notice_is_repeated_with_another_message_until_accepted(
    simulator_url, gateway, merchant, pay, issued
):
    merchant.answer = b"0|Error"
    pay(issued)
    merchant.answer = b"1|OK"

    [again] = deliver_again(simulator_url, issued)

    assert (again["attempt"], again["accepted"]) == (2, True)
    first, second = merchant.notices(gateway, "/notify")
    assert (first.raw["RtnMsg"], second.raw["RtnMsg"]) == ("交易成功", "paid")
    assert second.kind is NoticeKind.PAID
    assert undelivered(simulator_url, issued) == []


def test_gateway_gives_up_after_five_deliveries(simulator_url, merchant, pay, issued):
    merchant.answer = b"0|Error"
    pay(issued)

    attempts = [len(deliver_again(simulator_url, issued)) for _ in range(5)]

    assert attempts == [1, 1, 1, 1, 0]
    assert len(merchant.bodies("/notify")) == 5
    assert undelivered(simulator_url, issued)[0]["given_up"] is True


def test_notice_can_be_held_back_and_delivered_days_later(simulator_url, gateway, merchant, pay, issued):
    pay(issued, deliver=False)
    assert merchant.bodies("/notify") == []
    assert gateway.query(issued.trade_number, MORNING).state is TradeState.PAID

    clock.set_demo_time(MORNING + timedelta(days=2))
    deliver_again(simulator_url, issued)

    [paid] = merchant.notices(gateway, "/notify")
    assert paid.paid_at == MORNING


# --- questions ----------------------------------------------------------------------------------


def test_query_follows_the_trade(payer, gateway, pay, a_charge):
    states = [gateway.query(a_charge.trade_number, MORNING).state]
    payer.open(a_charge).press("取得繳費帳號")
    states.append(gateway.query(a_charge.trade_number, MORNING).state)
    pay(a_charge)
    paid = gateway.query(a_charge.trade_number, MORNING)

    assert [*states, paid.state] == [TradeState.NOT_FOUND, TradeState.UNPAID, TradeState.PAID]
    assert paid.paid_at == MORNING
    assert paid.amount_twd == 250


def test_lost_code_can_be_asked_for_while_unpaid(merchant, gateway, pay, issued):
    [told] = merchant.notices(gateway, "/code")

    assert gateway.query_code(issued.trade_number, MORNING).code == told.code
    pay(issued)
    assert gateway.query_code(issued.trade_number, MORNING).code is None


@pytest.mark.parametrize(("minutes", "answered"), [(-3, True), (3, True), (-4, False), (4, False)])
def test_question_more_than_three_minutes_off_is_not_answered(gateway, issued, minutes, answered):
    at = MORNING + timedelta(minutes=minutes)

    if answered:
        assert gateway.query(issued.trade_number, at).state is TradeState.UNPAID
    else:
        with pytest.raises(GatewayError):
            gateway.query(issued.trade_number, at)


def test_question_signed_with_another_key_is_not_answered(simulator_url, issued):
    stranger = EcpayGateway(replace(STAGE, base_url=simulator_url, hash_key="A" * 16))

    with pytest.raises(GatewayError):
        stranger.query(issued.trade_number, MORNING)


@pytest.mark.requirement("R082")
def test_each_bill_gets_an_account_of_its_own(payer, gateway, merchant, a_charge):
    for number in ("HK90000000000001", "HK90000000000002"):
        payer.open(replace(a_charge, trade_number=number)).press("取得繳費帳號")

    accounts = [notice.code.account for notice in merchant.notices(gateway, "/code")]
    assert len(set(accounts)) == len(accounts) == 2
