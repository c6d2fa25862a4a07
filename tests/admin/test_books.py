"""The books of a period as a file: what is in it, what is not, and that it was taken."""

from __future__ import annotations

import csv
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from app.accounts.models import Account
from app.accounts.roles import Role
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.payments.books.sheet_files import FORMATS, Column, Sheet, write_sheets
from app.payments.services import record_message
from tests.client import CheckingClient
from tests.conftest import taipei
from tests.factories.accounts import make_staff
from tests.factories.groups import SCHOOL, make_submitted_group, pay_group
from tests.factories.orders import make_attempt, paid_message
from tests.factories.refunds import make_paid_out
from tests.factories.registrations import make_paid, make_submitted

BOOKS = "/admin/payments/books"
MAY = {"since": "112/5/1", "until": "112年5月31日"}
NAMES = ["訂單", "收款", "退費", "手續費"]
Table = list[list[Any]]

pytestmark = pytest.mark.usefixtures("staff")


def read_xlsx(content: bytes) -> dict[str, Table]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def read_ods(content: bytes) -> dict[str, Table]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def read_csv(content: bytes) -> dict[str, Table]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {
            name.removesuffix(".csv"): list(csv.reader(io.StringIO(package.read(name).decode("utf-8-sig"))))
            for name in package.namelist()
        }


READERS = {"xlsx": read_xlsx, "ods": read_ods, "csv": read_csv}


def take(client: CheckingClient, file_format: str = "xlsx", **fields: str) -> dict[str, Table]:
    answer = client.post(BOOKS, data={**MAY, "file_format": file_format, **fields})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return READERS[file_format](answer.data)


def column(table: Table, heading: str) -> list[Any]:
    """Return a column without its heading; its sum, if it has one, is the last."""
    return [row[table[0].index(heading)] for row in table[1:]]


def texts(values: list[Any]) -> list[str]:
    return ["" if value is None else str(value).removesuffix(".0") for value in values]


@pytest.mark.parametrize("file_format", list(FORMATS))
def test_the_four_sheets_end_with_their_sums(client: CheckingClient, file_format: str) -> None:
    make_paid()
    group = make_submitted_group(paying=2, free=2)
    pay_group(group)
    make_submitted()

    books = take(client, file_format)

    assert list(books) == NAMES
    orders, receipts, refunds, fees = books.values()
    assert texts(column(orders, "應繳")) == ["250", "500", "250", "1000"]
    assert texts(column(orders, "已入帳")) == ["250", "500", "0", "750"]
    assert texts(column(orders, "免繳人數")) == ["0", "2", "0", "2"]
    assert column(orders, "繳費人")[:3] == ["徐○蘭", SCHOOL, "徐○蘭"]
    assert column(orders, "狀態")[:3] == ["已繳費", "已繳費", "待繳費"]
    assert texts(column(receipts, "金額")) == ["250", "500", "750"]
    assert texts(column(receipts, "手續費")) == ["10", "10", "20"]
    assert column(receipts, "收款編號")[0].startswith("112-")
    assert texts(column(refunds, "退還")) == ["0"]
    assert texts(column(fees, "實收")) == ["730", "730"]
    assert column(orders, "訂單")[-1] == "合計"


def test_refunds_stand_there_once_the_money_has_gone_back(client: CheckingClient) -> None:
    case = make_paid_out()

    refunds = take(client)["退費"]

    assert column(refunds, "案號") == [case.number, "合計"]
    assert column(refunds, "原繳") == [250, 250]
    assert column(refunds, "扣除") == [58, 58]
    assert column(refunds, "退還") == [192, 192]
    assert take(client, since="112/6/1", until="112/6/30")["退費"][1][0] == "合計"


def test_both_ends_of_the_period_belong_to_it(client: CheckingClient) -> None:
    attempt = make_attempt(make_submitted().order)
    body = paid_message(attempt, at=taipei("2023-05-07 23:59"))
    record_message("ecpay", body, address=None, actor=SYSTEM)

    def found(since: str, until: str) -> list[int]:
        books = take(client, since=since, until=until)
        return [len(books[name]) - 2 for name in ("訂單", "收款")]

    assert found("112/5/1", "112/5/7") == [1, 1]
    assert found("112/5/1", "112/5/6") == [1, 0]
    assert found("112/5/2", "112/5/7") == [0, 1]
    assert found("112/5/8", "112/5/31") == [0, 0]


def test_no_name_stands_there_in_full(client: CheckingClient) -> None:
    registration = make_paid()
    group = make_submitted_group()

    written = str(take(client))

    for personal in (
        registration.chinese_name,
        registration.id_number,
        registration.email,
        group.leader_name,
    ):
        assert personal not in written


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"since": "112/13/1"}, "since", "月"),
        ({"since": ""}, "since", "請填寫日期"),
        ({"until": "昨天"}, "until", "日期"),
        ({"since": "112/6/1", "until": "112/5/1"}, "until", "不能早於"),
        ({"file_format": "pdf"}, "file_format", "請選擇檔案格式"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence_beside_its_field(
    client: CheckingClient, fields: dict[str, str], field: str, said: str
) -> None:
    page = client.send(BOOKS, {**MAY, "file_format": "xlsx", **fields}, status=422)

    assert said in page.find(id=f"{field}-error").get_text()
    assert page.find("input", attrs={"name": "until"})["value"] == {**MAY, **fields}["until"]


def test_taking_the_books_out_is_on_record_and_for_the_desk_only(
    client: CheckingClient, sign_in: Callable[[Account], None]
) -> None:
    staff = make_staff([(Role.FINANCE, "")])
    sign_in(staff)
    assert client.page("/admin/payments/").find("a", href=BOOKS)
    take(client, "csv")

    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "payment.take_out_books")
    ).one()
    assert entry.actor_account_id == staff.id
    assert entry.details == {"since": "2023-05-01", "until": "2023-05-31", "file_format": "csv"}
    sign_in(make_staff([(Role.RESULTS, "")]))
    assert client.post(BOOKS, data={**MAY, "file_format": "csv"}).status_code == 403


HOSTILE = ["=1+1", "+886", "-1", "@SUM(A1)", "\t=1", "<b>&\"'", "徐玉蘭", "]]>"]


@pytest.mark.parametrize("file_format", list(FORMATS))
def test_no_cell_becomes_a_formula(file_format: str) -> None:
    sheet = Sheet("表", [Column("字", 20), Column("數", summed=True)], [(text, -1) for text in HOSTILE])

    with write_sheets([sheet], FORMATS[file_format]) as file:
        content = file.read()

    read = READERS[file_format](content)["表"]
    written = [row[0] for row in read[1:-1]]
    if file_format == "csv":
        assert written == [f"'{text}" if text[0] in "=+-@\t" else text for text in HOSTILE]
        assert [row[1] for row in read[1:]] == ["-1"] * len(HOSTILE) + [str(-len(HOSTILE))]
        return
    assert [text.strip() for text in written] == [text.strip() for text in HOSTILE]
    assert [int(row[1]) for row in read[1:]] == [-1] * len(HOSTILE) + [-len(HOSTILE)]
    if file_format == "xlsx":
        cells = openpyxl.load_workbook(io.BytesIO(content))["表"]["A"]
        assert {cell.data_type for cell in cells} == {"s"}


@pytest.mark.parametrize("file_format", ["ods", "csv"])
def test_memory_does_not_grow_with_the_rows(file_format: str) -> None:
    def peak(rows: int) -> int:
        sheet = Sheet(
            "表", [Column("字"), Column("數", summed=True)], ((f"第 {n} 列", n) for n in range(rows))
        )
        tracemalloc.start()
        write_sheets([sheet], FORMATS[file_format]).close()
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(10)

    assert peak(20_000) < peak(200) + 500_000
