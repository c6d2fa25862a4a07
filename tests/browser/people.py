"""What people do in the browser, in their words, so that a story reads as one."""

from __future__ import annotations

import io
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from app.accounts.totp import code_of, step_at
from app.config import ROOT
from app.core import clock
from tests.browser.conftest import Portal

PASSWORD = "blossom-on-the-hill"
SAMPLES = ROOT / "data" / "samples"


def sign_up(page: Page, portal: Portal, email: str, kind: str, *, track: str = "national") -> None:
    """Sign up on a track, open the mailed link in the demo mailbox, choose the kind."""
    if track == "national":
        page.goto("/")
        page.get_by_role("link", name="報名全國認證").click()
    else:
        page.goto(f"/{track}/signup")
    page.get_by_label("電子信箱").fill(email)
    page.get_by_label("密碼", exact=True).fill(PASSWORD)
    page.get_by_label("密碼確認").fill(PASSWORD)
    page.get_by_role("button", name="送出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("請到信箱開啟認證信")
    link = wait_for_mail(portal, email)["links"][0]
    page.goto("/demo/mailbox")
    page.get_by_role("link", name=link).click()
    page.get_by_label("密碼").fill(PASSWORD)
    page.locator("main").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("選擇報名類型")
    page.get_by_role("button", name=kind).click()


def fill_registration(page: Page) -> None:
    """Fill the national registration form for the invented candidate 黃𠊎堃."""
    page.get_by_label("全國認證第一梯次").check()
    page.get_by_label("應考考區").select_option("臺北")
    fill_person(page)


def fill_person(page: Page) -> None:
    """Fill what the form asks of the candidate 黃𠊎堃, wherever she sits."""
    page.get_by_label("四縣").check()
    page.get_by_label("本國").check()
    page.get_by_label("中文姓名").fill("黃𠊎堃")
    page.get_by_label("身分證統一編號").fill("Ａ258188812")
    page.get_by_label("出生日期").fill("78/5/20")
    page.get_by_label("手機").fill("0912-345-678")
    page.get_by_label("縣市", exact=True).select_option("臺北市")
    page.get_by_label("縣市與鄉鎮市區").select_option(label="大安區")
    page.get_by_label("路名與門牌").fill("和平東路一段162號")
    page.get_by_label("聯絡人姓名").fill("黃阿妹")
    page.get_by_label("與考生關係").fill("母親")
    page.get_by_label("聯絡人電話").fill("02-2345-6789")
    page.get_by_label("父或母為客家人").check()
    page.get_by_label("考生職業").select_option("服務業")
    page.get_by_label("大專校院").check()
    page.get_by_label("自行下載列印").check()


def submit_registration(page: Page) -> str:
    """Check and send the form that is filled in; return the address of the status page."""
    page.get_by_role("button", name="下一步：檢查資料").click()
    page.get_by_role("button", name="資料無誤，送出報名").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("繳費")
    return page.url.removesuffix("/pay")


def pay_by_transfer(page: Page, status_url: str) -> None:
    """Have an account number issued, transfer the money to it, and look at the status page."""
    page.goto(f"{status_url}/pay")
    page.get_by_role("button", name="取得繳費帳號").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ATM 轉帳付款")
    page.get_by_role("button", name="取得繳費帳號").click()
    page.wait_for_url(f"{status_url}/pay")
    pay_newest(page, "轉帳繳費")
    page.goto(status_url)
    expect(page.locator("main")).to_contain_text("已繳費，資料審核中")


def create_group(page: Page, name: str = "臺北市中山區中山國小") -> None:
    """Create a school group of the first national round, from the list of the leader's groups."""
    page.get_by_role("link", name=re.compile("建立.*團體")).first.click()
    page.get_by_label("全國認證第一梯次").check()
    page.get_by_label("應考考區").select_option("臺北")
    page.get_by_label("學校").check()
    page.get_by_label("團體名稱").fill(name)
    page.get_by_label("負責人姓名").fill("林老師")
    page.get_by_label("電話").fill("02-2345-6789#12")
    page.get_by_label("縣市", exact=True).select_option("臺北市")
    page.get_by_label("縣市與鄉鎮市區").select_option(label="中山區")
    page.get_by_label("路名與門牌").fill("長春路1號")
    page.get_by_role("button", name="建立團體").click()


def read_sheet(page: Page, file: Path) -> None:
    """Have a sheet read on the open import page and wait for the workbench."""
    page.get_by_label("填好的檔案").first.set_input_files(file)
    page.get_by_role("button", name="讀取檔案").first.click()
    expect(page.locator("[data-sheet]")).to_be_visible(timeout=30_000)
    page.wait_for_load_state()  # with its styles and scripts


def take_in(page: Page) -> None:
    """Let the good rows of the sheet on the workbench become members."""
    page.locator("#sheet-head").get_by_role("button", name=re.compile("加入名單")).click()
    expect(page.locator("main")).to_contain_text("加入名單")


def import_sheet(page: Page, file: Path) -> None:
    """Have a sheet read on the open import page and take all its good rows in."""
    read_sheet(page, file)
    take_in(page)


def wait_for_mail(portal: Portal, email: str, subject: str = "") -> dict[str, Any]:
    """Return the newest mail to an address whose subject contains the words; the worker brings it soon."""
    for _ in range(100):
        mails = [mail for mail in portal.mails_to(email) if subject in mail["subject"]]
        if mails:
            return mails[0]
        time.sleep(0.1)
    raise AssertionError(f"no mail «{subject}» to {email}")


def text_of(file: Path) -> str:
    """Return the text of a PDF as a reader copies it."""
    read = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True)
    return read.stdout


def scan(file: Path) -> str:
    """Return what the code on the first page of a PDF says to a telephone's camera."""
    command = ["pdftoppm", "-png", "-r", "200", "-f", "1", "-l", "1", file]
    picture = subprocess.run(command, capture_output=True, check=True).stdout
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return code.text


def scan_all(file: Path) -> list[str]:
    """Return what the codes on the first page of a PDF say, row by row."""
    command = ["pdftoppm", "-png", "-r", "150", "-f", "1", "-l", "1", file]
    picture = subprocess.run(command, capture_output=True, check=True).stdout
    codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    corners = {code.text: code.position.top_left for code in codes}
    return sorted(corners, key=lambda text: (round(corners[text].y, -2), corners[text].x))


def add_pupil(page: Page, group_url: str, name: str, id_number: str) -> None:
    """Add a pupil to a group by the form; whatever can be the leader's is."""
    page.goto(f"{group_url}/members/new")
    for choice in ("四縣", "本國", "父或母為客家人", "小學(含)以下"):
        page.get_by_label(choice).check()
    page.get_by_label("中文姓名").fill(name)
    page.get_by_label("身分證統一編號").fill(id_number)
    page.get_by_label("出生日期").fill("100/9/2")
    page.get_by_label("手機").fill("0912-345-678")
    page.get_by_label("考生職業").select_option("學生")
    for tick in page.get_by_label("帶入團報負責人").all():
        tick.check()
    page.locator("main form .btn-primary").click()
    expect(page.locator("main")).to_contain_text(f"已新增 {name}")


def download(page: Page, link: Locator, file: Path) -> Path:
    """Follow a link that gives a file, keep the file, and return where."""
    with page.expect_download() as downloaded:
        link.click()
    downloaded.value.save_as(file)
    return file


def sign_in(page: Page, account: dict[str, Any]) -> None:
    """Sign in one of the demo's accounts; of staff with the code of their authenticator as well."""
    page.goto(account["login_path"])
    page.get_by_label("電子信箱").or_(page.get_by_label("帳號")).first.fill(account["email"])
    page.get_by_label("密碼").fill(account["password"])
    page.locator("main form").get_by_role("button").first.click()
    expect(page).not_to_have_url(re.compile("/login"))
    if account.get("totp_secret"):
        page.get_by_label("驗證碼").fill(_fresh_code(account["totp_secret"]))
        page.locator("main form").get_by_role("button").first.click()
        expect(page).not_to_have_url(re.compile("/second-factor"))


_steps_used: dict[str, int] = {}


def _fresh_code(secret: str) -> str:
    """Return a code that was not used yet, the next one if need be: each is accepted once."""
    step = max(_now_step(), _steps_used.get(secret, 0) + 1)
    while step > _now_step() + 1:
        time.sleep(0.5)
    _steps_used[secret] = step
    return code_of(secret, step)


def _now_step() -> int:
    return step_at(clock.system_now())


def pay_newest(page: Page, button: str) -> None:
    """Play the payer: pay what was asked for last, on the demo's payer page."""
    page.goto("/demo/payer")
    newest = page.get_by_role("button", name=button, exact=True).first
    # A simulator with much to do is not waited for long: the page says so, and is asked for again.
    for _ in range(5):
        if newest.is_visible():
            break
        page.wait_for_timeout(1000)
        page.reload()
    newest.click()
    expect(page.locator("main")).to_contain_text("已付款")


def approve(office: Page, masked_name: str) -> None:
    """Let the staff's review desk approve one candidate."""
    office.goto("/admin/review/")
    office.get_by_role("link", name=masked_name).first.click()
    office.get_by_role("button", name="通過", exact=True).click()


def seat_area(office: Page, round_code: str, area: str) -> None:
    """Let the staff's seating desk seat one area of a round."""
    office.goto(f"/admin/seating/?round={round_code}")
    office.get_by_role("row").filter(has_text=area).get_by_role("link", name="排座位").click()
    office.locator("main form").get_by_role("button").first.click()
    expect(office.locator("main")).to_contain_text("已排好")
