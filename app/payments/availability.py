"""Whether a method can be used now: not while the office has closed it, nor while its gateway is silent.

Codes that were issued before stay good and shown; only new attempts are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import db, transaction
from app.core.decisions import Decision, allowed, refused
from app.core.errors import InvalidValue, NotFound
from app.core.messages import Message, Wording
from app.core.roc_dates import format_instant
from app.payments.gateways import gateway_for
from app.payments.gateways.base import Gateway, Method
from app.payments.models import GatewaySilence, MethodClosure

#: So many unanswered questions within so long, and a gateway is taken to be out of order (case 21).
MANY_SILENCES: Final = 3
SILENCE_LASTS: Final = timedelta(minutes=5)


def check_available(method: Method, gateway: Gateway, *, now: datetime) -> Decision:
    """Return whether a method can be used now, or the sentence to show beside it (R090, S019)."""
    closure = find_closure(method, now=now)
    if closure is not None:
        return refused(closure_notice(closure), field="method")
    if is_silent(gateway.name):
        return refused(Message("暫時無法使用，請先用其他方式，或過幾分鐘再試。"), field="method")
    return allowed(Message("您可以用這種方式繳費。"))


def closure_notice(closure: MethodClosure) -> Message:
    """Return what a payer reads about a closed method, in either language."""
    values = {"notice": Wording(closure.text, closure.text_en or closure.text)}
    if closure.until is None:
        return Message("暫停使用：%(notice)s", values)
    return Message("暫停使用到 %(until)s：%(notice)s", values | {"until": format_instant(closure.until)})


def find_closure(method: Method, *, now: datetime) -> MethodClosure | None:
    """Return why a method is closed at an aware instant; None: it is open, perhaps again."""
    closure = db.session.get(MethodClosure, method, populate_existing=True)
    return closure if closure and (closure.until is None or now < closure.until) else None


def close_method(
    method: Method, *, text: str, text_en: str | None, until: datetime | None, actor: Actor
) -> MethodClosure:
    """Offer a method no more, with a notice for payers; one that is closed gets the new notice.

    :param until: aware instant at which it opens by itself; None: when somebody opens it
    :raises NotFound: if no gateway takes this method anyway
    :raises InvalidValue: if `until` has passed
    """
    now = clock.now()
    if gateway_for(method) is None:
        raise NotFound(Message("找不到這個頁面"))
    check_until(until, now=now)
    with transaction() as session:
        closure = session.get(MethodClosure, method) or MethodClosure(method=method)
        closure.text, closure.text_en, closure.until, closure.closed_at = text, text_en, until, now
        session.add(closure)
        audit.record(
            "payment.close_method",
            ("method", method.value),
            actor,
            text=text,
            text_en=text_en,
            until=until.isoformat() if until else None,
        )
    return closure


def check_until(until: datetime | None, *, now: datetime) -> None:
    """Raise InvalidValue when a method would open before it is closed."""
    if until is not None and until <= now:
        raise InvalidValue(Message("恢復時間要在現在之後"), field="day")


def open_method(method: Method, *, actor: Actor) -> None:
    """Offer a method again; opening an open one changes nothing."""
    with transaction() as session:
        closure = session.get(MethodClosure, method)
        if closure is not None:
            session.delete(closure)
            audit.record("payment.open_method", ("method", method.value), actor)


def note_silence(gateway: str) -> None:
    """Note that a gateway did not answer as its protocol says; not to be called within a unit of work."""
    with transaction() as session:
        session.add(GatewaySilence(gateway=gateway, at=clock.system_now()))


def note_answer(gateway: str) -> None:
    """Note that a gateway answered, which makes up for all its silence; not within a unit of work."""
    if db.session.scalar(sa.select(sa.exists().where(GatewaySilence.gateway == gateway))):
        with transaction() as session:
            session.execute(sa.delete(GatewaySilence).where(GatewaySilence.gateway == gateway))


def is_silent(gateway: str) -> bool:
    """Return whether a gateway is taken to be out of order now."""
    latest = sa.select(GatewaySilence.at).where(GatewaySilence.gateway == gateway)
    instants = db.session.scalars(latest.order_by(GatewaySilence.id.desc()).limit(MANY_SILENCES)).all()
    return is_out_of_order(instants, now=clock.system_now())


def is_out_of_order(silences: Sequence[datetime], *, now: datetime) -> bool:
    """Return whether the latest silences are so many within so short a time that payers go elsewhere.

    One silence may be the network's; what was long ago says nothing of now (case 21).
    """
    recent = [at for at in silences if now - at < SILENCE_LASTS]
    return len(recent) >= MANY_SILENCES
