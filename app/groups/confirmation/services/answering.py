"""What a member or parent does, with the link as the only proof of who they are."""

from __future__ import annotations

import hmac

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.messages import Message
from app.groups.confirmation import queries, rules
from app.groups.confirmation.models import ConfirmationReport
from app.groups.confirmation.queries import Opened
from app.groups.confirmation.rules import Access, ReportedField
from app.groups.confirmation.services.upkeep import tell_if_time
from app.groups.confirmation.shown import seal_of, shown_of


class LinkClosed(DomainError):
    """The link opens nothing now, or only shows; its own page says why."""

    status_code = 410

    def __init__(self) -> None:
        super().__init__(Message("這個連結現在不能用來確認或回報"))


class SeenOld(DomainError):
    """The data were changed while they were being looked at."""

    def __init__(self) -> None:
        super().__init__(Message("您在看的時候，負責人改了資料。下面是新的內容，請再核對一次"))


def confirm(token: str, seen: str, *, actor: Actor) -> Opened:
    """Confirm what was seen; doing it twice keeps the first time.

    :param seen: the seal of what the page showed, in hexadecimal
    :raises LinkClosed: when the link opens nothing, or only shows
    :raises SeenOld: when the data are not those that were seen
    """
    with transaction():
        opened = _get_open(token)
        link, seal = opened.link, seal_of(shown_of(opened.member))
        if not hmac.compare_digest(seal.hex().encode(), seen.encode()):
            raise SeenOld
        if link.confirmed_at is None:
            link.confirmed_at, link.confirmed_seal, link.on_paper = clock.now(), seal, False
            audit.record("confirmation.confirm", opened.member, actor)
    return opened


def report_mistake(token: str, field: ReportedField, text: str, *, actor: Actor) -> Opened:
    """Take in what is wrong; what was confirmed before no longer is.

    The leader is told by mail, at most once in an hour.

    :raises LinkClosed: when the link opens nothing, or only shows
    :raises Refused: when many reports wait already
    """
    with transaction() as session:
        opened = _get_open(token)
        rules.check_can_report(open_reports=len(opened.open_reports)).raise_if_refused()
        link, group = opened.link, opened.group
        link.confirmed_at = link.confirmed_seal = None
        link.on_paper = False
        report = ConfirmationReport(registration=opened.member, field=field, reported_at=clock.now())
        report.text = text
        session.add(report)
        session.flush()
        audit.record("confirmation.report", opened.member, actor, field=field.value)
        if group is not None:
            tell_if_time(session, group, now=clock.now())
    return opened


def _get_open(token: str) -> Opened:
    opened = queries.find_opened(token, clock.now(), lock=True)
    if opened is None or opened.access is not Access.OPEN:
        raise LinkClosed
    return opened
