"""The verbs of an account: sign up, verify, sign in, choose a kind; and accounts made by the office.

Passwords are hashed before a transaction begins: it would hold the write lock for all of that time.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import sqlalchemy as sa

from app.accounts import mails, passwords, queries
from app.accounts.emails import EmailAddress, parse_email
from app.accounts.models import Account, AccountKind, Consent, LinkedLogin, MailedToken, Realm, TokenPurpose
from app.accounts.texts import AGREEMENTS
from app.accounts.tokens import digest_of, new_token
from app.core import audit, clock
from app.core.actors import SYSTEM, Actor
from app.core.db import db, transaction, violated_constraint
from app.core.errors import DomainError, InvalidValue, Refused
from app.core.messages import Message

VERIFICATION_LIFETIME = timedelta(hours=24)
# Pressing the button twice sends one mail.
RESEND_AFTER = timedelta(minutes=1)


class LoginRefused(DomainError):
    """E-mail and password do not open an account; the sentence never tells which of them is wrong."""

    status_code = 422


class LinkSpent(DomainError):
    """A mailed link was used already, has run out, or never was one: the three look alike."""

    status_code = 410


class EmailTaken(InvalidValue):
    """There is an account with this e-mail in this realm."""


class KindAlreadyChosen(Refused):
    """The account has the other kind, for good (R195)."""


def sign_up(realm: Realm, email: str, password: str, *, actor: Actor) -> None:
    """Create an account that waits for its e-mail to be verified, and mail the link (R196).

    The answer is the same whether or not there is an account: only the mail differs. Signing up
    again before the link was opened replaces the password, and sends a new link once the last one
    is a minute old. Each track has its own accounts (R192).

    :raises InvalidValue: when the e-mail is none or the password is too easily guessed
    """
    address = parse_email(email)
    passwords.check_password(password, email=address.address, minimum=passwords.APPLICANT_MINIMUM)
    password_hash = passwords.hash_password(password)
    with suppress(EmailTaken):  # by the same form sent twice at once, which mails the link
        _sign_up_or_remind(realm, address, password_hash, actor)


def verify_email(token: str, password: str, *, actor: Actor) -> Account:
    """Mark an account's e-mail as its owner's, and return the account, which may be signed in now.

    The password is asked once more, because the link alone does not prove who signed up: otherwise
    a stranger could sign up with somebody's e-mail, and its owner's click would open the account to
    the stranger's password. A wrong password leaves the link as it was.

    :raises LinkSpent: when the link was used, has run out, or never was one
    :raises LoginRefused: when the password is not the one of the sign-up
    """
    now = clock.now()
    link = queries.find_live_link(token, now=now)
    if link is None:
        raise _link_spent()
    account = db.session.get_one(Account, link.account_id)
    password_hash = account.password_hash
    if not passwords.verify_password(password_hash, password):
        raise LoginRefused(
            Message("密碼不對，請輸入您建立帳號時設定的密碼；忘記時，請用同一個電子信箱再註冊一次"),
            field="password",
        )
    with transaction() as session:
        account = session.get_one(Account, account.id, with_for_update={"key_share": True})
        spent = session.execute(
            sa.update(MailedToken)
            .where(MailedToken.id == link.id, MailedToken.used_at.is_(None))
            .values(used_at=now)
        )
        # Another sign-up may have replaced the password while this one was being checked.
        if spent.rowcount != 1 or account.password_hash != password_hash:
            raise _link_spent()
        account.verified_at = now
        audit.record("accounts.verify_email", account, actor)
    return account


def authenticate(realm: Realm, email: str, password: str, *, actor: Actor) -> Account:
    """Return the account that e-mail and password open; refusals are on record as well.

    An unknown e-mail takes as long as a wrong password and is answered alike. Only who has the
    password learns that the e-mail still waits to be verified, or that the account is disabled.

    :raises LoginRefused: when they do not open an account
    """
    account = find_by_typed_email(realm, email)
    matches = passwords.verify_password(account.password_hash if account else None, password)
    opens = account if matches and account is not None and _is_open(account) else None
    stale = opens is not None and passwords.needs_rehash(opens.password_hash)
    new_hash = passwords.hash_password(password) if stale else None
    with transaction():
        if opens is None:
            audit.record("accounts.login_refused", account or ("accounts", "unknown"), actor, realm=realm)
        else:
            opens.password_hash = new_hash or opens.password_hash
            audit.record("accounts.login", opens, actor)
    if opens is None:
        raise _login_refused(account if matches else None)
    return opens


def choose_kind(account_id: int, kind: AccountKind, *, actor: Actor) -> Account:
    """Make an account individual or group, for good, and keep what it agreed to by that (R195, R203).

    Choosing the same kind again changes nothing.

    :raises KindAlreadyChosen: when the account has the other kind
    :raises Refused: when it is a member of staff's
    """
    with transaction() as session:
        account = session.get_one(Account, account_id, with_for_update={"key_share": True})
        if account.is_staff:
            raise Refused(Message("工作人員的帳號不能報名，請用另一個電子信箱建立報名帳號"))
        if account.kind is None:
            _settle_kind(account, kind, actor)
        elif account.kind != kind:
            raise KindAlreadyChosen(
                Message("報名類型選定後無法變更；要用另一種方式報名，請用另一個電子信箱建立帳號"),
                clause="附件二、2-1",
            )
    return account


def choose_language(account_id: int, language: str, *, actor: Actor) -> None:
    """Keep the language in which an account's pages begin; ``zh`` or ``en``."""
    with transaction() as session:
        account = session.get_one(Account, account_id, with_for_update={"key_share": True})
        if account.language != language:
            account.language = language
            audit.record("accounts.choose_language", account, actor, language=language)


def log_out(account: Account, *, actor: Actor) -> None:
    """Put on record that somebody has signed out; ending the session is the view's."""
    with transaction():
        audit.record("accounts.logout", account, actor)


def create_verified_account(
    realm: Realm, email: str, password: str, kind: AccountKind | None = None, *, actor: Actor = SYSTEM
) -> Account:
    """Create an account whose e-mail needs no mailed link, for the demo and for tests.

    :raises InvalidValue: when the e-mail is none or the password is too weak; EmailTaken when it is taken
    """
    minimum = passwords.STAFF_MINIMUM if realm == Realm.STAFF else passwords.APPLICANT_MINIMUM
    address = parse_email(email)
    passwords.check_password(password, email=address.address, minimum=minimum)
    password_hash = passwords.hash_password(password)
    with transaction():
        account = add_account(realm, address, password_hash)
        account.verified_at = account.created_at
        audit.record("accounts.create", account, actor, realm=realm)
        if kind is not None:
            _settle_kind(account, kind, actor)
    return account


def _sign_up_or_remind(realm: Realm, address: EmailAddress, password_hash: str, actor: Actor) -> None:
    with transaction():
        account = queries.find_account(realm, address.key, lock=True)
        if account is None:
            account = add_account(realm, address, password_hash)
            audit.record("accounts.sign_up", account, actor, realm=realm)
            send_verification(account)
            return
        audit.record("accounts.sign_up_again", account, actor)
        if account.verified_at is not None:
            mails.send_already_registered(account, queries.list_linked_logins(account.id))
        else:
            start_over(account, password_hash)
            send_verification(account)


def add_account(realm: Realm, address: EmailAddress, password_hash: str) -> Account:
    """Add an account, not verified yet, in the open unit of work; raises EmailTaken."""
    account = Account(
        realm=realm,
        email=address.address,
        email_key=address.key,
        password_hash=password_hash,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(account)
    except sa.exc.IntegrityError as error:
        if violated_constraint(error) != "uq_accounts_realm_email_key":
            raise
        raise EmailTaken(Message("這個電子信箱已經有帳號了，請換一個"), field="email") from error
    return account


def start_over(account: Account, password_hash: str) -> None:
    """Give an account that was never verified to who signs up now, in the open unit of work.

    Nothing that an earlier sign-up left may open it later: neither its password nor a login at a
    provider that it was to be linked with (security 3, pre-hijacking).
    """
    account.password_hash = password_hash
    db.session.execute(sa.delete(LinkedLogin).where(LinkedLogin.account_id == account.id))


def send_verification(account: Account) -> None:
    """Mail the link that verifies an account, in the open unit of work; once a minute at most."""
    now = clock.now()
    live = queries.list_live_links(account.id, now=now)
    if any(link.expires_at > now - RESEND_AFTER + VERIFICATION_LIFETIME for link in live):
        return
    for link in live:
        link.used_at = now
    token = new_token()
    db.session.add(
        MailedToken(
            digest=digest_of(token),
            purpose=TokenPurpose.VERIFY_EMAIL,
            account_id=account.id,
            expires_at=now + VERIFICATION_LIFETIME,
        )
    )
    mails.send_verification(account, token)


def _settle_kind(account: Account, kind: AccountKind, actor: Actor) -> None:
    account.kind = kind
    now = clock.now()
    for agreement in AGREEMENTS:
        consent = Consent(
            account_id=account.id,
            text=agreement.code,
            version=agreement.version,
            agreed_at=now,
            address=actor.address,
        )
        db.session.add(consent)
    audit.record("accounts.choose_kind", account, actor, kind=kind)


def find_by_typed_email(realm: Realm, email: str) -> Account | None:
    try:
        return queries.find_account(realm, parse_email(email).key)
    except InvalidValue:
        return None


def _link_spent() -> LinkSpent:
    return LinkSpent(
        Message("這個連結已經用過或過期了。您可以直接登入看看；還不能登入時，請用同一個電子信箱再註冊一次")
    )


def _is_open(account: Account) -> bool:
    return account.verified_at is not None and account.disabled_at is None


def _login_refused(owned: Account | None) -> LoginRefused:
    """:param owned: the account whose password was right; only its owner learns what keeps it shut."""
    if owned is not None and owned.disabled_at is not None:
        return LoginRefused(Message("這個帳號已經停用，請洽系統管理人員"))
    if owned is not None:
        return LoginRefused(
            Message("您的電子信箱還沒有確認，請先開啟認證信裡的連結；找不到信時，請再註冊一次，我們會重寄")
        )
    return LoginRefused(Message("電子信箱或密碼不對，請檢查後再輸入一次"))
