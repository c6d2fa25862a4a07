"""The golden sheet of 300 pupils with 40 mistakes, one in every seventh row."""

from __future__ import annotations

from typing import Any

from scripts.golden_parts import Cell, Golden, List, pupils, xlsx

NEAR, SEVERAL, UNREADABLE = "wrong.near_miss", "wrong.several", "wrong.unreadable"
AREA, LETTER, FUTURE = "wrong.area_code", "wrong.id_letter", "wrong.future_date"
COLUMNS = (
    ("班級", ""),
    ("座號", ""),
    ("姓名", "chinese_name"),
    ("出生日期", "birth_on"),
    ("國籍", "foreign"),
    ("身分證統一編號", "id_number"),
    ("市話", "phone_home"),
    ("手機", "phone_mobile"),
    ("緊急聯絡人", "emergency_name"),
    ("關係", "emergency_relation"),
    ("緊急聯絡電話", "emergency_phone"),
    ("E-mail", "email"),
    ("郵遞區號", "zip_code"),
    ("地址", "address"),
    ("腔調", "dialect"),
    ("考生身分", "background"),
    ("考生職業", "occupation"),
    ("教育程度", "education"),
)
# What was written, and what is suggested; a mistake without suggestions has to be looked up.
MISTAKES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("dialect", "四县", NEAR, ("四縣",)),
    ("dialect", "海路", NEAR, ("海陸",)),
    ("dialect", "大浦", NEAR, ("大埔",)),
    ("dialect", "饶平", NEAR, ("饒平",)),
    ("dialect", "南四縣", NEAR, ("四縣",)),
    ("dialect", "", "wrong.missing", ()),
    ("education", "高中职", NEAR, ("高中職",)),
    ("education", "三年級", SEVERAL, ("小學(含)以下", "國(初)中", "高中職")),
    ("occupation", "学生", NEAR, ("學生",)),
    ("occupation", "軍公教", SEVERAL, ("軍", "公", "教")),
    ("background", "客家人", SEVERAL, ("父母均為客家人", "父或母為客家人")),
    ("background", "父母均为客家人", NEAR, ("父母均為客家人",)),
    ("foreign", "本国", NEAR, ("本國",)),
    ("foreign", "", NEAR, ("本國",)),
    ("birth_on", "103/13/2", NEAR, ("103/2/13",)),
    ("birth_on", "2/9/2014", SEVERAL, ("103/9/2", "103/2/9")),
    ("birth_on", "1O3/9/2", NEAR, ("103/9/2",)),
    ("birth_on", "民國2014年9月2日", NEAR, ("103/9/2",)),
    ("birth_on", "103/9", UNREADABLE, ()),
    ("birth_on", "104/2/29", UNREADABLE, ()),
    ("birth_on", "2027/9/2", FUTURE, ("27/9/2",)),
    ("id_number", "B23112703O", LETTER, ("B231127030",)),
    ("id_number", "B23l127030", LETTER, ("B231127030",)),
    ("id_number", "BB231127030", LETTER, ("B231127030",)),
    ("id_number", "B231127031", UNREADABLE, ()),
    ("id_number", "B23112703", UNREADABLE, ()),
    ("phone_home", "4123456", AREA, ("03-412-3456",)),
    ("phone_home", "412-3456", AREA, ("03-412-3456",)),
    ("phone_home", "03-4123456 或 0912345678", UNREADABLE, ("03-412-3456", "0912-345-678")),
    ("phone_mobile", "O912345678", UNREADABLE, ("0912-345-678",)),
    ("phone_mobile", "0912-345-678/0922-333-444", UNREADABLE, ("0912-345-678", "0922-333-444")),
    ("phone_mobile", "0912-345-67", UNREADABLE, ()),
    ("emergency_relation", "", UNREADABLE, ("父", "母", "祖父", "祖母")),
    ("email", "huang.gmail.com", UNREADABLE, ("huang@gmail.com",)),
    ("email", "huang@gmail,com", UNREADABLE, ("huang@gmail.com",)),
    ("email", "huang@@gmail.com", UNREADABLE, ("huang@gmail.com",)),
    ("email", "huang@gmail", UNREADABLE, ("huang@gmail.com",)),
    ("address", "台北市大安区和平东路1号", UNREADABLE, ("臺北市大安區和平東路1號",)),
    ("address", "桃園市中山路1號", UNREADABLE, ("桃園市中壢區中山路1號",)),
    ("chinese_name", "", UNREADABLE, ()),
)


def mistakes() -> Golden:
    """Return the sheet of 300 rows; the other 260 are right."""
    people: list[dict[str, Any]] = pupils(1000, 300)
    for number, (key, written, mark, suggestions) in enumerate(MISTAKES):
        people[3 + number * 7][key] = Cell(written or None, None, mark, suggestions)
        if key == "address" and "大安" in written:
            people[3 + number * 7]["zip_code"] = Cell("106")
    table = List(COLUMNS, people)
    return Golden("forty_mistakes.xlsx", xlsx({"全校名單": table.grid()}), table.expected())
