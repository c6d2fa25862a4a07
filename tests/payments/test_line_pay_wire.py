"""How LINE Pay is spoken to: signature, envelope, numbers of nineteen digits."""

from __future__ import annotations

import json

import pytest

from app.core.errors import GatewayError
from app.payments.gateways import line_pay_codes as codes
from app.payments.gateways.line_pay_wire import dollars, id_text, read_envelope, signature
from tests.payments.vectors import vector, vectors


@pytest.mark.parametrize("case", vectors("linepay_signature"), ids=lambda case: case["id"])
def test_a_call_is_signed_over_secret_path_payload_and_nonce(case):
    sent = case["input"]
    payload = sent.get("body", sent.get("query_string"))

    signed = signature(sent["channel_secret"], sent["path"], payload, sent["nonce"])

    assert signed == case["expected"]["x_line_authorization"]


def test_a_number_of_nineteen_digits_stays_whole():
    case = vector("linepay_transaction_id", "linepay-transaction-id-precision")
    body = json.dumps({"returnCode": "0000", "info": json.loads(case["input"]["json_fragment"])}).encode()

    number = id_text(read_envelope(body).info["transactionId"])

    assert number == case["expected"]["text"]
    assert f"{float(number):.0f}" != number


@pytest.mark.parametrize("number", [2021121600698709710.0, -5, True, "12a", "", None, [], "１２", "9" * 20])
def test_a_number_that_is_none_is_refused(number):
    with pytest.raises(GatewayError):
        id_text(number)


def test_a_number_may_come_as_text():
    assert id_text("2021121600698709710") == "2021121600698709710"


@pytest.mark.parametrize(
    ("written", "amount"), [("250", 250), ("250.0", 250), ("-58", -58), ("250.5", None), ("1e400", None)]
)
def test_amounts_are_whole_dollars(written, amount):
    value = read_envelope(b'{"returnCode":"0000","info":%s}' % written.encode()).info

    if amount is None:
        with pytest.raises(GatewayError):
            dollars(value)
    else:
        assert dollars(value) == amount


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"returnCode":0}', b"\xff\xfe", b'"0000"', b"null"]
)
def test_what_is_no_envelope_tells_nothing(body):
    with pytest.raises(GatewayError):
        read_envelope(body)


@pytest.mark.parametrize(
    ("code", "taken_for_sure_not"),
    [
        *[(code, True) for code in ("1101", "1102", "1110", "1142", "1153", "1180", "1281", "1299")],
        # After these nobody knows: Details tells.
        *[(code, False) for code in ("1145", "1152", "1170", "1172", "1179", "1198", "1199", "1901", "9000")],
        *[(code, False) for code in ("0000", "1150", "1106", "7777", "128")],
    ],
)
def test_only_codes_that_surely_mean_it_end_an_attempt(code, taken_for_sure_not):
    assert codes.refuses_payment(code) == taken_for_sure_not


@pytest.mark.parametrize(
    ("code", "word"),
    [("1142", "餘額不足"), ("1281", "換一張卡片"), ("0121", "20 分鐘"), ("7777", "再試一次")],
)
def test_a_failure_is_told_with_what_to_do(code, word):
    reason = str(codes.failure_reason(code))

    assert word in reason
    assert "沒有扣款" in reason
