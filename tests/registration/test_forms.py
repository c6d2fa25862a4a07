from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.core.identity import IdKind
from app.core.messages import Message
from app.exams import queries as exams
from app.exams.choices import Dialect, Track
from app.registration.choices import Background, Education, MailTo, Occupation
from app.registration.forms import CandidateForm
from app.registration.services import AlreadyRegistered
from tests.factories.registrations import make_draft

TYPED = {
    "exam_round": "nat-112-01",
    "area": "苗栗",
    "dialect": "海陸",
    "nationality": "national",
    "chinese_name": "徐玉蘭",
    "english_name": "",
    "id_number": "Ａ２０００００００３",
    "birth_on": "93/9/2",
    "mobile": "0912-345-678",
    "phone": "",
    "email": "Yulan@Example.tw",
    "district": "苗栗縣銅鑼鄉",
    "street": "中正路12號",
    "emergency_name": "徐春梅",
    "emergency_relation": "母親",
    "emergency_phone": "037-981234",
    "background": "父母均為客家人",
    "occupation": "學生",
    "education": "高中職",
    "ticket": "print",
    "accommodation": "",
}

Fill = Callable[..., CandidateForm]


@pytest.fixture
def fill(app: Flask) -> Fill:
    """Return a form filled in with `TYPED` and the changes given, already validated."""

    def fill(**changes: str) -> CandidateForm:
        rounds = exams.list_rounds(Track.NATIONAL)
        with app.test_request_context("/registrations/new", method="POST", data={**TYPED, **changes}):
            form = CandidateForm(rounds=rounds, today=date(2023, 5, 1))
            form.validate()
        return form

    return fill


def messages(form: CandidateForm) -> dict[str, list[str]]:
    return {name: [str(error) for error in errors] for name, errors in form.errors.items()}


@pytest.mark.requirement("R235", "R237", "R239", "R240", "R242", "R243")
def test_what_was_typed_becomes_values(fill: Fill) -> None:
    form = fill()

    assert messages(form) == {}
    candidate = form.candidate()
    assert (candidate.identity.kind, candidate.identity.value) == (IdKind.NATIONAL, "A200000003")
    assert (candidate.birth_on, candidate.dialect) == (date(2004, 9, 2), Dialect.HAILU)
    assert (candidate.mobile, candidate.phone, candidate.emergency_phone) == ("0912345678", None, "037981234")
    assert (candidate.zip_code, candidate.county, candidate.district) == ("366", "苗栗縣", "銅鑼鄉")
    assert (candidate.ticket_by_post, candidate.accommodation) == (False, None)


@pytest.mark.requirement(
    "R053",
    "R055",
    "R234",
    "R235",
    "R236",
    "R237",
    "R239",
    "R240",
    "R241",
    "R242",
    "R243",
    "R245",
    "R246",
    "R247",
    "R248",
    "R249",
    "R250",
)
@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"exam_round": ""}, "exam_round", "請選擇報名梯次"),
        ({"exam_round": "multi-112-08"}, "exam_round", "請選擇報名梯次"),
        ({"area": "金門"}, "area", "請選擇應考考區"),
        ({"dialect": ""}, "dialect", "請選擇報考腔調"),
        ({"chinese_name": " "}, "chinese_name", "請填寫姓名"),
        ({"chinese_name": "Hsu Yu-lan"}, "chinese_name", "請填寫中文姓名"),
        ({"english_name": "徐玉蘭"}, "english_name", "英文字母"),
        ({"id_number": "A200000004"}, "id_number", "最後一碼對不起來"),
        ({"id_number": "A123456789"}, "id_number", "範例號碼"),
        ({"id_number": ""}, "id_number", "請填寫身分證統一編號"),
        ({"birth_on": "93/2/30"}, "birth_on", "只有 29 天"),
        ({"birth_on": "112/5/2"}, "birth_on", "今天以後"),
        ({"mobile": ""}, "mobile", "至少填一項"),
        ({"mobile": "02-2345-6789"}, "mobile", "09 開頭"),
        ({"phone": "2345-6789"}, "phone", "區碼"),
        ({"email": "yulan"}, "email", "name@example.com"),
        ({"district": ""}, "district", "請選擇縣市與鄉鎮市區"),
        ({"district": "苗栗縣大安區"}, "district", "請選擇縣市與鄉鎮市區"),
        ({"street": ""}, "street", "請填寫路名和門牌號碼"),
        ({"emergency_name": ""}, "emergency_name", "請填寫緊急聯絡人姓名"),
        ({"emergency_relation": "很" * 21}, "emergency_relation", "最多 20 個字"),
        ({"emergency_phone": "12"}, "emergency_phone", ""),
        ({"background": ""}, "background", "請選擇考生身分"),
        ({"occupation": "國王"}, "occupation", "請選擇考生職業"),
        ({"education": ""}, "education", "請選擇教育程度"),
        ({"ticket": ""}, "ticket", "請選擇是否寄發准考證"),
        ({"needs_accommodation": "y"}, "accommodation", "請寫出需要的服務"),
    ],
)
def test_each_mistake_has_one_sentence_on_its_field(
    fill: Fill, changes: dict[str, str], field: str, sentence: str
) -> None:
    found = messages(fill(**changes))

    assert list(found) == [field]
    assert len(found[field]) == 1
    assert sentence in found[field][0]


def test_all_mistakes_are_told_at_once(fill: Fill) -> None:
    assert set(fill(id_number="X", birth_on="明天", email="x").errors) == {"id_number", "birth_on", "email"}


@pytest.mark.requirement("R235", "R238", "R239")
def test_a_foreigner_may_write_the_name_of_the_passport(fill: Fill) -> None:
    form = fill(nationality="foreign", chinese_name="NGUYEN THI LAN", id_number="C1234567")

    assert messages(form) == {}
    assert form.candidate().identity.kind is IdKind.PASSPORT


@pytest.mark.requirement("R250")
def test_a_request_counts_only_when_it_is_ticked(fill: Fill) -> None:
    assert fill(accommodation="助聽器").candidate().accommodation is None
    asked = fill(accommodation="助聽器", needs_accommodation="y")
    assert asked.candidate().accommodation == "助聽器"


def test_a_draft_comes_back_as_it_would_be_typed(app: Flask) -> None:
    draft = make_draft()
    with app.test_request_context("/"):
        form = CandidateForm(
            rounds=exams.list_rounds(Track.NATIONAL), today=date(2023, 5, 1), registration=draft
        )

    typed: dict[str, Any] = {field.name: field.data for field in form}
    assert (typed["birth_on"], typed["district"], typed["exam_round"]) == (
        "74/08/15",
        "苗栗縣銅鑼鄉",
        "nat-112-01",
    )
    assert (typed["id_number"], typed["mobile"], typed["ticket"]) == (draft.id_number, "0912345678", "print")


def test_a_refusal_stands_on_its_field(fill: Fill) -> None:
    form = fill()

    form.refuse(AlreadyRegistered(Message("已經報名"), same_account=True))

    assert messages(form) == {"id_number": ["已經報名"]}


@pytest.mark.requirement("R042")
@pytest.mark.parametrize(
    "changes",
    [
        {"birth_on": "112/5/1"},  # born today
        {"birth_on": "1903/5/1"},  # 120 years old today
        {"nationality": "foreign", "chinese_name": "NGUYEN THI LAN", "id_number": "C1234567"},
        *({"background": each.value} for each in Background),
        *({"occupation": each.value} for each in Occupation),
        *({"education": each.value} for each in Education),
    ],
    ids=lambda changes: " ".join(changes.values()),
)
def test_anybody_may_register(fill: Fill, changes: dict[str, str]) -> None:
    assert messages(fill(**changes)) == {}


@pytest.mark.requirement("R244", "R252")
def test_an_individuals_mail_goes_to_the_own_address(fill: Fill) -> None:
    candidate = fill(ticket="post").candidate()

    assert {candidate.materials_to, candidate.ticket_to, candidate.score_to} == {MailTo.SELF}
    assert candidate.ticket_by_post
