"""A person at a browser who is sent to the provider, says who they are, and comes back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup

PORTAL = "http://localhost/"


class PersonAtProvider:
    """:ivar login: what they type there; nomail… have no e-mail, for unproven… nobody vouches"""

    def __init__(self, login: str) -> None:
        self.login = login
        self.email = f"{login}@example.tw"

    def come_back(self, client: Any, start: str, *, press: str = "consent") -> str:
        """Follow a button of the portal to the provider, and return the path of the way back.

        :param press: consent, or cancel
        """
        away = client.get(start)
        assert away.status_code == 302, f"{start}: {away.status_code}"
        browser = requests.Session()
        answer = browser.get(away.location, allow_redirects=False, timeout=10)
        while True:
            if answer.is_redirect:
                target = urljoin(answer.url, answer.headers["Location"])
                if target.startswith(PORTAL):
                    return "/" + target.removeprefix(PORTAL).partition("#")[0]
                answer = browser.get(target, allow_redirects=False, timeout=10)
                continue
            answer = self._answer_page(browser, answer, press)

    def sign_in(self, client: Any, start: str) -> Any:
        """Go there and back, and return the portal's answer."""
        return client.get(self.come_back(client, start))

    def _answer_page(self, browser: requests.Session, answer: requests.Response, press: str) -> Any:
        assert answer.ok, answer.text
        page = BeautifulSoup(answer.text, "html.parser")
        if page.find(attrs={"name": "who"}) is not None:
            return self._answer_simulator(browser, answer, press)
        if press == "cancel":
            abort = page.find("a", href=lambda address: address and address.endswith("/abort"))
            return browser.get(urljoin(answer.url, abort["href"]), allow_redirects=False, timeout=10)
        form = page.find("form")
        fields = {
            field["name"]: field.get("value", "") for field in form.find_all("input", attrs={"name": True})
        }
        if "login" in fields:
            fields |= {"login": self.login, "password": "any"}
        return browser.post(
            urljoin(answer.url, form["action"]), data=fields, allow_redirects=False, timeout=10
        )

    def _answer_simulator(self, browser: requests.Session, answer: requests.Response, press: str) -> Any:
        """Answer the simulator's page, where one picks a person, types an address, or cancels."""
        who = "cancel" if press == "cancel" else "2" if self.login.startswith("nomail") else "typed"
        fields = {"who": who, "email": self.email}
        return browser.post(answer.url, data=fields, allow_redirects=False, timeout=10)
