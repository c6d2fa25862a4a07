import json
from dataclasses import replace
from datetime import date

import pytest

from app.core.messages import Message
from app.exams.choices import Dialect
from app.groups.leader import Leader
from app.groups.sheets.drafts import MemberDraft
from app.groups.sheets.importing import candidate_of
from app.groups.sheets.packing import pack, unpack
from app.registration.choices import Background, Education, MailTo, Occupation

LEADER = Leader("鍾美珍", "0225031234#12", "teacher@school.tw", "104", "臺北市", "中山區", "長安東路15號")
BLANK = MemberDraft(
    chinese_name="黃𠊎堃",
    english_name=None,
    birth_on=date(2011, 9, 2),
    foreign=False,
    id_number="A123456789",
    phone_home=None,
    phone_mobile="0912345678",
    emergency_name=None,
    emergency_relation=None,
    emergency_phone=None,
    email=None,
    zip_code=None,
    county=None,
    district=None,
    address_rest=None,
    dialect="四縣",
    background=Background.BOTH_PARENTS,
    occupation=Occupation.STUDENT,
    education=Education.PRIMARY,
)


@pytest.mark.requirement("R241", "R242", "R243")
def test_what_a_row_leaves_blank_is_the_leaders() -> None:
    candidate = candidate_of(BLANK, LEADER, Dialect.SIXIAN)

    assert (candidate.emergency_name, candidate.emergency_relation, candidate.emergency_phone) == (
        "鍾美珍",
        "團報負責人",
        "0225031234#12",
    )
    assert candidate.email == "teacher@school.tw"
    assert (candidate.zip_code, candidate.county, candidate.district, candidate.street) == (
        "104",
        "臺北市",
        "中山區",
        "長安東路15號",
    )


@pytest.mark.requirement("R251", "Q17")
def test_an_imported_member_has_the_defaults_of_r251() -> None:
    candidate = candidate_of(BLANK, LEADER, Dialect.SIXIAN)

    assert candidate.ticket_by_post is False
    assert {candidate.materials_to, candidate.ticket_to, candidate.score_to} == {MailTo.LEADER}


@pytest.mark.requirement("R251")
def test_what_a_row_says_is_kept() -> None:
    own = replace(
        BLANK,
        emergency_name="黃大宏",
        emergency_relation="父",
        emergency_phone="0922333444",
        email="own@example.tw",
        zip_code="366",
        county="苗栗縣",
        district="銅鑼鄉",
        address_rest="中正路12號",
        materials_to_leader=False,
        ticket_by_post=True,
    )

    candidate = candidate_of(own, LEADER, Dialect.SIXIAN)

    assert (candidate.emergency_name, candidate.email) == ("黃大宏", "own@example.tw")
    assert (candidate.county, candidate.street) == ("苗栗縣", "中正路12號")
    assert (candidate.materials_to, candidate.ticket_to) == (MailTo.SELF, MailTo.LEADER)
    assert candidate.ticket_by_post is True


@pytest.mark.parametrize(
    "message",
    [
        Message("請填寫姓名"),
        Message("最多 %(longest)s 個字", {"longest": 60}),
        Message("讀成%(day)s，請確認", {"day": Message("民國 %(year)s 年", {"year": 93})}),
    ],
)
def test_a_sentence_survives_being_stored(message: Message) -> None:
    assert unpack(json.loads(json.dumps(pack(message)))) == message
