"""A row of a leader's sheet: what every cell becomes, what is said about it, and what changes on the page."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.addresses import all_districts
from app.core.spreadsheets import Cell, MinguoDate, Unknown, read_workbook
from app.exams.choices import Dialect
from app.groups.leader import Leader
from app.groups.sheets.checks import check_cell, check_closely
from app.groups.sheets.columns import COLUMN_OF, COLUMNS
from app.groups.sheets.drafts import MemberDraft
from app.groups.sheets.importing import candidate_of
from app.groups.sheets.marks import MarkKind, Reason
from app.groups.sheets.matching import propose_matching, table_rows
from app.groups.sheets.packing import pack_marks, unpack_marks
from app.groups.sheets.quick import MISS, YOUNGEST, quick_value
from app.groups.sheets.readings import Context
from app.groups.sheets.rows import RowReading, SheetRow, accept, differences, read_row, refuse, reread_row
from app.groups.sheets.texts import draft_of, texts_of
from app.registration.choices import Background, Education, Occupation
from scripts.make_samples import national_id

TODAY = date(2026, 3, 1)
HONG: dict[str, Cell] = {
    "chinese_name": "黃大宏",
    "birth_on": "103/9/2",
    "foreign": "本國",
    "id_number": "B231127030",
    "phone_mobile": "0912-345-678",
    "dialect": "四縣",
    "background": "父或母為客家人",
    "occupation": "學生",
    "education": "小學(含)以下",
}
BLANK: dict[str, Cell] = dict.fromkeys(column.key for column in COLUMNS)
LEADER = Leader("彭秀英", "0225031234", "hsiuying@example.tw", "104", "臺北市", "中山區", "長安東路15號")


def reading_of(area: str = "桃園", **cells: Cell) -> RowReading:
    row = SheetRow(7, {**BLANK, **HONG, **cells})
    return read_row(row, locked={"area": area}, for_all={}, today=TODAY)


def outcome(key: str, cell: Cell, **others: Cell) -> tuple[str, str, tuple[str, ...]]:
    """Return what stands in the cell afterwards, and kind, reason and suggestions of its mark."""
    reading = reading_of(**{**others, key: cell})
    mark = reading.marks.get(key)
    return (
        reading.texts[key],
        f"{mark.kind}.{mark.reason}" if mark else "",
        mark.suggestions if mark else (),
    )


SPELLING, ZERO, AREA = "repaired.spelling", "repaired.leading_zero", "doubtful.area_code"
DATE, CENTURY = "repaired.date_spelling", "doubtful.excel_century"
WRONG, NEAR, LETTER = "wrong.unreadable", "wrong.near_miss", "wrong.id_letter"


@pytest.mark.requirement("R237", "R239", "R240")
@pytest.mark.parametrize(
    ("key", "cell", "text", "mark", "suggestions"),
    [
        ("id_number", "Ｂ２３１１２７０３０　 ", "B231127030", SPELLING, ()),
        ("id_number", "b231127030\u00a0", "B231127030", SPELLING, ()),
        ("id_number", "b231127030\u200b", "B231127030", SPELLING, ()),
        ("id_number", "b231-127-030", "B231127030", SPELLING, ()),
        ("id_number", "'B231127030", "B231127030", SPELLING, ()),
        ("id_number", "Bl31127030", "Bl31127030", WRONG, ()),  # B131127030 has another check digit
        ("id_number", "B23l127030", "B23l127030", LETTER, ("B231127030",)),
        ("id_number", "B231127031", "B231127031", WRONG, ()),
        ("id_number", "A123456789", "A123456789", WRONG, ()),
        ("id_number", 231127030, "231127030", WRONG, ()),
        ("birth_on", "93/9/2", "93/9/2", "", ()),
        ("birth_on", "2004-09-02", "2004-09-02", "", ()),
        ("birth_on", "９３／９／２", "93/9/2", DATE, ()),
        ("birth_on", "R93/9/2", "93/9/2", DATE, ()),
        ("birth_on", "九十三年九月二日", "93/9/2", DATE, ()),
        ("birth_on", "0930902", "93/9/2", DATE, ()),
        ("birth_on", 930902, "93/9/2", DATE, ()),
        ("birth_on", "民國 93 年 9 月 2 日(四)", "93/9/2", DATE, ()),
        ("birth_on", 20040902, "93/9/2", DATE, ()),
        ("birth_on", 38232, "93/9/2", "repaired.serial_date", ()),
        ("birth_on", "38232", "38232", WRONG, ()),
        ("birth_on", date(2004, 9, 2), "93/9/2", "", ()),
        ("birth_on", datetime(2004, 9, 2), "93/9/2", "", ()),  # noqa: DTZ001  as a spreadsheet gives it
        ("birth_on", date(1993, 9, 2), "1993/9/2", CENTURY, ("93/9/2", "1993/9/2")),
        ("birth_on", MinguoDate(1993, 9, 2), "82/9/2", "", ()),
        ("birth_on", date(2027, 9, 2), "2027/9/2", "wrong.future_date", ("27/9/2",)),
        ("birth_on", "94/2/29", "94/2/29", WRONG, ()),
        ("birth_on", "93/13/2", "93/13/2", NEAR, ("93/2/13",)),
        ("birth_on", "93/9", "93/9", WRONG, ()),
        ("birth_on", "9392", "9392", WRONG, ()),
        ("birth_on", "0/1/1", "0/1/1", WRONG, ()),
        ("birth_on", "93 9 2", "93 9 2", NEAR, ("93/9/2",)),
        ("birth_on", "93,9,2", "93,9,2", NEAR, ("93/9/2",)),
        ("birth_on", "93\\9\\2", "93\\9\\2", NEAR, ("93/9/2",)),
        ("birth_on", "93/9/2（21歲）", "93/9/2（21歲）", NEAR, ("93/9/2",)),
        ("birth_on", "00:00:00", "00:00:00", WRONG, ()),
        ("birth_on", "115/2/20", "115/2/20", "doubtful.too_young", ()),
        ("birth_on", "民國115年2月20日", "115/2/20", "doubtful.too_young", ()),
        ("birth_on", MinguoDate(2026, 2, 20), "115/2/20", "doubtful.too_young", ()),
        ("birth_on", "112/12/31", "112/12/31", "", ()),
        ("phone_home", 912345678, "0912-345-678", ZERO, ()),
        ("phone_home", 223456789, "02-2345-6789", AREA, ("02-2345-6789",)),
        ("phone_home", "2345-6789", "2345-6789", WRONG, ()),  # 桃園 has numbers of seven digits
        ("phone_home", "345-6789", "345-6789", "wrong.area_code", ("03-345-6789",)),
        ("phone_home", "02-2345-6789#12", "02-2345-6789#12", "", ()),
        ("phone_home", "02 2345 6789 分機 12", "02-2345-6789#12", SPELLING, ()),
        ("phone_home", "+886 912 345 678", "0912-345-678", SPELLING, ()),
        ("phone_home", "9.12E+08", "9.12E+08", WRONG, ()),
        ("phone_home", "02-13984463", "02-13984463", WRONG, ()),
        ("chinese_name", "王　小明", "王小明", SPELLING, ()),
        ("chinese_name", "伊斯坦大．貝雅夫", "伊斯坦大‧貝雅夫", SPELLING, ()),
        ("chinese_name", "John  Smith", "John Smith", SPELLING, ()),
        ("chinese_name", "ＪＯＨＮ", "JOHN", SPELLING, ()),
        ("chinese_name", "陳\n堃", "陳堃", SPELLING, ()),
        ("chinese_name", "明\ue000", "明\ue000", WRONG, ()),
        ("address", "台北市大安區和平東路1號", "臺北市大安區和平東路1號", "repaired.address", ()),
        ("address", "桃園縣中壢市中央西路1號", "桃園市中壢區中央西路1號", "repaired.address", ()),
        ("zip_code", 106, "106", "", ()),
        ("zip_code", "106209", "106209", "", ()),
        ("dialect", "四縣腔", "四縣", "repaired.other_word", ()),
        ("dialect", "北四縣", "四縣", "repaired.other_word", ()),
        ("dialect", "■四縣 □海陸 □大埔", "四縣", "repaired.other_word", ()),
        ("dialect", "□四縣☑海陸腔", "海陸", "repaired.other_word", ()),
        ("dialect", "■四縣 ■海陸", "■四縣 ■海陸", "wrong.several", ("四縣", "海陸")),
        ("dialect", "四縣或海陸", "四縣或海陸", "wrong.several", ("四縣", "海陸")),
        ("education", "國小畢業", "小學(含)以下", "repaired.other_word", ()),
        ("education", "高職畢", "高中職", "repaired.other_word", ()),
        ("dialect", "南四縣", "南四縣", NEAR, ("四縣",)),
        ("dialect", Unknown.NO_RESULT, "#N/A", WRONG, ()),
        ("accommodation", "聽覺障礙，請安排前排。", "聽覺障礙，請安排前排。", "", ()),
        ("accommodation", "無", "", "repaired.other_word", ()),
    ],
)
def test_every_cell_of_the_normalisation_table(
    key: str, cell: Cell, text: str, mark: str, suggestions: tuple[str, ...]
):
    others = {"address": "臺北市大安區和平東路1號"} if key == "zip_code" else {}

    assert outcome(key, cell, **others) == (text, mark, suggestions)


@pytest.mark.parametrize(
    ("key", "cell", "written"),
    [
        ("chinese_name", " 王　小明 ", " 王　小明 "),
        ("phone_home", 912345678, "912345678"),
        ("birth_on", date(1993, 9, 2), "1993/9/2"),
        ("dialect", "四縣腔", "四縣腔"),
    ],
)
def test_a_mark_says_what_stood_there(key: str, cell: Cell, written: str):
    assert reading_of(**{key: cell}).marks[key].written == written


def test_a_doubtful_cell_leaves_a_member_and_a_wrong_one_none():
    doubtful, wrong = reading_of(birth_on=date(1993, 9, 2)), reading_of(birth_on="93/13/2")

    assert doubtful.draft is not None
    assert doubtful.draft.birth_on == date(1993, 9, 2)
    assert wrong.draft is None
    assert wrong.id_number == "B231127030"


def test_a_nationality_that_does_not_fit_the_number_is_asked_about():
    assert outcome("foreign", "本國", id_number="A800000014") == ("本國", NEAR, ("外籍人士",))
    assert outcome("foreign", "外籍人士") == ("外籍人士", NEAR, ("本國",))
    assert outcome("foreign", None) == ("", NEAR, ("本國",))


def test_a_nationality_answered_for_all_gives_way_to_the_number_of_a_row():
    cells = {key: cell for key, cell in HONG.items() if key != "foreign"} | {"id_number": "A800000014"}

    reading = read_row(SheetRow(2, cells), locked={}, for_all={"foreign": "本國"}, today=TODAY)

    assert reading.marks["foreign"].reason is Reason.FOR_ALL
    assert reading.draft is not None
    assert reading.draft.foreign is True


def test_what_holds_for_all_rows_is_not_said_about_each():
    cells = {key: cell for key, cell in HONG.items() if key not in ("foreign", "occupation")}
    answers = {"foreign": "本國籍", "occupation": "學生"}

    reading = read_row(SheetRow(2, cells), locked={}, for_all=answers, today=TODAY)

    assert reading.marks == {}
    assert (reading.texts["foreign"], reading.texts["occupation"]) == ("本國", "學生")


def test_cells_that_belong_together():
    reading = reading_of(
        phone_mobile=None, emergency_name="黃文雄", score_to_leader="個人通訊地址", area="新竹"
    )

    told = {key: (mark.kind, mark.suggestions) for key, mark in reading.marks.items()}
    assert told == {
        "phone_mobile": (MarkKind.WRONG, ()),
        "emergency_relation": (MarkKind.WRONG, ("父", "母", "祖父", "祖母")),
        "emergency_phone": (MarkKind.WRONG, ()),
        "score_to_leader": (MarkKind.WRONG, ("團報負責人地址",)),
    }


def _without(*absent: str, **cells: Cell) -> RowReading:
    """Return the reading of a row of a sheet that has some columns not."""
    row = SheetRow(7, {key: cell for key, cell in {**BLANK, **HONG, **cells}.items() if key not in absent})
    return read_row(row, locked={}, for_all={"emergency_relation": "家長"}, today=TODAY)


@pytest.mark.requirement("R228", "R242")
def test_a_list_with_one_telephone_for_pupil_and_parent_lacks_nothing():
    reading = _without("emergency_relation", "emergency_phone", emergency_name="黃明")

    assert reading.draft is not None
    assert reading.texts["emergency_phone"] == HONG["phone_mobile"]
    assert reading.marks["emergency_phone"].kind is MarkKind.REPAIRED


@pytest.mark.requirement("R228", "R242")
def test_a_parents_telephone_without_a_name_is_the_pupils():
    absent = ("emergency_name", "emergency_relation")

    reading = _without(*absent, phone_mobile="", emergency_phone=922333444)

    assert reading.draft is not None
    assert (reading.texts["phone_mobile"], reading.texts["emergency_phone"]) == ("0922-333-444", "")
    assert set(reading.marks) == {"phone_mobile"}
    full = _without(*absent, phone_home="03-4123456", emergency_phone="0922-333-444")
    assert full.texts["emergency_phone"] == "0922-333-444"
    assert full.draft is None, "three numbers and two places: the leader decides"


def test_a_postcode_of_another_district_gives_way_to_the_address():
    reading = reading_of(zip_code="100", address="桃園市中壢區中山路1號")

    assert (reading.texts["zip_code"], reading.marks["zip_code"].written) == ("320", "100")
    assert reading.draft is not None
    assert reading.draft.zip_code == "320"


def test_a_blue_column_may_not_be_changed():
    reading = reading_of(area="桃園", round_name="")
    changed = read_row(
        SheetRow(2, {**HONG, "area": "臺北"}), locked={"area": "桃園"}, for_all={}, today=TODAY
    )

    assert "area" not in reading.marks
    assert changed.marks["area"].suggestions == ("桃園",)


def typed(reading: RowReading, **changes: str) -> RowReading:
    return reread_row(
        reading.number, reading.texts, reading.marks, changes, locked={"area": "桃園"}, today=TODAY
    )


def test_what_was_just_typed_is_tidied_without_a_word():
    reading = typed(reading_of(birth_on="93/13/2"), birth_on="民國93年9月2日", chinese_name="王　小明")

    assert (reading.texts["birth_on"], reading.texts["chinese_name"]) == ("93/9/2", "王小明")
    assert reading.marks == {}
    assert reading.draft is not None


def test_other_cells_keep_what_was_said_about_them():
    before = reading_of(dialect="四縣腔", birth_on=date(1993, 9, 2), phone_home="1")

    after = typed(before, phone_home="")

    assert after.marks["dialect"] == before.marks["dialect"]
    assert after.marks["birth_on"] == before.marks["birth_on"]
    assert "phone_home" not in after.marks
    assert typed(after, dialect="海陸").marks.keys() == {"birth_on"}


def test_wrong_cells_are_judged_anew_when_another_one_changes():
    before = reading_of(phone_mobile=None)

    assert typed(before, phone_home="03-4123456").marks == {}


def test_a_repair_can_be_accepted_or_taken_back():
    before = reading_of(dialect="四縣腔")

    accepted = accept(before.texts, before.marks, "dialect")
    texts, marks = refuse(before.texts, before.marks, "dialect")
    stands = reread_row(7, texts, marks, {}, locked={}, today=TODAY)

    assert accepted == (before.texts, {})
    assert (texts["dialect"], marks["dialect"].reason) == ("四縣腔", Reason.TAKEN_BACK)
    assert marks["dialect"].suggestions == ("四縣",)
    assert stands.draft is None
    assert stands.marks["dialect"].reason is Reason.TAKEN_BACK
    assert typed(stands, dialect="四縣").draft is not None


def test_a_wrong_cell_can_neither_be_accepted_nor_refused():
    before = reading_of(dialect="國語")

    assert accept(before.texts, before.marks, "dialect")[1].keys() == {"dialect"}
    assert refuse(before.texts, before.marks, "dialect") == (before.texts, before.marks)


def test_texts_differ_by_value_and_not_by_spelling():
    one = reading_of(
        phone_home="03-4123456", birth_on="2014/9/2", zip_code="320", address="桃園市中壢區中山路1號"
    ).texts
    same = {
        **one,
        "phone_home": "(03)412-3456",
        "birth_on": "103/9/2",
        "zip_code": "",
        "ticket_by_post": "否",
    }

    assert differences(one, same) == ()
    assert differences(one, {**same, "dialect": "海陸", "birth_on": "103/9/3"}) == ("birth_on", "dialect")


def test_marks_survive_being_stored():
    reading = reading_of(dialect="四县", birth_on=date(1993, 9, 2), email="a@gmial.com", phone_home=912345678)

    assert unpack_marks(pack_marks(reading.marks)) == dict(reading.marks)


def test_a_member_becomes_the_row_it_came_from():
    reading = reading_of(
        emergency_name="黃文雄",
        emergency_relation="父",
        emergency_phone="0933210987",
        zip_code="320",
        address="桃園市中壢區中山路1號",
        ticket_by_post="是，由總試務中心寄發",
    )
    assert reading.draft is not None

    member = candidate_of(reading.draft, LEADER, Dialect.SIXIAN)

    assert draft_of(member, LEADER) == reading.draft
    assert differences(texts_of(reading.draft), reading.texts) == ()


CHARACTERS = st.sampled_from("王李張黃林陳徐𫣆𠊎堃葛范姜宥廷恩綺語彤")
NAMES = st.lists(CHARACTERS, min_size=2, max_size=6).map("".join)
ENGLISH = st.from_regex(r"[A-Z][a-z]{1,8}, [A-Z][a-z]{1,6}(-[A-Z][a-z]{1,6})?", fullmatch=True)
NUMBERS = st.builds(
    national_id, st.sampled_from("ABCFHJKTU"), st.sampled_from((1, 2)), st.integers(0, 9_999_999)
)
MOBILES = st.from_regex(r"09[0-8][0-9]{7}", fullmatch=True)
HOMES = st.sampled_from(
    ["0223456789", "034123456", "037123456", "0492345678", "083622345#12", "089123456#345"]
)
CONTACTS = st.one_of(st.none(), st.tuples(NAMES, st.sampled_from("父母"), st.one_of(MOBILES, HOMES)))
STREETS = st.from_regex(r"[一-十]路[1-9][0-9]{0,2}號( [0-9]樓)?", fullmatch=True)
PLACES = st.one_of(
    st.none(), st.tuples(st.sampled_from(all_districts()), STREETS, st.sampled_from(["", "01", "012"]))
)


@st.composite
def members(draw: st.DrawFn) -> MemberDraft:
    """Return any member that a sheet can describe."""
    contact, place = draw(CONTACTS), draw(PLACES)
    mobile = draw(st.one_of(st.none(), MOBILES))
    at_home = st.booleans() if place else st.just(True)
    return MemberDraft(
        chinese_name=draw(NAMES),
        english_name=draw(st.one_of(st.none(), ENGLISH)),
        birth_on=draw(st.dates(date(1912, 1, 1), date(TODAY.year - YOUNGEST, 12, 31))),
        foreign=False,
        id_number=draw(NUMBERS.filter(lambda number: number != "A123456789")),
        phone_home=draw(HOMES if mobile is None else st.one_of(st.none(), HOMES)),
        phone_mobile=mobile,
        emergency_name=contact[0] if contact else None,
        emergency_relation=contact[1] if contact else None,
        emergency_phone=contact[2] if contact else None,
        email=draw(st.one_of(st.none(), st.sampled_from(["a.b@gmail.com", "family-1@school.edu.tw"]))),
        zip_code=place[0].zip3 + (place[2] if len(place[2]) > 1 else "") if place else None,
        county=place[0].county if place else None,
        district=place[0].name if place else None,
        address_rest=place[1] if place else None,
        dialect=draw(st.sampled_from([dialect.value for dialect in Dialect])),
        background=draw(st.sampled_from(Background)),
        occupation=draw(st.sampled_from(Occupation)),
        education=draw(st.sampled_from(Education)),
        ticket_by_post=draw(st.booleans()),
        materials_to_leader=draw(at_home),
        ticket_to_leader=draw(at_home),
        score_to_leader=draw(at_home),
        accommodation=draw(st.one_of(st.none(), st.just("聽覺障礙，請安排前排；自備輔具（助聽器）。"))),
    )


@pytest.mark.requirement("R228")
@settings(max_examples=200, deadline=None, derandomize=True)
@given(members())
def test_any_member_reads_again_from_its_texts_without_a_mark(member: MemberDraft):
    texts = texts_of(member)

    first = read_row(SheetRow(2, dict(texts)), locked={}, for_all={}, today=TODAY)
    again = reread_row(2, first.texts, first.marks, dict(first.texts), locked={}, today=TODAY)

    assert (first.draft, first.marks) == (member, {})
    assert (again.draft, again.marks) == (member, {})
    assert first.texts == {**texts, "round_name": "", "area": ""}


@pytest.mark.requirement("R228")
@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.lists(members(), min_size=2, max_size=12, unique_by=lambda member: member.id_number))
def test_any_members_go_through_a_file_unchanged(people: list[MemberDraft]):
    workbook = openpyxl.Workbook()
    sheet: Any = workbook.active
    sheet.append([column.label for column in COLUMNS])
    for number, person in enumerate(people, start=2):
        for position, text in enumerate(texts_of(person).values(), start=1):
            if text:
                sheet.cell(number, position, text).data_type = "s"
    file = io.BytesIO()
    workbook.save(file)

    found = read_workbook(file.getvalue())
    matching = propose_matching(found)
    rows = [
        read_row(row, locked={}, for_all=matching.for_all, today=TODAY) for row in table_rows(found, matching)
    ]

    assert matching.certain
    assert [row.draft for row in rows] == people


NEARLY = {
    "chinese_name": r"[王小明]{1,7} ?|[A-Z][a-z]+ [A-Z]",
    "english_name": r"[A-Za-z]{1,5}([ ,'-]{1,2}[A-Za-z]{1,4}){0,2}",
    "birth_on": r"[0-9]{1,3}/[0-9]{1,2}/[0-9]{1,2}",
    "id_number": r"[AB][12][0-9]{8}",
    "phone_home": r"0[0-9]{1,3}-?[0-9]{3,4}-?[0-9]{3,4}",
    "email": r"[a-z.+]{1,6}@(gmail|gmial|school\.edu)\.(com|tw|test)",
    "zip_code": r"[0-9]{2,6}",
    "address": r"(臺北市|台北市|桃園市)(中山|中壢|大安)區[東-西 ]{0,3}路[0-9０-９]{1,3}號?",
    "emergency_relation": r"[父母無]{1,3}|-",
    "accommodation": r"[無聽 ，,]{1,4}",
}


@pytest.mark.parametrize("key", NEARLY)
def test_the_short_way_and_the_long_way_say_the_same(key: str):
    column = COLUMN_OF[key]

    @settings(max_examples=200, deadline=None, derandomize=True)
    @given(st.from_regex(NEARLY[key], fullmatch=True), st.sampled_from([None, "104", "320"]))
    def agree(text: str, zip_code: str | None) -> None:
        context = Context(TODAY, {"zip_code": zip_code, "foreign": False})
        if quick_value(key, text, context) is not MISS:
            quick, slow = check_cell(column, text, context), check_closely(column, text, context)
            assert quick == slow
            assert type(quick.value) is type(slow.value)

    agree()
