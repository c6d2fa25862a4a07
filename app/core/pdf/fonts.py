"""Which font draws which character: a chain of fonts, asked in order, remembered per character.

reportlab has no fallback for TrueType: a character its font lacks becomes a hollow box without a
warning. Here every text is first cut into runs of one font each.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from app.core.pdf import to_unicode
from app.core.pdf.font_files import FontFile, find_font_files

# The printers' mark for a sort that is missing from the case; read as such, unlike a hollow box.
MISSING_MARK = "〓"

_HAKKA_CHARACTERS = Path(__file__).parent / "fonts" / "hakka_characters.txt"
_VARIATION_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one font.

    :ivar rise: how far to lift it, in em, so that its glyphs stand level with those of the body face
    :ivar paler: whether it is a Ming face among sans and wants a little more ink
    """

    font_name: str
    text: str
    rise: float = 0
    paler: bool = False


class FontChain:
    """The fonts in order; a later one is read from disk only when an earlier one lacks a character."""

    def __init__(self, files: Iterable[FontFile]) -> None:
        self.files = tuple(files)
        self._fonts: dict[str, TTFont] = {}
        self._chosen: dict[str, FontFile | None] = {}
        self._advances: dict[str, float] = {}
        self._loading = threading.Lock()

    def runs(self, text: str) -> list[Run]:
        """Return the text in pieces of one font each; what no font has is replaced by 〓."""
        marked = (char if self.file_for(char) else MISSING_MARK for char in printable(text))
        pieces = groupby(((char, self._file_or_body(char)) for char in marked), key=lambda pair: pair[1])
        return [self._run(file, "".join(char for char, _ in pairs)) for file, pairs in pieces]

    def width(self, text: str, size: float) -> float:
        """Return how wide the text is drawn, in points."""
        return sum(self._advance(char) for char in printable(text)) * size

    def missing_characters(self, text: str) -> tuple[str, ...]:
        """Return what cannot be printed, each character once, in the order of the text."""
        return tuple(dict.fromkeys(char for char in printable(text) if self.file_for(char) is None))

    def file_for(self, char: str) -> FontFile | None:
        """Return the first font that has the character, None when none has.

        Private-use characters have no agreed shape, so no font has them even if it says so.
        """
        if char not in self._chosen:
            self._chosen[char] = None if _is_private(char) else self._find(char)
        return self._chosen[char]

    @property
    def body_font_name(self) -> str:
        """The name of the first font, which is loaded if it was not yet."""
        return str(self._font(self.files[0]).fontName)

    def _run(self, file: FontFile, text: str) -> Run:
        body = self.files[0]
        rise = body.glyph_centre - file.glyph_centre
        return Run(file.name, text, rise, paler=body.is_sans and not file.is_sans)

    def _find(self, char: str) -> FontFile | None:
        return next((file for file in self.files if ord(char) in self._font(file).face.charToGlyph), None)

    def _file_or_body(self, char: str) -> FontFile:
        return self.file_for(char) or self.files[0]

    def _advance(self, char: str) -> float:
        if char not in self._advances:
            drawn = char if self.file_for(char) else MISSING_MARK
            face = self._font(self._file_or_body(drawn)).face
            self._advances[char] = face.getCharWidth(ord(drawn)) / 1000
        return self._advances[char]

    def _font(self, file: FontFile) -> TTFont:
        with self._loading:
            if file.name not in self._fonts:
                # Without the ASCII block that reportlab would embed in every file, used or not.
                font = TTFont(file.name, str(file.path), asciiReadable=False)
                pdfmetrics.registerFont(font)
                self._fonts[file.name] = font
            return self._fonts[file.name]


def printable(text: str) -> str:
    """Return the text as it can be drawn: NFC, no variation selectors, no control or format characters.

    NFC and not NFKC, which would also rewrite punctuation. Line breaks and tabs become spaces.
    """
    return "".join(_drawn(char) for char in unicodedata.normalize("NFC", text))


def missing_characters(text: str) -> tuple[str, ...]:
    """Return the characters that no font of the portal can print, each once, in the order of the text.

    Ask at registration, and before a certificate is drawn: on paper they would stand as 〓.
    Private-use characters are always among them.
    """
    return chain().missing_characters(text)


def use_fonts(configured: Iterable[Path] = ()) -> FontChain:
    """Choose the fonts of this process: the configured files, or the default order when there are none.

    :raises FileNotFoundError: if a configured file or Taipei Sans TC is not there
    """
    global _chain
    to_unicode.install()
    _chain = FontChain(find_font_files(configured))
    return _chain


def chain() -> FontChain:
    """Return the fonts of this process."""
    return _chain or use_fonts()


def describe_chain() -> str:
    """Return one line for the start-up log: the fonts in order and the Hakka characters they lack."""
    active = chain()
    hakka = "".join(_HAKKA_CHARACTERS.read_text(encoding="utf-8").split())
    missing = active.missing_characters(hakka)
    names = " > ".join(file.name for file in active.files)
    lacking = f", without {' '.join(missing)}" if missing else ""
    return (
        f"PDF fonts: {names}; {len(hakka) - len(missing)} of {len(hakka)} special Hakka characters{lacking}"
    )


_chain: FontChain | None = None


@cache
def _drawn(char: str) -> str:
    if char in "\n\r\t\v\f\u00a0\u2028\u2029":
        return " "
    if any(ord(char) in selectors for selectors in _VARIATION_SELECTORS):
        return ""
    return "" if unicodedata.category(char) in ("Cc", "Cf") else char


def _is_private(char: str) -> bool:
    return unicodedata.category(char) in ("Co", "Cs")
