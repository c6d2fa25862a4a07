"""What the cells of a row say together: cells that are right by themselves, and what one tells of another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, MutableMapping
from dataclasses import replace
from typing import Any

from app.core.addresses import COUNTIES, Address
from app.core.errors import InvalidValue
from app.core.identity import parse_identity
from app.core.messages import Message
from app.core.text import compact
from app.groups.sheets import suggestions
from app.groups.sheets.marks import Mark, MarkKind, Reason

_EMERGENCY = ("emergency_name", "emergency_relation", "emergency_phone")
_MAIL_TARGETS = ("materials_to_leader", "ticket_to_leader", "score_to_leader")
_PHONES = ("phone_home", "phone_mobile", "emergency_phone")
_OWN, _FOREIGN = "本國", "外籍人士"
_ANSWERED_AT_ONCE = (Reason.NEAR_MISS, Reason.ID_LETTER, Reason.AREA_CODE, Reason.FUTURE_DATE)
_RELATIONS = ("父", "母", "祖父", "祖母")


def check_together(
    values: MutableMapping[str, Any],
    texts: MutableMapping[str, str],
    locked: Mapping[str, str],
    absent: Collection[str],
) -> dict[str, Mark]:
    """Return what is to be said about cells that are right by themselves; repairs are made in place.

    :param values: of the cells that could be read, by column key; None for a blank one
    :param locked: what the blue columns must say, by column key (R229)
    :param absent: the columns that the sheet does not have
    """
    marks: dict[str, Mark] = {}
    if values.get("foreign") is not False or (values.get("id_number") or "A1")[1] not in "12":
        marks |= _check_nationality(values, texts, absent)
    if values.get("zip_code"):
        marks |= _check_postcode(values, texts)
    if values.get("emergency_phone") and {"emergency_name", "emergency_relation"} <= set(absent):
        marks |= _move_contact_phone(values, texts)
    if values.get("emergency_phone") and {"phone_home", "phone_mobile"} <= set(absent):
        marks |= _take_contact_phone(values, texts)
    if "emergency_phone" in absent and values.get("emergency_name"):
        marks |= _lend_own_phone(values, texts)
    for key, expected in locked.items():
        written = values.get(key)
        if written is not None and written != expected and compact(written) != compact(expected):
            message = Message("藍色欄位不能更改，請改回「%(expected)s」", {"expected": expected})
            marks[key] = _wrong(message, texts[key], (expected,))
    return _check_blanks(marks, values, texts)


def _check_nationality(
    values: MutableMapping[str, Any], texts: MutableMapping[str, str], absent: Collection[str]
) -> dict[str, Mark]:
    number, foreign = values.get("id_number"), values.get("foreign")
    if number is None or foreign is None or (foreign is False and number[1] in "12"):
        return {}
    if _fits(number, foreign):
        return {}
    meant = _FOREIGN if foreign is False else _OWN
    if "foreign" in absent:
        written, texts["foreign"], values["foreign"] = texts["foreign"], meant, not foreign
        message = Message("依這一列的號碼，國籍改為「%(meant)s」", {"meant": meant})
        return {"foreign": Mark(MarkKind.REPAIRED, Reason.FOR_ALL, message, written)}
    message = (
        Message("號碼是外籍人士的居留證號碼，國籍請選「外籍人士」；或改填身分證統一編號")
        if foreign is False
        else Message("號碼是國民身分證的號碼，國籍請選「本國」；或改填居留證或護照號碼")
    )
    del values["foreign"]
    return {"foreign": Mark(MarkKind.WRONG, Reason.NEAR_MISS, message, texts["foreign"], (meant,))}


def _fits(number: str, foreign: bool) -> bool:
    try:
        parse_identity(number, nationality_foreign=foreign)
    except InvalidValue:
        return False
    return True


def _check_postcode(values: MutableMapping[str, Any], texts: MutableMapping[str, str]) -> dict[str, Mark]:
    """Let the district decide where a postcode beside the address belongs to another one."""
    code, address = values.get("zip_code"), values.get("address")
    if not code or not isinstance(address, Address) or code[:3] == address.zip3:
        return {}
    written, texts["zip_code"] = texts["zip_code"], address.zip
    values["zip_code"] = address.zip
    message = Message("郵遞區號與地址不符，已改為 %(zip3)s", {"zip3": address.zip})
    return {"zip_code": Mark(MarkKind.REPAIRED, Reason.ADDRESS, message, written)}


def _move_contact_phone(values: MutableMapping[str, Any], texts: MutableMapping[str, str]) -> dict[str, Mark]:
    """Let the pupil be called at the number of a parent whose name the list does not give.

    A contact without a name is none; without one the leader is called (Q17).
    """
    free = next((key for key in ("phone_mobile", "phone_home") if _is_empty(values, key)), None)
    if free is None:
        return {}
    values[free], texts[free] = values["emergency_phone"], texts["emergency_phone"]
    values["emergency_phone"], texts["emergency_phone"] = None, ""
    message = Message("檔案沒有緊急聯絡人的姓名：這支電話先當作考生的，緊急聯絡人帶入團報負責人的資料")
    return {free: Mark(MarkKind.REPAIRED, Reason.FOR_ALL, message)}


def _take_contact_phone(values: MutableMapping[str, Any], texts: MutableMapping[str, str]) -> dict[str, Mark]:
    """Let a pupil be called at the parents' number where the list has no other."""
    values["phone_mobile"], texts["phone_mobile"] = values["emergency_phone"], texts["emergency_phone"]
    message = Message("檔案沒有考生的電話，先用緊急聯絡人的電話")
    return {"phone_mobile": Mark(MarkKind.REPAIRED, Reason.FOR_ALL, message)}


def _lend_own_phone(values: MutableMapping[str, Any], texts: MutableMapping[str, str]) -> dict[str, Mark]:
    """Let the contact be called at the pupil's number: in a list of pupils it is the parents' anyway."""
    known = next((key for key in ("phone_mobile", "phone_home") if values.get(key)), None)
    if known is None:
        return {}
    values["emergency_phone"], texts["emergency_phone"] = values[known], texts[known]
    message = Message("檔案沒有緊急聯絡人的電話，先用考生的電話")
    return {"emergency_phone": Mark(MarkKind.REPAIRED, Reason.FOR_ALL, message)}


def _check_blanks(
    marks: dict[str, Mark], values: Mapping[str, Any], texts: Mapping[str, str]
) -> dict[str, Mark]:
    """Add what is missing; a wrong cell counts as filled."""
    if _is_empty(values, "phone_home") and _is_empty(values, "phone_mobile"):
        known = texts["emergency_phone"] if values.get("emergency_phone") else ""
        marks["phone_mobile"] = _wrong(Message("市話與手機請至少填一個"), "", (known,) if known else ())
    empty = [key for key in _EMERGENCY if _is_empty(values, key)]
    if empty and len(empty) < len(_EMERGENCY):
        message = Message("請一併填寫；或三欄都留白，帶入團報負責人的資料")
        for key in empty:
            marks[key] = _wrong(message, "", _RELATIONS if key == "emergency_relation" else ())
    if _is_empty(values, "address"):
        if not _is_empty(values, "zip_code"):
            message = Message("請填寫地址；或郵遞區號也留白，帶入團報負責人的地址")
            marks["address"] = _wrong(message, "")
        for key in _MAIL_TARGETS:
            if values.get(key) is False:
                message = Message("要寄到個人通訊地址，請先填寫地址")
                marks[key] = _wrong(message, texts[key], ("團報負責人地址",))
    return marks


def _is_empty(values: Mapping[str, Any], key: str) -> bool:
    return key in values and values[key] is None


def add_suggestions(
    marks: MutableMapping[str, Mark],
    values: Mapping[str, Any],
    texts: Mapping[str, str],
    locked: Mapping[str, str],
) -> None:
    """Add to the wrong cells of a row what its other cells suggest."""
    for key in _PHONES:
        mark = marks.get(key)
        if mark and mark.kind is MarkKind.WRONG and not mark.suggestions and texts[key]:
            near = suggestions.suggest_phones(texts[key], _counties(values, locked))
            if near:
                marks[key] = replace(mark, suggestions=near, reason=_reason(mark, Reason.AREA_CODE))
    mark, number = marks.get("foreign"), values.get("id_number")
    if mark and mark.kind is MarkKind.WRONG and not mark.suggestions and number:
        own, foreign = _fits(number, False), _fits(number, True)
        if own != foreign:
            marks["foreign"] = replace(
                mark, suggestions=(_OWN if own else _FOREIGN,), reason=_reason(mark, Reason.NEAR_MISS)
            )


def set_apart_ambiguous(marks: MutableMapping[str, Mark]) -> None:
    """Give cells that may mean several things a reason of their own: taking the first of all at once would
    put down 四縣 where 四縣或海陸 was written. The two readings of a year are asked about by themselves.
    """
    for key, mark in marks.items():
        asked = mark.kind is not MarkKind.REPAIRED and mark.reason in _ANSWERED_AT_ONCE
        if asked and len(mark.suggestions) > 1:
            marks[key] = replace(mark, reason=Reason.SEVERAL)


def _reason(mark: Mark, better: Reason) -> Reason:
    return better if mark.reason in (Reason.UNREADABLE, Reason.MISSING) else mark.reason


def _counties(values: Mapping[str, Any], locked: Mapping[str, str]) -> list[str]:
    """Return where the person may live: the county of the address, else those named like the exam area."""
    address = values.get("address")
    if isinstance(address, Address):
        return [address.county]
    area = locked.get("area", "").replace("台", "臺")
    return [county for county in COUNTIES if area and county.startswith(area)]


def _wrong(message: Message, written: str, likely: tuple[str, ...] = ()) -> Mark:
    return Mark(MarkKind.WRONG, Reason.UNREADABLE, message, written, likely)
