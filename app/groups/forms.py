"""A leader's forms: the group itself, one member, and the sheet to import."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from app.accounts.emails import parse_email
from app.core.errors import DomainError
from app.core.fields import DISTRICT_GROUPS, DISTRICTS, PickField, PickGroupedField, ReadField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.names import clean_name
from app.exams.models import Round
from app.exams.places import OfferingFull
from app.groups import readers
from app.groups.leader import Leader
from app.groups.models import Group
from app.groups.states import GroupKind
from app.registration.candidate import CandidateData
from app.registration.choices import MailTo
from app.registration.fields import offer_rounds
from app.registration.forms import CandidateForm
from app.registration.models import Registration
from app.registration.readers import read_phone, read_street

KIND_LABELS = {
    GroupKind.FAMILY: _l("家庭"),
    GroupKind.SCHOOL: _l("學校"),
    GroupKind.COMMUNITY: _l("社區"),
    GroupKind.OTHER: _l("其他"),
}


class GroupForm(RefusableForm):
    """A group and its leader (R215, R216, R218); `leader` is to be called after a validation that passed."""

    exam_round = PickField(_l("報名梯次"), missing=Message("請選擇報名梯次"))
    area = PickField(_l("應考考區"), missing=Message("請選擇應考考區"))
    kind = PickField(
        _l("團體類型"),
        choices=choices_of((kind.value, label) for kind, label in KIND_LABELS.items()),
        missing=Message("請選擇團體類型"),
    )
    name = ReadField(_l("團體名稱"), readers.read_group_name, missing=Message("請填寫團體名稱"))
    places = ReadField(_l("預定人數"), readers.read_places, missing=Message("請填寫預定人數"))

    leader_name = ReadField(_l("負責人姓名"), clean_name, missing=Message("請填寫團報負責人姓名"))
    leader_phone = ReadField(_l("電話"), read_phone, missing=Message("請填寫團報負責人電話"))
    leader_email = ReadField(
        _l("電子信箱"), lambda text: parse_email(text).address, missing=Message("請填寫團報負責人電子信箱")
    )
    district = PickGroupedField(
        _l("縣市與鄉鎮市區"), groups=DISTRICT_GROUPS, missing=Message("請選擇縣市與鄉鎮市區")
    )
    street = ReadField(_l("路名與門牌"), str, missing=Message("請填寫路名和門牌號碼"))

    def __init__(
        self,
        *,
        rounds: Sequence[Round],
        full_areas: Collection[str] = (),
        group: Group | None = None,
        account_id: int | None = None,
        **typed: Any,
    ) -> None:
        """:param rounds: from which to choose
        :param account_id: whose additional sessions can be chosen as well
        :param full_areas: those that cannot be chosen, because none of the rounds has a place left there
        :param group: the open group that is changed; its round and area stand
        """
        super().__init__(data={**_written(group), **typed})
        self.street.read = lambda text: read_street(text, district=self.district.data or "")
        offer_rounds(rounds, self.exam_round, self.area, full_areas=full_areas, account_id=account_id)
        if group is not None:
            del self.exam_round, self.area
        if not any(each.same_day_submission for each in rounds):
            del self.places

    def refuse(self, error: DomainError) -> None:
        """Put an error beside its field; too few places left, beside the number that is too large (R218)."""
        if isinstance(error, OfferingFull) and self.places:
            error.field = "places"
        super().refuse(error)

    @property
    def places_note(self) -> Message | None:
        """What was made of 預定人數 when it was not typed in half-width digits; None: it was (R218)."""
        typed = (self.places.data or "").strip() if self.places else ""
        if not typed or typed.isascii():
            return None
        return Message("預定人數已改用半形數字：%(places)s 人。", {"places": self.places.value})

    def leader(self) -> Leader:
        """Return the leader as typed; the postcode follows from the district."""
        place = DISTRICTS[self.district.data]
        return Leader(
            name=self.leader_name.value,
            phone=self.leader_phone.value,
            email=self.leader_email.value,
            zip_code=place.zip3,
            county=place.county,
            district=place.name,
            street=self.street.value,
        )

    def group_kind(self) -> GroupKind:
        return GroupKind(self.kind.data)

    def places_wanted(self) -> int | None:
        """Return 預定人數, which only multi rounds ask for."""
        return self.places.value if self.places else None


class MemberForm(CandidateForm):
    """One member: a candidate who may take over the leader's data (R241-R244, Q18)."""

    emergency_from_leader = BooleanField(_l("帶入團報負責人資料"), default=True)
    email_from_leader = BooleanField(_l("帶入團報負責人的電子信箱"), default=True)
    address_from_leader = BooleanField(_l("帶入團報負責人的地址"), default=True)

    _targets: ClassVar = choices_of(
        [(MailTo.LEADER.value, _l("團報負責人地址")), (MailTo.SELF.value, _l("個人通訊地址"))]
    )
    _missing: ClassVar = Message("請選擇寄送地址")
    materials_to = PickField(_l("教材寄至"), choices=_targets, default=MailTo.LEADER.value, missing=_missing)
    ticket_to = PickField(_l("准考證寄至"), choices=_targets, default=MailTo.LEADER.value, missing=_missing)
    score_to = PickField(
        _l("成績單及證書寄至"), choices=_targets, default=MailTo.LEADER.value, missing=_missing
    )

    def __init__(self, group: Group, *, today: date, member: Registration | None = None) -> None:
        """:param member: the draft that is changed"""
        self.group_leader = group.leader
        taken = _taken_over(member, self.group_leader) if member else {}
        super().__init__(rounds=[group.exam_round], today=today, registration=member, **taken)
        # The group has one round and one area (R071, R234).
        del self.exam_round, self.area

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was typed; what is taken over stands in its fields from here on."""
        leader = self.group_leader
        if self.emergency_from_leader.data:
            for name, value in leader.emergency.items():
                self[name].data = value
        if self.email_from_leader.data:
            self.email.data = leader.email
        if self.address_from_leader.data:
            self.district.data, self.street.data = leader.county + leader.district, leader.street
        return bool(super().validate(extra_validators))

    def candidate(self) -> CandidateData:
        """Return what was typed and taken over as values."""
        address = self.group_leader.address if self.address_from_leader.data else {}
        return replace(
            super().candidate(),
            materials_to=MailTo(self.materials_to.data),
            ticket_to=MailTo(self.ticket_to.data),
            score_to=MailTo(self.score_to.data),
            **address,
        )


class SheetForm(RefusableForm):
    """The sheet to import."""

    sheet = FileField(_l("填好的檔案"), [FileRequired(Message("請先選擇填好的檔案"))])

    def refuse_sheet(self, error: DomainError) -> None:
        """Put what is wrong with the file as a whole beside the file."""
        self.sheet.errors = [error.message]


def _written(group: Group | None) -> dict[str, Any]:
    """Return an open group's values as the leader would type them."""
    if group is None:
        return {}
    return {
        "kind": group.kind.value,
        "name": group.name,
        "places": str(group.hold.places) if group.hold else "",
        "leader_name": group.leader_name,
        "leader_phone": group.leader_phone,
        "leader_email": group.leader_email,
        "district": group.leader_county + group.leader_district,
        "street": group.leader_street,
    }


def _taken_over(member: Registration, leader: Leader) -> dict[str, Any]:
    def same(values: dict[str, str]) -> bool:
        return all(getattr(member, name) == value for name, value in values.items())

    return {
        "emergency_from_leader": same(leader.emergency),
        "email_from_leader": same({"email": leader.email}),
        "address_from_leader": same(leader.address),
        "materials_to": member.materials_to.value,
        "ticket_to": member.ticket_to.value,
        "score_to": member.score_to.value,
    }
