import json
from collections.abc import Callable
from typing import Any

import pytest

from app.core.actors import SYSTEM
from app.core.errors import InvalidValue, NotFound, Refused
from app.groups import queries
from app.groups.models import Group, SheetImport
from app.groups.services import import_sheet, remove_member, submit_group
from app.groups.sheets.importing import unpack
from app.registration.choices import MailTo
from tests.factories.accounts import make_leader
from tests.factories.groups import LEADER, SAMPLES, SHEETS, make_group, make_submitted_group
from tests.factories.registrations import make_candidate, make_submitted

PUPILS = SAMPLES / "group_38_pupils.xlsx"
MISTAKES = SAMPLES / "group_38_pupils_with_mistakes.xlsx"

pytestmark = pytest.mark.usefixtures("app")


def _import(group: Group, path: Any = PUPILS) -> SheetImport:
    return import_sheet(group.public_id, group.account_id, path.name, path.read_bytes(), actor=SYSTEM)


def _counts(stored: SheetImport) -> tuple[int, int, int]:
    report = stored.report
    return len(report["imported"]), len(report["ignored"]), len(report["refused"])


@pytest.mark.requirement("R228")
@pytest.mark.parametrize(
    "path",
    [PUPILS, SHEETS / "group_38_pupils.ods", SHEETS / "group_38_pupils.xls"],
    ids=["xlsx", "ods", "xls"],
)
def test_38_pupils_go_in_at_the_first_try(path: Any) -> None:
    group = make_group()

    stored = _import(group, path)

    assert _counts(stored) == (38, 0, 0)
    assert queries.count_members(group) == 38


@pytest.mark.requirement("R078")
def test_37_of_them_are_free_and_one_pays_250() -> None:
    group = make_group()
    _import(group)

    total = queries.fee_totals([group])[group.id]
    submit_group(group.public_id, group.account_id, actor=SYSTEM)

    assert (total.free_count, total.paying_count, total.amount_twd) == (37, 1, 250)
    assert group.order is not None
    assert group.order.amount_twd == 250


def test_rare_names_and_the_leaders_data_arrive_whole() -> None:
    group = make_group()
    _import(group)

    first, second = queries.list_members(group)[:2]

    assert (first.chinese_name, second.chinese_name) == ("黃𠊎堃", "𫣆家豪")
    assert (first.email, first.emergency_phone, first.street) == (LEADER.email, LEADER.phone, LEADER.street)
    assert (first.materials_to, second.materials_to) == (MailTo.LEADER, MailTo.SELF)
    assert (first.ticket_by_post, second.email) == (False, "family@example.com")


@pytest.mark.requirement("R232")
def test_the_same_file_again_changes_nothing() -> None:
    group = make_group()
    _import(group)
    before = [(member.public_id, member.chinese_name) for member in queries.list_members(group)]

    stored = _import(group)

    assert _counts(stored) == (0, 38, 0)
    assert [(member.public_id, member.chinese_name) for member in queries.list_members(group)] == before


@pytest.mark.requirement("R231")
def test_five_mistakes_are_five_refusals_with_row_and_column() -> None:
    group = make_group()

    stored = _import(group, MISTAKES)

    assert _counts(stored) == (33, 0, 5)
    assert [(entry["row"], entry["column"]) for entry in stored.report["refused"]] == [
        (4, "身分證統一編號"),
        (9, "出生日期"),
        (14, "報考腔調別"),
        (24, "聯絡電話（手機）"),
        (39, "身分證統一編號"),
    ]
    assert all(str(unpack(entry["message"])) for entry in stored.report["refused"])


@pytest.mark.requirement("R232", "R233")
def test_the_corrected_file_adds_only_what_was_missing() -> None:
    group = make_group()
    _import(group, MISTAKES)

    stored = _import(group)

    assert _counts(stored) == (5, 33, 0)
    assert queries.count_members(group) == 38


def test_who_was_removed_can_be_imported_again() -> None:
    group = make_group()
    _import(group)
    member = queries.list_members(group)[3]
    remove_member(group.public_id, group.account_id, member.public_id, actor=SYSTEM)

    assert _counts(_import(group)) == (1, 37, 0)


def test_a_report_holds_no_whole_number() -> None:
    group = make_group()
    stored = _import(group, MISTAKES)
    numbers = [member.id_number for member in queries.list_members(group)]

    kept = json.dumps(stored.report, ensure_ascii=False)

    assert not [number for number in numbers if number in kept]


@pytest.mark.requirement("R020", "R036")
def test_who_is_registered_elsewhere_is_refused_without_a_word_about_it() -> None:
    other = make_group()
    _import(other)
    taken = queries.list_members(other)[0]
    remove_member(other.public_id, other.account_id, taken.public_id, actor=SYSTEM)
    make_submitted(candidate=make_candidate(id_number=taken.id_number), round_code="nat-112-02", area="花蓮")
    for member in queries.list_members(other):
        remove_member(other.public_id, other.account_id, member.public_id, actor=SYSTEM)
    group = make_group()

    stored = _import(group)

    assert _counts(stored) == (37, 0, 1)
    [refusal] = stored.report["refused"]
    assert (refusal["row"], refusal["column"], refusal["written"]) == (2, "身分證統一編號", "A******902")
    sentence = str(unpack(refusal["message"]))
    assert "總試務中心" in sentence
    assert not [word for word in ("第二梯次", "花蓮", "報名全國") if word in sentence]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (SHEETS / "not-a-sheet.xlsx", "不是本系統的匯入範例"),
        (SHEETS / "empty.xlsx", "沒有考生"),
        (SHEETS / "last_years_template.xlsx", "111 年度"),
        (SHEETS / "heading_changed.xlsx", "出生日期"),
    ],
    ids=lambda value: getattr(value, "stem", ""),
)
def test_a_file_that_cannot_be_used_says_why_and_changes_nothing(path: Any, said: str) -> None:
    group = make_group()

    with pytest.raises(InvalidValue) as refusal:
        _import(group, path)

    assert said in str(refusal.value.message)
    assert (queries.count_members(group), list(queries.list_imports(group))) == (0, [])


def test_another_rounds_template_is_refused_by_name() -> None:
    group = make_group(round_code="nat-112-02")

    with pytest.raises(InvalidValue, match="全國認證第一梯次"):
        _import(group)


def test_a_submitted_group_takes_no_sheet() -> None:
    group = make_submitted_group()

    with pytest.raises(Refused):
        _import(group)


def test_somebody_elses_group_takes_no_sheet_of_mine() -> None:
    group = make_group()

    with pytest.raises(NotFound):
        import_sheet(group.public_id, make_leader().id, "a.xlsx", PUPILS.read_bytes(), actor=SYSTEM)


def test_38_rows_do_not_take_38_questions(count_queries: Callable[[], Any]) -> None:
    group = make_group()

    with count_queries() as queries_sent:
        _import(group)

    asked = [statement for statement in queries_sent if statement.lstrip().startswith("SELECT")]
    assert len(asked) < 25
