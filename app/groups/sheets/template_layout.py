"""Where things stand in the template: what its builders and its reader agree on."""

from __future__ import annotations

from typing import Final

MEMBERS_SHEET: Final = "團員名單"
INSTRUCTIONS_SHEET: Final = "填寫說明"
EXAMPLE_SHEET: Final = "填寫範例"
LISTS_SHEET: Final = "選項"
MARK_SHEET: Final = "版本"

# Rows that are drawn and in which the blue columns are filled in (design.md: 5 to 500 pupils).
PREPARED_ROWS: Final = 500
# The last row with drop-downs and text formats: the largest group (rules.LARGEST_GROUP) under its headings.
LAST_ROW: Final = 1001
# Where on the mark's sheet the right values of the blue columns stand; the mark itself is in A1.
LOCKED_CELLS: Final = {"round_name": "A2", "area": "A3"}
