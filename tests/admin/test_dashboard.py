"""The page that the day begins with: what waits at each desk, and how the year is going."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from app.admin.queries import charts
from app.core.actors import SYSTEM
from app.exams.choices import Dialect
from app.registration.services import cancel_registration
from tests.client import CheckingClient
from tests.factories.groups import make_submitted_group
from tests.factories.registrations import make_candidate, make_draft, make_paid, make_submitted
from tests.factories.results import AFTER_TEST, PASSES, enter_scores, make_seated, set_marks

At = Callable[[str], None]
pytestmark = pytest.mark.usefixtures("staff")
MULTI_7 = "multi-112-07"


def card(page: Any, title: str) -> tuple[str, str]:
    """Return what a card of the page counts, and where it leads."""
    link = page.find(class_="desk-card-title", string=title).find_parent("a")
    return link.find(class_="desk-card-count").get_text(), link["href"]


def rail(page: Any, name: str) -> str:
    link = next(link for link in page.select(".rail a") if link.get_text().startswith(name))
    return link.find(class_="count").get_text()


def numbers(page: Any, title: str) -> list[list[str]]:
    """Return the table under a chart, row by row."""
    figure = page.find("figcaption", string=title).find_parent("figure")
    return [
        [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])]
        for row in figure.select("tbody tr")
    ]


def test_the_day_begins_with_what_waits(client: CheckingClient) -> None:
    make_paid()
    make_paid()
    make_submitted()
    make_draft()

    page = client.page("/admin/")

    assert page.select_one(".answer").get_text(strip=True) == "請先處理「待審」，有 2 件。"
    assert card(page, "待審") == ("2", "/admin/review/")
    assert rail(page, "資格審查") == "2"
    row = page.find("th", string="全國認證第一梯次").find_parent("tr")
    assert [cell.get_text(strip=True) for cell in row.find_all("td")[1:]] == ["1", "3", "2", "0", "0"]


def test_when_nothing_waits_the_page_says_so(client: CheckingClient) -> None:
    page = client.page("/admin/")

    assert page.select_one(".answer").get_text(strip=True) == "現在沒有等您處理的事。"
    assert {count.get_text() for count in page.select(".desk-card-count")} == {"0"}


def test_a_round_that_was_sat_waits_at_the_results_desk_until_it_is_published(
    client: CheckingClient, at: At
) -> None:
    [candidate] = make_seated("徐玉蘭")
    assert card(client.page("/admin/"), "待公布成績")[0] == "0"
    at(AFTER_TEST)
    assert card(client.page("/admin/"), "待公布成績") == ("1", "/admin/results/")
    assert rail(client.page("/admin/"), "成績") == "1"

    set_marks()
    enter_scores({candidate: PASSES})
    client.send("/admin/results/nat-112-01/publish", {})

    assert card(client.page("/admin/"), "待公布成績")[0] == "0"


def test_a_notice_that_fits_no_order_waits_at_the_payments_desk_for_a_week(
    client: CheckingClient, at: At
) -> None:
    client.post("/payments/ecpay/notify", data={"MerchantID": "x", "CheckMacValue": "0" * 64})

    assert card(client.page("/admin/"), "無法入帳的通知") == ("1", "/admin/payments/messages")
    at("2023-05-08 23:59")
    assert card(client.page("/admin/"), "無法入帳的通知")[0] == "1"
    at("2023-05-09 00:00")
    assert card(client.page("/admin/"), "無法入帳的通知")[0] == "0"


def test_charts_count_what_was_sent_by_day_round_area_and_dialect(client: CheckingClient, at: At) -> None:
    at("2023-05-01 00:10")
    make_submitted(candidate=make_candidate(dialect=Dialect.HAILU))
    at("2023-05-08 23:50")
    make_submitted_group(paying=1, free=3)
    cancelled = make_submitted()
    cancel_registration(cancelled.public_id, cancelled.account_id, actor=SYSTEM)
    make_draft()

    page = client.page("/admin/")

    days = numbers(page, "每天送出的報名")
    assert days[0] == ["112 年 5 月 1 日（一）", "1", "0", "1"]
    assert [row[1:] for row in days[1:-1]] == [["0", "0", "0"]] * 6
    assert days[-1] == ["112 年 5 月 8 日（一）", "0", "4", "4"]
    assert numbers(page, "各梯次的報名人數") == [["全國認證第一梯次", "1", "4", "5"]]
    assert numbers(page, "各考區的報名人數") == [["臺北", "0", "4", "4"], ["苗栗", "1", "0", "1"]]
    assert numbers(page, "各腔調的報名人數")[:2] == [["四縣", "0", "4", "4"], ["海陸", "1", "0", "1"]]
    picture = page.find("figcaption", string="各考區的報名人數").find_parent("figure").img
    assert picture["alt"] == "共 5 份報名，最多的是臺北，有 4 份。"


def test_charts_are_filtered_by_track(client: CheckingClient) -> None:
    make_submitted()
    make_submitted(round_code=MULTI_7, area="屏東")

    both, multi = client.page("/admin/"), client.page("/admin/?track=multi")

    assert [row[0] for row in numbers(both, "各考區的報名人數")] == ["屏東", "苗栗"]
    assert [row[0] for row in numbers(multi, "各考區的報名人數")] == ["屏東"]
    assert multi.select_one("#charts [aria-current]").get_text(strip=True) == "多梯次認證"
    assert all(image["src"].endswith("?track=multi") for image in multi.select(".chart img"))


def test_before_the_first_registration_there_are_sentences_and_no_pictures(client: CheckingClient) -> None:
    page = client.page("/admin/")

    assert [line.get_text(strip=True) for line in page.select(".chart .empty-line")] == [
        "還沒有人送出報名。"
    ] * 4
    assert page.select(".chart img") == []


@pytest.mark.parametrize("name", ["days", "rounds", "areas", "dialects"])
def test_a_picture_stands_alone(client: CheckingClient, name: str) -> None:
    make_submitted()

    response = client.get(f"/admin/charts/{name}.svg?track=national")

    assert response.mimetype == "image/svg+xml"
    root = ElementTree.fromstring(response.data)  # noqa: S314  (our own)
    assert [each for each in root.iter() if each.tag.endswith("}script")] == []
    text = response.get_data(as_text=True)
    assert not any(part in text for part in ("href", "<?xml-stylesheet", "@import", "onload"))
    assert "個人" in text
    assert "團體" in text


@pytest.mark.parametrize("path", ["salaries.svg", "days.svg"])
def test_what_is_no_picture_is_not_found(client: CheckingClient, path: str) -> None:
    client.page(f"/admin/charts/{path}", status=404)


@pytest.mark.parametrize("name", ["days", "rounds", "areas", "dialects"])
def test_each_chart_is_one_query(app: object, count_queries: Callable[[], Any], name: str) -> None:
    make_submitted()
    make_submitted(round_code=MULTI_7, area="屏東")

    with count_queries() as queries:
        bars = charts.BY[name](None)

    assert sum(bar.total for bar in bars) == 2
    assert len(queries) == 1


def test_the_number_of_queries_of_the_dashboard_does_not_grow(
    client: CheckingClient, count_queries: Callable[[], Any]
) -> None:
    make_paid()
    client.page("/admin/")
    with count_queries() as few:
        client.page("/admin/")
    for _ in range(3):
        make_paid()

    with count_queries() as many:
        client.page("/admin/")

    assert len(many) == len(few) < 13
