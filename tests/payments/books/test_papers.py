"""The receipt and the bill as people hold them, read back from the printed page."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from PIL import Image, ImageDraw

from app.core import clock
from app.core.actors import SYSTEM, Actor
from app.core.errors import Refused
from app.core.pdf.canvas import MARGIN
from app.core.pdf.frame import CONTENT_BOTTOM
from app.core.roc_dates import format_deadline
from app.payments.books.bill_pdf import build_bill
from app.payments.books.content import bill_content, receipt_content
from app.payments.books.receipt_pdf import build_receipt
from app.payments.code39 import code39_svg
from app.payments.gateways.barcode import first_segment, third_segment
from app.payments.gateways.base import Method
from app.payments.models import Order, RefundCase
from app.payments.refunds.rules import RefundReason
from app.payments.refunds.services import decide, propose, record_application, record_payout
from app.payments.services import record_message
from tests.factories.groups import SCHOOL, make_submitted_group, pay_group
from tests.factories.orders import account_message, barcode_message, make_attempt, paid_message
from tests.factories.refunds import PAYEE, make_notice, make_request
from tests.factories.registrations import make_paid, make_submitted
from tests.test_english_papers import Read

BARS = ("1205076EA", "3453011539919569", "050177000000250")


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return Read(tmp_path)


def receipt_of(order: Order, **how: str) -> bytes:
    return build_receipt(receipt_content(order, now=clock.now(), **how))


def bill_of(order: Order, **how: str) -> bytes:
    return build_bill(bill_content(order, now=clock.now(), **how))


def text_of(read: Read, content: bytes) -> str:
    """Return what is written on the one page, without the space between the words."""
    [page] = read.pages(content)
    return page.replace(" ", "")


def with_bars(order: Order) -> Order:
    record_message(
        "ecpay", barcode_message(make_attempt(order, Method.STORE_BARCODE)), address=None, actor=SYSTEM
    )
    return order


def scan(picture: Image.Image) -> list[str]:
    """Return what a scanner reads from top to bottom."""
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.Code39)
    return [code.text for code in sorted(found, key=lambda code: code.position.top_left.y)]


def scan_page(content: bytes, *, dots_per_inch: int = 150) -> list[str]:
    command = ["pdftoppm", "-png", "-gray", "-r", str(dots_per_inch), "-"]
    done = subprocess.run(command, input=content, check=True, capture_output=True)
    return scan(Image.open(BytesIO(done.stdout)))


def scan_screen(svg: str, *, pixels_a_module: int) -> list[str]:
    """Scan the bars of the page as a screen shows them, each module on whole pixels."""
    width, height = (int(re.search(rf' {side}="(\d+)"', svg)[1]) for side in ("width", "height"))
    picture = Image.new("L", (width * pixels_a_module, height * pixels_a_module + 40), 255)
    draw = ImageDraw.Draw(picture)
    for left, bar in re.findall(r"M(\d+) 0h(\d+)v", svg):
        start, end = int(left) * pixels_a_module, (int(left) + int(bar)) * pixels_a_module - 1
        draw.rectangle((start, 20, end, 20 + height * pixels_a_module), fill=0)
    return scan(picture)


def refund(
    case: RefundCase, clerk: Actor, decider: Actor, *, number: str | None = None, proof: bool = True
) -> None:
    record_application(
        case.public_id, postmarked_on=clock.today(), payee=PAYEE, has_paper_proof=proof, actor=clerk
    )
    propose(case.public_id, grant=True, note="符合規定", actor=clerk)
    decide(case.public_id, grant=True, note="同意", actor=decider)
    if number:
        record_payout(case.public_id, money_order_number=number, paid_on=clock.today(), actor=clerk)


@pytest.mark.requirement("R078", "R100")
def test_a_receipt_says_who_paid_what_for_what_and_how(app: Flask, read: Read) -> None:
    registration = make_paid()
    [money] = registration.order.receipts

    text = text_of(read, receipt_of(registration.order))

    assert f"112-{money.id:06d}" in text
    for said in (
        "徐玉蘭",
        "全國認證第一梯次報名費",
        "苗栗考區",
        "四縣腔",
        "ATM轉帳",
        "112年5月1日（一）09:00",
    ):
        assert said in text
    assert "新臺幣貳佰伍拾元整" in text
    assert "NT$250" in text
    assert money.gateway_trade_number in text
    assert "客語能力認證總試務中心" in text
    assert "106臺北市和平東路一段162號" in text
    assert "已退費" not in text


@pytest.mark.requirement("R078")
def test_the_receipt_of_a_group_names_group_and_leader_and_counts_who_is_free(app: Flask, read: Read) -> None:
    group = make_submitted_group(paying=2, free=36)
    pay_group(group)

    text = text_of(read, receipt_of(group.order))

    assert SCHOOL in text
    assert group.leader_name in text
    assert "共38人：繳費2人，免繳費36人" in text
    assert "新臺幣伍佰元整" in text
    assert "徐玉蘭" not in text


def test_the_number_of_a_receipt_stays_whatever_comes_later(app: Flask) -> None:
    order = make_submitted().order
    part = paid_message(make_attempt(order), TradeAmt="100")
    record_message("ecpay", part, address=None, actor=SYSTEM)
    with pytest.raises(Refused, match="還沒有繳清"):
        receipt_content(order, now=clock.now())
    record_message("ecpay", paid_message(make_attempt(order, Method.CARD)), address=None, actor=SYSTEM)
    content = receipt_content(order, now=clock.now())

    record_message("ecpay", paid_message(order.attempts[0], TradeNo="9"), address=None, actor=SYSTEM)

    assert content.number == f"112-{order.receipts[1].id:06d}"
    assert receipt_content(order, now=clock.now()) == content
    assert content.amount_twd == 250
    assert sum("繳費時間" in dict(row) for row in content.facts) == 2


def test_money_paid_on_top_is_not_on_the_receipt(app: Flask, read: Read) -> None:
    order = make_submitted().order
    record_message("ecpay", paid_message(make_attempt(order), TradeAmt="400"), address=None, actor=SYSTEM)

    text = text_of(read, receipt_of(order))

    assert "新臺幣貳佰伍拾元整" in text
    assert "400" not in text


@pytest.mark.requirement("R103", "R105")
def test_what_went_back_stands_on_the_receipt(
    app: Flask,
    read: Read,
    clerk: Actor,
    decider: Actor,
) -> None:
    deducted = make_request()
    postponed = make_paid()
    make_notice()
    full = make_request(postponed, reason=RefundReason.POSTPONED, proof=None)

    refund(deducted, clerk, decider, number="1234567890")
    refund(full, clerk, decider, proof=False)

    text = text_of(read, receipt_of(deducted.order))
    assert "已退費NT$192：112年5月1日（一）以郵政匯票退還（原繳NT$250，扣除郵資及行政費NT$58）" in text
    assert f"退費已核准，NT$250尚待退還（案號{full.number}）" in text_of(read, receipt_of(full.order))


@pytest.mark.requirement("R093", "R094", "R100")
def test_the_bill_says_all_that_is_needed_at_the_counter(app: Flask, read: Read) -> None:
    order = with_bars(make_submitted().order)

    text = text_of(read, bill_of(order))

    assert "請在112年5月7日（日）23:59前繳費" in text
    for said in ("徐玉蘭", "全國認證第一梯次報名費", "苗栗考區", "四縣腔", "NT$250", *BARS):
        assert said in text
    assert "請用雷射印表機列印" in text
    assert "銀行或郵局臨櫃" in text


@pytest.mark.requirement("R094")
def test_a_bank_account_that_was_issued_stands_on_the_bill_for_the_counter(app: Flask, read: Read) -> None:
    order = with_bars(make_submitted().order)
    record_message("ecpay", account_message(make_attempt(order)), address=None, actor=SYSTEM)

    assert "繳到銀行代碼005、帳號5219111913209840" in text_of(read, bill_of(order))


def test_the_bill_of_a_group_names_the_group(app: Flask, read: Read) -> None:
    group = make_submitted_group(paying=3, free=1)
    with_bars(group.order)

    text = text_of(read, bill_of(group.order))

    assert SCHOOL in text
    assert group.leader_name in text
    assert "NT$750" in text


def test_there_is_no_bill_without_bars_nor_after_the_last_day(app: Flask, at: Callable[[str], None]) -> None:
    order = make_submitted().order
    with pytest.raises(Refused, match="沒有可以使用的繳費條碼"):
        bill_content(order, now=clock.now())
    with_bars(order)
    bill_content(order, now=clock.now())

    at("2023-05-08 00:00")

    with pytest.raises(Refused, match="沒有可以使用的繳費條碼"):
        bill_content(order, now=clock.now())


@pytest.mark.requirement("R093")
@pytest.mark.parametrize("dots_per_inch", [150, 300])
def test_a_scanner_reads_the_three_bars_of_the_printed_bill(app: Flask, dots_per_inch: int) -> None:
    order = with_bars(make_submitted().order)

    assert scan_page(bill_of(order), dots_per_inch=dots_per_inch) == list(BARS)


@pytest.mark.requirement("R093")
@pytest.mark.parametrize(
    ("last_day", "amount_twd"),
    [
        (date(2023, 5, 7), 250),
        (date(2023, 5, 3), 9_500),
        (date(2023, 12, 31), 20_000),
        (date(2024, 2, 29), 1),
        (date(2024, 1, 1), 12_345),
    ],
)
def test_a_scanner_reads_every_deadline_and_amount_on_paper_and_on_a_screen(
    app: Flask, last_day: date, amount_twd: int
) -> None:
    first, second = first_segment(last_day, "6EA"), f"345301{last_day:%m%d}991956"
    bars = (first, second, third_segment(first, second, f"{last_day:%m%d}", amount_twd))
    printed = bill_content(with_bars(make_submitted().order), now=clock.now())

    bill = replace(printed, bars=bars, amount_twd=amount_twd, pay_by=format_deadline(last_day))

    assert scan_page(build_bill(bill)) == list(bars)
    assert [scan_screen(code39_svg(bar), pixels_a_module=1) for bar in bars] == [[bar] for bar in bars]


def test_both_papers_say_both_languages_and_keep_to_the_page(
    app: Flask,
    read: Read,
    clerk: Actor,
    decider: Actor,
) -> None:
    case = make_request()
    refund(case, clerk, decider, number="1234567890")
    bill = bill_of(with_bars(make_submitted().order), language="en")

    [receipt_page] = read.pages(receipt_of(case.order, language="en"))
    [bill_page] = read.pages(bill)

    assert "收 據 Receipt" in receipt_page
    assert "Amount" in receipt_page
    assert "已退費" in receipt_page
    assert "Refunded NT$192" in receipt_page
    assert "Please pay by 7 May 2023 (Sun), 23:59" in bill_page
    for paper in (receipt_of(case.order, language="en"), bill):
        words = read.words(paper)
        assert max(right for right, _low, _word in words) < 595 - MARGIN + 1
        assert len([low for _right, low, _word in words if low < CONTENT_BOTTOM]) < 40  # only the foot
