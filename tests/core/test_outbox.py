"""The outbox: what was promised in a transaction goes out after it, at least once, and is then forgotten."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock, mail, outbox
from app.core.db import db, transaction
from app.core.outbox import OutboxMessage
from tests.mailbox import Mailbox


def stored() -> list[OutboxMessage]:
    return list(db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)))


def test_a_mail_goes_out_after_the_commit(app: Flask, mailbox: Mailbox) -> None:
    with transaction():
        mail.send_later("yu@example.tw", "請驗證", "您好，𠊎寄信給您。\nhttp://localhost/verify/x")
        assert mailbox.all() == []

    sent = mailbox.last()
    assert (sent.to, sent.subject) == ("yu@example.tw", "請驗證")
    assert sent.links == ["http://localhost/verify/x"]
    assert "𠊎" in sent.text


def test_nothing_goes_out_when_the_transaction_fails(app: Flask, mailbox: Mailbox) -> None:
    with pytest.raises(RuntimeError), transaction():
        mail.send_later("yu@example.tw", "請驗證", "您好")
        raise RuntimeError

    assert mailbox.all() == []
    assert stored() == []


def test_a_delivered_message_keeps_no_content(app: Flask) -> None:
    with transaction():
        mail.send_later("yu@example.tw", "請驗證", "秘密連結")

    (message,) = stored()
    assert message.delivered_at is not None
    assert message.payload == {}


def test_delivering_twice_leaves_one_mail(app: Flask, mailbox: Mailbox) -> None:
    payload = {"to": "yu@example.tw", "subject": "請驗證", "text": "您好"}
    mail.deliver("same-identifier", payload)
    mail.deliver("same-identifier", payload)

    assert len(mailbox.all()) == 1


def test_a_failed_delivery_stays_and_says_why(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_identifier: str, _payload: dict[str, Any]) -> None:
        raise ConnectionRefusedError

    monkeypatch.setitem(outbox._handlers, "mail", refuse)
    with transaction():
        mail.send_later("yu@example.tw", "請驗證", "您好")

    (message,) = stored()
    assert message.delivered_at is None
    assert (message.attempts, message.last_error) == (1, "ConnectionRefusedError")
    assert message.payload["text"] == "您好"


def test_a_message_that_another_worker_has_taken_is_left_to_it(app: Flask) -> None:
    with transaction() as session:
        mail.send_later("yu@example.tw", "請驗證", "您好")
        session.flush()
        (message,) = stored()
        session.info["after_commit"].clear()

    assert outbox._claim(message.id) is not None
    assert outbox._claim(message.id) is None


def test_a_header_cannot_be_smuggled_into_a_mail(app: Flask) -> None:
    with pytest.raises(ValueError, match=r"[Ll]inefeed"):
        mail.deliver("x", {"to": "a@example.tw\r\nBcc: b@example.tw", "subject": "s", "text": "t"})


def test_each_failure_doubles_the_wait_so_that_a_long_outage_is_outlasted(
    app: Flask, monkeypatch: pytest.MonkeyPatch, mailbox: Mailbox
) -> None:
    broken = True

    def deliver(identifier: str, payload: dict[str, Any]) -> None:
        if broken:
            raise ConnectionRefusedError
        mail.deliver(identifier, payload)

    monkeypatch.setitem(outbox._handlers, "mail", deliver)
    with transaction():
        mail.send_later("yu@example.tw", "請驗證", "您好")
    (message,) = stored()
    waits = []
    while message.attempts < outbox.MAX_ATTEMPTS - 1:
        started = message.available_at
        with monkeypatch.context() as later:
            later.setattr(clock, "system_now", lambda: started)  # noqa: B023 - called at once
            assert outbox.deliver_pending() == 0
        waits.append(message.available_at - started)
    broken = False
    monkeypatch.setattr(clock, "system_now", lambda: message.available_at)

    assert outbox.deliver_pending() == 1

    assert waits[0] == timedelta(minutes=4)
    assert all(later == 2 * earlier for earlier, later in pairwise(waits))
    assert sum(waits, timedelta()) > timedelta(days=2)
    assert mailbox.last().to == "yu@example.tw"


def test_a_failure_is_logged_without_the_address_it_was_for(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_identifier: str, payload: dict[str, Any]) -> None:
        raise smtplib.SMTPRecipientsRefused({payload["to"]: (550, b"no such user")})

    monkeypatch.setitem(outbox._handlers, "mail", refuse)
    with transaction():
        mail.send_later("yu@example.tw", "請驗證", "您好")

    assert "outbox delivery failed" in caplog.text
    assert "yu@example.tw" not in caplog.text
