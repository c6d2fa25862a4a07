"""What candidates and leaders read about their post, and how they ask for it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.db import db
from app.groups.models import Group
from app.mailings import queries, services
from app.mailings.kinds import MailingKind
from app.mailings.models import MailingParcel
from app.mailings.states import ResendCause, ReturnReason
from app.registration.models import Registration
from tests.client import CheckingClient
from tests.factories.mailings import (
    FIRST_NUMBER,
    MATERIALS_DAY,
    TICKET_DAY,
    make_batch,
    make_mailed_group,
    make_person,
    make_posted,
    seat,
)
from tests.factories.registrations import make_draft
from tests.factories.results import FAILS, PASSES, make_published

At = Callable[[str], None]
SignIn = Callable[[Account], None]
TICKET, SCORE, CERTIFICATE = MailingKind.TICKET, MailingKind.SCORE_REPORT, MailingKind.CERTIFICATE


@pytest.fixture
def look(client: CheckingClient, sign_in: SignIn) -> Callable[[Registration], dict[str, Any]]:
    """Return the lines of a candidate's status page by their title."""

    def look(registration: Registration) -> dict[str, Any]:
        sign_in(db.session.get_one(Account, registration.account_id))
        page = client.page(f"/registrations/{registration.public_id}")
        return {item.h2.get_text(): item for item in page.select(".timeline-item")}

    return look


Look = Callable[[Registration], dict[str, Any]]


def come_back(parcel: MailingParcel, on: str) -> None:
    services.return_parcel(
        parcel.public_id, returned_on=date.fromisoformat(on), reason=ReturnReason.UNCLAIMED, actor=SYSTEM
    )


@pytest.mark.requirement("R014", "R211")
def test_materials_cannot_be_sent_before_their_day(look: Look, at: At) -> None:
    registration = make_person()
    at("2023-05-04 23:59")
    assert "尚未寄發" in look(registration)["教材寄送"].get_text()

    at("2023-05-05 00:00")
    assert "準備寄發中" in look(registration)["教材寄送"].get_text()


@pytest.mark.requirement("R211")
def test_posted_materials_show_the_day_and_the_way(look: Look, at: At) -> None:
    registration = make_person()
    make_posted()
    at("2023-05-08 09:00")

    line = look(registration)["教材寄送"]

    assert "已寄出" in line.get_text()
    assert "112 年 5 月 5 日（五）以普通郵件寄到您的通訊地址" in line.get_text()


def test_a_batch_that_is_only_made_is_not_sent_yet(look: Look, at: At) -> None:
    registration = make_person()
    make_batch()
    at(MATERIALS_DAY)

    assert "準備寄發中" in look(registration)["教材寄送"].get_text()


def test_a_draft_has_no_post(look: Look, at: At) -> None:
    draft = make_draft()
    at(MATERIALS_DAY)

    assert "準備寄發中" not in look(draft)["教材寄送"].get_text()


@pytest.mark.requirement("R132", "R140")
def test_who_did_not_tick_sees_no_paper_ticket_and_no_way_to_ask_for_one(look: Look, at: At) -> None:
    registration = make_person(ticket_by_post=False)
    seat()
    at(TICKET_DAY)

    lines = look(registration)

    assert "准考證" in lines
    assert "准考證寄送" not in lines


@pytest.mark.requirement("R132", "R135")
def test_who_ticked_sees_the_paper_ticket_beside_the_download(
    look: Look, at: At, client: CheckingClient
) -> None:
    registration = make_person(ticket_by_post=True)
    seat()
    make_posted(TICKET)
    at("2023-08-14 09:00")

    lines = look(registration)

    assert list(lines).index("准考證寄送") == list(lines).index("准考證") + 1
    assert "以限時專送寄到您的通訊地址" in lines["准考證寄送"].get_text()
    assert "考前還沒收到的話，請自行下載列印准考證" in lines["准考證寄送"].get_text()
    assert client.get(f"/registrations/{registration.public_id}/ticket.pdf").mimetype == "application/pdf"


@pytest.mark.requirement("R140")
def test_a_ticket_that_came_back_is_printed_and_not_asked_for(
    look: Look, at: At, client: CheckingClient
) -> None:
    registration = make_person(ticket_by_post=True)
    seat()
    [parcel] = make_posted(TICKET)
    at("2023-08-25 09:00")
    come_back(parcel, "2023-08-24")

    line = look(registration)["准考證寄送"]

    assert "被退回" in line.get_text()
    assert "不予補寄" in line.get_text()
    assert line.find("a") is None
    assert client.get(f"/mailings/{parcel.public_id}/resend").status_code == 409
    refused = client.send(f"/mailings/{parcel.public_id}/resend", {"cause": "unclaimed"}, status=409)
    assert "不予補寄" in refused.main.get_text()


@pytest.mark.requirement("R153")
def test_the_paper_report_follows_the_result(look: Look, at: At) -> None:
    [registration] = make_published({"徐玉蘭": FAILS})
    at("2023-11-16 23:59")
    assert "成績單寄送" not in look(registration)

    make_posted(SCORE)
    at("2023-11-20 09:00")
    lines = look(registration)

    assert "未通過" in lines["成績單"].get_text()
    assert "112 年 11 月 17 日（五）以限時專送寄到您的通訊地址" in lines["成績單寄送"].get_text()
    assert "證書寄送" not in lines


@pytest.mark.requirement("R018", "R171")
def test_a_posted_certificate_shows_its_registered_number(look: Look, at: At) -> None:
    [registration] = make_published({"徐玉蘭": PASSES})
    at("2023-12-07 23:59")
    assert "證書寄送" not in look(registration)
    make_posted(CERTIFICATE)
    at("2023-12-10 09:00")

    line = look(registration)["證書寄送"].get_text()

    assert f"以掛號寄到您的通訊地址，掛號號碼 {FIRST_NUMBER}" in line


@pytest.mark.requirement("R172")
@pytest.mark.parametrize("posted", [True, False])
def test_after_two_weeks_the_certificate_is_asked_after(look: Look, at: At, posted: bool) -> None:
    [registration] = make_published({"徐玉蘭": PASSES})
    if posted:
        make_posted(CERTIFICATE)

    at("2023-12-22 23:59")
    assert "滿兩週" not in look(registration)["證書寄送"].get_text()
    at("2023-12-23 00:00")
    assert "寄發已滿兩週，還沒收到的話，請電洽總試務中心" in look(registration)["證書寄送"].get_text()


@pytest.mark.requirement("R174")
def test_what_came_back_is_asked_for_again(look: Look, at: At, client: CheckingClient) -> None:
    registration = make_person()
    [parcel] = make_posted()
    at("2023-05-25 09:00")
    come_back(parcel, "2023-05-20")

    line = look(registration)["教材寄送"]
    assert "招領逾期" in line.get_text()
    assert "重寄的郵資由您負擔" in line.get_text()
    page = client.page(line.find("a", string="申請重寄")["href"])
    assert "郵資由您負擔" in page.main.get_text()
    assert "366 苗栗縣銅鑼鄉中正路12號" in page.main.get_text()

    missing = client.send(f"/mailings/{parcel.public_id}/resend", {}, status=422)
    assert "請選擇重寄的原因" in missing.main.get_text()
    after = client.send(f"/mailings/{parcel.public_id}/resend", {"cause": "unclaimed"})
    assert "已送出重寄申請" in after.get_text()
    assert "重寄申請處理中" in look(registration)["教材寄送"].get_text()


@pytest.mark.requirement("R174", "R004")
def test_the_page_tells_how_much_postage_is_due_and_where_it_goes(look: Look, at: At) -> None:
    registration = make_person()
    [parcel] = make_posted()
    at("2023-05-25 09:00")
    resend = services.ask_resend(parcel.public_id, ResendCause.MOVED, actor=SYSTEM)
    services.bill_resend(resend.public_id, postage_twd=44, actor=SYSTEM)

    due = look(registration)["教材寄送"].get_text()
    assert "NT$44" in due
    assert "臺北師大郵局第 13 號信箱" in due.replace("第13號", "第 13 號")
    services.receive_postage(resend.public_id, actor=SYSTEM)
    assert "即將重寄" in look(registration)["教材寄送"].get_text()
    db.session.expire_all()
    make_posted()
    assert "已寄出" in look(registration)["教材寄送"].get_text()


def test_a_refusal_is_read_on_the_status_page(look: Look, at: At) -> None:
    registration = make_person()
    [parcel] = make_posted()
    at("2023-05-25 09:00")
    resend = services.ask_resend(parcel.public_id, ResendCause.OFFICE, actor=SYSTEM)
    services.refuse_resend(resend.public_id, note="郵局已投遞成功", actor=SYSTEM)

    assert "重寄申請沒有核准：郵局已投遞成功" in look(registration)["教材寄送"].get_text()


def test_somebody_elses_parcel_is_not_found(client: CheckingClient, sign_in: SignIn, at: At) -> None:
    make_person()
    [parcel] = make_posted()
    other = make_person()
    sign_in(db.session.get_one(Account, other.account_id))

    client.page(f"/mailings/{parcel.public_id}/resend", status=404)


@pytest.mark.requirement("R173")
def test_asking_for_a_certificate_again_points_to_the_council_for_a_new_one(
    client: CheckingClient, sign_in: SignIn, at: At
) -> None:
    [registration] = make_published({"徐玉蘭": PASSES})
    [parcel] = make_posted(CERTIFICATE)
    at("2023-12-28 09:00")
    sign_in(db.session.get_one(Account, registration.account_id))

    page = client.page(f"/mailings/{parcel.public_id}/resend")

    assert "客語能力認證考試規費收費標準" in page.main.get_text()


@pytest.fixture
def group(client: CheckingClient, sign_in: SignIn) -> Group:
    """A group of four, its leader signed in."""
    group = make_mailed_group(4)
    sign_in(db.session.get_one(Account, group.account_id))
    return group


def lines_of(client: CheckingClient, group: Group) -> dict[str, Any]:
    page = client.page(f"/groups/{group.public_id}")
    return {item.h2.get_text(): item for item in page.select(".timeline-item")}


@pytest.mark.requirement("R211")
def test_a_leader_reads_one_line_for_the_group(client: CheckingClient, group: Group, at: At) -> None:
    at("2023-05-04 23:59")
    assert "尚未寄發" in lines_of(client, group)["教材寄送"].get_text()

    make_posted()
    at("2023-05-08 09:00")
    line = lines_of(client, group)["教材寄送"]

    assert "4 份：已於 112 年 5 月 5 日（五）寄出" in line.get_text()
    assert line.a["href"] == f"/groups/{group.public_id}/mailings"


def test_the_line_tells_when_only_some_are_posted_or_one_came_back(
    client: CheckingClient, group: Group, at: At
) -> None:
    [parcel] = make_posted()
    at("2023-05-25 09:00")
    come_back(parcel, "2023-05-20")

    assert "有郵件被退回" in lines_of(client, group)["教材寄送"].get_text()
    services.ask_resend(parcel.public_id, ResendCause.MOVED, actor=SYSTEM)
    assert "有郵件被退回" not in lines_of(client, group)["教材寄送"].get_text()


def test_a_leader_sees_each_members_post_and_asks_for_the_parcel_again(
    client: CheckingClient, group: Group, at: At
) -> None:
    [parcel] = make_posted()
    at("2023-05-25 09:00")
    come_back(parcel, "2023-05-20")

    page = client.page(f"/groups/{group.public_id}/mailings")

    rows = page.select("tbody tr")
    assert len(rows) == 4
    assert all("招領逾期" in row.get_text() for row in rows)
    after = client.send(rows[0].a["href"], {"cause": "unclaimed"})
    assert after.get_text().count("重寄申請處理中") == 4


@pytest.mark.requirement("R155")
def test_where_leaders_see_no_results_the_post_does_not_tell_who_passed(
    client: CheckingClient, group: Group, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def headings() -> list[str]:
        page = client.page(f"/groups/{group.public_id}/mailings")
        return [heading.get_text() for heading in page.select("thead th")]

    monkeypatch.setattr("app.mailings.timeline.leaders_may_see", lambda: True)
    assert headings() == ["姓名", "教材", "紙本准考證", "成績單", "合格證書"]
    monkeypatch.setattr("app.mailings.timeline.leaders_may_see", lambda: False)
    assert headings() == ["姓名", "教材", "紙本准考證", "成績單"]


def test_a_groups_page_costs_the_same_however_many_members(
    client: CheckingClient, sign_in: SignIn, at: At, count_queries: Callable[[], Any]
) -> None:
    small, large = make_mailed_group(4), make_mailed_group(8, name="九湖國小")
    make_posted()
    at("2023-05-08 09:00")

    def cost(group: Group) -> int:
        sign_in(db.session.get_one(Account, group.account_id))
        client.page(f"/groups/{group.public_id}/mailings")
        with count_queries() as asked:
            client.page(f"/groups/{group.public_id}/mailings")
        return len(asked)

    assert cost(small) == cost(large)
    assert queries.count_open_resends() == 0
