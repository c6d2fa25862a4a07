"""What the values of a list tell where its headings do not: which column is which, and what holds for all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from app.core.cells import cell_text
from app.core.errors import InvalidValue
from app.core.identity import is_valid_id, normalise_id
from app.core.roc_dates import parse_date
from app.core.spreadsheets import Cell, Row
from app.core.text import compact
from app.groups.sheets import options
from app.registration.choices import Education, Occupation

_SAMPLE = 40
_MOST_OF_THEM = 0.7
_NAME = re.compile("[\u4e00-\u9fff]{2,4}")
_MOBILE = re.compile(r"\+?(?:886)?0?9[0-9]{2}-?[0-9]{3}-?[0-9]{3}")
_PHONE = re.compile(r"\(?0?[0-9]{1,3}\)?[- ]?[0-9]{3,4}-?[0-9]{3,4}(?:#[0-9]+)?")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ADDRESS = re.compile(r"(?:[0-9]{3,6})?.{2}[縣市].+[路街巷號村里鄰]")
_STAGES = (
    (re.compile("國小|國民小學|(?<!中)小學"), Education.PRIMARY),
    (re.compile("國中|國民中學"), Education.JUNIOR_HIGH),
    (re.compile("高中|高職|高級中學|商工|家商"), Education.SENIOR_HIGH),
)
_SCHOOL = re.compile(
    "國小|國中|高中|高職|小學|中學|學校|班級|年級|座號|學號|導師|[一二三四五六七八九]年.{1,2}班"
)


def _is_date(cell: Cell) -> bool:
    text = cell_text(cell)
    if isinstance(cell, str | int | float) and len(text) < 6:
        return False
    try:
        parse_date(text)
    except InvalidValue:
        return False
    return True


def _matches(pattern: re.Pattern[str]) -> Callable[[Cell], bool]:
    return lambda cell: bool(pattern.fullmatch(compact(cell_text(cell))))


def _in(choice: options.Choice) -> Callable[[Cell], bool]:
    return lambda cell: choice.find_label(cell_text(cell)) is not None


# In this order; a column is given away once.
_LOOKS: tuple[tuple[str, Callable[[Cell], bool]], ...] = (
    ("id_number", lambda cell: is_valid_id(normalise_id(cell_text(cell)))),
    ("email", _matches(_MAIL)),
    ("phone_mobile", _matches(_MOBILE)),
    ("birth_on", _is_date),
    ("dialect", _in(options.DIALECT)),
    ("background", _in(options.BACKGROUND)),
    ("foreign", _in(options.NATIONALITY)),
    ("education", _in(options.EDUCATION)),
    ("occupation", _in(options.OCCUPATION)),
    ("address", _matches(_ADDRESS)),
    ("phone_home", _matches(_PHONE)),
    ("chinese_name", _matches(_NAME)),
)


def guess_columns(rows: Sequence[Row], free: Iterable[int], wanted: Iterable[str]) -> dict[str, int]:
    """Return which free columns look like which wanted ones, by column key."""
    left, asked, found = list(free), set(wanted), dict[str, int]()
    samples = {position: column_cells(rows, position) for position in left}
    for key, looks in _LOOKS:
        if key in asked:
            likely = [at for at in left if share(samples[at], looks) >= _MOST_OF_THEM]
            if likely:
                # Of several columns of names the pupils' is hardly ever behind the others.
                found[key] = likely[0]
                left.remove(likely[0])
    return found


def is_mobile_column(rows: Sequence[Row], position: int) -> bool:
    """Return whether most numbers of a column are mobiles; a column without any counts as such."""
    cells = column_cells(rows, position)
    return not cells or share(cells, _matches(_MOBILE)) >= 0.5


def column_cells(rows: Sequence[Row], position: int) -> list[Cell]:
    """Return the first filled cells of a column."""
    cells = (row.cells[position] for row in rows if position < len(row.cells))
    return [cell for cell in cells if cell_text(cell)][:_SAMPLE]


def share(cells: Sequence[Cell], looks: Callable[[Cell], bool]) -> float:
    """Return which part of the cells look so; 0 for fewer than two."""
    return sum(map(looks, cells)) / len(cells) if len(cells) > 1 else 0.0


def natural_answers(around: str, columns: Mapping[str, int], headings: Mapping[str, str]) -> dict[str, str]:
    """Return likely answers for all rows, for columns that the sheet does not have.

    :param around: titles, names of sheets and headings of columns that are not ours
    :param headings: what the columns of the sheet are called, by column key
    """
    answers = {"foreign": "本國"}
    if _SCHOOL.search(around):
        answers["occupation"] = Occupation.STUDENT.value
        stages = [stage for pattern, stage in _STAGES if pattern.search(around)]
        if len(stages) == 1:
            answers["education"] = stages[0].value
    dialects = Counter(word for word in options.DIALECTS if word in around)
    if len(dialects) == 1:
        answers["dialect"] = next(iter(dialects))
    if "emergency_name" in columns:
        heading = headings.get("emergency_name", "")
        known = (
            word for word in ("父", "母", "監護人", "法定代理人") if word in heading and "父母" not in heading
        )
        answers["emergency_relation"] = next(known, "家長")
    return {key: text for key, text in answers.items() if key not in columns}
