"""The mails about an account: the link that verifies it, and that it is there already."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app

from app.accounts.models import Account, LinkedLogin, Realm
from app.core import mail
from app.core.messages import Listing, Message
from app.core.translation import reader_language

TRACK_NAMES = {Realm.NATIONAL: Message("全國認證"), Realm.MULTI: Message("多梯次認證")}
_SYSTEM_NAMES = {
    Realm.NATIONAL: Message("全國認證報名系統"),
    Realm.MULTI: Message("多梯次認證報名系統"),
    Realm.STAFF: Message("試務工作台"),
}


def send_verification(account: Account, token: str) -> None:
    """Put the mail with the link into the outbox; the link is the only place where the token stands."""
    mail.send_later(
        account.email,
        Message("請確認您的電子信箱（%(track)s報名系統）", {"track": TRACK_NAMES[account.realm]}),
        Message(
            "您好：\n\n"
            "有人用這個電子信箱在客語能力%(track)s報名系統建立帳號。\n"
            "如果是您，請在 24 小時內開啟下面的連結，輸入您設定的密碼，帳號就可以使用了。\n\n"
            "%(link)s\n\n"
            "點不開時，請把整行網址複製到瀏覽器。連結只能使用一次。\n"
            "如果不是您，請不必理會這封信，帳號不會啟用。\n\n"
            "這封信由系統寄出，請勿直接回信。\n",
            {"track": TRACK_NAMES[account.realm], "link": _address(f"/verify/{token}")},
        ),
        language=_language_of(account),
    )


def send_already_registered(account: Account, logins: Sequence[LinkedLogin] = ()) -> None:
    """Put the mail into the outbox that tells the owner of an account that somebody tried to create it."""
    names = Listing(login.provider.title() for login in logins)
    ways = Message("您也可以用 %(names)s 登入。\n", {"names": names}) if names else ""
    mail.send_later(
        account.email,
        Message("您已經有帳號了（%(track)s報名系統）", {"track": TRACK_NAMES[account.realm]}),
        Message(
            "您好：\n\n"
            "有人用這個電子信箱在客語能力%(track)s報名系統建立帳號，但是您已經有帳號了。\n"
            "如果是您，請直接登入：\n\n"
            "%(link)s\n\n"
            "%(ways)s"
            "如果不是您，請不必理會這封信，您的帳號與密碼都沒有改變。\n\n"
            "這封信由系統寄出，請勿直接回信。\n",
            {
                "track": TRACK_NAMES[account.realm],
                "link": _address(f"/{account.realm}/login"),
                "ways": ways,
            },
        ),
        language=_language_of(account),
    )


def send_password_reset(account: Account, token: str) -> None:
    """Put the mail into the outbox with the link under which a new password is set."""
    mail.send_later(
        account.email,
        Message("重設密碼（%(system)s）", {"system": _SYSTEM_NAMES[account.realm]}),
        Message(
            "您好：\n\n"
            "有人要為您在客語能力認證%(system)s的帳號重設密碼。\n"
            "如果是您，請在 30 分鐘內開啟下面的連結，設定新的密碼：\n\n"
            "%(link)s\n\n"
            "點不開時，請把整行網址複製到瀏覽器。連結只能使用一次。\n"
            "如果不是您，請不必理會這封信，密碼沒有改變。\n\n"
            "這封信由系統寄出，請勿直接回信。\n",
            {
                "system": _SYSTEM_NAMES[account.realm],
                "link": _address(f"/password/reset/{token}"),
            },
        ),
        language=_language_of(account),
    )


def send_password_changed(account: Account) -> None:
    """Put the mail into the outbox that tells the owner that the password is another one now."""
    _send_change(
        account,
        Message("您的密碼已經變更（%(system)s）", {"system": _SYSTEM_NAMES[account.realm]}),
        Message("您在客語能力認證%(system)s的密碼已經變更。", {"system": _SYSTEM_NAMES[account.realm]}),
    )


def send_login_linked(account: Account, provider: str) -> None:
    """Put the mail into the outbox that tells the owner that a provider opens the account now."""
    _send_change(
        account,
        Message("您的帳號已經連結 %(name)s", {"name": provider}),
        Message("從現在起，您可以用 %(name)s 登入客語能力認證報名系統。", {"name": provider}),
    )


def send_login_unlinked(account: Account, provider: str) -> None:
    """Put the mail into the outbox that tells the owner that a provider opens the account no more."""
    _send_change(
        account,
        Message("您的帳號已經取消連結 %(name)s", {"name": provider}),
        Message("從現在起，不能再用 %(name)s 登入客語能力認證報名系統。", {"name": provider}),
    )


def send_invitation(account: Account, token: str) -> None:
    """Put the mail into the outbox with the link under which somebody joins the staff."""
    mail.send_later(
        account.email,
        str(Message("邀請您使用試務工作台")),
        str(
            Message(
                "您好：\n\n"
                "總試務中心邀請您使用客語能力認證的試務工作台。\n"
                "請在 7 天內開啟下面的連結，設定自己的密碼，再用手機設定兩步驟驗證：\n\n"
                "%(link)s\n\n"
                "點不開時，請把整行網址複製到瀏覽器。連結只能使用一次。\n"
                "如果您不是試務人員，請不必理會這封信。\n\n"
                "這封信由系統寄出，請勿直接回信。\n",
                {"link": _address(f"/admin/invitation/{token}")},
            )
        ),
    )


def send_second_factor_reset(account: Account) -> None:
    """Put the mail into the outbox that tells the owner that a new authenticator has to be set up."""
    _send_change(
        account,
        Message("您的兩步驟驗證已經重設"),
        Message("兩位系統管理人員重設了您的兩步驟驗證，下次登入時請重新設定。"),
    )


def _send_change(account: Account, subject: Message, sentence: Message) -> None:
    mail.send_later(
        account.email,
        subject,
        Message(
            "您好：\n\n"
            "%(sentence)s\n"
            "為了安全，其他裝置上的登入都已經結束。\n\n"
            "如果這不是您做的，請立刻重設密碼：\n\n"
            "%(link)s\n\n"
            "這封信由系統寄出，請勿直接回信。\n",
            {"sentence": sentence, "link": _address("/password/forgot")},
        ),
        language=_language_of(account),
    )


def _language_of(account: Account) -> str:
    # Who has never signed in has chosen no language, but asked for this mail on a page.
    return account.language or reader_language()


def _address(path: str) -> str:
    # From the settings, never from the request: the Host header is the sender's to choose (security 6).
    return str(current_app.extensions["settings"].base_url).rstrip("/") + path
