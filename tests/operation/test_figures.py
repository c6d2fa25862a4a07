"""/metrics, and the line that each request leaves."""

from __future__ import annotations

import logging
import re

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import mail, outbox
from app.core.db import transaction
from tests.client import CheckingClient


def figure(client: CheckingClient, name: str) -> float | None:
    text = client.get("/metrics").text
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else None


def test_answers_are_counted_by_route_not_by_address(client: CheckingClient) -> None:
    counted = 'portal_requests_total{method="GET",route="site.round_facts",status="404"}'
    before = figure(client, counted) or 0

    client.get("/rounds/no-such-round?name=yu")

    assert figure(client, counted) == before + 1
    assert "no-such-round" not in client.get("/metrics").text


def test_an_invented_method_is_no_label_of_its_own(client: CheckingClient) -> None:
    client.open("/", method="BREW")

    assert 'method="other"' in client.get("/metrics").text
    assert "BREW" not in client.get("/metrics").text


def test_what_waits_to_be_delivered_is_counted(client: CheckingClient, app: Flask) -> None:
    with transaction() as session:
        mail.send_later("yu@example.tw", "請驗證", "您好")
        session.flush()
        session.info["after_commit"].clear()

    assert figure(client, "portal_outbox_pending") == 1
    assert figure(client, "portal_figures_complete") == 1


def test_requests_stay_readable_when_the_database_is_down(
    client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise sa.exc.OperationalError("SELECT", {}, OSError())

    monkeypatch.setattr(outbox, "count_pending", refuse)

    assert figure(client, "portal_figures_complete") == 0
    assert "portal_requests_total" in client.get("/metrics").text


def test_each_answer_leaves_a_line_with_the_number_that_the_reader_gets(
    client: CheckingClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "app"):
        answer = client.get("/rounds?q=secret")

    (line,) = [record for record in caplog.records if record.getMessage() == "request"]
    assert (line.method, line.status) == ("GET", 200)
    assert "secret" not in str(vars(line))
    assert re.fullmatch(r"[0-9a-f]{12}", answer.headers["X-Request-Id"])
