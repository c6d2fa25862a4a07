"""ECPay as a gateway: what we send, what we believe, and what happens when it does not answer."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

import pytest

from app.core.clock import TAIPEI
from app.core.errors import GatewayError, Refused
from app.payments.gateways import check_mac
from app.payments.gateways.base import (
    ChargeRequest,
    ForeignNotice,
    ForgedNotice,
    GatewayBusy,
    MalformedNotice,
    Method,
    NoticeKind,
    PaymentCode,
    TradeState,
)
from app.payments.gateways.ecpay import STAGE, EcpayGateway, EcpaySettings, RetiredKey
from app.payments.gateways.ecpay_fields import failure_reason
from app.payments.gateways.form_body import parse_form_body
from tests.payments.vectors import vector

#: The merchant whose recorded answers the vectors hold.
RECORDED = EcpaySettings(
    merchant_id="2000132", hash_key="5294y06JbISpM5x9", hash_iv="v77hoKGq4kWxNNIS", base_url="http://unused"
)

# Monday 1 May 2023, 09:00 in Taipei: the brochure's example, payable through Sunday 7 May.
NOW = datetime(2023, 5, 1, 9, 0, tzinfo=TAIPEI)
LAST_DAY = date(2023, 5, 7)


def a_request(**changes) -> ChargeRequest:
    request = ChargeRequest(
        trade_number="HK112050100000001",
        amount_twd=250,
        item_name="112年客語能力認證報名費",
        description="全國認證第一梯次",
        method=Method.ATM,
        last_day=LAST_DAY,
        requested_at=NOW,
        notify_url="https://portal.example/payments/ecpay/notify",
        code_url="https://portal.example/payments/ecpay/code",
        return_url="https://portal.example/payments/ecpay/return",
        client_back_url="https://portal.example/registrations",
    )
    return replace(request, **changes)


def a_result(**changes: str) -> dict[str, str]:
    return {
        "MerchantID": STAGE.merchant_id,
        "MerchantTradeNo": "HK112050100000001",
        "StoreID": "",
        "RtnCode": "1",
        "RtnMsg": "交易成功",
        "TradeNo": "2305010905001234",
        "TradeAmt": "250",
        "PaymentDate": "2023/05/01 09:05:00",
        "PaymentType": "ATM_LAND",
        "PaymentTypeChargeFee": "10",
        "TradeDate": "2023/05/01 09:00:10",
        "SimulatePaid": "0",
        "CustomField1": "",
        **changes,
    }


def signed(fields: dict[str, str], settings: EcpaySettings = STAGE) -> list[tuple[str, str]]:
    return list(check_mac.sign(fields, settings.hash_key, settings.hash_iv).items())


def read(fields: dict[str, str]):
    return EcpayGateway(STAGE).read_notice(signed(fields))


# --- starting -----------------------------------------------------------------------------------


def test_the_order_form_is_signed_and_goes_to_the_checkout():
    form = EcpayGateway(STAGE).start(a_request())

    assert form.action_url == "https://payment-stage.ecpay.com.tw/Cashier/AioCheckOut/V5"
    assert check_mac.verify(form.fields, STAGE.hash_key, STAGE.hash_iv)
    assert form.fields["MerchantTradeDate"] == "2023/05/01 09:00:00"
    assert form.fields["TotalAmount"] == "250"
    assert form.fields["ItemName"] == "112年客語能力認證報名費"
    assert form.fields["ReturnURL"] == "https://portal.example/payments/ecpay/notify"


def test_the_order_time_is_written_in_taipei_time():
    form = EcpayGateway(STAGE).start(a_request(requested_at=datetime(2023, 5, 1, 16, 30, tzinfo=UTC)))

    assert form.fields["MerchantTradeDate"] == "2023/05/02 00:30:00"


@pytest.mark.parametrize(
    ("method", "choice", "own"),
    [
        (Method.ATM, "ATM", {"ExpireDate": "6"}),
        (Method.STORE_BARCODE, "BARCODE", {"StoreExpireDate": "6"}),
        # From 09:00 on 1 May to the end of 7 May, less ten minutes to press for the code.
        (Method.STORE_CODE, "CVS", {"StoreExpireDate": str(6 * 1440 + 15 * 60 - 10)}),
        (Method.CARD, "Credit", {"OrderResultURL": "https://portal.example/payments/ecpay/return"}),
    ],
)
def test_each_method_sends_its_own_fields(method, choice, own):
    fields = EcpayGateway(STAGE).start(a_request(method=method)).fields

    assert fields["ChoosePayment"] == choice
    assert own.items() <= fields.items()
    assert ("PaymentInfoURL" in fields) is (method is not Method.CARD)
    assert ("ClientRedirectURL" in fields) is (method is not Method.CARD)
    assert ("OrderResultURL" in fields) is (method is Method.CARD)


@pytest.mark.requirement("R087")
@pytest.mark.parametrize(
    ("method", "last_day", "days"),
    [
        (Method.ATM, date(2023, 5, 2), "1"),
        (Method.ATM, date(2023, 6, 30), "60"),
        (Method.ATM, date(2023, 7, 1), "60"),  # the gateway's longest: it expires before the order
        (Method.STORE_BARCODE, date(2023, 5, 2), "1"),
        (Method.STORE_BARCODE, date(2023, 5, 31), "30"),
        (Method.STORE_BARCODE, date(2023, 6, 1), "30"),
        (Method.STORE_CODE, date(2023, 5, 2), str(1440 + 15 * 60 - 10)),
        (Method.STORE_CODE, date(2023, 6, 30), "43200"),
    ],
)
def test_a_code_expires_on_the_last_day_and_never_after_it(method, last_day, days):
    fields = EcpayGateway(STAGE).start(a_request(method=method, last_day=last_day)).fields

    assert days in (fields.get("ExpireDate"), fields.get("StoreExpireDate"))


@pytest.mark.parametrize(
    ("method", "now", "possible"),
    [
        (Method.ATM, datetime(2023, 5, 6, 23, 59, tzinfo=TAIPEI), True),
        (
            Method.ATM,
            datetime(2023, 5, 7, 0, 0, tzinfo=TAIPEI),
            False,
        ),  # the shortest would outlive the order
        (Method.STORE_BARCODE, datetime(2023, 5, 6, 9, 0, tzinfo=TAIPEI), True),
        (Method.STORE_BARCODE, datetime(2023, 5, 7, 9, 0, tzinfo=TAIPEI), False),
        (Method.STORE_CODE, datetime(2023, 5, 7, 22, 9, tzinfo=TAIPEI), True),  # 101 minutes and 10 to press
        (Method.STORE_CODE, datetime(2023, 5, 7, 22, 9, 1, tzinfo=TAIPEI), False),
        (Method.STORE_CODE, datetime(2023, 5, 8, 0, 0, tzinfo=TAIPEI), False),
        (Method.CARD, datetime(2023, 5, 7, 23, 59, tzinfo=TAIPEI), True),
        (Method.CARD, datetime(2023, 5, 8, 0, 0, tzinfo=TAIPEI), False),
        (Method.LINE_PAY, NOW, False),
    ],
)
def test_what_can_still_be_used_until_when(method, now, possible):
    decision = EcpayGateway(STAGE).check_can_start(method, amount_twd=250, last_day=LAST_DAY, now=now)

    assert decision.allowed is possible
    assert str(decision.reason)


@pytest.mark.parametrize(
    ("method", "amount_twd", "possible"),
    [
        (Method.STORE_BARCODE, 16, False),
        (Method.STORE_BARCODE, 17, True),
        (Method.STORE_BARCODE, 20_000, True),  # eighty pupils
        (Method.STORE_BARCODE, 20_250, False),
        (Method.STORE_CODE, 32, False),
        (Method.STORE_CODE, 33, True),
        (Method.STORE_CODE, 6_000, True),  # twenty-four pupils
        (Method.STORE_CODE, 6_001, False),
        (Method.ATM, 10, False),
        (Method.ATM, 11, True),
        (Method.ATM, 49_999, True),
        (Method.ATM, 50_000, False),
        (Method.CARD, 4, False),
        (Method.CARD, 5, True),
        (Method.CARD, 199_999, True),
        (Method.CARD, 200_000, False),
    ],
)
def test_amounts_outside_the_method_are_refused(method, amount_twd, possible):
    decision = EcpayGateway(STAGE).check_can_start(method, amount_twd=amount_twd, last_day=LAST_DAY, now=NOW)

    assert decision.allowed is possible


def test_starting_what_is_refused_raises_with_the_reason():
    with pytest.raises(Refused, match="最後一天"):
        EcpayGateway(STAGE).start(a_request(requested_at=datetime(2023, 5, 7, 0, 0, tzinfo=TAIPEI)))


def test_signs_that_the_gateway_blocks_or_splits_on_are_left_out_of_the_texts():
    fields = (
        EcpayGateway(STAGE).start(a_request(item_name="報名費#<script>&團體", description="長" * 300)).fields
    )

    assert fields["ItemName"] == "報名費 script 團體"
    assert fields["TradeDesc"] == "長" * 200


@pytest.mark.parametrize(
    "changes",
    [
        {"trade_number": "HK-1120501"},
        {"trade_number": "HK1"},
        {"trade_number": "H" * 21},
        {"trade_number": "客語112"},
        {"amount_twd": 0},
        {"requested_at": datetime(2023, 5, 1, 9, 0)},  # noqa: DTZ001  # the mistake under test
    ],
)
def test_a_senseless_request_cannot_be_made(changes):
    with pytest.raises(ValueError, match=r"trade number|amount|aware"):
        a_request(**changes)


def test_an_address_too_long_for_the_gateway_is_an_error():
    with pytest.raises(ValueError, match="200 characters"):
        EcpayGateway(STAGE).start(a_request(notify_url="https://portal.example/" + "n" * 180))


def test_keys_do_not_show_when_settings_are_printed():
    assert STAGE.hash_key not in repr(STAGE)
    assert STAGE.hash_iv not in repr(STAGE)


def test_published_keys_are_known_as_such():
    assert STAGE.has_public_keys
    own = replace(STAGE, merchant_id="1234567", hash_key="A" * 16)
    assert replace(STAGE, merchant_id="1234567").has_public_keys
    assert not own.has_public_keys
    known = RetiredKey(STAGE.hash_key, STAGE.hash_iv, LAST_DAY)
    assert replace(own, retired_keys=(known,)).has_public_keys


# --- notices ------------------------------------------------------------------------------------


def test_recorded_account_is_read():
    entry = vector("ecpay_check_mac_value", "ecpay-stage-codeinfo-atm")
    pairs = [*entry["input"]["params"].items(), ("CheckMacValue", entry["expected"]["check_mac_value"])]

    notice = EcpayGateway(RECORDED).read_notice(pairs)

    assert notice.kind is NoticeKind.CODE_ISSUED
    assert notice.method is Method.ATM
    assert notice.amount_twd == 409
    assert notice.paid_at is None
    assert notice.code == PaymentCode(
        bank_code="005", account="5219111913209840", expires_on=date(2022, 4, 29)
    )


def test_recorded_barcodes_are_read():
    entry = vector("ecpay_check_mac_value", "ecpay-stage-codeinfo-barcode")
    pairs = [*entry["input"]["params"].items(), ("CheckMacValue", entry["expected"]["check_mac_value"])]

    notice = EcpayGateway(RECORDED).read_notice(pairs)

    assert notice.kind is NoticeKind.CODE_ISSUED
    assert notice.method is Method.STORE_BARCODE
    assert notice.code == PaymentCode(
        barcodes=("1105036EA", "3453011539919569", "042677000001500"),
        expires_on=date(2022, 5, 3),
        expires_at=datetime(2022, 5, 3, 14, 2, 17, tzinfo=TAIPEI),
    )


def test_recorded_store_code_is_read():
    entry = vector("ecpay_check_mac_value", "ecpay-stage-codeinfo-cvs")
    pairs = [*entry["input"]["params"].items(), ("CheckMacValue", entry["expected"]["check_mac_value"])]

    notice = EcpayGateway(RECORDED).read_notice(pairs)

    assert notice.method is Method.STORE_CODE
    assert notice.code is not None
    assert notice.code.store_code == "LLL22098722826"


def test_a_payment_is_read():
    notice = read(a_result())

    assert notice.kind is NoticeKind.PAID
    assert notice.trade_number == "HK112050100000001"
    assert notice.gateway_trade_number == "2305010905001234"
    assert notice.amount_twd == 250
    assert notice.paid_at == datetime(2023, 5, 1, 1, 5, tzinfo=UTC)
    assert notice.method is Method.ATM
    assert notice.fee_twd == 10
    assert notice.raw["RtnMsg"] == "交易成功"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, NoticeKind.PAID),
        ({"RtnMsg": "paid"}, NoticeKind.PAID),  # a repeated notice; the message decides nothing
        ({"SimulatePaid": "1"}, NoticeKind.SIMULATED),
        ({"SimulatePaid": "2"}, NoticeKind.SIMULATED),  # only a plain 0 is money
        ({"RtnCode": "10300066"}, NoticeKind.PENDING),
        ({"RtnCode": "10100248"}, NoticeKind.FAILED),
        ({"RtnCode": "01"}, NoticeKind.FAILED),  # compared as text
        ({"RtnCode": "0"}, NoticeKind.FAILED),
        ({"RtnCode": "99999999"}, NoticeKind.FAILED),  # what we do not know is never money
        ({"RtnCode": "10100248", "TradeNo": "", "PaymentDate": ""}, NoticeKind.FAILED),
    ],
)
def test_the_result_code_decides_what_a_notice_is(changes, kind):
    assert read(a_result(**changes)).kind is kind


@pytest.mark.parametrize(
    ("written", "fee_twd"), [("7", 7), ("6.88", 7), ("", None), ("free", None), ("NaN", None), ("1e99", None)]
)
def test_a_fee_we_cannot_read_does_not_stop_a_payment(written, fee_twd):
    notice = read(a_result(PaymentTypeChargeFee=written))

    assert notice.kind is NoticeKind.PAID
    assert notice.fee_twd == fee_twd


@pytest.mark.parametrize(
    "changes",
    [
        {"TradeAmt": "251"},
        {"RtnCode": "2"},
        {"SimulatePaid": "1"},
        {"Unknown": ""},
        {"CheckMacValue": ""},
        {"CheckMacValue": "壞"},
    ],
)
def test_a_field_changed_after_signing_makes_it_a_forgery(changes):
    pairs = list({**dict(signed(a_result())), **changes}.items())

    with pytest.raises(ForgedNotice):
        EcpayGateway(STAGE).read_notice(pairs)


def test_a_field_removed_after_signing_makes_it_a_forgery():
    pairs = [pair for pair in signed(a_result()) if pair[0] != "CustomField1"]

    with pytest.raises(ForgedNotice):
        EcpayGateway(STAGE).read_notice(pairs)


def test_fields_we_do_not_know_are_signed_and_kept():
    assert read(a_result(gwsr="11958723", red_dan="")).raw["gwsr"] == "11958723"


def test_a_genuine_notice_for_another_merchant_is_foreign():
    with pytest.raises(ForeignNotice):
        read(a_result(MerchantID="3002599"))


def test_case_28_messages_of_retired_keys_are_believed_through_their_last_day_and_signed_by_none(at):
    retired = RetiredKey(STAGE.hash_key, STAGE.hash_iv, last_day=date(2023, 5, 10))
    gateway = EcpayGateway(replace(STAGE, hash_key="A" * 16, hash_iv="B" * 16, retired_keys=(retired,)))

    at("2023-05-10 23:59:59")
    assert gateway.read_notice(signed(a_result())).kind is NoticeKind.PAID
    assert check_mac.verify(gateway.start(a_request()).fields, "A" * 16, "B" * 16)

    at("2023-05-11 00:00")
    with pytest.raises(ForgedNotice):
        gateway.read_notice(signed(a_result()))
    assert STAGE.hash_key not in repr(retired)


@pytest.mark.parametrize("number", ["10000007", ""])
def test_a_card_brings_the_number_of_its_authorisation(number):
    notice = read(a_result(PaymentType="Credit_CreditCard", gwsr=number))

    assert notice.authorisation_number == (number or None)


@pytest.mark.parametrize(
    "changes",
    [
        {"MerchantTradeNo": ""},
        {"TradeNo": ""},
        {"TradeAmt": "250.0"},
        {"TradeAmt": "-250"},
        {"TradeAmt": "２５０"},
        {"TradeAmt": ""},
        {"PaymentDate": "2023-05-01 09:05:00"},
        {"PaymentDate": "2023/02/30 09:05:00"},
        {"SimulatePaid": ""},
        {"RtnCode": ""},
        {"RtnCode": "2", "BankCode": "005", "vAccount": "", "ExpireDate": "2023/05/07"},
        {"RtnCode": "2", "BankCode": "005", "vAccount": "5219111913209840", "ExpireDate": "7 May"},
    ],
)
def test_a_genuine_notice_without_sense_is_malformed(changes):
    with pytest.raises(MalformedNotice):
        read(a_result(**changes))


def test_a_name_twice_is_malformed_before_it_is_anything_else():
    with pytest.raises(MalformedNotice):
        EcpayGateway(STAGE).read_notice([*signed(a_result()), ("RtnCode", "1")])


@pytest.mark.parametrize(
    ("code", "part"),
    [("10100251", "有效期限"), ("10100252", "額度不足"), ("10100255", "沒有核准"), ("7", "沒有核准")],
)
def test_a_failed_attempt_says_what_to_do_next(code, part):
    assert part in str(failure_reason(code))
    assert "其他繳費方式" in str(failure_reason(code))


# --- bodies -------------------------------------------------------------------------------------


def test_a_body_is_read_in_order_with_its_empty_values():
    assert parse_form_body(b"b=%E5%AE%A2+%7E&a=&c=1") == [("b", "客 ~"), ("a", ""), ("c", "1")]


@pytest.mark.parametrize(
    "body",
    [
        b"a=" + b"x" * (16 * 1024 - 1),
        b"&".join(b"n%d=1" % number for number in range(101)),
        b"a=1&a=2",
        b"a=\xff",
        b"a=%FF",
        b"a=%00",
        b"a=1&b",
    ],
    ids=["too long", "too many fields", "repeated name", "not utf-8", "escaped not utf-8", "nul", "no value"],
)
def test_a_body_outside_the_limits_is_malformed(body):
    with pytest.raises(MalformedNotice):
        parse_form_body(body)


@pytest.mark.parametrize(
    "body",
    [b"a=" + b"x" * (16 * 1024 - 2), b"&".join(b"n%d=1" % number for number in range(100))],
    ids=["just short enough", "just few enough"],
)
def test_a_body_at_the_limits_is_read(body):
    assert parse_form_body(body)


# --- questions ----------------------------------------------------------------------------------


@contextmanager
def a_gateway_that_answers(status: int, answer: Callable[[dict[str, str]], bytes]) -> Iterator[EcpayGateway]:
    """Run a real server in ECPay's place that answers each posted form with `answer(fields)`."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = parse_form_body(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(answer(dict(asked)))

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield EcpayGateway(replace(RECORDED, base_url=f"http://127.0.0.1:{server.server_port}"))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def recorded_answer(vector_id: str) -> Callable[[dict[str, str]], bytes]:
    entry = vector("ecpay_check_mac_value", vector_id)
    fields = {**entry["input"]["params"], "CheckMacValue": entry["expected"]["check_mac_value"]}
    return lambda _: urlencode(fields).encode()


@pytest.mark.parametrize(
    ("vector_id", "trade_number", "state", "amount_twd"),
    [
        ("ecpay-stage-query-credit-paid", "test25174199894103", TradeState.PAID, 2900),
        ("ecpay-stage-query-atm-unpaid", "N22042600020513", TradeState.UNPAID, 409),
        ("ecpay-stage-query-barcode-unpaid", "1501222204252113159", TradeState.UNPAID, 1500),
        ("ecpay-stage-query-not-found", "nulltrade", TradeState.NOT_FOUND, 0),
    ],
)
def test_recorded_answers_to_a_query_are_read(vector_id, trade_number, state, amount_twd):
    with a_gateway_that_answers(200, recorded_answer(vector_id)) as gateway:
        status = gateway.query(trade_number, NOW)

    assert status.state is state
    assert status.amount_twd == amount_twd
    assert (status.paid_at is not None) is (state is TradeState.PAID)


def test_a_question_is_signed_and_carries_the_time():
    asked: dict[str, str] = {}

    def note(fields: dict[str, str]) -> bytes:
        asked.update(fields)
        return recorded_answer("ecpay-stage-query-not-found")(fields)

    with a_gateway_that_answers(200, note) as gateway:
        gateway.query("nulltrade", NOW)

    assert asked["TimeStamp"] == "1682902800"
    assert check_mac.verify(asked, RECORDED.hash_key, RECORDED.hash_iv)


def test_a_lost_code_can_be_asked_for_again():
    with a_gateway_that_answers(200, recorded_answer("ecpay-stage-codeinfo-atm")) as gateway:
        notice = gateway.query_code("N22042600020513", NOW)

    assert notice.code is not None
    assert notice.code.account == "5219111913209840"


def test_an_answer_about_another_trade_is_no_answer():
    with (
        a_gateway_that_answers(200, recorded_answer("ecpay-stage-query-atm-unpaid")) as gateway,
        pytest.raises(GatewayError, match="another trade"),
    ):
        gateway.query("N22042600020514", NOW)


@pytest.mark.parametrize(
    ("status", "body", "error", "reason"),
    [
        (403, b"", GatewayBusy, "status 403"),
        (500, b"", GatewayError, "status 500"),
        (302, b"", GatewayError, "status 302"),  # not followed
        (200, b"<html>busy</html>", GatewayError, "not a form"),
        (200, b"", GatewayError, "CheckMacValue"),
        (200, b"MerchantID=2000132&TradeStatus=1&CheckMacValue=00", GatewayError, "CheckMacValue"),
    ],
)
def test_whatever_is_no_signed_answer_leaves_the_outcome_unknown(status, body, error, reason):
    with a_gateway_that_answers(status, lambda _: body) as gateway, pytest.raises(error, match=reason):
        gateway.query("N22042600020513", NOW)


def test_a_gateway_that_is_not_there_leaves_the_outcome_unknown():
    with a_gateway_that_answers(200, lambda _: b"") as gateway:
        pass

    with pytest.raises(GatewayError, match="ConnectionError"):
        gateway.query("N22042600020513", NOW)
