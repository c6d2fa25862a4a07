import pytest

from app.accounts.texts import AGREEMENTS, CONSENT, EXAM_ROOM_RULES, NOTES


def test_the_three_texts_are_read_in_the_brochures_order():
    assert AGREEMENTS == (CONSENT, EXAM_ROOM_RULES, NOTES)
    assert [str(text.title) for text in AGREEMENTS] == ["報名同意書", "試場規則", "報名注意事項"]


@pytest.mark.requirement("Q15")
def test_the_exam_room_rules_are_complete():
    numbers = "、".join(clause.number for clause in EXAM_ROOM_RULES.clauses)

    assert numbers == "一、二、三、四、五、六、七、八、九、十、十一、十二、十三"


def test_a_device_costs_more_at_the_seat_the_more_it_disturbs():
    (table,) = [clause.deductions for clause in EXAM_ROOM_RULES.clauses if clause.deductions]

    assert [tuple(map(str, row)) for row in table] == [
        ("已關機", "扣認證成績 1 分", "無違反試場規則"),
        ("未關機未發出聲響", "扣認證成績 3 分", "扣認證成績 1 分"),
        ("發出響鈴／振動／鬧鈴聲", "扣認證成績 5 分", "扣認證成績 3 分"),
    ]


def test_a_consent_is_kept_under_a_name_and_version_that_fit_their_columns():
    assert len({text.code for text in AGREEMENTS}) == 3
    assert all(len(text.code) <= 40 and len(text.version) <= 20 for text in AGREEMENTS)


@pytest.mark.requirement("R204")
@pytest.mark.parametrize(
    "said",
    [
        "由本人自行承擔損失",
        "與身分證明文件正本相符",
        "在繳費期限前繳交報名費；逾期未繳，報名無效",
        "個人資料保護政策",
    ],
)
def test_the_consent_says_what_the_brochure_has_it_say(said: str) -> None:
    assert [clause for clause in CONSENT.clauses if said in str(clause.text)]
