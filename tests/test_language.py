"""Reading the portal in another language: what is switched, kept, counted and mailed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale
from markupsafe import Markup

from app.accounts.models import Account
from app.cases.services import file_case
from app.config import ROOT
from app.core.db import db
from app.core.messages import Listing, Message, Wording
from app.core.numerals import clause_wording, rule_number
from app.core.roc_dates import (
    date_message,
    format_birth_both,
    format_deadline,
    format_instant,
    format_month,
    format_roc,
    format_roc_long,
)
from app.core.translation import Places, as_sentence, translate_for
from app.exams.choices import Dialect
from app.exams.words import exam_wording, name_wording, round_wording
from app.payments.words import order_wording
from tests.client import CheckingClient
from tests.factories.accounts import PASSWORD, make_account, make_leader
from tests.factories.cases import make_application
from tests.factories.groups import make_submitted_group
from tests.factories.registrations import make_paid, make_submitted
from tests.mailbox import Mailbox

SATURDAY = date(2023, 9, 2)


@pytest.mark.parametrize(
    ("wording", "chinese", "english"),
    [
        (format_roc_long(SATURDAY), "112 年 9 月 2 日（六）", "2 September 2023 (Sat)"),
        (format_roc(SATURDAY), "112/09/02", "2023-09-02"),
        (date_message(SATURDAY), "民國 112 年 9 月 2 日", "2 September 2023"),
        (format_month(2023, 4), "112 年 4 月", "April 2023"),
        (
            format_instant(datetime(2023, 8, 11, 1, 0, tzinfo=UTC)),
            "112 年 8 月 11 日（五）09:00",
            "11 August 2023 (Fri), 09:00",
        ),
        (
            format_birth_both(date(2004, 9, 2)),
            "2004-09-02 = 民國 93 年 9 月 2 日",
            "2 September 2004 = ROC 93/09/02",
        ),
        (round_wording("全國認證第二梯次"), "全國認證第二梯次", "National exam, round 2"),
        (round_wording("多梯次認證(十一)"), "多梯次認證(十一)", "Multi-session exam, round 11"),
        (name_wording("花蓮"), "花蓮", "Hualien"),
        (Dialect.ZHAOAN, "詔安", "Zhao’an"),
        (Dialect.ZHAOAN.value, "詔安", "Zhao’an"),
        (rule_number("十一、十二"), "十一、十二", "11, 12"),
        (clause_wording("捌、二、(四)5"), "捌、二、(四)5", "8.2.(4)5"),
        (
            order_wording("多梯次認證(五)團體報名費"),
            "多梯次認證(五)團體報名費",
            "Multi-session exam, round 5, group registration fee",
        ),
        (
            order_wording("免繳報名費（民國93年9月2日以後出生）"),
            "免繳報名費（民國93年9月2日以後出生）",
            "Free of charge (born on or after 2 September 2004)",
        ),
        (Listing([Dialect.SIXIAN, Dialect.HAILU]), "四縣、海陸", "Sixian, Hailu"),
        (
            Listing([round_wording("全國認證第一梯次"), round_wording("全國認證第二梯次")]),
            "全國認證第一梯次、全國認證第二梯次",
            "National exam, round 1; National exam, round 2",
        ),
        (format_deadline(SATURDAY), "112 年 9 月 2 日（六）23:59", "2 September 2023 (Sat), 23:59"),
        (
            Message("%(day)s起", {"day": format_roc_long(SATURDAY)}),
            "112 年 9 月 2 日（六）起",
            "from 2 September 2023 (Sat)",
        ),
    ],
)
def test_a_value_is_said_in_the_language_of_its_reader(wording: object, chinese: str, english: str) -> None:
    assert (str(translate_for("zh", wording)), str(translate_for("en", wording))) == (chinese, english)


def test_a_word_that_the_portal_does_not_know_stays_as_the_file_writes_it() -> None:
    unknown = [
        name_wording("金門"),
        round_wording("第十二屆"),
        exam_wording("客語能力高級認證"),
        order_wording("規費"),
    ]

    assert [translate_for("en", each) for each in unknown] == ["金門", "第十二屆", "客語能力高級認證", "規費"]


def test_a_wording_is_stored_and_compared_in_chinese(app: Flask) -> None:
    registration = make_submitted()

    assert (registration.offering.area, registration.dialect) == ("苗栗", "四縣")
    assert isinstance(registration.offering.area, Wording)


@pytest.mark.parametrize(("days", "said"), [(1, "1 day left"), (2, "2 days left"), (0, "0 days left")])
def test_english_counts_one_and_many(days: int, said: str) -> None:
    template = "%(days)s %(days|day|days)s left"

    assert template % Places(days=days) == said


def test_what_is_markup_stays_markup_in_a_list_and_nothing_else_becomes_it() -> None:
    phones = Listing([Markup("<b>02</b>"), "<b>04</b>"])

    assert translate_for("en", phones) == Markup("<b>02</b>, &lt;b&gt;04&lt;/b&gt;")


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("報名已截止", "報名已截止。"), ("要繼續嗎？", "要繼續嗎？"), ("請重選。", "請重選。")],
)
def test_a_reason_alone_is_a_sentence(app: Flask, reason: str, sentence: str) -> None:
    with app.test_request_context("/"):
        assert as_sentence(Message(reason)) == sentence


def test_an_empty_text_is_empty_in_english_too() -> None:
    assert translate_for("en", Message("")) == ""


@pytest.mark.parametrize(
    ("reason", "chinese", "english"),
    [
        ("可以公布成績", "可以公布成績。", "The results can be published."),
        (
            "找不到「%(sheet)s」工作表。請重新下載成績表，填好再匯入",
            "找不到「成績」工作表。請重新下載成績表，填好再匯入。",
            "There is no sheet “成績”. Download the score sheet again, fill it in and import it.",
        ),
    ],
)
def test_a_reason_that_stands_as_a_sentence_ends_with_one_full_stop(
    app: Flask, reason: str, chinese: str, english: str
) -> None:
    message = Message(reason, {"sheet": "成績"})

    for locale, expected in (("zh_Hant_TW", chinese), ("en", english)):
        with app.test_request_context(), force_locale(locale):
            assert as_sentence(message) == expected


def test_the_first_visit_follows_the_browser_and_is_chinese_when_in_doubt(client: CheckingClient) -> None:
    pages = {
        asked: client.get("/", headers={"Accept-Language": asked} if asked else {}).get_data(as_text=True)
        for asked in ("", "en-GB,en;q=0.9", "zh-TW,zh;q=0.9,en;q=0.8", "fr")
    }

    assert [asked for asked, page in pages.items() if '<html lang="en"' in page] == ["en-GB,en;q=0.9"]


def test_the_switch_keeps_the_question_and_offers_both_to_search_engines(client: CheckingClient) -> None:
    page = client.page("/cases/new?about=appeal&lang=zh")

    switch = page.select_one(".bar-tools a[hreflang=en]")["href"]
    assert switch == "/cases/new?about=appeal&lang=en"
    assert {link["hreflang"]: link["href"] for link in page.select("link[rel=alternate]")} == {
        "zh-Hant-TW": "http://localhost/cases/new?about=appeal&lang=zh",
        "en": "http://localhost/cases/new?about=appeal&lang=en",
    }


def typed(page: object) -> dict[str, str]:
    return {
        field["name"]: field.get("value", "")
        for field in page.select("form#typed input[name]")
        if field["name"] in ("chinese_name", "id_number", "birth_on", "email")
    }


def test_switching_in_the_middle_of_a_form_keeps_what_was_typed_and_saves_nothing(
    client: CheckingClient, sign_in: Callable[[Account], None]
) -> None:
    account = make_account()
    sign_in(account)
    written = {"chinese_name": "徐玉蘭", "id_number": "A12", "birth_on": "93/9/2", "email": "yulan@"}

    page = client.send("/registrations/new", {**written, "language-switch": "en"})

    assert page.html["lang"] == "en"
    assert typed(page) == written
    assert page.select(".field-error") == []
    assert "徐玉蘭" not in client.page("/registrations").get_text()


def test_enter_in_a_field_sends_the_form_and_does_not_switch(client: CheckingClient) -> None:
    page = client.page("/national/login")

    first = page.select('[form="typed"], form#typed [type=submit]')[0]
    assert (first["type"], first.get("name")) == ("submit", None)


def test_a_refused_form_switches_back_and_forth(
    client: CheckingClient, sign_in: Callable[[Account], None]
) -> None:
    sign_in(make_account())
    written = {"chinese_name": "徐玉蘭", "birth_on": "93/13/2"}

    refused = client.send("/registrations/new", written, status=422)
    switched = client.send("/registrations/new", {**written, "language-switch": "en"})
    again = client.send("/registrations/new", written, status=422)

    button = refused.select_one("button[name=language-switch]")
    assert (button["form"], button["value"]) == ("typed", "en")
    assert switched.select_one("[name=birth_on]")["value"] == "93/13/2"
    assert "month" in again.select_one("#birth_on-error").get_text().lower()


def test_a_complete_form_sent_by_the_switch_changes_no_password(
    client: CheckingClient, sign_in: Callable[[Account], None]
) -> None:
    account = make_account()
    sign_in(account)
    before = account.password_hash

    new = "tung blossom 58"
    fields = {"current": PASSWORD, "password": new, "password_again": new}
    client.send("/account/password", {**fields, "language-switch": "en"})

    db.session.expire_all()
    assert db.session.get_one(Account, account.id).password_hash == before


def test_the_account_keeps_the_language_it_was_switched_to(
    client: CheckingClient, sign_in: Callable[[Account], None]
) -> None:
    account = make_account()
    sign_in(account)

    page = client.send("/account/language", {"language": "en", "back": "/registrations?lang=en"})

    db.session.expire_all()
    assert db.session.get_one(Account, account.id).language == "en"
    assert (page.html["lang"], page.h1.get_text()) == ("en", "My registrations")


def test_the_language_button_leads_nowhere_else(
    client: CheckingClient, sign_in: Callable[[Account], None]
) -> None:
    sign_in(make_account())

    response = client.post("/account/language", data={"language": "en", "back": "https://example.com/"})

    assert response.headers["Location"] == "/account"


def with_language(account: Account, language: str | None) -> Account:
    account.language = language
    db.session.commit()
    return account


def test_a_candidates_mails_come_in_the_language_of_the_account(app: Flask, mailbox: Mailbox) -> None:
    make_paid(with_language(make_account(), "en"))

    asked, paid = mailbox.all()
    assert "National exam, round 1" in asked.subject
    assert "7 May 2023 (Sun)" in asked.text
    assert "Sixian" in asked.text
    assert "Payment is complete" in paid.text


def test_a_leaders_mail_is_english_while_another_reads_chinese(app: Flask, mailbox: Mailbox) -> None:
    make_submitted_group(with_language(make_leader(), "en"))
    make_submitted_group(with_language(make_leader(), None))

    english, chinese = mailbox.all()
    assert "NT$250" in english.text
    assert english.text.startswith("Dear ")
    assert "您好" in chinese.text


def test_a_guests_case_is_answered_in_the_language_of_its_page(
    app: Flask, mailbox: Mailbox, actor: object
) -> None:

    file_case(make_application("appeal", language="en"), actor=actor)

    assert mailbox.all()[0].text.startswith("Hello")


def test_signing_up_on_an_english_page_brings_an_english_mail(
    client: CheckingClient, mailbox: Mailbox
) -> None:
    client.get("/?lang=en")
    client.send(
        "/national/signup",
        {"email": "jane@example.com", "password": "tung blossom 58", "password_again": "tung blossom 58"},
    )

    assert mailbox.last().text.startswith("Hello")


def test_every_form_can_be_switched() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py")}

    assert [path for path, text in sources.items() if "FlaskForm" in text] == [ROOT / "app/core/forms.py"]
