"""Files are taken, read to the end, and what they show is closed."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import SYSTEM, Actor, ActorKind
from app.core.db import after_commit, transaction
from app.core.errors import GatewayError, InvalidValue, Refused
from app.core.messages import Message
from app.core.roc_dates import format_roc
from app.payments.gateways import gateway_named
from app.payments.gateways.base import GatewayBusy
from app.payments.gateways.ecpay import EcpayGateway
from app.payments.gateways.ecpay_files import DateType
from app.payments.models import Finding, ReconciliationFile
from app.payments.reconciliation import matching, queries
from app.payments.reconciliation.lines import Line, UnreadableFile
from app.payments.reconciliation.sources import SOURCES, FileSource
from app.payments.reconciliation.states import CHOSEN_ACTIONS, ClosingAction, FileState, FindingKind

log = logging.getLogger(__name__)

LARGEST_BYTES = 20 << 20
#: A file with more lines than this is read by a job.
AT_ONCE = 500
_STRETCH = 500
_LOCK = 0x7265636F  # any number that nothing else locks on
_PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Period:
    """The Taipei days that a file covers, inclusive."""

    begins_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class _Summary:
    lines: int
    period: Period


def take_file(
    source: FileSource,
    file_name: str,
    content: bytes,
    *,
    period: Period | None,
    account_id: int | None,
    actor: Actor,
) -> ReconciliationFile:
    """Take a file and return it: read to the end when it is small, being read by a job when it is large.

    The whole file is looked through first: nothing of a file that cannot be used goes in. The same file
    once more is the one that there is (case 30).

    :param period: what was asked for; None: from its first line to its last
    :param account_id: of the member of staff; None: by a command
    :raises InvalidValue: when the file as a whole cannot be used
    """
    summary = _look_through(source, content, period)
    digest = hashlib.sha256(source.value.encode() + content).digest()
    with transaction() as session:
        same = queries.find_same_file(digest)
        if same is not None:
            return same
        file = ReconciliationFile(
            source=source,
            file_name=file_name[-120:],
            digest=digest,
            begins_on=summary.period.begins_on,
            ends_on=summary.period.ends_on,
            imported_at=clock.now(),
            imported_by_id=account_id,
            lines_total=summary.lines,
            counts={},
        )
        file.content = content
        session.add(file)
        session.flush()
        audit.record("reconciliation.take_file", file, actor, source=source.value, lines=summary.lines)
        if summary.lines > AT_ONCE:
            _leave_to_job(file)
    if summary.lines <= AT_ONCE:
        read_file(file.public_id)
    return queries.get_file(file.public_id)


def fetch_trades(period: Period, *, account_id: int | None, actor: Actor) -> ReconciliationFile:
    """Fetch ECPay's file of what was paid in a period, and take it as `take_file` does.

    :raises Refused: when ECPay asks to wait, or gives no file
    :raises InvalidValue: when the file that it gives cannot be used
    """
    _check_period(period, [])
    gateway = cast(EcpayGateway, gateway_named(EcpayGateway.name))
    try:
        content = gateway.download_trades(
            period.begins_on, period.ends_on, date_type=DateType.PAID, now=clock.now()
        )
    except GatewayBusy:
        raise Refused(Message("綠界一分鐘只給一個檔，請等一分鐘後再下載。")) from None
    except GatewayError as error:
        log.warning("no reconciliation file", extra={"reason": str(error)})
        raise Refused(Message("綠界沒有給對帳檔，請稍後再試，或從綠界後台下載後上傳。")) from error
    name = f"TradeNoAio-{period.begins_on:%Y%m%d}-{period.ends_on:%Y%m%d}.csv"
    return take_file(
        FileSource.ECPAY_TRADES, name, content, period=period, account_id=account_id, actor=actor
    )


def read_file(public_id: str) -> None:
    """Read a file from where it was left to its end; may be run twice, also at once.

    Each stretch is a transaction, so that payers do not wait for it and a killed worker goes on where it was.
    """
    file = queries.get_file(public_id)
    if file.state is FileState.DONE or file.content_sealed is None:
        return
    actor = Actor(ActorKind.STAFF, file.imported_by_id) if file.imported_by_id else SYSTEM
    content, done = file.content, file.lines_done
    lines = islice(SOURCES[file.source].parse(content), done, None)
    while stretch := list(islice(lines, _STRETCH)):
        healed = matching.heal(file.source, stretch, actor=actor)
        with transaction() as session:
            file = _get_for_update(session, public_id)
            if file.lines_done == done:  # else another worker was faster
                counts = matching.take_lines(session, file, stretch, healed, actor=actor)
                file.counts = Counter(file.counts) + counts
                file.lines_done = done + len(stretch)
        done += len(stretch)
    _finish(public_id, actor)


def read_abandoned_files() -> None:
    """Go on with files whose worker was killed."""
    for public_id in queries.list_unread_files(before=clock.now() - _PATIENCE):
        read_file(public_id)


def own_finding(public_id: str, *, account_id: int, actor: Actor) -> Finding:
    """Make a member of staff the one who looks after a finding; raises Refused when it is closed."""
    with transaction() as session:
        finding = _get_open(session, public_id)
        finding.owner_id = account_id
        audit.record("reconciliation.own", finding, actor)
    return finding


def close_finding(
    public_id: str, *, action: ClosingAction, note: str, account_id: int, actor: Actor
) -> Finding:
    """Close a finding with what was done about it and why; who closes what is nobody's has it as well.

    :raises Refused: when it is closed already
    :raises InvalidValue: without a note, or with an action that only happens by itself
    """
    if not note.strip():
        raise InvalidValue(Message("請寫明查到了什麼、怎麼處理"), field="note")
    if action not in CHOSEN_ACTIONS:
        raise InvalidValue(Message("請選擇怎麼結案"), field="action")
    with transaction() as session:
        finding = _get_open(session, public_id)
        finding.owner_id = finding.owner_id or account_id
        finding.closed_at, finding.closed_by_id = clock.now(), account_id
        finding.closing_action, finding.note = action, note.strip()
        audit.record("reconciliation.close", finding, actor, kind=finding.kind.value, closing=action.value)
    return finding


def _look_through(source: FileSource, content: bytes, period: Period | None) -> _Summary:
    if len(content) > LARGEST_BYTES:
        raise UnreadableFile(Message("檔案超過 20 MB，請分成較短的期間下載。"))
    seen: dict[str, int] = {}
    days: list[date] = []
    count = 0
    for line in SOURCES[source].parse(content):
        count += 1
        _check_once(seen, line)
        if line.is_exact or period is None:
            day = line.day
            days = [min([*days[:1], day]), max([*days[-1:], day])]
    if not count and period is None:
        raise UnreadableFile(Message("檔案裡沒有任何一筆交易。如果這段期間真的沒有交易，請填寫期間再上傳。"))
    covered = period or Period(days[0], days[-1])
    _check_period(covered, days)
    return _Summary(count, covered)


def _check_once(seen: dict[str, int], line: Line) -> None:
    """Refuse a file that contradicts itself; the same line twice is only twice the same."""
    if seen.setdefault(line.key, line.amount_twd) != line.amount_twd:
        raise UnreadableFile(
            Message(
                "第 %(number)s 列的編號前面出現過，金額卻不同。檔案沒有讀入任何一筆，請向金流或銀行查詢。",
                {"number": line.number},
            )
        )


def _check_period(period: Period, days: Sequence[date]) -> None:
    if period.begins_on > period.ends_on:
        raise InvalidValue(Message("開始日期不能晚於結束日期"), field="ends_on")
    if period.ends_on > clock.today():
        raise InvalidValue(Message("結束日期不能晚於今天"), field="ends_on")
    if days and (days[0] < period.begins_on or days[-1] > period.ends_on):
        outside = days[0] if days[0] < period.begins_on else days[-1]
        raise InvalidValue(
            Message("檔案裡有 %(day)s 的交易，不在您填的期間裡", {"day": format_roc(outside)}),
            field="ends_on",
        )


def _leave_to_job(file: ReconciliationFile) -> None:
    public_id = file.public_id

    def ask() -> None:
        from app.payments.reconciliation.tasks import read_reconciliation_file

        read_reconciliation_file.later(public_id)

    after_commit(f"read-{public_id}", ask)


def _finish(public_id: str, actor: Actor) -> None:
    with transaction() as session:
        file = _get_for_update(session, public_id)
        if file.state is FileState.DONE:
            return
        for finding, receipt in queries.list_found_in_portal(session, file.source):
            if finding.closed_at is None:
                matching.note_agreement(session, finding, receipt)
        session.flush()
        for finding in queries.list_found_in_file(session):
            matching.close_by_itself(finding)
        counts = Counter(file.counts)
        counts["not_in_file"] = _list_unfiled(session, file)
        file.counts = +counts
        file.state, file.content = FileState.DONE, None
        audit.record("reconciliation.finish_file", file, actor, **file.counts)


def _list_unfiled(session: Session, file: ReconciliationFile) -> int:
    """List what the portal has received in the file's whole days and no file tells of; return how many."""
    facts = SOURCES[file.source]
    if not facts.brings_money:
        return 0
    # A day that is not over, or was not when the file was made, may still bring its lines.
    ends_at = min(clock.end_of_day(file.ends_on), clock.start_of_day(clock.taipei_day(file.imported_at)))
    begins_at = clock.start_of_day(file.begins_on)
    receipts = queries.list_unfiled_receipts(session, facts.gateway, begins_at, ends_at)
    for receipt in receipts:
        session.add(
            Finding(
                kind=FindingKind.NOT_IN_FILE,
                receipt=receipt,
                portal_twd=receipt.amount_twd,
                opened_at=clock.now(),
            )
        )
    return len(receipts)


def _get_for_update(session: Session, public_id: str) -> ReconciliationFile:
    # One stretch of any file after the other: two files may tell of the same payment.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    return queries.get_file(public_id)


def _get_open(session: Session, public_id: str) -> Finding:
    query = sa.select(Finding).where(Finding.id == queries.get_finding(public_id).id).with_for_update()
    finding = session.scalars(query.execution_options(populate_existing=True)).one()
    if finding.closed_at is not None:
        raise Refused(Message("這一筆已經結案了，請重新整理頁面"))
    return finding
