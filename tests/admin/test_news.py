"""The desk for announcements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from app.accounts.models import Account
from app.core.audit import AuditEntry
from app.core.db import db
from app.site.models import Announcement
from tests.client import CheckingClient
from tests.factories.news import TITLE, make_draft_news, make_news

TYPED = {
    "category": "changes",
    "round": "nat-112-01",
    "title": "准考證開放下載日期調整",
    "body": "改為 8 月 14 日。",
    "title_en": "",
    "body_en": "",
    "starts_on": "",
    "last_day": "",
}


def only_announcement() -> Announcement:
    return db.session.scalars(sa.select(Announcement)).one()


@pytest.mark.requirement("R007", "S009")
def test_a_draft_is_previewed_confirmed_and_published(client: CheckingClient, staff: Account) -> None:
    preview = client.send("/admin/news/new", TYPED)
    announcement = only_announcement()
    assert "還沒有發布" in preview.main.get_text()
    client.page(f"/news/{announcement.public_id}", status=404)

    question = client.page(f"/admin/news/{announcement.public_id}/publish")
    assert TYPED["title"] in question.main.get_text()
    client.send(f"/admin/news/{announcement.public_id}/publish", {})

    assert TYPED["title"] in client.page("/rounds/nat-112-01").main.get_text()
    actions = db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action.like("news.%"))).all()
    assert actions == ["news.draft", "news.publish"]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": ""}, "title", "請填寫標題"),
        ({"body": " "}, "body", "請填寫內容"),
        ({"category": ""}, "category", "請選擇類別"),
        ({"title": "長" * 101}, "title", "最多 100 個字"),
        ({"last_day": "112/13/1"}, "last_day", "月份要在 1 到 12 之間"),
        ({"starts_on": "112/5/10", "last_day": "112/5/9"}, "last_day", "最後一天要在刊登日期當天或之後"),
        ({"title_en": "Tickets"}, "body_en", "英文標題和英文內容要一起填"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    client: CheckingClient, staff: Account, changes: dict[str, str], field: str, sentence: str
) -> None:
    page = client.send("/admin/news/new", {**TYPED, **changes}, status=422)

    assert sentence in page.find(id=f"{field}-error").get_text()
    assert page.find(id="round").find("option", selected=True)["value"] == "nat-112-01"
    if field != "body":
        assert page.find(id="body").get_text(strip=True) == TYPED["body"]
    assert db.session.scalars(sa.select(Announcement)).all() == []


@pytest.mark.requirement("R007")
def test_a_correction_is_marked_and_what_stood_there_is_kept(client: CheckingClient, staff: Account) -> None:
    announcement = make_news()
    typed = {**TYPED, "category": "other", "round": "", "title": TITLE, "body": "8 月 4 日暫停。"}

    page = client.send(f"/admin/news/{announcement.public_id}/edit", typed)

    history = page.select_one("details.fold").get_text()
    assert "服務專線 8 月 3 日暫停。" in history
    assert TITLE not in page.select_one("details.fold ins").get_text()  # only what has changed
    public = client.page(f"/news/{announcement.public_id}").main.get_text()
    assert "8 月 4 日暫停" in public
    assert "更正過" in public


def test_saving_without_a_change_is_no_correction(client: CheckingClient, staff: Account) -> None:
    announcement = make_news()
    form = client.page(f"/admin/news/{announcement.public_id}/edit")
    typed = {each["name"]: each.get("value", "") for each in form.select("form input[type=text]")}
    typed |= {each["name"]: each.get_text().strip() for each in form.select("textarea")}

    client.send(f"/admin/news/{announcement.public_id}/edit", {**typed, "category": "other", "round": ""})

    db.session.refresh(announcement)
    assert announcement.corrected_at is None


def test_ending_is_confirmed_and_cannot_be_done_to_a_draft(client: CheckingClient, staff: Account) -> None:
    announcement, draft = make_news(), make_draft_news()
    assert "要結束這則公告嗎" in client.page(f"/admin/news/{announcement.public_id}/end").main.get_text()

    client.send(f"/admin/news/{announcement.public_id}/end", {})

    assert "已結束" in client.page(f"/news/{announcement.public_id}").main.get_text()
    client.send(f"/admin/news/{draft.public_id}/end", {}, status=409)


def test_what_is_still_to_come_goes_back_to_the_drafts(client: CheckingClient, staff: Account) -> None:
    announcement = make_news(starts_on=date(2023, 5, 10))

    page = client.send(f"/admin/news/{announcement.public_id}/end", {})

    assert "還沒有發布" in page.main.get_text()


def test_a_draft_whose_last_day_has_passed_is_not_published(
    client: CheckingClient, staff: Account, at: Callable[[str], None]
) -> None:
    draft = make_draft_news(last_day=date(2023, 5, 2))
    at("2023-05-03 09:00")

    client.send(f"/admin/news/{draft.public_id}/publish", {}, status=409)

    client.page(f"/news/{draft.public_id}", status=404)


def test_the_desk_counts_the_states_and_asks_little(
    client: CheckingClient, staff: Account, count_queries: Callable[[], object]
) -> None:
    make_draft_news()
    make_news(starts_on=date(2023, 5, 10))
    for _ in range(5):
        make_news()

    with count_queries() as queries:
        page = client.page("/admin/news/")

    assert len(queries) <= 9, queries
    chips = [chip.get_text(" ", strip=True) for chip in page.select(".chips a")]
    assert chips == ["全部 7", "草稿 1", "預定 1", "公告中 5"]
    assert len(client.page("/admin/news/?state=scheduled").select("tbody tr")) == 1


def test_looking_changes_nothing(client: CheckingClient, staff: Account) -> None:
    draft = make_draft_news()

    client.page(f"/admin/news/{draft.public_id}/publish")

    db.session.refresh(draft)
    assert draft.published_at is None
