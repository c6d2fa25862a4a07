"""Fonts for the PDFs: every character gets a font that has it, or is reported (taiwan.md 5)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.pdf.canvas import draw_text, open_pdf, width
from app.core.pdf.font_files import PROJECT_FONT, SYSTEM_FONTS, FontFile, bundled_fonts, find_font_files
from app.core.pdf.fonts import (
    MISSING_MARK,
    FontChain,
    chain,
    describe_chain,
    missing_characters,
    printable,
    use_fonts,
)
from app.core.pdf.to_unicode import to_unicode_map

RARE = json.loads((Path(__file__).parent.parent / "data" / "rare_chars.json").read_text(encoding="utf-8"))
HAKKA = "".join(entry["char"] for entry in RARE["hakka_special"])


@pytest.fixture(autouse=True)
def _only_what_the_portal_brings_along() -> Iterator[None]:
    use_fonts(bundled_fonts())
    yield
    use_fonts()


def pdf_with(*lines: str) -> bytes:
    with open_pdf(title="字型測試", author="總試務中心") as pdf:
        for number, line in enumerate(lines):
            draw_text(pdf.canvas, 50, 780 - 18 * number, line, 12)
    return pdf.content


def poppler(program: str, content: bytes, tmp_path: Path, *options: str) -> str:
    path = tmp_path / "drawn.pdf"
    path.write_bytes(content)
    output = ["-"] if program == "pdftotext" else []
    return subprocess.run(
        [program, *options, str(path), *output], check=True, capture_output=True, text=True
    ).stdout


def test_a_hakka_name_comes_back_from_the_text_layer(tmp_path: Path) -> None:
    content = pdf_with("黃𠊎堃", "范𫣆㧡")

    assert poppler("pdftotext", content, tmp_path).split() == ["黃𠊎堃", "范𫣆㧡"]


def test_every_font_is_embedded_and_cut_down_and_maps_back_to_unicode(tmp_path: Path) -> None:
    content = pdf_with("黃𠊎堃 Hakka 112")

    rows = poppler("pdffonts", content, tmp_path).splitlines()[2:]
    assert len(rows) >= 2
    for row in rows:
        assert row.split()[-5:-2] == ["yes", "yes", "yes"], row


def test_all_254_special_hakka_characters_are_printed(tmp_path: Path) -> None:
    assert len(HAKKA) == 254

    content = pdf_with(*(HAKKA[start : start + 30] for start in range(0, len(HAKKA), 30)))

    assert "".join(poppler("pdftotext", content, tmp_path).split()) == HAKKA
    assert missing_characters(HAKKA) == ()


@pytest.mark.parametrize("kind", ["naming_extra", "hakka_special"])
def test_name_characters_need_no_font_of_the_machine(kind: str) -> None:
    assert missing_characters("".join(entry["char"] for entry in RARE[kind])) == ()


def test_taiwanese_dictionary_lacks_two_characters_only() -> None:
    characters = "".join(entry["char"] for entry in RARE["taiwanese_extra"])

    assert {f"U+{ord(char):X}" for char in missing_characters(characters)} == {"U+308FB", "U+30E6C"}


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("黃小明", ()),
        ("鍾𡍼𪹚", ("𡍼",)),
        ("𡍼小𡍼", ("𡍼",)),
        ("陳\ue000", ("\ue000",)),
        ("陳\U000f0001", ("\U000f0001",)),
        ("陳\ufffd\udc00", ("\ufffd", "\udc00")),
        ("葛\U000e0100城", ()),
        ("黃\u200b小\u00a0明\n", ()),
        ("", ()),
    ],
)
def test_what_cannot_be_printed_is_reported_once(text: str, missing: tuple[str, ...]) -> None:
    assert missing_characters(text) == missing


def test_private_use_characters_are_reported_even_when_a_font_has_them() -> None:
    chain()._font(chain().files[0]).face.charToGlyph[0xE000] = 1

    assert missing_characters("\ue000") == ("\ue000",)


def test_a_missing_character_is_drawn_as_the_printers_mark_and_not_as_a_box(tmp_path: Path) -> None:
    content = pdf_with("鍾𡍼明")

    assert poppler("pdftotext", content, tmp_path).split() == [f"鍾{MISSING_MARK}明"]


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("\uf90a\ufa0c", "金兀"),
        ("葛\U000e0100\ufe00", "葛"),
        ("甲\t乙\r\n丙", "甲 乙  丙"),
        ("甲\x00\u200d乙", "甲乙"),
        ("ＡＢ，㎏", "ＡＢ，㎏"),
    ],
)
def test_text_is_normalised_without_rewriting_punctuation(text: str, drawn: str) -> None:
    assert printable(text) == drawn


def test_a_text_is_cut_into_runs_where_the_font_changes() -> None:
    runs = chain().runs("黃𠊎堃")

    assert [run.text for run in runs] == ["黃", "𠊎", "堃"]
    assert [run.font_name for run in runs] == [
        "TaipeiSansTCBeta-Regular",
        "RareHan-subset",
        "TaipeiSansTCBeta-Regular",
    ]
    assert [run.paler for run in runs] == [False, True, False]


def test_a_font_whose_glyphs_stand_lower_is_lifted() -> None:
    taipei_sans, _ = bundled_fonts()
    low = FontFile(Path("/anywhere/TW-Sung-98_1.ttf"))

    run = FontChain([FontFile(taipei_sans), low])._run(low, "堃")

    assert run.rise == pytest.approx(0.083)


def test_chinese_characters_are_one_em_wide() -> None:
    assert width("黃𠊎堃", 10) == pytest.approx(30)


def test_fonts_are_asked_in_the_documented_order() -> None:
    names = [file.name for file in find_font_files()]

    assert names[:2] == ["TaipeiSansTCBeta-Regular", "RareHan-subset"]
    assert names[2:] == [name for name in SYSTEM_FONTS if name in names[2:]]


def test_a_configured_font_that_is_not_there_stops_the_start() -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.ttf"):
        use_fonts([Path("/fonts/nowhere.ttf")])


def test_the_start_up_line_names_the_fonts_and_what_they_lack() -> None:
    assert describe_chain() == (
        "PDF fonts: TaipeiSansTCBeta-Regular > RareHan-subset; 254 of 254 special Hakka characters"
    )

    use_fonts([PROJECT_FONT])
    assert describe_chain().startswith(
        "PDF fonts: RareHan-subset; 62 of 254 special Hakka characters, without 㐁"
    )


def test_the_list_behind_the_start_up_line_is_the_documented_one() -> None:
    listed = (PROJECT_FONT.parent / "hakka_characters.txt").read_text(encoding="utf-8")

    assert "".join(listed.split()) == HAKKA


def test_characters_beyond_the_bmp_are_mapped_in_utf16() -> None:
    written = to_unicode_map("RareHan", [0, ord("黃"), ord("𠊎")])

    assert "<01> <9EC3>" in written
    assert "<02> <D840DE8E>" in written


def test_a_mapping_block_has_at_most_100_entries() -> None:
    written = to_unicode_map("Any", list(range(0x4E00, 0x4E00 + 256)))

    blocks = [line for line in written.splitlines() if line.endswith("beginbfchar")]
    assert blocks == ["100 beginbfchar", "100 beginbfchar", "56 beginbfchar"]


def test_the_same_drawing_gives_the_same_bytes() -> None:
    assert pdf_with("黃𠊎堃") == pdf_with("黃𠊎堃")


def test_the_properties_name_title_and_language(tmp_path: Path) -> None:
    content = pdf_with("黃𠊎堃")

    facts = poppler("pdfinfo", content, tmp_path)
    assert "字型測試" in facts
    assert "untitled" not in facts
    assert b"/Lang (zh-TW)" in content


def test_the_strengthened_stroke_of_a_rare_character_ends_with_it() -> None:
    with open_pdf(title="字型測試", author="總試務中心") as pdf:
        draw_text(pdf.canvas, 50, 780, "九湖村𠊎子坑", 12)
        operators = " ".join(pdf.canvas._code).split()

    modes, drawn = [0], []
    for position, operator in enumerate(operators):
        if operator == "q":
            modes.append(modes[-1])
        elif operator == "Q":
            modes.pop()
        elif operator == "Tr":
            modes[-1] = int(operators[position - 1])
        elif operator == "Tj":
            drawn.append(modes[-1])

    assert drawn[0] == drawn[-1] == 0
    assert 2 in drawn
