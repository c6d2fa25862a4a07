import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidValue
from app.core.names import LONGEST_NAME, clean_name
from tests.vectors import TAIWAN

VECTORS = TAIWAN["import"]["name"]


@pytest.mark.requirement("R235")
@pytest.mark.parametrize(
    ("written", "stored"),
    [
        *((case["input"], case["output"]) for case in VECTORS if case["output"] is not None),
        *((f"伊斯坦大{separator}貝雅夫", "伊斯坦大‧貝雅夫") for separator in "‧·・•･．."),
        ("尤瑪 ‧ 達陸", "尤瑪‧達陸"),
        ("王 小 明", "王小明"),
        ("\t王小明\r\n", "王小明"),
        ("王\u200b小明\ufeff", "王小明"),
        ("J. R. R. Smith", "J. R. R. Smith"),
        ("O'Brien-Li", "O'Brien-Li"),
        ("D’Angelo", "D’Angelo"),
        ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("김 철수", "김 철수"),
        ("Kolas Yotaka 谷辣斯", "Kolas Yotaka 谷辣斯"),
        ("葛\U000e0100 城", "葛\U000e0100城"),
        ("明", "明"),
        ("王⼈", "王⼈"),  # a radical, which NFKC would turn into another character
        ("\U00031350", "\U00031350"),  # extension H, newer than Python 3.11
    ],
)
def test_names_are_kept_as_written_without_what_keyboards_add(written, stored):
    assert clean_name(written) == stored


@pytest.mark.parametrize(
    "case", [case for case in VECTORS if case["output"] is None], ids=lambda case: case["input"]
)
def test_vectors_with_an_error_are_refused(case):
    with pytest.raises(InvalidValue):
        clean_name(case["input"])


PRIVATE_USE = "姓名裡有自造字，別的電腦無法顯示；請改用標準字，或與總試務中心聯絡"
UNREADABLE = "姓名裡有一個字沒有讀到，請重新輸入姓名"
INVISIBLE = "姓名裡有看不見的控制字元，請重新輸入姓名，不要用貼上的"


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "請填寫姓名"),
        ("　 ", "請填寫姓名"),
        ("‧", "請填寫姓名"),
        ("--", "請填寫姓名"),
        ("陳\ue000", PRIVATE_USE),
        ("陳\U000f0000", PRIVATE_USE),
        ("陳\U00100000", PRIVATE_USE),
        ("陳\ufffd", UNREADABLE),
        ("陳" + chr(0xD800), UNREADABLE),
        ("陳\uffff", UNREADABLE),
        ("陳\ufdd0", UNREADABLE),
        ("陳\x00", INVISIBLE),
        ("陳\x9f", INVISIBLE),
        ("陳\u202e明", INVISIBLE),
        ("陳\u2066明", INVISIBLE),
        ("陳\U000e0041", INVISIBLE),
        ("\u3164", INVISIBLE),
        ("\u2800", INVISIBLE),
        ("q" + "\u0323" * 5, "姓名裡的附加符號太多，請重新輸入姓名"),
    ],
)
def test_the_sentence_says_what_is_wrong(written, sentence):
    with pytest.raises(InvalidValue) as refusal:
        clean_name(written)

    assert str(refusal.value.message) == sentence


def test_four_marks_on_a_letter_are_a_name_in_some_languages():
    assert clean_name("q" + "\u0323" * 4) == "q" + "\u0323" * 4


@pytest.mark.requirement("R235")
def test_sixty_characters_are_taken_and_one_more_is_not():
    assert clean_name("𠊎" * LONGEST_NAME) == "𠊎" * LONGEST_NAME

    with pytest.raises(InvalidValue, match="姓名最多 60 個字，您填了 61 個字"):
        clean_name("𠊎" * (LONGEST_NAME + 1))


@given(st.text(max_size=20))
def test_cleaning_a_clean_name_changes_nothing(text):
    try:
        once = clean_name(text)
    except InvalidValue:
        return

    assert clean_name(once) == once
