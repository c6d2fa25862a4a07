"""成績複查申請表, the form on the back of the score report (拾壹、二; R156-R158)."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.pdfgen.canvas import Canvas

from app.core.pdf.canvas import INDIGO, INK_SOFT, draw_line, draw_text
from app.core.pdf.flow import Block, draw_stack
from app.core.pdf.frame import CONTENT_TOP, CONTENT_WIDTH, LEFT, RIGHT

_ROW = 32
_LABEL_WIDTH = 110
# By hand: what we cannot know.
_TO_FILL_IN = (
    ("複查項目", 1.0, "□ 聽力　□ 口語　□ 閱讀"),
    ("複查理由", 3.2, ""),
    ("通訊地址", 1.2, ""),
    ("聯絡電話", 1.0, ""),
    ("申請人簽章", 1.4, ""),
    ("申請日期", 1.0, "民國　　　年　　　月　　　日"),
)


def draw_recheck_form(canvas: Canvas, facts: Sequence[tuple[str, str]], *, until: str, mailbox: str) -> None:
    """Draw the form below the frame's head.

    :param facts: label and value of what is printed already
    :param until: the last day to post it, as text
    :param mailbox: where it is sent
    """
    top = CONTENT_TOP
    for label, value in facts:
        top = _draw_row(canvas, top, label, 0.9, value)
    for label, rows, value in _TO_FILL_IN:
        top = _draw_row(canvas, top, label, rows, value)
    notes = (
        f"請於 {until}以前（郵戳為憑）以掛號寄至：{mailbox}。",
        "不得要求重新評閱、提供閱覽答案卷或錄音檔，也不得要求告知閱卷委員之姓名或其他相關資料。",
        "如不服成績複查結果，請依訴願法第七條規定，於文到後三十日內向客家委員會或行政院提起訴願。",
    )
    blocks = [Block("注意事項", 10, bold=True, colour=INDIGO)]
    blocks += [Block(text, 9, mark=f"{n}.", mark_width=14) for n, text in enumerate(notes, start=1)]
    draw_stack(canvas, blocks, LEFT, top - 18, CONTENT_WIDTH, gap=3)


def _draw_row(canvas: Canvas, top: float, label: str, rows: float, value: str) -> float:
    bottom = top - rows * _ROW
    draw_text(canvas, LEFT + 2, top - 20, label, 10, colour=INK_SOFT)
    draw_text(canvas, LEFT + _LABEL_WIDTH, top - 20, value, 11)
    draw_line(canvas, LEFT, bottom, RIGHT, bottom)
    return bottom
