"""A leader's own sheet: which column is which, and the rows of people in it (R228, R229)."""

from __future__ import annotations

from app.groups.sheets.proposals import (
    SHEET_STRIDE,
    Matching,
    check_mark_of,
    is_own_sheet,
    propose_matching,
)
from app.groups.sheets.reshaping import plain_lists
from app.groups.sheets.synonyms import heading_key
from app.groups.sheets.table import column_letters, heading_samples, table_notes, table_rows

__all__ = [
    "SHEET_STRIDE",
    "Matching",
    "check_mark_of",
    "column_letters",
    "heading_key",
    "heading_samples",
    "is_own_sheet",
    "plain_lists",
    "propose_matching",
    "table_notes",
    "table_rows",
]
