"""The tour's stops at what is asked for beforehand: special arrangements, sessions of a school's own."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import Page

from tests.browser.guide import Tour, follow
from tests.browser.people import sign_up

MULTI_LEADER = "principal.chen@example.tw"


def candidate_describes_needs(tour: Tour, page: Page) -> None:
    """Ask for arrangements in the open form, and describe them; then the form is to be checked."""
    page.get_by_label("申請身心障礙及特殊需求考生服務").check()
    page.get_by_label("需要的服務").fill("視力較弱，需要放大字體與靠近講臺的座位。")
    follow(page.get_by_role("button", name="下一步：檢查資料"))
    tour.show(page, "arrangement")
    page.get_by_label("要帶進試場的輔具或醫療器材").fill("放大鏡一支")
    proof = io.BytesIO()
    Image.new("RGB", (640, 400), "white").save(proof, "PNG")
    page.get_by_label("證明文件").set_input_files(
        {"name": "證明.png", "mimeType": "image/png", "buffer": proof.getvalue()}
    )
    follow(page.get_by_role("button", name="下一步：檢查資料"))


def candidate_reads_answer(tour: Tour, page: Page, status_url: str) -> None:
    tour.visit(page, f"{status_url}/arrangement", "arrangement-answered")


def leader_asks_for_session(tour: Tour) -> Page:
    """Ask for a session at the school; return the leader's page, which stands at the request."""
    leader = tour.new_page()
    sign_up(leader, tour.portal, MULTI_LEADER, kind="團體報名", track="multi")
    tour.visit(leader, "/groups/sessions", "sessions-empty")
    tour.visit(leader, "/groups/sessions/new", "session-form")
    follow(leader.get_by_role("button", name="送出申請"))
    tour.show(leader, "session-form-errors")
    leader.get_by_label("多梯次認證(八)").check()
    leader.get_by_label("到校施測").check()
    leader.get_by_label("國小", exact=True).check()
    for label, value in {
        "團體名稱": "苗栗縣頭份市斗煥國小",
        "預估人數": "86",
        "學校地址": "中正一路 1 號",
        "電腦教室間數": "2",
        "可用電腦台數": "60",
        "聯絡人姓名": "陳怡君",
        "聯絡人電話": "037-123456",
        "申請理由": "高年級學生人數多，搭車到考區來回要三小時。",
    }.items():
        leader.get_by_label(label).fill(value)
    leader.get_by_label("希望的縣市").select_option("苗栗縣")
    follow(leader.get_by_role("button", name="送出申請"))
    tour.show(leader, "session-asked")
    tour.visit(leader, "/groups/sessions", "sessions")
    return leader


def office_answers(tour: Tour, office: Page) -> None:
    """Grant the session and the arrangements."""
    tour.visit(office, "/admin/sessions/", "staff-sessions")
    follow(office.get_by_role("table").get_by_role("link").first)
    tour.show(office, "staff-session")
    follow(office.get_by_role("button", name="增開這個考區"))
    tour.show(office, "staff-session-errors")
    office.get_by_label("考區名稱").fill("苗栗斗煥")
    office.get_by_label("試區").fill("斗煥國小")
    follow(office.get_by_role("button", name="增開這個考區"))
    tour.show(office, "staff-session-granted")
    tour.visit(office, "/admin/sessions/", "staff-sessions-none")
    tour.visit(office, "/admin/arrangements/", "staff-arrangements")
    follow(office.get_by_role("table").get_by_role("link").first)
    tour.show(office, "staff-arrangement")
    follow(office.get_by_role("button", name="回覆考生"))
    tour.show(office, "staff-arrangement-errors")
    office.get_by_label("部分提供").check()
    office.get_by_label("認證當天提供的服務").fill("放大字體，第一排座位，可使用放大鏡")
    office.get_by_label("給考生的說明").fill("試場沒有講臺，改安排第一排座位。")
    follow(office.get_by_role("button", name="回覆考生"))
    tour.visit(office, "/admin/arrangements/?answered=yes", "staff-arrangements-answered")
    follow(office.get_by_role("table").get_by_role("link").first)
    tour.show(office, "staff-arrangement-answered")


def leader_reads_answer(tour: Tour, leader: Page) -> None:
    follow(leader.get_by_role("table").get_by_role("link").first)
    tour.show(leader, "session-granted")
    leader.context.close()
