"""What the papers about an order say, as finished text: its receipt, and its bill for a convenience store."""

from __future__ import annotations

from datetime import datetime

from app.core.errors import Refused
from app.core.messages import N_, Message, Wording
from app.core.money import format_twd
from app.core.pdf.frame import Frame
from app.core.pdf.labels import in_language
from app.core.roc_dates import format_deadline, format_instant, format_roc_long
from app.exams.choices import Track
from app.exams.queries import site_facts
from app.exams.words import exam_wording, with_area
from app.payments import queries
from app.payments.books.bill_pdf import BILL_TITLE, BillContent
from app.payments.books.fact_rows import Fact
from app.payments.books.numbers import completing_receipt, receipt_number
from app.payments.books.receipt_pdf import RECEIPT_TITLE, ReceiptContent, ReceiptLine
from app.payments.gateways.base import Method
from app.payments.models import Attempt, Order, Receipt, RefundCase
from app.payments.refunds.states import RefundState
from app.payments.refunds.subjects import find_subject
from app.payments.states import ReceiptOutcome
from app.payments.words import METHOD_NAMES

_NOT_PAID = Message("這筆費用還沒有繳清，繳清後才能下載收據。")
_NO_BARS = Message("沒有可以使用的繳費條碼，請回到繳費頁，重新選擇繳費方式。")
_BACK = N_("已退費 %(amount)s：%(day)s以%(way)s退還（原繳 %(basis)s）")
_BACK_LESS = N_("已退費 %(amount)s：%(day)s以%(way)s退還（原繳 %(basis)s，扣除郵資及行政費 %(deduction)s）")
_GOING_BACK = N_("退費已核准，%(amount)s 尚待退還（案號 %(number)s）")


def receipt_content(order: Order, *, now: datetime, language: str = "zh") -> ReceiptContent:
    """Return the receipt of an order; raises Refused while it is not paid."""
    completing = completing_receipt(order)
    if completing is None:
        raise Refused(_NOT_PAID)
    frame = _frame(order, RECEIPT_TITLE, now, language)
    applied = [each for each in order.receipts if each.outcome == ReceiptOutcome.APPLIED]
    return ReceiptContent(
        frame=frame,
        number=receipt_number(completing),
        facts=[*_subject_rows(order, N_("繳款人")), *(_payment_row(each) for each in applied)],
        lines=[ReceiptLine(line.title, line.quantity, line.unit_twd) for line in order.lines],
        amount_twd=order.amount_twd,
        given_back=[said for case in order.refunds for said in _given_back(case, language)],
        recipient=[
            [Fact(N_("收款單位"), frame.office_name), Fact(N_("主辦單位"), frame.organiser)],
            [Fact(N_("收款單位地址"), frame.office_address)],
        ],
    )


def bill_content(order: Order, *, now: datetime, language: str = "zh") -> BillContent:
    """Return the bill of the bars that can be paid now; raises Refused when there are none."""
    attempt = queries.find_live_code(order, Method.STORE_BARCODE, now=now)
    if attempt is None or not attempt.barcodes or not queries.status_of(order, now=now).can_pay:
        raise Refused(_NO_BARS)
    until = format_deadline(order.last_day)
    return BillContent(
        frame=_frame(order, BILL_TITLE, now, language),
        amount_twd=attempt.amount_twd,
        pay_by=in_language(language, N_("請在 %(until)s 前繳費"), until=until),
        facts=_subject_rows(order, N_("繳費人")),
        bars=tuple(attempt.barcodes),
        hints=_bill_hints(order, now, language),
    )


def _bill_hints(order: Order, now: datetime, language: str) -> list[str]:
    hints = [
        in_language(language, N_("請用雷射印表機列印，條碼才清楚；也可以在手機上打開繳費頁，直接給店員刷。")),
        in_language(language, N_("7‑11、全家、萊爾富、OK 都可以繳。逾期後條碼不能使用。")),
    ]
    subject = find_subject(order)
    if subject is not None and subject.exam_round.track == Track.NATIONAL:
        hints.append(_counter_hint(queries.find_live_code(order, Method.ATM, now=now), language))
    hints.append(
        in_language(
            language,
            N_("繳費後約 2 至 3 個工作天更新，屆時會寄信通知您；這段期間不用再繳。請保留店家的收據。"),
        )
    )
    return hints


def _counter_hint(account: Attempt | None, language: str) -> str:
    """Return how to pay at a counter instead (R094)."""
    if account is None:
        return in_language(
            language,
            N_(
                "不到便利商店，也可以在繳費頁取得繳費帳號，到銀行或郵局臨櫃、或用跨行轉帳繳費；擇一繳費就好。"
            ),
        )
    return in_language(
        language,
        N_(
            "不到便利商店，也可以到銀行或郵局臨櫃、或用跨行轉帳，"
            "繳到銀行代碼 %(bank)s、帳號 %(account)s；擇一繳費就好。"
        ),
        bank=account.bank_code,
        account=account.account_number,
    )


def _subject_rows(order: Order, payer_label: str) -> list[list[Fact]]:
    """Return who pays for what (R100); only what is paid for, when no room refers to the order."""
    subject = find_subject(order)
    if subject is None:
        return [[Fact(N_("繳費項目"), order.title)]]
    payer, item = Fact(payer_label, subject.applicant_name), Fact(N_("繳費項目"), order.title)
    area = Fact(N_("應考考區"), with_area(subject.area))
    if subject.group_name:
        leader = Fact(N_("繳款人（團報負責人）"), subject.applicant_name)
        return [[Fact(N_("團體"), subject.group_name), leader], [item, area]]
    return [[payer, item], [area, Fact(N_("報考腔調"), subject.dialect)]]


def _payment_row(receipt: Receipt) -> list[Fact]:
    method = METHOD_NAMES[receipt.method] if receipt.method else Message("銀行轉帳")
    return [
        Fact(N_("繳費時間"), format_instant(receipt.paid_at)),
        Fact(N_("繳費方式"), Wording(str(method), method)),
        Fact(N_("交易編號"), receipt.gateway_trade_number),
    ]


def _given_back(case: RefundCase, language: str) -> list[str]:
    """Return what the receipt says of a refund; nothing of money that came on top of its amount."""
    if case.by_office:
        return []
    values: dict[str, object] = {"amount": format_twd(case.amount_twd), "number": case.number}
    if case.state in (RefundState.GRANTED, RefundState.SENDING):
        text = _GOING_BACK
    elif case.state == RefundState.PAID and case.paid_on is not None:
        text = _BACK_LESS if case.deduction_twd else _BACK
        values |= {
            "day": format_roc_long(case.paid_on),
            "way": Message("原路退回") if case.paid_by_gateway else Message("郵政匯票"),
            "basis": format_twd(case.basis_twd),
            "deduction": format_twd(case.deduction_twd),
        }
    else:
        return []
    languages = ("zh", "en") if language == "en" else ("zh",)
    return [in_language(each, text, **values) for each in languages]


def _frame(order: Order, title: str, now: datetime, language: str) -> Frame:
    facts, subject = site_facts(), find_subject(order)
    exam_title = exam_wording(subject.exam_round.exam_year.title) if subject else facts["exam_title"]
    return Frame(
        organiser=facts["organiser"],
        implementer=facts["implementer"],
        exam_title=exam_title,
        title=title,
        office_name=facts["office"],
        office_address=facts["address"],
        office_phones=tuple(facts["phones"]),
        version=1,
        issued_at=now,
        language=language,
    )
