"""Where the fonts for the PDFs lie on this machine, in the order in which they are asked."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PROJECT_FONT = Path(__file__).parent / "fonts" / "RareHan-subset.ttf"

# Asked after the two fonts that come with the portal, when the machine has them (taiwan.md 5.4).
SYSTEM_FONTS = ("TW-Sung-98_1", "TW-Sung-Ext-B-98_1", "HanaMinB", "HanaMinA", "BabelStoneHan")
SYSTEM_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))

# How far the middle of a Chinese glyph lies above the baseline, in em: measured, taiwan.md 5.5.
_GLYPH_CENTRE = {"TW-Sung-98_1": 0.300, "TW-Sung-Ext-B-98_1": 0.300}
_USUAL_GLYPH_CENTRE = 0.383

# Every other font of the chain is a Ming face, whose thin strokes pale beside these.
_SANS = ("TaipeiSansTCBeta-Regular",)


@dataclass(frozen=True, slots=True)
class FontFile:
    """One TrueType file with glyf outlines; reportlab reads no others."""

    path: Path

    @property
    def name(self) -> str:
        """The name under which reportlab knows the font."""
        return self.path.stem

    @property
    def glyph_centre(self) -> float:
        """The height of the middle of a Chinese glyph above the baseline, in em."""
        return _GLYPH_CENTRE.get(self.path.stem, _USUAL_GLYPH_CENTRE)

    @property
    def is_sans(self) -> bool:
        """Whether its strokes are all of one weight."""
        return self.path.stem in _SANS


def find_font_files(configured: Iterable[Path] = ()) -> tuple[FontFile, ...]:
    """Return the fonts to draw with, the first one being the body face.

    :param configured: files to use instead of the default order: Taipei Sans TC from the installed
        ``mpltw``, the portal's own rare characters, then what the machine has
    :raises FileNotFoundError: if a configured file is not there
    """
    paths = tuple(configured)
    for path in paths:
        if not path.is_file():
            raise FileNotFoundError(f"configured PDF font not found: {path}")
    return tuple(FontFile(path) for path in paths or (*bundled_fonts(), *_system_fonts()))


def bundled_fonts() -> tuple[Path, ...]:
    """Return the two fonts that pip and this repository bring along."""
    return (_taipei_sans(), PROJECT_FONT)


def _taipei_sans() -> Path:
    # Located without importing it: the wheel's own module pulls in matplotlib.
    spec = importlib.util.find_spec("mpltw")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("Taipei Sans TC is missing: pip install -r requirements-fonts.txt --no-deps")
    return Path(spec.origin).with_name("TaipeiSansTCBeta-Regular.ttf")


def _system_fonts() -> tuple[Path, ...]:
    found = {path.stem: path for folder in SYSTEM_FOLDERS for path in sorted(folder.rglob("*.ttf"))}
    return tuple(found[name] for name in SYSTEM_FONTS if name in found)
