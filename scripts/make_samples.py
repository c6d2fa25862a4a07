"""Build the sample sheets of a school: ``python -m scripts.make_samples`` from the project's folder.

The spreadsheets in data/samples are for trying the import by hand; those in tests/groups/sheets are
read by the tests. All persons are invented; their identity numbers only have the right check digit.
LibreOffice (soffice) makes the .ods and .xls copies.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from openpyxl import load_workbook

from app.core.identity import is_valid_id
from app.groups.sheets.columns import COLUMNS
from app.groups.sheets.template_facts import TemplateFacts
from app.groups.sheets.template_layout import MEMBERS_SHEET
from app.groups.sheets.template_sheet import build_template

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "data" / "samples"
TEST_SHEETS = ROOT / "tests" / "groups" / "sheets"

FACTS = TemplateFacts(
    year=112,
    round_id="nat-112-01",
    round_name="全國認證第一梯次",
    area="臺北",
    group_name="臺北市中山區中山國小",
)

NAMES = (
    "黃𠊎堃 𫣆家豪 徐子涵 鍾承恩 劉品妤 彭宥辰 羅語彤 葉柏翰 邱詩涵 范姜宇軒 古奕廷 曾苡晴 謝睿恩 "
    "溫采潔 賴冠廷 林芷瑄 陳宥廷 吳若彤 張祐嘉 李欣妍 廖承翰 宋沛恩 莊恩綺 涂凱翔 江雨霏 湯博宇 "
    "余思妤 傅彥廷 何佳穎 詹宸睿 魏予安 戴語喬 巫家瑋 饒心瑜 甘楷傑 尤瑪‧達陸 馮以晴 鄧宇辰"
)
DIALECTS = ("四縣", "四縣", "海陸", "四縣", "大埔", "海陸", "饒平", "四縣", "詔安")
BACKGROUNDS = ("父母均為客家人", "父或母為客家人", "父或母為客家人", "閩南人", "其他")

Member = dict[str, str]


def main() -> None:
    """Write every sample file anew."""
    SAMPLES.mkdir(parents=True, exist_ok=True)
    TEST_SHEETS.mkdir(parents=True, exist_ok=True)
    members = pupils()
    good = SAMPLES / "group_38_pupils.xlsx"
    good.write_bytes(filled_template(FACTS, members))
    (SAMPLES / "group_38_pupils_with_mistakes.xlsx").write_bytes(
        filled_template(FACTS, with_mistakes(members))
    )
    for extension in ("ods", "xls"):
        convert(good, extension)
    last_year = replace(FACTS, year=111, round_id="nat-111-01")
    (TEST_SHEETS / "last_years_template.xlsx").write_bytes(filled_template(last_year, members[:5]))
    (TEST_SHEETS / "empty.xlsx").write_bytes(build_template(FACTS))
    (TEST_SHEETS / "heading_changed.xlsx").write_bytes(filled_template(FACTS, members[:5], birth_on="生日"))
    (TEST_SHEETS / "not-a-sheet.xlsx").write_bytes("姓名,生日\r\n黃大宏,93/9/2\r\n".encode("cp950"))


def pupils() -> list[Member]:
    """Return 37 pupils born in 2011 and 2012 and a member of 20, the only one who pays (R074)."""
    members = [pupil(position, name) for position, name in enumerate(NAMES.split())]
    # Not the last row: the one who pays should have to be found.
    members[20] |= {"birth_on": "92/5/20", "occupation": "服務業", "education": "大專校院"}
    members[1] |= {
        "emergency_name": "𫣆文雄",
        "emergency_relation": "父",
        "emergency_phone": "0933-210-987",
        "email": "family@example.com",
        "zip_code": "104",
        "address": "臺北市中山區長安東路二段 15 號",
        "materials_to_leader": "個人通訊地址",
    }
    members[4] |= {"accommodation": "聽覺障礙，自備助聽器，請安排第一排座位"}
    members[8] |= {"phone_home": "02-2503-1234#12", "phone_mobile": ""}
    members[11] |= {"english_name": "Tseng, Yi-Ching", "ticket_by_post": "是，由總試務中心寄發"}
    return members


def pupil(position: int, name: str) -> Member:
    birth = date(2011, 9, 2) + timedelta(days=position * 9)
    return {
        "chinese_name": name,
        "birth_on": f"{birth.year - 1911}/{birth.month}/{birth.day}",
        "foreign": "本國",
        "id_number": national_id("ABFHJ"[position % 5], 1 + position % 2, 3107290 + position * 5413),
        "phone_mobile": f"0912-{340 + position}-{110 + position * 7}",
        "dialect": DIALECTS[position % len(DIALECTS)],
        "background": BACKGROUNDS[position % len(BACKGROUNDS)],
        "occupation": "學生",
        "education": "小學(含)以下",
    }


def national_id(letter: str, sex: int, serial: int) -> str:
    """Return a number of that letter, sex digit and serial with the check digit that fits."""
    start = f"{letter}{sex}{serial:07d}"
    return next(start + check for check in "0123456789" if is_valid_id(start + check))


def with_mistakes(members: list[Member]) -> list[Member]:
    """Return the pupils with five broken rows: numbers 4, 9, 14, 24 and 39 of the sheet."""
    broken = [dict(member) for member in members]
    number = broken[2]["id_number"]
    broken[2]["id_number"] = number[:-1] + str((int(number[-1]) + 1) % 10)
    broken[7]["birth_on"] = "100/13/5"
    broken[12]["dialect"] = ""
    broken[22]["phone_mobile"] = "AB"
    broken[37] = dict(broken[5])
    return broken


def filled_template(facts: TemplateFacts, members: list[Member], **renamed: str) -> bytes:
    """Return a group's template with its members filled in, as a leader would, and headings renamed."""
    workbook = load_workbook(io.BytesIO(build_template(facts)))
    sheet = workbook[MEMBERS_SHEET]
    for position, column in enumerate(COLUMNS, start=1):
        if column.key in renamed:
            sheet.cell(1, position).value = renamed[column.key]
        for row, member in enumerate(members, start=2):
            if member.get(column.key):
                sheet.cell(row, position).value = member[column.key]
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def convert(source: Path, extension: str) -> None:
    """Write a copy in another format into the tests' folder."""
    program = shutil.which("soffice")
    if program is None:
        raise SystemExit("soffice is missing: install LibreOffice to make the .ods and .xls copies")
    command = [program, "--headless", "--convert-to", extension, "--outdir", str(TEST_SHEETS), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    main()
