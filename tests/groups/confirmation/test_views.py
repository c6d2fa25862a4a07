import io
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zxingcpp
from bs4 import BeautifulSoup
from flask import Flask
from PIL import Image

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.db import db
from app.extensions import limiter
from app.groups import queries as groups
from app.groups.confirmation import queries, services
from app.groups.confirmation.rules import MemberState, ReportedField
from app.groups.models import Group
from app.groups.services import submit_group
from tests.client import CheckingClient
from tests.factories.accounts import make_leader
from tests.factories.groups import LEADER, SCHOOL
from tests.groups.confirmation.asking import NAMES, confirm, give_slips, make_asking_group
from tests.mailbox import Mailbox
from tests.test_english_pages import chinese_in


@pytest.fixture
def leader(sign_in: Callable[[Account], None]) -> Account:
    account = make_leader(email=LEADER.email)
    sign_in(account)
    return account


def _main(page: BeautifulSoup) -> str:
    assert page.main is not None
    return " ".join(page.main.get_text(" ", strip=True).split())


def _states(group: Group) -> list[MemberState]:
    db.session.expire_all()  # the browsers have sessions of their own
    return [each.state for each in queries.list_standings(group, groups.list_members(group))]


def _codes(content: bytes, folder: Path) -> list[str]:
    """Return what the codes of a PDF say, page by page, from left to right and from top to bottom."""
    file = folder / "slips.pdf"
    file.write_bytes(content)
    subprocess.run(["pdftoppm", "-png", "-r", "150", file, folder / "page"], check=True)
    found = []
    for picture in sorted(folder.glob("page*.png")):
        codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.read_bytes())))
        found += sorted(codes, key=lambda c: (round(c.position.top_left.y, -2), c.position.top_left.x))
    return [code.text for code in found]


# ---- the leader ----


def test_the_leader_switches_on_and_off(client: CheckingClient, leader: Account) -> None:
    group = make_asking_group(account=leader)
    url = f"/groups/{group.public_id}/confirmation"

    off = client.send(f"{url}/off", {})
    assert "開始請考生核對" in _main(off)
    assert "考生核對" not in _main(client.page(f"/groups/{group.public_id}"))
    on = client.send(f"{url}/on", {})
    assert "4 人中 0 人已確認；4 人還沒通知" in _main(on)


def test_the_group_page_counts_and_marks_each_member(client: CheckingClient, leader: Account) -> None:
    group = make_asking_group(account=leader)
    links = give_slips(group)
    confirm(links[0])

    page = client.page(f"/groups/{group.public_id}")

    assert "4 人中 1 人已確認；3 人還沒回覆" in _main(page)
    rows = [row.get_text(" ", strip=True) for row in page.select("#members tbody tr")]
    assert "已確認" in rows[0]
    assert all("等候回覆" in row for row in rows[1:])


def test_the_check_before_sending_tells_and_does_not_stop(client: CheckingClient, leader: Account) -> None:
    group = make_asking_group(account=leader)
    confirm(give_slips(group)[0])

    page = client.page(f"/groups/{group.public_id}/submit")
    assert "4 人中 1 人已確認" in _main(page)
    assert "不必等全部確認也可以送出" in _main(page)

    client.send(f"/groups/{group.public_id}/submit", {})
    after = _main(client.page(f"/groups/{group.public_id}/confirmation"))
    assert "團體已經不能修改" in after
    assert "登記紙本確認" not in after


def test_slips_have_a_name_and_a_code_each(client: CheckingClient, leader: Account, tmp_path: Path) -> None:
    group = make_asking_group(*NAMES, *["彭家豪"] * 6, account=leader)

    answer = client.get(f"/groups/{group.public_id}/confirmation/slips.pdf")

    assert answer.headers["Cache-Control"] == "no-store"
    assert SCHOOL not in answer.headers["Content-Disposition"]
    codes = _codes(answer.data, tmp_path)
    assert codes == [f"http://localhost/confirm/{link.token}" for link in give_slips(group)]
    assert len(set(codes)) == 10
    command = ["pdftotext", "-layout", tmp_path / "slips.pdf", "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert text.count("\f") == 2  # eight on a sheet
    for word in ("黃𠊎堃", "民國93年9月2日", "四縣", "臺北", "112 年 9 月 2 日（六）", SCHOOL, "家長簽名"):
        assert word in text
    members = groups.list_members(group)
    assert not any(member.id_number in text for member in members)
    assert LEADER.phone.partition("#")[0] not in text.replace("-", "")


def test_labels_on_an_english_slip_are_large_enough_to_be_read(
    client: CheckingClient, leader: Account, tmp_path: Path
) -> None:
    group = make_asking_group("黃𠊎堃", account=leader)
    file = tmp_path / "slips.pdf"

    file.write_bytes(client.get(f"/groups/{group.public_id}/confirmation/slips.pdf?lang=en").data)

    command = ["pdftotext", "-bbox", file, "-"]
    words = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    labels = re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(?:birth|Dialect|Area|Exam)', words)
    assert len(labels) == 4
    assert all(float(bottom) - float(top) > 5.5 for top, bottom in labels)


def test_only_the_leaders_without_links_have_slips_of_one(client: CheckingClient, leader: Account) -> None:
    group = make_asking_group(account=leader)
    other = make_asking_group()
    theirs = groups.list_members(other)[0].public_id

    url = f"/groups/{group.public_id}/confirmation/slips.pdf"
    assert client.get(f"{url}?member={theirs}").status_code == 404
    mine = groups.list_members(group)[1].public_id
    assert client.get(f"{url}?member={mine}").status_code == 200
    assert _states(group) == [MemberState.NOT_ASKED, MemberState.WAITING] + [MemberState.NOT_ASKED] * 2


def test_mails_go_out_by_one_button(client: CheckingClient, leader: Account, mailbox: Mailbox) -> None:
    group = make_asking_group("黃𠊎堃", "徐玉蘭", own_mail=True, account=leader)
    url = f"/groups/{group.public_id}/confirmation"
    assert "寄給 2 位還沒回覆的考生" in _main(client.page(url))

    page = client.send(f"{url}/mail", {})

    assert "已寄信給 2 位考生" in page.get_text()
    assert "今天都寄過了" in _main(page)
    assert len(mailbox.all()) == 2


def test_a_signed_slip_is_put_down(client: CheckingClient, leader: Account) -> None:
    group = make_asking_group(account=leader)
    member = groups.list_members(group)[0]

    page = client.send(f"/groups/{group.public_id}/confirmation/{member.public_id}/paper", {})

    assert "已登記 黃𠊎堃 在紙本上確認" in page.get_text()
    assert "4 人中 1 人已確認" in _main(page)


# ---- the member or parent ----


@pytest.fixture
def parent(app: Flask) -> CheckingClient:
    """A browser of its own, in which nobody is signed in."""
    client: CheckingClient = app.test_client()
    return client


def test_opening_a_link_confirms_nothing_and_leaves_no_token_behind(parent: CheckingClient) -> None:
    group = make_asking_group()
    [link, *_] = give_slips(group)

    taken = parent.get(f"/confirm/{link.token}")
    page = parent.page(f"/confirm/{link.token}")

    assert taken.status_code == 303
    assert taken.location == f"/confirm/of/{link.public_id}"
    assert link.token not in str(page)
    assert _states(group)[0] is MemberState.WAITING


def test_the_page_shows_that_member_and_nothing_else(parent: CheckingClient) -> None:
    group = make_asking_group()
    [link, *_] = give_slips(group)
    member = link.registration

    answer = parent.get(f"/confirm/{link.token}", follow_redirects=True)
    page = BeautifulSoup(answer.get_data(as_text=True), "html5lib")

    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"
    assert page.find("meta", attrs={"name": "robots", "content": "noindex, nofollow"}) is not None
    shown = {
        row.dt.get_text(strip=True): row.dd.get_text(strip=True) for row in page.select(".summary dl > div")
    }
    assert shown == {
        "姓名": "黃𠊎堃",
        "出生日期": "2004-09-02 = 民國 93 年 9 月 2 日",
        "報考腔調": "四縣",
        "應考考區": "臺北",
        "認證日期": "112 年 9 月 2 日（六）",
        "報名梯次": "全國認證第一梯次",
    }
    hidden = [member.id_number, member.mobile, member.street, member.emergency_name, member.email]
    hidden += [LEADER.phone.partition("#")[0], LEADER.email, LEADER.street, group.public_id, *NAMES[1:]]
    assert [each for each in hidden if each in answer.get_data(as_text=True)] == []


def test_the_button_confirms(parent: CheckingClient) -> None:
    group = make_asking_group()
    [link, *_] = give_slips(group)
    page = parent.page(f"/confirm/{link.token}")
    seen = page.find("input", attrs={"name": "seen"})["value"]

    done = parent.send(f"/confirm/of/{link.public_id}", {"seen": seen})

    assert "已確認，謝謝您" in _main(done)
    assert done.find("button", string="資料都正確") is None
    assert _states(group)[0] is MemberState.CONFIRMED


def test_what_was_changed_while_looking_is_shown_again(parent: CheckingClient) -> None:
    [link, *_] = give_slips(make_asking_group())
    parent.page(f"/confirm/{link.token}")

    page = parent.send(f"/confirm/of/{link.public_id}", {"seen": "00"}, status=409)

    assert "下面是新的內容，請再核對一次" in _main(page)


def test_a_mistake_is_reported_without_an_account(
    parent: CheckingClient, client: CheckingClient, leader: Account, mailbox: Mailbox
) -> None:
    group = make_asking_group(account=leader)
    [link, *_] = give_slips(group)
    page = parent.page(f"/confirm/{link.token}")
    report = page.find("a", string="有錯誤，我要回報")["href"]
    form = parent.page(report)
    assert "民國 93 年 9 月 2 日" in _main(form)

    wrong = parent.send(report, {"field": "birth", "text": " "}, status=422)
    assert "請寫出正確的內容" in _main(wrong)
    after = parent.send(report, {"field": "birth", "text": "<b>生日</b>是 93 年 9 月 3 日"})

    assert "您回報的錯誤已送給負責人" in _main(after)
    shown = client.page(f"/groups/{group.public_id}/confirmation")
    [item] = shown.select("#reports .report")
    assert "<b>生日</b>是 93 年 9 月 3 日" in item.get_text()
    assert item.find("a", href=f"/groups/{group.public_id}/members/{link.registration.public_id}/edit")
    assert "1 人回報有誤" in _main(shown)
    [mail] = mailbox.all()
    assert mail.to == LEADER.email

    settled = client.send(item.form["action"], {})
    assert "沒有待處理的回報" in _main(settled)
    assert "已處理的回報（1）" in _main(settled)


def test_brothers_and_sisters_are_checked_side_by_side(parent: CheckingClient) -> None:
    first, second, *_ = give_slips(make_asking_group())
    seen = []
    for link in (first, second):
        page = parent.page(f"/confirm/{link.token}")
        seen.append(page.find("input", attrs={"name": "seen"})["value"])

    parent.send(f"/confirm/of/{first.public_id}", {"seen": seen[0]})

    assert "已確認" in _main(parent.page(f"/confirm/of/{first.public_id}"))
    assert "資料都正確" in _main(parent.page(f"/confirm/of/{second.public_id}"))


def test_the_clean_address_alone_opens_nothing(parent: CheckingClient) -> None:
    group = make_asking_group()
    [link, *_] = give_slips(group)

    for path in (f"/confirm/of/{link.public_id}", f"/confirm/of/{link.public_id}/report", "/confirm/of/x"):
        page = parent.page(path, status=410)
        assert "黃𠊎堃" not in page.get_text()
    parent.send(f"/confirm/of/{link.public_id}", {"seen": "00"}, status=410)
    assert _states(group)[0] is MemberState.WAITING


def test_after_submission_there_are_no_buttons(parent: CheckingClient) -> None:
    group = make_asking_group()
    [link, *_] = give_slips(group)
    parent.page(f"/confirm/{link.token}")
    submit_group(group.public_id, group.account_id, actor=SYSTEM)

    page = parent.page(f"/confirm/of/{link.public_id}")

    assert "團體已經送出，資料不能在這裡修改" in _main(page)
    assert page.main.find("button", attrs={"type": "submit"}) is None
    assert "還沒有確認" not in _main(parent.page(f"/confirm/of/{link.public_id}/report"))


@pytest.fixture
def limited(live_app: Flask) -> Iterator[Flask]:
    """An app of its own in which limits count, as they do outside the tests."""
    live_app.config["RATELIMIT_ENABLED"] = True
    limiter.init_app(live_app)
    yield live_app
    limiter.reset()
    limiter.enabled = False


def test_guessing_is_stopped(limited: Flask) -> None:
    with limited.app_context():
        [link, *_] = give_slips(make_asking_group("黃𠊎堃"))
        token = link.token
    browser = limited.test_client()
    assert [browser.get(f"/confirm/{token}").status_code for _ in range(3)] == [303] * 3

    answers = [browser.get(f"/confirm/{number:043}").status_code for number in range(61)]

    assert answers == [410] * 60 + [429]
    assert browser.get(f"/confirm/{token}").status_code == 429


def test_what_was_answered_goes_along_with_ones_own_data(client: CheckingClient, leader: Account) -> None:
    group = make_asking_group(account=leader)
    confirm(give_slips(group)[0])

    found = client.get("/account/data/my-data.json").json

    assert [bool(each["confirmed_at"]) for each in found["confirmations"]] == [True, False, False, False]
    assert found["confirmation_reports"] == []


def test_everything_is_there_in_english(
    client: CheckingClient, parent: CheckingClient, leader: Account
) -> None:
    group = make_asking_group(account=leader)
    first, second, *_ = give_slips(group)
    confirm(first)
    services.report_mistake(second.token, ReportedField.PLACE, "not Taipei", actor=SYSTEM)
    pages = []
    for path in ("/confirmation", "", "/submit"):
        pages.append(client.get(f"/groups/{group.public_id}{path}?lang=en").get_data(as_text=True))
    parent.get("/?lang=en")
    for link in (first, second):
        parent.get(f"/confirm/{link.token}")
        for path in ("", "/report"):
            pages.append(parent.get(f"/confirm/of/{link.public_id}{path}").get_data(as_text=True))
    pages.append(parent.get("/confirm/nothing").get_data(as_text=True))

    assert [chinese for page in pages for chinese in chinese_in(page) - set(NAMES)] == []
