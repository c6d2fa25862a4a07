"""The mails about an account: the link that verifies it, and that it is there already."""

from __future__ import annotations

from flask import current_app

from app.accounts.models import Account, Realm
from app.core import mail
from app.core.messages import Message

TRACK_NAMES = {Realm.NATIONAL: Message("全國認證"), Realm.MULTI: Message("多梯次認證")}


def send_verification(account: Account, token: str) -> None:
    """Put the mail with the link into the outbox; the link is the only place where the token stands."""
    mail.send_later(
        account.email,
        str(Message("請確認您的電子信箱（%(track)s報名系統）", {"track": TRACK_NAMES[account.realm]})),
        str(
            Message(
                "您好：\n\n"
                "有人用這個電子信箱在客語能力%(track)s報名系統建立帳號。\n"
                "如果是您，請在 24 小時內開啟下面的連結，輸入您設定的密碼，帳號就可以使用了。\n\n"
                "%(link)s\n\n"
                "點不開時，請把整行網址複製到瀏覽器。連結只能使用一次。\n"
                "如果不是您，請不必理會這封信，帳號不會啟用。\n\n"
                "這封信由系統寄出，請勿直接回信。\n",
                {"track": TRACK_NAMES[account.realm], "link": _address(f"/verify/{token}")},
            )
        ),
    )


def send_already_registered(account: Account) -> None:
    """Put the mail into the outbox that tells the owner of an account that somebody tried to create it."""
    mail.send_later(
        account.email,
        str(Message("您已經有帳號了（%(track)s報名系統）", {"track": TRACK_NAMES[account.realm]})),
        str(
            Message(
                "您好：\n\n"
                "有人用這個電子信箱在客語能力%(track)s報名系統建立帳號，但是您已經有帳號了。\n"
                "如果是您，請直接登入：\n\n"
                "%(link)s\n\n"
                "如果不是您，請不必理會這封信，您的帳號與密碼都沒有改變。\n\n"
                "這封信由系統寄出，請勿直接回信。\n",
                {"track": TRACK_NAMES[account.realm], "link": _address(f"/{account.realm}/login")},
            )
        ),
    )


def _address(path: str) -> str:
    # From the settings, never from the request: the Host header is the sender's to choose (security 6).
    return str(current_app.extensions["settings"].base_url).rstrip("/") + path
