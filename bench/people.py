"""Leaders with groups, and sheets full of invented pupils."""

from __future__ import annotations

from app.accounts.models import AccountKind, Realm
from app.accounts.services import create_verified_account
from app.core.actors import SYSTEM
from app.groups.leader import Leader
from app.groups.models import Group
from app.groups.services import create_group
from app.groups.states import GroupKind
from bench.portal import AREA, ROUND
from scripts.make_samples import FACTS, filled_template, national_id, pupil

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


def _pupil(serial: int) -> dict[str, str]:
    name = SURNAMES[serial % len(SURNAMES)] + GIVEN_NAMES[serial // 10 % len(GIVEN_NAMES)]
    own = {
        "id_number": national_id("ABFHJ"[serial % 5], 1 + serial % 2, 1_000_000 + serial),
        "phone_mobile": f"09{12_000_000 + serial}",
    }
    return pupil(serial % 200, name) | own
