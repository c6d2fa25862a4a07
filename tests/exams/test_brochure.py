"""The year as data: the file, what is loaded from it, and what is said about a wrong one."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.config import ROOT
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.exams import queries, services
from app.exams.brochure import BrochureInvalid, read_brochure
from app.exams.choices import Track
from app.exams.commands import round_as_printed
from app.exams.models import Offering, Round

FILE = ROOT / "data" / "brochure_112.json"
PRINTED = json.loads(FILE.read_text(encoding="utf-8"))


def changed_brochure(**round_changes: Any) -> str:
    """Return the file's text with the first national round changed."""
    raw = json.loads(FILE.read_text(encoding="utf-8"))
    raw["rounds"][0] |= round_changes
    return json.dumps(raw, ensure_ascii=False)


def agrees(shown: Any, printed: Any) -> bool:
    """Whether everything shown stands in the file with the same value."""
    if isinstance(shown, dict):
        return all(agrees(value, printed[key]) for key, value in shown.items())
    return bool(shown == printed)


@pytest.mark.requirement(
    "R011",
    "R012",
    "R015",
    "R016",
    "R017",
    "R018",
    "R021",
    "R022",
    "R023",
    "R024",
    "R025",
    "R026",
    "R027",
    "R028",
    "R029",
    "R030",
    "R031",
    "R032",
    "R054",
)
def test_what_is_shown_agrees_with_the_file_in_every_round(app: Flask) -> None:
    output = app.test_cli_runner().invoke(args=["exams", "show", "--json"]).output

    shown = json.loads(output)["rounds"]

    assert len(shown) == 13
    for each, printed in zip(shown, PRINTED["rounds"], strict=True):
        capacity, fee = each.pop("capacity"), each.pop("fee_amount")
        assert agrees(each, printed), each["id"]
        assert fee == PRINTED["fee"]["amount"] == 250
        assert list(capacity) == printed["areas"]
        assert set(capacity.values()) == {PRINTED["offering_capacity"][printed["kind"]]}


@pytest.mark.requirement("R081", "S019")
def test_stores_take_barcodes_and_codes_and_of_national_rounds_only(app: Flask) -> None:
    stores = {
        each.track: [method for method in each.payment_methods if method.startswith("store")]
        for each in queries.list_rounds()
    }

    assert stores == {Track.NATIONAL: ["store_barcode", "store_code"], Track.MULTI: []}


def test_a_round_of_before_keeps_its_methods_and_is_still_shown_in_the_words_of_the_file(app: Flask) -> None:
    national = queries.list_rounds()[0]
    with transaction():
        national.payment_methods = ["store_barcode", "atm"]

    assert round_as_printed(national)["payment_methods"] == ["cvs", "atm"]


def test_loading_the_same_file_again_changes_nothing(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["exams", "load", str(FILE)])

    assert result.output.splitlines()[-1] == "0 new, 0 changed"


@pytest.mark.requirement("R009")
def test_a_moved_date_is_a_change_on_record(app: Flask) -> None:
    brochure, facts = read_brochure(changed_brochure(certificate_from="2023-12-15"))

    result = services.load_brochure(brochure, facts, actor=SYSTEM)

    assert [(c.subject, c.field, c.old, c.new) for c in result.changed] == [
        ("nat-112-01", "certificate_from", "2023-12-08", "2023-12-15")
    ]
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "exams.change")).one()
    assert (entry.subject_id, entry.details["old"], entry.details["new"]) == (
        "nat-112-01",
        "2023-12-08",
        "2023-12-15",
    )


def test_a_round_that_left_the_file_is_kept(app: Flask) -> None:
    raw = json.loads(FILE.read_text(encoding="utf-8"))
    raw["rounds"] = raw["rounds"][1:]
    brochure, facts = read_brochure(json.dumps(raw))

    services.load_brochure(brochure, facts, actor=SYSTEM)

    assert queries.get_round("nat-112-01").name == "全國認證第一梯次"


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        ({"test_date": "2023-02-30"}, "rounds[nat-112-01].test_date"),
        ({"payment_days": 0}, "rounds[nat-112-01].payment_days"),
        ({"payment_methods": ["cheque"]}, "rounds[nat-112-01].payment_methods.0"),
        ({"levels": ["高級"]}, "rounds[nat-112-01].levels.0"),
        ({"areas": []}, "rounds[nat-112-01].areas"),
        ({"areas": ["臺北", "臺北"]}, "an area stands in the list twice"),
        (
            {"registration": {"opens": "2023-06-09", "closes": "2023-04-10"}},
            "opens must not come after closes",
        ),
        ({"test_date": "2023-06-01"}, "registration must close before the test_date"),
        ({"id": "nat-112-02"}, "round nat-112-02 stands in the file twice"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, Any], mistake: str) -> None:
    with pytest.raises(BrochureInvalid) as refusal:
        read_brochure(changed_brochure(**change))

    assert mistake in str(refusal.value)


def test_all_mistakes_are_named_at_once_and_nothing_is_loaded(app: Flask, tmp_path: Any) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(changed_brochure(test_date="soon", payment_days="many"), encoding="utf-8")

    result = app.test_cli_runner().invoke(args=["exams", "load", str(file)])

    assert result.exit_code == 1
    assert "rounds[nat-112-01].test_date" in result.output
    assert "rounds[nat-112-01].payment_days" in result.output
    assert "(the file says 'soon')" in result.output


def test_a_file_that_is_not_json_is_refused_with_its_line() -> None:
    with pytest.raises(BrochureInvalid, match="line 2, column 1: not JSON"):
        read_brochure('{"rounds":\n')


def test_an_empty_portal_loads_the_file_from_nothing(app: Flask) -> None:
    for table in (Offering, Round):
        db.session.execute(sa.delete(table))
    db.session.commit()
    brochure, facts = read_brochure(FILE.read_text(encoding="utf-8"))

    result = services.load_brochure(brochure, facts, actor=SYSTEM)

    assert len(result.created) == 13
    assert sum(len(r.offerings) for r in queries.list_rounds()) == 16 * 2 + 11


@pytest.mark.requirement("R019", "R053")
def test_both_national_rounds_are_held_in_the_sixteen_areas_in_the_brochures_order(app: Flask) -> None:
    rounds = queries.list_rounds(Track.NATIONAL)

    areas = [[offering.area for offering in each.offerings] for each in rounds]
    assert (
        areas
        == [
            [
                "基隆",
                "臺北",
                "宜蘭",
                "桃園",
                "新竹",
                "苗栗",
                "臺中",
                "彰化",
                "南投",
                "雲林",
                "嘉義",
                "臺南",
                "高雄",
                "屏東",
                "花蓮",
                "臺東",
            ],
        ]
        * 2
    )


@pytest.mark.requirement("R032", "R033", "R054")
def test_multi_rounds_are_one_a_month_each_in_another_county(app: Flask) -> None:
    rounds = queries.list_rounds(Track.MULTI)

    assert [each.test_on.month for each in rounds] == [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12]
    assert [offering.area for each in rounds for offering in each.offerings] == (
        ["臺南", "臺北", "桃園", "雲林", "臺東", "臺中", "屏東", "苗栗", "新竹", "高雄", "花蓮"]
    )
    assert ["basic" in each.levels for each in rounds] == [False] * 8 + [True] * 3
