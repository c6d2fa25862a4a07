"""The tour's stops at accounts: signing up in every way, forgotten passwords, one's own account."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.guide import Tour, follow
from tests.browser.people import PASSWORD, wait_for_mail

VISITOR = "newcomer@example.tw"


def visitor_pages(tour: Tour, page: Page) -> None:
    """Sign up by address and with a provider, and ask for a new password."""
    for path, name in (
        ("/signup", "signup-track"),
        ("/national/signup", "signup"),
        ("/multi/signup", "signup-multi"),
        ("/login", "login-track"),
        ("/national/login", "login"),
        ("/password/forgot", "password-forgot"),
        ("/password/reset/spent", "password-link-spent"),
        ("/verify/spent", "signup-link-spent"),
    ):
        tour.visit(page, path, name)
    _sign_up(tour, page)
    _forget_password(tour, page)
    _come_from_provider(tour, page)


def own_pages(tour: Tour, page: Page) -> None:
    """Look at the account of whoever is signed in."""
    for path, name in (
        ("/account", "account"),
        ("/account/password", "account-password"),
        ("/account/confirm", "account-confirm"),
        ("/account/data", "account-data"),
    ):
        tour.visit(page, path, name)


def _sign_up(tour: Tour, page: Page) -> None:
    page.goto("/national/signup")
    follow(page.get_by_role("button", name="送出"))
    tour.show(page, "signup-errors")
    page.get_by_label("電子信箱").fill(VISITOR)
    page.get_by_label("密碼", exact=True).fill(PASSWORD)
    page.get_by_label("密碼確認").fill(PASSWORD)
    follow(page.get_by_role("button", name="送出"))
    tour.show(page, "signup-sent")
    tour.visit(page, wait_for_mail(tour.portal, VISITOR)["links"][0], "signup-verify")
    page.get_by_label("密碼").fill(PASSWORD)
    follow(page.locator("main").get_by_role("button"))
    tour.show(page, "choose-kind")
    page.context.clear_cookies()


def _forget_password(tour: Tour, page: Page) -> None:
    page.goto("/password/forgot")
    page.get_by_label("電子信箱").fill(VISITOR)
    follow(page.locator("main form").get_by_role("button"))
    tour.show(page, "password-sent")
    link = wait_for_mail(tour.portal, VISITOR, "密碼")["links"][0]
    tour.visit(page, link, "password-reset")
    page.context.clear_cookies()


def _come_from_provider(tour: Tour, page: Page) -> None:
    page.goto("/national/login")
    follow(page.get_by_role("link", name="用 Google 繼續"))
    tour.show(page, "provider")
    follow(page.get_by_role("button", name="林美華"))
    tour.show(page, "signup-complete")
    page.goto("/national/login")
    follow(page.get_by_role("link", name="用 Google 繼續"))
    follow(page.get_by_role("button", name="取消"))
    tour.show(page, "provider-refused")
    page.context.clear_cookies()
