"""Which pages there are, from the portal's own list of routes, and which of them a walk has missed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

_FILE = re.compile(r"\.(\w+|<[^/]+>)$", re.ASCII)

# What answers a GET with no page of its own, by the reason.
FILES = {
    "admin.arrangements.proof",
    "admin.documents.file",
    "admin.refunds.proof",
    "admin.review.correction_file",
    "bootstrap.static",
    "site.document",
    "static",
}
LEADS_ON = {
    "accounts.leave_to_link",
    "accounts.leave_to_sign_in",
    "accounts.take_invitation",
    "accounts.take_link",
    "accounts.take_reset_link",
    "admin.examday.find",
    "admin.mailings.find",
    "cases.index",
    "confirmation.take_link",
    "groups.of_member",
    "payments.come_back",
    "payments.confirm",
}
FOR_MACHINES = {
    "accounts.new_captcha",
    "admin.groups.sheet_progress",
    "admin.reconciliation.file_progress",
    "groups.sheet_progress",
    "operation.metrics",
    "operation.readyz",
    "site.healthz",
}


def missed_pages(app: Flask, addresses: Iterable[str]) -> set[str]:
    """Return the endpoints that show a page and that none of the addresses belongs to."""
    seen = {_endpoint(app, urlsplit(address).path) for address in addresses}
    offered = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not _FILE.search(rule.rule)
    }
    return offered - seen - FILES - LEADS_ON - FOR_MACHINES


def _endpoint(app: Flask, path: str) -> str | None:
    try:
        endpoint, _values = app.url_map.bind("localhost").match(path)
    except HTTPException:
        return None
    return str(endpoint)
