"""Files into lines: each layout with its vectors, and what is broken is refused with a sentence."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.messages import Message
from app.payments.gateways.base import Method
from app.payments.reconciliation import ecpay_settlement, ecpay_trades, taishin
from app.payments.reconciliation.lines import LineKind, UnreadableFile
from tests.conftest import taipei
from tests.factories.reconciliation import (
    TRADE_HEADINGS,
    bank_file,
    bank_line,
    settlement_file,
    trade_file,
    trade_row,
)
from tests.payments.vectors import vectors

ROW = trade_row("ABCD", theirs="2305031000000001")
# As third parties have seen it (payments.md 1.7): no column says when it was paid.
TWELVE = tuple(name for name in TRADE_HEADINGS if name not in ("付款日期", "付款狀態"))


def lines_of(parser, content: bytes):
    return list(parser.parse(content))


def refusal_of(parser, content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        list(parser.parse(content))
    assert isinstance(refused.value.message, Message)
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["big5", "utf-8", "utf-8-sig"])
def test_a_trade_is_read_in_either_encoding(encoding):
    [line] = lines_of(ecpay_trades, trade_file([ROW], encoding=encoding))

    assert (line.kind, line.amount_twd, line.fee_twd) == (LineKind.PAYMENT, 250, 10)
    assert (line.at, line.is_exact, line.day) == (taipei("2023-05-03 10:00"), True, date(2023, 5, 3))
    assert (line.trade_number, line.gateway_trade_number) == ("ABCD", "2305031000000001")
    assert line.method == Method.ATM
    assert line.raw.startswith('="2023-05-02 09:00:00",')


def test_columns_are_found_by_name_and_what_is_not_told_is_not_guessed():
    [line] = lines_of(ecpay_trades, trade_file([ROW], headings=TWELVE[::-1]))

    assert (line.trade_number, line.amount_twd, line.fee_twd) == ("ABCD", 250, 10)
    assert (line.at, line.is_exact) == (taipei("2023-05-02 09:00"), False)


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("信用卡", Method.CARD),
        ("超商條碼", Method.STORE_BARCODE),
        ("超商代碼", Method.STORE_CODE),
        ("CVS_FAMILY", Method.STORE_CODE),
        ("ATM_LAND", Method.ATM),
        ("歐付寶", None),
    ],
)
def test_the_method_is_read_where_it_is_one_of_ours(text, method):
    [line] = lines_of(ecpay_trades, trade_file([ROW | {"付款方式": text}]))

    assert line.method == method


def test_a_negative_amount_is_a_refund_with_a_key_of_its_own():
    back = ROW | {"交易金額": "-100", "應收款項(淨額)": "-100"}

    paid, refund = lines_of(ecpay_trades, trade_file([ROW, back]))

    assert (refund.kind, refund.amount_twd, refund.fee_twd) == (LineKind.REFUND, 100, 0)
    assert refund.key != paid.key


def test_orders_that_were_not_paid_are_left_out():
    assert lines_of(ecpay_trades, trade_file([ROW | {"付款狀態": "未付款"}])) == []


def test_the_card_settlement_file_has_captures_and_refunds_and_its_sums_are_passed_over():
    content = settlement_file(
        [("12345", "C1", "ABCD", "20230503", 250), ("12345", "C2", "ABCD", "20230504", -100)]
    )

    paid, refund = lines_of(ecpay_settlement, content)

    assert (paid.kind, paid.amount_twd, paid.fee_twd) == (LineKind.PAYMENT, 250, 7)
    assert (refund.kind, refund.amount_twd, refund.day) == (LineKind.REFUND, 100, date(2023, 5, 4))
    assert paid.authorisation_number == refund.authorisation_number == "12345"
    assert paid.key != refund.key


@pytest.mark.parametrize("vector", vectors("bank_statement_line"), ids=lambda vector: vector["id"])
def test_the_banks_line_is_split_as_published(vector):
    content = vector["input"]["line"].encode()

    [line] = lines_of(taishin, content)

    expected = vector["expected"]
    assert [list(field) for field in taishin.FIELDS] == vector["input"]["widths"]
    assert taishin.split(content) == expected["fields"]
    assert (line.amount_twd, line.account) == (expected["amount"], expected["virtual_account14"])
    assert line.at == taipei("2007-11-05 09:31:58")
    assert line.key == "20071105:20760100002047:000001"


@pytest.mark.parametrize(("sign", "entry"), [("-", "C"), ("+", "D"), ("-", "D")])
def test_what_the_bank_takes_back_is_a_reversal(sign, entry):
    [line] = lines_of(taishin, bank_file(bank_line("95678305072509", sign=sign, entry=entry)))

    assert line.kind == LineKind.REVERSAL


def test_the_banks_widths_are_bytes_so_that_a_chinese_remark_moves_nothing():
    [line] = lines_of(taishin, bank_file(bank_line("95678305072509", comment="客語認證報名費")))

    assert (line.amount_twd, line.account) == (250, "95678305072509")
    assert "客語認證報名費" in line.raw


def cells(**changes: str) -> bytes:
    return trade_file([ROW | changes])


TRADES, SETTLEMENT, BANK = (
    trade_file([ROW]),
    settlement_file([("12345", "C1", "ABCD", "20230503", 250)]),
    bank_file(bank_line("95678305072509")),
)


@pytest.mark.parametrize(
    ("parser", "content", "sentence"),
    [
        (ecpay_trades, b"", "檔案是空的"),
        (ecpay_trades, b"\r\n \r\n", "檔案是空的"),
        (ecpay_trades, b"\xef\xbb\xbf", "檔案是空的"),
        (ecpay_trades, "一分鐘之內僅限下載一個媒體檔".encode(), "一分鐘內只能下載一個檔"),
        (ecpay_trades, "<html>一分鐘之內僅限下載一個媒體檔</html>".encode("big5"), "一分鐘內只能下載一個檔"),
        (ecpay_trades, b"<!DOCTYPE html><html><body>403 Forbidden</body></html>", "這是一個網頁"),
        (ecpay_trades, b"\xff\xfe\x00\x01" * 50, "文字編碼"),
        (ecpay_trades, TRADES.decode("big5").encode("utf-16"), "文字編碼"),
        (ecpay_trades, TRADES[:-20], "沒有下載完"),
        (ecpay_trades, TRADES.rstrip()[:-1], "沒有下載完"),
        (ecpay_trades, TRADES + TRADES, "兩份接在一起"),
        (ecpay_trades, SETTLEMENT, "找不到「廠商訂單編號、綠界訂單編號、付款方式」"),
        (
            ecpay_trades,
            TRADES.replace("交易金額".encode("big5"), "金額".encode("big5")),
            "找不到「交易金額」",
        ),
        (ecpay_trades, trade_file([ROW], headings=(*TWELVE, "交易金額")), "兩個「交易金額」"),
        (ecpay_trades, cells(交易金額="0"), "第 2 列的「交易金額」"),
        (ecpay_trades, cells(交易金額="250.5"), "第 2 列的「交易金額」"),
        (ecpay_trades, cells(交易金額="abc"), "第 2 列的「交易金額」"),
        (ecpay_trades, cells(交易金額="9" * 30), "第 2 列的「交易金額」"),
        (ecpay_trades, cells(付款日期="2023-13-01 00:00:00"), "第 2 列的「付款日期」"),
        (ecpay_trades, cells(付款日期="昨天"), "第 2 列的「付款日期」"),
        (ecpay_trades, cells(廠商訂單編號=""), "第 2 列的「廠商訂單編號」"),
        (ecpay_trades, cells(廠商訂單編號="A" * 41), "第 2 列的「廠商訂單編號」"),
        (ecpay_trades, cells(綠界訂單編號="１２"), "第 2 列的「綠界訂單編號」"),
        (ecpay_trades, cells(付款狀態="處理中"), "第 2 列的「付款狀態」"),
        (ecpay_trades, cells(付款方式="A" * 20_000), "沒有下載完"),
        (ecpay_settlement, TRADES, "認得的格式"),
        (ecpay_settlement, SETTLEMENT.replace(b"=250", b"=2x0"), "第 2 列的「交易金額」"),
        (ecpay_settlement, SETTLEMENT.replace(b"=12345", b"="), "第 2 列的「授權單號」"),
        (taishin, b"", "檔案是空的"),
        (taishin, b"<html>session timeout</html>", "這是一個網頁"),
        (taishin, BANK[:-10], "第 1 列的長度不對"),
        (taishin, BANK.rstrip() + BANK, "第 1 列的長度不對"),
        (taishin, BANK.replace(b"2500 ", b"2505 "), "第 1 列的「金額」"),
        (taishin, BANK.replace(b"2500 ", b"0000 "), "第 1 列的「金額」"),
        (taishin, BANK.replace(b"+C", b"*C"), "第 1 列的「正負號」"),
        (taishin, BANK.replace(b"20230503", b"20231503"), "第 1 列的「日期」"),
        (taishin, BANK.replace(b"95678305", b"9567830X"), "第 1 列的「虛擬帳號」"),
        (taishin, BANK.replace(b"S\r\n", b"\xff\r\n"), "不是 Big5"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(parser, content, sentence):
    assert sentence in refusal_of(parser, content)
