"""Who may see, confirm or report what, and who is asked by mail; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from app.core.clock import taipei_day
from app.core.decisions import Decision, allowed, refused
from app.core.messages import Message
from app.groups.states import GroupState

if TYPE_CHECKING:
    # A type only: the enum lives beside its tables, which a pure module must not load.
    from app.exams.choices import Dialect

# Brothers and sisters share a mailbox; one that more members have is the school's.
MOST_SHARING_AN_ADDRESS: Final = 3
MOST_MAILS: Final = 5
MOST_OPEN_REPORTS: Final = 5
# A leader is told of the first report at once and of those that follow together.
BETWEEN_MAILS_TO_LEADER: Final = timedelta(hours=1)
DAYS_KEPT: Final = 30


class ReportedField(StrEnum):
    """What a member or parent says is wrong."""

    NAME = "name"
    BIRTH = "birth"
    DIALECT = "dialect"
    PLACE = "place"
    OTHER = "other"


class Access(StrEnum):
    """What a link opens: everything, the data without buttons, or one of three closed doors."""

    OPEN = "open"
    READ_ONLY = "read_only"
    CHANGED = "changed"
    ENDED = "ended"
    GONE = "gone"


class MemberState(StrEnum):
    """How far one member's confirmation is, for the leader."""

    NOT_ASKED = "not_asked"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REPORTED = "reported"
    CHANGED = "changed"


# Whoever has not answered, and can be asked (again).
UNANSWERED: Final = frozenset({MemberState.NOT_ASKED, MemberState.WAITING, MemberState.CHANGED})


@dataclass(frozen=True, slots=True)
class Shown:
    """All that a link shows of a member; whoever confirms confirms exactly this.

    :ivar test_on: Taipei day of the test
    """

    name: str
    birth_on: date
    dialect: Dialect
    area: str
    test_on: date

    @property
    def words(self) -> str:
        """The data as one text: equal exactly when everything shown is equal."""
        parts = (self.name, self.birth_on.isoformat(), self.dialect, self.area, self.test_on.isoformat())
        return "\0".join(map(str, parts))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many members stand in each state."""

    members: int
    counts: Mapping[MemberState, int]

    @property
    def confirmed(self) -> int:
        return self.counts.get(MemberState.CONFIRMED, 0)

    @property
    def reported(self) -> int:
        return self.counts.get(MemberState.REPORTED, 0)

    @property
    def changed(self) -> int:
        return self.counts.get(MemberState.CHANGED, 0)

    @property
    def waiting(self) -> int:
        return self.counts.get(MemberState.WAITING, 0)

    @property
    def not_asked(self) -> int:
        return self.counts.get(MemberState.NOT_ASKED, 0)

    @property
    def is_complete(self) -> bool:
        return self.members > 0 and self.confirmed == self.members


def tally(states: Iterable[MemberState]) -> Tally:
    """Return the states counted."""
    counts = Counter(states)
    return Tally(sum(counts.values()), counts)


def find_access(
    *,
    is_on: bool,
    is_member: bool,
    group_state: GroupState,
    is_lapsed: bool,
    is_valid: bool,
    closes_on: date,
    today: date,
) -> Access:
    """Return what a member's link opens now.

    Links end with the registration period, its last day included; in a submitted group they only show,
    because nothing can be changed any more (R225).

    :param is_member: False: the member was removed
    :param is_lapsed: the clock has ended the group, although nobody has cancelled it yet
    :param is_valid: False: the data are not those that were confirmed, or are another person's
    """
    if not is_on or not is_member or group_state == GroupState.CANCELLED:
        return Access.GONE
    if today > closes_on:
        return Access.ENDED
    if is_lapsed:
        return Access.GONE
    if not is_valid:
        return Access.CHANGED
    return Access.OPEN if group_state == GroupState.OPEN else Access.READ_ONLY


def member_state(*, has_link: bool, is_valid: bool, is_confirmed: bool, open_reports: int) -> MemberState:
    """Return where one member stands; a mistake that is not dealt with comes before everything else."""
    if open_reports:
        return MemberState.REPORTED
    if not has_link:
        return MemberState.NOT_ASKED
    if not is_valid:
        return MemberState.CHANGED
    return MemberState.CONFIRMED if is_confirmed else MemberState.WAITING


def members_with_own_mail(addresses: Mapping[str, str], leader_addresses: Collection[str]) -> set[str]:
    """Return the members who have a mailbox of their own, by the key of `addresses`.

    Not theirs is the leader's, taken over (R241), and one that many in the group share.

    :param addresses: each member's address in the form in which addresses are compared
    :param leader_addresses: in that form too
    """
    sharing = Counter(addresses.values())
    return {
        member
        for member, address in addresses.items()
        if address not in leader_addresses and sharing[address] <= MOST_SHARING_AN_ADDRESS
    }


def can_be_mailed(state: MemberState, *, mails: int, mailed_at: datetime | None, now: datetime) -> bool:
    """Return whether a member with a mailbox is asked by mail now.

    Whoever has not answered, once in a Taipei day and five times altogether; when the data have changed since
    the confirmation, at once, because the old link opens nothing any more.
    """
    if state not in UNANSWERED or mails >= MOST_MAILS:
        return False
    if state == MemberState.CHANGED or mailed_at is None:
        return True
    return taipei_day(mailed_at) < taipei_day(now)


def check_can_report(*, open_reports: int) -> Decision:
    """Decide whether one more mistake is taken in for a member."""
    if open_reports >= MOST_OPEN_REPORTS:
        return refused(Message("您回報的問題負責人還沒處理完，請稍候；還有別的問題，請直接告訴負責人"))
    return allowed(Message("可以回報"))


def is_leader_to_be_told(told_at: datetime | None, now: datetime) -> bool:
    """Return whether a mail about new reports may go to the leader now; None: none has gone yet."""
    return told_at is None or now - told_at >= BETWEEN_MAILS_TO_LEADER


def kept_before(today: date) -> date:
    """Return the day: what belongs to a round whose registration closed before it is deleted."""
    return today - timedelta(days=DAYS_KEPT)
