"""Where things stand in the template: what its builder and its reader agree on."""

from __future__ import annotations

MEMBERS_SHEET = "團員名單"
INSTRUCTIONS_SHEET = "填寫說明"
LISTS_SHEET = "選項"
MARK_SHEET = "版本"

# Room for the largest group (design.md: 5 to 500 pupils).
PREPARED_ROWS = 500
