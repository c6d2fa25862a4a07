"""The kinds as data: what has to hold for each of them, and what the papers ask of some."""

from __future__ import annotations

import pytest

from app.cases.kind_types import CaseKind, FieldType
from app.cases.kinds import (
    APPEAL,
    KINDS,
    PERSONAL_DATA,
    RECHECK,
    UNIT_NAMES,
    WORKPLACE_BULLYING,
    preliminary_label,
)


@pytest.mark.requirement("S004")
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_is_complete(kind: CaseKind) -> None:
    keys = [spec.key for spec in kind.fields]
    codes = [each.code for each in kind.outcomes()]

    assert len(set(keys)) == len(keys)
    assert len(set(codes)) == len(codes)
    assert {"name", "phone", "email"} <= set(keys)
    assert kind.unit in UNIT_NAMES
    assert kind.find_extension() is not None
    assert kind.preliminaries
    assert all(spec.choices for spec in kind.fields if spec.type == FieldType.CHOICE)
    assert (kind.preliminary_days, kind.result_months) == (3, 1)


@pytest.mark.requirement("R160")
def test_an_appeal_states_all_that_the_brochure_lists() -> None:
    """R160: name, address, phone, ID number, ticket number, dialect, detailed reasons."""
    required = {spec.key for spec in APPEAL.fields if spec.missing is not None}

    assert {"name", "address", "phone", "identity", "ticket", "dialect", "statement"} <= required


@pytest.mark.requirement("W006", "W007", "W009")
def test_a_workplace_report_asks_what_the_manual_shows() -> None:
    labels = [str(spec.label) for spec in WORKPLACE_BULLYING.fields]
    standing = WORKPLACE_BULLYING.field("standing")
    statement = WORKPLACE_BULLYING.field("statement")

    assert labels == ["服務機關(單位)", "職稱", "姓名", "身分別", "電話", "電子信箱", "申訴事實及理由"]
    assert standing is not None
    assert len(standing.choices) == 8
    assert standing.other == "other"
    assert statement is not None
    assert statement.longest == 1000


@pytest.mark.requirement("P002")
def test_every_right_over_ones_data_can_be_asked_for() -> None:
    """個人資料保護法第 3 條: inquire, copy, complete or correct, stop, delete."""
    right = PERSONAL_DATA.field("right")

    assert right is not None
    assert [each.code for each in right.choices] == [
        "access",
        "copy",
        "correction",
        "restriction",
        "erasure",
    ]


@pytest.mark.requirement("R157", "R158")
def test_the_recheck_form_says_what_cannot_be_demanded() -> None:
    assert "不得要求重新評閱" in str(RECHECK.notices[0])
    assert "訴願" in str(RECHECK.remedies[0])


@pytest.mark.requirement("W030")
def test_an_option_that_is_no_longer_offered_stays_readable() -> None:
    assert str(preliminary_label(WORKPLACE_BULLYING, "as_petition")) == "已依一般人民陳情案件處理"
    assert str(preliminary_label(WORKPLACE_BULLYING, "from_elsewhere")) == "from_elsewhere"
