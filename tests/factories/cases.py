"""Cases, as far along as a test needs them."""

from __future__ import annotations

from typing import Any

from app.cases import services
from app.cases.kinds import KINDS
from app.cases.models import Case
from app.cases.services import Application
from app.core.actors import SYSTEM, Actor, ActorKind
from app.core.ids import new_public_id
from tests.factories.accounts import make_staff
from tests.factories.ids import make_national_id

REPORT = {
    "agency": "行政院人事行政總處",
    "post": "專員",
    "name": "洪美玲",
    "standing": "civil_servant",
    "phone": "0223979298",
    "email": "meiling@example.tw",
    "statement": "主管在會議上多次辱罵，時間、地點與在場的人如附。",
}


def make_application(kind_key: str = "workplace_bullying", **changes: Any) -> Application:
    """Return an application of a kind, complete; `content` is merged into what is written."""
    content = {**REPORT}
    if kind_key in ("recheck", "question_dispute", "appeal"):
        content = {
            "name": "徐玉蘭",
            "phone": "0912345678",
            "email": "yulan@example.tw",
            "address": "366 苗栗縣銅鑼鄉中正路12號",
            "identity": make_national_id(),
            "ticket": "11205020001",
            "dialect": "四縣",
            "statement": "聽力測驗的分數與預期差距很大。",
        }
        extra = {
            "recheck": {"round": "nat-112-01", "part": "listening"},
            "question_dispute": {"round": "nat-112-01", "question": "聽力測驗第 12 題"},
            "appeal": {"event_on": "2023-04-28"},
        }
        content |= extra[kind_key]
    elif kind_key == "complaint":
        content = {name: REPORT[name] for name in ("name", "phone", "email", "statement")} | {
            "topic": "staff"
        }
    content |= changes.pop("content", {})
    return Application(
        kind=KINDS[kind_key],
        content=content,
        form_token=changes.pop("form_token", new_public_id()),
        **changes,
    )


def make_case(kind_key: str = "workplace_bullying", **changes: Any) -> Case:
    """Return a case as it was received."""
    return services.file_case(make_application(kind_key, **changes), actor=SYSTEM)


def make_officer() -> Actor:
    return Actor(ActorKind.STAFF, make_staff().id, "192.0.2.7", "test")


def make_underway(kind_key: str = "workplace_bullying", officer: Actor | None = None, **changes: Any) -> Case:
    """Return a case whose preliminary report is made: the result is due."""
    officer = officer or make_officer()
    case = make_case(kind_key, **changes)
    if case.unit is None:
        services.assign_case(case.public_id, case.kind.unit, actor=officer)
    services.accept_case(case.public_id, actor=officer)
    return services.report_preliminary(case.public_id, "told", actor=officer)
