"""The whole story of an order, step by step: who did what, what gateways sent, what money came and went."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from flask import url_for

from app.accounts.policy import may_open
from app.admin.audit_words import ACTION_NAMES, ACTOR_NAMES
from app.admin.deeds import Deed
from app.admin.labels import NOTICE_TAGS, RECEIPT_TAGS
from app.admin.queries.payments import list_audit_of, list_messages_of
from app.admin.queries.refunds import names_of
from app.core.actors import ActorKind
from app.core.audit import AuditEntry
from app.core.messages import Listing, Message
from app.core.money import format_twd
from app.core.roc_dates import format_instant, format_roc_long
from app.payments.books.masking import readable_message
from app.payments.gateways.base import Method
from app.payments.models import Attempt, GatewayMessage, GatewayRefund, Order, Receipt, RefundCase
from app.payments.refunds.rules import RULES
from app.payments.refunds.states import GatewayRefundState
from app.payments.states import NoticeOutcome, ReceiptSource
from app.payments.words import METHOD_NAMES

# Told better by the receipt itself.
_TOLD_ELSEWHERE: Final = {"payment.record_receipt"}
# What happens at one instant is told in the order in which it comes about.
_RANKS: Final = {"payment.open_order": 0, "payment.start_attempt": 1, "payment.tell": 8, "refund.tell": 9}
_MESSAGE, _RECEIPT, _DEED, _REFUNDED = 2, 3, 5, 6
_NOT_JUDGED: Final = ("waiting", Message("尚未判讀"))
_GATEWAYS: Final = {"ecpay": "ECPay", "linepay": "LINE Pay", "line_pay": "LINE Pay"}
_SOURCES: Final = {
    ReceiptSource.NOTICE: Message("金流通知"),
    ReceiptSource.QUERY: Message("向金流查詢"),
    ReceiptSource.CONFIRMATION: Message("付款確認"),
    ReceiptSource.FILE: Message("對帳檔"),
}
_MAILS: Final = {
    "paid": Message("已收到繳費"),
    "partial": Message("繳費金額不足，請補繳"),
    "refundable": Message("收到一筆將辦理退費的款項"),
    "requested": Message("已收到退費申請"),
    "granted": Message("退費已核准"),
    "refused": Message("退費申請未獲核准"),
    "money_order": Message("退費匯票已寄出"),
    "repaid": Message("退費已退回"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened.

    :ivar who: the e-mail of a member of staff, or what kind of actor it was; None: nobody in particular
    :ivar tag: (kind, label) of what came of it, or None
    :ivar link: (label, address) or None
    :ivar raw: what a gateway sent, masked; None: nothing
    """

    at: datetime
    title: Deed
    who: Message | str | None = None
    facts: Sequence[Message | str] = ()
    tag: tuple[str, Message] | None = None
    link: tuple[str, str] | None = None
    raw: str | None = None
    rank: int = _DEED


def story_of(order: Order) -> list[Step]:
    """Return every step of an order, the first at the top; the number of queries is fixed."""
    entries = list_audit_of(order)
    staff = names_of([each.actor_account_id for each in entries])
    cases = {case.public_id: case for case in order.refunds}
    attempts = {attempt.trade_number: attempt for attempt in order.attempts}
    steps: list[Step] = [
        *(_deed(entry, cases, staff) for entry in entries if entry.action not in _TOLD_ELSEWHERE),
        *(_message(each, attempts) for each in list_messages_of(order)),
        *(_receipt(each) for each in order.receipts),
        *_gateway_refunds(refund for case in order.refunds for refund in case.gateway_refunds),
    ]
    return sorted(steps, key=lambda step: (step.at, step.rank))


def _deed(entry: AuditEntry, cases: Mapping[str, RefundCase], staff: Mapping[int, str]) -> Step:
    case = cases.get(entry.subject_id)
    is_staff = entry.actor_kind == ActorKind.STAFF
    who = staff.get(entry.actor_account_id or 0) if is_staff else None
    return Step(
        at=entry.at,
        title=ACTION_NAMES.get(entry.action, Message(entry.action)),
        who=who or ACTOR_NAMES[entry.actor_kind],
        facts=[*_deed_facts(entry.details), *(_case_facts(entry, case) if case else ())],
        link=_case_link(case) if case else None,
        rank=_RANKS.get(entry.action, _DEED),
    )


def _deed_facts(details: Mapping[str, Any]) -> Iterator[Message | str]:
    for name, write in _DETAILS.items():
        if details.get(name) is not None:
            yield write(details[name])


_DETAILS: Final[Mapping[str, Callable[[Any], Message | str]]] = {
    "amount_twd": lambda value: format_twd(int(value)),
    "last_day": lambda value: Message("期限 %(day)s", {"day": format_roc_long(date.fromisoformat(value))}),
    "method": lambda value: METHOD_NAMES[Method(value)],
    "trade_number": lambda value: Message("交易編號 %(number)s", {"number": value}),
    "result_code": lambda value: Message("金流代碼 %(code)s", {"code": value}),
    "reference": lambda value: Message("金流退款編號 %(number)s", {"number": value}),
    "mail": lambda value: _MAILS.get(value, value),
}


def _case_facts(entry: AuditEntry, case: RefundCase) -> Iterator[Message | str]:
    """Return what a step of a refund case says beyond the log: reason, notes, the money order."""
    if entry.action in ("refund.open", "refund.request"):
        yield RULES[case.reason].label
        yield _money_of(case)
    elif entry.action == "refund.propose":
        proposed = Message("擬准予退費") if case.proposed_grant else Message("擬不予退費")
        yield from (proposed, case.proposal_note or "")
    elif entry.action in ("refund.grant", "refund.refuse"):
        yield case.decision_note or ""
    elif entry.action == "refund.pay" and case.money_order_number:
        yield Message("匯票號碼 %(number)s", {"number": case.money_order_number})


def _money_of(case: RefundCase) -> Message | str:
    if not case.deduction_twd:
        return format_twd(case.amount_twd)
    values = {
        "basis": format_twd(case.basis_twd),
        "deduction": format_twd(case.deduction_twd),
        "amount": format_twd(case.amount_twd),
    }
    return Message("%(basis)s − %(deduction)s = %(amount)s", values)


def _case_link(case: RefundCase) -> tuple[str, str] | None:
    may = may_open("admin.refunds.show")
    return (case.number, url_for("admin.refunds.show", public_id=case.public_id)) if may else None


def _message(message: GatewayMessage, attempts: Mapping[str, Attempt]) -> Step:
    facts: list[Message | str] = [_GATEWAYS.get(message.gateway, message.gateway)]
    if message.trade_number:
        facts.append(Message("交易編號 %(number)s", {"number": message.trade_number}))
    if message.outcome == NoticeOutcome.CODE_STORED and message.trade_number in attempts:
        facts += _code_facts(attempts[message.trade_number])
    if message.address:
        facts.append(Message("來源位址 %(address)s", {"address": message.address}))
    return Step(
        at=message.received_at,
        title=Message("金流通知"),
        who=ACTOR_NAMES[ActorKind.GATEWAY],
        facts=facts,
        tag=NOTICE_TAGS[message.outcome] if message.outcome else _NOT_JUDGED,
        raw=readable_message(message.body),
        rank=_MESSAGE,
    )


def _code_facts(attempt: Attempt) -> Iterator[Message | str]:
    if attempt.account_number:
        values = {"bank": attempt.bank_code, "account": attempt.account_number}
        yield Message("繳費帳號 %(bank)s %(account)s", values)
    if attempt.barcodes:
        yield Message("繳費條碼 %(bars)s", {"bars": Listing(attempt.barcodes)})
    if attempt.store_code:
        yield Message("繳費代碼 %(code)s", {"code": attempt.store_code})


def _receipt(receipt: Receipt) -> Step:
    facts: list[Message | str] = [
        format_twd(receipt.amount_twd),
        Message("繳費時間 %(at)s", {"at": format_instant(receipt.paid_at)}),
    ]
    if receipt.method:
        facts.append(METHOD_NAMES[receipt.method])
    facts.append(Message("金流交易編號 %(number)s", {"number": receipt.gateway_trade_number}))
    if receipt.fee_twd is not None:
        facts.append(Message("手續費 %(fee)s", {"fee": format_twd(receipt.fee_twd)}))
    return Step(
        at=receipt.recorded_at,
        title=Message("款項入帳"),
        who=_SOURCES[receipt.source],
        facts=facts,
        tag=RECEIPT_TAGS[receipt.outcome],
        rank=_RECEIPT,
    )


def _gateway_refunds(refunds: Iterable[GatewayRefund]) -> Iterator[Step]:
    """Yield what gateways answered to our asking them for money back; that we asked is in the log."""
    for refund in refunds:
        done = refund.state == GatewayRefundState.DONE
        answered = refund.ended_at is not None
        code = refund.result_code
        yield Step(
            at=refund.ended_at or refund.started_at,
            title=Message("金流回覆退款") if answered else Message("等金流回覆退款"),
            who=ACTOR_NAMES[ActorKind.GATEWAY],
            facts=[
                format_twd(refund.amount_twd),
                *(
                    [Message("金流退款編號 %(number)s", {"number": refund.reference})]
                    if refund.reference
                    else []
                ),
                *([Message("金流代碼 %(code)s", {"code": code})] if code else []),
            ],
            tag=("done", Message("已退費"))
            if done
            else ("overdue", Message("未成功"))
            if answered
            else ("waiting", Message("退款中")),
            rank=_REFUNDED,
        )
