"""Cut the small font of rare Hakka and Taiwanese characters out of HanaMinB.

It fills the gaps of Taipei Sans TC (taiwan.md 5.4): 𠊎 and 180 others. The two results are committed,
so nobody needs to run this unless the list of characters changes:

    apt-get install fonts-hanazono
    python3 -m venv /tmp/fonts && /tmp/fonts/bin/pip install fonttools brotli
    /tmp/fonts/bin/python scripts/build_rare_font.py

fontTools is needed for this script only and is no dependency of the portal. The Hanazono Font Licence
permits modification and redistribution; its text lies beside each of the two files.
"""

from __future__ import annotations

import json
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path("/usr/share/fonts/truetype/hanazono/HanaMinB.ttf")
CHARACTERS = ROOT / "tests/data/rare_chars.json"
FOR_PDF = ROOT / "app/core/pdf/fonts/RareHan-subset.ttf"
FOR_WEB = ROOT / "app/static/fonts/rare-han.woff2"
FAMILY = "Rare Han"
# Asked for by name in taiwan.md 5.2; kept even if the list should lose it.
ALWAYS = "𠊎𫣆"

_NAMES = {1: FAMILY, 2: "Regular", 3: f"{FAMILY} 1.0", 4: FAMILY, 5: "Version 1.0", 6: "RareHan-Regular"}


def main() -> None:
    """Write both files and say what they hold and what the source could not give."""
    wanted = wanted_code_points()
    font = TTFont(SOURCE)
    available = wanted & font.getBestCmap().keys()
    cut(font, available)
    rename(font)
    font.save(FOR_PDF)
    font.flavor = "woff2"
    font.save(FOR_WEB)
    print(f"{len(available)} of {len(wanted)} characters")
    print("not in the source:", " ".join(f"U+{code:04X}" for code in sorted(wanted - available)) or "none")
    for path in (FOR_PDF, FOR_WEB):
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


def wanted_code_points() -> set[int]:
    """Return the code points that Taipei Sans lacks."""
    listed = json.loads(CHARACTERS.read_text())["subset_for_taipei_sans"]
    return {int(code.removeprefix("U+"), 16) for code in listed} | {ord(char) for char in ALWAYS}


def cut(font: TTFont, code_points: set[int]) -> None:
    """Keep only the glyphs of these code points and of an empty box."""
    options = Options()
    options.hinting = False
    options.notdef_outline = True
    options.layout_features = []
    options.name_IDs = [0, 13, 14]
    options.recalc_timestamp = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=code_points)
    subsetter.subset(font)


def rename(font: TTFont) -> None:
    """Give the subset a name of its own: the licence reserves the original's for the original."""
    names = font["name"]
    for name_id, text in _NAMES.items():
        names.setName(text, name_id, 3, 1, 0x409)
        names.setName(text, name_id, 1, 0, 0)
    font.recalcTimestamp = False


if __name__ == "__main__":
    main()
