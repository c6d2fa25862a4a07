"""LINE Pay's return codes read into our words (payments.md 2.3); pure."""

from __future__ import annotations

from typing import Final

from app.core.messages import Message

DONE: Final = "0000"
#: Answers to Check; that nobody has authenticated yet is told by `DONE`.
MAY_CONFIRM: Final = "0110"
CANCELLED_OR_EXPIRED: Final = "0121"
FAILED: Final = "0122"
COMPLETED: Final = "0123"

NO_SUCH_TRADE: Final = "1150"
NOT_AUTHENTICATED: Final = "1169"
NOTHING_LEFT_TO_REFUND: Final = "1165"
RESERVE_IS_SHORT: Final = "2042"

#: Ours is the mistake: wrong channel, signature, amount, currency or form. Somebody has to look.
OUR_MISTAKE: Final = frozenset(
    {"1104", "1105", "1106", "1124", "1153", "1178", "1183", "1184", "2101", "2102"}
)

#: A Confirm that ends so has taken no money and will not.
_REFUSALS: Final = frozenset(
    {"1101", "1102", "1110", "1124", "1141", "1142", "1153", "1159", "1178", "1180", "1183", "1184"}
)
_REFUSED_REFUNDS: Final = frozenset({"1124", "1150", "1155", "1163", "1164", "1179"})

_EXPIRED: Final = Message(
    "您在 LINE Pay 取消了付款，或沒有在 20 分鐘內完成，沒有扣款。請再試一次，或改用其他繳費方式。"
)
_CARD: Final = Message("這張卡片不能付款，沒有扣款。請在 LINE Pay 換一張卡片再試一次，或改用其他繳費方式。")
_REASONS: Final = {
    CANCELLED_OR_EXPIRED: _EXPIRED,
    "1180": _EXPIRED,
    "1101": Message("這個 LINE 帳號還沒有開通 LINE Pay，沒有扣款。請先開通，或改用其他繳費方式。"),
    "1102": Message("這個 LINE 帳號目前不能付款，沒有扣款。請改用其他繳費方式。"),
    "1110": _CARD,
    "1141": Message("您的 LINE Pay 帳戶目前不能付款，沒有扣款。請在 LINE Pay 查看，或改用其他繳費方式。"),
    "1142": Message("您的 LINE Pay 餘額不足，沒有扣款。請儲值或換一張卡片再試一次，或改用其他繳費方式。"),
}
_OTHERWISE: Final = Message("LINE Pay 沒有完成這筆付款，沒有扣款。請再試一次，或改用其他繳費方式。")


def refuses_payment(code: str) -> bool:
    """Return whether a Confirm that was answered so has surely taken nothing; False: not known, or done."""
    return code in _REFUSALS or _is_about_card(code)


def refuses_refund(code: str) -> bool:
    """Return whether a Refund that was answered so was refused for good."""
    return code in _REFUSED_REFUNDS


def failure_reason(code: str) -> Message:
    """Return what to tell a payer whose attempt ended with this code."""
    return _CARD if _is_about_card(code) else _REASONS.get(code, _OTHERWISE)


def _is_about_card(code: str) -> bool:
    return len(code) == 4 and code[:3] in ("128", "129")
