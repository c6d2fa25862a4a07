"""A test client that looks at every page as a careful reader would, and fails on what it finds."""

from __future__ import annotations

import contextvars
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

UNLABELLED = {"hidden", "submit", "button", "image", "reset"}


class CheckingClient(FlaskClient):
    """Opens each page in a context of its own, as a server does, and checks the HTML that comes back."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        # An app context that is already open would be shared by all requests, and with it who is signed in.
        response: TestResponse = contextvars.Context().run(super().open, *args, **kwargs)
        if response.mimetype == "text/html" and response.data:
            check_page(response.get_data(as_text=True), where=response.request.path)
        return response

    def page(self, path: str, *, status: int = 200) -> BeautifulSoup:
        """Return the parsed page at a path, following redirects; fails on another status."""
        response = self.get(path, follow_redirects=True)
        assert response.status_code == status, f"{path}: {response.status_code}"
        return BeautifulSoup(response.get_data(as_text=True), "html5lib")

    def send(self, path: str, fields: dict[str, Any], *, status: int = 200) -> BeautifulSoup:
        """Return the parsed page that comes after posting a form, following redirects."""
        response = self.post(path, data=fields, follow_redirects=True)
        assert response.status_code == status, f"{path}: {response.status_code}"
        return BeautifulSoup(response.get_data(as_text=True), "html5lib")


def check_page(html: str, *, where: str) -> None:
    """Fail on a missing title, heading or label, a duplicate id, an inline handler, a button of no form."""
    page = BeautifulSoup(html, "html5lib")
    problems = []
    if page.title is None or not page.title.get_text(strip=True):
        problems.append("no title")
    if len(page.find_all("h1")) != 1:
        problems.append(f"{len(page.find_all('h1'))} h1 headings")
    ids = [element["id"] for element in page.find_all(id=True)]
    problems += [f"id {name!r} stands twice" for name in sorted({i for i in ids if ids.count(i) > 1})]
    problems += [
        f"no label: {control}"
        for control in page.find_all(["input", "select", "textarea"])
        if control.get("type") not in UNLABELLED and not _is_labelled(page, control)
    ]
    problems += [
        f"inline style or handler: {element.name} {sorted(element.attrs)}"
        for element in page.find_all(True)
        if any(name == "style" or name.startswith("on") for name in element.attrs)
    ]
    problems += [
        f"button of a form that is not there: {control}"
        for control in page.find_all(form=True)
        if page.find("form", id=control["form"]) is None
    ]
    problems += [f"no caption: {table}" for table in page.find_all("table") if table.caption is None]
    assert not problems, f"{where}: {problems}"


def _is_labelled(page: BeautifulSoup, control: Any) -> bool:
    if control.get("aria-label") or control.get("aria-labelledby") or control.find_parent("label"):
        return True
    return bool(control.get("id")) and page.find("label", attrs={"for": control["id"]}) is not None
