"""Reading spreadsheets that strangers send: bytes in, typed rows out, or one sentence."""

from app.core.spreadsheets.reader import read_workbook
from app.core.spreadsheets.workbook import Cell, Limits, Merged, MinguoDate, Row, Sheet, Unknown, Workbook

__all__ = ["Cell", "Limits", "Merged", "MinguoDate", "Row", "Sheet", "Unknown", "Workbook", "read_workbook"]
