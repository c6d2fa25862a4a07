"""What is written in the template, the same in each file format; pure.

The example stands on a sheet of its own, drawn like the list and closed to typing, and again beside
each cell as it is chosen. In the list itself it would be sorted in among the pupils, or written over in part
so that somebody's mail goes to an invented address; above the headings it would be sorted with them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.groups.sheets.columns import COLUMNS, Column
from app.groups.sheets.template_facts import TemplateFacts

INSTRUCTION_HEADINGS = ("欄位", "必填", "怎麼填", "選項", "範例")
INSTRUCTION_WIDTHS = (22, 8, 64, 40, 36)
EXAMPLE_TITLE = "填寫範例：這一頁只供對照，不會匯入。請填在「團員名單」"
EXAMPLE_LINES = (
    "第一位只填必填的欄位：其餘留白，信件、緊急聯絡人和地址都帶入團報負責人的資料，准考證自行列印。",
    "第二位全部自己填。身分證統一編號 A123456789 是範例，系統不會受理。",
)
CREATOR = "客語能力認證報名網站"
FACE = "微軟正黑體"
PLEASE_CHANGE = "請修改"
CHOOSE = "請從選單選一項。"
DO_NOT_CHANGE = "藍色欄位請勿更改。"
_STEPS = (
    "1. 在「團員名單」從第 2 列起，一位考生填一列；標題有 * 的欄位必填。「填寫範例」有填好的樣子。",
    "2. 藍色欄位由系統填好，請勿更改；標題列與工作表也請勿更改。可以排序、篩選，也可以加寬欄位。",
    "3. 從別的檔案貼上時，請用「選擇性貼上 → 值」，選單與文字格式才會保留。",
    "4. 存檔後回到團體頁面匯入。有錯的列會逐格告訴您，改好後整份再匯入一次即可，已匯入的考生會自動略過。",
    # For a leader who reads English; headings and choices are matched when the sheet comes back.
    "In English: fill in one candidate per row from row 2 of the first sheet; headings with * are required. "
    "Do not change headings, sheets or blue columns, and keep the Chinese words of the lists.",
)
_MINIMAL = {
    "chinese_name": "古奕廷",
    "birth_on": "101/3/15",
    "phone_mobile": "0922-345-678",
    "dialect": "海陸",
}

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InstructionLine:
    """One column explained: its heading, whether it is required, how to fill it, its choices, an example."""

    words: tuple[str, ...]
    locked: bool


def title_of(facts: TemplateFacts) -> str:
    return f"{facts.year} 年度客語能力認證　團體報名匯入範例"


def property_title(facts: TemplateFacts) -> str:
    """Return the title in the file's properties."""
    return f"{facts.year} 年度客語能力認證 團員名單"


def group_line(facts: TemplateFacts) -> str:
    return f"團體：{facts.group_name}　　梯次：{facts.round_name}　　考區：{facts.area}"


def page_header(facts: TemplateFacts) -> str:
    """Return what stands on top of each printed page."""
    return f"{facts.group_name}　{facts.round_name}　{facts.area}考區"


def steps() -> Sequence[str]:
    return _STEPS


def instruction_lines(facts: TemplateFacts) -> list[InstructionLine]:
    """Return the explanation of every column, in their order."""
    lines = []
    for column in COLUMNS:
        example = locked_value(column, facts) if column.locked else column.example
        required = "必填" if column.required else ""
        words = (column.heading, required, column.help, "、".join(column.options), example)
        lines.append(InstructionLine(words, column.locked))
    return lines


def examples(facts: TemplateFacts) -> list[Cells]:
    """Return two rows as they are filled in: one with what is required, one with everything."""
    locked = {column.key: locked_value(column, facts) for column in COLUMNS if column.locked}
    full = {column.key: column.example for column in COLUMNS} | locked
    required = {column.key: column.example for column in COLUMNS if column.required}
    return [locked | required | _MINIMAL, full]


def locked_value(column: Column, facts: TemplateFacts) -> str:
    """Return what a blue column says in every row (R229)."""
    value: str = getattr(facts, column.key)
    return value


def prompt_of(column: Column) -> str:
    """Return what is shown beside a chosen cell: how to fill it in, by an example where there is no list."""
    if column.choice or column.locked or column.example in column.help:
        return column.help
    return f"{column.help}\n例：{column.example}"


def lines_needed(words: Iterable[str], widths: Iterable[int]) -> int:
    """Return how many lines the longest word takes; a Chinese character is as wide as two digits."""
    return max(
        math.ceil(sum(2 if character > "\u2e7f" else 1 for character in word) / (width - 2))
        for word, width in zip(words, widths, strict=True)
    )
