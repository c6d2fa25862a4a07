"""The staff's second factor: set up once, a code at each sign-in, reset by two people (security 16).

Codes go by the machine's own time: moving the demo clock changes no authenticator app.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app.accounts import mails, sessions, totp
from app.accounts.grants import check_not_own, get_staff
from app.accounts.models import Account
from app.accounts.staff_models import RecoveryCode, SecondFactor
from app.core import audit, clock
from app.core.actors import Actor, ActorKind
from app.core.crypto import keyring
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound, Refused
from app.core.messages import Message

RESET_LIFETIME = timedelta(hours=24)


class CodeRefused(DomainError):
    """The code is not the one of now, or was used already."""

    status_code = 422


def find_second_factor(account: Account) -> SecondFactor | None:
    return db.session.get(SecondFactor, account.id)


def count_recovery_codes(account: Account) -> int:
    """Return how many recovery codes are left."""
    left = sa.select(sa.func.count(RecoveryCode.id)).where(
        RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(left) or 0


def secret_to_offer(session_token: str) -> str:
    """Return the secret that a sign-in session may set up.

    It follows from the session, so that opening the page twice offers the same and writes nothing.
    """
    return totp.secret_from(keyring().blind("second-factor", session_token))


def set_up(account: Account, secret: str, typed: str, *, actor: Actor) -> list[str]:
    """Keep an authenticator that has shown a right code, and return the recovery codes: only now.

    :raises CodeRefused: for the field ``code``, when the code is another one
    :raises Refused: when there is a second factor already
    """
    step = totp.matching_step(secret, typed, clock.system_now())
    if step is None:
        raise _refused()
    with transaction() as session:
        account = session.get_one(Account, account.id, with_for_update={"key_share": True})
        if find_second_factor(account) is not None:
            raise Refused(Message("已經設定過兩步驟驗證了，請輸入驗證碼登入"))
        keep_second_factor(account, secret, step=step)
        account.last_sign_in_at = clock.now()
        audit.record("accounts.set_up_second_factor", account, actor)
        return _renew_recovery_codes(account)


def keep_second_factor(account: Account, secret: str, *, step: int = 0) -> None:
    """Keep an authenticator in the open unit of work."""
    factor = SecondFactor(account_id=account.id, confirmed_at=clock.now(), last_step=step)
    factor.secret = secret
    db.session.add(factor)


def check_code(account: Account, typed: str, *, actor: Actor) -> None:
    """Accept a code of the authenticator, or a recovery code; each counts once (ASVS 6.5.1).

    :raises CodeRefused: for the field ``code``; that is on record as well
    """
    with transaction() as session:
        used = _use_code(account, typed) or _use_recovery_code(account, typed)
        if used:
            session.get_one(Account, account.id).last_sign_in_at = clock.now()
        audit.record("accounts.second_factor" if used else "accounts.code_refused", account, actor, by=used)
    if not used:
        raise _refused()


def renew_recovery_codes(account: Account, *, actor: Actor) -> list[str]:
    """Return ten new recovery codes; the old ones open nothing any more."""
    with transaction() as session:
        account = session.get_one(Account, account.id, with_for_update={"key_share": True})
        audit.record("accounts.renew_recovery_codes", account, actor)
        return _renew_recovery_codes(account)


def ask_for_reset(public_id: str, *, actor: Actor) -> None:
    """Ask that somebody's second factor be taken away; another member of staff has to confirm it in 24 hours.

    :raises Refused: when it is one's own
    :raises NotFound: when there is none to take away
    """
    with transaction():
        account = get_staff(public_id, lock=True)
        check_not_own(account, actor)
        factor = _get_second_factor(account)
        factor.reset_asked_at, factor.reset_asked_by_id = clock.now(), actor.account_id
        audit.record("staff.ask_second_factor_reset", account, actor)


def confirm_reset(public_id: str, *, actor: Actor) -> None:
    """Take away a second factor as another has asked for; a new one is set up at the next sign-in.

    :raises Refused: when nobody has asked in the last 24 hours, one has asked oneself, or it is one's own
    """
    with transaction():
        account = get_staff(public_id, lock=True)
        check_not_own(account, actor)
        factor = _get_second_factor(account)
        if not is_reset_open(factor):
            raise Refused(Message("重設的申請已經過期，請再申請一次"))
        if factor.reset_asked_by_id == actor.account_id:
            raise Refused(Message("重設要由兩個人辦理，請另一位系統管理人員確認"))
        _take_away(account, actor)


def reset_from_terminal(account: Account, *, actor: Actor) -> None:
    """Take away the second factor of an account, for who runs the machine and nobody else."""
    if actor.kind != ActorKind.SYSTEM:
        raise Refused(Message("重設要由兩個人辦理，請另一位系統管理人員確認"))
    with transaction():
        _get_second_factor(account)
        _take_away(account, actor)


def is_reset_open(factor: SecondFactor) -> bool:
    """Return whether a reset was asked for and can still be confirmed."""
    return factor.reset_asked_at is not None and clock.now() < factor.reset_asked_at + RESET_LIFETIME


def _take_away(account: Account, actor: Actor) -> None:
    for table in (RecoveryCode, SecondFactor):
        db.session.execute(sa.delete(table).where(table.account_id == account.id))
    sessions.end_all(account, actor=actor)
    audit.record("staff.reset_second_factor", account, actor)
    mails.send_second_factor_reset(account)


def _get_second_factor(account: Account) -> SecondFactor:
    factor = find_second_factor(account)
    if factor is None:
        raise NotFound(Message("這個帳號沒有設定兩步驟驗證，不用重設"))
    return factor


def _use_code(account: Account, typed: str) -> str | None:
    factor = find_second_factor(account)
    step = totp.matching_step(factor.secret, typed, clock.system_now()) if factor else None
    # The condition is part of the statement: of two requests with the same code one gets in.
    used = step is not None and db.session.execute(
        sa.update(SecondFactor)
        .where(SecondFactor.account_id == account.id, SecondFactor.last_step < step)
        .values(last_step=step)
    )
    return "code" if used and used.rowcount == 1 else None


def _use_recovery_code(account: Account, typed: str) -> str | None:
    code = totp.read_recovery_code(typed)
    if code is None:
        return None
    used = db.session.execute(
        sa.update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account.id,
            RecoveryCode.digest == _digest_of(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )
    return "recovery code" if used.rowcount == 1 else None


def _renew_recovery_codes(account: Account) -> list[str]:
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [totp.new_recovery_code() for _ in range(totp.RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(account_id=account.id, digest=_digest_of(code)) for code in codes)
    return codes


def _digest_of(code: str) -> bytes:
    return keyring().blind("recovery-code", code)


def _refused() -> CodeRefused:
    return CodeRefused(
        Message("驗證碼不對或已經用過了，請等 App 換下一組數字再輸入；備用碼每組只能用一次"), field="code"
    )
