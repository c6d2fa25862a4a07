"""The members table of a group's page: searched, filtered and in portions, all by its address (R223)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.identity import mask_id, normalise_id
from app.exams.choices import Dialect
from app.groups.models import Group
from app.groups.pages import MemberRow, member_rows
from app.groups.school_age import has_outgrown
from app.payments.fees import Fee
from app.registration.choices import MailTo
from app.registration.fees import fees_of
from app.registration.models import Registration
from app.registration.states import ReviewState

PORTION: Final = 100
# A shorter list is seen at a glance; as many as the search of other tables asks for.
_WORTH_SEARCHING: Final = 8
_LONGEST_QUERY: Final = 60
_WHOLE_NUMBER: Final = re.compile(r"[A-Z][A-D0-9][0-9]{8}")
_LEFT_OUT: Final = {"‧", "·", "•", "・", "･", ".", ",", "-", "'", "’"}

Chip = tuple[Any, str, int, bool]


class Show(StrEnum):
    """What members can be picked out by."""

    PAYING = "paying"
    FREE = "free"
    ARRANGEMENT = "arrangement"
    POSTED = "posted"
    OWN_ADDRESS = "own_address"
    RETURNED = "returned"
    OUTGROWN = "outgrown"


_SHOW_LABELS = {
    Show.PAYING: _l("需繳費"),
    Show.FREE: _l("免繳費"),
    Show.ARRANGEMENT: _l("申請特殊需求"),
    Show.POSTED: _l("寄發准考證"),
    Show.OWN_ADDRESS: _l("寄到個人地址"),
    Show.RETURNED: _l("待補正"),
    Show.OUTGROWN: _l("可能已升學，請核對教育程度"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for.

    :ivar page: from 1; nearest one is shown when there is none of this number
    :ivar whole: all at once, whatever it takes
    """

    query: str = ""
    show: Show | None = None
    dialect: Dialect | None = None
    page: int = 1
    whole: bool = False

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Wanted:
        """Return what an address asks for; what is no filter is passed over, a whole number is masked."""
        page = arguments.get("page", "")
        return cls(
            query=_masked(arguments.get("q", "").strip()[:_LONGEST_QUERY]),
            show=_one_of(Show, arguments.get("show")),
            dialect=_one_of(Dialect, arguments.get("dialect")),
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1,
            whole="all" in arguments,
        )

    @property
    def filters(self) -> bool:
        return bool(self.query or self.show or self.dialect)


@dataclass(frozen=True, slots=True)
class MemberList:
    """:ivar rows: the members shown
    :ivar found: how many match, on whatever page
    :ivar total: how many there are
    :ivar chip_rows: (title, its chips) of each row of filters
    """

    wanted: Wanted
    rows: Sequence[MemberRow]
    found: int
    total: int
    page: int
    last_page: int
    chip_rows: Sequence[tuple[Any, Sequence[Chip]]]
    url_of: Callable[..., str]

    @property
    def worth_searching(self) -> bool:
        return self.total >= _WORTH_SEARCHING or self.wanted.filters

    @property
    def complete(self) -> bool:
        """Whether everybody who matches stands on this page."""
        return len(self.rows) == self.found

    def page_url(self, page: int) -> str:
        return self.url_of(page=page)


def list_shown(
    group: Group, members: Sequence[Registration], wanted: Wanted, *, today: date, is_open: bool
) -> MemberList:
    """Return the table as the address asks for it.

    :param members: all of the group
    """
    people = [_Person.of(*pair, today, is_open) for pair in zip(members, fees_of(members), strict=True)]
    found = [each for each in people if each.matches(wanted)]
    last = max(1, -(-len(found) // PORTION))
    page = min(max(1, wanted.page), last)
    portion = found if wanted.whole else found[(page - 1) * PORTION : page * PORTION]

    def url_of(**changes: Any) -> str:
        return list_url(group, replace(wanted, **({"page": 1} | changes)))

    return MemberList(
        wanted=wanted,
        rows=member_rows([each.member for each in portion], [each.fee for each in portion]),
        found=len(found),
        total=len(people),
        page=1 if wanted.whole else page,
        last_page=1 if wanted.whole else last,
        chip_rows=_chip_rows(people, wanted, url_of),
        url_of=url_of,
    )


def list_url(group: Group, wanted: Wanted) -> str:
    """Return the address of the group's page that asks for this."""
    return url_for(
        "groups.show",
        public_id=group.public_id,
        q=wanted.query or None,
        show=wanted.show.value if wanted.show else None,
        dialect=wanted.dialect.value if wanted.dialect else None,
        page=wanted.page if wanted.page > 1 else None,
        all=1 if wanted.whole else None,
        _anchor="members",
    )


def search_key(text: str) -> str:
    """Return a text as it is compared in searching: width, case, spaces and separators make no difference.

    Neither do variation selectors and compatibility characters, so that a name is found however it was
    typed; 台 and 臺 are alike.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("台", "臺")
    return "".join(
        character
        for character in folded
        if not character.isspace()
        and character not in _LEFT_OUT
        and unicodedata.category(character) not in ("Cf", "Cc", "Mn")
    )


@dataclass(frozen=True, slots=True)
class _Person:
    member: Registration
    fee: Fee
    words: tuple[str, ...]
    traits: frozenset[Show]

    @classmethod
    def of(cls, member: Registration, fee: Fee, today: date, is_open: bool) -> _Person:
        # Only what the page shows of a number is searched: a search must not tell the rest of it.
        words = (member.chinese_name, member.english_name or "", mask_id(member.id_number))
        return cls(member, fee, tuple(map(search_key, words)), _traits(member, fee, today, is_open))

    def matches(self, wanted: Wanted) -> bool:
        sought = search_key(wanted.query)
        return (
            (not sought or any(sought in word for word in self.words))
            and (wanted.show is None or wanted.show in self.traits)
            and (wanted.dialect is None or self.member.dialect == wanted.dialect)
        )


def _traits(member: Registration, fee: Fee, today: date, is_open: bool) -> frozenset[Show]:
    amount = fee.amount_twd if member.fee_twd is None else member.fee_twd
    targets = (member.materials_to, member.ticket_to, member.score_to)
    outgrown = has_outgrown(member.education, member.occupation, member.birth_on, today)
    holds = {
        Show.PAYING: amount > 0,
        Show.FREE: amount == 0,
        Show.ARRANGEMENT: member.accommodation_sealed is not None,
        Show.POSTED: member.ticket_by_post,
        Show.OWN_ADDRESS: MailTo.SELF in targets,
        Show.RETURNED: member.review_state == ReviewState.RETURNED,
        # Statistics that can still be mended; afterwards the question would only worry.
        Show.OUTGROWN: is_open and outgrown,
    }
    return frozenset(show for show, held in holds.items() if held)


def _chip_rows(
    people: Sequence[_Person], wanted: Wanted, url_of: Callable[..., str]
) -> list[tuple[Any, list[Chip]]]:
    """Return the filters, each with how many it leaves while the others stand as they are."""
    by_trait = [each for each in people if each.matches(replace(wanted, show=None))]
    by_dialect = [each for each in people if each.matches(replace(wanted, dialect=None))]
    traits = [
        (show, label, sum(show in each.traits for each in by_trait)) for show, label in _SHOW_LABELS.items()
    ]
    dialects = [
        (dialect, _(dialect.value), sum(each.member.dialect == dialect for each in by_dialect))
        for dialect in Dialect
    ]
    rows = [(_l("篩選"), _chips(traits, wanted.show, len(by_trait), lambda value: url_of(show=value)))]
    if len({each.member.dialect for each in people}) > 1 or wanted.dialect:
        chips = _chips(dialects, wanted.dialect, len(by_dialect), lambda value: url_of(dialect=value))
        rows.append((_l("腔調"), chips))
    return rows


def _chips(
    options: Iterable[tuple[Any, Any, int]], chosen: Any, everybody: int, url_of: Callable[[Any], str]
) -> list[Chip]:
    chips: list[Chip] = [(_l("全部"), url_of(None), everybody, chosen is None)]
    chips += [
        (label, url_of(value), count, value == chosen)
        for value, label, count in options
        if count or value == chosen
    ]
    return chips


def _masked(query: str) -> str:
    """Return a query in which no whole identity number is left: addresses are kept in histories."""
    number = normalise_id(query)
    return mask_id(number) if _WHOLE_NUMBER.fullmatch(number) else query


def _one_of(kind: Any, text: str | None) -> Any:
    return kind(text) if text in {each.value for each in kind} else None
