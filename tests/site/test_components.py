"""The template macros, rendered alone: what a form field, a table or a step says to its reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template_string
from wtforms import BooleanField, Form, RadioField, StringField
from wtforms.validators import InputRequired

from app.core import money, roc_dates
from app.core.messages import Message
from app.core.translation import PortalBabel

ROOT = Path(__file__).resolve().parents[2]
DIALECTS = ["四縣", "海陸", "大埔", "饒平", "詔安"]
AREAS = ["基隆", "臺北", "宜蘭", "桃園", "新竹", "苗栗", "臺中"]


class CandidateForm(Form):
    name = StringField("姓名", [InputRequired("請填寫姓名")])
    english_name = StringField("英文姓名")
    dialect = RadioField("腔調", [InputRequired("請選擇腔調")], choices=DIALECTS)
    area = RadioField("考區", [InputRequired("請選擇考區")], choices=AREAS)
    ticket_by_post = BooleanField("請寄紙本准考證給我")


@pytest.fixture
def bare_app() -> Iterator[Flask]:
    app = Flask(__name__, template_folder=str(ROOT / "app/templates"))
    PortalBabel(app, default_locale="zh_Hant_TW")
    app.jinja_env.filters.update(
        twd=money.format_twd, roc=roc_dates.format_roc_long, deadline=roc_dates.format_deadline
    )
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    with app.test_request_context():
        yield app


def render(macro: str, call: str, **values: Any) -> BeautifulSoup:
    source = f'{{% from "components/{macro}" import {call.split("(")[0]} %}}{{{{ {call} }}}}'
    return BeautifulSoup(render_template_string(source, **values), "html.parser")


@pytest.fixture
def refused_form() -> CandidateForm:
    form = CandidateForm(data={})
    form.validate()
    return form


def test_a_field_is_described_by_its_hint_and_its_error(bare_app: Flask, refused_form: CandidateForm) -> None:
    html = render("form.html", "field(form.name, hint='和身分證件上一樣')", form=refused_form)

    control = html.select_one("input#name")
    assert control["aria-invalid"] == "true"
    described = [html.find(id=name).get_text(strip=True) for name in control["aria-describedby"].split()]
    assert described == ["和身分證件上一樣", "請填寫姓名"]


def test_optional_is_marked_and_required_is_not(bare_app: Flask) -> None:
    form = CandidateForm()

    assert "選填" in render("form.html", "field(form.english_name)", form=form).label.get_text()
    assert "選填" not in render("form.html", "field(form.name)", form=form).label.get_text()


def test_up_to_six_choices_are_rows_and_more_are_a_select(bare_app: Flask) -> None:
    form = CandidateForm(data={"dialect": "海陸", "area": "臺北"})

    rows = render("form.html", "field(form.dialect)", form=form)
    select = render("form.html", "field(form.area)", form=form)

    assert [row["value"] for row in rows.select("input[type=radio]")] == DIALECTS
    assert [row["value"] for row in rows.select("input[checked]")] == ["海陸"]
    assert [option["value"] for option in select.select("option")] == AREAS
    assert select.select_one("option[selected]")["value"] == "臺北"


def test_a_select_without_an_answer_asks_for_one(bare_app: Flask) -> None:
    select = render("form.html", "field(form.area)", form=CandidateForm())

    assert select.option["value"] == ""
    assert select.option.get_text() == "請選擇"


def test_the_error_summary_links_to_each_control(bare_app: Flask, refused_form: CandidateForm) -> None:
    refused_form.form_errors.append(Message("%(area)s考區剛好滿了", {"area": "臺北"}))
    summary = render("form.html", "error_summary(form)", form=refused_form)
    fields = "".join(
        str(render("form.html", f"field(form.{name})", form=refused_form)) for name in refused_form.data
    )
    page = BeautifulSoup(fields, "html.parser")

    assert summary.h2.get_text() == "請修正以下 4 處"
    assert summary.li.get_text() == "臺北考區剛好滿了"
    targets = [link["href"].removeprefix("#") for link in summary.select("a")]
    assert targets == ["name", "dialect", "area"]
    assert all(page.find(id=target).name in {"input", "select"} for target in targets)


def test_a_form_without_mistakes_has_no_summary(bare_app: Flask) -> None:
    assert not render("form.html", "error_summary(form)", form=CandidateForm()).find(True)


def test_what_was_typed_is_text_and_never_markup(bare_app: Flask) -> None:
    form = CandidateForm(data={"name": '"><script>alert(1)</script>'})

    assert render("form.html", "field(form.name)", form=form).script is None
    assert render("summary_list.html", "summary_list('考生', rows)", rows=[("姓名", "<b>王</b>")]).b is None


@pytest.mark.requirement("R201")
@pytest.mark.parametrize(
    ("current", "group", "fold", "done"),
    [
        ("account", False, "第 1 步，共 4 步：建立帳號", 0),
        ("candidate", False, "第 3 步，共 4 步：填寫考生資料", 2),
        ("candidate", True, "第 4 步，共 5 步：填寫考生資料", 3),
        ("finished", False, "4 步都完成了", 4),
    ],
)
def test_steps_say_where_one_is(bare_app: Flask, current: str, group: bool, fold: str, done: int) -> None:
    steps = render("steps.html", "steps(current, group=group)", current=current, group=group)

    assert steps.summary.get_text().strip() == fold
    assert len(steps.select(".steps-bar .step-done")) == done


def test_only_steps_already_done_can_be_looked_at(bare_app: Flask) -> None:
    links = {"account": "/account", "candidate": "/edit", "payment": "/pay"}
    steps = render("steps.html", "steps('candidate', links=links)", links=links)

    assert [link["href"] for link in steps.select(".steps-bar a")] == ["/account"]


def test_an_empty_table_says_what_would_stand_there(bare_app: Flask) -> None:
    source = """{% from "components/table.html" import data_table %}
        {% call data_table("團員", ["姓名"], empty_text="匯入名單後會列在這裡。") %}{% endcall %}"""

    html = BeautifulSoup(render_template_string(source), "html.parser")

    assert html.table is None
    assert html.get_text(strip=True) == "匯入名單後會列在這裡。"


@pytest.mark.parametrize(
    ("amount", "shown"), [(0, "免繳費"), (250, "NT$250"), (9500, "NT$9,500"), (None, "–")]
)
def test_a_fee_of_nothing_reads_exempt_and_an_unknown_one_a_dash(
    bare_app: Flask, amount: int | None, shown: str
) -> None:
    assert render("money.html", "fee(amount)", amount=amount).get_text().strip() == shown


def test_a_day_is_shown_in_minguo_with_the_western_date_small(bare_app: Flask) -> None:
    html = render("dates.html", "day(on, western=true)", on=date(2023, 9, 2))

    assert html.time["datetime"] == "2023-09-02"
    assert html.time.get_text() == "112 年 9 月 2 日（六） 2023-09-02"
    assert html.small.get_text() == "2023-09-02"


@pytest.mark.requirement("W041")
def test_before_an_irreversible_step_the_safe_way_comes_first(bare_app: Flask) -> None:
    html = render(
        "confirm.html",
        "confirm('確定送出嗎？', facts, '/submit', '確認送出', '/back', warning='送出後不可修改')",
        facts=[("考生", "38 人")],
    )

    safe, act = html.select(".actions > *")
    assert (safe.name, safe["href"], safe.has_attr("autofocus")) == ("a", "/back", True)
    assert (act.name, act.get_text()) == ("button", "確認送出")
    assert "38 人" in html.dd.get_text()


def test_pages_are_shown_only_when_there_is_more_than_one(bare_app: Flask) -> None:
    def address(number: int) -> str:
        return f"?s=bad&page={number}"

    assert not render("pagination.html", "pagination(1, 1, url_of)", url_of=address).find(True)
    first = render("pagination.html", "pagination(1, 3, url_of)", url_of=address)
    assert [link["href"] for link in first.select("a")] == ["?s=bad&page=2"]
