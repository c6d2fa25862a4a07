"""Moving published dates (R009)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Account
from app.config import ROOT
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.exams.brochure import read_brochure
from app.exams.queries import get_round
from app.exams.services import load_brochure
from app.site.models import Announcement
from app.tickets.models import Slot, Ticket
from app.tickets.services import assign_round
from tests.client import CheckingClient
from tests.conftest import taipei
from tests.factories.accounts import make_account
from tests.factories.refunds import make_notice, make_request
from tests.factories.registrations import NATIONAL_1, NATIONAL_2, make_draft, make_submitted
from tests.factories.seating import AREA, load_example_venues, make_approved
from tests.mailbox import Mailbox

ADDRESS = f"/admin/dates/{NATIONAL_1}"
FILE = ROOT / "data" / "brochure_112.json"
REASON = "配合系統維護，委員會決議調整"


def typed(client: CheckingClient, **moves: str) -> dict[str, str]:
    """Return the form as it is shown, with these dates typed over."""
    page = client.page(ADDRESS)
    shown = {each["name"]: each.get("value", "") for each in page.main.select("form input[name]")}
    return {**shown, "reason": REASON, **moves}


def confirmed(client: CheckingClient, **moves: str) -> dict[str, str]:
    return {**typed(client, **moves), "confirmed": "yes"}


def session_starts() -> list[datetime]:
    query = sa.select(Slot.starts_at).where(Slot.round_id == get_round(NATIONAL_1).id)
    return list(db.session.scalars(query.order_by(Slot.id)))


@pytest.mark.requirement("R009")
def test_a_move_is_shown_with_whom_it_concerns_before_it_happens(
    client: CheckingClient, staff: Account
) -> None:
    make_submitted()
    make_submitted()
    make_draft()

    page = client.send(ADDRESS, typed(client, registration_closes_on="112/6/16"))

    facts = page.select_one(".confirm").get_text(" ", strip=True)
    assert "112 年 6 月 9 日（五） → 112 年 6 月 16 日（五）" in facts
    assert "2 人" in facts
    assert "1 個電子信箱" in facts
    assert get_round(NATIONAL_1).registration_closes_on.isoformat() == "2023-06-09"


@pytest.mark.requirement("R009", "R007")
def test_a_move_is_announced_mailed_and_on_record(
    client: CheckingClient, staff: Account, mailbox: Mailbox
) -> None:
    make_submitted()
    make_submitted(round_code=NATIONAL_2)
    before = len(mailbox.all())

    client.send(ADDRESS, confirmed(client, registration_closes_on="112/6/16"))

    [mail] = mailbox.all()[before:]
    assert "報名截止：原定 112 年 6 月 9 日（五），改為 112 年 6 月 16 日（五）" in mail.text
    assert REASON in mail.text
    round_page = client.page(f"/rounds/{NATIONAL_1}").main.get_text()
    assert "112 年 6 月 16 日" in round_page
    assert "全國認證第一梯次日期調整" in round_page
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "exams.move_dates")).one()
    assert entry.details["moved"] == {"registration_closes_on": ["2023-06-09", "2023-06-16"]}
    assert "112/06/16" in client.page("/admin/dates/").select("table")[1].get_text()


@pytest.mark.requirement("R009", "R007")
@pytest.mark.parametrize(
    ("written", "read"), [("The committee postponed it.", "The committee postponed it."), ("", REASON)]
)
def test_a_move_is_announced_and_mailed_in_english_too(
    client: CheckingClient, staff: Account, mailbox: Mailbox, written: str, read: str
) -> None:
    account = make_account()
    with transaction():
        account.language = "en"
    make_submitted(account)
    before = len(mailbox.all())

    client.send(ADDRESS, confirmed(client, registration_closes_on="112/6/16", reason_en=written))

    announcement = db.session.scalars(sa.select(Announcement)).one()
    assert announcement.title_en == "National exam, round 1: dates moved"
    assert announcement.body_en == (
        f"Dates of National exam, round 1 are moved as below. Reason: {read}\n\n"
        "Registration closes: 9 June 2023 (Fri), now 16 June 2023 (Fri)"
    )
    assert REASON in announcement.body
    [mail] = mailbox.all()[before:]
    assert f"Reason: {read}" in mail.text


@pytest.mark.requirement("R009")
def test_loading_the_year_again_does_not_undo_a_move(
    app: Flask, client: CheckingClient, staff: Account
) -> None:
    client.send(ADDRESS, confirmed(client, registration_closes_on="112/6/16", ticket_from="112/8/14",
                                   ticket_correction_until="112/8/21"))  # fmt: skip

    result = load_brochure(*read_brochure(FILE.read_text(encoding="utf-8")), actor=SYSTEM)

    exam_round = get_round(NATIONAL_1)
    assert exam_round.registration_closes_on.isoformat() == "2023-06-16"
    assert exam_round.ticket_opens_at == taipei("2023-08-14 09:00")
    assert result.changed == []
    assert {each.field for each in result.kept} == {
        "registration_closes_on",
        "ticket_from",
        "ticket_opens_at",
        "ticket_correction_until",
    }


def test_a_date_that_the_file_did_not_have_before_goes_in(client: CheckingClient, staff: Account) -> None:
    client.send(ADDRESS, confirmed(client, registration_closes_on="112/6/16"))
    newer = FILE.read_text(encoding="utf-8").replace('"closes": "2023-06-09"', '"closes": "2023-06-20"')

    load_brochure(*read_brochure(newer), actor=SYSTEM)

    assert get_round(NATIONAL_1).registration_closes_on.isoformat() == "2023-06-20"


@pytest.mark.requirement("R009")
def test_all_that_does_not_fit_is_said_at_once_beside_its_date(
    client: CheckingClient, staff: Account
) -> None:
    moves = {"registration_opens_on": "112/5/8", "recheck_until": "112/11/1", "test_on": "112/2/30"}

    page = client.send(ADDRESS, typed(client, **moves), status=422)
    assert "只有 28 天" in page.find(id="test_on-error").get_text()

    page = client.send(ADDRESS, typed(client, **{**moves, "test_on": "112/9/2", "reason": "x"}), status=422)
    assert "開始報名已經開始，不能再移動" in page.find(id="registration_opens_on-error").get_text()
    assert "成績複查截止不能在成績複查開始之前" in page.find(id="recheck_until-error").get_text()
    assert page.find(id="recheck_until")["value"] == "112/11/1"


def test_nothing_moved_is_said_so(client: CheckingClient, staff: Account) -> None:
    page = client.send(ADDRESS, typed(client), status=409)

    assert "沒有要移動的日期" in page.main.get_text()


def test_what_a_colleague_moved_meanwhile_is_not_undone_unseen(
    client: CheckingClient, staff: Account, mailbox: Mailbox
) -> None:
    mine = confirmed(client, registration_closes_on="112/6/16")
    client.send(ADDRESS, confirmed(client, certificate_from="112/12/11"))

    page = client.send(ADDRESS, mine, status=409)

    assert "剛剛被改過" in page.main.get_text()
    assert get_round(NATIONAL_1).certificate_from.isoformat() == "2023-12-11"
    client.send(ADDRESS, {**mine, "state": "nonsense"}, status=409)


@pytest.mark.requirement("R009")
def test_sessions_and_tickets_follow_the_day_of_the_test(client: CheckingClient, staff: Account) -> None:
    load_example_venues()
    make_approved()
    assign_round(NATIONAL_1, AREA, actor=SYSTEM)
    before = session_starts()

    question = client.send(ADDRESS, typed(client, test_on="112/9/9"))
    assert "1 人，場次一起移動" in question.main.get_text()
    client.send(ADDRESS, confirmed(client, test_on="112/9/9"))

    db.session.expire_all()
    assert {(late - early).days for early, late in zip(before, session_starts(), strict=True)} == {7}
    assert db.session.scalars(sa.select(Ticket.version)).all() == [2]


def test_open_refund_cases_get_the_later_days(client: CheckingClient, staff: Account) -> None:
    make_notice()
    case = make_request()

    client.send(ADDRESS, confirmed(client, refund_apply_by="112/10/10", refund_pay_by="112/11/15"))

    db.session.refresh(case)
    assert (case.apply_by.isoformat(), case.pay_by.isoformat()) == ("2023-10-10", "2023-11-15")


def test_the_list_asks_little(
    client: CheckingClient, staff: Account, count_queries: Callable[[], object]
) -> None:
    client.send(ADDRESS, confirmed(client, registration_closes_on="112/6/16", certificate_from="112/12/11"))

    with count_queries() as queries:
        client.page("/admin/dates/")

    assert len(queries) <= 9, queries
