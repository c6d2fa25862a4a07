"""The admission ticket: one page that says everything R136 and R181 ask for."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
import segno

from app.core.pdf.canvas import PAGE_HEIGHT
from app.core.pdf.font_files import bundled_fonts
from app.core.pdf.fonts import use_fonts
from app.core.pdf.frame import CONTENT_BOTTOM, RIGHT
from app.tickets.ticket_pdf import TicketContent, build_ticket, build_tickets
from app.tickets.ticket_rules_panel import QR_CAPTION_HEIGHT, QR_SIDE
from app.tickets.ticket_texts import EXAM_ROOM_RULES, RoomRule

TICKET = TicketContent(
    organiser="客家委員會",
    implementer="國立臺灣師範大學（進修推廣學院）",
    office_name="客語能力認證總試務中心",
    office_address="106 臺北市和平東路一段 162 號",
    office_phones=("(02) 7749-8207", "0809-090-040"),
    exam_title="112 年度客語能力基礎級暨初級認證",
    round_name="全國認證第一梯次",
    levels="基礎級暨初級",
    dialect="四縣腔",
    area="臺北考區",
    ticket_number="1120100123",
    name="黃𠊎堃",
    masked_id_number="A******789",
    birth_date="民國 93 年 9 月 2 日",
    test_date="112 年 9 月 2 日（六）",
    venue_name="國立臺灣師範大學和平校區",
    venue_address="臺北市大安區和平東路一段 162 號",
    exam_room="第 03 試場",
    slot="第 2 場",
    seat_number="17",
    entry_time="09:40",
    test_time="10:00–10:40",
    version=1,
    issued_at=datetime(2023, 8, 11, 1, 0, tzinfo=UTC),
    verification_url="https://hakka.example.tw/verify-document?t=8Zt3xQ0vJbM1&s=Vd81kq0aTn",
)

SIXTY = "范姜𫣆黃𠊎堃" * 10


@pytest.fixture(autouse=True)
def _only_what_the_portal_brings_along() -> Iterator[None]:
    use_fonts(bundled_fonts())
    yield
    use_fonts()


def read(content: bytes, tmp_path: Path, *options: str) -> str:
    path = tmp_path / "ticket.pdf"
    path.write_bytes(content)
    return subprocess.run(
        ["pdftotext", *options, str(path), "-"], check=True, capture_output=True, text=True
    ).stdout


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def facts(content: bytes, tmp_path: Path) -> str:
    path = tmp_path / "ticket.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout


def rendered(path: Path) -> Callable[[float, float], int]:
    """Return the grey (0 black, 255 white) of the first page at a place in points from its top left."""
    dots_per_inch = 288
    image = subprocess.run(
        ["pdftoppm", "-gray", "-r", str(dots_per_inch), "-singlefile", str(path)],
        check=True,
        capture_output=True,
    ).stdout
    _, size, _, pixels = image.split(b"\n", 3)
    row_length = int(size.split()[0])

    def grey(x: float, y: float) -> int:
        return pixels[int(y * dots_per_inch / 72) * row_length + int(x * dots_per_inch / 72)]

    return grey


@pytest.mark.requirement("R001", "R136")
@pytest.mark.parametrize(
    ("item", "label"),
    [
        ("name", "姓名"),
        ("masked_id_number", "身分證統一編號"),
        ("birth_date", "出生日期"),
        ("ticket_number", "准考證號碼"),
        ("area", "報考考區"),
        ("dialect", "報考腔調"),
        ("levels", "認證級別"),
        ("round_name", "報考梯次"),
        ("venue_name", "應試試區"),
        ("venue_address", "試區地址"),
        ("exam_room", "應試試場"),
        ("slot", "應試場次"),
        ("seat_number", "座號"),
        ("test_date", "認證日期"),
        ("entry_time", "進場時間"),
        ("test_time", "認證時間"),
        ("office_name", "電話"),
        ("office_address", "電話"),
        ("exam_title", "准考證"),
        ("organiser", "客家委員會"),
        ("implementer", "進修推廣學院"),
    ],
)
def test_the_ticket_says_each_item_with_its_label(item: str, label: str, tmp_path: Path) -> None:
    text = squeezed(read(build_ticket(TICKET), tmp_path))

    assert squeezed(getattr(TICKET, item)) in text
    assert label in text


@pytest.mark.requirement("R136")
def test_the_ticket_carries_the_notes_and_all_exam_room_rules(tmp_path: Path) -> None:
    # Column by column, as the page is read.
    text = squeezed(read(build_ticket(TICKET), tmp_path))

    for note in TICKET.notes:
        assert squeezed(note) in text
    for rule in TICKET.room_rules:
        assert squeezed(f"{rule.number}、{rule.text}") in text


@pytest.mark.requirement("R183")
def test_the_rules_of_r179_to_r189_are_all_there() -> None:
    printed = {rule.requirement for rule in EXAM_ROOM_RULES}

    assert {f"R{number}" for number in range(179, 190)} <= printed


@pytest.mark.parametrize(
    ("requirement", "consequence"),
    [
        ("R180", "10 分鐘"),
        ("R181", "零分"),
        ("R182", "切結書"),
        ("R182", "零分"),
        ("R185", "扣認證成績 3 分"),
        ("R186", "扣該科成績 5 分"),
        ("R186", "該科不予計分"),
        ("R187", "零分"),
        ("R188", "零分"),
        ("R175", "保留應試資格至下一年度"),
    ],
)
def test_no_consequence_was_shortened_away(requirement: str, consequence: str) -> None:
    texts = [rule.text for rule in EXAM_ROOM_RULES if rule.requirement == requirement]

    assert any(consequence in text for text in texts)


def test_the_device_table_shows_points_by_state_and_place(tmp_path: Path) -> None:
    lines = [squeezed(line) for line in read(build_ticket(TICKET), tmp_path, "-layout").splitlines()]

    for row in (
        "已關機扣認證成績1分無違反試場規則",
        "未關機未發出聲響扣認證成績3分扣認證成績1分",
        "發出響鈴／振動／鬧鈴聲扣認證成績5分扣認證成績3分",
    ):
        assert any(row in line for line in lines), row


@pytest.mark.requirement("R003")
def test_the_foot_gives_page_version_time_and_both_phones(tmp_path: Path) -> None:
    text = squeezed(read(build_ticket(replace(TICKET, version=2)), tmp_path))

    assert "(02)7749-8207、0809-090-040" in text
    assert "第1／1頁第2版112年8月11日（五）09:00製發" in text


@pytest.mark.requirement("R144")
def test_nothing_may_be_written_on_the_ticket_and_it_says_so(tmp_path: Path) -> None:
    assert "本准考證不得書寫" in read(build_ticket(TICKET), tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "黃小明",
        SIXTY,
        "Wilhelmina Alexandra Konstantinopoulos-Featherstonehaugh III"[:60],
        "伊斯坦大‧貝雅夫",
        "W" * 60,
        "<b>黃</b> & <img src='x'>",
    ],
)
def test_a_name_of_any_length_up_to_60_is_printed_whole_on_one_page(name: str, tmp_path: Path) -> None:
    content = build_ticket(replace(TICKET, name=name))

    assert squeezed(name) in squeezed(read(content, tmp_path))
    assert re.search(r"^Pages:\s+1$", facts(content, tmp_path), re.MULTILINE)


def test_long_venues_and_rounds_shrink_instead_of_running_over(tmp_path: Path) -> None:
    long = replace(
        TICKET,
        venue_name="國立臺灣師範大學附屬高級中學暨國民中學部綜合大樓地下一樓第二電腦教室",
        venue_address="臺北市大安區信義路三段 143 號綜合大樓地下一樓（由建國南路側門進入，請勿停車）",
        round_name="多梯次認證（十一）花蓮考區加開場次",
        exam_room="第 103 試場（電腦教室 B）",
        seat_number="103-17",
    )

    text = squeezed(read(build_ticket(long), tmp_path))

    for value in (long.venue_name, long.venue_address, long.round_name, long.exam_room, long.seat_number):
        assert squeezed(value) in text


def test_values_as_long_as_the_database_holds_are_printed(tmp_path: Path) -> None:
    longest = replace(TICKET, venue_name="校" * 60, venue_address="路" * 120, exam_room="教" * 40)

    text = squeezed(read(build_ticket(longest), tmp_path))

    for value in (longest.venue_name, longest.venue_address, longest.exam_room):
        assert value in text


def test_the_content_stays_inside_the_margins(tmp_path: Path) -> None:
    boxes = read(build_ticket(replace(TICKET, name=SIXTY)), tmp_path, "-bbox")

    edges = [
        tuple(map(float, match))
        for match in re.findall(
            r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', boxes
        )
    ]
    assert edges
    # 18 mm are 51 points; the page has 595 by 842. A poppler box includes the side bearing of its glyphs.
    assert min(left for left, *_ in edges) >= 50.5
    assert max(right for _, _, right, _ in edges) <= 595.3 - 50.5
    assert min(top for _, top, *_ in edges) >= 46
    assert max(bottom for *_, bottom in edges) <= 842 - 46


def test_every_font_of_the_ticket_is_embedded(tmp_path: Path) -> None:
    path = tmp_path / "ticket.pdf"
    path.write_bytes(build_ticket(TICKET))

    listed = subprocess.run(["pdffonts", str(path)], check=True, capture_output=True, text=True).stdout
    rows = listed.splitlines()[2:]
    assert rows
    for row in rows:
        assert row.split()[-5:-2] == ["yes", "yes", "yes"], row


def test_the_properties_carry_no_personal_data(tmp_path: Path) -> None:
    properties = facts(build_ticket(TICKET), tmp_path)

    assert "112 年度客語能力基礎級暨初級認證 准考證" in properties
    for private in (TICKET.name, TICKET.ticket_number, TICKET.masked_id_number, TICKET.birth_date):
        assert private not in properties


def test_an_identity_number_without_its_mask_is_refused() -> None:
    with pytest.raises(ValueError, match="masked"):
        replace(TICKET, masked_id_number="A123456789")


def test_many_tickets_come_in_one_file_with_a_page_each(tmp_path: Path) -> None:
    names = ["黃小明", "范𫣆㧡", "鍾美玉"]

    content = build_tickets(replace(TICKET, name=name) for name in names)

    pages = read(content, tmp_path).split("\f")[:-1]
    assert len(pages) == 3
    for name, page in zip(names, pages, strict=True):
        assert name in page
        assert "試場規則" in page


def test_tickets_with_other_rules_keep_their_own(tmp_path: Path) -> None:
    other = replace(TICKET, room_rules=(RoomRule("一", "另訂之規則。", "R179"),))

    first, second = read(build_tickets([TICKET, other]), tmp_path).split("\f")[:2]

    assert "另訂之規則" not in first
    assert "另訂之規則" in second
    assert "保留應試資格" not in second


def test_rules_too_long_for_one_page_are_refused() -> None:
    endless = (RoomRule("一", "不得書寫。" * 1000, "R186"),)

    with pytest.raises(ValueError, match="too long for one page"):
        build_ticket(replace(TICKET, room_rules=endless))


def test_no_ticket_makes_no_file() -> None:
    with pytest.raises(ValueError, match="no ticket"):
        build_tickets([])


def test_the_same_ticket_gives_the_same_bytes() -> None:
    assert build_ticket(TICKET) == build_ticket(TICKET)


@pytest.fixture
def _threads_take_turns_often() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("_threads_take_turns_often")
def test_tickets_drawn_at_the_same_time_do_not_disturb_each_other() -> None:
    names = ["黃小明", "范𫣆㧡", "鍾美玉", "徐𠖄萱", "古𤊶安", "陳堃喆"]
    tickets = [replace(TICKET, name=name) for name in names]
    one_by_one = [build_ticket(ticket) for ticket in tickets]

    with ThreadPoolExecutor(max_workers=len(tickets)) as pool:
        at_once = list(pool.map(build_ticket, tickets))

    assert at_once == one_by_one


def test_a_hundred_tickets_share_their_rules() -> None:
    content = build_tickets(replace(TICKET, ticket_number=f"11201{number:05}") for number in range(100))

    # How long it takes is the benchmark's to say (bench/tickets.py).
    assert len(content) < 100 * len(build_ticket(TICKET)) / 10


def test_the_code_in_the_corner_says_the_verification_address(tmp_path: Path) -> None:
    path = tmp_path / "ticket.pdf"
    path.write_bytes(build_ticket(TICKET))

    pixels = rendered(path)

    expected = [list(map(bool, row)) for row in segno.make_qr(TICKET.verification_url, error="m").matrix]
    module = QR_SIDE / len(expected)
    top = PAGE_HEIGHT - CONTENT_BOTTOM - QR_CAPTION_HEIGHT - QR_SIDE
    drawn = [
        [
            pixels(RIGHT - QR_SIDE + (column + 0.5) * module, top + (row + 0.5) * module) < 128
            for column in range(len(expected))
        ]
        for row in range(len(expected))
    ]
    assert drawn == expected


@pytest.mark.requirement("R185", "R253")
@pytest.mark.parametrize("arrangement", ["可使用助聽器、安排靠走道的座位", SIXTY])
def test_a_ticket_says_what_is_provided_on_the_day(tmp_path: Path, arrangement: str) -> None:
    text = squeezed(read(build_ticket(replace(TICKET, arrangement=arrangement)), tmp_path, "-layout"))

    assert "特殊需求服務" in text
    assert set(arrangement) <= set(text)
    assert "臺北考區" in text
    assert "特殊需求服務" not in squeezed(read(build_ticket(TICKET), tmp_path))


@pytest.mark.requirement("R131")
def test_the_ticket_is_as_legible_in_black_and_white(tmp_path: Path) -> None:
    """Every ink of the page stands out from the paper as grey, and the boxes stay light behind it."""
    path = tmp_path / "ticket.pdf"
    path.write_bytes(build_ticket(TICKET))
    drawn = pypdf.PdfReader(path).pages[0].get_contents()
    assert drawn is not None
    colours = {
        tuple(map(float, match)) for match in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) rg", drawn.get_data())
    }

    def light(colour: tuple[float, ...]) -> float:
        """Return the relative luminance of WCAG."""
        channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]

    papers = [colour for colour in colours if light(colour) > 0.8]
    inks = [colour for colour in colours if light(colour) <= 0.8]
    assert (len(papers), len(inks)) >= (1, 2)
    for ink in inks:
        for paper in papers:
            assert (light(paper) + 0.05) / (light(ink) + 0.05) >= 4.5, (ink, paper)
