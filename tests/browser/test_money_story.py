"""Money that arrives in every way there is, at the right time and not, and how it goes back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Portal
from tests.browser.people import pay_newest, sign_in
from tests.browser.registered import Wanted, register

CARD, SECURITY_CODE = "4311952222222222", "222"
NATIONAL, MULTI = "2023-05-01T09:00:00+08:00", "2023-05-10T09:00:00+08:00"
PROOF = {"name": "診斷證明.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a proof"}


def take_code(page: Page, status_url: str, button: str, shown: str) -> Locator:
    """Have an account, bars or a store code issued by the gateway; return its card on the payment page."""
    page.goto(f"{status_url}/pay")
    methods = page.locator("details.other-methods")
    if methods.count():
        methods.locator("summary").click()
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("繳費")
    page.locator("main form .button--primary, form .button--primary").click()
    page.wait_for_url(f"{status_url}/pay")
    card = page.locator(".code-card").filter(has_text=shown)
    expect(card).to_be_visible()
    return card


def go_to_card(page: Page) -> None:
    page.get_by_role("button", name="前往刷卡").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("信用卡付款")


def authorise(page: Page) -> None:
    page.get_by_label("信用卡卡號").fill(CARD)
    page.get_by_label("有效期限").fill("12/30")
    page.get_by_label("安全碼").fill(SECURITY_CODE)
    page.get_by_role("button", name="授權").click()


def pay_by_card(page: Page, status_url: str, *, declined_first: bool = False) -> None:
    page.goto(f"{status_url}/pay")
    if declined_first:
        go_to_card(page)
        page.get_by_role("button", name="模擬拒絕").click()
        page.wait_for_url(f"{status_url}/pay")
        expect(page.locator("main")).to_contain_text("刷卡沒有成功")
        expect(page.locator(".bill")).to_contain_text("待繳費")
    go_to_card(page)
    authorise(page)
    page.wait_for_url(f"{status_url}/pay")


def pay_by_line_pay(page: Page, status_url: str) -> None:
    page.goto(f"{status_url}/pay")
    page.get_by_role("button", name="前往 LINE Pay").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("LINE Pay 付款")
    page.get_by_role("button", name="同意付款", exact=True).click()
    page.wait_for_url(f"{status_url}/pay")


def expect_paid(page: Page, status_url: str) -> None:
    page.goto(f"{status_url}/pay")
    expect(page.get_by_role("heading", level=1)).to_have_text("繳費完成")
    expect(page.locator("main")).to_contain_text("已收到您的 NT$250，不用再繳")
    page.goto(status_url)
    expect(page.locator("main")).to_contain_text("已繳費，資料審核中")


def pay_again(page: Page, code: str) -> None:
    """Play a payer whom neither a paid nor an expired code holds back."""
    page.goto("/demo/payer")
    row = page.get_by_role("row").filter(has_text=code)
    row.get_by_text("特殊情形").click()
    row.get_by_role("button", name="過期或繳過了，仍硬繳一次").click()
    expect(page.locator("main")).to_contain_text("報名網站回答")


@pytest.mark.requirement("R081", "R082", "R083", "R084")
def test_the_national_track_is_paid_by_every_method(new_page: Any, portal: Portal) -> None:
    portal.set_clock(NATIONAL)
    page, payer = new_page(PHONE), new_page()
    people = [Wanted(name) for name in ("范條碼", "范代碼", "范轉帳", "范刷卡", "范手機")]
    at_store, by_code, by_transfer, by_card, by_line = register(page, portal, "five.ways@example.tw", people)

    card = take_code(page, at_store, "產生繳費條碼", "請店員依序刷這三段條碼")
    expect(card.locator("svg")).to_have_count(3)
    pay_newest(payer, "到店繳費")
    expect_paid(page, at_store)

    take_code(page, by_code, "取得繳費代碼", "繳費代碼")
    pay_newest(payer, "到店繳費")
    expect_paid(page, by_code)

    take_code(page, by_transfer, "取得繳費帳號", "銀行代碼")
    pay_newest(payer, "轉帳繳費")
    expect_paid(page, by_transfer)

    pay_by_card(page, by_card, declined_first=True)
    expect_paid(page, by_card)

    pay_by_line_pay(page, by_line)
    expect_paid(page, by_line)


@pytest.mark.requirement("R081", "R082", "R083", "R084")
def test_the_multi_track_is_paid_by_all_but_the_stores(new_page: Any, portal: Portal) -> None:
    portal.set_clock(MULTI)
    page, payer = new_page(PHONE), new_page()
    people = [Wanted(name, "multi-112-08", "苗栗") for name in ("丘轉帳", "丘刷卡", "丘手機")]
    by_transfer, by_card, by_line = register(page, portal, "three.ways@example.tw", people)

    page.goto(f"{by_transfer}/pay")
    expect(page.locator(".method h3")).to_have_text(["ATM 或金融機構", "信用卡", "LINE Pay"])
    for method in ("store_barcode", "store_code"):
        # A page that was tampered with: the server refuses what it did not offer.
        page.get_by_role("button", name="取得繳費帳號").evaluate(
            "(button, method) => { button.value = method }", method
        )
        page.get_by_role("button", name="取得繳費帳號").click()
        expect(page.get_by_role("alert")).to_contain_text("這裡不能使用這種繳費方式，請改選其他方式")
        expect(page.locator(".code-card")).to_have_count(0)

    take_code(page, by_transfer, "取得繳費帳號", "銀行代碼")
    pay_newest(payer, "轉帳繳費")
    expect_paid(page, by_transfer)
    pay_by_card(page, by_card)
    expect_paid(page, by_card)
    pay_by_line_pay(page, by_line)
    expect_paid(page, by_line)


@pytest.mark.requirement("R091", "R102")
def test_who_changes_the_method_and_pays_both_gets_the_second_back(new_page: Any, portal: Portal) -> None:
    portal.set_clock(NATIONAL)
    page, payer = new_page(PHONE), new_page()
    main = page.locator("main")
    [status_url] = register(page, portal, "both.ways@example.tw", [Wanted("賴兩次")])
    take_code(page, status_url, "取得繳費帳號", "銀行代碼")
    until = page.locator(".answer").inner_text()
    assert "112 年 5 月 7 日" in until

    portal.set_clock("2023-05-03T09:00:00+08:00")
    page.goto(f"{status_url}/pay")
    page.get_by_text("改用其他繳費方式").click()
    expect(main).to_contain_text("上面的繳費資料仍然有效，擇一繳費就好，請不要兩種都繳")
    take_code(page, status_url, "產生繳費條碼", "請店員依序刷這三段條碼")
    expect(page.locator("#codes")).to_contain_text("擇一繳費就好，請不要兩種都繳")
    expect(page.locator(".code-card header")).to_contain_text(["112 年 5 月 7 日"] * 2)
    expect(page.locator(".answer")).to_contain_text("112 年 5 月 7 日")

    pay_newest(payer, "到店繳費")
    expect_paid(page, status_url)
    pay_newest(payer, "轉帳繳費")
    page.goto(f"{status_url}/pay")
    expect(page.get_by_role("heading", level=1)).to_have_text("繳費完成")
    received = page.get_by_role("table").get_by_role("row")
    expect(received.filter(has_text="便利商店條碼")).to_contain_text("已入帳")
    expect(received.filter(has_text="ATM 或金融機構")).to_contain_text("溢繳，將退費")
    expect(main).to_contain_text("多出來的款項由總試務中心主動辦理退費，您不用申請")

    page.goto(status_url)
    expect(main).to_contain_text("已繳費，資料審核中")
    page.get_by_role("link", name="查看退費").click()
    case = page.locator(".refund-case")
    expect(case).to_contain_text("溢繳費用")
    expect(case).to_contain_text("NT$250 − 郵資及行政費 NT$58")
    expect(case).to_contain_text("總試務中心辦理中，預計退還 NT$192")


@pytest.mark.requirement("R085", "R087", "R089", "R101")
def test_who_pays_late_gets_the_money_back_and_not_the_place(new_page: Any, portal: Portal) -> None:
    portal.set_clock(NATIONAL)
    page, payer = new_page(PHONE), new_page()
    main = page.locator("main")
    [status_url] = register(page, portal, "too.late@example.tw", [Wanted("邱太遲")])
    card = take_code(page, status_url, "取得繳費帳號", "銀行代碼")
    account = card.locator("[data-copy]").last.get_attribute("data-copy") or ""

    portal.set_clock("2023-05-07T23:59:59+08:00")
    page.goto(f"{status_url}/pay")
    expect(page.locator(".answer")).to_contain_text("今天是最後一天")
    portal.set_clock("2023-05-08T00:00:00+08:00")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("繳費期限已過")
    expect(page.locator(".code-card")).to_have_count(0)
    expect(page.get_by_role("button", name="前往刷卡")).to_have_count(0)
    page.goto(status_url)
    expect(main).to_contain_text("逾期未繳費")

    pay_again(payer, account)
    page.goto(f"{status_url}/pay")
    expect(page.get_by_role("heading", level=1)).to_have_text("繳費期限已過")
    expect(page.get_by_role("table")).to_contain_text("逾期，將退費")
    page.goto(status_url)
    expect(main).to_contain_text("逾期未繳費")
    page.goto(f"{status_url}/refund")
    case = page.locator(".refund-case")
    expect(case).to_contain_text("逾期繳費")
    expect(case).to_contain_text("總試務中心辦理中，預計退還 NT$192")


def ask_back(page: Page, status_url: str, reason: str) -> None:
    """Ask for the fee; for another reason with what happened and a proof of it."""
    page.goto(f"{status_url}/refund")
    page.get_by_label(reason).check()
    if reason.startswith("因其他"):
        page.get_by_label("發生了什麼事").fill("九月一日住院開刀")
        page.locator("#proof").set_input_files(PROOF)
    page.get_by_role("button", name="送出退費申請").click()
    expect(page.get_by_role("status")).to_contain_text("已收到退費申請")


def expect_told(page: Page, status_url: str, tag: str, sentence: str) -> None:
    """Read the applicant's pages: the refund's and the registration's say the same."""
    page.goto(status_url)
    expect(page.locator("main")).to_contain_text(sentence)
    page.goto(f"{status_url}/refund")
    case = page.locator(".refund-case")
    expect(case.locator(".title-line")).to_contain_text(tag)
    expect(case.locator("> p").first).to_contain_text(sentence)


def number_of(page: Page, status_url: str) -> str:
    page.goto(f"{status_url}/refund")
    found = re.search(r"案號\s*(\S+)", page.locator(".refund-case").inner_text())
    assert found is not None
    return found[1]


def publish(office: Page, cause: str, area: str, *, new_day: bool = False) -> None:
    office.goto("/admin/postponements/nat-112-01")
    office.get_by_label(cause).check()
    office.get_by_label("考區").select_option(area)
    office.get_by_label("公告內容").fill("海葵颱風來襲")
    if new_day:
        office.get_by_label("新的認證日期").fill("112/9/23")
        office.get_by_label("新的時間與地點").fill("上午 9 時起，各考區原試場")
    office.get_by_role("button", name="下一步：確認").click()
    office.get_by_role("button", name="發布並通知考生").click()
    expect(office.locator("main")).to_contain_text("海葵颱風來襲")


def open_case(staff: Page, state: str, number: str) -> None:
    staff.goto(f"/admin/refunds/?state={state}")
    staff.get_by_role("link", name=number).click()
    expect(staff.get_by_role("heading", level=1)).to_contain_text(number)


def enter_application(office: Page, number: str, *, by_post: bool) -> None:
    """Enter whom the money order goes to, and of an application the postmark."""
    open_case(office, "waiting", number)
    if by_post:
        office.get_by_label("郵戳日期").fill("112/9/5")
    office.get_by_label("匯票受款人").fill("徐玉蘭")
    office.get_by_label("收件地址").fill("366 苗栗縣銅鑼鄉中正路12號")
    office.get_by_label("電話").fill("0912345678")
    office.get_by_role("button", name="儲存").click()
    expect(office.get_by_role("status")).to_contain_text("已登錄")


def propose(office: Page, number: str) -> None:
    open_case(office, "waiting", number)
    office.get_by_label("准予退費").check()
    office.get_by_label("說明").fill("符合規定")
    office.get_by_role("button", name="送請核定").click()
    expect(office.get_by_role("status")).to_contain_text("請由另一位同仁核定")
    expect(office.locator("main")).to_contain_text("這件是您擬辦的，請由另一位同仁核定")


def grant(approver: Page, number: str) -> None:
    open_case(approver, "proposed", number)
    approver.get_by_label("准予退費").check()
    approver.get_by_role("button", name="核定", exact=True).click()
    expect(approver.get_by_role("status")).to_contain_text("已核准")


def send_money_order(office: Page, number: str, money_order: str) -> None:
    open_case(office, "granted", number)
    office.get_by_label("匯票號碼").fill(money_order)
    office.get_by_label("寄出日期").fill("112/9/20")
    office.get_by_role("button", name="登錄並通知申請人").click()
    expect(office.get_by_role("status")).to_contain_text("已登錄匯票")


def give_back_to_card(office: Page, number: str) -> None:
    open_case(office, "granted", number)
    office.get_by_role("button", name="原路退回").click()
    expect(office.get_by_role("link", name="返回")).to_be_focused()
    office.locator("main form").get_by_role("button").click()
    expect(office.locator("main")).to_contain_text("退回原來的付款工具")


@pytest.mark.requirement("R101", "R102", "R103", "R104", "R105", "R106", "R107", "R108", "R178")
def test_every_kind_of_refund_goes_from_the_reason_to_the_money(new_page: Any, fresh_portal: Portal) -> None:
    portal = fresh_portal
    portal.set_clock(NATIONAL)
    page, office, approver = new_page(PHONE), new_page(), new_page()
    in_time, late = "2023-05-01T10:00:00+08:00", "2023-05-09T10:00:00+08:00"
    overpaid, paid_late, postponed, disaster, ill, by_card = register(
        page,
        portal,
        "back.again@example.tw",
        [
            Wanted("鍾溢繳", paid_at=[in_time, in_time]),
            Wanted("鍾逾期", paid_at=[late]),
            Wanted("鍾延期", area="臺北", paid_at=[in_time]),
            Wanted("鍾天災", area="花蓮", paid_at=[in_time]),
            Wanted("鍾住院", area="苗栗", paid_at=[in_time]),
            Wanted("鍾刷卡", area="臺北"),
        ],
    )
    pay_by_card(page, by_card)
    expect_paid(page, by_card)

    portal.set_clock("2023-09-01T09:00:00+08:00")
    sign_in(office, portal.account("staff"))
    sign_in(approver, portal.account("approver"))
    for status_url in (postponed, disaster, ill):
        page.goto(f"{status_url}/refund")
        expect(page.locator("main")).to_contain_text("現在只有這個原因可以申請")
        expect(page.get_by_label("因認證延期無法參加認證")).to_have_count(0)
    publish(office, "認證延期，另定日期", "臺北", new_day=True)
    publish(office, "天然災害，考生無法參加", "花蓮")

    # Who asked, by the applicant's page: with what comes back of NT$250, and whether there is an envelope.
    asked = {
        postponed: "因認證延期無法參加認證",
        disaster: "因天然災害無法參加認證",
        ill: "因其他無法歸責於考生之原因無法參加認證",
        by_card: "因認證延期無法參加認證",
    }
    back = {overpaid: 192, paid_late: 192, postponed: 250, disaster: 250, ill: 192, by_card: 250}
    for status_url, reason in asked.items():
        ask_back(page, status_url, reason)
        expect_told(page, status_url, "待寄申請書", "請在 112 年 9 月 30 日（六）前掛號寄出申請書")
    numbers = {status_url: number_of(page, status_url) for status_url in back}

    portal.set_clock("2023-09-12T09:00:00+08:00")
    pay_by = "112 年 10 月 31 日（二）"
    for status_url, number in numbers.items():
        enter_application(office, number, by_post=status_url in asked)
        under_way = f"總試務中心辦理中，預計退還 NT${back[status_url]}"
        expect_told(page, status_url, "待處理", under_way)
        propose(office, number)
        expect_told(page, status_url, "待核定", under_way)
        grant(approver, number)
        way = "退回原來的信用卡或 LINE Pay，或以郵政匯票寄出" if status_url == by_card else "以郵政匯票寄出"
        expect_told(page, status_url, "待退款", f"NT${back[status_url]} 會在 {pay_by}前{way}")

    portal.set_clock("2023-09-20T09:00:00+08:00")
    for serial, (status_url, number) in enumerate(numbers.items()):
        if status_url == by_card:
            give_back_to_card(office, number)
            sentence = "NT$250 已在 112 年 9 月 20 日（三）退回原來的信用卡或 LINE Pay"
        else:
            send_money_order(office, number, f"90{serial}1122")
            day = "112 年 9 月 20 日（三）"
            sentence = f"NT${back[status_url]} 的郵政匯票已在 {day}寄出，號碼 90{serial}1122"
        expect_told(page, status_url, "已退費", sentence)
    for status_url in asked:
        page.goto(status_url)
        expect(page.locator("main")).to_contain_text("退費已核准，這份報名已取消")
    page.goto(overpaid)
    expect(page.locator("main")).to_contain_text("已繳費，資料審核中")
    office.goto("/admin/refunds/?state=paid")
    for number in numbers.values():
        expect(office.get_by_role("link", name=number)).to_be_visible()
