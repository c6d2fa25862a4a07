"""Codes of incidents as they are typed (R184-R189)."""

from __future__ import annotations

import json

import pytest

from app.config import ROOT
from app.core.errors import InvalidValue
from app.examday.incidents import list_incidents, read_incidents

TABLE = json.loads((ROOT / "data" / "brochure_112.json").read_text(encoding="utf-8"))["device_deductions"][
    "table"
]
KNOWN = list_incidents(TABLE)


def test_the_years_table_of_devices_gives_six_codes() -> None:
    points = {each.code: each.points for each in KNOWN if each.code.startswith("D")}

    assert points == {"D11": 1, "D12": 0, "D21": 3, "D22": 1, "D31": 5, "D32": 3}


def test_no_code_stands_for_two_things() -> None:
    codes = [each.code for each in KNOWN]

    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", []),
        (" ", []),
        ("D11", ["D11"]),
        ("ｄ１１", ["D11"]),
        ("D11、N1L", ["D11", "N1L"]),
        ("D11, N1L;C3", ["D11", "N1L", "C3"]),
        ("D11\nD11", ["D11", "D11"]),
        ("C100", ["C100"]),
    ],
)
def test_codes_are_read_however_they_are_separated(text: str, codes: list[str]) -> None:
    assert [each.code for each in read_incidents(text, KNOWN)] == codes


@pytest.mark.parametrize("text", ["D1", "X", "C101", "C-1", "C01", "=1+1", "D11、手機"])
def test_a_code_that_does_not_exist_is_named(text: str) -> None:
    with pytest.raises(InvalidValue, match="沒有「"):
        read_incidents(text, KNOWN)
