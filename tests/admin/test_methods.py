"""The payments desk's page of methods: one is closed with a notice, looked at once more, and opened again."""

from __future__ import annotations

import pytest

from app.accounts.roles import NO_UNIT, Role
from app.core import clock
from app.core.actors import SYSTEM
from app.payments import availability
from app.payments.gateways.base import Method
from tests.client import CheckingClient
from tests.factories.accounts import make_staff

DESK = "/admin/payments/methods"
NOTICE = {"text": "銀行系統維護，請先用其他方式。", "text_en": "", "day": "112/5/3", "hour": "18：00"}

pytestmark = pytest.mark.usefixtures("staff")


def test_a_method_is_closed_after_a_look_at_what_payers_will_read(client: CheckingClient) -> None:
    page = client.send(f"{DESK}/atm/close", NOTICE)

    assert "112 年 5 月 3 日（三）18:00" in page.find("main").get_text()
    assert availability.find_closure(Method.ATM, now=clock.now()) is None

    typed = {field["name"]: field["value"] for field in page.select(".confirm input[name]")}
    after = client.send(page.select_one(".confirm form")["action"], typed)
    row = after.find("th", string="ATM 轉帳").find_parent("tr").get_text()
    assert "暫停" in row
    assert "銀行系統維護" in row
    assert "自動恢復" in row


def test_it_is_opened_again_after_a_question(client: CheckingClient) -> None:
    availability.close_method(Method.CARD, text="維護", text_en=None, until=None, actor=SYSTEM)

    page = client.page(f"{DESK}/card/open")
    assert "要恢復這種繳費方式嗎？" in page.h1.get_text()
    client.post(f"{DESK}/card/open", data={})

    assert availability.find_closure(Method.CARD, now=clock.now()) is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"text": ""}, "請寫一句話給繳費人看"),
        ({"text": "長" * 101}, "最多 100 個字"),
        ({"day": ""}, "請填恢復日期"),
        ({"hour": ""}, "請填恢復時間"),
        ({"hour": "25:00"}, "時間請寫成 18:00"),
        ({"day": "112/2/30"}, "2"),
        ({"day": "112/4/30"}, "恢復時間要在現在之後"),
    ],
)
def test_a_notice_that_cannot_be_comes_back_with_what_was_typed(
    client: CheckingClient, change: dict[str, str], sentence: str
) -> None:
    page = client.send(f"{DESK}/atm/close", NOTICE | change, status=422)

    assert sentence in page.find(role="alert").get_text()
    typed = {field["name"]: field.get("value", "") for field in page.select("form.one-column input[name]")}
    assert typed.items() >= (NOTICE | change).items()


@pytest.mark.parametrize("method", ["gold", "line_pay"])
def test_a_method_that_nobody_takes_is_not_found(
    client: CheckingClient, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    methods = client.application.extensions["payment_methods"]
    monkeypatch.delitem(methods, Method.LINE_PAY, raising=False)

    assert client.get(f"{DESK}/{method}/close").status_code == 404


def test_who_may_not_look_at_payments_may_not_close_them(client: CheckingClient, sign_in: object) -> None:
    sign_in(make_staff(email="office-only@example.tw", roles=[(Role.EXAM_OFFICE, NO_UNIT)]))

    assert client.get(f"{DESK}/atm/close").status_code == 403
