"""Leaders with groups, and sheets full of invented pupils."""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

from openpyxl import Workbook

from app.accounts.models import AccountKind, Realm
from app.accounts.services import create_verified_account
from app.core.actors import SYSTEM
from app.groups.leader import Leader
from app.groups.models import Group
from app.groups.services import create_group
from app.groups.sheets.columns import COLUMNS
from app.groups.sheets.template_layout import MARK_SHEET, MEMBERS_SHEET
from app.groups.staging.services import commit, stage_sheet
from app.groups.states import GroupKind
from bench.portal import AREA, ROUND
from scripts.make_samples import FACTS, filled_template, national_id, pupil

_OWN = {
    "english_name": "Huang, Ngai-Kun",
    "phone_home": "02-2503-1234",
    "emergency_name": "黃大宏",
    "emergency_relation": "父",
    "emergency_phone": "0922-333-444",
    "email": "family@example.com",
    "zip_code": "104",
    "address": "臺北市中山區長安東路二段15號",
    "ticket_by_post": "否，自行下載列印",
    "materials_to_leader": "個人通訊地址",
    "ticket_to_leader": "團報負責人地址",
    "score_to_leader": "團報負責人地址",
}
GIVEN_NAMES = ("家豪", "子涵", "品妤", "宥辰", "采潔", "恩綺", "㛢妹", "玉蘭")
SURNAMES = ("黃", "𫣆", "徐", "鍾", "彭", "羅", "范姜", "邱", "古", "曾")
LEADER = Leader(
    name="彭秀英",
    phone="0225031234",
    email="hsiuying@example.tw",
    zip_code="104",
    county="臺北市",
    district="中山區",
    street="長安東路二段15號",
)


def make_group(number: int) -> Group:
    """Return an open group of a leader of its own."""
    account = create_verified_account(
        Realm.NATIONAL, f"leader{number}@example.tw", "thirty-eight-pupils", kind=AccountKind.GROUP
    )
    return create_group(account.id, ROUND, AREA, FACTS.group_name, GroupKind.SCHOOL, LEADER, actor=SYSTEM)


def pupils_sheet(number: int, rows: int) -> bytes:
    """Return a filled template with so many pupils; two sheets of different numbers share nobody."""
    return filled_template(FACTS, [_pupil(number * 10_000 + row) for row in range(rows)])


def import_pupils(group: Group, content: bytes) -> None:
    """Stage a sheet and take all its good rows in."""
    sheet = stage_sheet(group.public_id, "pupils.xlsx", content, account_id=group.account_id, actor=SYSTEM)
    commit(group.public_id, sheet.public_id, account_id=group.account_id, actor=SYSTEM)


def full_sheet(number: int, rows: int) -> bytes:
    """Return the template with so many pupils and every column filled in; two numbers share nobody."""
    workbook = Workbook(write_only=True)
    members, mark = workbook.create_sheet(MEMBERS_SHEET), workbook.create_sheet(MARK_SHEET)
    mark.append([FACTS.mark])
    members.append([column.label for column in COLUMNS])
    for row in range(rows):
        pupil_cells = _pupil(number * 100_000 + row) | _OWN
        locked = {"round_name": FACTS.round_name, "area": FACTS.area}
        members.append([(pupil_cells | locked).get(column.key, "") for column in COLUMNS])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def in_format(workbook: bytes, suffix: str) -> bytes:
    """Return an .xlsx file in another format, as LibreOffice saves it."""
    if suffix == "xlsx":
        return workbook
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "pupils.xlsx")
        source.write_bytes(workbook)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        command += ["--convert-to", suffix, "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        return source.with_suffix(f".{suffix}").read_bytes()


def _pupil(serial: int) -> dict[str, str]:
    name = SURNAMES[serial % len(SURNAMES)] + GIVEN_NAMES[serial // 10 % len(GIVEN_NAMES)]
    own = {
        "id_number": national_id("ABFHJ"[serial % 5], 1 + serial % 2, 1_000_000 + serial),
        "phone_mobile": f"09{12_000_000 + serial}",
    }
    return pupil(serial % 200, name) | own
