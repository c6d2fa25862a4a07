"""A text that was typed, as paragraphs with links."""

from __future__ import annotations

import pytest

from app.site.paragraphs import paragraphs


def test_an_empty_line_ends_a_paragraph_and_a_line_stays_a_line() -> None:
    assert paragraphs("一\n二\n\n \n三\n") == [[[("一", None)], [("二", None)]], [[("三", None)]]]


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("請看 https://www.hakka.gov.tw/a?b=1。謝謝", ["https://www.hakka.gov.tw/a?b=1"]),
        ("（http://www.hakka.gov.tw）", ["http://www.hakka.gov.tw"]),
        ("See https://www.hakka.gov.tw.", ["https://www.hakka.gov.tw"]),
        ("javascript:alert(1) data:text/html,x //evil.example", []),
        ('https://a.example/"onmouseover=alert(1)', ["https://a.example/"]),
        ("沒有網址", []),
    ],
)
def test_only_web_addresses_become_links_and_nothing_is_lost(line: str, pieces: list[str]) -> None:
    [[found]] = paragraphs(line)

    assert "".join(words for words, _url in found) == line
    assert [url for _words, url in found if url] == pieces
