"""A list of findings as a spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from app.admin.reconciliation_words import GATEWAY_NAMES
from app.core.roc_dates import format_instant, format_roc
from app.payments.models import Finding
from app.payments.reconciliation.sources import SOURCES
from app.payments.reconciliation.states import ACTION_NAMES, KIND_NAMES

HEADINGS = (
    "種類",
    "日期",
    "金流",
    "本站交易編號",
    "金流交易編號",
    "繳費帳號",
    "檔案金額",
    "本站金額",
    "列入時間",
    "承辦人",
    "結案方式",
    "說明",
    "結案時間",
)
_WIDTHS = (20, 12, 12, 24, 34, 20, 12, 12, 30, 28, 22, 40, 30)


def build_findings_sheet(findings: Sequence[Finding], staff: Mapping[int, str]) -> bytes:
    """Return a list as an .xlsx file; amounts are numbers, everything else is text and never a formula.

    :param staff: e-mail address by account id
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("對帳差異")
    for column, width in zip("ABCDEFGHIJKLM", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.append([*HEADINGS])
    for finding in findings:
        sheet.append([_cell(sheet, value) for value in _row(finding, staff)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _row(finding: Finding, staff: Mapping[int, str]) -> tuple[str | int | None, ...]:
    line, receipt = finding.line, finding.receipt
    if line is not None:
        day, gateway = line.day, SOURCES[line.source].gateway
        numbers = (line.trade_number, line.gateway_trade_number, line.account)
    else:
        attempt = receipt.attempt
        day, gateway = receipt.paid_at, receipt.gateway
        numbers = (
            attempt.trade_number if attempt else None,
            receipt.gateway_trade_number,
            attempt.account_number if attempt else None,
        )
    return (
        str(KIND_NAMES[finding.kind]),
        str(format_roc(day) if line is not None else format_instant(day)),
        str(GATEWAY_NAMES.get(gateway, gateway)),
        *numbers,
        finding.file_twd,
        finding.portal_twd,
        str(format_instant(finding.opened_at)),
        staff.get(finding.owner_id or 0),
        str(ACTION_NAMES[finding.closing_action]) if finding.closing_action else None,
        finding.note,
        str(format_instant(finding.closed_at)) if finding.closed_at else None,
    )


def _cell(sheet: object, value: str | int | None) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell
